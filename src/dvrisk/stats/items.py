"""Each item: do people read it alike, does it go with the level, and which items explain where one case splits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import lt

import numpy as np
from numpy.typing import ArrayLike

from dvrisk.errors import DataError
from dvrisk.stats.checks import as_row, counted, got_number, is_whole, refuse, whole_number
from dvrisk.stats.coefficients import percent_agreement, specific_agreement
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.facets import as_marks
from dvrisk.stats.intervals import jackknife_limits
from dvrisk.stats.rasch import Floats
from dvrisk.stats.raters import check_confidence
from dvrisk.stats.ratings import Levels, Ratings, as_ratings, level_rank

_NIL = 1e-12
_CONTRAST = "level steps for each step of the mark, within cases, positive = who marks higher rates higher"


@dataclass(frozen=True, slots=True)
class ItemAgreement:
    """How far people agree on one item.

    Attributes
    ----------
    agreement : Estimate
        Chance that two people give this item of a case the same mark; interval for other raters.
    specific : tuple of Estimate
        For each option: if one person marks it, the chance that another does too.
    open : Estimate
        Share of the marks that are missing.
    """

    agreement: Estimate
    specific: tuple[Estimate, ...]
    open: Estimate


@dataclass(frozen=True, slots=True)
class SplitItem:
    """How one item was marked by the two sides of a split.

    Attributes
    ----------
    item : int
        Counted from 0.
    above, below : float or None
        Mean mark among those who rated at or above the level, and below it, as a share of the item's highest mark: for
        yes and no, the share of yes. None where nobody on that side marked it.
    difference : Estimate
        Above less below. Without an interval: the sides were chosen by what they rated.
    """

    item: int
    above: float | None
    below: float | None
    difference: Estimate


def item_agreement(
    marks: ArrayLike, n_options: int | Sequence[int] | None = None, *, confidence: float = 0.95
) -> tuple[ItemAgreement, ...]:
    """Measure for each item how far people agree on it.

    Parameters
    ----------
    marks : array, shape (raters, cases, items)
        Ranks of options, lowest first; NaN where open.
    n_options : int or sequence of int, length items, optional
        Declared number of options, of all items or of each; without it, those up to the highest mark.
    confidence : float, default 0.95

    Returns
    -------
    tuple of ItemAgreement

    Raises
    ------
    DataError
        The marks can't be used (see `rater_severity`), or `n_options` does not fit them.

    Notes
    -----
    See `percent_agreement` and `specific_agreement`. Whoever left an item open in every case is left out of that item.

    Examples
    --------
    Two people; they agree on the first item in both cases, on the second in one.

    >>> [item.agreement.value for item in item_agreement([[[1, 1], [0, 0]], [[1, 0], [0, 0]]])]
    [1.0, 0.5]
    """
    check_confidence(confidence)
    array = as_marks(marks)
    options = _options(array, n_options)
    return tuple(_one_item(array[:, :, item], options[item], confidence) for item in range(array.shape[2]))


def item_contrast(
    marks: ArrayLike, ratings: object, levels: Levels = None, *, confidence: float = 0.95
) -> tuple[Estimate, ...]:
    """Measure for each item whether those who marked it higher also rated the case higher.

    Parameters
    ----------
    marks : array, shape (raters, cases, items)
    ratings : array-like, shape (raters, cases)
        The levels that the same people gave the same cases.
    levels : int or sequence of str, optional
    confidence : float, default 0.95

    Returns
    -------
    tuple of Estimate
        Level steps for each step of the mark: for yes and no, how much higher those rated who said yes.

    Raises
    ------
    DataError
        Marks or ratings can't be used, or are not of the same raters and cases.

    Notes
    -----
    Marks and levels are taken less their means in the case, so that cases which are high on both do not count as
    agreement; the value is their pooled slope, sum(mark x level) / sum(mark^2). The interval is the delete-one-rater
    jackknife. It says what goes together, not what moved whom.

    Examples
    --------
    On one case, two say yes and rate 2 and 1, two say no and rate 0 and 1; on the other all say no.

    >>> marks = [[[1], [0]], [[1], [0]], [[0], [0]], [[0], [0]]]
    >>> item_contrast(marks, [[2, 0], [1, 0], [0, 0], [1, 0]])[0].value
    1.0
    """
    check_confidence(confidence)
    array = as_marks(marks)
    given = _levels(array, as_ratings(ratings, levels))
    both = np.isfinite(array) & np.isfinite(given)[:, :, None]
    mark = np.where(both, np.nan_to_num(array), 0.0)
    level = np.where(both, np.nan_to_num(given)[:, :, None], 0.0)
    products = np.stack([both, mark, level, mark * level, mark**2]).astype(np.float64)
    whole = products.sum(axis=1)
    slopes = _slopes(whole)
    without = _slopes(whole[:, None] - products)
    counts = {"raters": array.shape[0], "cases": array.shape[1]}
    return tuple(_contrast(float(slopes[item]), without[:, item], counts, confidence) for item in range(array.shape[2]))


def explain_split(
    marks: ArrayLike,
    ratings: object,
    case: int,
    level: int | str,
    levels: Levels = None,
    n_options: int | Sequence[int] | None = None,
) -> tuple[SplitItem, ...]:
    """List which items those marked differently who rated one case high and low, the most different first.

    Parameters
    ----------
    marks : array, shape (raters, cases, items)
    ratings : array-like, shape (raters, cases)
    case : int
        Counted from 0.
    level : int or str
        Rank or id; one side rated the case at or above it, the other below.
    levels : int or sequence of str, optional
    n_options : int or sequence of int, length items, optional
        As for `item_agreement`.

    Returns
    -------
    tuple of SplitItem
        By size of the difference; items that one side left open come last.

    Raises
    ------
    DataError
        Marks or ratings can't be used, there is no such case, or nobody rated it on one of the sides.

    Examples
    --------
    Two rate the case high, two low; only the second item divides them.

    >>> marks = [[[1, 1], [0, 0]], [[1, 1], [0, 0]], [[1, 0], [0, 0]], [[1, 0], [0, 0]]]
    >>> [(found.item, found.difference.value) for found in explain_split(marks, [[2, 0], [2, 0], [0, 0], [1, 0]], 0, 2)]
    [(1, 1.0), (0, 0.0)]
    """
    array = as_marks(marks)
    checked = as_ratings(ratings, levels)
    given = _levels(array, checked)
    refuse("explain_split", whole_number("case", case, 0, array.shape[1] - 1))
    rank = level_rank(level, checked)
    above, below = given[:, case] >= rank, given[:, case] < rank
    if not above.any() or not below.any():
        said = f"{above.sum()} rated case {case} at or above rank {rank} and {below.sum()} below"
        raise DataError("level", [f"{said}, expected some on both sides. Choose a level that divides them."])
    tops = np.array(_options(array, n_options)) - 1
    shares = array[:, case] / tops
    found = [_split_item(item, shares[above, item], shares[below, item]) for item in range(array.shape[2])]
    return tuple(sorted(found, key=_least_different_last))


def _options(array: Floats, n_options: object) -> list[int]:
    used = [max(2, int(highest) + 1) for highest in np.nan_to_num(array).max(axis=(0, 1))]
    if n_options is None:
        return used
    given = [n_options] * len(used) if is_whole(n_options) else as_row(n_options)
    expected = f"a whole number for all items, or one for each of {len(used)}, no smaller than the marks in use"
    if given is None:
        raise DataError("n_options", [f"{got_number(n_options)}, expected {expected}."])
    options = [int(number) for number in given if is_whole(number)]
    if len(options) < len(given) or len(given) != len(used) or any(map(lt, options, used)):
        raise DataError("n_options", [f"got {counted(len(given), 'value')}, expected {expected}."])
    return options


def _levels(marks: Floats, ratings: Ratings) -> Floats:
    codes = ratings.codes
    if codes.shape != marks.shape[:2]:
        expected = f"{marks.shape[0]} raters x {marks.shape[1]} cases as in the marks"
        raise DataError("ratings", [f"got {codes.shape[0]} raters x {codes.shape[1]} cases, expected {expected}."])
    return np.where(codes < 0, np.nan, codes)


def _one_item(marks: Floats, n_options: int, confidence: float) -> ItemAgreement:
    given = ~np.isnan(marks)
    left = Estimate(
        float(1 - given.mean()),
        method="share of marks left open; no interval",
        counts={"open": int((~given).sum()), "marks": int(given.size)},
    )
    rows = marks[given.any(axis=1)]
    if len(rows) < 2:
        nobody = Estimate(None, counts={"raters": len(rows)}, undefined="fewer than two people marked this item")
        return ItemAgreement(nobody, (nobody,) * n_options, left)
    return ItemAgreement(
        percent_agreement(rows, levels=n_options, confidence=confidence),
        tuple(specific_agreement(rows, k, levels=n_options, confidence=confidence) for k in range(n_options)),
        left,
    )


def _slopes(sums: Floats) -> Floats:
    """Pooled slope within cases, from sums over raters of 1, x, y, xy, x^2; the cases are on the second last axis."""
    n, mark, level, both, square = sums
    n = np.maximum(n, 1)
    across, along = (both - mark * level / n).sum(axis=-2), (square - mark**2 / n).sum(axis=-2)
    return np.where(along > _NIL, across / np.maximum(along, _NIL), np.nan)


def _contrast(value: float, without: Floats, counts: dict[str, int], confidence: float) -> Estimate:
    if np.isnan(value):
        return Estimate(None, method=_CONTRAST, counts=counts, undefined="nobody marked it unlike another in any case")
    if len(without) < 3 or np.isnan(without).any() or np.ptp(without) < _NIL:
        why = "it hangs on one rater, or is the same without any one"
        return Estimate(value, method=f"{_CONTRAST}; no interval: {why}", counts=counts)
    low, high = jackknife_limits(value, without, confidence)
    method = f"{_CONTRAST}; {100 * confidence:g} % interval over raters: delete-one jackknife, t"
    return Estimate(value, low, high, method, counts)


def _split_item(item: int, above: Floats, below: Floats) -> SplitItem:
    method = "mean mark as a share of the highest mark, above less below; no interval"
    counts = {"above": int((~np.isnan(above)).sum()), "below": int((~np.isnan(below)).sum())}
    if not all(counts.values()):
        means = [
            float(np.nanmean(side)) if n else None for side, n in zip((above, below), counts.values(), strict=True)
        ]
        none = Estimate(None, method=method, counts=counts, undefined="one side left this item open")
        return SplitItem(item, means[0], means[1], none)
    high, low = float(np.nanmean(above)), float(np.nanmean(below))
    return SplitItem(item, high, low, Estimate(high - low, method=method, counts=counts))


def _least_different_last(split: SplitItem) -> float:
    return 1.0 if split.difference.value is None else -abs(split.difference.value)
