"""Perpetrator programmes: where a man can stand with one, and what was reported of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal, get_args

from dvrisk.errors import DataError
from dvrisk.reference.printed import read_data, share_of
from dvrisk.schema import Id, Strict, Text
from dvrisk.stats.estimate import Estimate

SaidBy = Literal["programme", "perpetrator", "partner", "police"]


class Status(Strict):
    """Where a man can stand with a programme; `option` is the answer of the item `programme_status`."""

    id: Id
    what: Text
    option: Id


class Indicator(Strict):
    """What was reported of a programme: how many, of whom, when, and who said it.

    Attributes
    ----------
    numerator, denominator : int or None
        None where a figure was printed without counts; `printed` then has its words.
    said_by : {'programme', 'perpetrator', 'partner', 'police'}
        Who counted, or on whose word.
    is_target : bool
        Whether it was asked for, and not reached.
    """

    id: Id | None = None
    measures: Text
    denominator_is: Text
    numerator: int | None = None
    denominator: int | None = None
    printed: Text | None = None
    period: Text
    source: Text
    said_by: SaidBy
    is_target: bool = False
    note: Text | None = None

    @property
    def share(self) -> Estimate:
        """The share with Wilson's interval; undefined where no counts were printed."""
        if self.numerator is None or self.denominator is None:
            return Estimate(None, method="share", undefined=f"printed as {self.printed}, without counts")
        return share_of(self.numerator, self.denominator)


class Programmes(Strict):
    """Statuses, none of which lowers a level, and the indicators that were reported."""

    statuses: tuple[Status, ...]
    indicators: tuple[Indicator, ...]


@cache
def programmes() -> Programmes:
    """Load the statuses of a perpetrator programme and the indicators that were reported.

    Examples
    --------
    >>> first = programmes().indicators[0]
    >>> first.id, str(first.share)
    ('kragujevac_admitted', '0.68 (0.48 to 0.83)')
    """
    return read_data(Programmes, "programmes")


def programme_indicator(
    numerator: int, denominator: int, *, measures: str, denominator_is: str, period: str, source: str, said_by: SaidBy
) -> Indicator:
    """State an indicator of a programme with everything that it takes to read it.

    Parameters
    ----------
    numerator, denominator : int
        Counts of people.
    measures, denominator_is : str
        What the numerator counts; of whom.
    period, source : str
        When, and how long after the programme; where it stands.
    said_by : {'programme', 'perpetrator', 'partner', 'police'}

    Raises
    ------
    DataError
        A count can't be used, or a description is blank; all problems at once.
    """
    from dvrisk.stats.checks import refuse, whole_number  # needs numpy, which the data do not

    texts = {"measures": measures, "denominator_is": denominator_is, "period": period, "source": source}
    blank = [name for name, text in texts.items() if not isinstance(text, str) or not text.strip()]
    no_base = whole_number("denominator", denominator, 1)
    refuse(
        "programme_indicator",
        no_base,
        whole_number("numerator", numerator, 0, None if no_base else denominator),
        [f"{name}: expected words, got none." for name in blank],
        [] if said_by in get_args(SaidBy) else [f"said_by: expected one of {', '.join(get_args(SaidBy))}."],
    )
    return Indicator(
        numerator=int(numerator),
        denominator=int(denominator),
        measures=measures,
        denominator_is=denominator_is,
        period=period,
        source=source,
        said_by=said_by,
    )


def pool_indicators(indicators: Sequence[Indicator]) -> Indicator:
    """Add up the counts of indicators that measure the same, at the same time, on the word of the same.

    Raises
    ------
    DataError
        Two differ in who said it, what is measured, of whom or when; or one is a target, or has no counts.
    """
    kinds = ("said_by", "measures", "denominator_is", "period")
    differ = [kind for kind in kinds if len({getattr(each, kind) for each in indicators}) > 1]
    problems = [f"{kind}: they differ. Show them side by side." for kind in differ]
    counts = [(each.numerator, each.denominator) for each in indicators if not each.is_target]
    whole = [(numerator, of) for numerator, of in counts if numerator is not None and of is not None]
    if not indicators or len(whole) < len(indicators):
        problems.append("expected one or more with counts, none of them a target. Leave the others out.")
    if problems:
        raise DataError("pool_indicators", problems)
    sums = {"numerator": sum(numerator for numerator, _ in whole), "denominator": sum(of for _, of in whole)}
    sources = "; ".join(dict.fromkeys(each.source for each in indicators))
    return indicators[0].model_copy(update={**sums, "source": sources, "id": None, "note": None})
