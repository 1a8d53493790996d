"""Words as people type them: in any of the languages, with or without accents, in either alphabet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from dvrisk.cyrillic import to_cyrillic
from dvrisk.language_files import languages, shared_words


@cache
def words_for(*keys: str) -> dict[str, str]:
    """Return what may be typed for these words. Words alone: a digit for a yes or a no may mean either."""
    return {
        fold(word): key
        for lang in languages()
        for key in keys
        for word in shared_words("exercise", lang)["typed"][key].split(",")
    }


CONSENSUS_WORDS = ("consensus", "konsenzus", "konsensus")
"""Person under whose name the panel's agreement after its discussion stands, as it may be typed."""


@cache
def agency_words() -> dict[str, str]:
    """Return what may be typed for the agencies that stand on the sheets: any language's word to the English one."""
    english = shared_words("exercise", "en")["codes"]["agencies"].split(" / ")
    return {
        fold(word): name
        for lang in languages()
        for word, name in zip(shared_words("exercise", lang)["codes"]["agencies"].split(" / "), english, strict=True)
    }


def yes_no() -> dict[str, bool]:
    """Return what may be typed for yes and no."""
    return {word: key == "yes" for word, key in words_for("yes", "no").items()}


@cache
def level_words(levels: tuple[str, ...]) -> dict[str, str]:
    """Return what may be typed for a level: its name, its digit on the sheet, or a word of any language."""
    found = {str(place): level for place, level in enumerate(levels, start=1)}
    for lang in languages():
        typed, names = shared_words("exercise", lang)["typed"], shared_words("phrases", lang)["level_names"]
        for level in levels:
            for word in (level, names.get(level, level), *typed.get(level, "").split(",")):
                found[fold(word)] = level
    found.pop("", None)
    return found


def column_names(columns: Sequence[str]) -> dict[str, str]:
    """Return how a column may be headed, in any language, and by its own name."""
    names = {fold(name): name for name in columns}
    for lang in languages():
        worded, items = shared_words("exercise", lang)["columns"], shared_words("items", lang)["items"]
        for name in columns:
            title = items[name]["label"] if name in items else worded.get(name)
            if name.startswith("fact_"):
                title = worded["fact"].format(number=name.removeprefix("fact_"))
            if title:
                names.setdefault(fold(title), name)
    return names


def fold(text: str) -> str:
    """Bring a word to the form in which words are compared: Latin letters without accents, small, single spaces.

    Examples
    --------
    >>> fold(" Не  зна се "), fold("Nizak"), fold("I ulët"), fold("Đak")
    ('ne zna se', 'nizak', 'i ulet', 'djak')
    """
    latin = "".join(_latin().get(letter, letter) for letter in text.casefold())
    plain = unicodedata.normalize("NFKD", latin.replace("đ", "dj"))
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


@cache
def _latin() -> dict[str, str]:
    pairs = ["lj", "nj", "dž", *"abvgdđežzijklmnoprstćufhcčš"]
    return {to_cyrillic(letter): letter for letter in pairs}


def whole_number(text: str) -> int | None:
    """Read a whole number, also as a spreadsheet may write it: 4,0 or 4.0."""
    found = re.fullmatch(r"(\d{1,3})(?:[.,]0+)?", text.strip())
    return int(found[1]) if found else None
