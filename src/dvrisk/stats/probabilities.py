"""How far probabilities lie from what happened: Brier score, log loss, and the CORP reliability curve."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import isotonic_regression
from scipy.special import ndtri, xlogy

from dvrisk.stats.checks import confidence_level, refuse, whole_number
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.outcome_checks import (
    Counts,
    Flags,
    Floats,
    as_outcome,
    as_scores,
    count_by_score,
    events_of,
    one_class,
)

_KEPT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbabilityScore(Estimate):
    """A mean loss of probabilities, beside what the base rate alone would have.

    The estimate itself is the loss: 0 is perfect.

    Attributes
    ----------
    base_rate : float
        Share of the people with the event.
    of_base_rate : float
        Loss of giving everybody the base rate.
    skill : Estimate
        1 - loss / of_base_rate: above 0, better than the base rate; undefined where one outcome alone occurs.
    """

    base_rate: float
    of_base_rate: float
    skill: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability(Estimate):
    """The CORP reliability curve and its three terms.

    The estimate itself is the miscalibration. Brier score = miscalibration - discrimination + uncertainty.

    Attributes
    ----------
    probability : array
        The distinct probabilities, lowest first.
    recalibrated : array
        Share of events that isotonic regression gives each of them.
    people : array of int
        How many have each of them.
    band_low, band_high : array
        Band in which the curve would lie in so many of 100 samples if the probabilities were right; empty without one.
    miscalibration, discrimination, uncertainty : float
    """

    probability: Floats
    recalibrated: Floats
    people: np.ndarray
    band_low: Floats
    band_high: Floats
    miscalibration: float
    discrimination: float
    uncertainty: float


def brier(probabilities: ArrayLike, outcome: ArrayLike, *, confidence: float = 0.95) -> ProbabilityScore:
    """Measure how far probabilities lie from what happened.

    Parameters
    ----------
    probabilities : array of probabilities, length n
    outcome : array of 0 and 1, length n
    confidence : float, default 0.95

    Returns
    -------
    ProbabilityScore
        From 0, perfect, to 1.

    Raises
    ------
    DataError
        A probability lies outside 0 to 1, or the outcomes can't be used.

    Notes
    -----
    Mean of (p - y)^2; the interval is mean +- z s / sqrt(n). The base rate alone has r (1 - r).

    References
    ----------
    Brier (1950). Verification of forecasts expressed in terms of probability. Monthly Weather Review 78, 1-3.

    Examples
    --------
    >>> found = brier([0.1, 0.4, 0.6, 0.9], [0, 0, 1, 1])
    >>> round(found.value, 3), found.of_base_rate, round(found.skill.value, 2)
    (0.085, 0.25, 0.66)
    """
    refuse("brier", confidence_level(confidence))
    flags = as_outcome(outcome)
    p = as_scores(probabilities, flags, "probabilities", is_probability=True)
    losses = p - flags
    losses *= losses
    rate = float(flags.mean())
    return _score("Brier score", losses, flags, rate * (1 - rate), confidence, most=1.0)


def log_loss(probabilities: ArrayLike, outcome: ArrayLike, *, confidence: float = 0.95) -> ProbabilityScore:
    """Measure how surprised one would be by what happened.

    Parameters
    ----------
    probabilities : array of probabilities, length n
    outcome : array of 0 and 1, length n
    confidence : float, default 0.95

    Returns
    -------
    ProbabilityScore
        0 is perfect. Undefined where somebody had what was given a probability of exactly 0: the loss is infinite, and
        nothing is clipped to hide it.

    Notes
    -----
    Mean of -y ln(p) - (1 - y) ln(1 - p), in nats; the interval as for `brier`.

    References
    ----------
    Good (1952). Rational decisions. Journal of the Royal Statistical Society B 14, 107-114.

    Examples
    --------
    >>> found = log_loss([0.1, 0.4, 0.6, 0.9], [0, 0, 1, 1])
    >>> round(found.value, 3), round(found.of_base_rate, 3)
    (0.308, 0.693)
    >>> print(log_loss([0.0, 0.4, 0.6, 0.9], [1, 0, 1, 1]))
    undefined: 1 person had what was given a probability of 0, so the loss is infinite; nothing is clipped
    """
    refuse("log_loss", confidence_level(confidence))
    flags = as_outcome(outcome)
    p = as_scores(probabilities, flags, "probabilities", is_probability=True)
    rate = float(flags.mean())
    own = float(-xlogy(rate, rate) - xlogy(1 - rate, 1 - rate))
    given = np.where(flags, p, 1 - p)
    surprised = int((given == 0).sum())
    if surprised:
        who = "1 person" if surprised == 1 else f"{surprised} people"
        why = f"{who} had what was given a probability of 0, so the loss is infinite; nothing is clipped"
        none = Estimate(None, method="log loss skill", counts=events_of(flags), undefined=why)
        return ProbabilityScore(
            None, None, None, "log loss", events_of(flags), why, base_rate=rate, of_base_rate=own, skill=none
        )
    return _score("log loss", -np.log(given), flags, own, confidence, most=inf)


def _score(
    name: str, losses: Floats, flags: Flags, of_base_rate: float, confidence: float, most: float
) -> ProbabilityScore:
    value, n, numbers, why = float(losses.mean()), len(flags), events_of(flags), one_class(flags)
    skill = Estimate(None, method=f"{name} skill", counts=numbers, undefined=why)
    if why is None:
        skill = Estimate(1 - value / of_base_rate, method=f"1 - {name} / that of the base rate", counts=numbers)
    low = high = None
    method = f"{name}; no interval: one person"
    if n > 1:
        half = float(ndtri(0.5 + confidence / 2)) * float(losses.std(ddof=1)) / sqrt(n)
        low, high = max(0.0, value - half), min(most, value + half)
        method = f"{name}; {100 * confidence:g} % interval from the spread over people"
    return ProbabilityScore(
        value, low, high, method, numbers, base_rate=float(flags.mean()), of_base_rate=of_base_rate, skill=skill
    )


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
    fitted = _isotonic(counts.events, counts.sizes)
    rate = float(flags.mean())
    own, best, base = _brier_of(counts.values, counts), _brier_of(fitted, counts), rate * (1 - rate)
    low, high = _band(counts.values, counts.sizes, confidence, draws, seed)
    method = f"CORP miscalibration by isotonic regression; distinct probabilities: {len(counts.values)}"
    return Reliability(
        own - best,
        method=method,
        counts=events_of(flags),
        probability=counts.values,
        recalibrated=fitted,
        people=counts.sizes,
        band_low=low,
        band_high=high,
        miscalibration=own - best,
        discrimination=base - best,
        uncertainty=base,
    )


def _brier_of(p: Floats, counts: Counts) -> float:
    """Return the Brier score of probabilities for people counted by score."""
    off = 1 - p
    loss = np.einsum("i,i,i->", counts.events, off, off) + np.einsum("i,i,i->", counts.others, p, p)
    return float(loss) / (counts.n_events + counts.n_others)


def _isotonic(events: np.ndarray, sizes: np.ndarray) -> Floats:
    """Fit shares that never fall. Neighbours whose shares fall or stay are always pooled, so that is done first."""
    shares = events / sizes
    starts = np.concatenate([[0], np.flatnonzero(shares[1:] > shares[:-1]) + 1])
    del shares
    weights = np.add.reduceat(sizes, starts).astype(np.float64)
    pooled = np.add.reduceat(events, starts) / weights
    fitted = np.clip(isotonic_regression(pooled, weights=weights).x, 0.0, 1.0)
    return np.repeat(fitted, np.diff(starts, append=len(sizes)))


def _band(values: Floats, sizes: np.ndarray, confidence: float | None, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Draw the curve again and again. Of many probabilities 500 are kept, spread evenly, and the rest lie between."""
    if confidence is None:
        return np.empty(0), np.empty(0)
    source = np.random.default_rng(seed)
    kept = np.unique(np.linspace(0, len(values) - 1, _KEPT).round().astype(np.intp))
    drawn = np.array([_isotonic(source.binomial(sizes, values), sizes)[kept] for _ in range(draws)])
    ends = np.quantile(drawn, [0.5 - confidence / 2, 0.5 + confidence / 2], axis=0)
    low, high = (np.interp(values, values[kept], end) for end in ends)
    return low, high
