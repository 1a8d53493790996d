"""Language files: what stands in them, what a family of instruments shares, and Cyrillic made from Latin letters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dvrisk._files import INSTRUMENTS, read_toml
from dvrisk.catalog import form_problems, item_bank, read_as
from dvrisk.cyrillic import to_cyrillic
from dvrisk.errors import DataError, DvriskError, InstrumentError
from dvrisk.schema import Instrument, Text

Table = dict[str, Any]
Review = Literal["original", "awaiting native review", "reviewed by a native speaker"]

_Model = TypeVar("_Model", bound=BaseModel)

AWAITING: Review = "awaiting native review"
_MADE_FROM = {"sr-Cyrl": "sr"}
_CODES = ("language", "review", "based_on", "keep_latin", "text_confirmed", "voice")
"""Keys of a language file that are no words."""


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
    review: Review
    title: Text
    summary: Text
    levels: dict[str, Text]
    level_names: dict[str, Text] = {}
    rules: dict[str, Text] = {}
    groups: dict[str, Text] = {}
    caps: dict[str, Text] = {}
    warnings: dict[str, Text] = {}
    card: CardWords
    items: dict[str, ItemWords] = {}
    areas: dict[str, Text] = {}
    who_knows: dict[str, Text] = {}
    text_confirmed: list[str] = []
    results: dict[str, Text] = {}
    training: Text | None = None


def languages() -> tuple[str, ...]:
    """List the languages in which the item bank and the sentences are worded."""
    return tuple(sorted([*(path.name.split(".")[1] for path in INSTRUMENTS.glob("phrases.*.toml")), *_MADE_FROM]))


def source_language(lang: str) -> str:
    """Return the language in whose files the words of a language stand."""
    return _MADE_FROM.get(lang, lang)


@cache
def shared_words(name: str, lang: str) -> Table:
    """Read words that all instruments share: items, actions, phrases or family."""
    return worded(INSTRUMENTS / f"{name}.{source_language(lang)}.toml", lang)


def checklist_words(name: str, lang: str) -> tuple[Table, Table]:
    """Read the words of a checklist, and those that all checklists share."""
    if lang not in languages():
        raise InstrumentError(f"{name}: got an unknown language, expected one of {', '.join(languages())}")
    path = INSTRUMENTS / "checklists" / f"{name}.{source_language(lang)}.toml"
    return worded(path, lang), shared_words("phrases", lang)["checklist"]


def case_words(model: type[_Model], folder: Path, version: str, lang: str) -> _Model:
    """Read the words of cases in a language, `<folder>/<version>.<language>.toml`, as a model.

    Raises
    ------
    DataError
        There is no such language, or the file can't be read or is not of this form.
    """
    if lang not in languages():
        raise DataError(folder.name, [f"got an unknown language, expected one of {', '.join(languages())}."])
    path = folder / f"{version}.{source_language(lang)}.toml"
    return read_as(model, worded(path, lang, DataError), path, DataError)


def worded(path: Path, lang: str, error: type[DvriskError] = InstrumentError) -> Table:
    """Read a language file; for a language that is made from another, the path is the other one's."""
    table = read_toml(path, error)
    if lang not in _MADE_FROM:
        return table
    keep = shared_words("phrases", _MADE_FROM[lang])["keep_latin"]
    return {**_in_cyrillic(table, keep), "language": lang}


def _in_cyrillic(value: Any, keep: list[str]) -> Any:
    if isinstance(value, str):
        return to_cyrillic(value, keep)
    if isinstance(value, dict):
        return {key: inner if key in _CODES else _in_cyrillic(inner, keep) for key, inner in value.items()}
    return [_in_cyrillic(inner, keep) for inner in value] if isinstance(value, list) else value


def named_parts(instrument: Instrument) -> dict[str, set[str]]:
    """Return the ids that need words, by the section of the language file."""
    return {
        "rules": {rule.id for rule in instrument.rules},
        "groups": {group.id for group in instrument.groups},
        "caps": {cap.id for cap in instrument.caps},
        "warnings": {warning.id for warning in instrument.warnings},
    }


def with_family(own: Table, instrument: Instrument, lang: str) -> Table:
    """Add what an instrument shares with its family; its own words come first, its own limits last."""
    if "based_on" not in own:
        return own
    family = shared_words("family", lang)
    kind = family.get(own["based_on"]) if isinstance(own["based_on"], str) else None
    if not isinstance(kind, dict) or "card" not in kind:
        kinds = ", ".join(name for name, table in family.items() if isinstance(table, dict) and "card" in table)
        raise InstrumentError(
            f"{instrument} in {lang}", [f"based_on: got {own['based_on']!r}, expected one of {kinds}."]
        )
    shared: Table = {
        section: {name: family[section][name] for name in names & set(family[section])}
        for section, names in named_parts(instrument).items()
    }
    shared |= {"levels": kind["levels"], "card": kind["card"]}
    merged = {key: value for key, value in own.items() if key != "based_on"}
    merged |= {key: _over(table, own.get(key, {})) for key, table in shared.items()}
    if isinstance(merged["card"], dict):
        limits = own.get("card", {}).get("limits", [])
        merged["card"]["limits"] = [*kind["card"]["limits"], *limits] if isinstance(limits, list) else limits
    return merged


def _over(shared: Table, own: Any) -> Any:
    return {**shared, **own} if isinstance(own, dict) else own


def misformed(own: Table) -> Iterator[str]:
    """Find what is not of the form of a language file, and words for items that the bank already words."""
    try:
        InstrumentWords.model_validate(own)
    except ValidationError as error:
        yield from map(str, form_problems(error, own))
        return
    for item in own.get("items", {}):
        if item in item_bank():
            yield f"items.{item}: the item bank already words it. Remove it here."
