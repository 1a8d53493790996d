"""Printed figures of accuracy studies, derived again from what was printed beside them; nothing is fitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from inspect import signature
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from dvrisk._files import INSTRUMENTS, read_toml
from dvrisk.catalog import read_as
from dvrisk.errors import InstrumentError
from dvrisk.reference.derivations import FORMULAS
from dvrisk.schema import Id, Strict, Text

Number = Annotated[str, Field(pattern=r"^([0-9]+|[0-9]*\.[0-9]+)%?$")]
"""A number with the digits that were printed; a whole number without a percent sign is a count, and exact."""
Verdict = Literal["same digits", "within rounding", "differs"]


class Study(Strict):
    """Where figures were printed; `read` says whether there (often the abstract), or in a text that quotes it."""

    id: Id
    instrument: Text
    citation: Text
    url: Annotated[str, Field(pattern=r"^https?://")]
    read: Literal["source", "secondary"]


@dataclass(frozen=True, slots=True)
class Derived:
    """What a formula gives, and how low and high the rounding of its inputs lets it be."""

    value: float
    low: float
    high: float


class PublishedFigure(Strict):
    """A printed figure, the inputs printed with it, and the formula that leads from these to that.

    Attributes
    ----------
    inputs : dict of str to str or tuple of str
        As printed, without separators of thousands, under the names that the formula uses.
    inputs_are : {'printed', 'solved'}
        Solved: the only whole numbers that give the printed figures; a test tries all.
    printed : str or None
        None where nothing was printed that the result could be held to.
    """

    id: Id
    study: Study
    what: Text
    formula: Text
    inputs: dict[str, Number | tuple[Number, ...]]
    inputs_are: Literal["printed", "solved"] = "printed"
    printed: Number | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.formula not in FORMULAS:
            raise ValueError(f"no such formula; expected one of {', '.join(FORMULAS)}")
        names = list(signature(FORMULAS[self.formula]).parameters)
        if sorted(names) != sorted(self.inputs):
            raise ValueError(f"the inputs of this formula are {', '.join(names)}")
        return self

    @cached_property
    def derived(self) -> Derived:
        """The result; its range has all rounded inputs at once at the ends that lower it, or raise it."""
        n = sum(1 if isinstance(given, str) else len(given) for given in self.inputs.values())
        alone = [[float(k == one) for k in range(n)] for one in range(n)]
        ups = [1.0 if self._moved(up) >= self._moved([-step for step in up]) else -1.0 for up in alone]
        return Derived(self._moved([0.0] * n), self._moved([-up for up in ups]), self._moved(ups))

    @property
    def verdict(self) -> Verdict | None:
        """Whether the printed figure follows from the printed inputs; None where none was printed."""
        if self.printed is None:
            return None
        value, half = _read(self.printed)
        low, high = value - half - 1e-9, value + half + 1e-9
        if low <= self.derived.value <= high:
            return "same digits"
        return "within rounding" if self.derived.low <= high and self.derived.high >= low else "differs"

    def _moved(self, steps: Sequence[float]) -> float:
        """Return the result with each input moved by so many halves of a unit of its last digit."""
        left = iter(steps)
        return FORMULAS[self.formula](**{name: _move(given, left) for name, given in self.inputs.items()})


class NotDerivable(Strict):
    """What can't be derived, which input is missing, and what follows all the same."""

    instrument: Text
    what: Text
    missing: Text
    follows: Text | None = None
    url: Text | None = None


class _Published(Strict):
    figures: tuple[PublishedFigure, ...]
    not_derivable: tuple[NotDerivable, ...]


def published_figures() -> tuple[PublishedFigure, ...]:
    """List the figures of accuracy studies that can be derived from what was printed with them.

    Examples
    --------
    >>> figure = {each.id: each for each in published_figures()}["viogen_2021_ppv"]
    >>> figure.printed, round(figure.derived.value, 3), figure.verdict
    ('.19', 0.143, 'differs')
    """
    return _published().figures


def not_derivable() -> tuple[NotDerivable, ...]:
    """List what can't be derived, with the input that is missing."""
    return _published().not_derivable


@cache
def _published() -> _Published:
    path = INSTRUMENTS / "reference" / "published-accuracy.toml"
    raw = read_toml(path, InstrumentError)
    studies = {study.get("id"): study for study in raw.pop("studies", [])}
    figures = [{**figure, "study": studies.get(figure.get("study"))} for figure in raw.get("figures", [])]
    return read_as(_Published, {**raw, "figures": figures}, path, InstrumentError)


def _read(printed: str) -> tuple[float, float]:
    """Return a printed number, and half a unit of its last digit."""
    digits, unit = printed.rstrip("%"), 0.01 if printed.endswith("%") else 1.0
    return float(digits) * unit, 0.5 * unit / 10.0 ** len(digits.partition(".")[2])


def _move(given: str | tuple[str, ...], steps: Iterator[float]) -> Any:
    if not isinstance(given, str):
        return [_move(each, steps) for each in given]
    value, half = _read(given)
    return value + next(steps) * (0.0 if given.isdigit() else half)
