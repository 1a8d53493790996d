"""An evaluation as one long table: every figure in a row of its own, with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from dvrisk._files import engine_version
from dvrisk.evaluation.figures import Figures, Recalibrated
from dvrisk.stats.accuracy import EdgeRange, PredictiveValues, Range, at_base_rate
from dvrisk.stats.calibration import NetBenefit, ProbabilityScore, Reliability
from dvrisk.stats.estimate import Estimate

EDGE_FIGURES = ("flagged", "sensitivity", "specificity", "ppv", "npv")
RATIOS = ("likelihood_ratio_positive", "likelihood_ratio_negative")


class Row(NamedTuple):
    """One figure.

    Attributes
    ----------
    section : str
        Of the report.
    of : str
        Level, edge, item, group or instrument; "" for the whole.
    figure : str
    unit : {'share', 'number', 'people', 'text'}
    value, low, high : float or None
        With its interval.
    least, greatest, unknown_as_no : float or None
        Over all completions of the open answers, and what reading every unknown as a no would claim.
    note, counts, method, undefined : str
        What to say beside it in a few words, what it rests on, how it was computed, and why it has no value.
    """

    section: str
    of: str
    figure: str
    unit: Literal["share", "number", "people", "text"]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    least: float | None = None
    greatest: float | None = None
    unknown_as_no: float | None = None
    note: str = ""
    counts: str = ""
    method: str = ""
    undefined: str = ""


def rows_of(found: Figures) -> Iterator[Row]:
    """Yield every figure, section by section; what it all holds for comes first."""
    yield from _setting(found)
    yield from _people(found)
    yield from _levels(found)
    yield from _edges(found)
    yield from _discrimination(found)
    yield from _unknown(found)
    yield from _recalibrated(found)
    yield from _calibrated(found)
    yield from _base_rates(found)
    yield from _groups(found)
    yield from _items(found)
    yield from _backgrounds(found)


def _estimate(section: str, of: str, figure: str, unit: Literal["share", "number"], one: Estimate) -> Row:
    return Row(
        section,
        of,
        figure,
        unit,
        one.value,
        one.low,
        one.high,
        note=f"{one.counts['count']:,} of {one.counts['of']:,}" if set(one.counts) == {"count", "of"} else "",
        counts=", ".join(f"{name} {count}" for name, count in one.counts.items()),
        method=one.method,
        undefined=one.undefined or "",
    )


def _ranged(row: Row, one: Range) -> Row:
    note = "; ".join(part for part in (row.note, one.note) if part)
    return row._replace(least=one.low, greatest=one.high, unknown_as_no=one.naive, note=note)


def _setting(found: Figures) -> Iterator[Row]:
    people = found.people
    said = {
        "instrument": f"{people.instrument}, {people.instrument.status}",
        "SHA-256 of the definition": people.instrument.sha256,
        "engine": f"dvrisk {engine_version()}",
        "event": found.setting.outcome,
        "follow-up": found.setting.follow_up,
        "country": found.setting.country,
        "years": found.setting.years,
        "design": "people followed up" if found.design == "cohort" else "people chosen by their outcome",
        "items with a column": f"{len(people.coded.columns.used)} of {len(people.instrument.items)}",
        "items without a column: open for everybody": ", ".join(people.coded.columns.missing) or "none",
        "columns that were not used": ", ".join(people.unused()) or "none",
        "intervals": "95 %: by Wilson for shares, by DeLong for areas; the band of the reliability curve 90 %",
    }
    yield from (Row("setting", "", figure, "text", note=text) for figure, text in said.items())


def _people(found: Figures) -> Iterator[Row]:
    people = found.people
    yield Row("people", "", "people", "people", float(people.coded.n_cases))
    yield Row("people", "", "events", "people", float(people.outcome.sum()))
    for item, share in people.open_shares().items():
        yield Row("people", item, "answer open", "share", share)


def _levels(found: Figures) -> Iterator[Row]:
    for reading in found.readings:
        yield _estimate("levels", reading.name, "share of the people", "share", reading.share)
        yield _estimate("levels", reading.name, "observed rate", "share", reading.rate)


def _edges(found: Figures) -> Iterator[Row]:
    for edge, ranges in zip(found.bands.edges, found.ranges.edges, strict=True):
        for figure in EDGE_FIGURES:
            row = _estimate("edges", edge.at, figure, "share", getattr(edge, figure))
            yield _ranged(row, getattr(ranges, figure))
        for figure in RATIOS:
            row = _estimate("edges", edge.at, figure, "number", getattr(edge, figure))
            least, greatest = (_ratio(ranges.sensitivity, ranges.specificity, figure, end) for end in ("low", "high"))
            yield _bounded(row, least, greatest)


def _discrimination(found: Figures) -> Iterator[Row]:
    own = str(found.people.instrument)
    yield _ranged(_estimate("discrimination", own, "area under the ROC curve", "share", found.auc), found.auc_range)
    for name, compared in found.against.items():
        yield _estimate("discrimination", name, "area under the ROC curve", "share", compared.second)
        row = _estimate("discrimination", name, f"area of {own} less that of it", "number", compared.difference)
        yield row if compared.p is None else row._replace(note=f"p {compared.p:.2g}, against no difference")


def _unknown(found: Figures) -> Iterator[Row]:
    """Yield what each level could come to mean once everything is known."""
    for name, share, rate in zip(found.ranges.names, found.ranges.shares, found.ranges.rates, strict=True):
        for figure, one in (("share of the people", share), ("observed rate", rate)):
            undefined = one.note if one.low is None else ""
            yield _ranged(Row("unknown", name, figure, "share", undefined=undefined), one)


def _recalibrated(found: Figures) -> Iterator[Row]:
    done = found.recalibrated
    if not isinstance(done, Recalibrated):
        yield Row("recalibration", "", "not done", "number", undefined=done)
        return
    yield from _losses("recalibration", done.brier, done.log_loss, done.method)
    yield from _net_benefits("recalibration", done.net_benefits)


def _calibrated(found: Figures) -> Iterator[Row]:
    done = found.calibrated
    if done is not None:
        yield from _losses("calibration", done.brier, done.log_loss, f"column {done.column}")
        yield _estimate("calibration", "", "calibration in the large", "number", done.line.in_the_large)
        yield _estimate("calibration", "", "calibration slope", "number", done.line)
        yield from _terms("calibration", done.reliability)
        yield _estimate("calibration", "", "ICI: mean distance from a smooth curve (lowess)", "number", done.error)
        for name, of, value in (("E50", "half", done.error.e50), ("E90", "nine tenths", done.error.e90)):
            figure = f"{name}: distance that {of} of the people do not exceed (lowess)"
            yield Row(
                "calibration",
                "",
                figure,
                "number",
                value,
                method=done.error.method,
                undefined=done.error.undefined or "",
            )
        yield from _net_benefits("calibration", done.net_benefits)


def _losses(section: str, brier: ProbabilityScore, log_loss: ProbabilityScore, of: str) -> Iterator[Row]:
    for name, score in (("Brier score", brier), ("log loss", log_loss)):
        row = _estimate(section, "", name, "number", score)
        yield row._replace(method=f"{row.method}; {of}")
        yield Row(section, "", f"{name} of the base rate alone", "number", score.of_base_rate)
        yield _estimate(section, "", f"{name}, skill: share of the base rate's that is saved", "number", score.skill)


def _terms(section: str, curve: Reliability) -> Iterator[Row]:
    for term in ("miscalibration", "discrimination", "uncertainty"):
        yield Row(section, "", f"Brier score, {term} (CORP)", "number", getattr(curve, term), method=curve.method)


def _net_benefits(section: str, benefits: Iterable[NetBenefit]) -> Iterator[Row]:
    for one in benefits:
        at = f"threshold {one.threshold:g}"
        yield _estimate(section, at, "net benefit of acting by the probability", "number", one)
        yield Row(section, at, "net benefit of acting on everybody", "number", one.everybody)


def _base_rates(found: Figures) -> Iterator[Row]:
    edges = {edge.at: (edge, ranges) for edge, ranges in zip(found.bands.edges, found.ranges.edges, strict=True)}
    for (rate, at), values in found.base_rates.items():
        of, (edge, ranges) = f"{at}, where {100 * rate:g} % have the event", edges[at]
        method = "arithmetic on sensitivity and specificity at this edge"
        worst, best = (_at_end(ranges, end, end, rate) for end in ("low", "high"))
        fewest, most = _at_end(ranges, "low", "high", rate), _at_end(ranges, "high", "low", rate)
        row = Row("base-rates", of, "flagged", "share", values.flagged, method=method)
        yield _bounded(row, fewest.flagged, most.flagged)
        for name, ratio in (("ppv", edge.likelihood_ratio_positive), ("npv", edge.likelihood_ratio_negative)):
            value = getattr(values, name)
            low, high = _sorted_ends(*(_at(rate, end, turned=name == "npv") for end in (ratio.low, ratio.high)))
            told = f"{method}; {'no interval' if low is None else 'interval by that of the likelihood ratio'}"
            undefined = "" if value is not None else "nobody is flagged, or everybody"
            row = Row("base-rates", of, name, "share", value, low, high, method=told, undefined=undefined)
            yield _bounded(row, getattr(worst, name), getattr(best, name))


def _at_end(ranges: EdgeRange, sensitivity: str, specificity: str, rate: float) -> PredictiveValues:
    """Return what a flag means at one extreme of the open answers; those of events and of others are independent."""
    return at_base_rate(getattr(ranges.sensitivity, sensitivity), getattr(ranges.specificity, specificity), rate)


def _ratio(sensitivity: Range, specificity: Range, figure: str, end: str) -> float | None:
    """Return a likelihood ratio at one extreme: both shares low for the least of a flag, both high for the greatest."""
    hit, right = getattr(sensitivity, end), getattr(specificity, end)
    if hit is None or right is None:
        return None
    if figure == "likelihood_ratio_positive":
        return hit / (1 - right) if right < 1 else None
    return (1 - hit) / right if right else None


def _bounded(row: Row, one: float | None, other: float | None) -> Row:
    least, greatest = _sorted_ends(one, other)
    return row._replace(least=least, greatest=greatest)


def _sorted_ends(one: float | None, other: float | None) -> tuple[float | None, float | None]:
    """Return two ends, the lower first; none if one of them is missing."""
    return (None, None) if one is None or other is None else (min(one, other), max(one, other))


def _at(rate: float, ratio: float | None, *, turned: bool) -> float | None:
    """Return the share with the event, or without it, among people whose odds a likelihood ratio changes."""
    if ratio is None:
        return None
    odds = ratio * rate / (1 - rate)
    return 1 / (1 + odds) if turned else odds / (1 + odds)


def _groups(found: Figures) -> Iterator[Row]:
    shown = [group for group in found.groups if group.is_shown]
    if found.groups:
        yield Row("groups", "", "groups", "people", float(len(found.groups)))
        yield Row("groups", "", "groups not shown", "people", float(len(found.groups) - len(shown)))
    for group in shown:
        yield _estimate("groups", group.name, "rate of the event", "share", group.rate)
        yield _estimate("groups", group.name, "level undetermined", "share", group.undetermined)
        yield _estimate("groups", group.name, "area under the ROC curve", "share", group.auc)
        for figure in ("flagged", "sensitivity", "specificity", "ppv"):
            for at, one in getattr(group, figure).items():
                yield _estimate("groups", group.name, f"{figure} at {at}", "share", one)


def _items(found: Figures) -> Iterator[Row]:
    for one in (*found.outcome_bias, *found.bias):
        row = _estimate("items", one.item, f"odds ratio, {one.group}", "number", one)
        told = "" if one.p is None else f"{one.size}, p {one.p:.2g} after Holm"
        yield row._replace(note=told)


def _backgrounds(found: Figures) -> Iterator[Row]:
    for swap in found.swaps:
        asked = f"asked by {', '.join(swap.items)}" if swap.items else "no item asks for it, so nothing can change"
        yield Row("backgrounds", swap.background, "score changes", "people", float(swap.changed_scores), note=asked)
        yield Row("backgrounds", swap.background, "level changes", "people", float(swap.changed_levels))
