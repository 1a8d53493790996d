"""Does a score put those first who have the event: the area under the ROC curve, of one score or of two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from dvrisk.errors import DataError
from dvrisk.stats.checks import confidence_level, refuse
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.outcome_checks import Counts, Floats, as_outcome, as_scores, count_by_score

_NIL = 1e-15
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


def roc_auc(scores: ArrayLike, outcome: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Measure how often somebody with the event has a higher score than somebody without.

    Parameters
    ----------
    scores : array, length n
        Scores, levels' ranks or probabilities: higher means sooner expected.
    outcome : array of 0 and 1, length n
    confidence : float, default 0.95

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
    SE^2 = var(V10) / m + var(V01) / n, m events and n others; the interval is AUC +- z SE, kept within 0 and 1.

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
    return auc_of(count_by_score(as_scores(scores, flags), flags), confidence)


def roc_auc_from_bands(others: ArrayLike, events: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Measure the same from a printed table: how many with and without the event each band holds.

    Parameters
    ----------
    others, events : array of int, length n_bands
        People without and with the event, lowest band first.
    confidence : float, default 0.95

    Returns
    -------
    Estimate

    Examples
    --------
    >>> print(roc_auc_from_bands(others=[50, 30, 20], events=[2, 5, 13]))
    0.77 (0.67 to 0.88)
    """
    table = np.array([_as_counts(others, "others"), _as_counts(events, "events")])
    return auc_of(Counts(np.arange(table.shape[1], dtype=np.float64), table[1], table[0]), confidence)


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
    areas = [auc_of(count_by_score(scores, flags), confidence) for scores in (one, other)]
    counts = areas[0].counts
    if any(area.value is None for area in areas):
        why = next(area.undefined for area in areas if area.value is None)
        none = Estimate(None, method=f"difference of two {_DELONG}", counts=counts, undefined=why)
        return AucComparison(areas[0], areas[1], none, None)
    shares = [_shares(scores, flags) for scores in (one, other)]
    apart = [a - b for a, b in zip(*shares, strict=True)]
    value = float(apart[0].mean())
    variance = sum(float(part.var(ddof=1)) / len(part) if len(part) > 1 else np.nan for part in apart)
    method = f"difference of two {_DELONG}, same people"
    if not variance > _NIL:
        why = (
            "the two scores order everybody alike"
            if variance == 0
            else "fewer than two people with or without the event"
        )
        estimate = Estimate(value, method=f"{method}; no interval: {why}", counts=counts)
        return AucComparison(areas[0], areas[1], estimate, None)
    error = float(np.sqrt(variance))
    z = float(ndtri(0.5 + confidence / 2))
    said = f"{method}; {100 * confidence:g} % interval by DeLong"
    estimate = Estimate(value, value - z * error, value + z * error, said, counts)
    return AucComparison(areas[0], areas[1], estimate, float(2 * ndtr(-abs(value) / error)))


def auc_of(counts: Counts, confidence: float = 0.95) -> Estimate:
    """Return the area for people counted by score."""
    refuse("roc_auc", confidence_level(confidence))
    m, n = counts.n_events, counts.n_others
    numbers = {"events": m, "others": n}
    undefined = _why_undefined(counts)
    if undefined:
        return Estimate(None, method=_DELONG, counts=numbers, undefined=undefined)
    exceeded = (np.cumsum(counts.others) - counts.others / 2) / n
    exceeds = (np.cumsum(counts.events[::-1])[::-1] - counts.events / 2) / m
    value = float((counts.events * exceeded).sum() / m)
    if min(m, n) < 2:
        return Estimate(
            value, method=f"{_DELONG}; no interval: only one person with, or without, the event", counts=numbers
        )
    variance = _variance(exceeded, counts.events) / m + _variance(exceeds, counts.others) / n
    if variance <= _NIL:
        why = "everybody with the event scores on one side of everybody without"
        return Estimate(value, method=f"{_DELONG}; no interval: {why}", counts=numbers)
    half = float(ndtri(0.5 + confidence / 2) * np.sqrt(variance))
    method = f"{_DELONG}; {100 * confidence:g} % interval by DeLong, kept within 0 and 1"
    return Estimate(value, max(0.0, value - half), min(1.0, value + half), method, numbers)


def _why_undefined(counts: Counts) -> str | None:
    if not counts.n_events:
        return "nobody had the event"
    if not counts.n_others:
        return "everybody had the event"
    return "all scores are the same" if len(counts.values) == 1 else None


def _variance(values: Floats, weights: np.ndarray) -> float:
    """Return the variance of values that stand there so many times, with n - 1."""
    n = weights.sum()
    mean = (values * weights).sum() / n
    return float((weights * (values - mean) ** 2).sum() / (n - 1))


def _shares(scores: Floats, flags: np.ndarray) -> tuple[Floats, Floats]:
    """Return for each event the share of the others below it, and for each of the others the share of events above."""
    events, others = np.sort(scores[flags]), np.sort(scores[~flags])
    below, upto = (np.searchsorted(others, scores[flags], side) for side in ("left", "right"))
    over, from_ = (len(events) - np.searchsorted(events, scores[~flags], side) for side in ("right", "left"))
    return (below + upto) / (2 * len(others)), (over + from_) / (2 * len(events))


def _as_counts(values: ArrayLike, name: str) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != 1 or not array.size or array.dtype.kind not in "iu" or (array < 0).any():
        raise DataError(name, ["expected whole numbers from 0 on, one for each band, lowest band first."])
    return array.astype(np.int64)
