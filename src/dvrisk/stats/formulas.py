"""The formulas of agreement, each in a few lines: from sums over cases to values.

All are written as 1 - (disagreement seen) / (disagreement by chance), where two levels differ by 1 minus their weight.
Leading axes of the sums are replicates. The last axis of a result is that of the weights: a stack of tables.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from dvrisk.errors import DataError
from dvrisk.stats.moments import FloatArray, Moments

Weighting = Literal["identity", "linear", "quadratic", "ordinal"]
Weights = Weighting | NDArray[np.float64]
Metric = Literal["nominal", "ordinal", "interval"]
WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)
METRICS: tuple[Metric, ...] = get_args(Metric)

_NIL = 1e-12
"""Chance disagreement below this is rounding: one level only."""


def weight_table(weights: Weights, n_levels: int) -> FloatArray:
    """Return how far each two levels count as agreement: 1 for the same level, 0 for the farthest apart.

    Parameters
    ----------
    weights : {'identity', 'linear', 'quadratic', 'ordinal'} or array, shape (levels, levels)
        A table of one's own is symmetric, 1 on the diagonal, and from 0 to 1.
    n_levels : int

    Notes
    -----
    With d the steps between two levels and q the number of levels: linear 1 - d / (q - 1); quadratic
    1 - d^2 / (q - 1)^2; ordinal 1 - d (d + 1) / (q (q - 1)), which is Gwet's and not Krippendorff's ordinal metric.

    References
    ----------
    Gwet (2014), Handbook of Inter-Rater Reliability, 4th edition.

    Examples
    --------
    >>> weight_table("quadratic", 3)
    array([[1.  , 0.75, 0.  ],
           [0.75, 1.  , 0.75],
           [0.  , 0.75, 1.  ]])
    """
    if not isinstance(weights, str):
        return _own_table(weights, n_levels)
    steps = np.abs(np.subtract.outer(np.arange(n_levels), np.arange(n_levels)))
    most = n_levels - 1
    match weights:
        case "identity":
            distances = (steps > 0) / 1.0
        case "linear":
            distances = steps / most
        case "quadratic":
            distances = (steps / most) ** 2
        case "ordinal":
            distances = steps * (steps + 1) / (n_levels * most)
        case _:
            raise DataError("weights", [f"expected one of {', '.join(WEIGHTINGS)}, or a table of numbers."])
    table: FloatArray = 1 - distances
    return table


def _own_table(weights: object, n_levels: int) -> FloatArray:
    try:
        table = np.asarray(weights, float)
    except (TypeError, ValueError, OverflowError):
        table = np.empty(0)
    shaped = table.shape == (n_levels, n_levels)
    if not shaped or (table != table.T).any() or (np.diag(table) != 1).any() or table.min() < 0 or table.max() > 1:
        problem = f"expected {n_levels} x {n_levels} numbers from 0 to 1, the same both ways, and 1 on the diagonal."
        raise DataError("weights", [problem])
    return table


def agreement(sums: Moments, weights: FloatArray) -> FloatArray:
    """Share of agreement in pairs of ratings of one case, averaged over cases."""
    return 1 - disagreement(sums, 1 - weights)


def disagreement(sums: Moments, distances: FloatArray) -> FloatArray:
    """Distance of the two levels in pairs of ratings of one case, averaged over cases."""
    return _divided(_weighed(sums.pairs_per_case, distances), sums.paired[..., None])


def fleiss(sums: Moments, weights: FloatArray) -> FloatArray:
    """Chance: two ratings drawn from the same shares of levels, those of the whole group."""
    shares = _divided(sums.shares, sums.rated[..., None])
    return _corrected(disagreement(sums, 1 - weights), _weighed(_products(shares), 1 - weights))


def conger(sums: Moments, weights: FloatArray) -> FloatArray:
    """Chance: two different raters, each with shares of levels of their own."""
    number = sums.by_rater.sum(axis=-1, keepdims=True)
    shares = sums.by_rater / np.maximum(number, 1)
    raters = (number[..., 0] > 0).sum(axis=-1)
    different = _products(shares.sum(axis=-2)) - np.swapaxes(shares, -1, -2) @ shares
    by_chance = _divided(_weighed(different, 1 - weights), (raters * (raters - 1))[..., None])
    return _corrected(disagreement(sums, 1 - weights), by_chance)


def brennan_prediger(sums: Moments, weights: FloatArray) -> FloatArray:
    """Chance: all declared levels equally likely."""
    return _corrected(disagreement(sums, 1 - weights), (1 - weights).mean(axis=(-1, -2)))


def gwet(sums: Moments, weights: FloatArray) -> FloatArray:
    """Chance: the share of agreement by guessing, where guessing is likely as far as the levels are mixed."""
    n_levels = weights.shape[-1]
    shares = _divided(sums.shares, sums.rated[..., None])
    mixed = 1 - (shares**2).sum(axis=-1, keepdims=True)
    return _corrected(
        disagreement(sums, 1 - weights), 1 - weights.sum(axis=(-1, -2)) * mixed / (n_levels * (n_levels - 1))
    )


def alpha(sums: Moments, metrics: tuple[Metric, ...]) -> FloatArray:
    """Chance: two ratings drawn without putting back, from all ratings that have a partner."""
    number = sums.pairs_per_rating.sum(axis=-1)
    total = number.sum(axis=-1)[..., None]
    shares = _divided(number, total)
    pair_shares = _divided(sums.pairs_per_rating, total[..., None])
    distances = np.stack([squared_distances(metric, shares) for metric in metrics], axis=-3)
    seen = (pair_shares[..., None, :, :] * distances).sum(axis=(-1, -2))
    by_chance = (_products(shares)[..., None, :, :] * distances).sum(axis=(-1, -2))
    return _corrected(seen * (1 - _divided(np.ones_like(total), total)), by_chance)


def squared_distances(metric: Metric, shares: FloatArray) -> FloatArray:
    """Krippendorff's squared distance of each two levels, which have these shares of the ratings."""
    places = np.broadcast_to(np.arange(shares.shape[-1], dtype=float), shares.shape)
    if metric == "nominal":
        return np.not_equal(places[..., :, None], places[..., None, :]) / 1.0
    if metric == "ordinal":  # the distance of two levels is the share of ratings between their middles
        places = np.cumsum(shares, axis=-1) - shares / 2
    distances: FloatArray = (places[..., :, None] - places[..., None, :]) ** 2
    return distances


def specific(sums: Moments, level: int) -> FloatArray:
    """Of the ratings paired with one at `level`, the share that is at this level too."""
    return _divided(sums.pairs[..., level, level], sums.pairs[..., level, :].sum(axis=-1))[..., None]


def _weighed(products: FloatArray, tables: FloatArray) -> FloatArray:
    """Add up each table of products with each table of weights."""
    size = tables.shape[-1] ** 2
    weighed: FloatArray = products.reshape(*products.shape[:-2], size) @ tables.reshape(-1, size).T
    return weighed


def _products(shares: FloatArray) -> FloatArray:
    products: FloatArray = shares[..., :, None] * shares[..., None, :]
    return products


def _corrected(seen: FloatArray, by_chance: FloatArray) -> FloatArray:
    return 1 - _divided(seen, np.where(by_chance > _NIL, by_chance, 0))


def _divided(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """Divide; NaN where the lower side is nil."""
    shape = np.broadcast_shapes(np.shape(top), np.shape(bottom))
    ratio: FloatArray = np.divide(top, bottom, out=np.full(shape, np.nan), where=bottom > 0)
    return ratio
