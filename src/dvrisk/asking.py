"""Which open answers still decide the level, in which order to ask them, and what each answer would give.

An open item decides if, for some answers of the other open items, its least and its most risky option give different
levels. Four tests find out, from cheap to exact:

1. it changes the level with all others at their least risky option, or with all others at their riskiest;
2. points of items that no rule, group or cap touches bring the score to just below a level; its own cross it;
3. a rule that asks about it lacks only this fact, once the rule's other facts are there;
4. a search over the other open items, which leaves a branch as soon as no completion of it can work.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from operator import eq
from typing import Any, NamedTuple

from dvrisk.compiling import Deciding
from dvrisk.schema import OPEN_STATES, UNDETERMINED
from dvrisk.scoring import End, Outcome, Scorer

MAX_STEPS = 2_000
"""Steps of the exact search for one item and level. Past this the item is listed: one question too many, never one too
few. No shipped instrument comes near it: 7 steps at most, as tests/deep/test_deep.py measures."""


class Question(NamedTuple):
    """An open item that can still change the level.

    Attributes
    ----------
    item : str
        Its id.
    state : str
        Why it is open: `not_asked`, `unknown` or `declined`.
    codes : tuple of str
        Its options, least risky first.
    lows, highs : list of int
        For each option, the lowest and the highest level (as ranks, 0 the lowest) that would then be possible.
    settles : bool
        Whether some answer would settle the level by itself.
    who_knows : tuple of str
        Who could answer without asking her again; empty if only she can.
    names : tuple of str
        The level ids, lowest first.
    unmet : frozenset of str
        Items that the lowest level needs answered otherwise.
    """

    item: str
    state: str
    codes: tuple[str, ...]
    lows: list[int]
    highs: list[int]
    settles: bool
    who_knows: tuple[str, ...]
    names: tuple[str, ...]
    unmet: frozenset[str]

    @property
    def levels(self) -> dict[str, str]:
        """The level that each answer would establish."""
        return {code: self._level(place) for place, code in enumerate(self.codes)}

    @property
    def settled(self) -> dict[str, bool]:
        """Whether each answer would settle the level."""
        return {code: low == high for code, low, high in zip(self.codes, self.lows, self.highs, strict=True)}

    def to_dict(self) -> dict[str, Any]:
        """Return the question as plain values."""
        answers = {code: {"level": level, "settled": self.settled[code]} for code, level in self.levels.items()}
        return {"item": self.item, "state": self.state, "answers": answers, "who_knows": list(self.who_knows)}

    def _level(self, place: int) -> str:
        low, high = self.lows[place], self.highs[place]
        earned = low == high and not (self.unmet - {self.item} if place == 0 else self.unmet)
        return self.names[low] if low or earned else UNDETERMINED


def ask_next(scorer: Scorer, outcome: Outcome, unmet: frozenset[str] = frozenset()) -> tuple[Question, ...]:
    """List the open items that can still change the level, the best question first.

    Order: items that were not declined; an answer that alone settles; how often severe cases have the fact; how easy
    the question is to hear; file order. The list is empty exactly when the level is settled.
    """
    if outcome.low.rank == outcome.high.rank:
        return ()
    search = _Search(scorer, outcome, unmet)
    found = [(item, question) for item in search.open if (question := search.question(item))]
    found.sort(key=lambda each: (each[1].state == "declined", not each[1].settles, each[0].order))
    return tuple([question for _, question in found])


class _Side:
    """One end of the outcome, from which to try other answers for one item at a time."""

    def __init__(self, scorer: Scorer, end: End) -> None:
        self.scorer = scorer
        self.end = end
        self.by_rules = self._by_rules(end.fired)

    def ranks(self, item: Deciding, place: int) -> list[int]:
        """Return the level for each option of an open item that stands at option `place` on this side.

        Only what the item touches is worked out again, and options that the rules don't tell apart only once.
        """
        scorer, end, cells, counter = self.scorer, self.end, item.cells, item.counter
        if place and self._holds_without(item):
            return [end.rank] * len(cells)
        alone, atom_bits = scorer.table.alone, scorer.table.atom_bits
        base = cells[place]
        rest = end.total - base
        others = end.score - (base & alone if counter is None else counter.value(end.total))
        held = {base & atom_bits: end.fired}
        ranks = []
        for cell in cells:
            if cell == base:
                ranks.append(end.rank)
                continue
            fired = held.get(cell & atom_bits)
            if fired is None:
                fired = held[cell & atom_bits] = self._fired(item, rest + cell)
            points = cell & alone if counter is None else counter.value(rest + cell)
            ranks.append(scorer.rank(others + points, fired))
        return ranks

    def gain(self, item: Deciding) -> int:
        """Return the points between the item's least and most risky option, beside this side's other answers."""
        least, most, counter = item.cells[0], item.cells[-1], item.counter
        if counter is None:
            return (most & self.scorer.table.alone) - (least & self.scorer.table.alone)
        rest = self.end.total - least
        return counter.value(rest + most) - counter.value(rest + least)

    def _holds_without(self, item: Deciding) -> bool:
        """Whether rules that don't ask about the item give this side's level by themselves."""
        return self._by_rules(self.end.fired & ~item.own) if item.own else self.by_rules

    def _by_rules(self, fired: int) -> bool:
        return self.scorer.rank(self.scorer.least_score, fired) == self.end.rank

    def _fired(self, item: Deciding, total: int) -> int:
        fired = self.end.fired
        for index in item.rules:
            if fired >> index & 1 != self.scorer.holds(index, total):
                fired ^= 1 << index
        return fired


class _Search:
    """What is worked out once for a sheet and used for each of its open items."""

    def __init__(self, scorer: Scorer, outcome: Outcome, unmet: frozenset[str]) -> None:
        self.scorer = scorer
        self.outcome = outcome
        self.unmet = unmet
        self.names = scorer.instrument.levels
        self.low = _Side(scorer, outcome.low)
        self.high = _Side(scorer, outcome.high)
        self.states = scorer.states(outcome.codes)
        self.open = [item for item in scorer.table.deciding if self.states[item.id] in OPEN_STATES]

    # -------------------------------------------------------------------------- 1: by itself, at either end

    def question(self, item: Deciding) -> Question | None:
        lows, highs = self.low.ranks(item, 0), self.high.ranks(item, -1)
        moves = lows[-1] > lows[0] or highs[0] < highs[-1]
        if not (moves or self._crosses_an_edge(item) or self._completes_a_rule(item) or self._decides(item)):
            return None
        if item.closes:  # its answer may also close other items, and so narrow what is possible
            lows, highs = self._outcomes(item)
        state, settles = self.states[item.id], any(map(eq, lows, highs))
        return Question(item.id, state, item.codes, lows, highs, settles, item.who_knows, self.names, self.unmet)

    def _outcomes(self, item: Deciding) -> tuple[list[int], list[int]]:
        outcomes = [self.scorer.outcome(self.outcome.codes | {item.id: code}) for code in item.codes]
        return [outcome.low.rank for outcome in outcomes], [outcome.high.rank for outcome in outcomes]

    # ------------------------------------------------------------------------- 2: by points of quiet items

    def _crosses_an_edge(self, item: Deciding) -> bool:
        gain = self.low.gain(item)
        if not gain:
            return False
        sums = self._quiet_sums_without(item)
        for missing in self._missing_to_edges:
            just_below = (1 << missing) - (1 << max(0, missing - gain))  # bits missing-gain .. missing-1
            if sums & just_below:
                return True
        return False

    @cached_property
    def _missing_to_edges(self) -> list[int]:
        """Points missing to each score at which the level goes up while the rules stay as they are."""
        score, fired = self.outcome.low.score, self.outcome.low.fired
        edges = [band.first for band in self.scorer.instrument.bands if band.first > score]
        return [edge - score for edge in edges if self.scorer.rank(edge, fired) > self.scorer.rank(edge - 1, fired)]

    @cached_property
    def _quiet(self) -> dict[str, tuple[int, ...]]:
        """What each option of each open item adds that no rule, group or cap touches."""
        return {item.id: item.gains for item in self.open if item.gains}

    @cached_property
    def _sums_without(self) -> dict[tuple[int, ...] | None, int]:
        return {None: _sums(self._quiet.values())}

    def _quiet_sums_without(self, item: Deciding) -> int:
        """Return all sums that the other quiet items can have, as the bits of a number."""
        gains = item.gains
        known = self._sums_without
        if gains not in known:  # worked out once for all items that add the same
            others = list(self._quiet.values())
            others.remove(gains or ())
            known[gains] = _sums(others)
        return known[gains]

    # ---------------------------------------------------------------------- 3: by the other facts of a rule

    def _completes_a_rule(self, item: Deciding) -> bool:
        cells, low = item.cells, self.outcome.low.total
        gain = cells[-1] - cells[0]
        for index in item.rules:
            partners = self._partners(item, index)
            for change in (*partners.values(), sum(partners.values())):
                if self.scorer.end(low + change).rank < self.scorer.end(low + change + gain).rank:
                    return True
        return False

    def _partners(self, item: Deciding, rule: int) -> dict[str, int]:
        """Return what the rule's other open items add at the least risky option that the rule asks for."""
        changes: dict[str, int] = {}
        for name, option in self.scorer.table.atoms_of_rule[rule]:
            if name != item.id and self.states[name] in OPEN_STATES and name not in changes:
                cells = self.scorer.table.cells[name]
                asked = self.scorer.instrument.by_id[name].codes.index(option)
                changes[name] = cells[asked] - cells[0]
        return changes

    # --------------------------------------------------------------------------------- 4: by exact search

    def _decides(self, item: Deciding) -> bool:
        # Points that an overlap group or a cap does not count beside the least answers, it never counts.
        adds = self.low.gain(item) > 0
        if not (adds or item.own):
            return False
        others = [other for other in self.open if other is not item]
        return any(
            Frontier(self.scorer, item, others, rank, adds=adds).reached(self.outcome.low.total)
            for rank in range(self.outcome.low.rank + 1, self.outcome.high.rank + 1)
        )


