"""How far people agree on the same cases: raw agreement, agreement beyond chance, and where they split.

Every function takes ratings (rows are raters, columns are cases; see `as_ratings`) and returns one `Estimate`. The
arguments that all of them share are described at `percent_agreement`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from dvrisk.errors import DataError
from dvrisk.stats import formulas
from dvrisk.stats.checks import refuse, whole_number
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.formulas import METRICS, WEIGHTINGS, Metric, Weights, weight_table
from dvrisk.stats.intervals import (
    FEWEST_CASES_FOR_ALPHA,
    REPLICATES,
    Interval,
    Plan,
    Sample,
    Statistic,
    Values,
    estimates,
)
from dvrisk.stats.moments import FloatArray, Moments, Tally, tally
from dvrisk.stats.ratings import Levels, Ratings, as_ratings, level_rank

_FORMULAS: dict[str, tuple[str, Callable[[Moments, FloatArray], FloatArray]]] = {
    "percent_agreement": ("agreement", formulas.agreement),
    "fleiss_kappa": ("Fleiss' kappa", formulas.fleiss),
    "conger_kappa": ("Conger's kappa", formulas.conger),
    "brennan_prediger": ("Brennan and Prediger's coefficient", formulas.brennan_prediger),
    "gwet_ac": ("Gwet's AC", formulas.gwet),
}


def percent_agreement(
    ratings: object,
    *,
    levels: Levels = None,
    sample: Sample = "raters",
    interval: Interval | None = "jackknife",
    confidence: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Estimate the chance that two of these people give the same case the same level (decision consistency).

    Parameters
    ----------
    ratings : array-like, shape (raters, cases), or Ratings
        See `as_ratings`.
    levels : int or sequence of str, optional
        The declared levels: their number, or their ids, lowest first. Levels that nobody used count.
    sample : {'raters', 'cases'}, default 'raters'
        What the interval generalises to: these cases with other raters, or these raters with other cases.
    interval : {'jackknife', 'bca'} or None, default 'jackknife'
        How the interval is made; 'bca' is for cases only, 30 or more of them.
    confidence : float, default 0.95
    seed : int, default 0
        Start of the random draws of 'bca'.

    Returns
    -------
    Estimate
        From 0 (no two people agree on any case) to 1 (all agree on every case).

    Raises
    ------
    DataError
        The ratings can't be used, or the interval can't be made.

    Notes
    -----
    With n_k of the m ratings of a case on level k, the mean over cases with m >= 2 of
    sum_k n_k (n_k - 1) / (m (m - 1)). A missing rating is left out of its case; a case with fewer than two ratings is
    left out, and `counts` says how many. It depends on the cases: compare groups only on the same ones.

    Examples
    --------
    Three people agree on one case; on the other one pair of three agrees: (1 + 1/3) / 2.

    >>> percent_agreement([[0, 2], [0, 2], [0, 1]], interval=None).value
    0.6666666666666667
    """
    plan = Plan(sample, interval, confidence, seed)
    return _weighted("percent_agreement", ratings, levels, "identity", plan)


