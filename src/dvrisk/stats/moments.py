"""What agreement rests on: how many people gave each case each level, and sums over cases that follow from it.

Every coefficient of agreement is a ratio of a few such sums. They are additive over cases, so leaving one case out is a
subtraction, and drawing cases again is a product of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dvrisk.stats.ratings import Codes, Ratings

FloatArray = NDArray[np.float64]

_BLOCK = 32_768
"""Cases counted at a time: their marks stay in the fast memory of the processor."""

_MOST_IN_A_BYTE = 255


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Ratings, counted.

    Attributes
    ----------
    codes : int8 array, shape (raters, cases)
    by_case : array, shape (levels, cases)
        How many raters gave the case this level.
    by_rater : array, shape (raters, levels)
        To how many cases the rater gave this level.
    """

    codes: Codes
    by_case: FloatArray
    by_rater: FloatArray

    @property
    def paired(self) -> NDArray[np.intp]:
        """Places of the cases with two ratings or more."""
        return np.flatnonzero(self.by_case.sum(axis=0) >= 2)


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Sums over cases. Leading axes, if any, are replicates: one set of sums for each.

    With n_k of the m ratings of a case on level k, and l another level or the same:

    Attributes
    ----------
    pairs, pairs_per_rating, pairs_per_case : array, shape (..., levels, levels)
        Sums of n_k n_l (on the diagonal n_k (n_k - 1)) over the cases with two ratings or more: as they stand, divided
        by m - 1, divided by m (m - 1).
    shares : array, shape (..., levels)
        Sum of n_k / m over the cases with a rating.
    rated, paired : array, shape (...)
        Cases with one rating or more, with two or more.
    by_rater : array, shape (..., raters, levels)
        Ratings of each rater on each level.
    """

    pairs: FloatArray
    pairs_per_rating: FloatArray
    pairs_per_case: FloatArray
    shares: FloatArray
    rated: FloatArray
    paired: FloatArray
    by_rater: FloatArray


def tally(ratings: Ratings) -> Tally:
    """Count the levels of each case and of each rater."""
    n_raters, n_cases = ratings.codes.shape
    by_case = np.zeros((ratings.n_levels, n_cases))
    by_rater = np.zeros((n_raters, ratings.n_levels))
    for raters in _slices(n_raters, _MOST_IN_A_BYTE):
        for cases in _slices(n_cases, _BLOCK):
            block = ratings.codes[raters, cases]
            for level in range(ratings.n_levels):
                marks = block == level
                by_case[level, cases] += marks.view(np.uint8).sum(axis=0, dtype=np.uint8)
                by_rater[raters, level] += [np.count_nonzero(row) for row in marks]
    return Tally(ratings.codes, by_case, by_rater)


def moments_of(by_case: FloatArray, by_rater: FloatArray) -> Moments:
    """Return the sums over all cases, for one table of counts or a stack of them."""
    scales, per_share, paired = _scales(by_case)
    scaled = by_case[..., None, :, :] * scales[..., :, None, :]
    *stack, _, n_levels, n_cases = scaled.shape
    products = scaled.reshape(*stack, 3 * n_levels, n_cases) @ np.swapaxes(by_case, -1, -2)
    products = products.reshape(*stack, 3, n_levels, n_levels) - scaled.sum(axis=-1)[..., None] * np.eye(n_levels)
    return _moments(
        products,
        shares=(by_case * per_share[..., None, :]).sum(axis=-1),
        rated=(per_share > 0).sum(axis=-1).astype(float),
        paired=paired.sum(axis=-1).astype(float),
        by_rater=by_rater,
    )


def moments_by_case(by_case: FloatArray) -> FloatArray:
    """Return what each case adds to the sums: one row a case, to be added up and given to `from_rows`."""
    n_levels, n_cases = by_case.shape
    scales, per_share, paired = _scales(by_case)
    products = by_case[:, None, :] * (by_case - np.eye(n_levels)[:, :, None])
    scaled = (scales[:, None, None, :] * products).reshape(-1, n_cases)
    return np.vstack([scaled, by_case * per_share, per_share > 0, paired]).T


def from_rows(rows: FloatArray, by_rater: FloatArray) -> Moments:
    """Return the sums that rows of `moments_by_case`, added up in any way, stand for."""
    n_levels = by_rater.shape[-1]
    size = n_levels * n_levels
    products = rows[..., : 3 * size].reshape(*rows.shape[:-1], 3, n_levels, n_levels)
    return _moments(
        products,
        shares=rows[..., 3 * size : -2],
        rated=rows[..., -2],
        paired=rows[..., -1],
        by_rater=by_rater,
    )


def _moments(
    products: FloatArray, shares: FloatArray, rated: FloatArray, paired: FloatArray, by_rater: FloatArray
) -> Moments:
    pairs, per_rating, per_case = np.moveaxis(products, -3, 0)
    return Moments(pairs, per_rating, per_case, shares, rated, paired, by_rater)


def marks_of(codes: Codes, n_levels: int) -> FloatArray:
    """Return 1 where a rater gave a case a level, shape (raters, levels, cases)."""
    marks: FloatArray = (codes[:, None, :] == np.arange(n_levels)[:, None]).astype(float)
    return marks


def _scales(by_case: FloatArray) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Return the factors of pairs (three kinds), that of shares, and which cases have a pair."""
    number = by_case.sum(axis=-2)
    paired = number >= 2
    per_rating = paired / np.maximum(number - 1, 1)
    per_share = (number > 0) / np.maximum(number, 1)
    return np.stack([paired, per_rating, per_rating * per_share], axis=-2), per_share, paired


def _slices(length: int, step: int) -> list[slice]:
    return [slice(first, first + step) for first in range(0, length, step)]
