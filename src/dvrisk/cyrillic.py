"""Serbian in Cyrillic, made letter by letter from Serbian in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SINGLE = dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True))
_PAIRS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_APART = ("in|jekc", "kon|jug", "kon|junk", "nad|živ", "nad|žnj", "od|živ", "od|žal", "pod|žanr", "pred|živ", "Tan|jug")
"""Where a prefix ends: two letters that only look like a pair."""
_KEPT = r"\{[^{}]*\}|`[^`]*`"
"""What is filled in, and what a person types as it stands."""


def to_cyrillic(text: str, keep: Iterable[str] = ()) -> str:
    """Write a Serbian text in Cyrillic letters.

    Parameters
    ----------
    text : str
        In Latin letters. Names in {braces} and text in `backticks` stay as they are.
    keep : iterable of str
        Words that stay in Latin letters, such as abbreviations.

    Examples
    --------
    >>> to_cyrillic("Ljubomora, pretnja ubistvom, odžak")
    'Љубомора, претња убиством, оџак'
    >>> to_cyrillic("Nadživeti; SHA-256: {sha256}", keep=("SHA",))
    'Надживети; SHA-256: {sha256}'
    """
    words = "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in keep)
    kept = f"{_KEPT}|{words}" if words else _KEPT
    return re.sub(rf"({kept})|{_before_an_edge()}|(?i:lj|nj|dž)|.", _letter, text, flags=re.DOTALL)


def _before_an_edge() -> str:
    edges = (word.split("|") for word in _APART)
    return "(?i:" + "|".join(f"(?<={first[:-1]}){first[-1]}(?={rest})" for first, rest in edges) + ")"


def _letter(match: re.Match[str]) -> str:
    found, low = match[0], match[0].lower()
    if match[1] is not None:
        return found
    written = _PAIRS.get(low) or _SINGLE.get(low, found)
    return written.upper() if found[0].isupper() else written
