"""The words of an exercise in one language: its own, and those of items and levels."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import Any

from dvrisk.catalog import load_instrument
from dvrisk.exercise.plan import Exercise
from dvrisk.language_files import AWAITING, shared_words
from dvrisk.words import Words, load_words


class Texts:
    """What is said in one language; all it returns is ready to stand in HTML."""

    def __init__(self, exercise: Exercise, lang: str) -> None:
        self.lang = lang
        self.plain = _plain(lang)
        self.awaits_review = self.plain["review"] == AWAITING
        self._words: Words = load_words(load_instrument(exercise.instrument), lang)

    def say(self, section: str, key: str, **values: object) -> str:
        """Fill in a sentence; every value is escaped."""
        return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(self.raw(section, key, **values), quote=False))

    def raw(self, section: str, key: str, **values: object) -> str:
        """Fill in a sentence that does not go into a page."""
        text = self.plain[section][key] if section else self.plain[key]
        return str(text).format(**values) if values else str(text)

    def agency(self, name: str) -> str:
        """Return the name of an agency, in this language if it is one of those on the sheets."""
        english = _plain("en")["codes"]["agencies"].split(" / ")
        return self.plain["codes"]["agencies"].split(" / ")[english.index(name)] if name in english else name

    def level(self, level: str) -> str:
        """Return the name of a level."""
        return self._words.level(level)

    def label(self, item: str) -> str:
        """Return the short name of an item."""
        return self._words.label(item)

    def fact(self, item: str, answer: str) -> str:
        """Return an item with its answer."""
        return self._words.fact(item, answer)


@cache
def _plain(lang: str) -> dict[str, Any]:
    return shared_words("exercise", lang)
