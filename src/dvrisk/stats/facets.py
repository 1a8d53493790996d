"""How far each rater leans on a logit scale, from marks for many items: the many-facet Rasch model.

Sign, everywhere in this module: positive = rates HIGHER, sees more danger. (Textbooks of educational testing call the
opposite direction severity.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from dvrisk.errors import DataError, MissingExtraError
from dvrisk.stats.checks import checked_places, counted
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.rasch import Cells, Fit, Floats, Ints, Mask, fit_rasch, mean_places, moments, rater_errors
from dvrisk.stats.raters import check_confidence
from dvrisk.stats.ratings import Codes, Levels, Ratings, as_array, as_ratings

_MODEL = "many-facet Rasch model, logits about the panel mean, positive = rates higher"
_NOTHING_TOLD = "everybody gave the same mark wherever this rater gave one"
_ONE_SIDE = "this rater's marks tell nothing about one side: the group, or the other items"
_NOT_FOR_MIRT = (
    "mirt can't fit these ratings; it expects every category of every item in use, and no rater or item with all marks "
    "lowest or all highest. Use rater_severity."
)


@dataclass(frozen=True, slots=True, eq=False)
class Facets:
    """A fitted many-facet Rasch model. Positive = rates higher.

    Attributes
    ----------
    raters : tuple of Estimate
        How far each rater leans, in logits about the mean of the panel (they sum to 0), with interval.
    severity, se : array, shape (raters,)
        The same numbers and their standard errors, from the full information matrix.
    shift : array, shape (raters,)
        The same lean as steps of the scale: the mark to be expected for the median case, less that of the panel mean;
        average over items.
    infit, outfit : array, shape (raters,)
        Mean squares. Above 1.5 the rater contradicts the pattern of the others. NaN where a rater tells nothing. In the
        classical model 1 is expected, and below 0.7 the rater follows the pattern more closely than chance allows. With
        `facts_by_case` read only values above 1.5: each item in each case has a place of its own, which fits itself to
        the marks, so ordinary raters come out well below 1 (0.7 to 0.9; in some designs more than half below 0.7).
    cases, cases_se : array, shape (cases,)
        Danger that the panel sees in each case: logits about the mean of the cases.
    steps : array, shape (items, categories - 1)
        Where on that scale one category gives way to the next; NaN beside a category that nobody used.
    items_infit, items_outfit : array, shape (items,)
    groups : mapping of str to tuple of Estimate
        For each group of items, how much further each rater leans on it than on the other items.
    """

    raters: tuple[Estimate, ...]
    severity: Floats
    se: Floats
    shift: Floats
    infit: Floats
    outfit: Floats
    cases: Floats
    cases_se: Floats
    steps: Floats
    items_infit: Floats
    items_outfit: Floats
    groups: Mapping[str, tuple[Estimate, ...]]


def rater_severity(
    ratings: ArrayLike | Ratings,
    groups: Mapping[str, Sequence[int]] | None = None,
    *,
    levels: Levels = None,
    facts_by_case: bool = False,
    confidence: float = 0.95,
) -> Facets:
    """Say how far each rater leans, apart from which cases and items they rated. Positive = rates higher.

    Parameters
    ----------
    ratings : array, shape (raters, cases, items) or (raters, cases)
        Ranks 0, 1, ..., lowest first; NaN, or -1 in an array of whole numbers, where not rated. Items may have
        different numbers of categories. Two dimensions count as one item: the level alone.
    groups : mapping of str to sequence of int, optional
        Name of a group to the places of its items, counted from 0.
    levels : int or sequence of str, optional
        For levels alone (two dimensions): their number, or their ids, lowest first, as for `as_ratings`.
    facts_by_case : bool, default False
        The classical model takes a case to be high on all items or on none. True lets the same item be plain in one
        case and absent in another, as in vignettes that state their facts. With one item they are the same.
    confidence : float, default 0.95

    Returns
    -------
    Facets

    Raises
    ------
    DataError
        Fewer than two raters or cases, a rater or a case without ratings, values that are no ranks, `levels` beside
        marks on items, a group with an unknown item, or raters who share nothing with the others.

    Notes
    -----
    For rater r, item i, case u: log P(k) / P(k - 1) = place + rater_r - step_ik, where the place belongs to the case,
    or to the item in the case if `facts_by_case`. All are estimated together by Newton's method. Places and raters have
    a normal prior with mean 0 and SD 2 logits: it sets both means to 0 and keeps a rater finite who marks everything,
    or nothing. A category that nobody used is left out, as maximum likelihood does in the limit. Intervals are value
    +- z SE. Where facts differ by case the classical model makes leans too small: if they differ with an SD of 2
    logits, a rater who leans by 2 comes out at 1.35, with `facts_by_case` at 1.85 (docs/studies/detection.py).

    References
    ----------
    Linacre, J. M. (1989). Many-Facet Rasch Measurement. MESA Press.
    Wright, B. D. and Masters, G. N. (1982). Rating Scale Analysis. MESA Press.

    Examples
    --------
    Three raters mark two cases on three yes/no items. The third marks least, the second most.

    >>> marks = [[[0, 1, 1], [0, 0, 1]], [[1, 1, 1], [0, 1, 1]], [[0, 0, 1], [0, 0, 0]]]
    >>> fitted = rater_severity(marks)
    >>> [int(place) for place in fitted.severity.argsort()]
    [2, 0, 1]
    >>> abs(float(fitted.severity.sum())) < 1e-9
    True
    """
    check_confidence(confidence)
    array = as_marks(ratings, levels)
    known = checked_places("groups", {} if groups is None else groups, array.shape[2], "group", "places of items")
    cells, case_of_place = _cells(array, facts_by_case)
    fit = fit_rasch(cells)
    infit, outfit = _mean_squares(fit, cells, cells.rater, cells.n_raters)
    items_infit, items_outfit = _mean_squares(fit, cells, cells.item, cells.n_items)
    cases, cases_se = mean_places(fit, case_of_place, array.shape[1])
    return Facets(
        raters=_leans(fit, cells, confidence),
        severity=fit.raters,
        se=rater_errors(fit),
        shift=_shift(fit, cells, case_of_place == np.argsort(cases)[len(cases) // 2]),
        infit=infit,
        outfit=outfit,
        cases=cases,
        cases_se=cases_se,
        steps=_steps(fit.thresholds),
        items_infit=items_infit,
        items_outfit=items_outfit,
        groups={name: _group_terms(fit, cells, items, confidence) for name, items in known.items()},
    )


def marginal_severity(
    ratings: ArrayLike | Ratings, *, levels: Levels = None, facts_by_case: bool = False, confidence: float = 0.95
) -> tuple[Estimate, ...]:
    """Say the same as `rater_severity` by marginal maximum likelihood, with the library mirt. Positive = rates higher.

    Parameters
    ----------
    ratings : array, shape (raters, cases, items) or (raters, cases)
        As for `rater_severity`; every item has the same number of categories, all of them in use.
    levels : int or sequence of str, optional
    facts_by_case : bool, default False
    confidence : float, default 0.95

    Returns
    -------
    tuple of Estimate
        One for each rater, in logits, summing to 0.

    Raises
    ------
    MissingExtraError
        mirt is not installed.
    DataError
        As for `rater_severity`, and where mirt can't fit the ratings.

    Notes
    -----
    Places follow a normal distribution whose spread is estimated; they are integrated out. For research with few
    ratings of each case, where joint estimates are biased.

    References
    ----------
    Linacre, J. M. (1989). Many-Facet Rasch Measurement. MESA Press.
    """
    check_confidence(confidence)
    array = as_marks(ratings, levels)
    severity, errors = _by_mirt(array, facts_by_case)
    method = f"{_MODEL}; marginal maximum likelihood by mirt; value +- z SE, {confidence:.0%}"
    counts = (~np.isnan(array)).sum(axis=(1, 2))
    return tuple(
        _around(value, error, confidence, method, n) for value, error, n in zip(severity, errors, counts, strict=True)
    )


# ------------------------------------------------------------------------------------------------- reading ratings


def as_marks(ratings: ArrayLike | Ratings, levels: Levels = None) -> Floats:
    """Return ratings as raters x cases x items, NaN where not rated, or raise DataError."""
    array = ratings.codes if isinstance(ratings, Ratings) else as_array(ratings, "ratings")
    if array.ndim not in (2, 3):
        expected = "expected raters x cases, or raters x cases x items"
        raise DataError("ratings", [f"got {counted(array.ndim, 'dimension')}, {expected}."])
    codes = as_ratings(ratings, levels).codes[:, :, None] if array.ndim == 2 else _mark_codes(array, levels)
    empty = np.flatnonzero((codes < 0).all(axis=(0, 2)))
    if len(empty):
        raise DataError("ratings", [f"case {case + 1} has no rating. Leave it out." for case in empty])
    return np.where(codes < 0, np.nan, codes)


def _mark_codes(array: NDArray[np.generic], levels: Levels) -> Codes:
    if levels is not None:
        raise DataError(
            "levels", ["expected none beside marks on items, which have options of their own. Leave it out."]
        )
    if array.dtype.kind in "OUS" and any(isinstance(value, str) for value in array.flat):
        raise DataError("ratings", ["got text, expected ranks of each item's options, lowest first, from 0."])
    if array.shape[1] < 2:
        raise DataError("ratings", [f"got {counted(array.shape[1], 'case')}, expected 2 or more."])
    where = "ratings (the items of each case side by side)"
    codes: Codes = as_ratings(array.reshape(len(array), -1), where=where).codes.reshape(array.shape)
    return codes


def _cells(array: Floats, facts_by_case: bool) -> tuple[Cells, Ints]:
    """List the ratings, and say to which case each place belongs."""
    n_raters, _, n_items = array.shape
    rater, case, item = (index.astype(np.int64) for index in np.nonzero(~np.isnan(array)))
    links = [case * n_items + item] if facts_by_case else [case, item]
    if not all(_linked(rater, link, n_raters) for link in links):
        what = "no mark for the same item of a case" if facts_by_case else "no case or no item"
        raise DataError("ratings", [f"some raters share {what} with the others. Compare each group alone."])
    known, place = np.unique(links[0], return_inverse=True)
    rank = array[rater, case, item].astype(np.int64)
    cells = Cells(rater, place.astype(np.int64), item, rank, n_raters, len(known), n_items)
    return cells, known // n_items if facts_by_case else known


def _linked(rater: Ints, link: Ints, n_raters: int) -> bool:
    """Whether every rater shares something with the first one, directly or through others."""
    seen = np.zeros((n_raters, int(link.max()) + 1), dtype=np.bool_)
    seen[rater, link] = True
    reached = np.arange(n_raters) == 0
    while True:
        more = seen[:, seen[reached].any(axis=0)].any(axis=1)
        if (more == reached).all():
            return bool(reached.all())
        reached = more


# ---------------------------------------------------------------------------------------------- what the fit says


def _around(value: float, error: float, confidence: float, method: str, n_ratings: int) -> Estimate:
    reach = float(ndtri(0.5 + confidence / 2)) * float(error)
    return Estimate(float(value), float(value) - reach, float(value) + reach, method, {"ratings": int(n_ratings)})


def _leans(fit: Fit, cells: Cells, confidence: float) -> tuple[Estimate, ...]:
    told = np.bincount(cells.rater, moments(fit.chances)[1], cells.n_raters)
    counts = np.bincount(cells.rater, minlength=cells.n_raters)
    method = f"{_MODEL}; penalised joint maximum likelihood; value +- z SE, {confidence:.0%}"
    return tuple(
        _around(value, error, confidence, method, n)
        if information > 0
        else Estimate(None, method=method, counts={"ratings": int(n)}, undefined=_NOTHING_TOLD)
        for value, error, information, n in zip(fit.raters, rater_errors(fit), told, counts, strict=True)
    )


def _mean_squares(fit: Fit, cells: Cells, of: Ints, size: int) -> tuple[Floats, Floats]:
    """Infit (weighted by information) and outfit (plain) mean squares of raters or items."""
    expected, variance = moments(fit.chances)
    tells = variance > 0
    squares, variance, of = (cells.rank - expected)[tells] ** 2, variance[tells], of[tells]
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN for a rater or item that tells nothing
        infit = np.bincount(of, squares, size) / np.bincount(of, variance, size)
        outfit = np.bincount(of, squares / variance, size) / np.bincount(of, minlength=size)
    return np.asarray(infit), np.asarray(outfit)


def _shift(fit: Fit, cells: Cells, in_case: Mask) -> Floats:
    """Return the mark to be expected of each rater for one case, less that at the panel mean; average over items."""
    inside = np.flatnonzero(in_case[cells.place])
    place, item = np.unique(np.stack([cells.place[inside], cells.item[inside]]), axis=1)
    danger = fit.places[place] + np.append(fit.raters, 0.0)[:, None]
    ranks = np.arange(fit.thresholds.shape[1])
    exponents = danger[:, :, None] * ranks - fit.thresholds[item]
    chances = np.exp(exponents - exponents.max(axis=2, keepdims=True))
    marks = ((chances @ ranks) / chances.sum(axis=2)).mean(axis=1)
    return np.asarray(marks[:-1] - marks[-1])


def _steps(thresholds: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        steps = np.diff(thresholds, axis=1)
    return np.where(np.isfinite(steps), steps, np.nan)


def _group_terms(fit: Fit, cells: Cells, items: list[int], confidence: float) -> tuple[Estimate, ...]:
    """Lean on these items less lean on the others: one Newton step from the fit on each side, places and steps held."""
    expected, variance = moments(fit.chances)
    residual, inside = cells.rank - expected, np.isin(cells.item, items)
    sides = []
    for side in (inside, ~inside):
        information = np.bincount(cells.rater[side], variance[side], cells.n_raters)
        sides.append((np.bincount(cells.rater[side], residual[side], cells.n_raters), information))
    counts = np.bincount(cells.rater[inside], minlength=cells.n_raters)
    method = f"lean on the group less lean on the other items, logits; one Newton step; value +- z SE, {confidence:.0%}"
    return tuple(
        _around(pull / told - pull_rest / told_rest, (1 / told + 1 / told_rest) ** 0.5, confidence, method, n)
        if told > 0 and told_rest > 0
        else Estimate(None, method=method, counts={"ratings": int(n)}, undefined=_ONE_SIDE)
        for pull, told, pull_rest, told_rest, n in zip(*sides[0], *sides[1], counts, strict=True)
    )


# ----------------------------------------------------------------------------------------------------------- mirt


def _by_mirt(array: Floats, facts_by_case: bool) -> tuple[Floats, Floats]:
    """Hand the ratings to mirt. Its persons are our places, and its facet counts downwards."""
    try:
        import mirt
        from mirt.models import Facet, ManyFacetRaschModel, PolytomousMFRM
    except ImportError:
        raise MissingExtraError("irt", "mirt") from None
    n_raters, n_cases, n_items = array.shape
    n_categories, raters = int(np.nanmax(array)) + 1, Facet("rater", n_raters)
    rows = n_cases * n_items if facts_by_case else n_cases
    indices = np.indices(array.shape).transpose(0, 2, 3, 1)
    # one column a rater and item; an item's places stand below each other if facts differ by case
    rater, _, item = indices.reshape(3, rows, -1)
    try:
        model = (
            ManyFacetRaschModel(n_items, [raters])
            if n_categories <= 2
            else PolytomousMFRM(n_items, n_categories, [raters], category_structure="partial_credit")
        )
        responses = array.transpose(1, 2, 0).reshape(rows, -1)
        fitted = mirt.fit_mfrm(model, responses, {"rater": rater}, item_indices=item)
    except mirt.MirtError:
        raise DataError("ratings", [_NOT_FOR_MIRT]) from None
    return -np.asarray(fitted.facet_parameters["rater"]), np.asarray(fitted.facet_se["rater"])
