"""Every figure of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dvrisk.catalog import Ref
from dvrisk.encoding import Codes
from dvrisk.errors import DataError
from dvrisk.evaluation.people import Columns, People, read_people
from dvrisk.fairness import Swap, swap_backgrounds
from dvrisk.stats.accuracy import (
    AucComparison,
    Bands,
    LevelRanges,
    PredictiveValues,
    Range,
    at_base_rate,
    band_table_from_counts,
    compare_roc_auc,
    level_ranges,
    roc_auc,
    roc_auc_range,
)
from dvrisk.stats.calibration import (
    CalibrationError,
    CalibrationLine,
    NetBenefit,
    ProbabilityScore,
    Reliability,
    Setting,
    brier,
    calibration_error,
    calibration_line,
    cross_fit,
    log_loss,
    net_benefit,
    reliability_curve,
)
from dvrisk.stats.checks import as_row, refuse, whole_number
from dvrisk.stats.cutoffs import as_thresholds, proportion
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.fairness import ItemBias, item_bias, shown_groups
from dvrisk.stats.recalibration import check_setting

Design = Literal["cohort", "case-control"]
FOLDS = 10
DRAWS = 200
SMALL = 5
"""A group with a cell of fewer people than this, and at least one, is not shown."""
THRESHOLDS = (0.05, 0.1, 0.2, 0.3)
BASE_RATES = (0.0005, 0.01, 0.05, 0.11, 0.3)
"""Killing among reports (assumed, between 1 and 5 in 10,000), ..., potentially lethal attack, any repeat in a year: the
columns of the table in docs/accuracy.md."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A level as people see it: how many have it, and to how many of them it happened."""

    name: str
    share: Estimate
    rate: Estimate


