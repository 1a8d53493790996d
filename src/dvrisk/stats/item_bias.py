"""Do people of different groups get the same answers, and have the same outcomes, at the same danger.

Differential item functioning: an item works differently in a group if, among people who are alike on what was
asked, it is answered with yes more often in one group than in the other. Needs the extra `research`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, log
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dvrisk.errors import DataError, MissingExtraError
from dvrisk.stats.checks import confidence_level, refuse, whole_number
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.groups import group_names

if TYPE_CHECKING:
    from statsmodels.stats.contingency_tables import StratifiedTable

Size = Literal["negligible", "moderate", "large", "not established"]
_DELTA = 2.35
_MODERATE, _LARGE = 1.0, 1.5
_SURE = 0.05
_NAME = "common odds ratio of Mantel and Haenszel"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBias(Estimate):
    """How an item works in one group, beside the reference group.

    The estimate itself is the odds ratio of a yes in the group, among people who are alike on what was asked; 0 where
    nobody in the group answered yes.

    Attributes
    ----------
    item, group : str
    p : float or None
        Against an odds ratio of 1, corrected for the number of comparisons (Holm).
    p_changes : float or None
        Against an odds ratio that is the same at all levels (Breslow and Day), not corrected.
    size : {'negligible', 'moderate', 'large', 'not established'} or None
        After the scale of Educational Testing Service: delta = -2.35 ln(odds ratio), moderate from 1, large from 1.5 if
        its interval stays above 1. Negligible where the difference, or its whole interval, is smaller than moderate;
        not established where p is 0.05 or more and the interval reaches further: too few people to say.
    """

    item: str
    group: str
    p: float | None
    p_changes: float | None
    size: Size | None


def item_bias(
    answers: Mapping[str, ArrayLike],
    groups: Sequence[object],
    *,
    reference: str,
    alike: ArrayLike | None = None,
    strata: int = 10,
    least: int = 10,
    confidence: float = 0.95,
) -> tuple[ItemBias, ...]:
    """Compare, item by item, each group with a reference group, among people who are alike.

    Parameters
    ----------
    answers : mapping of str to array of 0, 1 and NaN, length n
        For each item whether it was answered with a riskier option than the least one; NaN is open.
    groups : sequence, length n
    reference : str
        The group that the others are compared with.
    alike : array, length n, optional
        What people are alike on; by default the share of yes among their known answers, the item among them.
    strata : int, default 10
        Parts of about equal size that `alike` is cut into.
    least : int, default 10
        People with yes, and with no, that an item needs in both groups together.
    confidence : float, default 0.95

    Returns
    -------
    tuple of ItemBias
        For every item and every group but the reference; undefined where a table is too small.

    Raises
    ------
    DataError
        The reference is no group, there is no other, or answers are not 0, 1 or NaN.

    Notes
    -----
    statsmodels' `StratifiedTable` does the work: pooled odds ratio with the interval of Robins, Breslow and Greenland,
    the test of Mantel and Haenszel, and that of Breslow and Day. What people are alike on has to include the item:
    without it, a group in more danger looks biased on every item. A difference is no proof of bias even so: `alike` is
    cut into strata, and it measures danger as well as the other items do.

    References
    ----------
    Holland and Thayer (1988), in Wainer and Braun (eds.), Test Validity, 129-145.

    Examples
    --------
    >>> source = np.random.default_rng(1)
    >>> danger, village = source.normal(size=4000), source.random(4000) < 0.5
    >>> answers = {f"item {k}": danger + source.normal(size=4000) > 0.5 for k in range(10)}
    >>> answers["seldom written down"] = answers["item 0"] & ~(village & (source.random(4000) < 0.5))
    >>> found = item_bias(answers, np.where(village, "village", "town"), reference="town")
    >>> [each.item for each in found if each.size == "large"]
    ['seldom written down']
    """
    refuse(
        "item_bias",
        whole_number("strata", strata, 2),
        whole_number("least", least, 1),
        confidence_level(confidence),
    )
    table, names, match = _checked(answers, groups, reference, alike)
    found = []
    for place, item in enumerate(answers):
        usable = ~np.isnan(table[place]) & ~np.isnan(match)
        for group in sorted({str(name) for name in names} - {reference}):
            who = usable & np.isin(names, [group, reference])
            tables = _tables(table[place, who] == 1, names[who] == group, _cut(match[who], strata))
            found.append(_compared(item, group, tables, least, confidence))
    return _corrected(found)


def _checked(
    answers: Mapping[str, ArrayLike], groups: Sequence[object], reference: str, alike: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.str_], NDArray[np.float64]]:
    if not isinstance(answers, Mapping) or not answers:
        raise DataError("item_bias", ["expected a mapping of items to answers, at least one."])
    columns = {item: _as_floats(column) for item, column in answers.items()}
    n = max((len(column) for column in columns.values() if column is not None), default=0)
    expected = "expected 0 (least risky option), 1 (a riskier one) or NaN (open) a person, as many for each item."
    problems = [
        f"{item}: {expected}"
        for item, column in columns.items()
        if column is None or len(column) != n or not (np.isnan(column) | (column == 0) | (column == 1)).all()
    ]
    match = None if alike is None else _as_floats(alike)
    if alike is not None and (match is None or len(match) != n or np.isinf(match).any()):
        problems.append("alike: expected a finite number a person.")
    refuse("item_bias", problems)
    names = group_names(groups, n)
    if str(reference) not in names:
        problems = ["reference: nobody is in that group. Name one of the groups."]
    elif len(set(names)) < 2:
        problems = ["groups: expected at least two."]
    refuse("item_bias", problems)
    table = np.array(list(columns.values()))
    return table, names, _share_of_yes(table) if match is None else match


def _as_floats(values: ArrayLike) -> NDArray[np.float64] | None:
    try:
        row = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):  # the message would repeat what stands there
        return None
    return row if row.ndim == 1 else None


def _share_of_yes(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each person's share of yes among the known answers; the item that is compared is one of them."""
    known = (~np.isnan(table)).sum(axis=0)
    share: NDArray[np.float64] = np.divide(
        np.nansum(table, axis=0), known, out=np.full(len(known), np.nan), where=known > 0
    )
    return share


