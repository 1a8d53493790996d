"""Fit a many-facet Rasch model: Newton's method on the penalised joint likelihood, with the places eliminated.

A *place* is what raters have in common: a case, or one item of one case. Rating x by rater r of item i at place p:
log P(x = k) is k (place_p + rater_r) - threshold_ik, less the log of the sum over k. A threshold is the sum of the
item's steps up to a category. Positive = rates higher.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

PRIOR_SD = 2.0
"""SD, in logits, of the weak normal priors on places and raters; they keep all-or-nothing rows finite."""

_PENALTY = 1 / PRIOR_SD**2
_NIL = 1e-10


class Cells(NamedTuple):
    """The ratings that were given, one entry each: by whom, at which place, of which item, which rank."""

    rater: Ints
    place: Ints
    item: Ints
    rank: Ints
    n_raters: int
    n_places: int
    n_items: int


class Fit(NamedTuple):
    """The most likely parameters, what they say of every rating, and how well the data settle them.

    `pull` says how an error in raters and thresholds moves each place; `covariance` is that of raters and thresholds
    with the places unknown too.
    """

    raters: Floats
    places: Floats
    thresholds: Floats  # items x categories; infinite for a category that nobody used
    chances: Floats  # categories x ratings
    place_information: Floats
    pull: Floats
    covariance: Floats


class _Point(NamedTuple):
    raters: Floats
    places: Floats
    thresholds: Floats
    chances: Floats
    height: float  # log-likelihood less penalty


class _Slope(NamedTuple):
    """Gradient and information; `rest` is the raters, then the free thresholds."""

    places: Floats
    rest: Floats
    place_information: Floats
    links: Floats  # information between places and rest
    rest_information: Floats


def fit_rasch(cells: Cells) -> Fit:
    """Climb to the top of the penalised likelihood. It is concave, so there is one."""
    counts = np.zeros((cells.n_items, int(cells.rank.max()) + 1))
    np.add.at(counts, (cells.item, cells.rank), 1)
    used = counts > 0
    free = used & (np.cumsum(used, axis=1) > 1)  # the lowest category in use is the zero of its item
    here = _point(np.zeros(cells.n_raters), np.zeros(cells.n_places), _start(counts), cells)
    while True:
        slope = _slope(here, counts, free, cells)
        there = _uphill(here, *_newton(slope), free, cells)
        if there.height - here.height < _NIL:  # the slope from before a step that moved nothing serves for the errors
            return Fit(*there[:4], slope.place_information, *_covariance(slope))
        here = there


def moments(chances: Floats) -> tuple[Floats, Floats]:
    """Return the expected rank and its variance, for each rating."""
    ranks = np.arange(len(chances))
    expected = ranks @ chances
    return expected, np.asarray(ranks**2 @ chances - expected**2)


def rater_errors(fit: Fit) -> Floats:
    """Return each rater's standard error about the panel mean, with everything else unknown too."""
    n_raters = len(fit.raters)
    block = fit.covariance[:n_raters, :n_raters]
    return np.asarray(np.sqrt(np.diag(block) - 2 * block.mean(axis=1) + block.mean()))


def mean_places(fit: Fit, of: Ints, size: int) -> tuple[Floats, Floats]:
    """Return the mean of each set of places, about the mean of all, with its standard error; `of` is each one's set."""
    n_each, n_all, own = np.bincount(of, minlength=size), len(of), 1 / fit.place_information
    rows = np.zeros((size, fit.pull.shape[1]))
    np.add.at(rows, of, fit.pull)
    rows = rows / n_each[:, None] - fit.pull.mean(axis=0)
    own_sums = np.bincount(of, own, size)
    variance = own_sums / n_each**2 - 2 * own_sums / (n_each * n_all) + own.sum() / n_all**2
    variance += ((rows @ fit.covariance) * rows).sum(axis=1)
    return np.bincount(of, fit.places, size) / n_each, np.asarray(np.sqrt(variance))


def _start(counts: Floats) -> Floats:
    """Thresholds that reproduce each item's counts if nobody leaned and all places were alike."""
    lowest = counts[np.arange(len(counts)), (counts > 0).argmax(axis=1)]
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(counts / lowest[:, None]))


