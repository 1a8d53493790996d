"""Does a score put those first who have the event: the area under the ROC curve, of one score or of two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit, ndtr, ndtri

from dvrisk.stats.checks import confidence_level, refuse
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.outcome_checks import (
    Counts,
    Floats,
    as_band_counts,
    as_outcome,
    as_scores,
    count_by_score,
    count_ordered,
)

Scale = Literal["area", "logit"]
_ALIKE = 1e-12

_DELONG = "area under the ROC curve, ties half"


@dataclass(frozen=True, slots=True)
class AucComparison:
    """Two scores of the same people.

    Attributes
    ----------
    first, second : Estimate
        Their areas.
    difference : Estimate
        First less second.
    p : float or None
        Two-sided, against no difference; None where it can't be said.
    """

    first: Estimate
    second: Estimate
    difference: Estimate
    p: float | None


def roc_auc(
    scores: ArrayLike, outcome: ArrayLike, *, confidence: float = 0.95, interval_on: Scale = "area"
) -> Estimate:
    """Measure how often somebody with the event has a higher score than somebody without.

    Parameters
    ----------
    scores : array, length n
        Scores, levels' ranks or probabilities: higher means sooner expected.
    outcome : array of 0 and 1, length n
    confidence : float, default 0.95
    interval_on : {'area', 'logit'}, default 'area'
        Where the interval is symmetric. On the area itself it is what other programs print; on its logit it holds
        better for high areas and few events; docs/accuracy.md has counted both.

    Returns
    -------
    Estimate
        From 0 to 1; 0.5 is chance, 1 puts everybody with the event first. Undefined where nobody, or everybody, had the
        event, or where all scores are the same.

    Raises
    ------
    DataError
        Scores or outcomes can't be used.

    Notes
    -----
    AUC = P(score of an event > score of another) + P(equal) / 2, over all pairs. With V10 the share of the others that
    an event exceeds (ties half), and V01 the share of the events that exceed one of the others,
    SE^2 = var(V10) / m + var(V01) / n, m events and n others; the interval is AUC +- z SE, kept within 0 and 1, or on
    the logit scale logit(AUC) +- z SE / (AUC (1 - AUC)).

    References
    ----------
    DeLong, DeLong and Clarke-Pearson (1988). Comparing the areas under two or more correlated receiver operating
    characteristic curves: a nonparametric approach. Biometrics 44, 837-845.

    Examples
    --------
    >>> print(roc_auc([1, 2, 3, 3, 5], [0, 0, 1, 0, 1]))
    0.92 (0.69 to 1.00)
    """
    flags = as_outcome(outcome)
    return auc_of(count_by_score(as_scores(scores, flags), flags), confidence, interval_on)


def roc_auc_from_bands(
    others: ArrayLike, events: ArrayLike, *, confidence: float = 0.95, interval_on: Scale = "area"
) -> Estimate:
    """Measure the same from a printed table: how many with and without the event each band holds.

    Parameters
    ----------
    others, events : array of int, length n_bands
        People without and with the event, lowest band first.
    confidence, interval_on
        As for `roc_auc`.

    Returns
    -------
    Estimate

    Examples
    --------
    >>> print(roc_auc_from_bands(others=[50, 30, 20], events=[2, 5, 13]))
    0.77 (0.67 to 0.88)
    """
    counts = as_band_counts(others, events)
    held = counts.sizes > 0  # a band without people is no score that anybody has
    kept = Counts(counts.values[held], counts.events[held], counts.others[held])
    return auc_of(kept, confidence, interval_on)


def compare_roc_auc(
    first: ArrayLike, second: ArrayLike, outcome: ArrayLike, *, confidence: float = 0.95
) -> AucComparison:
    """Compare two scores of the same people.

    Parameters
    ----------
    first, second : array, length n
    outcome : array of 0 and 1, length n
    confidence : float, default 0.95

    Returns
    -------
    AucComparison

    Notes
    -----
    As `roc_auc`, with the covariance of the two areas.

    Examples
    --------
    >>> found = compare_roc_auc([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 5, 6], [0, 0, 1, 0, 1, 1])
    >>> round(found.difference.value, 3), round(found.p, 3)
    (-0.111, 0.48)
    """
    refuse("compare_roc_auc", confidence_level(confidence))
    flags = as_outcome(outcome)
    one, other = as_scores(first, flags, "first"), as_scores(second, flags, "second")
    (one_area, apart), (other_area, shares) = (_area_and_shares(of, flags, confidence) for of in (one, other))
    areas, counts = (one_area, other_area), one_area.counts
    if any(area.value is None for area in areas):
        why = next(area.undefined for area in areas if area.value is None)
        none = Estimate(None, method=f"difference of two {_DELONG}", counts=counts, undefined=why)
        return AucComparison(areas[0], areas[1], none, None)
    apart -= shares
    del shares
    parts = [apart[flags], apart[~flags]]
    value = float(parts[0].mean())
    variance = sum(float(part.var(ddof=1)) / len(part) for part in parts if len(part) > 1)
    method = f"difference of two {_DELONG}, same people"
    why = None
    if min(counts.values()) < 2:
        why = "only one person with, or without, the event"
    elif all(np.ptp(part) < _ALIKE for part in parts):  # shares are multiples of a half over n: far apart, or equal
        why = "the two scores do equally well for everybody" if abs(value) < _ALIKE else "everybody differs alike"
    if why is not None:
        estimate = Estimate(value, method=f"{method}; no interval: {why}", counts=counts)
        return AucComparison(areas[0], areas[1], estimate, None)
    error = float(np.sqrt(variance))
    z = float(ndtri(0.5 + confidence / 2))
    said = f"{method}; {100 * confidence:g} % interval by DeLong"
    estimate = Estimate(value, value - z * error, value + z * error, said, counts)
    return AucComparison(areas[0], areas[1], estimate, float(2 * ndtr(-abs(value) / error)))


def auc_of(counts: Counts, confidence: float = 0.95, interval_on: Scale = "area") -> Estimate:
    """Return the area for people counted by score."""
    unknown = [] if interval_on in ("area", "logit") else ["interval_on: expected area or logit."]
    refuse("roc_auc", confidence_level(confidence), unknown)
    m, n = counts.n_events, counts.n_others
    numbers = {"events": m, "others": n}
    undefined = _why_undefined(counts)
    if undefined:
        return Estimate(None, method=_DELONG, counts=numbers, undefined=undefined)
    value, spread_of_events = _area_and_variance(counts.events, counts.others)
    _, spread_of_others = _area_and_variance(counts.others[::-1], counts.events[::-1])
    variance = spread_of_events / m + spread_of_others / n
    why = "only one person with, or without, the event" if min(m, n) < 2 else None
    if why is None and variance == 0:
        why = "everybody with the event scores on one side of everybody without"
    if why is not None:
        return Estimate(value, method=f"{_DELONG}; no interval: {why}", counts=numbers)
    half = float(ndtri(0.5 + confidence / 2) * np.sqrt(variance))
    if interval_on == "logit":
        low, high = (float(expit(logit(value) + side * half / (value * (1 - value)))) for side in (-1, 1))
        method = f"{_DELONG}; {100 * confidence:g} % interval by DeLong on the logit scale"
        return Estimate(value, low, high, method, numbers)
    method = f"{_DELONG}; {100 * confidence:g} % interval by DeLong, kept within 0 and 1"
    return Estimate(value, max(0.0, value - half), min(1.0, value + half), method, numbers)


def _why_undefined(counts: Counts) -> str | None:
    if not counts.n_events:
        return "nobody had the event"
    if not counts.n_others:
        return "everybody had the event"
    return "all scores are the same" if len(counts.values) == 1 else None


def _area_and_variance(who: np.ndarray, whom: np.ndarray) -> tuple[float, float]:
    """Return mean and variance, with n - 1, of the share of those counted second that one counted first exceeds."""
    shares, n = _share_upto(whom), int(who.sum())
    mean = float(np.einsum("i,i->", who, shares) / n)
    shares -= mean
    return mean, float(np.einsum("i,i,i->", who, shares, shares) / (n - 1)) if n > 1 else 0.0


def _area_and_shares(scores: Floats, flags: np.ndarray, confidence: float) -> tuple[Estimate, Floats]:
    """Return the area; and for each event the share of the others below it, for another the share of events above."""
    order = np.argsort(scores)
    hit = flags[order]
    counts = count_ordered(scores[order], hit)
    area = auc_of(counts, confidence)
    shares = np.empty(len(scores))
    if area.value is not None:
        below, above = _share_upto(counts.others), 1 - _share_upto(counts.events)
        if len(below) < len(scores):
            below, above = (np.repeat(part, counts.sizes) for part in (below, above))
        np.copyto(above, below, where=hit)
        shares[order] = above
    return area, shares


def _share_upto(counts: np.ndarray) -> Floats:
    """Return the share of those counted up to each place, half of those at it."""
    shares = np.cumsum(counts, dtype=np.float64)
    total = shares[-1]
    shares -= counts / 2
    shares /= total
    return shares
