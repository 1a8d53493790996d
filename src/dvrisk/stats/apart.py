"""Who stands apart from a panel: one rule, for items and for levels alone.

Positive = rates HIGHER than the others. Standing apart is no verdict: the one who differs may be right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from dvrisk.errors import DataError
from dvrisk.stats.checks import confidence_level, counted, finite_number, refuse, whole_number
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.facets import as_marks, rater_severity
from dvrisk.stats.rasch import Floats, Ints, Mask
from dvrisk.stats.raters import deviations
from dvrisk.stats.ratings import Levels, Ratings, as_ratings

LOGIT_BAND = 0.5
"""Leans up to this size, either way, do not matter in practice: logits, on items."""

STEP_BAND = 0.25
"""The same for levels alone: level steps."""

SHUFFLES = 2000

_FEWEST = 3
_NOTHING_SHARED = "no case of this rater was rated by anybody else"


@dataclass(frozen=True, slots=True)
class Apart:
    """Whether one rater stands apart from the panel.

    Attributes
    ----------
    apart : bool
    direction : {'lower', 'higher'} or None
        Which way; None for a rater who does not stand apart.
    estimate : Estimate
        The lean about the median of the panel, positive = rates higher, with an interval that holds for all raters at
        once.
    """

    apart: bool
    direction: Literal["lower", "higher"] | None
    estimate: Estimate


def raters_apart(
    ratings: ArrayLike | Ratings,
    *,
    levels: Levels = None,
    band: float | None = None,
    confidence: float = 0.95,
    seed: int = 0,
) -> tuple[Apart, ...]:
    """Say who leans by more than matters, more than chance explains, and more than is usual in this panel.

    Parameters
    ----------
    ratings : array, shape (raters, cases, items) or (raters, cases)
        Ranks, lowest first; NaN where not rated. With items the unit is the logit (`rater_severity`, facts by case),
        with levels alone the level step (`rater_deviation`).
    levels : int or sequence of str, optional
        For levels alone: their number, or their ids, lowest first, as for `as_ratings`.
    band : float, optional
        Leans up to this size, either way, do not matter in practice. Default 0.5 logit, or 0.25 step.
    confidence : float, default 0.95
        Chance that nobody is singled out where nobody leans by more than the band.
    seed : int, default 0
        Start of the shuffles, with levels alone.

    Returns
    -------
    tuple of Apart

    Raises
    ------
    DataError
        Fewer than three raters, a band below 0, `levels` beside marks on items, or as for `rater_severity` and
        `rater_deviation`.

    Notes
    -----
    Leans count from the median of the panel: a mean is pulled by the very rater who is looked for, and pushes all the
    others the other way. A rater stands apart if both hold.

    1. *It matters, and is not chance.* The whole interval lies beyond the band. With items it is lean +- z SE
       sqrt(R / (R - 1)), with z such that all R intervals hold at once (Sidak); the root allows for the error of the
       median. With levels it is the deviation +- `deviation_band`.
    2. *It is unusual here* (items only). Much data makes intervals short, and some of any forty ordinary people lie
       beyond any fixed band. So the lean is also larger than z sqrt(T^2 + SE^2), where T^2 is the variance of the leans
       of those whom point 1 leaves, less that of their errors.

    What it finds (docs/studies/detection.py): of 20 people on 8 cases with 12 yes/no items, one who is 2 logits low in
    93 to 97 of 100 exercises, 1.5 logits in 49 to 74. By levels alone, 2 logits in 9 of 100; with `band=0`, so that
    only chance is ruled out, in 29, and then somebody ordinary in 8 of 100. Ask for items.

    References
    ----------
    Sidak, Z. (1967). Rectangular confidence regions for the means of multivariate normal distributions. Journal of the
    American Statistical Association 62, 626-633.

    Examples
    --------
    Six people mark ten facts in each of eight cases; the first sees none of the facts that the others see.

    >>> marks = np.tile(np.arange(10) % 2, (6, 8, 1))
    >>> marks[0] = 0
    >>> [rater.direction for rater in raters_apart(marks)]
    ['lower', None, None, None, None, None]
    """
    bands = [] if band is None else finite_number("band", band, 0)
    refuse("raters_apart", bands, confidence_level(confidence), whole_number("seed", seed, 0))
    marks = as_marks(ratings, levels)
    if len(marks) < _FEWEST:
        got = counted(len(marks), "rater")
        raise DataError("ratings", [f"got {got}, expected {_FEWEST} or more, so that there is a panel."])
    if isinstance(ratings, Ratings) or np.ndim(ratings) == 2:
        return _levels_apart(as_ratings(ratings, levels), STEP_BAND if band is None else band, confidence, seed)
    return _items_apart(marks, LOGIT_BAND if band is None else band, confidence)


def deviation_band(
    ratings: object, levels: Levels = None, *, seed: int = 0, n: int = SHUFFLES, confidence: float = 0.95
) -> tuple[Estimate, ...]:
    """Say how large a deviation from the panel's median chance alone explains, for all raters at once.

    Parameters
    ----------
    ratings : array-like, shape (raters, cases)
    levels : int or sequence of str, optional
    seed : int, default 0
    n : int, default 2000
        Number of shuffles.
    confidence : float, default 0.95
        Chance that nobody is outside the band where nobody leans.

    Returns
    -------
    tuple of Estimate
        For each rater the half-width of the band, in level steps.

    Raises
    ------
    DataError
        The ratings can't be used (see `as_ratings`), or there are no shuffles.

    Notes
    -----
    Within each case the ratings are shuffled among those who gave one, and the largest deviation of any rater is kept;
    the band is the `confidence` quantile of what was kept. Deviations count times the square root of the number of the
    rater's cases, so that few cases give a wider band.

    References
    ----------
    Westfall, P. H. and Young, S. S. (1993). Resampling-Based Multiple Testing. Wiley.

    Examples
    --------
    Nobody differs, so shuffling changes nothing.

    >>> deviation_band([[0, 1], [0, 1], [0, 1]])[0].value
    0.0
    """
    refuse("deviation_band", whole_number("n", n, 1), whole_number("seed", seed, 0), confidence_level(confidence))
    apart = deviations(as_ratings(ratings, levels).codes)
    cases = (~np.isnan(apart)).sum(axis=1)
    largest = np.sort(_largest_by_chance(apart, np.random.default_rng(seed), n))
    limit = float(largest[min(n - 1, int(np.ceil((n + 1) * confidence)) - 1)])
    method = f"largest deviation in {n} shuffles within cases, {confidence:.0%} for all raters at once, seed {seed}"
    return tuple(
        Estimate(limit / count**0.5, method=method, counts={"cases": count})
        if count
        else Estimate(None, method=method, counts={"cases": 0}, undefined=_NOTHING_SHARED)
        for count in map(int, cases)
    )


def _largest_by_chance(apart: Floats, source: np.random.Generator, n: int) -> Floats:
    """Return the largest weighted deviation in each shuffle. To shuffle ratings is to shuffle their deviations."""
    known = ~np.isnan(apart)
    sums = np.zeros((n, len(apart)))
    for case in np.flatnonzero(known.any(axis=0)):
        rated = known[:, case]
        sums[:, rated] += source.permuted(np.tile(apart[rated, case], (n, 1)), axis=1)
    cases = known.sum(axis=1)
    means = sums[:, cases > 0] / cases[cases > 0]
    means -= np.median(means, axis=1, keepdims=True)
    return np.asarray((np.abs(means) * np.sqrt(cases[cases > 0])).max(axis=1, initial=0.0))


def _levels_apart(ratings: Ratings, band: float, confidence: float, seed: int) -> tuple[Apart, ...]:
    apart = deviations(ratings.codes)
    known = ~np.isnan(apart).all(axis=1)
    lean = np.full(len(apart), np.nan)
    lean[known] = np.nanmean(apart[known], axis=1)
    lean -= np.nanmedian(lean) if known.any() else 0.0
    widths = [estimate.value for estimate in deviation_band(ratings, seed=seed, confidence=confidence)]
    reach = np.array([np.nan if width is None else width for width in widths])
    method = f"deviation from the others about the panel's median, level steps; +- permutation band, {confidence:.0%}"
    return _judged(lean, reach, np.abs(lean) - reach > band, method, (~np.isnan(apart)).sum(axis=1))


def _items_apart(marks: Floats, band: float, confidence: float) -> tuple[Apart, ...]:
    fitted = rater_severity(marks, facts_by_case=True, confidence=confidence)
    known = np.array([estimate.value is not None for estimate in fitted.raters])
    counts = np.array([estimate.counts["ratings"] for estimate in fitted.raters])
    n = max(int(known.sum()), 2)
    z = float(ndtri(0.5 + confidence ** (1 / n) / 2))
    lean = np.where(known, fitted.severity, np.nan)
    lean -= np.nanmedian(lean) if known.any() else 0.0
    error = fitted.se * (n / (n - 1)) ** 0.5
    beyond = np.abs(lean) - z * error > band
    unusual = np.abs(lean) > z * np.sqrt(_spread(lean, error, known & ~beyond) + error**2)
    method = f"lean about the panel's median, logits; value +- z SE, {confidence:.0%} for all raters at once"
    return _judged(lean, z * error, beyond & unusual, method, counts)


def _spread(lean: Floats, error: Floats, usual: Mask) -> float:
    """Variance of the leans themselves among the usual raters: what is seen, less what errors add."""
    if usual.sum() < 2:
        return 0.0
    return max(0.0, float(lean[usual].var(ddof=1) - (error[usual] ** 2).mean()))


def _judged(lean: Floats, reach: Floats, apart: Mask, method: str, counts: Ints) -> tuple[Apart, ...]:
    return tuple(
        Apart(bool(is_apart), _direction(value) if is_apart else None, _estimate(value, width, method, int(n)))
        for value, width, is_apart, n in zip(lean.tolist(), reach.tolist(), apart, counts, strict=True)
    )


def _direction(value: float) -> Literal["lower", "higher"]:
    return "lower" if value < 0 else "higher"


def _estimate(value: float, reach: float, method: str, n: int) -> Estimate:
    if np.isnan(value):
        return Estimate(None, method=method, counts={"ratings": n}, undefined="nothing to compare this rater with")
    return Estimate(value, value - reach, value + reach, method, {"ratings": n})