def _point(raters: Floats, places: Floats, thresholds: Floats, cells: Cells) -> _Point:
    danger = raters[cells.rater] + places[cells.place]
    exponents = np.arange(thresholds.shape[1])[:, None] * danger - thresholds.T[:, cells.item]
    exponents -= exponents.max(axis=0)
    chances = np.exp(exponents)
    total = chances.sum(axis=0)
    likelihood = exponents[cells.rank, np.arange(len(danger))].sum() - np.log(total).sum()
    penalty = _PENALTY / 2 * float(raters @ raters + places @ places)
    return _Point(raters, places, thresholds, chances / total, float(likelihood) - penalty)


def _slope(here: _Point, counts: Floats, free: Mask, cells: Cells) -> _Slope:
    expected, variance = moments(here.chances)
    residual = cells.rank - expected
    lean = [-column * (k - expected) for k, column in enumerate(here.chances)]
    expected_counts = np.stack([np.bincount(cells.item, column, cells.n_items) for column in here.chances], axis=1)
    by_rater = np.bincount(cells.rater, residual, cells.n_raters) - _PENALTY * here.raters
    between = _crossed(variance, cells.place, cells.rater, cells.n_places, cells.n_raters)
    return _Slope(
        places=np.bincount(cells.place, residual, cells.n_places) - _PENALTY * here.places,
        rest=np.concatenate([by_rater, (expected_counts - counts)[free]]),
        place_information=np.bincount(cells.place, variance, cells.n_places).astype(np.float64) + _PENALTY,
        links=np.hstack([between, _with_thresholds(lean, cells.place, cells.n_places, free, cells)]),
        rest_information=_rest_information(here.chances, variance, lean, free, cells),
    )


def _rest_information(chances: Floats, variance: Floats, lean: list[Floats], free: Mask, cells: Cells) -> Floats:
    raters = np.diag(np.bincount(cells.rater, variance, cells.n_raters) + _PENALTY)
    between = _with_thresholds(lean, cells.rater, cells.n_raters, free, cells)
    n_items, n_categories = free.shape
    blocks = np.zeros((n_items, n_categories, n_items, n_categories))
    each = np.arange(n_items)
    for k in range(n_categories):
        blocks[each, k, each, k] = np.bincount(cells.item, chances[k], n_items)
        for other in range(n_categories):
            blocks[each, k, each, other] -= np.bincount(cells.item, chances[k] * chances[other], n_items)
    return np.block([[raters, between], [between.T, blocks[free][:, free]]])


def _crossed(weights: Floats, first: Ints, second: Ints, n_first: int, n_second: int) -> Floats:
    sums = np.bincount(first * n_second + second, weights, n_first * n_second)
    return sums.reshape(n_first, n_second).astype(np.float64)


def _with_thresholds(lean: list[Floats], first: Ints, n_first: int, free: Mask, cells: Cells) -> Floats:
    columns = [_crossed(part, first, cells.item, n_first, cells.n_items) for part in lean]
    return np.stack(columns, axis=2)[:, free]


def _newton(slope: _Slope) -> tuple[Floats, Floats]:
    """Solve for the step. No rating touches two places, so the places drop out (Schur complement)."""
    pull = slope.links / slope.place_information[:, None]
    left = slope.rest_information - slope.links.T @ pull
    rest: Floats = np.asarray(np.linalg.solve(left, slope.rest - pull.T @ slope.places), dtype=np.float64)
    return slope.places / slope.place_information - pull @ rest, rest


def _covariance(slope: _Slope) -> tuple[Floats, Floats]:
    pull = slope.links / slope.place_information[:, None]
    return pull, np.asarray(np.linalg.inv(slope.rest_information - slope.links.T @ pull), dtype=np.float64)


def _uphill(here: _Point, step_places: Floats, step_rest: Floats, free: Mask, cells: Cells) -> _Point:
    """Take the step, halved until it does not lead down."""
    size = 1.0
    while size > 1e-6:
        thresholds = here.thresholds.copy()
        thresholds[free] += size * step_rest[cells.n_raters :]
        raters = here.raters + size * step_rest[: cells.n_raters]
        there = _point(raters, here.places + size * step_places, thresholds, cells)
        if there.height >= here.height - _NIL:
            return there
        size /= 2
    return here
