"""What the linter sees in the numbers, rules and sources of a sound definition."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from dvrisk._files import INSTRUMENTS, read_toml
from dvrisk.assessment import assess
from dvrisk.errors import InstrumentError
from dvrisk.findings import Finding, breach, doubt
from dvrisk.schema import UNDETERMINED, Instrument, Item
from dvrisk.soundness import is_study
from dvrisk.weights import derive, load_evidence, option_points


@cache
def avoided() -> dict[str, Any]:
    """Return the words that checks look for (`instruments/avoid.toml`)."""
    return read_toml(INSTRUMENTS / "avoid.toml", InstrumentError)


def scoring_findings(instrument: Instrument) -> Iterator[Finding]:
    """Yield what is wrong or doubtful in the scoring of a sound definition."""
    for check in (_bands, _order, _critical, _lowest, _reviews, _evidence, _points, _name, _rights):
        yield from check(instrument)


# -------------------------------------------------------------------------------------------------- numbers


def attainable_scores(instrument: Instrument) -> frozenset[int]:
    """Return every score that some answers give, after groups and caps."""
    under_cap = {member: cap for cap in instrument.caps for member in cap.items}
    in_group = {member for group in instrument.groups for member in group.items}
    units = [(group.items[0], _group_scores(instrument, group.items, group.bonus)) for group in instrument.groups]
    units += [(item.id, _points_of(item)) for item in instrument.items if item.id not in in_group]
    total: set[int] = {0}
    for cap in instrument.caps:
        inside: set[int] = {0}
        for member, scores in units:
            if under_cap.get(member) is cap:
                inside = _sums(inside, scores)
        total = _sums(total, {min(score, cap.most) for score in inside})
    for member, scores in units:
        if member not in under_cap:
            total = _sums(total, scores)
    return frozenset(total)


def _points_of(item: Item) -> set[int]:
    return {option.points for option in item.options}


def _sums(first: set[int], second: set[int]) -> set[int]:
    return {a + b for a in first for b in second}


def _group_scores(instrument: Instrument, members: tuple[str, ...], bonus: int) -> set[int]:
    states = {(0, 0)}  # the largest points so far, and how many members have points (0, 1, 2 or more)
    for member in members:
        states = {
            (max(most, points), min(2, count + (points > 0)))
            for most, count in states
            for points in _points_of(instrument.by_id[member])
        }
    return {most + (bonus if count == 2 else 0) for most, count in states}


def _bands(instrument: Instrument) -> Iterator[Finding]:
    scores = attainable_scores(instrument)
    for band in instrument.bands:
        if not any(band.first <= score <= band.last for score in scores):
            what = f"no answers give a score from {band.first} to {band.last}"
            yield breach("bands-reachable", f"bands.{band.id}", what, "Move the cut-offs, or weigh the items")


def _order(instrument: Instrument) -> Iterator[Finding]:
    order = avoided()["level_order"]["ids"]
    known = [level for level in instrument.levels if level in order]
    for lower, higher in pairwise(known):
        if order.index(lower) > order.index(higher):
            what = f"{lower} stands below {higher}, so a greater score would mean less danger"
            yield breach(
                "levels-in-order", "bands", what, "List the levels from the lowest up, and turn the points round"
            )


def _critical(instrument: Instrument) -> Iterator[Finding]:
    if instrument.critical is None:
        return
    least = {item.id: item.codes[0] for item in instrument.items}
    reach = instrument.critical.reach
    for item in instrument.critical.items:
        riskiest = instrument.by_id[item].codes[-1]
        level = assess(least | {item: riskiest}, instrument, allow_draft=True, training_confirmed=True).level_low
        if instrument.levels.index(level) < instrument.levels.index(reach):
            what = f"{item} is called critical, and {riskiest} alone gives {level}, not {reach}"
            yield breach(
                "critical-implies-floor", "critical", what, f"Add a rule with floor = {reach!r}, or take it off"
            )


# -------------------------------------------------------------------------------- the lowest level, and when


def _lowest(instrument: Instrument) -> Iterator[Finding]:
    if instrument.published:  # its own rule says what its lowest level needs
        return
    needed = {need.item for need in instrument.lowest_level.needs}
    for item in ("asked_alone", "relationship"):
        if item not in needed:
            what = f"the lowest level is given without {item}"
            todo = "Ask it and name it under lowest_level.needs, or say on the card why not"
            yield doubt("lowest-level-is-earned", "lowest_level.needs", what, todo)


def _reviews(instrument: Instrument) -> Iterator[Finding]:
    days = instrument.review_within_days
    if not days:
        return
    for lower, higher in pairwise(instrument.levels):
        if days[higher] > days[lower]:
            what = f"{higher} is looked at again after {days[higher]} days, {lower} after {days[lower]}"
            yield breach("reviews-sooner-when-graver", "review_within_days", what, "Shorten the higher one")
    if days[UNDETERMINED] > days[instrument.lowest_level.work_as]:
        what = "an undetermined case waits longer than the level it is worked at"
        yield breach("reviews-sooner-when-graver", "review_within_days", what, "Shorten it")


# -------------------------------------------------------------------------------------------------- sources


def _evidence(instrument: Instrument) -> Iterator[Finding]:
    evidence = load_evidence()
    for item in instrument.items:
        for study in item.evidence:
            if study not in evidence.studies:
                yield _no_study(f"items.{item.id}.evidence", study)
        ref = item.weight.ref
        known: Collection[str | None] = evidence.studies if item.weight.origin != "estimate" else evidence.estimates
        if item.weight.origin in ("estimate", "significant", "described") and ref not in known:
            what = f"{ref} is not in the evidence table"
            yield breach("every-weight-cited", f"items.{item.id}.weight", what, "Add it with what it was adjusted for")
    for rule in instrument.rules:
        for study in rule.sources:
            if is_study(study) and study not in evidence.studies:
                yield _no_study(f"rules.{rule.id}.sources", study)


def _no_study(where: str, study: str) -> Finding:
    return breach(
        "every-weight-cited", where, f"{study} is not in the evidence table", "Add the study, or name another"
    )


def _points(instrument: Instrument) -> Iterator[Finding]:
    """Where points are said to follow from the evidence by the weight rule, they have to."""
    rule, evidence = instrument.weights, load_evidence()
    if rule is None:
        return
    for item in instrument.items:
        if not item.is_scored or item.source != "weight-rule" or item.weight.ref not in (None, *evidence.estimates):
            continue
        expected = option_points(item, derive(item.weight, evidence, rule.shrinkage_percent / 100).weight)
        points = tuple(option.points for option in item.options)
        if points != expected:
            what = f"got {_listed(points)}, and the weight rule gives {_listed(expected)}"
            todo = "Correct them, or name the source that they come from"
            yield breach("points-follow-the-rule", f"items.{item.id}.points", what, todo)


def _listed(points: tuple[int, ...]) -> str:
    return ", ".join(map(str, points))


def _name(instrument: Instrument) -> Iterator[Finding]:
    known = re.search(avoided()["known_instruments"]["names"], instrument.id.replace("-", " "), re.I)
    if known and (instrument.rights.status == "own" or instrument.status == "unvalidated"):
        what = f"{known[0]!r} is the name of an instrument that others made and studied"
        todo = "Choose another name; or take its points from its source and say so under rights and sources"
        yield breach("validated-name-needs-verified-source", "id", what, todo)


def _rights(instrument: Instrument) -> Iterator[Finding]:
    rights = instrument.rights
    if rights.status != "own" and not rights.note:
        what = f"{rights.status!r} without a word on where the permission or the rule stands"
        yield breach("rights-evidence", "rights", what, "Add a note that names the document")