class Frontier:
    """Looks for answers of the other items with which one item takes the level across a rank.

    *Below* means: under the rank while the item is at its least risky option. The search keeps the others' answers
    below, and asks whether the item's riskiest option then reaches the rank.
    """

    def __init__(self, scorer: Scorer, item: Deciding, others: list[Deciding], rank: int, *, adds: bool) -> None:
        self.own = item.own
        self.adds = adds
        self.scorer = scorer
        self.others = others
        self.gain = item.cells[-1] - item.cells[0]
        self.rank = rank
        # A rule that does not ask about the item and lifts to the rank would lift it without the item, too.
        lifting = sum(1 << index for index, rule in enumerate(scorer.table.rules) if rule.floor >= rank)
        self.spoiling = lifting & ~self.own
        self.steps = 0

    def reached(self, low: int) -> bool:
        """Whether such answers exist, from a total in which all open items are at their least risky option."""
        return self._from(low, self.others)

    def _from(self, low: int, free: list[Deciding]) -> bool:
        self.steps += 1
        if self.steps > MAX_STEPS:
            return True
        if not self._is_below(low):
            return False
        if self._reaches(low):
            return True
        choices = self._choices(low, free)
        top = low + sum(cells[-1] for cells in choices.values())
        if not self._could_reach(low, top):
            return False
        if self._is_below(top):
            return self._reaches(top)
        if any(self._fills_up(low, choices, most_first) for most_first in (False, True)):
            return True
        branch = self._branch(top, choices)
        rest = [item for item in choices if item is not branch]
        return any(self._from(low + change, rest) for change in reversed(choices[branch]))

    def _choices(self, low: int, free: list[Deciding]) -> dict[Deciding, list[int]]:
        """Return what each free item can add while staying below, for the items that can add anything."""
        choices = {}
        for item in free:
            cells = item.cells
            changes = [0] + [cell - cells[0] for cell in cells[1:] if cell != cells[0]]
            changes = [change for change in changes if self._is_below(low + change)]
            if len(changes) > 1:
                choices[item] = changes
        return choices

    def _fills_up(self, low: int, choices: dict[Deciding, list[int]], most_first: bool) -> bool:
        """Add one answer after the other while staying below, and see whether the item then reaches the rank."""
        for changes in sorted(choices.values(), key=lambda changes: changes[-1], reverse=most_first):
            low += next(change for change in reversed(changes) if self._is_below(low + change))
            if self._reaches(low):
                return True
        return False

    def _branch(self, top: int, choices: dict[Deciding, list[int]]) -> Deciding:
        """Choose the item that most of the spoiling rules ask about; without any, the one with the most to add."""
        spoiled = self.scorer.fired(top) & self.spoiling
        return max(choices, key=lambda item: ((spoiled & item.own).bit_count(), choices[item][-1]))

    def _is_below(self, total: int) -> bool:
        return self.scorer.end(total).rank < self.rank

    def _reaches(self, total: int) -> bool:
        return self._is_below(total) and self.scorer.end(total + self.gain).rank >= self.rank

    def _could_reach(self, low: int, top: int) -> bool:
        """Whether the item could take some answers between `low` and `top` across the rank.

        Then one of its own rules holds at the top, or the score can cross the edge of a band; and its riskiest option
        reaches the rank there, the spoiling rules left aside.
        """
        fired = self.scorer.fired(top + self.gain)
        score = self.scorer.score(top + self.gain)
        if not (
            fired & self.own or (self.adds and self.scorer.rank(self.scorer.score(low), 0) < self.scorer.rank(score, 0))
        ):
            return False
        return self.scorer.rank(score, fired & ~self.spoiling) >= self.rank


def _sums(gains_of_each: Iterable[tuple[int, ...]]) -> int:
    sums = 1
    for gains in gains_of_each:
        reached = sums
        for gain in gains:
            reached |= sums << gain
        sums = reached
    return sums
