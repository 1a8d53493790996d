"""How far probabilities lie from a smooth curve of what happened: ICI, E50 and E90. Needs the extra `research`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dvrisk.errors import MissingExtraError
from dvrisk.stats.checks import finite_number, refuse
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.outcome_checks import Floats, as_outcome, as_scores, events_of, one_class

_FEW = 10
_MANY = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationError(Estimate):
    """How far probabilities lie from what a smooth curve says happened.

    The estimate itself is the integrated calibration index (ICI): the mean distance over the people.

    Attributes
    ----------
    e50, e90 : float or None
        The distance that half, and nine tenths, of the people do not exceed.
    probability, smoothed : array
        The probabilities, lowest first, and the curve; empty where the index is undefined.
    """

    e50: float | None
    e90: float | None
    probability: Floats
    smoothed: Floats


def calibration_error(probabilities: ArrayLike, outcome: ArrayLike, *, span: float = 0.75) -> CalibrationError:
    """Measure the distance between probabilities and a smooth curve through the outcomes.

    Parameters
    ----------
    probabilities : array of probabilities, length n
    outcome : array of 0 and 1, length n
    span : float, default 0.75
        Share of the people that each piece of the curve rests on, above 0 and up to 1.

    Returns
    -------
    CalibrationError
        From 0. Undefined where one outcome alone occurs; with fewer than 10 distinct probabilities; and where so many
        people share one that a piece of the curve would rest on it alone: read the observed rates then.

    Notes
    -----
    The smoother is lowess: straight lines, tricube weights, no robustness steps, by statsmodels; up to 5,000 people at
    every probability, beyond that at steps of a hundredth of their range, straight between them. Another smoother gives
    other numbers (R's loess is quadratic), so compare figures of the same smoother and span only. The curve is not kept
    within 0 and 1. No interval: it takes a bootstrap, and has a bias upwards in small samples.

    References
    ----------
    Austin and Steyerberg (2019). The integrated calibration index (ICI) and related metrics for quantifying the
    calibration of logistic regression models. Statistics in Medicine 38, 4051-4065. Cleveland (1979), Journal of the
    American Statistical Association 74, 829-836.

    Examples
    --------
    >>> p = np.linspace(0.05, 0.95, 19)
    >>> y = (p > 0.5).astype(int)
    >>> found = calibration_error(p, y)
    >>> round(found.value, 2), round(found.e90, 2)
    (0.16, 0.22)
    """
    problems = finite_number("span", span)
    if not problems and not 0 < span <= 1:
        problems = [f"span: got {span:g}, expected a share above 0 and up to 1."]
    refuse("calibration_error", problems)
    flags = as_outcome(outcome)
    p = as_scores(probabilities, flags, "probabilities", is_probability=True)
    name = f"integrated calibration index (lowess, local lines, span {span:g}, no robustness steps); no interval"
    (_, sizes), why = np.unique(p, return_counts=True), one_class(flags)
    if len(sizes) < _FEW:
        why = f"only {len(sizes)} distinct probabilities: read the observed rate of each"
    elif sizes.max() >= int(span * len(p) + 1e-10):
        why = f"{sizes.max()} people have one probability, as many as a piece of the curve rests on: read their rate"
    if why:
        none = np.empty(0)
        return CalibrationError(
            None, None, None, name, events_of(flags), why, e50=None, e90=None, probability=none, smoothed=none
        )
    order = np.argsort(p, kind="stable")
    ordered = p[order]
    smoothed = _lowess(ordered, flags[order], span)
    apart = np.abs(ordered - smoothed)
    e50, e90 = (float(value) for value in np.quantile(apart, [0.5, 0.9]))
    return CalibrationError(
        float(apart.mean()),
        method=name,
        counts=events_of(flags),
        e50=e50,
        e90=e90,
        probability=ordered,
        smoothed=smoothed,
    )


def _lowess(p: Floats, outcome: np.ndarray, span: float) -> Floats:
    try:
        from statsmodels.nonparametric.smoothers_lowess import lowess
    except ImportError:
        raise MissingExtraError("research", "statsmodels") from None
    step = 0.0 if len(p) <= _MANY else 0.01 * float(p[-1] - p[0])
    smoothed: Floats = lowess(outcome.astype(np.float64), p, frac=span, it=0, delta=step, return_sorted=False)
    return smoothed
