"""Do probabilities mean what they say: Brier score, calibration line, and the CORP reliability curve."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import isotonic_regression
from scipy.special import expit, logit, ndtri

from dvrisk.stats.checks import confidence_level, refuse, whole_number
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.outcome_checks import Counts, Flags, Floats, as_outcome, as_scores, count_by_score

_STEPS, _NIL = 100, 1e-12


@dataclass(frozen=True, slots=True)
class Brier:
    """The Brier score, beside what the base rate alone would have.

    Attributes
    ----------
    score : Estimate
        Mean squared distance between probability and outcome: 0 is perfect.
    base_rate : float
        Share of the people with the event.
    of_base_rate : float
        Score of giving everybody the base rate.
    skill : Estimate
        1 - score / of_base_rate: above 0, better than the base rate; undefined where one outcome alone occurs.
    """

    score: Estimate
    base_rate: float
    of_base_rate: float
    skill: Estimate


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """Logistic calibration of probabilities.

    Attributes
    ----------
    in_the_large : Estimate
        Events less expected events, on the logit scale, the slope held at 1: above 0, more events than the
        probabilities say.
    slope : Estimate
        1 is right; below 1, the probabilities are too extreme.
    intercept : Estimate
        Of the line with that slope.
    """

    in_the_large: Estimate
    slope: Estimate
    intercept: Estimate


@dataclass(frozen=True, slots=True)
class Reliability:
    """The CORP reliability curve and its three terms.

    Attributes
    ----------
    probability : array
        The distinct probabilities, lowest first.
    recalibrated : array
        Share of events that isotonic regression gives each of them.
    people : array of int
        How many have each of them.
    low, high : array
        Band in which the curve would lie in so many of 100 samples if the probabilities were right; empty without one.
    miscalibration, discrimination, uncertainty : float
        Brier score = miscalibration - discrimination + uncertainty.
    """

    probability: Floats
    recalibrated: Floats
    people: np.ndarray
    low: Floats
    high: Floats
    miscalibration: float
    discrimination: float
    uncertainty: float


def brier(probabilities: ArrayLike, outcome: ArrayLike, *, confidence: float = 0.95) -> Brier:
    """Measure how far probabilities lie from what happened.

    Parameters
    ----------
    probabilities : array of probabilities, length n
    outcome : array of 0 and 1, length n
    confidence : float, default 0.95

    Returns
    -------
    Brier

    Notes
    -----
    Mean of (p - y)^2; the interval is mean +- z s / sqrt(n). The base rate alone has r (1 - r).

    References
    ----------
    Brier (1950). Verification of forecasts expressed in terms of probability. Monthly Weather Review 78, 1-3.

    Examples
    --------
    >>> found = brier([0.1, 0.4, 0.6, 0.9], [0, 0, 1, 1])
    >>> round(found.score.value, 3), found.of_base_rate, round(found.skill.value, 2)
    (0.085, 0.25, 0.66)
    """
    refuse("brier", confidence_level(confidence))
    flags = as_outcome(outcome)
    p = as_scores(probabilities, flags, "probabilities", is_probability=True)
    apart, n, rate = (p - flags) ** 2, len(flags), float(flags.mean())
    value, numbers = float(apart.mean()), _numbers(flags)
    if n < 2:
        score = Estimate(value, method="Brier score; no interval: one person", counts=numbers)
    else:
        half = float(ndtri(0.5 + confidence / 2)) * float(apart.std(ddof=1)) / sqrt(n)
        method = f"Brier score; {100 * confidence:g} % interval from the spread over people"
        score = Estimate(value, max(0.0, value - half), min(1.0, value + half), method, numbers)
    own = rate * (1 - rate)
    if own:
        skill = Estimate(1 - value / own, method="1 - Brier score / that of the base rate", counts=numbers)
    else:
        skill = Estimate(None, method="Brier skill", counts=numbers, undefined=_one_outcome(flags))
    return Brier(score, rate, own, skill)


def calibration_line(probabilities: ArrayLike, outcome: ArrayLike, *, confidence: float = 0.95) -> CalibrationLine:
    """Fit outcome on the logit of the probabilities.

    Parameters
    ----------
    probabilities : array of probabilities, length n
    outcome : array of 0 and 1, length n
    confidence : float, default 0.95

    Returns
    -------
    CalibrationLine
        Undefined where a probability is exactly 0 or 1, which has no logit: nothing is clipped. Undefined also where
        one outcome alone occurs, and the slope where all probabilities are the same or separate the outcomes.

    Notes
    -----
    logit P(event) = a + b logit(p), by maximum likelihood (Newton); calibration in the large is a with b = 1.
    Intervals are Wald's.

    References
    ----------
    Cox (1958). Two further applications of a model for binary regression. Biometrika 45, 562-565.

    Examples
    --------
    >>> p = np.repeat([0.2, 0.5, 0.8], 10)
    >>> y = np.concatenate([np.arange(10) < k for k in (2, 5, 8)])
    >>> line = calibration_line(p, y)
    >>> round(line.slope.value, 6), abs(line.in_the_large.value) < 1e-6
    (1.0, True)
    """
    refuse("calibration_line", confidence_level(confidence))
    flags = as_outcome(outcome)
    p = as_scores(probabilities, flags, "probabilities", is_probability=True)
    counts, numbers = count_by_score(p, flags), _numbers(flags)
    certain = int(((p == 0) | (p == 1)).sum())
    why = _one_outcome(flags)
    if certain:
        why = f"{certain} probabilities are exactly 0 or 1, which has no logit; nothing is clipped"
    if why:
        none = [Estimate(None, method=name, counts=numbers, undefined=why) for name in _LINE]
        return CalibrationLine(*none)
    x = logit(counts.values)
    large = _fit(x, counts, with_slope=False)
    line = None if len(x) == 1 or _separated(counts) else _fit(x, counts, with_slope=True)
    first = _wald(_LINE[0], large[0][0], large[1][0, 0], confidence, numbers)
    if line is None:
        why = "all probabilities are the same" if len(x) == 1 else "the probabilities separate the outcomes"
        none = [Estimate(None, method=name, counts=numbers, undefined=why) for name in _LINE[1:]]
        return CalibrationLine(first, *none)
    (intercept, slope), spread = line
    return CalibrationLine(
        first,
        _wald(_LINE[1], slope, spread[1, 1], confidence, numbers),
        _wald(_LINE[2], intercept, spread[0, 0], confidence, numbers),
    )


_LINE = ("calibration in the large, logit", "calibration slope", "calibration intercept, logit")


def reliability_curve(
    probabilities: ArrayLike, outcome: ArrayLike, *, confidence: float | None = 0.9, draws: int = 1000, seed: int = 0
) -> Reliability:
    """Recalibrate by isotonic regression, and split the Brier score.

    Parameters
    ----------
    probabilities : array of probabilities, length n
    outcome : array of 0 and 1, length n
    confidence : float or None, default 0.9
        Of the band; None for none.
    draws : int, default 1000
        Samples drawn for the band.
    seed : int, default 0

    Returns
    -------
    Reliability

    Notes
    -----
    With S the Brier score of the probabilities, C that of the recalibrated ones and R that of the base rate:
    miscalibration S - C, discrimination R - C, uncertainty R. The band holds the curve, point by point, in so many of
    100 samples in which every outcome was drawn with its probability.

    References
    ----------
    Dimitriadis, Gneiting and Jordan (2021). Stable reliability diagrams for probabilistic classifiers. Proceedings of
    the National Academy of Sciences 118(8), e2016191118.

    Examples
    --------
    >>> curve = reliability_curve([0.1, 0.2, 0.2, 0.9], [0, 1, 0, 1], confidence=None)
    >>> curve.recalibrated
    array([0. , 0.5, 1. ])
    >>> round(curve.miscalibration - curve.discrimination + curve.uncertainty, 3)
    0.175
    """
    problems = [] if confidence is None else confidence_level(confidence)
    refuse("reliability_curve", problems, whole_number("draws", draws, 1), whole_number("seed", seed, 0))
    flags = as_outcome(outcome)
    p = as_scores(probabilities, flags, "probabilities", is_probability=True)
    counts = count_by_score(p, flags)
    sizes = counts.events + counts.others
    fitted = _isotonic(counts.events / sizes, sizes)
    n, rate = len(flags), float(flags.mean())
    own = float((counts.events * (1 - counts.values) ** 2 + counts.others * counts.values**2).sum() / n)
    best = float((counts.events * (1 - fitted) ** 2 + counts.others * fitted**2).sum() / n)
    base = rate * (1 - rate)
    low, high = _band(counts.values, sizes, confidence, draws, seed)
    return Reliability(counts.values, fitted, sizes, low, high, own - best, base - best, base)


def _isotonic(shares: Floats, weights: np.ndarray) -> Floats:
    fitted: Floats = isotonic_regression(shares, weights=weights.astype(np.float64)).x
    return np.clip(fitted, 0.0, 1.0)


def _band(values: Floats, sizes: np.ndarray, confidence: float | None, draws: int, seed: int) -> tuple[Floats, Floats]:
    if confidence is None:
        return np.empty(0), np.empty(0)
    source = np.random.default_rng(seed)
    drawn = np.array([_isotonic(source.binomial(sizes, values) / sizes, sizes) for _ in range(draws)])
    low, high = np.quantile(drawn, [0.5 - confidence / 2, 0.5 + confidence / 2], axis=0)
    return low, high


def _fit(x: Floats, counts: Counts, *, with_slope: bool) -> tuple[Floats, Floats]:
    """Fit by Newton's method on people counted by probability; return the coefficients and their covariance."""
    design = np.column_stack([np.ones_like(x), x]) if with_slope else np.ones((len(x), 1))
    offset = np.zeros_like(x) if with_slope else x
    sizes = (counts.events + counts.others).astype(np.float64)
    beta = np.array([0.0, 1.0]) if with_slope else np.zeros(1)
    likelihood = _log_likelihood(offset + design @ beta, counts)
    for _ in range(_STEPS):
        p = expit(offset + design @ beta)
        weight = sizes * p * (1 - p)
        information = design.T @ (design * weight[:, None])
        step = np.linalg.solve(information, design.T @ (counts.events - sizes * p))
        while True:  # halve the step until the likelihood does not fall
            new = _log_likelihood(offset + design @ (beta + step), counts)
            if new >= likelihood - _NIL * abs(likelihood) or np.abs(step).max() < _NIL:
                break
            step = step / 2
        beta, likelihood = beta + step, new
        if np.abs(step).max() < _NIL:
            break
    return beta, np.linalg.inv(information)


def _log_likelihood(eta: Floats, counts: Counts) -> float:
    return float(-(counts.events * np.logaddexp(0, -eta) + counts.others * np.logaddexp(0, eta)).sum())


def _separated(counts: Counts) -> bool:
    """Whether some probability divides those with the event from those without, up to ties at that one."""
    with_event, without = counts.values[counts.events > 0], counts.values[counts.others > 0]
    return bool(with_event.min() >= without.max() or with_event.max() <= without.min())


def _wald(name: str, value: float, variance: float, confidence: float, numbers: dict[str, int]) -> Estimate:
    half = float(ndtri(0.5 + confidence / 2)) * sqrt(variance)
    value = float(value)
    return Estimate(value, value - half, value + half, f"{name}; {100 * confidence:g} % interval by Wald", numbers)


def _numbers(flags: Flags) -> dict[str, int]:
    events = int(flags.sum())
    return {"events": events, "others": len(flags) - events}


def _one_outcome(flags: Flags) -> str | None:
    return "nobody had the event" if not flags.any() else "everybody had the event" if flags.all() else None