@dataclass(frozen=True, slots=True, repr=False)
class Recalibrated:
    """How probabilities would do that were fitted on the score, each person's on the others.

    Attributes
    ----------
    method : str
    brier, log_loss : ProbabilityScore
    net_benefits : tuple of NetBenefit
    """

    method: str
    brier: ProbabilityScore
    log_loss: ProbabilityScore
    net_benefits: tuple[NetBenefit, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Calibrated:
    """How probabilities do that came with the table.

    Attributes
    ----------
    column : str
    brier, log_loss : ProbabilityScore
    line : CalibrationLine
    reliability : Reliability
    error : CalibrationError
    net_benefits : tuple of NetBenefit
    """

    column: str
    brier: ProbabilityScore
    log_loss: ProbabilityScore
    line: CalibrationLine
    reliability: Reliability
    error: CalibrationError
    net_benefits: tuple[NetBenefit, ...]


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Figures of one group; each undefined where the group is too small to show.

    Attributes
    ----------
    name : str
    rate, undetermined, auc : Estimate
        Share of the people with the event; share of them whose level is undetermined; area of the score.
    flagged, sensitivity, specificity, ppv : mapping of str to Estimate
        By the lowest level that is flagged.
    """

    name: str
    rate: Estimate
    undetermined: Estimate
    auc: Estimate
    flagged: Mapping[str, Estimate]
    sensitivity: Mapping[str, Estimate]
    specificity: Mapping[str, Estimate]
    ppv: Mapping[str, Estimate]

    @property
    def is_shown(self) -> bool:
        """Whether the group is large enough; what a hidden one is called may say who is in it."""
        return bool(self.auc.counts)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Figures:
    """What an evaluation found.

    Attributes
    ----------
    people : People
    setting : Setting
    design : {'cohort', 'case-control'}
    readings : tuple of Reading
    bands : Bands
        By the level that is established, every unknown read as a no.
    ranges : LevelRanges
    auc : Estimate
        Of the established score.
    auc_range : Range
    against : mapping of str to AucComparison
        The score beside a plain count of facts, and beside another instrument.
    recalibrated : Recalibrated or str
        Or why there is none.
    calibrated : Calibrated or None
        Of the column of probabilities, if there is one.
    base_rates : mapping of (float, str) to PredictiveValues
        By base rate and lowest level that is flagged.
    groups : tuple of GroupFigures
    bias : tuple of ItemBias
    outcome_bias : tuple of ItemBias
        Whether groups differ in what happens, at the same score.
    swaps : tuple of Swap
    """

    people: People
    setting: Setting
    design: Design
    readings: tuple[Reading, ...]
    bands: Bands
    ranges: LevelRanges
    auc: Estimate
    auc_range: Range
    against: Mapping[str, AucComparison]
    recalibrated: Recalibrated | str
    calibrated: Calibrated | None
    base_rates: Mapping[tuple[float, str], PredictiveValues]
    groups: tuple[GroupFigures, ...]
    bias: tuple[ItemBias, ...]
    outcome_bias: tuple[ItemBias, ...]
    swaps: tuple[Swap, ...]


BY_DESIGN = "people were chosen by their outcome, so this share is the study's, not the world's"
"""Why a case-control study has no rates and no predictive values but those at a stated base rate."""


NO_PROBABILITY = "people were chosen by their outcome, so how probable it is can't be learned from them"


def figures_of(
    frame: Any,
    outcome: str,
    setting: Setting,
    instrument: Ref,
    *,
    design: Design,
    group: str | None,
    probability: str | None,
    against: Ref | None,
    base_rates: Sequence[float],
    thresholds: Sequence[float],
    least: int,
    columns: Mapping[str, str] | None,
    codes: Codes,
    allow_draft: bool,
    training_confirmed: bool,
) -> Figures:
    """Compute everything."""
    check_setting(setting)
    refuse("evaluate", whole_number("least", least, 1))
    if design not in ("cohort", "case-control"):
        raise DataError("design", ["expected cohort or case-control."])
    if design == "case-control" and probability is not None:
        problem = "probabilities can't be held to outcomes by which people were chosen. Leave the column out."
        raise DataError("evaluate", [problem])
    rates, acting_from = as_row(base_rates), as_thresholds(thresholds)
    if rates is None:
        raise DataError("base_rates", ["expected a sequence of shares, such as [0.01, 0.1]."])
    leave = {"allow_draft": allow_draft, "training_confirmed": training_confirmed}
    names = Columns(outcome, group, probability)
    people = read_people(frame, names, instrument, columns, codes, **leave)
    score, hit = people.scored.score_low, people.outcome
    other = None if against is None else read_people(frame, Columns(outcome), against, columns, codes, **leave)
    bands = _bands(people)
    ranges = level_ranges(people.scored.rank_low, people.scored.rank_high, hit, people.instrument.levels)
    groups = _shown_groups(people, least)
    found = Figures(
        people=people,
        setting=setting,
        design=design,
        readings=tuple(_reading(name, who, hit) for name, who in people.readings),
        bands=bands,
        ranges=ranges,
        auc=roc_auc(score, hit),
        auc_range=roc_auc_range(score, people.scored.score_high, hit),
        against=_against(people, other),
        recalibrated=_recalibrated(people, setting, acting_from) if design == "cohort" else NO_PROBABILITY,
        calibrated=_calibrated(people, acting_from),
        base_rates=_at_base_rates(bands, rates),
        groups=tuple(_group(name, who, people) for name, who in groups.items()),
        bias=_bias(people, groups, least),
        outcome_bias=_outcome_bias(people, groups, least) if design == "cohort" else (),
        swaps=swap_backgrounds(frame, people.instrument, columns=columns, codes=codes, **leave),
    )
    return found if design == "cohort" else _without_shares(found)


def _without_shares(found: Figures) -> Figures:
    """Take out what a study that chose people by their outcome can't say."""
    none, no_range = Estimate(None, method="share", undefined=BY_DESIGN), Range(None, None, None, BY_DESIGN)
    mapped = dict.fromkeys(found.people.instrument.levels[1:], none)
    return replace(
        found,
        readings=tuple(Reading(each.name, none, none) for each in found.readings),
        bands=replace(
            found.bands,
            shares=(none,) * len(found.bands.shares),
            rates=(none,) * len(found.bands.rates),
            edges=tuple(replace(edge, flagged=none, ppv=none, npv=none) for edge in found.bands.edges),
        ),
        ranges=replace(
            found.ranges,
            shares=(no_range,) * len(found.ranges.shares),
            rates=(no_range,) * len(found.ranges.rates),
            edges=tuple(replace(edge, flagged=no_range, ppv=no_range, npv=no_range) for edge in found.ranges.edges),
        ),
        groups=tuple(replace(g, rate=none, undetermined=none, flagged=mapped, ppv=mapped) for g in found.groups),
    )


def _reading(name: str, who: NDArray[np.bool_], hit: NDArray[np.bool_]) -> Reading:
    n, inside = int(who.sum()), int((who & hit).sum())
    return Reading(
        name,
        proportion(n, len(hit), 0.95, "nobody is there"),
        proportion(inside, n, 0.95, "nobody has this level"),
    )


def _bands(people: People, who: NDArray[np.bool_] | None = None) -> Bands:
    ranks, hit, levels = people.scored.rank_low, people.outcome, people.instrument.levels
    who = np.ones_like(hit) if who is None else who
    others, events = (np.bincount(ranks[who & part], minlength=len(levels)) for part in (~hit, hit))
    return band_table_from_counts(others, events, levels)


def _against(people: People, other: People | None) -> dict[str, AucComparison]:
    score, hit = people.scored.score_low, people.outcome
    found = {"plain count of facts": compare_roc_auc(score, people.count, hit)}
    if other is not None:
        found[str(other.instrument)] = compare_roc_auc(score, other.scored.score_low, hit)
    return found


def _recalibrated(people: People, setting: Setting, thresholds: Sequence[float]) -> Recalibrated | str:
    score, hit = people.scored.score_low, people.outcome
    area = roc_auc(score, hit).value
    if area is not None and area <= 0.5:
        return "people with the event do not have the higher scores here, so a riskier answer would lower a probability"
    try:
        given = cross_fit(score, hit, setting, folds=FOLDS)
    except DataError as problem:
        return "; ".join(problem.problems).rstrip(".")
    return Recalibrated(
        str(given.name),
        brier(given.values, hit),
        log_loss(given.values, hit),
        net_benefit(given.values, hit, thresholds),
    )


def _calibrated(people: People, thresholds: Sequence[float]) -> Calibrated | None:
    p, hit = people.probability, people.outcome
    if p is None or people.names.probability is None:
        return None
    return Calibrated(
        people.names.probability,
        brier(p, hit),
        log_loss(p, hit),
        calibration_line(p, hit),
        reliability_curve(p, hit, draws=DRAWS),
        replace(calibration_error(p, hit), probability=np.empty(0), smoothed=np.empty(0)),  # nobody's own leaves
        net_benefit(p, hit, thresholds),
    )


def _at_base_rates(bands: Bands, base_rates: Sequence[Any]) -> dict[tuple[float, str], PredictiveValues]:
    return {
        (rate, edge.at): at_base_rate(edge.sensitivity.value, edge.specificity.value, rate)
        for rate in base_rates
        for edge in bands.edges
        if edge.sensitivity.value is not None and edge.specificity.value is not None
    }


def _shown_groups(people: People, least: int) -> dict[str, NDArray[np.bool_] | None]:
    if people.groups is None:
        return {}
    groups = people.groups.tolist()
    return shown_groups(groups, people.outcome, least=least, enough=lambda who: not few_cells(people, who))


def few_cells(people: People, who: NDArray[np.bool_]) -> bool:
    """Whether one to four of these people stand alone at a level with, or without, the event.

    Every share at an edge is a sum of such cells; where none of them is small, none can be worked out that is.
    """
    ranks, hit = people.scored.rank_low[who], people.outcome[who]
    shown = np.bincount(2 * ranks.astype(np.int64) + hit)
    undetermined = int(dict(people.readings)["undetermined"][who].sum())
    cells = [*shown, undetermined, int(who.sum()) - undetermined]
    return any(0 < cell < SMALL for cell in cells)


_HIDDEN = Estimate(None, method="not shown", undefined="too few people, or a smaller group could be worked out")
_FEW = "fewer than 5 people of one group answered yes, or no"


def _group(name: str, who: NDArray[np.bool_] | None, people: People) -> GroupFigures:
    levels = people.instrument.levels[1:]
    if who is None:
        hidden = dict.fromkeys(levels, _HIDDEN)
        return GroupFigures(name, _HIDDEN, _HIDDEN, _HIDDEN, hidden, hidden, hidden, hidden)
    hit, n = people.outcome[who], int(who.sum())
    edges = _bands(people, who).edges
    undetermined = int(dict(people.readings)["undetermined"][who].sum())
    return GroupFigures(
        name,
        proportion(int(hit.sum()), n, 0.95, "nobody is there"),
        proportion(undetermined, n, 0.95, "nobody is there"),
        roc_auc(people.scored.score_low[who], hit),
        {edge.at: edge.flagged for edge in edges},
        {edge.at: edge.sensitivity for edge in edges},
        {edge.at: edge.specificity for edge in edges},
        {edge.at: edge.ppv for edge in edges},
    )


def _bias(people: People, groups: Mapping[str, NDArray[np.bool_] | None], least: int) -> tuple[ItemBias, ...]:
    names, who, reference = _shown(groups)
    answers = {item: column[who] for item, column in people.riskier().items()} if reference else {}
    if reference is None or not answers:
        return ()
    found = item_bias(answers, names, reference=reference, least=least)
    return tuple(_unless_few(one, answers[one.item], names, reference) for one in found)


def _unless_few(one: ItemBias, answers: NDArray[np.float64], names: list[str], reference: str) -> ItemBias:
    groups = np.array(names)
    cells = [int((answers[groups == name] == answer).sum()) for name in (one.group, reference) for answer in (0, 1)]
    if min(cells) >= SMALL:
        return one
    return ItemBias(
        None, method=one.method, undefined=_FEW, item=one.item, group=one.group, p=None, p_changes=None, size=None
    )


def _outcome_bias(people: People, groups: Mapping[str, NDArray[np.bool_] | None], least: int) -> tuple[ItemBias, ...]:
    names, who, reference = _shown(groups)
    if reference is None:
        return ()
    alike = people.scored.score_low[who]
    return item_bias({"the event": people.outcome[who]}, names, reference=reference, alike=alike, least=least)


def _shown(groups: Mapping[str, NDArray[np.bool_] | None]) -> tuple[list[str], NDArray[np.bool_], str | None]:
    """Return the groups' names of those who can be shown, who they are, and the largest group; None without two."""
    shown = {name: who for name, who in groups.items() if who is not None}
    if len(shown) < 2:
        return [], np.empty(0, dtype=np.bool_), None
    who = np.logical_or.reduce(list(shown.values()))
    names = np.select(list(shown.values()), list(shown), default="")[who].tolist()
    return names, who, max(shown, key=lambda name: (shown[name].sum(), name))