def _cut(values: NDArray[np.float64], strata: int) -> NDArray[np.intp]:
    edges = np.unique(np.quantile(values, np.linspace(0, 1, strata + 1)[1:-1])) if len(values) else np.empty(0)
    return np.searchsorted(edges, values, side="right")


def _tables(yes: NDArray[np.bool_], group: NDArray[np.bool_], stratum: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return a table for each stratum in which both groups and both answers occur: group by answer."""
    cells = np.zeros((int(stratum.max(initial=0)) + 1, 2, 2))
    np.add.at(cells, (stratum, 1 - group, 1 - yes), 1)
    tells = (cells.sum(axis=1) > 0).all(axis=1) & (cells.sum(axis=2) > 0).all(axis=1)
    kept: NDArray[np.float64] = cells[tells]
    return kept


def _compared(item: str, group: str, tables: NDArray[np.float64], least: int, confidence: float) -> ItemBias:
    counts = {"people": int(tables.sum()), "strata": len(tables)}
    rarer = tables.sum(axis=(0, 1)).min() if len(tables) else 0
    empty = ItemBias(None, method=_NAME, item=item, group=group, p=None, p_changes=None, size=None)
    if rarer < least:
        return replace(empty, undefined=f"fewer than {least} people with yes, or with no, who can be compared")
    made, low, high = _stratified(tables), None, None
    ratio, why = _pooled(tables)
    with warnings.catch_warnings():  # an empty cell is told of in `why`
        warnings.simplefilter("ignore", RuntimeWarning)
        p, changes = float(made.test_null_odds().pvalue), float(made.test_equal_odds().pvalue)
        if ratio:
            low, high = map(float, made.oddsratio_pooled_confint(1 - confidence))
    ends = f"{100 * confidence:g} % interval" if ratio else "no interval: a cell is empty in every stratum"
    return ItemBias(
        ratio,
        low,
        high,
        f"{_NAME}, {len(tables)} strata; {ends}",
        counts,
        why,
        item=item,
        group=group,
        p=p if isfinite(p) else None,
        p_changes=changes if isfinite(changes) else None,
        size=None,
    )


def _pooled(tables: NDArray[np.float64]) -> tuple[float | None, str | None]:
    """Return the odds ratio over all strata, or why it is none: it is infinite, or says nothing."""
    totals = tables.sum(axis=(1, 2))
    yes, no = ((tables[:, 0, k] * tables[:, 1, 1 - k] / totals).sum() for k in (0, 1))
    if no:
        return float(yes / no), None
    if yes:
        return None, "infinite: in the other group nobody comparable answered yes, or here everybody did"
    return None, "nobody who can be compared differs"


def _stratified(tables: NDArray[np.float64]) -> StratifiedTable | Any:
    try:
        from statsmodels.stats.contingency_tables import StratifiedTable
    except ImportError:
        raise MissingExtraError("research", "statsmodels") from None
    return StratifiedTable(list(tables))


def _corrected(found: list[ItemBias]) -> tuple[ItemBias, ...]:
    """Correct the p values by Holm's steps, and say how large each difference is."""
    known = sorted((each.p, place) for place, each in enumerate(found) if each.p is not None)
    least, corrected = 0.0, {}
    for rank, (p, place) in enumerate(known):
        least = max(least, min(1.0, (len(known) - rank) * p))
        corrected[place] = least
    return tuple(
        each if place not in corrected else replace(each, p=corrected[place], size=_size(each, corrected[place]))
        for place, each in enumerate(found)
    )


def _size(one: ItemBias, p: float) -> Size:
    deltas = [_delta(ratio) for ratio in (one.value, one.low, one.high)]
    if max(deltas) < _MODERATE or (p < _SURE and deltas[0] < _MODERATE):
        return "negligible"
    if p >= _SURE:
        return "not established"
    surely = min(deltas[1:]) > _MODERATE or one.low is None
    return "large" if deltas[0] >= _LARGE and surely else "moderate"


def _delta(ratio: float | None) -> float:
    return abs(_DELTA * log(ratio)) if ratio else inf
