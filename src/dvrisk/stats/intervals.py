"""Intervals: how far a value would move with other raters, or with other cases.

Two questions, two intervals. Over raters: the same cases, rated by other people like these. Over cases: the same
people, rating other cases like these. With a dozen cases the second is wide, whatever the number of raters.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

from dvrisk.stats.checks import confidence_level, refuse, whole_number
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.moments import FloatArray, Moments, Tally, from_rows, marks_of, moments_by_case, moments_of

Sample = Literal["raters", "cases"]
Interval = Literal["jackknife", "bca"]
Values = Callable[[Moments], FloatArray]
"""From sums to values; leading axes are replicates, the last axis is one or more statistics."""

REPLICATES = 2_000

FEWEST_CASES_FOR_BCA = 30

FEWEST_CASES_FOR_ALPHA = 8
"""With fewer cases alpha is printed without a verdict: its intervals miss too often, and it is too low on average."""

_FEWEST_LEFT_OUT = 3
_MOST_UNDEFINED = 0.01
_CELLS = 2**20
_NIL = 1e-12
_QUESTIONS = {"raters": "these cases, other raters", "cases": "these raters, other cases"}


@dataclass(frozen=True, slots=True)
class Plan:
    """How an interval is made.

    Attributes
    ----------
    sample : {'raters', 'cases'}
        What the interval generalises to: other raters, or other cases.
    interval : {'jackknife', 'bca'} or None
        Delete-one jackknife with a quantile of t, BCa bootstrap (over 30 cases or more), or no interval.
    confidence : float
        Share of such intervals that hold the true value, from 0.5 to below 1.
    seed : int
        Start of the random draws of the bootstrap.
    """

    sample: Sample = "raters"
    interval: Interval | None = "jackknife"
    confidence: float = 0.95
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Statistic:
    """What an estimate says of itself.

    Attributes
    ----------
    name : str
        The statistic in words, with its weights.
    lowest : float
        Its lowest possible value; the highest is 1.
    if_undefined : str
        Why it has no value where the formula gives none.
    by_chance : bool
        Whether it is corrected for chance, so that it says nothing if all ratings are one level.
    fewest_cases : int
        With fewer cases it carries no verdict.
    """

    name: str
    lowest: float = 0.0
    if_undefined: str = "no case has two ratings"
    by_chance: bool = False
    fewest_cases: int = 0


def estimates(
    counted: Tally, statistics: Sequence[Statistic], values: Values, plan: Plan, replicates: int = REPLICATES
) -> list[Estimate]:
    """Return value and interval of each statistic; `values` has one column for each.

    Raises
    ------
    DataError
        The plan can't be carried out.
    """
    check_plan(plan, len(counted.paired))
    sums = moments_of(counted.by_case, counted.by_rater)
    points = values(sums)
    left_out = drawn = np.full((0, points.size), np.nan)
    if plan.interval and sums.paired:
        left_out = left_out_values(counted, values, plan.sample)
    if plan.interval == "bca":
        drawn = drawn_values(counted, values, replicates, plan.seed)
    counts = _counts(counted, sums)
    columns = zip(statistics, points.tolist(), left_out.T, drawn.T, strict=True)
    return [_estimate(statistic, sums, value, left, draws, plan, counts) for statistic, value, left, draws in columns]


def _estimate(
    statistic: Statistic,
    sums: Moments,
    value: float,
    left_out: FloatArray,
    drawn: FloatArray,
    plan: Plan,
    counts: Mapping[str, int],
) -> Estimate:
    reason = _undefined(statistic, sums, value)
    if reason:
        return Estimate(None, method=statistic.name, counts=counts, undefined=reason)
    low, high, how = limits(value, left_out, drawn, plan)
    if low is not None and high is not None:
        low, high = max(low, statistic.lowest), min(high, 1.0)
    few = sums.paired < statistic.fewest_cases
    verdict = f"; fewer than {statistic.fewest_cases} cases: too few for a verdict" if few else ""
    return Estimate(value, low, high, f"{statistic.name}; {how}{verdict}", counts)


def check_plan(plan: Plan, n_cases: int) -> None:
    """Raise DataError if the interval can't be made."""
    problems = []
    if plan.sample not in get_args(Sample):
        problems.append("sample: expected raters (other raters) or cases (other cases).")
    if plan.interval not in (*get_args(Interval), None):
        problems.append("interval: expected jackknife, bca or None.")
    if plan.interval == "bca" and plan.sample == "raters":
        problem = "a person drawn twice agrees with themself, so a bootstrap over raters is too narrow"
        problems.append(f"interval: {problem}. Use jackknife.")
    if plan.interval == "bca" and plan.sample == "cases" and n_cases < FEWEST_CASES_FOR_BCA:
        problem = f"interval: got {n_cases} cases with two ratings, expected {FEWEST_CASES_FOR_BCA} or more for bca."
        problems.append(f"{problem} Use jackknife.")
    refuse("agreement", problems, confidence_level(plan.confidence), whole_number("seed", plan.seed, 0))


