"""What happens at each edge between bands: who is flagged, who is missed, and what that means at a stated base rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from dvrisk.errors import DataError
from dvrisk.stats.checks import as_row, confidence_level, counted, finite_number, got_number, is_number, refuse
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.outcome_checks import as_band_counts, as_outcome, as_scores, events_of

_NO_EVENT, _NO_OTHER = "nobody had the event", "everybody had the event"


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge between two bands: everybody at or above it is flagged.

    Attributes
    ----------
    at : str
        The lowest band that is flagged.
    flagged : Estimate
        Share of all people who are flagged.
    sensitivity, specificity : Estimate
        Share of the events that are flagged; share of the others that are not.
    ppv, npv : Estimate
        Share of the flagged who had the event; share of those not flagged who had not. They hold for the base rate of
        these people, and for no other.
    likelihood_ratio_positive, likelihood_ratio_negative : Estimate
        How many times as often an event is flagged as another person is; and the same for not being flagged.
    """

    at: str
    flagged: Estimate
    sensitivity: Estimate
    specificity: Estimate
    ppv: Estimate
    npv: Estimate
    likelihood_ratio_positive: Estimate
    likelihood_ratio_negative: Estimate


@dataclass(frozen=True, slots=True)
class Bands:
    """What a score with few bands has meant.

    Attributes
    ----------
    names : tuple of str
        Lowest first.
    shares : tuple of Estimate
        Share of the people in each band.
    rates : tuple of Estimate
        Share of the people in each band who had the event.
    edges : tuple of Edge
        From the lowest edge up.
    """

    names: tuple[str, ...]
    shares: tuple[Estimate, ...]
    rates: tuple[Estimate, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class PredictiveValues:
    """What a flag means at a stated base rate.

    Attributes
    ----------
    base_rate : float
    flagged, ppv, npv : float or None
        Share that would be flagged; share of the flagged with the event; share of the others without. None where nobody
        would be flagged, or everybody.
    """

    base_rate: float
    flagged: float
    ppv: float | None
    npv: float | None


def band_table(
    bands: Sequence[object], outcome: ArrayLike, levels: Sequence[str], *, confidence: float = 0.95
) -> Bands:
    """Count the events in each band, and say what each edge between bands does.

    Parameters
    ----------
    bands : sequence, length n
        Each person's band, one of `levels`.
    outcome : array of 0 and 1, length n
    levels : sequence of str
        All bands, lowest first.
    confidence : float, default 0.95

    Returns
    -------
    Bands

    Raises
    ------
    DataError
        A band is none of the levels, or the outcomes can't be used.

    Notes
    -----
    Shares have Wilson's interval; likelihood ratios that of Simel, Samsa and Matchar on the log scale, and none where
    one of their four counts is 0.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212. Simel, Samsa and Matchar (1991),
    Journal of Clinical Epidemiology 44, 763-770.

    Examples
    --------
    >>> table = band_table(["low", "low", "high", "high"], [0, 0, 0, 1], ["low", "high"])
    >>> [rate.value for rate in table.rates]
    [0.0, 0.5]
    >>> table.edges[0].sensitivity.value, round(table.edges[0].specificity.value, 2)
    (1.0, 0.67)
    """
    flags = as_outcome(outcome)
    names = _as_levels(levels)
    given = as_row(bands)
    if given is None or len(given) != len(flags):
        raise DataError(
            "bands", [f"expected one band for each of {counted(len(flags), 'outcome')}, in the same order."]
        )
    places = {name: place for place, name in enumerate(names)}
    known = [places.get(str(band)) for band in given]
    strange = known.count(None)
    if strange:
        raise DataError("bands", [f"{strange} of {len(known)} are none of {', '.join(names)}. Name every band."])
    ranks = np.array(known, dtype=np.int64)
    events = np.bincount(ranks[flags], minlength=len(names))
    others = np.bincount(ranks[~flags], minlength=len(names))
    return band_table_from_counts(others, events, names, confidence=confidence)


def band_table_from_counts(
    others: ArrayLike, events: ArrayLike, levels: Sequence[str], *, confidence: float = 0.95
) -> Bands:
    """Make the same table from printed counts of people without and with the event, lowest band first."""
    refuse("band_table", confidence_level(confidence))
    counts, names = as_band_counts(others, events), _as_levels(levels)
    if len(names) != len(counts.values):
        raise DataError("levels", [f"got {len(names)} names for {len(counts.values)} bands, expected as many."])
    hits, rest, sizes = counts.events, counts.others, counts.sizes
    n = int(sizes.sum())
    return Bands(
        names=names,
        shares=tuple(proportion(int(size), n, confidence, "nobody is there") for size in sizes),
        rates=tuple(
            proportion(int(hit), int(size), confidence, "nobody is in this band")
            for hit, size in zip(hits, sizes, strict=True)
        ),
        edges=tuple(
            _edge(names[k], hits[k:].sum(), hits[:k].sum(), rest[k:].sum(), rest[:k].sum(), confidence)
            for k in range(1, len(names))
        ),
    )


def _as_levels(levels: Sequence[str]) -> tuple[str, ...]:
    names = tuple(map(str, as_row(levels) or ()))
    if len(set(names)) < len(names) or len(names) < 2:
        raise DataError("levels", ["expected at least two names, none twice, lowest first."])
    return names


def _edge(at: str, hit: int, missed: int, false: int, right: int, confidence: float) -> Edge:
    """Return one edge; events that are flagged and missed, others that are flagged and not."""
    hit, missed, false, right = int(hit), int(missed), int(false), int(right)
    m, n = hit + missed, false + right
    return Edge(
        at,
        proportion(hit + false, m + n, confidence, "nobody is there"),
        proportion(hit, m, confidence, _NO_EVENT),
        proportion(right, n, confidence, _NO_OTHER),
        proportion(hit, hit + false, confidence, "nobody is flagged"),
        proportion(right, missed + right, confidence, "everybody is flagged"),
        _ratio(hit, m, false, n, confidence),
        _ratio(missed, m, right, n, confidence),
    )


def proportion(count: int, of: int, confidence: float, undefined: str) -> Estimate:
    """Return a share with Wilson's interval."""
    numbers = {"count": count, "of": of}
    if not of:
        return Estimate(None, method="share", counts=numbers, undefined=undefined)
    share, z = count / of, float(ndtri(0.5 + confidence / 2))
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    low, high = (0.0 if count == 0 else middle - half), (1.0 if count == of else middle + half)
    return Estimate(share, low, high, f"share; {100 * confidence:g} % interval by Wilson", numbers)


def _ratio(a: int, m: int, b: int, n: int, confidence: float) -> Estimate:
    """Return (a / m) / (b / n) with its interval on the log scale."""
    numbers = {"events": a, "of_events": m, "others": b, "of_others": n}
    name = "likelihood ratio"
    if not m or not n:
        return Estimate(None, method=name, counts=numbers, undefined=_NO_OTHER if m else _NO_EVENT)
    if not b:
        return Estimate(None, method=name, counts=numbers, undefined="none of the others is on this side of the edge")
    value = (a / m) / (b / n)
    if a == m and b == n:
        return Estimate(None, method=name, counts=numbers, undefined="everybody is on this side of the edge")
    if a == m or b == n:
        why = f"all of the {'events' if a == m else 'others'} are on this side of the edge"
        return Estimate(value, method=f"{name}; no interval: {why}", counts=numbers)
    if not a:
        return Estimate(0.0, method=f"{name}; no interval: no event is on this side of the edge", counts=numbers)
    half = float(ndtri(0.5 + confidence / 2)) * sqrt(1 / a - 1 / m + 1 / b - 1 / n)
    low, high = exp(log(value) - half), exp(log(value) + half)
    return Estimate(value, low, high, f"{name}; {100 * confidence:g} % interval on the log scale", numbers)


def at_base_rate(sensitivity: float, specificity: float, base_rate: float) -> PredictiveValues:
    """Say what a flag would mean where a stated share of all people has the event.

    Parameters
    ----------
    sensitivity, specificity : float
        From 0 to 1; for instance from a case-control study, which has no base rate of its own.
    base_rate : float
        Above 0 and below 1. Say with it of what, in whom and over how long.

    Returns
    -------
    PredictiveValues

    Notes
    -----
    Bayes' rule. It takes for granted that sensitivity and specificity hold in the other people too; where the study
    chose extreme cases, they do not, and the values come out too good.

    Examples
    --------
    Sensitivity 84 % and specificity 60 % in a case-control study; one killing in 2,000 reports.

    >>> round(100 * at_base_rate(0.84, 0.60, 0.0005).ppv, 2)
    0.1
    """
    given = {"sensitivity": sensitivity, "specificity": specificity, "base_rate": base_rate}
    refuse("at_base_rate", *(finite_number(name, value, 0) for name, value in given.items()))
    if max(sensitivity, specificity) > 1:
        raise DataError("at_base_rate", ["sensitivity and specificity: expected shares from 0 to 1."])
    if not 0 < base_rate < 1:
        raise DataError("base_rate", [f"{got_number(base_rate)}, expected a share above 0 and below 1."])
    hit, missed = base_rate * sensitivity, base_rate * (1 - sensitivity)
    false, right = (1 - base_rate) * (1 - specificity), (1 - base_rate) * specificity
    return PredictiveValues(
        base_rate,
        hit + false,
        hit / (hit + false) if hit + false else None,
        right / (right + missed) if right + missed else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NetBenefit(Estimate):
    """Whether acting on a score does more good than acting on everybody, or on nobody.

    The estimate itself is the net benefit of acting on those at or above the threshold; acting on nobody has 0.

    Attributes
    ----------
    threshold : float
        The probability from which one would act.
    everybody : float
        Net benefit of acting on everybody.
    """

    threshold: float
    everybody: float


def net_benefit(probabilities: ArrayLike, outcome: ArrayLike, thresholds: Sequence[float]) -> tuple[NetBenefit, ...]:
    """Weigh events that are acted on against people who are acted on without need.

    Parameters
    ----------
    probabilities : array of probabilities, length n
    outcome : array of 0 and 1, length n
    thresholds : sequence of float
        Each above 0 and below 1: a threshold of 0.1 says that nine needless actions are worth one that was needed.

    Returns
    -------
    tuple of NetBenefit

    Notes
    -----
    TP / n - FP / n * t / (1 - t).

    References
    ----------
    Vickers and Elkin (2006). Decision curve analysis. Medical Decision Making 26, 565-574.

    Examples
    --------
    >>> found = net_benefit([0.1, 0.4, 0.6, 0.9], [0, 0, 1, 1], [0.5])
    >>> found[0].value, found[0].everybody
    (0.5, 0.0)
    """
    flags = as_outcome(outcome)
    scores = as_scores(probabilities, flags, "probabilities", is_probability=True)
    return tuple(_net(threshold, scores, flags) for threshold in as_thresholds(thresholds))


def as_thresholds(thresholds: object) -> tuple[float, ...]:
    """Return probabilities from which one would act, or raise DataError."""
    given = as_row(thresholds)
    if given is None:
        raise DataError("thresholds", [f"{got_number(thresholds)}, expected a sequence of numbers."])
    wrong = [t for t in given if not (is_number(t) and 0 < t < 1)]
    if wrong:
        raise DataError("thresholds", [f"{got_number(wrong[0])}, expected numbers above 0 and below 1."])
    return tuple(float(t) for t in given if is_number(t))


def _net(threshold: float, scores: np.ndarray, flags: np.ndarray) -> NetBenefit:
    odds, acted = threshold / (1 - threshold), scores >= threshold
    n, rate = len(flags), float(flags.mean())
    value = (int((acted & flags).sum()) - int((acted & ~flags).sum()) * odds) / n
    method = f"net benefit at {threshold:g}; no interval"
    everybody = rate - (1 - rate) * odds
    return NetBenefit(value, method=method, counts=events_of(flags), threshold=threshold, everybody=everybody)
