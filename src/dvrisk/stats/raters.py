"""Each rater: how far above or below the others, or a reference.

Sign, everywhere: positive = rates HIGHER, sees more danger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from dvrisk.stats.checks import checked_places, confidence_level, refuse
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.rasch import Floats
from dvrisk.stats.ratings import Codes, Levels, as_ratings, as_reference

_NIL = 1e-12
_ALONE = "no case of this rater was rated by anybody else"
_NO_REFERENCE = "no case of this rater has a reference"
_OTHERS = "own level less the mean of the others, in steps, mean over cases; positive = rates higher"
_REFERENCE = "own level less the reference, in steps, mean over cases; positive = rates higher"


@dataclass(frozen=True, slots=True)
class AgainstReference:
    """How one rater's levels stand to the reference.

    Attributes
    ----------
    below, same, above : Estimate
        Shares of the cases rated below the reference, at it, above it; their numbers are in `counts`.
    worst : tuple of int
        Cases that the reference puts at the highest level and this rater at the lowest, counted from 0.
    """

    below: Estimate
    same: Estimate
    above: Estimate
    worst: tuple[int, ...]


def rater_deviation(
    ratings: object, levels: Levels = None, *, reference: Sequence[object] | None = None, confidence: float = 0.95
) -> tuple[Estimate, ...]:
    """Measure how many levels each rater is above the others (positive) or below them (negative).

    Parameters
    ----------
    ratings : array-like, shape (raters, cases)
        Levels, see `as_ratings`.
    levels : int or sequence of str, optional
        The declared levels: their number, or their ids, lowest first.
    reference : sequence, length cases, optional
        Levels to compare with instead of the other raters, coded like the ratings; NaN or None where there is none.
    confidence : float, default 0.95

    Returns
    -------
    tuple of Estimate
        One for each rater, in level steps. Undefined for a rater who shares no case with anybody.

    Raises
    ------
    DataError
        The ratings can't be used (see `as_ratings`), or the reference has another length.

    Notes
    -----
    On each case: own rank less the mean rank of the others who rated it, or less the reference; then the mean over the
    rater's cases. The interval is mean +- t s / sqrt(n) over those n cases (for a mean, the jackknife gives the same):
    how far the lean may be on other cases like these. There is none for one case, and none where every difference is
    the same, which shows no spread to judge by.

    Examples
    --------
    On both cases the third rater is one level below the two others.

    >>> [estimate.value for estimate in rater_deviation([[2, 1], [2, 1], [1, 0]])]
    [0.5, 0.5, -1.0]
    """
    check_confidence(confidence)
    checked = as_ratings(ratings, levels)
    codes = checked.codes
    if reference is None:
        apart, method, undefined = deviations(codes), _OTHERS, _ALONE
    else:
        right = as_reference(reference, codes.shape[1], checked.level_ids or levels)
        apart = np.where((codes < 0) | (right < 0), np.nan, codes.astype(np.float64) - right)
        method, undefined = _REFERENCE, _NO_REFERENCE
    return tuple(_mean_over_cases(row, method, undefined, confidence) for row in apart)


def deviation_by_domain(
    ratings: object, domains: Mapping[str, Sequence[int]], levels: Levels = None, *, confidence: float = 0.95
) -> dict[str, tuple[Estimate, ...]]:
    """Measure each rater's deviation from the others within each domain of columns.

    Parameters
    ----------
    ratings : array-like, shape (raters, columns)
        The columns are cases, or items, or the items of all cases side by side.
    domains : mapping of str to sequence of int
        Name of a domain to its columns, counted from 0.
    levels : int or sequence of str, optional
    confidence : float, default 0.95

    Returns
    -------
    dict of str to tuple of Estimate
        As `rater_deviation`, for each domain.

    Raises
    ------
    DataError
        The ratings can't be used, or a domain is empty or has an unknown column.

    Examples
    --------
    The second rater marks threats lower, and children as the first does.

    >>> found = deviation_by_domain([[1, 1, 0, 1], [0, 0, 0, 1]], {"threats": [0, 1], "children": [2, 3]})
    >>> [found[name][1].value for name in ("threats", "children")]
    [-1.0, 0.0]
    """
    check_confidence(confidence)
    apart = deviations(as_ratings(ratings, levels).codes)
    known = checked_places("domains", domains, apart.shape[1], "domain", "columns")
    return {
        name: tuple(_mean_over_cases(row, _OTHERS, _ALONE, confidence) for row in apart[:, columns])
        for name, columns in known.items()
    }


def under_and_over_rating(
    ratings: object, reference: Sequence[object], levels: Levels = None, *, confidence: float = 0.95
) -> tuple[AgainstReference, ...]:
    """Count for each rater the cases rated below, at and above a reference, and name the worst misses.

    Parameters
    ----------
    ratings : array-like, shape (raters, cases)
    reference : sequence, length cases
        Coded like the ratings; NaN or None where there is none.
    levels : int or sequence of str, optional
        Without it, the highest level is the highest one that occurs.
    confidence : float, default 0.95

    Returns
    -------
    tuple of AgainstReference

    Raises
    ------
    DataError
        As `rater_deviation`.

    Examples
    --------
    >>> first, second = under_and_over_rating([[2, 0, 0], [2, 1, 1]], [2, 2, 0], levels=3)
    >>> first.below.counts, first.worst
    ({'below': 1, 'cases': 3}, (1,))
    >>> second.above.counts, second.worst
    ({'above': 1, 'cases': 3}, ())
    """
    check_confidence(confidence)
    checked = as_ratings(ratings, levels)
    codes = checked.codes
    right = as_reference(reference, codes.shape[1], checked.level_ids or levels)
    is_declared = levels is not None or checked.level_ids is not None
    top = checked.n_levels - 1 if is_declared else max(int(codes.max()), int(right.max()))
    both = (codes >= 0) & (right >= 0)
    sides = {"below": both & (codes < right), "same": both & (codes == right), "above": both & (codes > right)}
    worst = (right == top) & (codes == 0)
    return tuple(
        AgainstReference(
            **{
                name: share(int(side[row].sum()), int(both[row].sum()), name, confidence)
                for name, side in sides.items()
            },
            worst=tuple(int(case) for case in np.flatnonzero(worst[row])),
        )
        for row in range(len(codes))
    )


def deviations(codes: Codes) -> Floats:
    """Return each rating less the mean of the others on the same case; NaN where either is missing.

    Leading axes, before raters and cases, are so many separate tables.
    """
    rated = codes >= 0
    n_others = rated.sum(axis=-2, keepdims=True) - rated
    own = np.where(rated, codes, 0).astype(np.float64)
    others = (own.sum(axis=-2, keepdims=True) - own) / np.maximum(n_others, 1)
    return np.where(rated & (n_others > 0), own - others, np.nan)


def check_confidence(confidence: object) -> None:
    """Raise DataError unless this is a confidence that an interval can have."""
    refuse("confidence", [problem.removeprefix("confidence: ") for problem in confidence_level(confidence)])


def share(count: int, cases: int, name: str, confidence: float, of: str = "cases") -> Estimate:
    """Return a share of cases, or of what `of` says, with Wilson's interval, which holds for few too (Wilson 1927)."""
    method, counts = f"share of {of}; Wilson interval, {confidence:.0%}", {name: count, of: cases}
    if cases == 0:
        return Estimate(None, method=method, counts=counts, undefined="no case of this rater can be compared")
    z = float(ndtri(0.5 + confidence / 2))
    middle = (count + z**2 / 2) / (cases + z**2)
    reach = z / (cases + z**2) * (count * (cases - count) / cases + z**2 / 4) ** 0.5
    return Estimate(count / cases, max(0.0, middle - reach), min(1.0, middle + reach), method, counts)


def _mean_over_cases(apart: Floats, method: str, undefined: str, confidence: float) -> Estimate:
    known = apart[~np.isnan(apart)]
    n = len(known)
    counts = {"cases": n, "left_out": len(apart) - n}
    if n == 0:
        return Estimate(None, method=method, counts=counts, undefined=undefined)
    value = float(known.mean())
    if n == 1 or np.ptp(known) < _NIL:
        why = "only one case" if n == 1 else "the same difference on every case"
        return Estimate(value, method=f"{method}; no interval: {why}", counts=counts)
    reach = float(stdtrit(n - 1, 0.5 + confidence / 2)) * float(known.std(ddof=1)) / n**0.5
    return Estimate(value, value - reach, value + reach, f"{method}; interval over cases, t, {confidence:.0%}", counts)
