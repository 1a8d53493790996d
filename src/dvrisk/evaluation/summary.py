"""The most important figures of an evaluation in a few sentences, each with what it does not mean."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dvrisk.evaluation.figures import SMALL, Figures, few_cells
from dvrisk.evaluation.numbers import ends, share
from dvrisk.stats.completions import Range
from dvrisk.stats.estimate import Estimate

_FEWEST = 10


def summary_of(found: Figures) -> tuple[str, ...]:
    """Put the sentences together."""
    return (*_who(found), *_missing(found), *_sorting(found), *_top(found), *_levels(found), *_careful(found))


def _who(found: Figures) -> Iterator[str]:
    people = found.people
    n, events = people.coded.n_cases, int(people.outcome.sum())
    yield f"{people.instrument}. Event: {found.setting}. {n:,} people, {events:,} with the event."
    if found.design == "case-control":
        yield (
            "People were chosen by their outcome: how common the event is, who is flagged, and what a flag means are "
            "the study's, not the world's, and are left out, but for the base rates that were stated."
        )


def _missing(found: Figures) -> Iterator[str]:
    missing = found.people.without_column()
    if missing:
        hints = ", ".join(item if near is None else f"{item} (is it {near}?)" for item, near in missing.items())
        of = len(found.people.instrument.items)
        yield f"{len(missing)} of {of} items have no column and are open for everybody: {hints}."


def _sorting(found: Figures) -> Iterator[str]:
    area, plain = found.auc, found.against["plain count of facts"]
    if area.value is None:
        yield f"Whether the score puts people with the event first can't be said: {area.undefined}."
        return
    yield (
        "Take somebody with the event and somebody without: the first has the higher score in "
        f"{_estimate(area)} of all pairs (equal scores count half), with every unknown read as a no; "
        f"50\u00a0% is chance. Whatever the open answers are: {_possible(found.auc_range)}."
    )
    if plain.second.value is not None:
        yield f"A plain count of known facts does that in {share(plain.second.value)}."


def _top(found: Figures) -> Iterator[str]:
    edge, ranges = found.bands.edges[-1], found.ranges.edges[-1]
    yield (
        f"Known facts establish the level {edge.at} for {_estimate(edge.sensitivity)} of the people with the event, "
        f"and for {_estimate(_rest(edge.specificity))} of the others. Whatever the open answers are: "
        f"{_possible(ranges.sensitivity)} of the first."
    )
    if edge.ppv.value is not None:
        yield f"{_estimate(edge.flagged)} of all are there, and {_estimate(edge.ppv)} of these had the event."


def _levels(found: Figures) -> Iterator[str]:
    for reading in found.readings:
        if reading.name == "undetermined" and reading.share.value:
            yield f"For {share(reading.share.value)} of the people the level is undetermined."


def _careful(found: Figures) -> Iterator[str]:
    n, events = found.people.coded.n_cases, int(found.people.outcome.sum())
    if min(events, n - events) < _FEWEST:
        yield "There are too few people with, or without, the event to conclude anything."
    if few_cells(found.people, np.ones(n, dtype=np.bool_)):
        yield f"Some cells below rest on fewer than {SMALL} people. Look at them before you show this page to anybody."
    yield "This page is about an instrument and many people. It says nothing about any one of them."


def _estimate(one: Estimate) -> str:
    if one.value is None:
        return "an undefined share"
    interval = "" if one.low is None else f" ({ends(one.low, one.high, share)})"
    return f"{share(one.value)}{interval}"


def _rest(one: Estimate) -> Estimate:
    value, low, high = (None if end is None else 1 - end for end in (one.value, one.high, one.low))
    return Estimate(value, low, high, counts=one.counts)


def _possible(one: Range) -> str:
    return ends(one.low, one.high, share)
