"""Are probabilities too low, too high or too extreme: logistic calibration, fitted on people counted by probability."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logit, ndtri

from dvrisk.stats.checks import confidence_level, refuse
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.outcome_checks import Counts, Floats, as_outcome, as_scores, count_by_score, events_of, one_class

_STEPS, _NIL, _BLOCK = 100, 1e-12, 8_192
_LARGE, _SLOPE, _INTERCEPT = "calibration in the large, logit", "calibration slope", "calibration intercept, logit"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationLine(Estimate):
    """Logistic calibration of probabilities.

    The estimate itself is the slope: 1 is right; below 1, the probabilities are too extreme.

    Attributes
    ----------
    in_the_large : Estimate
        Events less expected events, on the logit scale, the slope held at 1: above 0, more events than the
        probabilities say.
    intercept : Estimate
        Of the line with the slope.
    """

    in_the_large: Estimate
    intercept: Estimate

    @property
    def slope(self) -> Estimate:
        """The estimate itself, by its name."""
        return self


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
    certain = int(((p == 0) | (p == 1)).sum())
    why, numbers = one_class(flags), events_of(flags)
    if certain:
        why = f"{certain} probabilities are exactly 0 or 1, which has no logit; nothing is clipped"
    if why:
        return _line(*(Estimate(None, method=name, counts=numbers, undefined=why) for name in _NAMES))
    counts = count_by_score(p, flags)
    why = _no_line(counts)
    x = logit(counts.values, out=counts.values)
    large = _wald(_LARGE, *_fit(x, counts, with_slope=False), 0, confidence, numbers)
    if why:
        none = [Estimate(None, method=name, counts=numbers, undefined=why) for name in _NAMES[1:]]
        return _line(large, *none)
    fitted = _fit(x, counts, with_slope=True)
    slope = _wald(_SLOPE, *fitted, 1, confidence, numbers)
    return _line(large, slope, _wald(_INTERCEPT, *fitted, 0, confidence, numbers))


_NAMES = (_LARGE, _SLOPE, _INTERCEPT)


def _line(large: Estimate, slope: Estimate, intercept: Estimate) -> CalibrationLine:
    return CalibrationLine(
        slope.value,
        slope.low,
        slope.high,
        slope.method,
        slope.counts,
        slope.undefined,
        in_the_large=large,
        intercept=intercept,
    )


def _no_line(counts: Counts) -> str | None:
    if len(counts.values) == 1:
        return "all probabilities are the same"
    with_event, without = counts.values[counts.events > 0], counts.values[counts.others > 0]
    if with_event[0] >= without[-1] or with_event[-1] <= without[0]:  # up to ties at the one that divides them
        return "the probabilities separate the outcomes"
    return None


class _Fit(NamedTuple):
    """Log-likelihood at some coefficients, with its slope and its curvature there."""

    likelihood: float
    gradient: Floats
    information: Floats


def _fit(x: Floats, counts: Counts, *, with_slope: bool) -> tuple[Floats, NDArray[np.floating]]:
    """Fit by Newton's method; return the coefficients, intercept first, and their covariance."""
    beta, free = np.array([0.0, 1.0]), 2 if with_slope else 1
    at = _at(beta, x, counts)
    for _ in range(_STEPS):
        step = np.zeros(2)
        step[:free] = np.linalg.solve(at.information[:free, :free], at.gradient[:free])
        new = _at(beta + step, x, counts)
        while new.likelihood < at.likelihood - _NIL * abs(at.likelihood) and np.abs(step).max() > _NIL:
            step /= 2  # until the likelihood does not fall
            new = _at(beta + step, x, counts)
        beta, at = beta + step, new
        if np.abs(step).max() < _NIL:
            break
    covariance: NDArray[np.floating] = np.linalg.inv(at.information[:free, :free])
    return beta, covariance


def _at(beta: Floats, x: Floats, counts: Counts) -> _Fit:
    """Go through the people block by block, so that what is in between stays small."""
    likelihood, gradient, information = 0.0, np.zeros(2), np.zeros((2, 2))
    for start in range(0, len(x), _BLOCK):
        part = slice(start, start + _BLOCK)
        of, events = x[part], counts.events[part].astype(np.float64)
        sizes = events + counts.others[part]
        eta = beta[0] + beta[1] * of
        none = np.logaddexp(0, eta)  # -ln(1 - p)
        likelihood += float(events @ eta - sizes @ none)
        p = np.exp(eta - none)
        left, weight = events - sizes * p, sizes * p * np.exp(-none)
        gradient += [left.sum(), left @ of]
        weighted = weight * of
        information += [[weight.sum(), weighted.sum()], [weighted.sum(), weighted @ of]]
    return _Fit(likelihood, gradient, information)


def _wald(
    name: str, beta: Floats, covariance: NDArray[np.floating], which: int, confidence: float, numbers: dict[str, int]
) -> Estimate:
    value = float(beta[which])
    half = float(ndtri(0.5 + confidence / 2)) * sqrt(covariance[which, which])
    return Estimate(value, value - half, value + half, f"{name}; {100 * confidence:g} % interval by Wald", numbers)
