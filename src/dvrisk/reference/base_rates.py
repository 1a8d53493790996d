"""How often things happen: ranges of printed figures that answer the same question."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from dvrisk.reference.printed import Percent, as_percent, gives_percent, read_data
from dvrisk.schema import Id, Strict, Text


class Figure(Strict):
    """One printed figure: what it counts, where, when, and where it was read.

    Attributes
    ----------
    percent, up_to : str or None
        As printed; `up_to` is the other end, where a range or "over" was printed.
    words : str or None
        The words that were printed, where the percentage is rounded from them.
    row : str or None
        Its row in the evidence table.
    outside : str or None
        Why it does not widen the range of its rate.
    """

    of: Text
    place: Text
    years: Text
    numerator: Annotated[int, Field(ge=0)] | None = None
    denominator: Annotated[int, Field(ge=1)] | None = None
    percent: Percent | None = None
    up_to: Percent | None = None
    words: Text | None = None
    source: Text
    row: Text | None = None
    url: Text | None = None
    read: Literal["source", "secondary", "seed"]
    outside: Text | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        counts = None if self.numerator is None or self.denominator is None else (self.numerator, self.denominator)
        if not counts and not self.percent:
            raise ValueError("a figure needs a percentage, or a numerator with its denominator")
        if counts and self.percent and not gives_percent(*counts, self.percent):
            raise ValueError("the counts don't give the printed percentage")
        if self.read != "seed" and not self.url:
            raise ValueError("a figure that was read needs the address")
        return self

    @property
    def low(self) -> float:
        """The share, 0 to 1; from the counts where they were printed."""
        if self.numerator is not None and self.denominator is not None:
            return self.numerator / self.denominator
        return as_percent(self.percent or "") / 100

    @property
    def high(self) -> float:
        """The other end where one was printed, else the same share."""
        return as_percent(self.up_to) / 100 if self.up_to else self.low


class BaseRate(Strict):
    """How often something happens: the range of the figures that answer the same question.

    Attributes
    ----------
    unit : {'per 100', 'per 10,000'}
        How it is said; `low` and `high` are shares, 0 to 1, all the same.
    note : str
        Why the range is wide, and what the rate does not say.
    """

    id: Id
    what: Text
    unit: Literal["per 100", "per 10,000"]
    note: Text
    figures: tuple[Figure, ...]

    @model_validator(mode="after")
    def _has_a_range(self) -> Self:
        if all(figure.outside for figure in self.figures):
            raise ValueError("a rate needs a figure that is not outside")
        return self

    @property
    def low(self) -> float:
        """The lowest share among the figures that are not outside."""
        return min(figure.low for figure in self.figures if not figure.outside)

    @property
    def high(self) -> float:
        """The highest share among the figures that are not outside."""
        return max(figure.high for figure in self.figures if not figure.outside)

    def __str__(self) -> str:
        times = 100 if self.unit == "per 100" else 10_000
        ends = dict.fromkeys(f"{times * end:.1f}" for end in (self.low, self.high))
        return f"{' to '.join(ends)} {self.unit}"


class LeftOut(Strict):
    """A figure that was looked for, and why it is not here."""

    what: Text
    reason: Text
    url: Text | None = None


class _BaseRates(Strict):
    rates: tuple[BaseRate, ...]
    left_out: tuple[LeftOut, ...]


def base_rates() -> tuple[BaseRate, ...]:
    """List the base rates, each a range with the figures behind it.

    Examples
    --------
    >>> str(base_rates()[0]), base_rates()[0].figures[1].years
    ('68.1 to 73.8 per 100', '2022')
    """
    return _base_rates().rates


def left_out_rates() -> tuple[LeftOut, ...]:
    """List the figures that were looked for and are not here, with the reasons."""
    return _base_rates().left_out


@cache
def _base_rates() -> _BaseRates:
    return read_data(_BaseRates, "base-rates")
