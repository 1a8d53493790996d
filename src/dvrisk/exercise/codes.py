"""Rater codes of two words, which are read, typed and told apart easily in every language of the library."""

from __future__ import annotations

import hashlib

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
    first, second = (sorted(words, key=lambda word: _draw(seed, word)) for words in (FIRST, SECOND))
    size = len(FIRST)  # of any twelve that follow each other, no two share a word
    return tuple(f"{first[k % size]}-{second[(k + k // size) % size]}" for k in range(n))


def unused_code(codes: tuple[str, ...]) -> str:
    """Return a code that nobody has, for an example."""
    everything = make_codes(MOST_CODES, 0)
    return next((code for code in everything if code not in codes), everything[0])


def _draw(seed: int, word: str) -> bytes:
    return hashlib.sha256(f"{seed}/{word}".encode()).digest()


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
