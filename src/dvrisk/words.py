"""The wording that one instrument needs in one language, put together and checked to be complete."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from dvrisk._files import shown
from dvrisk.errors import InstrumentError
from dvrisk.language_files import (
    AWAITING,
    Table,
    languages,
    misformed,
    named_parts,
    shared_words,
    source_language,
    with_family,
    worded,
)
from dvrisk.schema import NOT_APPLICABLE, OPEN_STATES, UNDETERMINED, Instrument, canonical


class Words(NamedTuple):
    """All wording that one instrument needs in one language.

    Attributes
    ----------
    language : str
    sha256 : str
        The hash of the instrument's own wording, comments and layout not counted.
    awaits_review : bool
        Whether any part of it is a translation that no native speaker has reviewed.
    instrument, items, areas, who_knows, phrases, actions, holders : dict
    """

    language: str
    sha256: str
    awaits_review: bool
    instrument: Table
    items: Table
    areas: Table
    who_knows: Table
    phrases: Table
    actions: Table
    holders: Table

    def say(self, section: str, key: str, **values: object) -> str:
        """Fill in one sentence."""
        return str(self.phrases[section][key].format(**values))

    def notice(self, instrument: Instrument) -> str:
        """Say how far an instrument has been checked, and of a published one what is not its own form."""
        checked = str(self.phrases["notice" if instrument.status == "unvalidated" else instrument.status])
        if instrument.published is None:
            return checked
        name = f"{instrument.published.name} ({instrument.published.edition})"
        return f"{self.say('published', 'notice', name=name)} {checked}"

    def level(self, level: str) -> str:
        """Return the name of a level, as it stands inside a sentence."""
        return str(self.instrument["level_names"][level])

    def counted(self, number: int | str, unit: str) -> str:
        """Return a number with its unit: point, step."""
        return self.say("units", unit if abs(int(number)) == 1 else f"{unit}s", count=number)

    def label(self, item: str) -> str:
        """Return the short name of an item."""
        return str(self.items[item]["label"])

    def what_counts(self, item: str, instrument: Instrument) -> list[str]:
        """Return what an item includes and excludes; where that names an item the instrument lacks, it says so."""
        worded = self.items[item]
        return [self._marked(worded[key], instrument) for key in ("includes", "excludes") if key in worded]

    def _marked(self, text: str, instrument: Instrument) -> str:
        for name, entry in self.items.items():
            quoted = f"“{entry['label']}”"
            if quoted in text and name not in instrument.by_id:
                text = text.replace(quoted, self.say("ask", "not_here", quoted=quoted))
        return text

    def answer(self, item: str, code: str) -> str:
        """Return the words of an answer, be it an option or a state."""
        if code in OPEN_STATES or code == NOT_APPLICABLE:
            return str(self.phrases["states"][code])
        return str(self.items[item]["options"][code])

    def fact(self, item: str, code: str) -> str:
        """Return an item with its answer, as it stands in a list of facts."""
        return f"{self.label(item)}: {self.answer(item, code)}"


def load_words(instrument: Instrument, lang: str = "en") -> Words:
    """Load the wording of an instrument.

    Raises
    ------
    InstrumentError
        There is no wording in this language, or something that the instrument names has no words in it.
    """
    return _load(instrument, lang, _own_path(instrument, lang))


@cache
def _load(instrument: Instrument, lang: str, path: Path) -> Words:
    bank, actions, phrases = (shared_words(name, lang) for name in ("items", "actions", "phrases"))
    own = with_family(worded(path, lang), instrument, lang)
    problems = list(misformed(own))
    if problems:
        raise InstrumentError(shown(path), problems)
    own["level_names"] = {**phrases["level_names"], **own.get("level_names", {})}
    words = Words(
        language=lang,
        sha256=hashlib.sha256(canonical(own).encode()).hexdigest(),
        awaits_review=any(table["review"] == AWAITING for table in (own, bank, actions, phrases)),
        instrument=own,
        items={**bank["items"], **own.get("items", {})},
        areas={**bank["areas"], **own.get("areas", {})},
        who_knows={**bank["who_knows"], **own.get("who_knows", {})},
        phrases=phrases,
        actions=actions["actions"],
        holders=actions["holders"],
    )
    missing = list(_missing(instrument, words))
    if missing:
        raise InstrumentError(f"{instrument} in {lang}", missing)
    return words


def _own_path(instrument: Instrument, lang: str) -> Path:
    if lang not in languages():
        raise InstrumentError(f"{instrument}: got an unknown language, expected one of {', '.join(languages())}")
    if instrument.path is None:
        raise InstrumentError(f"{instrument}: it was not loaded from a file, so its texts can't be found beside it")
    return instrument.path.with_name(f"{instrument.path.stem}.{source_language(lang)}.toml")


def _missing(instrument: Instrument, words: Words) -> list[str]:
    levels = {*instrument.levels, UNDETERMINED}
    expected = {"levels": levels, "level_names": levels, **named_parts(instrument)}
    expected["warnings"] |= {need.warning for need in instrument.lowest_level.needs} - set(words.phrases["warnings"])
    if instrument.missing_rule and instrument.missing_rule.then:
        expected["results"] = {instrument.missing_rule.then}
    missing: list[str] = []
    if instrument.published and instrument.published.training and not words.instrument.get("training"):
        missing.append("training is missing. Add it.")
    for section, keys in expected.items():
        missing += [
            f"{section}.{key} is missing. Add it." for key in sorted(keys - set(words.instrument.get(section, {})))
        ]
    missing += [f"warnings.{key}: {problem}" for key, problem in _misfilled(words.instrument.get("warnings", {}))]
    for item in instrument.items:
        missing += _missing_of_item(item.id, item.codes, words.items.get(item.id, {}))
        missing += [f"who_knows.{who} is missing. Add it." for who in item.who_knows if who not in words.who_knows]
    return missing


def _misfilled(warnings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Find braces in a warning's words that nothing fills."""
    for key, text in warnings.items():
        try:
            names = {name for _, name, _, _ in Formatter().parse(str(text)) if name is not None}
        except ValueError:
            names = {"not closed"}
        if names - {"facts", "level"}:
            yield key, "only {facts} and {level} are filled in. Remove other braces."


def _missing_of_item(item: str, codes: tuple[str, ...], entry: Mapping[str, Any]) -> list[str]:
    missing = [f"items.{item}.{key} is missing. Add it." for key in ("label", "question") if key not in entry]
    options = entry.get("options", {})
    return missing + [f"items.{item}.options.{code} is missing. Add it." for code in codes if code not in options]
