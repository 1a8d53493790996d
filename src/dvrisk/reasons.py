"""Why a result is what it is: the rules that hold, what the lowest level still needs, and what to look at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from dvrisk._files import INSTRUMENTS, read_toml
from dvrisk.errors import InstrumentError
from dvrisk.rules import facts_for, holds_for
from dvrisk.schema import Id, Instrument, Need, Text
from dvrisk.scoring import Outcome, Scorer

States = Mapping[str, str]
"""A code or open state for every item."""


class FiredRule(NamedTuple):
    """A rule that the known facts make hold.

    Attributes
    ----------
    id : str
    effect : str
        `floor high`, or `raise 1`.
    level_before, level_after : str
        The level without and with this rule, the rules before it in file order counted (floors first, then raises).
    sources, facts : tuple of str
        Where the rule comes from, and the items whose answers make it hold.
    """

    id: str
    effect: str
    level_before: str
    level_after: str
    sources: tuple[str, ...]
    facts: tuple[str, ...]


class Answered(BaseModel):
    """An item answered with one of some options."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", defer_build=True)

    item: Id
    among: tuple[Id, ...]


class Pair(BaseModel):
    """Two answers that can't be true together, and why."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", defer_build=True)

    first: Answered
    second: Answered
    why: Text


class Warn(NamedTuple):
    """Something to look at: a code, and the items it is about. It changes no level."""

    code: str
    items: tuple[str, ...]


def fired_rules(scorer: Scorer, outcome: Outcome, states: States) -> Iterator[FiredRule]:
    """Yield the rules that hold for what is known: floors first, then raises, each in file order."""
    definition, low = scorer.instrument, outcome.low
    levels, compiled = definition.levels, scorer.table.rules
    rank = scorer.rank(low.score, 0)
    fired = [index for index in range(len(compiled)) if low.fired >> index & 1]
    for index in sorted(fired, key=lambda i: compiled[i].raises > 0):
        rule = definition.rules[index]
        after = min(max(rank, compiled[index].floor) + compiled[index].raises, len(levels) - 1)
        effect = f"floor {rule.floor}" if rule.floor else f"raise {rule.raises}"
        facts = facts_for(rule.when, states, definition)
        yield FiredRule(rule.id, effect, levels[rank], levels[after], rule.sources, facts)
        rank = after


def unmet_needs(states: States, definition: Instrument) -> tuple[Need, ...]:
    """Return what the lowest level needs and the answers don't give."""
    return tuple(need for need in definition.lowest_level.needs if states[need.item] != need.option)


def warnings(outcome: Outcome, states: States, definition: Instrument) -> Iterator[Warn]:
    """Yield what to look at. None of it changes a level."""
    for need in unmet_needs(states, definition):
        if states[need.item] in definition.by_id[need.item].codes:
            yield Warn(need.warning, (need.item,))
    yield from _contradictions(states, definition)
    for warning in definition.warnings:
        if holds_for(warning.when, states, definition):
            yield Warn(warning.id, facts_for(warning.when, states, definition))
    if outcome.low.rank == len(definition.levels) - 1 and states.get("immediate_danger") == "no":
        yield Warn("high_without_immediate_danger", ("immediate_danger",))


def _contradictions(states: States, definition: Instrument) -> Iterator[Warn]:
    """Yield answered items that an answered gate says don't apply, and pairs of answers that can't be true together."""
    for item in definition.items:
        if item.applies_if and states[item.id] in item.codes[1:]:
            gate = definition.by_id[item.applies_if.item]
            if states[gate.id] in gate.codes and not holds_for(item.applies_if, states, definition):
                yield Warn("contradiction", (gate.id, item.id))
    for pair in contradictory_pairs():
        if all(states.get(part.item) in part.among for part in (pair.first, pair.second)):
            yield Warn("contradiction", (pair.first.item, pair.second.item))


@cache
def contradictory_pairs() -> tuple[Pair, ...]:
    """Load the pairs of answers that can't be true together."""
    rows = read_toml(INSTRUMENTS / "contradictions.toml", InstrumentError)["contradictions"]
    return tuple(Pair.model_validate_json(json.dumps(row)) for row in rows)
