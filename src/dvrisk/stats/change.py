"""Before and after: has agreement changed, do people lean less, do they drift, and does each agree with themself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from dvrisk.errors import DataError
from dvrisk.stats.checks import confidence_level, counted, got_number, refuse, whole_number
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.intervals import jackknife_limits
from dvrisk.stats.rasch import Floats
from dvrisk.stats.raters import check_confidence, deviations, share
from dvrisk.stats.ratings import NOT_RATED, Codes, Levels, as_ratings, as_reference

SWAPS = 2000

_BLOCK = 2**20
_NIL = 1e-12
_SAME = "share of cases rated the same"
_MOVED = "second rating less first, level steps"
_ANY = (-math.inf, math.inf)
_NO_CASE = "no case was rated both times by enough people, so a change can't be told from a difference between cases"

Statistic = Callable[[Codes], Floats]
"""From stacks of ratings (..., raters, cases) to one value each; NaN where there is none."""


class _Measure(NamedTuple):
    """A statistic from 0 to its highest possible value, and what it is called."""

    values: Statistic
    name: str
    highest: float = math.inf


class _Draws(NamedTuple):
    seed: int
    n: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Change:
    """One statistic before and after.

    Attributes
    ----------
    before, after : Estimate
    difference : Estimate
        After less before, with its interval for other raters.
    p : float or None
        Chance of a difference at least as large, either way, if before and after did not matter. None where there is no
        difference to test.
    """

    before: Estimate
    after: Estimate
    difference: Estimate
    p: float | None


@dataclass(frozen=True, slots=True)
class Repeat:
    """How far people agree with their own earlier ratings.

    Attributes
    ----------
    raters : tuple of Estimate
        For each rater, the share of the repeated cases that got the same level.
    everyone : Estimate
        The mean of these shares; interval for other raters.
    shift : Estimate
        Second rating less first, in level steps, mean over raters; positive = higher the second time.
    """

    raters: tuple[Estimate, ...]
    everyone: Estimate
    shift: Estimate


def change_in_agreement(
    before: object,
    after: object,
    levels: Levels = None,
    *,
    seed: int = 0,
    n: int = SWAPS,
    confidence: float = 0.95,
) -> Change:
    """Test whether the chance that two of these people agree on a case has changed.

    Parameters
    ----------
    before, after : array-like, shape (raters, cases)
        Row for row the same people, column for column the same cases. With two sets of cases of which half of the
        people rate one first and half the other, give all cases both times, and NaN where a person did not rate a case
        at that time.
    levels : int or sequence of str, optional
    seed : int, default 0
    n : int, default 2000
        Number of random swaps, 1 or more.
    confidence : float, default 0.95

    Returns
    -------
    Change

    Raises
    ------
    DataError
        The ratings can't be used (see `as_ratings`), the two tables have different shapes, or there are no swaps.

    Notes
    -----
    Pairwise agreement as in `percent_agreement`. For p, each person's two rows are swapped or not by the toss of a
    coin: without a change, before and after are mere names. p = (1 + swaps with at least this difference) / (1 + n).
    The interval is the delete-one-rater jackknife of the difference; no end lies where no value can. If everybody rated
    one set before and another after, a change can't be told from a difference between the sets; then there is no case
    in both, and no result.

    References
    ----------
    Edgington, E. S. and Onghena, P. (2007). Randomization Tests. Chapman and Hall.

    Examples
    --------
    Four people split two and two on both cases; afterwards they agree.

    >>> split, agreed = [[0, 1], [0, 1], [1, 0], [1, 0]], [[1, 0], [1, 0], [1, 0], [1, 0]]
    >>> change = change_in_agreement(split, agreed)
    >>> round(change.before.value, 2), change.after.value, round(change.difference.value, 2)
    (0.33, 1.0, 0.67)
    """
    measure = _Measure(_agreement, "chance that two people give a case the same level", 1.0)
    return _change(*_pair(before, after, levels), measure, _Draws(seed, n, confidence))


def change_in_deviation(
    before: object,
    after: object,
    levels: Levels = None,
    *,
    seed: int = 0,
    n: int = SWAPS,
    confidence: float = 0.95,
) -> Change:
    """Test whether people lean less (or more) to one side of the others than before.

    Parameters
    ----------
    before, after, levels, seed, n, confidence
        As for `change_in_agreement`.

    Returns
    -------
    Change
        In level steps: the size of a rater's deviation from the others (`rater_deviation`), sign aside, mean over
        raters. A fall means that people lean less.

    Raises
    ------
    DataError
        As for `change_in_agreement`.

    Notes
    -----
    Test and interval as for `change_in_agreement`. Chance alone makes sizes larger than 0, before and after alike.

    Examples
    --------
    >>> change = change_in_deviation([[1, 1], [0, 0]], [[1, 0], [0, 1]])
    >>> change.before.value, change.after.value
    (1.0, 0.0)
    """
    measure = _Measure(_mean_size, "size of a rater's deviation from the others, level steps, mean over raters")
    return _change(*_pair(before, after, levels), measure, _Draws(seed, n, confidence))


def change_against_reference(
    before: object,
    after: object,
    reference: Sequence[object],
    levels: Levels = None,
    *,
    seed: int = 0,
    n: int = SWAPS,
    confidence: float = 0.95,
) -> Change:
    """Test whether people rate closer to a reference: a group can come to agree on the wrong level.

    Parameters
    ----------
    before, after, levels, seed, n, confidence
        As for `change_in_agreement`.
    reference : sequence, length cases
        Coded like the ratings; NaN or None where there is none.

    Returns
    -------
    Change
        In level steps: distance to the reference, 0 if every rating is the reference. Difference negative = closer to
        the reference than before.

    Raises
    ------
    DataError
        As for `change_in_agreement`, or the reference has another length or no level.

    Notes
    -----
    The mean over raters of the mean over cases of |rating - reference|: one level too high and one too low do not
    cancel. For the direction see `rater_deviation`. Cases without a reference are left out and counted. Test and
    interval as for `change_in_agreement`.

    Examples
    --------
    The reference is 1 for both cases. Half the people rate 2 and half 0; afterwards all rate 1.

    >>> change = change_against_reference([[2, 2], [2, 2], [0, 0], [0, 0]], [[1, 1]] * 4, [1, 1])
    >>> change.before.value, change.after.value, change.difference.value
    (1.0, 0.0, -1.0)
    """
    one, two = _pair(before, after, levels)
    right = as_reference(reference, one.shape[1], levels)

    def distance(stack: Codes) -> Floats:
        return _mean(_mean(np.abs(_from(stack, right))))

    measure = _Measure(distance, "distance to the reference, level steps, mean over raters")
    one, two = (np.where(right < 0, NOT_RATED, codes).astype(np.int8) for codes in (one, two))
    return _change(one, two, measure, _Draws(seed, n, confidence))


def rater_drift(
    rounds: Sequence[object],
    levels: Levels = None,
    *,
    references: Sequence[Sequence[object]] | None = None,
    confidence: float = 0.95,
) -> tuple[Estimate, ...]:
    """Measure how far each rater moves up or down from round to round.

    Parameters
    ----------
    rounds : sequence of array-like, shape (raters, cases)
        Two or more rounds in order, row for row the same people; the cases may differ.
    levels : int or sequence of str, optional
    references : sequence of sequence, optional
        For each round, levels to compare with instead of the others.
    confidence : float, default 0.95

    Returns
    -------
    tuple of Estimate
        For each rater, level steps a round; positive = rates higher and higher.

    Raises
    ------
    DataError
        Fewer than two rounds, rounds of different raters, or ratings that can't be used.

    Notes
    -----
    The least-squares slope of the deviation on each case (own less mean of the others in that round, or less the
    reference) on the number of the round; its interval is slope +- t SE with cases less two degrees of freedom. Against
    the others, a drift of the whole group does not show.

    Examples
    --------
    The second rater falls by one level from round to round.

    >>> [estimate.value for estimate in rater_drift([[[2, 2], [2, 2]], [[2, 2], [1, 1]]])]
    [1.0, -1.0]
    """
    check_confidence(confidence)
    for name, given in (("rounds", rounds), ("references", [] if references is None else references)):
        if not hasattr(given, "__len__") or not hasattr(given, "__getitem__"):
            raise DataError(name, [f"{got_number(given)}, expected two or more {name} in a list, in their order."])
    codes = [as_ratings(one, levels, where=f"round {number + 1}").codes for number, one in enumerate(rounds)]
    problems = ["got fewer than two rounds."] if len(codes) < 2 else []
    if len({len(table) for table in codes}) > 1:
        problems.append("the rounds have different numbers of raters; expected row for row the same people.")
    if references is not None and len(references) != len(codes):
        problems.append(f"got {counted(len(references), 'reference')}, expected one for each of {len(codes)} rounds.")
    if problems:
        raise DataError("rounds", problems)
    apart = [
        deviations(table)
        if references is None
        else _from(table, as_reference(references[number], table.shape[1], levels))
        for number, table in enumerate(codes)
    ]
    number = np.concatenate([np.full(table.shape[1], float(place)) for place, table in enumerate(apart)])
    return tuple(_slope(number, row, confidence) for row in np.hstack(apart))


def repeat_consistency(first: object, second: object, levels: Levels = None, *, confidence: float = 0.95) -> Repeat:
    """Measure how often people give the same case the same level a second time.

    Parameters
    ----------
    first, second : array-like, shape (raters, cases)
        Row for row the same people, column for column the same cases; NaN where not rated at that time.
    levels : int or sequence of str, optional
    confidence : float, default 0.95

    Returns
    -------
    Repeat

    Raises
    ------
    DataError
        The ratings can't be used, or the two tables have different shapes.

    Notes
    -----
    Shares of single raters have Wilson's interval; the two means have value +- t s / sqrt(raters).

    Examples
    --------
    >>> found = repeat_consistency([[0, 1], [1, 2]], [[0, 1], [1, 1]])
    >>> [estimate.value for estimate in found.raters], found.everyone.value, found.shift.value
    ([1.0, 0.5], 0.75, -0.25)
    """
    check_confidence(confidence)
    one, two = _pair(first, second, levels)
    moved = np.where((one < 0) | (two < 0), np.nan, two.astype(np.float64) - one)
    rows = [row[~np.isnan(row)] for row in moved]
    return Repeat(
        tuple(share(int((row == 0).sum()), len(row), "same", confidence) for row in rows),
        _over_raters([float((row == 0).mean()) for row in rows if len(row)], _SAME, confidence, (0.0, 1.0)),
        _over_raters([float(row.mean()) for row in rows if len(row)], _MOVED, confidence),
    )


# ---------------------------------------------------------------------------------------------------- the statistics


def _agreement(stack: Codes) -> Floats:
    counts = np.stack([(stack == level).sum(axis=-2) for level in range(int(stack.max()) + 1)], axis=-1)
    pairs = counts.sum(axis=-1) * (counts.sum(axis=-1) - 1)
    agreeing = (counts * (counts - 1)).sum(axis=-1)
    paired = pairs > 0
    shares = np.where(paired, agreeing / np.maximum(pairs, 1), 0.0).sum(axis=-1)
    return np.where(paired.any(axis=-1), shares / np.maximum(paired.sum(axis=-1), 1), np.nan)


def _mean_size(stack: Codes) -> Floats:
    return _mean(np.abs(_mean(deviations(stack))))


def _mean(values: Floats) -> Floats:
    """Mean over the last axis of what is known; NaN where nothing is."""
    known = ~np.isnan(values)
    number = known.sum(axis=-1)
    return np.where(number > 0, np.where(known, values, 0.0).sum(axis=-1) / np.maximum(number, 1), np.nan)


def _from(stack: Codes, reference: Codes) -> Floats:
    return np.where((stack < 0) | (reference < 0), np.nan, stack.astype(np.float64) - reference)


# ------------------------------------------------------------------------------------------------ test and interval


def _pair(first: object, second: object, levels: Levels) -> tuple[Codes, Codes]:
    one, two = (
        as_ratings(first, levels, where="first table").codes,
        as_ratings(second, levels, where="second table").codes,
    )
    if one.shape != two.shape:
        expected = "row for row the same people and column for column the same cases"
        raise DataError("ratings", [f"the tables have shapes {one.shape} and {two.shape}, expected {expected}."])
    return one, two


def _change(one: Codes, two: Codes, measure: _Measure, draws: _Draws) -> Change:
    refuse(
        "change", whole_number("seed", draws.seed, 0), whole_number("n", draws.n, 1), confidence_level(draws.confidence)
    )
    both = (one >= 0).any(axis=0) & (two >= 0).any(axis=0)
    counts = {"raters": len(one), "cases": int(both.sum()), "left_out": int((~both).sum())}
    tables = np.where(both, np.stack([one, two]), NOT_RATED).astype(np.int8)
    values = measure.values(tables) if both.any() else np.full(2, np.nan)
    if np.isnan(values).any():
        none = Estimate(None, method=measure.name, counts=counts, undefined=_NO_CASE)
        return Change(none, none, none, None)
    without = np.stack([measure.values(np.delete(tables, rater, axis=1)) for rater in range(len(one))])
    name, confidence, possible = measure.name, draws.confidence, (0.0, measure.highest)
    first, second = (_estimate(float(values[k]), without[:, k], name, counts, confidence, possible) for k in (0, 1))
    difference, moves = float(values[1] - values[0]), without[:, 1] - without[:, 0]
    possible = (-measure.highest, measure.highest)
    moved = _estimate(difference, moves, f"after less before: {name}", counts, confidence, possible)
    source = np.random.default_rng(draws.seed)
    return Change(first, second, moved, _p_by_swaps(tables, measure.values, difference, source, draws.n))


def _p_by_swaps(tables: Codes, statistic: Statistic, difference: float, source: np.random.Generator, n: int) -> float:
    """Share of random swaps of before and after, rater by rater, that differ as much; the data count as one of them."""
    as_large, step = 1, max(1, _BLOCK // tables.size)
    for start in range(0, n, step):
        swap = source.random((min(step, n - start), tables.shape[1], 1)) < 0.5
        first, second = np.where(swap, tables[1], tables[0]), np.where(swap, tables[0], tables[1])
        as_large += int((np.abs(statistic(second) - statistic(first)) >= abs(difference) - _NIL).sum())
    return as_large / (n + 1)


def _estimate(
    value: float,
    without: Floats,
    name: str,
    counts: dict[str, int],
    confidence: float,
    possible: tuple[float, float] = _ANY,
) -> Estimate:
    if len(without) < 3 or np.isnan(without).any() or np.ptp(without) < _NIL:
        why = "fewer than three raters, or no rater makes a difference"
        return Estimate(value, method=f"{name}; no interval: {why}", counts=counts)
    low, high = jackknife_limits(value, without, confidence)
    method = f"{name}; {100 * confidence:g} % interval over raters (these cases, other raters): delete-one jackknife, t"
    return Estimate(value, max(low, possible[0]), min(high, possible[1]), method, counts)


def _over_raters(values: list[float], name: str, confidence: float, possible: tuple[float, float] = _ANY) -> Estimate:
    method, counts = f"{name}, mean over raters", {"raters": len(values)}
    if not values:
        return Estimate(None, method=method, counts=counts, undefined="nobody rated the same case twice")
    array = np.array(values)
    without = (array.sum() - array) / max(1, len(array) - 1)
    return _estimate(float(array.mean()), without, method, counts, confidence, possible)


def _slope(number: Floats, apart: Floats, confidence: float) -> Estimate:
    known = ~np.isnan(apart)
    x, y = number[known], apart[known]
    method, counts = "level steps a round, least squares", {"cases": len(x), "rounds": len(set(x.tolist()))}
    if counts["rounds"] < 2:
        return Estimate(None, method=method, counts=counts, undefined="this rater can be compared in one round at most")
    across = x - x.mean()
    value = float(across @ y / (across @ across))
    rest = y - y.mean() - value * across
    if len(x) < 3 or float(rest @ rest) < _NIL:
        return Estimate(value, method=f"{method}; no interval: too few cases, or no scatter", counts=counts)
    error = (float(rest @ rest) / (len(x) - 2) / float(across @ across)) ** 0.5
    reach = float(stdtrit(len(x) - 2, 0.5 + confidence / 2)) * error
    return Estimate(value, value - reach, value + reach, f"{method}; slope +- t SE, {confidence:.0%}", counts)
