"""Two named raters at a time: Cohen's kappa, and all pairs of a group at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from dvrisk.errors import DataError
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.formulas import Weights, conger, weight_table
from dvrisk.stats.intervals import Interval, Plan, Statistic, estimates
from dvrisk.stats.moments import FloatArray, tally
from dvrisk.stats.ratings import Codes, Levels, Ratings, as_ratings

_MARKS = 2**23
"""Marks in one matrix product. Below 2^24 cases each count is exact in single precision, which is twice as fast."""

_SMALL = 2**16


@dataclass(frozen=True, slots=True, eq=False)
class PairwiseKappas:
    """Kappa of each pair of raters.

    Attributes
    ----------
    values : array, shape (raters, raters)
        The same both ways. NaN where the two share fewer than two cases, or gave all of them one level, and on the
        diagonal: nobody is compared with themself.
    shared : int array, shape (raters, raters)
        Cases that both rated; on the diagonal, cases that the rater rated.
    """

    values: FloatArray
    shared: NDArray[np.int64]


def cohen_kappa(
    ratings: object,
    *,
    levels: Levels = None,
    weights: Weights = "identity",
    interval: Interval | None = "jackknife",
    confidence: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Estimate the agreement of two named raters beyond chance.

    Parameters
    ----------
    ratings : array-like, shape (2, cases), or Ratings
        See `as_ratings`.
    levels, confidence, seed
        As for `percent_agreement`.
    weights
        As for `fleiss_kappa`.
    interval : {'jackknife', 'bca'} or None, default 'jackknife'
        Always over cases: these two raters, other cases.

    Returns
    -------
    Estimate
        1 is full agreement, 0 what chance gives; undefined if they share fewer than two cases, or gave all of them the
        same level.

    Raises
    ------
    DataError
        The ratings can't be used, are not of two raters, or the interval can't be made.

    Notes
    -----
    1 - sum v_kl o_kl / sum v_kl a_k b_l with v 1 minus the weight, o the shares of cases rated k by one and l by the
    other, and a, b the shares of each. Only cases that both rated count; `counts` has how many were left out.

    References
    ----------
    Cohen (1960), Educational and Psychological Measurement 20; with weights, Cohen (1968), Psychological Bulletin 70.

    Examples
    --------
    They agree on 3 of 4 cases; by chance on 1/2 (one said 1 to half of them, the other to a quarter).

    >>> cohen_kappa([[0, 0, 1, 1], [0, 0, 0, 1]], interval=None).value
    0.5
    """
    checked = as_ratings(ratings, levels)
    if len(checked.codes) != 2:
        raise DataError("ratings", [f"got {len(checked.codes)} raters, expected 2. Use pairwise_kappas for all pairs."])
    both = (checked.codes >= 0).all(axis=0)
    shared = int(both.sum())
    counts = {"raters": 2, "cases": both.size, "ratings": 2 * shared, "pairs": shared, "left_out": both.size - shared}
    named = isinstance(weights, str)
    name = f"Cohen's kappa, {weights if named else 'own'} weights"
    if shared < 2:
        return Estimate(None, method=name, counts=counts, undefined="fewer than two cases were rated by both")
    # With two raters who rated the same cases, Conger's kappa is Cohen's.
    counted = tally(Ratings(np.ascontiguousarray(checked.codes[:, both]), checked.n_levels))
    values = partial(conger, weights=weight_table(weights, checked.n_levels)[None])
    statistic = Statistic(name, -1.0 if named else -np.inf, "no disagreement is possible by chance", by_chance=True)
    return replace(estimates(counted, [statistic], values, Plan("cases", interval, confidence, seed))[0], counts=counts)


def pairwise_kappas(ratings: object, *, levels: Levels = None, weights: Weights = "identity") -> PairwiseKappas:
    """Compute Cohen's kappa of every pair of raters.

    Parameters
    ----------
    ratings : array-like, shape (raters, cases), or Ratings
    levels
        As for `percent_agreement`.
    weights
        As for `fleiss_kappa`.

    Returns
    -------
    PairwiseKappas

    Notes
    -----
    Each pair is computed over the cases that both rated, as by `cohen_kappa`.

    Examples
    --------
    >>> pairwise_kappas([[0, 0, 1, 1], [0, 0, 0, 1], [1, 1, 0, 0]]).values.round(2)
    array([[ nan,  0.5, -1. ],
           [ 0.5,  nan, -0.5],
           [-1. , -0.5,  nan]])
    """
    checked = as_ratings(ratings, levels)
    distances = 1 - weight_table(weights, checked.n_levels)
    together = _together(checked.codes, checked.n_levels)  # level of the one, rater, level of the other, rater
    first = together.sum(axis=2)
    shared = first.sum(axis=0)
    seen = np.einsum("kl,kglh->gh", distances, together)
    by_chance = np.einsum("kgh,khg->gh", first, np.tensordot(distances, first, 1))
    by_chance[(shared < 2) | (by_chance == 0)] = np.nan
    np.fill_diagonal(by_chance, np.nan)
    return PairwiseKappas(1 - seen * shared / by_chance, shared.astype(np.int64))


def _together(codes: Codes, n_levels: int) -> FloatArray:
    """Count the cases that one rater put on one level and another on another, for all pairs and levels."""
    if codes.size < _SMALL or codes.min() < 0:
        return _products(codes, n_levels)
    # Where everybody rated everything, the counts of one level follow from the others. With three levels that halves
    # the work, which only pays in large tables.
    together = np.empty((n_levels, len(codes), n_levels, len(codes)))
    together[:-1, :, :-1] = _products(codes, n_levels - 1)
    used = np.einsum("kgkg->kg", together[:-1, :, :-1])
    together[:-1, :, -1] = used[:, :, None] - together[:-1, :, :-1].sum(axis=2)
    together[-1, :, :-1] = np.moveaxis(together[:-1, :, -1], -1, 0)
    highest = codes.shape[1] - used.sum(axis=0)
    together[-1, :, -1] = highest[:, None] - together[-1, :, :-1].sum(axis=1)
    return together


def _products(codes: Codes, n_levels: int) -> FloatArray:
    """Count for the first `n_levels`, by products of matrices of marks."""
    n_raters, n_cases = codes.shape
    size = n_levels * n_raters
    width = max(1, min(2**24 - 1, _MARKS // size))
    together = np.zeros((size, size))
    for start in range(0, n_cases, width):
        block = codes[:, start : start + width]
        marks = np.empty((n_levels, *block.shape), np.float32)
        for level in range(n_levels):
            marks[level] = block == level
        flat = marks.reshape(size, -1)
        together += flat @ flat.T
    return together.reshape(n_levels, n_raters, n_levels, n_raters)
