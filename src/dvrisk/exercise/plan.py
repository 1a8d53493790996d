"""What an exercise is: cases with letters, items, orders and rater codes; and apart from it, the key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from dvrisk._files import read_json
from dvrisk.catalog import read_as
from dvrisk.errors import DataError
from dvrisk.schema import Id, Strict, Text

PLAN, KEY = "exercise.json", "key/key.json"
PRACTICE = "P"
"""Letter of the case that everybody reads first, together; it counts in no result."""

Letter = Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z]+-[a-z]+$")]


class CaseWords(Strict):
    """A case in one language.

    Attributes
    ----------
    content_note : str or None
    sentences : tuple of str
        In order; on paper they are numbered from 1.
    awaits_review : bool
        Whether no native speaker has reviewed the translation.
    """

    content_note: Text | None = None
    sentences: Annotated[tuple[Text, ...], Field(min_length=1)]
    awaits_review: bool


class Case(Strict):
    """A case of an exercise.

    Attributes
    ----------
    letter : str
    source : str
        Where it comes from: a case of the library, or recipe, seed and number.
    tells_again : str or None
        The letter of the case whose facts it tells again in other words.
    seen_before : str or None
        The letter that the same case had in the exercise that this one follows.
    words : dict of str to CaseWords
        By language.
    """

    letter: Letter
    source: Text
    tells_again: Letter | None = None
    seen_before: Letter | None = None
    words: dict[Text, CaseWords]


class Exercise(Strict):
    """An exercise, without its key.

    Attributes
    ----------
    id : str
        Stands on every sheet; made from the cases and the seed.
    instrument : str
        "id@version"; its levels are what people choose from.
    levels : tuple of str
        Lowest first.
    languages : tuple of str
    items : tuple of str
        At most twelve, marked on every sheet.
    cases : tuple of Case
        The practice case first.
    booklets : tuple of tuple of str
        Orders of the letters, without the practice case.
    codes : tuple of str
        One for each person: two words.
    follows : str or None
        The id of an earlier exercise with the same people.
    delete_on : str or None
        The day on which everything that was typed is to be deleted, as YYYY-MM-DD.
    """

    format: Literal["dvrisk exercise 1"] = "dvrisk exercise 1"
    id: Text
    instrument: Text
    levels: Annotated[tuple[Id, ...], Field(min_length=2, max_length=9)]
    languages: Annotated[tuple[Text, ...], Field(min_length=1)]
    items: Annotated[tuple[Id, ...], Field(min_length=1, max_length=12)]
    cases: Annotated[tuple[Case, ...], Field(min_length=2)]
    booklets: Annotated[tuple[tuple[Letter, ...], ...], Field(min_length=1)]
    codes: tuple[Code, ...]
    follows: Text | None = None
    delete_on: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None

    @property
    def rated(self) -> tuple[Case, ...]:
        """The cases that count: all but the practice case."""
        return tuple(case for case in self.cases if case.letter != PRACTICE)

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of the cases that count."""
        return tuple(case.letter for case in self.rated)


class CaseKey(Strict):
    """What a text tells, and what the instrument makes of it.

    Attributes
    ----------
    facts : dict of str to str
        What the text tells, as `assess` takes it.
    said_in : dict of str to tuple of int
        For each fact, the numbers of the sentences that tell it.
    level, level_high : str
        The instrument's level, and the highest that is still possible.
    at_least : bool
    reasons, common_errors : dict of str to tuple of str
        For the facilitator, by language.
    """

    facts: dict[Id, Id]
    said_in: dict[Id, tuple[int, ...]]
    level: Id
    at_least: bool
    level_high: Id
    reasons: dict[Text, tuple[Text, ...]] = Field(default={})
    common_errors: dict[Text, tuple[Text, ...]] = Field(default={})


class Key(Strict):
    """The key of an exercise, kept apart from it."""

    exercise: Text
    cases: dict[Letter, CaseKey]


def load_exercise(folder: Path) -> Exercise:
    """Read an exercise from its folder.

    Raises
    ------
    DataError
        The folder holds no exercise, or its file was changed so that it is none any more.
    """
    path = folder / PLAN
    if not path.is_file():
        raise DataError(str(folder), [f"holds no {PLAN}. Name the folder that `dvrisk exercise new` made."])
    return read_as(Exercise, read_json(path, DataError), path, DataError)


def load_key(folder: Path) -> Key:
    """Read the key of an exercise from its folder."""
    path = folder / KEY
    return read_as(Key, read_json(path, DataError), path, DataError)


def as_json(value: Strict | Mapping[str, object]) -> str:
    """Write a plan or a key: the same bytes for the same content."""
    plain = value.model_dump(mode="json", exclude_none=True) if isinstance(value, Strict) else value
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
