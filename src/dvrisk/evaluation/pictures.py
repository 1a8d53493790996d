"""The pictures of an evaluation, by section of its page."""

from __future__ import annotations

from dvrisk.evaluation.figures import Figures
from dvrisk.evaluation.people import People
from dvrisk.plots import Picture, plot_completions, plot_estimates, plot_reliability, plot_roc
from dvrisk.stats.outcome_checks import Counts, count_by_score


def pictures_of(found: Figures) -> dict[str, Picture]:
    """Draw what the figures of each section show; sections without a picture are left out."""
    drawn = {"discrimination": _roc(found), "unknown": _completions(found)}
    rates = [(reading.name, reading.rate) for reading in found.readings]
    if any(rate.value is not None for _, rate in rates):
        drawn["levels"] = plot_estimates(rates, "Observed rate at each level", across="share with the event")
    if found.calibrated is not None:
        title = f"Column {found.calibrated.column}: CORP reliability curve"
        drawn["calibration"] = plot_reliability(found.calibrated.reliability, title)
    shown = [(group.name, group.auc) for group in found.groups if group.is_shown]
    if shown:
        drawn["groups"] = plot_estimates(shown, "Area under the ROC curve by group", across="50 % is chance")
    return drawn


def _roc(found: Figures) -> Picture:
    people = found.people
    curves = {str(people.instrument): _counts(people), "plain count of facts": _counts(people, plain=True)}
    return plot_roc(curves, "ROC curve of the established score")


def _counts(people: People, *, plain: bool = False) -> Counts:
    scores = people.count if plain else people.scored.score_low
    return count_by_score(scores.astype(float), people.outcome)


def _completions(found: Figures) -> Picture:
    rows = [("area under the ROC curve", found.auc_range)]
    for edge in found.ranges.edges:
        names = ("sensitivity", "specificity", "ppv") if edge.ppv.low is not None else ("sensitivity", "specificity")
        rows += [(f"{edge.at}: {name}", getattr(edge, name)) for name in names]
    return plot_completions(rows, "What the unknown leaves open, and what reading it as no would claim")
