"""Cases to read, written by hand: invented people, a text in each language, and a key of the facts it tells.

Facts, key and votes are data (`synthetic/vignettes/<id>/<version>.toml`); the texts lie beside them, a file a language.
What a text does not say is not asked: it stands in no key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints

from dvrisk._files import SYNTHETIC, read_toml, shown
from dvrisk.catalog import item_bank, read_as
from dvrisk.errors import DataError, nearest
from dvrisk.language_files import AWAITING, Review, case_words
from dvrisk.schema import NOT_APPLICABLE, OPEN_STATES, Id, Strict, Text

FOLDER = SYNTHETIC / "vignettes"

Shows = Literal[
    "clear low",
    "clear high",
    "contested",
    "borderline",
    "decisive fact late",
    "decisive fact lightly",
    "control without injury",
    "reports in both directions",
    "outside the population",
]
SentenceId = Annotated[str, StringConstraints(pattern=r"^s[0-9]+$")]


class Told(Strict):
    """The answer to an item, and the sentences that give it."""

    answer: Id
    said_in: Annotated[tuple[SentenceId, ...], Field(min_length=1)]


class InstrumentsLevel(Strict):
    """What an instrument makes of the facts: no panel's view, and no truth."""

    level: Id
    at_least: bool
    level_high: Id


class Vote(Strict):
    """One experienced person's own rating, given alone and before any discussion."""

    person: Id
    level: Id
    immediate_danger: bool | None = None
    reason: Text


class Panel(Strict):
    """What experienced people found; empty until they have voted."""

    votes: tuple[Vote, ...] = ()
    consensus: Id | None = None
    reasons: tuple[Text, ...] = ()


class Vignette(Strict):
    """A case to read, without its words.

    Attributes
    ----------
    id, version : str
    shows : tuple of str
        What the case is for in a set.
    decisive : tuple of str
        Items that matter most for the instrument's level.
    instrument : str
        The instrument that the case is written for.
    facts : dict of str to Told
        Every item that the text answers. Everything else is not asked.
    key : dict of str to InstrumentsLevel
        By instrument; the tests compute it again.
    panel : Panel
    """

    id: Id
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+$")]
    shows: Annotated[tuple[Shows, ...], Field(min_length=1)]
    decisive: tuple[Id, ...] = ()
    instrument: Id
    facts: Annotated[dict[Id, Told], Field(min_length=1)]
    key: dict[Id, InstrumentsLevel]
    panel: Panel

    @property
    def answers(self) -> dict[str, str]:
        """The facts as `assess` takes them."""
        return {item: told.answer for item, told in self.facts.items()}


class VignetteWords(NamedTuple):
    """A case to read in one language.

    Attributes
    ----------
    language, title, content_note : str
    awaits_review : bool
        Whether it is a translation that no native speaker has reviewed.
    sentences : dict of str to str
        By id, in order.
    reasons, common_errors : tuple of str
        Why the instrument's level, and what readers often overlook or overvalue: for the facilitator, after the rating.
    """

    language: str
    awaits_review: bool
    title: str
    content_note: str
    sentences: Mapping[str, str]
    reasons: tuple[str, ...]
    common_errors: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole case, to read."""
        return " ".join(self.sentences.values())


class _Words(Strict):
    language: Text
    review: Review
    title: Text
    content_note: Text
    sentences: dict[SentenceId, Text]
    reasons: Annotated[dict[Id, Text], Field(min_length=1)]
    common_errors: Annotated[dict[Id, Text], Field(min_length=1)]


def list_vignettes() -> tuple[str, ...]:
    """List the cases to read, by id.

    Examples
    --------
    >>> len(list_vignettes())
    12
    """
    return tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))


@cache
def load_vignette(id: str) -> Vignette:
    """Load the facts and the key of a case to read.

    Parameters
    ----------
    id : str

    Returns
    -------
    Vignette

    Raises
    ------
    DataError
        There is no such case, or its file is not sound; the error lists every problem at once.
    """
    if id not in list_vignettes():
        near = nearest(id, list_vignettes())
        hint = f" (did you mean {near}?)" if near else ""
        raise DataError("vignette", [f"no case of this id{hint}, expected one of {', '.join(list_vignettes())}."])
    path = _newest(FOLDER / id)
    vignette = read_as(Vignette, read_toml(path, DataError), path, DataError)
    problems = list(_breaches(vignette))
    if problems:
        raise DataError(shown(path), problems)
    return vignette


def load_vignette_words(id: str, lang: str = "en") -> VignetteWords:
    """Load the words of a case to read in one language.

    Parameters
    ----------
    id : str
    lang : {'en', 'sr', 'sr-Cyrl', 'sq'}, default 'en'

    Returns
    -------
    VignetteWords

    Raises
    ------
    DataError
        There is no such case or language, or a fact rests on a sentence that this language does not have.
    """
    vignette = load_vignette(id)
    words = case_words(_Words, FOLDER / id, vignette.version, lang)
    missing = sorted({name for told in vignette.facts.values() for name in told.said_in} - set(words.sentences))
    if missing:
        raise DataError(
            f"{shown(FOLDER / id)} in {lang}", [f"no sentence {', '.join(missing)}, on which facts rest. Add it."]
        )
    return VignetteWords(
        language=lang,
        awaits_review=words.review == AWAITING,
        title=words.title,
        content_note=words.content_note,
        sentences=words.sentences,
        reasons=tuple(words.reasons.values()),
        common_errors=tuple(words.common_errors.values()),
    )


def _newest(folder: Path) -> Path:
    versions = [path for path in folder.glob("*.toml") if path.stem.replace(".", "", 1).isdigit()]
    if not versions:
        raise DataError(shown(folder), ["no file named by a version, such as 1.0.toml. Add it."])
    return max(versions, key=lambda path: [int(part) for part in path.stem.split(".")])


def _breaches(vignette: Vignette) -> Iterator[str]:
    for item, told in vignette.facts.items():
        described = item_bank().get(item)
        if described is None:
            near = nearest(item, item_bank())
            yield f"facts.{item}: not in the item bank{f' (did you mean {near}?)' if near else ''}. Name an item of it."
            continue
        closed = (NOT_APPLICABLE,) if described.get("applies_if") else ()
        if told.answer not in (*described["options"], *closed, *OPEN_STATES):
            yield f"facts.{item}: {told.answer} is not an answer to it, expected {', '.join(described['options'])}."
    strange = [item for item in vignette.decisive if item not in vignette.facts]
    if strange:
        yield f"decisive: {', '.join(strange)} is not among the facts. Name facts that the text tells."
