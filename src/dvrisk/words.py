"""The wording, apart from the scoring: one file for each language, for the bank, each instrument and the sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dvrisk._files import INSTRUMENTS, read_toml, shown
from dvrisk.catalog import form_problems, item_bank
from dvrisk.errors import InstrumentError
from dvrisk.schema import NOT_APPLICABLE, OPEN_STATES, UNDETERMINED, Instrument, Text, canonical

Table = dict[str, Any]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", defer_build=True)


class ItemWords(_Strict):
    """The words of an item: a short name, the question, what counts and what doesn't, and its options."""

    label: Text
    question: Text
    includes: Text | None = None
    excludes: Text | None = None
    options: dict[str, Text]


class CardWords(_Strict):
    """The words of an instrument's card."""

    target: Text
    intended_use: Text
    population: Text
    who_may_use: Text
    limits: Annotated[list[Text], Field(min_length=1)]


class InstrumentWords(_Strict):
    """A language file of an instrument: words for its levels, rules, groups, caps, warnings and own items."""

    language: Text
    title: Text
    summary: Text
    levels: dict[str, Text]
    rules: dict[str, Text] = {}
    groups: dict[str, Text] = {}
    caps: dict[str, Text] = {}
    warnings: dict[str, Text] = {}
    card: CardWords
    items: dict[str, ItemWords] = {}
    areas: dict[str, Text] = {}
    who_knows: dict[str, Text] = {}


class Words(NamedTuple):
    """All wording that one instrument needs in one language.

    Attributes
    ----------
    language : str
    sha256 : str
        The hash of the instrument's own language file, comments and layout not counted.
    instrument, items, areas, who_knows, phrases, actions, holders : dict
    """

    language: str
    sha256: str
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

    def notice(self, status: str) -> str:
        """Say how far an instrument has been checked."""
        return str(self.phrases["notice" if status == "unvalidated" else status])

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
    own = read_toml(path, InstrumentError)
    problems = list(_misformed(own))
    if problems:
        raise InstrumentError(shown(path), problems)
    bank = _shared("items", lang)
    actions = _shared("actions", lang)
    words = Words(
        language=lang,
        sha256=hashlib.sha256(canonical(own).encode()).hexdigest(),
        instrument=own,
        items={**bank["items"], **own.get("items", {})},
        areas={**bank["areas"], **own.get("areas", {})},
        who_knows={**bank["who_knows"], **own.get("who_knows", {})},
        phrases=_shared("phrases", lang),
        actions=actions["actions"],
        holders=actions["holders"],
    )
    missing = list(_missing(instrument, words))
    if missing:
        raise InstrumentError(f"{instrument} in {lang}", missing)
    return words


def languages() -> tuple[str, ...]:
    """List the languages in which the item bank and the sentences are worded."""
    return tuple(sorted(path.name.split(".")[1] for path in INSTRUMENTS.glob("phrases.*.toml")))


def _own_path(instrument: Instrument, lang: str) -> Path:
    if lang not in languages():
        raise InstrumentError(f"{instrument}: got an unknown language, expected one of {', '.join(languages())}")
    if instrument.path is None:
        raise InstrumentError(f"{instrument}: it was not loaded from a file, so its texts can't be found beside it")
    return instrument.path.with_name(f"{instrument.path.stem}.{lang}.toml")


@cache
def _shared(name: str, lang: str) -> Table:
    return read_toml(INSTRUMENTS / f"{name}.{lang}.toml", InstrumentError)


def _missing(instrument: Instrument, words: Words) -> list[str]:
    expected = {
        "levels": {*instrument.levels, UNDETERMINED},
        "rules": {rule.id for rule in instrument.rules},
        "groups": {group.id for group in instrument.groups},
        "caps": {cap.id for cap in instrument.caps},
        "warnings": {warning.id for warning in instrument.warnings},
    }
    missing: list[str] = []
    warned = {need.warning for need in instrument.lowest_level.needs} - set(words.phrases["warnings"])
    expected["warnings"] |= warned
    for section, keys in expected.items():
        missing += [
            f"{section}.{key} is missing. Add it." for key in sorted(keys - set(words.instrument.get(section, {})))
        ]
    missing += [f"warnings.{key}: {problem}" for key, problem in _misfilled(words.instrument.get("warnings", {}))]
    for item in instrument.items:
        missing += _missing_of_item(item.id, item.codes, words.items.get(item.id, {}))
        missing += [f"who_knows.{who} is missing. Add it." for who in item.who_knows if who not in words.who_knows]
    return missing


def _misformed(own: Table) -> Iterator[str]:
    """Find what is not of the form of a language file, and words for items that the bank already words."""
    try:
        InstrumentWords.model_validate(own)
    except ValidationError as error:
        yield from form_problems(error, own)
        return
    for item in own.get("items", {}):
        if item in item_bank():
            yield f"items.{item}: the item bank already words it. Remove it here."


def _misfilled(warnings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Find braces in a warning's words that nothing fills."""
    for key, text in warnings.items():
        names = {name for _, name, _, _ in Formatter().parse(str(text)) if name is not None}
        if names - {"facts", "level"}:
            yield key, "only {facts} and {level} are filled in. Remove other braces."


def _missing_of_item(item: str, codes: tuple[str, ...], entry: Mapping[str, Any]) -> list[str]:
    missing = [f"items.{item}.{key} is missing. Add it." for key in ("label", "question") if key not in entry]
    options = entry.get("options", {})
    return missing + [f"items.{item}.options.{code} is missing. Add it." for code in codes if code not in options]
