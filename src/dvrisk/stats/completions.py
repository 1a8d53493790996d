"""What an evaluation can't know because answers are open: every figure as a range over all ways to complete them.

Each person has a least and a greatest result; what is unknown could be either, or anything between. A figure's range
holds its values over all completions of everybody's open answers. Beside it stands what one would claim by reading
every unknown as a no: the figure of the least results.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dvrisk.errors import DataError
from dvrisk.stats.checks import as_row, counted
from dvrisk.stats.discrimination import auc_of
from dvrisk.stats.outcome_checks import Flags, Floats, as_outcome, as_scores, count_by_score


@dataclass(frozen=True, slots=True)
class Range:
    """A figure over all completions of the open answers.

    Attributes
    ----------
    low, high : float or None
        The least and greatest value over the completions in which it has one; None where it has none in any.
    naive : float or None
        What reading every unknown as a no would claim; None where that has no value.
    note : str
        Where the ends may be wider than the truth, or why there is no value; "" if neither.
    """

    low: float | None
    high: float | None
    naive: float | None
    note: str = ""

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"undefined: {self.note}"
        naive = "undefined" if self.naive is None else f"{self.naive:.2f}"
        return f"{self.low:.2f} to {self.high:.2f} (unknown read as no: {naive})"


@dataclass(frozen=True, slots=True)
class EdgeRange:
    """One edge between two levels, over all completions; as `Edge` of `band_table`."""

    at: str
    flagged: Range
    sensitivity: Range
    specificity: Range
    ppv: Range
    npv: Range


@dataclass(frozen=True, slots=True)
class LevelRanges:
    """What levels have meant, over all completions.

    Attributes
    ----------
    names : tuple of str
        Lowest first.
    shares, rates : tuple of Range
        Share of the people at each level; share of those with the event.
    edges : tuple of EdgeRange
        From the lowest edge up.
    """

    names: tuple[str, ...]
    shares: tuple[Range, ...]
    rates: tuple[Range, ...]
    edges: tuple[EdgeRange, ...]


def roc_auc_range(low: ArrayLike, high: ArrayLike, outcome: ArrayLike) -> Range:
    """Bound the area under the ROC curve.

    Parameters
    ----------
    low, high : array, length n
        Each person's least and greatest score.
    outcome : array of 0 and 1, length n

    Returns
    -------
    Range
        Undefined where nobody, or everybody, had the event.

    Notes
    -----
    The least area is that of the completion in which everybody with the event has the least score and everybody
    without the greatest; the greatest area is the other way round. Both orders can happen as far as each person's ends
    can, so the range is exact. Where an end needs answers that can't be true together, it is wider than the truth,
    never narrower. Where all scores are the same in one of the two orders, the area there is taken as 0.5.

    Examples
    --------
    >>> print(roc_auc_range([0, 1, 2, 2], [3, 1, 2, 4], [0, 0, 1, 1]))
    0.50 to 1.00 (unknown read as no: 1.00)
    """
    flags, least, greatest = _ends(low, high, outcome)
    worst = _area(np.where(flags, least, greatest), flags)
    best = _area(np.where(flags, greatest, least), flags)
    if worst is None or best is None:
        return Range(None, None, None, "nobody had the event" if not flags.any() else "everybody had the event")
    return Range(worst, best, _area(least, flags))


def level_ranges(low: ArrayLike, high: ArrayLike, outcome: ArrayLike, levels: Sequence[str]) -> LevelRanges:
    """Bound what each level has meant, and what each edge between levels does.

    Parameters
    ----------
    low, high : array of int, length n
        Each person's least and greatest level, as ranks from 0.
    outcome : array of 0 and 1, length n
    levels : sequence of str
        All levels, lowest first.

    Returns
    -------
    LevelRanges

    Notes
    -----
    A person is flagged for certain if the least level is at the edge or above, and perhaps if only the greatest one is.
    Sensitivity runs from the certain to the possible share of the events, and so on; a predictive value is least where
    everybody who is perhaps flagged is flagged without the event and nobody with it. All of this is exact for edges and
    for the lowest and highest level. For a level between, a person counts as possible whenever it lies between their
    ends, although a rule may jump over it: those ranges can be wider than the truth, and say so.

    Examples
    --------
    >>> found = level_ranges([0, 0, 1, 1], [0, 1, 1, 1], [0, 1, 0, 1], ["low", "high"])
    >>> print(found.edges[0].sensitivity)
    0.50 to 1.00 (unknown read as no: 0.50)
    >>> print(found.rates[0])
    0.00 to 0.50 (unknown read as no: 0.50)
    """
    flags, least, greatest = _ends(low, high, outcome)
    names = tuple(map(str, as_row(levels) or ()))
    ends = np.concatenate([least, greatest])
    if len(names) < 2 or (ends % 1 != 0).any() or ends.min() < 0 or ends.max() >= len(names):
        raise DataError("levels", ["expected at least two names, and ranks from 0, whole numbers, for each of them."])
    ranks, everybody = range(len(names)), np.ones_like(flags)
    there = [((least == k) & (greatest == k), (least <= k) & (k <= greatest), least == k) for k in ranks]
    notes = ["", *[_JUMP] * (len(names) - 2), ""]
    return LevelRanges(
        names,
        tuple(_share(*who, everybody, note) for who, note in zip(there, notes, strict=True)),
        tuple(_rate(*who, flags, note) for who, note in zip(there, notes, strict=True)),
        tuple(_edge(names[k], least >= k, greatest >= k, flags) for k in ranks[1:]),
    )


_JUMP = "may be wider than the truth: a person whose ends lie on both sides may jump over this level"


def _ends(low: ArrayLike, high: ArrayLike, outcome: ArrayLike) -> tuple[Flags, Floats, Floats]:
    flags = as_outcome(outcome)
    least, greatest = as_scores(low, flags, "low"), as_scores(high, flags, "high")
    crossed = int((least > greatest).sum())
    if crossed:
        raise DataError("low, high", [f"{counted(crossed, 'person')} with a least result above the greatest."])
    return flags, least, greatest


def _area(scores: Floats, flags: Flags) -> float | None:
    if flags.all() or not flags.any():
        return None
    area = auc_of(count_by_score(scores, flags)).value
    return 0.5 if area is None else area


def _share(certain: Flags, possible: Flags, naive: Flags, of: Flags, note: str = "") -> Range:
    """Bound the share of some people who are in a group for certain, or perhaps."""
    n = int(of.sum())
    if not n:
        return Range(None, None, None, "nobody is there to take a share of")
    counts = [int((group & of).sum()) for group in (certain, possible, naive)]
    return Range(counts[0] / n, counts[1] / n, counts[2] / n, note)


def _rate(certain: Flags, possible: Flags, naive: Flags, flags: Flags, note: str = "") -> Range:
    """Bound the share of the events among people who are in a group for certain, or perhaps."""
    if not possible.any():
        return Range(None, None, None, "nobody can be there")
    sure, perhaps = _by_outcome(certain, flags), _by_outcome(possible, flags)
    low = _least(sure[0], perhaps[1])
    high = 1 - _least(sure[1], perhaps[0])
    return Range(low, high, float(flags[naive].mean()) if naive.any() else None, note)


def _least(events: int, possible_others: int) -> float:
    """Return the least share of events among those there: as few events and as many others as can be.

    If neither is certain or possible, whoever is there had the event.
    """
    return events / (events + possible_others) if events + possible_others else 1.0


def _by_outcome(group: Flags, flags: Flags) -> tuple[int, int]:
    return int((group & flags).sum()), int((group & ~flags).sum())


def _edge(at: str, certain: Flags, possible: Flags, flags: Flags) -> EdgeRange:
    flagged = (certain, possible, certain)
    spared = (~possible, ~certain, ~certain)
    return EdgeRange(
        at,
        _share(*flagged, np.ones_like(flags)),
        _share(*flagged, flags),
        _share(*spared, ~flags),
        _rate(*flagged, flags),
        _rate(*spared, ~flags),
    )
