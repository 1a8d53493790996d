"""Intraclass correlations: agreement of scores, such as points or item sums, rather than of a few levels.

Names follow McGraw and Wong (1996). Shrout and Fleiss (1979) call "1,1" ICC(1,1), "A,1" ICC(2,1) and "C,1" ICC(3,1);
"1,k", "A,k" and "C,k" are their ICC(1,k), ICC(2,k) and ICC(3,k).
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri

from dvrisk.errors import DataError
from dvrisk.stats.checks import confidence_level, is_whole
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.moments import FloatArray
from dvrisk.stats.ratings import NOT_RATED, Ratings, as_table, is_missing, too_small

Form = Literal["1,1", "A,1", "C,1", "1,k", "A,k", "C,k"]
FORMS: tuple[Form, ...] = get_args(Form)

_NIL = 1e-12
"""Spread below this share of the largest score is rounding."""

_NO_DESIGN = "and a design in which nobody rates all cases has no ICC here"


class MeanSquares(NamedTuple):
    """Mean squares of a complete table of scores, and its size.

    Attributes
    ----------
    cases, raters, rest, within : float
        Between cases, between raters, what neither explains, and raters and rest together.
    n_cases, n_raters : int
    """

    cases: float
    raters: float
    rest: float
    within: float
    n_cases: int
    n_raters: int


def icc(ratings: object, *, form: Form = "A,1", confidence: float = 0.95) -> Estimate:
    """Estimate what share of the spread of scores lies between cases, rather than between raters or in noise.

    Parameters
    ----------
    ratings : array-like, shape (raters, cases)
        Scores. Not rated is NaN or None, and -1 where all are whole numbers; among floats -1 is a score.
    form : {'1,1', 'A,1', 'C,1', '1,k', 'A,k', 'C,k'}, default 'A,1'
        '1': each case has raters of its own. 'A': the same raters, who should give the same scores (a rater who rates
        lower throughout counts as disagreement). 'C': the same raters, who should only put the cases in the same order
        and distance. ',1' is for one person's score, ',k' for the mean of all raters.
    confidence : float, default 0.95
        Of the interval, which is for other cases and, for '1' and 'A', other raters too.

    Returns
    -------
    Estimate
        Highest 1; below 0 if cases differ less than chance would have them. Undefined if no scores differ, or if fewer
        than two cases were rated by everyone, as in a design in which nobody rates all cases.

    Raises
    ------
    DataError
        Not two raters and two cases or more, more than two dimensions, or values that are no finite numbers.

    Notes
    -----
    From the mean squares of cases (B), raters (J), the rest (E) and within cases (W), for n cases and k raters:
    1,1 (B - W) / (B + (k-1) W); A,1 (B - E) / (B + (k-1) E + k (J - E) / n); C,1 (B - E) / (B + (k-1) E);
    1,k (B - W) / B; A,k (B - E) / (B + (J - E) / n); C,k (B - E) / B. Intervals by F; those of A are approximate.

    A case that not everyone rated is left out as a whole, and `counts` says how many were.

    References
    ----------
    McGraw and Wong (1996), Psychological Methods 1; Shrout and Fleiss (1979), Psychological Bulletin 86.

    Examples
    --------
    The second person gives one point more to each case: the order agrees fully, the scores don't.

    >>> scores = [[1, 2, 3], [2, 3, 4]]
    >>> icc(scores, form="C,1").value, round(icc(scores, form="A,1").value, 3)
    (1.0, 0.667)
    """
    if form not in FORMS:
        raise DataError("form", [f"expected one of {'  '.join(FORMS)}."])
    return all_iccs(ratings, confidence=confidence)[form]


def all_iccs(ratings: object, *, confidence: float = 0.95) -> dict[Form, Estimate]:
    """Estimate the six intraclass correlations at once.

    Parameters
    ----------
    ratings, confidence
        As for `icc`.

    Returns
    -------
    dict of str to Estimate
        "C,1" clearly above "A,1" is the mark of a rater who rates lower or higher than the others throughout.

    Examples
    --------
    >>> {form: round(found.value, 2) for form, found in all_iccs([[1, 2, 3], [2, 3, 4]]).items()}
    {'1,1': 0.6, 'A,1': 0.67, 'C,1': 1.0, '1,k': 0.75, 'A,k': 0.8, 'C,k': 1.0}
    """
    scores = _scores(ratings, confidence)
    n_raters, n_cases = scores.shape
    complete = scores if math.isfinite(scores.sum()) else scores[:, ~np.isnan(scores).any(axis=0)]
    used = complete.shape[1]
    counts = {"raters": n_raters, "cases": n_cases, "ratings": n_raters * used, "left_out": n_cases - used}
    if used < 2:
        left_out = f"{n_cases - used} of {n_cases} left out"
        reason = f"fewer than two cases were rated by everyone ({left_out}), {_NO_DESIGN}"
        return {form: Estimate(None, method=f"ICC({form})", counts=counts, undefined=reason) for form in FORMS}
    squares = mean_squares(complete)
    limits = _limits(squares, (1 + confidence) / 2)
    how = f"{100 * confidence:g} % interval by F"
    return {form: _estimate(form, values, limits[form], how, counts) for form, values in _values(squares).items()}


def mean_squares(scores: FloatArray) -> MeanSquares:
    """Split the spread of a complete table into cases, raters and the rest.

    Parameters
    ----------
    scores : array, shape (raters, cases)
        Without gaps.

    Returns
    -------
    MeanSquares

    Examples
    --------
    >>> squares = mean_squares(np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]]))
    >>> round(squares.cases, 9), round(squares.raters, 9), squares.rest, round(squares.within, 9)
    (2.0, 1.5, 0.0, 0.5)
    """
    n_raters, n_cases = scores.shape
    grand = scores.sum() / scores.size
    case_means = scores.sum(axis=0) / n_raters - grand
    rater_means = scores.sum(axis=1) / n_cases - grand
    noise = (scores - grand - case_means - rater_means[:, None]).ravel()
    nil = scores.size * (_NIL * float(np.abs(scores).max())) ** 2
    cases = _unless_nil(n_raters * float(case_means @ case_means), nil)
    raters = _unless_nil(n_cases * float(rater_means @ rater_means), nil)
    rest = _unless_nil(float(noise @ noise), nil)
    return MeanSquares(
        cases / (n_cases - 1),
        raters / (n_raters - 1),
        rest / ((n_cases - 1) * (n_raters - 1)),
        (raters + rest) / (n_cases * (n_raters - 1)),
        n_cases,
        n_raters,
    )


def _scores(ratings: object, confidence: float) -> FloatArray:
    table = ratings.codes if isinstance(ratings, Ratings) else as_table(ratings, "ratings")
    problems = too_small(table) + confidence_level(confidence)
    scores = _as_floats(table)
    if np.isinf(scores).any():
        problems.append("got infinite scores, expected numbers, or NaN for not rated.")
    if problems:
        raise DataError("ratings", problems)
    return scores


def _as_floats(table: NDArray[np.generic]) -> FloatArray:
    """Return scores with NaN for not rated, which in whole numbers is -1 too."""
    cells = [value for value in table.flat if not is_missing(value)] if table.dtype.kind == "O" else []
    numbers = (int, float, np.integer, np.floating, np.bool_)
    if table.dtype.kind not in "bifuO" or not all(isinstance(value, numbers) for value in cells):
        raise DataError("ratings", ["expected a table of numbers, one row a rater, NaN for not rated."])
    if table.dtype.kind == "O":
        flat = [math.nan if is_missing(value) else float(value) for value in table.flat]
        scores = np.array(flat).reshape(table.shape)
    else:
        scores = np.asarray(table, float)
    is_counted = table.dtype.kind in "iu" or (bool(cells) and all(map(is_whole, cells)))
    return np.where(scores == NOT_RATED, np.nan, scores) if is_counted else scores


def _unless_nil(sum_of_squares: float, nil: float) -> float:
    return sum_of_squares if sum_of_squares > nil else 0.0


def _values(squares: MeanSquares) -> dict[Form, tuple[float, float]]:
    """Return numerator and denominator of each form."""
    cases, raters, rest, within, n, k = squares
    return {
        "1,1": (cases - within, cases + (k - 1) * within),
        "A,1": (cases - rest, cases + (k - 1) * rest + k * (raters - rest) / n),
        "C,1": (cases - rest, cases + (k - 1) * rest),
        "1,k": (cases - within, cases),
        "A,k": (cases - rest, cases + (raters - rest) / n),
        "C,k": (cases - rest, cases),
    }


Limits = tuple[float, float] | None


def _estimate(form: Form, values: tuple[float, float], limits: Limits, how: str, counts: dict[str, int]) -> Estimate:
    name, (top, bottom) = f"ICC({form})", values
    if bottom <= 0:
        return Estimate(None, method=name, counts=counts, undefined="the cases do not differ")
    if limits is None:
        return Estimate(top / bottom, None, None, f"{name}; no interval: F gives none for these scores", counts)
    return Estimate(top / bottom, *limits, f"{name}; {how}", counts)


def _limits(squares: MeanSquares, level: float) -> dict[Form, Limits]:
    """Limits for one rater, and for the mean of all by the formula of Spearman and Brown, as of the values."""
    n, k = squares.n_cases, squares.n_raters
    one = _by_ratio(squares.cases, squares.within, n * (k - 1), n, k, level)
    absolute = _absolute(squares, level)
    consistent = _by_ratio(squares.cases, squares.rest, (n - 1) * (k - 1), n, k, level)
    single: dict[Form, Limits] = {"1,1": one, "A,1": absolute, "C,1": consistent}
    return single | {"1,k": _stepped(one, k), "A,k": _stepped(absolute, k), "C,k": _stepped(consistent, k)}


def _by_ratio(cases: float, noise: float, freedom: int, n: int, k: int, level: float) -> Limits:
    if noise == 0:
        return None
    low = cases / noise / float(fdtri(n - 1, freedom, level))
    high = cases / noise * float(fdtri(freedom, n - 1, level))
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _absolute(squares: MeanSquares, level: float) -> Limits:
    """Limits of "A,1", with Satterthwaite's degrees of freedom for the mix of raters and rest."""
    cases, raters, rest, _, n, k = squares
    top, bottom = cases - rest, cases + (k - 1) * rest + k * (raters - rest) / n
    if bottom <= top:
        return None
    odds = k * top / (n * (bottom - top))
    by_raters, by_rest = odds * raters, (1 + odds * (n - 1)) * rest
    if by_raters + by_rest == 0:
        return None
    freedom = (by_raters + by_rest) ** 2 / (by_raters**2 / (k - 1) + by_rest**2 / ((n - 1) * (k - 1)))
    noise = k * raters + (k * n - k - n) * rest
    low, high = 1 / float(fdtri(n - 1, freedom, level)), float(fdtri(freedom, n - 1, level))
    return n * (low * cases - rest) / (noise + n * low * cases), n * (high * cases - rest) / (noise + n * high * cases)


def _stepped(limits: Limits, k: int) -> Limits:
    """Step limits for one rater up to those for the mean of `k`."""
    if limits is None:
        return None
    low, high = (k * end / (1 + (k - 1) * end) if (k - 1) * end > -1 else -math.inf for end in limits)
    return low, high