def limits(value: float, left_out: FloatArray, drawn: FloatArray, plan: Plan) -> tuple[float | None, float | None, str]:
    """Return both ends and how they were made, or None twice and why there are none."""
    if plan.interval is None:
        return None, None, "no interval asked for"
    reason = _why_none(left_out, drawn, plan.sample)
    if reason:
        return None, None, f"no interval: {reason}"
    start = f"{100 * plan.confidence:g} % interval over {plan.sample} ({_QUESTIONS[plan.sample]}): "
    if plan.interval == "jackknife":
        low, high = jackknife_limits(value, left_out, plan.confidence)
        return low, high, f"{start}delete-one jackknife, t with {len(left_out) - 1} degrees of freedom"
    usable = drawn[~np.isnan(drawn)]
    low, high = bca_limits(value, usable, left_out, plan.confidence)
    lost = f", {len(drawn) - len(usable)} of them undefined and left out" if len(usable) < len(drawn) else ""
    return low, high, f"{start}BCa bootstrap, {len(drawn)} draws{lost}, seed {plan.seed}"


def jackknife_limits(value: float, left_out: FloatArray, confidence: float) -> tuple[float, float]:
    """Value plus and minus a quantile of t times the jackknife standard error.

    Notes
    -----
    With v_i the value without unit i, of n units, and v their mean: SE^2 = (n - 1) / n * sum (v_i - v)^2, and t has
    n - 1 degrees of freedom.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 11.

    Examples
    --------
    Of a mean, it is the usual standard error: the mean of 1, 2 and 6 is 3, its standard error 1.53, times 4.30 is 6.57.

    >>> low, high = jackknife_limits(3.0, np.array([4.0, 3.5, 1.5]), 0.95)
    >>> round(low, 2), round(high, 2)
    (-3.57, 9.57)
    """
    half = float(stdtrit(len(left_out) - 1, (1 + confidence) / 2)) * standard_error(left_out)
    return value - half, value + half


def standard_error(left_out: FloatArray) -> float:
    """Jackknife standard error from the values without each unit."""
    number = len(left_out)
    return math.sqrt((number - 1) / number * float(((left_out - left_out.mean()) ** 2).sum()))


def bca_limits(value: float, drawn: FloatArray, left_out: FloatArray, confidence: float) -> tuple[float, float]:
    """Quantiles of the bootstrap draws, shifted for bias and for a spread that changes with the value.

    Notes
    -----
    z0 is the normal quantile of the share of draws below the value (ties half), a = sum d^3 / (6 (sum d^2)^1.5) with d
    the mean of the leave-one-out values minus each of them; the quantile for z is that of
    Phi(z0 + (z0 + z) / (1 - a (z0 + z))).

    References
    ----------
    Efron (1987), Better bootstrap confidence intervals, Journal of the American Statistical Association 82.
    """
    ties = np.abs(drawn - value) <= _NIL
    below = (np.count_nonzero((drawn < value) & ~ties) + np.count_nonzero(ties) / 2) / len(drawn)
    shift = ndtri(np.clip(below, 0.5 / len(drawn), 1 - 0.5 / len(drawn)))
    spread = left_out.mean() - left_out
    skew = (spread**3).sum() / (6 * ((spread**2).sum()) ** 1.5)
    ends = shift + ndtri([(1 - confidence) / 2, (1 + confidence) / 2])
    low, high = np.quantile(drawn, ndtr(shift + ends / np.maximum(1 - skew * ends, _NIL)))
    return float(low), float(high)


def left_out_values(counted: Tally, values: Values, sample: Sample) -> FloatArray:
    """Return the values without each rater, or without each case that has two ratings."""
    return _without_each_rater(counted, values) if sample == "raters" else _without_each_case(counted, values)