def specific_agreement(
    ratings: object,
    level: int | str,
    *,
    levels: Levels = None,
    sample: Sample = "raters",
    interval: Interval | None = "jackknife",
    confidence: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Estimate how often, if one person gives a case this level, another gives it too.

    Parameters
    ----------
    ratings, levels, sample, interval, confidence, seed
        As for `percent_agreement`.
    level : int or str
        Rank or id of the level.

    Returns
    -------
    Estimate
        From 0 (whoever gave this level was alone) to 1; undefined if nobody gave it.

    Notes
    -----
    sum n_k (n_k - 1) / sum n_k (m - 1) over cases. Raw agreement is carried by easy cases; this shows one level.

    References
    ----------
    Cicchetti and Feinstein (1990), for two people and two levels, Journal of Clinical Epidemiology 43.

    Examples
    --------
    Three said 2: on the second case two of them, each with one of two partners; on the first one, alone.

    >>> specific_agreement([[0, 2], [0, 2], [2, 1]], 2, interval=None).value
    0.3333333333333333
    """
    checked = as_ratings(ratings, levels)
    rank = level_rank(level, checked)
    statistic = Statistic(f"agreement on level {level}", if_undefined=f"nobody gave level {level} to a shared case")
    return _single(checked, statistic, partial(formulas.specific, level=rank), Plan(sample, interval, confidence, seed))


def serious_splits(
    ratings: object,
    *,
    steps: int = 2,
    levels: Levels = None,
    sample: Sample = "raters",
    interval: Interval | None = "jackknife",
    confidence: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Estimate the chance that two of these people rate the same case `steps` levels apart, or more.

    Parameters
    ----------
    ratings, levels, sample, interval, confidence, seed
        As for `percent_agreement`.
    steps : int, default 2

    Returns
    -------
    Estimate
        From 0 to 1; undefined if the levels are too few to lie so far apart.

    Notes
    -----
    Averaged over cases like `percent_agreement`, so that with steps=1 the two add up to 1.

    Examples
    --------
    All agree on the first case; on the second, two of the three pairs are low against high: (0 + 2/3) / 2.

    >>> serious_splits([[0, 2], [0, 2], [0, 0]], interval=None).value
    0.3333333333333333
    """
    checked = as_ratings(ratings, levels)
    refuse("serious_splits", whole_number("steps", steps, 1))
    ranks = np.arange(checked.n_levels)
    apart = np.abs(np.subtract.outer(ranks, ranks)) >= steps
    name = f"share of pairs {steps} levels apart or more"
    plan = Plan(sample, interval, confidence, seed)
    if not apart.any():
        reason = f"with {checked.n_levels} levels no two are {steps} apart"
        return Estimate(None, method=name, undefined=reason)
    return _single(checked, Statistic(name), _share_of_pairs(apart), plan)


def splits_across(
    ratings: object,
    at: int | str,
    *,
    levels: Levels = None,
    sample: Sample = "raters",
    interval: Interval | None = "jackknife",
    confidence: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Estimate the chance that of two people one rates a case below a level, the other at it or above.

    Parameters
    ----------
    ratings, levels, sample, interval, confidence, seed
        As for `percent_agreement`.
    at : int or str
        Rank or id of the level at which people act; not the lowest.

    Returns
    -------
    Estimate
        From 0 (no pair splits there) to 1.

    Notes
    -----
    Averaged over cases like `percent_agreement`.

    Examples
    --------
    Who says 2 acts. On the second case two of three pairs split: (0 + 2/3) / 2.

    >>> splits_across([[0, 2], [0, 2], [0, 1]], at=2, interval=None).value
    0.3333333333333333
    """
    checked = as_ratings(ratings, levels)
    rank = level_rank(at, checked, "at")
    if rank == 0:
        raise DataError("at", ["got the lowest level, expected another: nothing lies below it."])
    acts = np.arange(checked.n_levels) >= rank
    statistic = Statistic(f"share of pairs on both sides of level {at}")
    plan = Plan(sample, interval, confidence, seed)
    return _single(checked, statistic, _share_of_pairs(acts[:, None] != acts), plan)


def fleiss_kappa(
    ratings: object,
    *,
    levels: Levels = None,
    weights: Weights = "identity",
    sample: Sample = "raters",
    interval: Interval | None = "jackknife",
    confidence: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Estimate agreement beyond chance, where chance draws from the levels of the whole group.

    Parameters
    ----------
    ratings, levels, sample, interval, confidence, seed
        As for `percent_agreement`.
    weights : {'identity', 'linear', 'quadratic', 'ordinal'} or array, default 'identity'
        How far two levels count as agreement; see `weight_table`.

    Returns
    -------
    Estimate
        1 is full agreement, 0 what chance gives; undefined if every rating is the same level.

    Notes
    -----
    1 - (1 - Pa) / (1 - Pe) with Pa the weighted agreement and Pe = sum_kl w_kl p_k p_l; p_k is the mean over cases of
    n_k / m. Cases with one rating count in p_k only. It falls towards 0 when nearly all cases are one level, even if
    people agree.

    References
    ----------
    Fleiss (1971), Psychological Bulletin 76. Missing ratings as in Gwet (2014), Handbook of Inter-Rater Reliability.

    Examples
    --------
    Pa = 2/3 as at `percent_agreement`; p = 1/2, 1/6, 1/3, so Pe = 14/36: 1 - (1/3) / (22/36) = 5/11.

    >>> round(fleiss_kappa([[0, 2], [0, 2], [0, 1]], interval=None).value, 4)
    0.4545
    """
    return _weighted("fleiss_kappa", ratings, levels, weights, Plan(sample, interval, confidence, seed))


def conger_kappa(
    ratings: object,
    *,
    levels: Levels = None,
    weights: Weights = "identity",
    sample: Sample = "raters",
    interval: Interval | None = "jackknife",
    confidence: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Estimate agreement beyond chance, where chance draws from each rater's own levels; for two, Cohen's kappa.

    Parameters
    ----------
    ratings, levels, weights, sample, interval, confidence, seed
        As for `fleiss_kappa`.

    Returns
    -------
    Estimate
        1 is full agreement, 0 what chance gives; undefined if every rating is the same level.

    Notes
    -----
    Pe is the mean over pairs of raters g, h of sum_kl w_kl p_gk p_hl; p_gk is the share of level k in the ratings of g.

    References
    ----------
    Conger (1980), Psychological Bulletin 88.

    Examples
    --------
    Of the pairs, two agree by chance with 1/4 (0 only in common) and one with 1/2: Pe = 1/3, and 1 - (1/3) / (2/3).

    >>> round(conger_kappa([[0, 2], [0, 2], [0, 1]], interval=None).value, 4)
    0.5
    """
    return _weighted("conger_kappa", ratings, levels, weights, Plan(sample, interval, confidence, seed))


def brennan_prediger(
    ratings: object,
    *,
    levels: Levels = None,
    weights: Weights = "identity",
    sample: Sample = "raters",
    interval: Interval | None = "jackknife",
    confidence: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Estimate agreement beyond chance, where chance gives all declared levels equally.

    Parameters
    ----------
    ratings, levels, weights, sample, interval, confidence, seed
        As for `fleiss_kappa`. The number of declared levels changes the result.

    Returns
    -------
    Estimate
        1 is full agreement, 0 what chance gives; undefined if every rating is the same level.

    Notes
    -----
    Pe is the mean of all weights: 1 / q for q levels without weights.

    References
    ----------
    Brennan and Prediger (1981), Educational and Psychological Measurement 41.

    Examples
    --------
    Pa = 2/3 and Pe = 1/3: 1 - (1/3) / (2/3).

    >>> brennan_prediger([[0, 2], [0, 2], [0, 1]], levels=3, interval=None).value
    0.5
    """
    return _weighted("brennan_prediger", ratings, levels, weights, Plan(sample, interval, confidence, seed))


def gwet_ac(
    ratings: object,
    *,
    levels: Levels = None,
    weights: Weights = "identity",
    sample: Sample = "raters",
    interval: Interval | None = "jackknife",
    confidence: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Estimate agreement beyond chance, steady when most cases are one level: AC1, or AC2 with weights.

    Parameters
    ----------
    ratings, levels, weights, sample, interval, confidence, seed
        As for `fleiss_kappa`. The number of declared levels changes the result.

    Returns
    -------
    Estimate
        1 is full agreement, 0 what chance gives; undefined if every rating is the same level.

    Notes
    -----
    Pe = sum_kl w_kl / (q (q - 1)) * sum_k p_k (1 - p_k), with p_k as for `fleiss_kappa`. With most cases on one level
    it stays high even if people can't tell the rare level apart: read it beside `specific_agreement`.

    References
    ----------
    Gwet (2008), British Journal of Mathematical and Statistical Psychology 61; Gwet (2014), Handbook of Inter-Rater
    Reliability.

    Examples
    --------
    p = 1/2, 1/6, 1/3: Pe = 3 / 6 * 22/36 = 11/36, and 1 - (1/3) / (25/36) = 13/25.

    >>> round(gwet_ac([[0, 2], [0, 2], [0, 1]], levels=3, interval=None).value, 4)
    0.52
    """
    return _weighted("gwet_ac", ratings, levels, weights, Plan(sample, interval, confidence, seed))


def krippendorff_alpha(
    ratings: object,
    *,
    levels: Levels = None,
    metric: Metric = "ordinal",
    sample: Sample = "raters",
    interval: Interval | None = "jackknife",
    confidence: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Estimate Krippendorff's alpha: 1 minus disagreement within cases over disagreement of all ratings.

    Parameters
    ----------
    ratings, levels, sample, interval, confidence, seed
        As for `percent_agreement`.
    metric : {'ordinal', 'nominal', 'interval'}, default 'ordinal'
        How far two levels differ. The ordinal metric counts the ratings between them; it is not the ordinal weights of
        the other coefficients. The interval metric is the square of the steps between them.

    Returns
    -------
    Estimate
        1 is full agreement, 0 what chance gives; undefined if every rating is the same level. With fewer than 8 cases
        `method` says that there are too few for a verdict: alpha is then too low on average, and intervals miss.

    Notes
    -----
    1 - D_o / D_e with o_kl = sum over cases of n_k n_l / (m - 1) (n_k (n_k - 1) for k = l), n_k and n its sums:
    D_o = sum o_kl d_kl^2 / n, D_e = sum n_k n_l d_kl^2 / (n (n - 1)). Ordinal: d_kl is the number of ratings between
    the middle of k and the middle of l. Cases with one rating are left out.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability.

    Examples
    --------
    Four pairable ratings, 0 0 and 0 1: D_o = 2/4, D_e = 2 * 3 * 1 / (4 * 3) = 1/2.

    >>> krippendorff_alpha([[0, 0], [0, 1]], metric="nominal", interval=None).value
    0.0
    """
    if metric not in METRICS:
        raise DataError("metric", [f"expected one of {', '.join(METRICS)}."])
    values = partial(formulas.alpha, metrics=(metric,))
    return _single(
        as_ratings(ratings, levels), _alpha_statistic(metric), values, Plan(sample, interval, confidence, seed)
    )


def agreement_table(ratings: object, *, levels: Levels = None) -> dict[str, dict[str, Estimate]]:
    """Compute every coefficient with every weighting at once, without intervals.

    Parameters
    ----------
    ratings, levels
        As for `percent_agreement`.

    Returns
    -------
    dict of str to dict of str to Estimate
        By name of the function, then by weights; alpha by metric. Agreement with weights is the part of the weighted
        coefficients that is seen.

    Examples
    --------
    >>> table = agreement_table([[0, 2], [0, 2], [0, 1]])
    >>> print(table["conger_kappa"]["identity"], table["krippendorff_alpha"]["nominal"])
    0.50 0.55
    """
    return _table(as_ratings(ratings, levels), Plan(interval=None), REPLICATES)


def bootstrap_table(
    ratings: object, *, levels: Levels = None, confidence: float = 0.95, replicates: int = REPLICATES, seed: int = 0
) -> dict[str, dict[str, Estimate]]:
    """Compute every coefficient with every weighting at once, with BCa intervals over cases from the same draws.

    Parameters
    ----------
    ratings, levels, confidence, seed
        As for `percent_agreement`; 30 cases with two ratings or more.
    replicates : int, default 2000

    Returns
    -------
    dict of str to dict of str to Estimate
        As for `agreement_table`.
    """
    refuse("bootstrap_table", whole_number("replicates", replicates, 1))
    return _table(as_ratings(ratings, levels), Plan("cases", "bca", confidence, seed), replicates)


def weighted_statistic(name: str, weights: Weights, counted: Tally) -> Statistic:
    """Describe one of the coefficients that take weights."""
    words, _ = _FORMULAS[name]
    named = f"{weights} weights" if isinstance(weights, str) else "own weights"
    if name == "percent_agreement":
        return Statistic(words if named == "identity weights" else f"{words}, {named}")
    lowest = -np.inf
    if name in ("brennan_prediger", "gwet_ac"):
        lowest = 1 - 1 / float((1 - weight_table(weights, len(counted.by_case))).mean())
    elif isinstance(weights, str) and counted.by_case.sum() == counted.codes.size:  # nothing is missing
        lowest = -1.0
    return Statistic(f"{words}, {named}", lowest, "no disagreement is possible by chance", by_chance=True)


def _alpha_statistic(metric: Metric) -> Statistic:
    reason = "every rating that has a partner is the same level"
    name = f"Krippendorff's alpha, {metric} metric"
    return Statistic(name, -1.0, reason, by_chance=True, fewest_cases=FEWEST_CASES_FOR_ALPHA)


def _weighted(name: str, ratings: object, levels: Levels, weights: Weights, plan: Plan) -> Estimate:
    checked = as_ratings(ratings, levels)
    counted = tally(checked)
    formula, table = _FORMULAS[name][1], weight_table(weights, checked.n_levels)[None]

    def values(sums: Moments) -> FloatArray:
        return formula(sums, table)

    return estimates(counted, [weighted_statistic(name, weights, counted)], values, plan)[0]


def _single(ratings: Ratings, statistic: Statistic, values: Values, plan: Plan) -> Estimate:
    return estimates(tally(ratings), [statistic], values, plan)[0]


def _share_of_pairs(marked: NDArray[np.bool_]) -> Values:
    """Share of pairs whose two levels are marked in a table."""
    return partial(formulas.disagreement, distances=marked[None].astype(float))


def _table(ratings: Ratings, plan: Plan, replicates: int) -> dict[str, dict[str, Estimate]]:
    counted = tally(ratings)
    tables = np.stack([weight_table(weights, ratings.n_levels) for weights in WEIGHTINGS])

    def values(sums: Moments) -> FloatArray:
        weighted = [formula(sums, tables) for _, formula in _FORMULAS.values()]
        return np.concatenate([*weighted, formulas.alpha(sums, METRICS)], axis=-1)

    names = [(name, weights) for name in _FORMULAS for weights in WEIGHTINGS]
    statistics = [weighted_statistic(name, weights, counted) for name, weights in names]
    statistics += [_alpha_statistic(metric) for metric in METRICS]
    places = [*names, *(("krippendorff_alpha", metric) for metric in METRICS)]
    found: dict[str, dict[str, Estimate]] = {name: {} for name, _ in places}
    for (name, variant), estimate in zip(places, estimates(counted, statistics, values, plan, replicates), strict=True):
        found[name][variant] = estimate
    return found
