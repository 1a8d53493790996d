"""Rater codes of two words, which are read, typed and told apart easily in every language of the library."""

from __future__ import annotations

import hashlib
from itertools import product

from dvrisk.errors import DataError

FIRST = ("atlas", "balkon", "delta", "gitara", "limon", "mango", "opera", "pilot", "radio", "sport", "kaktus", "vagon")
SECOND = (
    "banana",
    "dekor",
    "festival",
    "hotel",
    "kamion",
    "metro",
    "neon",
    "piano",
    "robot",
    "salon",
    "turist",
    "zebra",
)
"""Plain letters; no two words of a list differ in fewer than three letters, so that a slip is found out."""
MOST_CODES = len(FIRST) * len(SECOND)


def make_codes(n: int, seed: int) -> tuple[str, ...]:
    """Make codes, in an order that follows from the seed.

    Raises
    ------
    DataError
        More codes are asked for than there are.
    """
    if not 1 <= n <= MOST_CODES:
        raise DataError("raters", [f"got {n}, expected 1 to {MOST_CODES}. Make a second exercise for a larger group."])
    pairs = ("-".join(pair) for pair in product(FIRST, SECOND))
    return tuple(sorted(pairs, key=lambda code: hashlib.sha256(f"{seed}/{code}".encode()).digest())[:n])


def one_slip_from(text: str, code: str) -> bool:
    """Say whether two texts differ by one letter that was changed, left out, added, or by two that changed places."""
    if abs(len(text) - len(code)) > 1 or text == code:
        return False
    start = next(
        (place for place, pair in enumerate(zip(text, code, strict=False)) if len(set(pair)) > 1),
        min(len(text), len(code)),
    )
    one, other = text[start:], code[start:]
    return one[1:] == other[1:] or one == other[1:] or one[1:] == other or one[:2][::-1] + one[2:] == other