def drawn_values(counted: Tally, values: Values, replicates: int, seed: int) -> FloatArray:
    """Return the values for cases drawn with putting back. Cases with one rating or none stay as they are."""
    draw = np.random.default_rng(seed)
    n_cases, n_paired = counted.by_case.shape[1], len(counted.paired)
    parts = []
    for block in _blocks(replicates, 4 * _CELLS // n_cases):
        picks = draw.integers(0, n_paired, (len(block), n_paired)) + n_paired * np.arange(len(block))[:, None]
        times = np.ones((len(block), n_cases))
        times[:, counted.paired] = np.bincount(picks.ravel(), minlength=picks.size).reshape(picks.shape)
        parts.append(values(_repeated(counted, times)))
    return np.concatenate(parts)


def _repeated(counted: Tally, times: FloatArray) -> Moments:
    """Return the sums with each case counted `times`; one row a replicate."""
    n_raters, n_levels = counted.by_rater.shape
    rows = np.zeros((len(times), 3 * n_levels**2 + n_levels + 2))
    by_rater = np.zeros((len(times), n_raters * n_levels))
    for cases in _blocks(times.shape[1], 4 * _CELLS // (n_levels * max(n_raters, 4 * n_levels))):
        marks = marks_of(counted.codes[:, cases], n_levels).reshape(n_raters * n_levels, -1)
        rows += times[:, cases] @ moments_by_case(counted.by_case[:, cases])
        by_rater += times[:, cases] @ marks.T
    return from_rows(rows, by_rater.reshape(-1, n_raters, n_levels))


def _without_each_rater(counted: Tally, values: Values) -> FloatArray:
    n_raters, n_levels = counted.by_rater.shape
    parts = []
    for block in _blocks(n_raters, _CELLS // counted.by_case.size):
        by_rater = np.repeat(counted.by_rater[None], len(block), axis=0)
        by_rater[np.arange(len(block)), block] = 0
        parts.append(values(moments_of(counted.by_case - marks_of(counted.codes[block], n_levels), by_rater)))
    return np.concatenate(parts)


def _without_each_case(counted: Tally, values: Values) -> FloatArray:
    n_raters, n_levels = counted.by_rater.shape
    step = _CELLS // (n_levels * max(n_raters, 4 * n_levels))
    blocks = _blocks(counted.by_case.shape[1], step)
    whole = sum(moments_by_case(counted.by_case[:, cases]).sum(axis=0) for cases in blocks)
    parts = []
    for block in _blocks(len(counted.paired), step):
        cases = counted.paired[block]
        by_rater = counted.by_rater - np.moveaxis(marks_of(counted.codes[:, cases], n_levels), -1, 0)
        parts.append(values(from_rows(whole - moments_by_case(counted.by_case[:, cases]), by_rater)))
    return np.concatenate(parts)


def _blocks(length: int, step: int) -> list[NDArray[np.intp]]:
    step = max(1, step)
    return [np.arange(first, min(first + step, length)) for first in range(0, length, step)]


def _counts(counted: Tally, sums: Moments) -> dict[str, int]:
    n_raters, n_cases = counted.codes.shape
    return {
        "raters": n_raters,
        "cases": n_cases,
        "ratings": int(counted.by_rater.sum()),
        "pairs": int(sums.pairs.sum()) // 2,
        "left_out": n_cases - int(sums.paired),
    }


def _undefined(statistic: Statistic, sums: Moments, value: float) -> str | None:
    if not sums.paired:
        return "no case has two ratings"
    if statistic.by_chance and np.count_nonzero(sums.shares) == 1:
        return "every rating is the same level"
    return statistic.if_undefined if math.isnan(value) else None


def _why_none(left_out: FloatArray, drawn: FloatArray, sample: Sample) -> str | None:
    one = sample.removesuffix("s")
    if len(left_out) < _FEWEST_LEFT_OUT:
        return f"it takes {_FEWEST_LEFT_OUT} {sample} or more"
    if np.isnan(left_out).any():
        return f"without one of the {sample} there is no value"
    if np.ptp(left_out) < _NIL:
        return f"the value is the same without any one {one}, so nothing shows how far it would move"
    if np.count_nonzero(np.isnan(drawn)) > _MOST_UNDEFINED * len(drawn):
        return "too many of the draws have no value. Use the jackknife"
    return None
