"""Points, bands and rules: from answers to the least and the greatest score and level.

An open item adds its least risky option on the low side and its riskiest on the high side. Since points never fall
along an item's options and no rule has a `not`, these two ends are the least and the greatest result over all answers
that the open items could have.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from dvrisk.answers import Answers, read_answers
from dvrisk.compiling import CapCounter, Compiled, GroupCounter
from dvrisk.rules import holds
from dvrisk.schema import NOT_APPLICABLE, OPEN_STATES, Instrument, Item


class Contribution(NamedTuple):
    """What one item, overlap group or cap adds to the score at both ends; `overlap` and `cap` rows take points away."""

    kind: str
    id: str
    answer: str | None
    low: int
    high: int
    source: str | None


class End(NamedTuple):
    """The result at one end: all open items at their least risky option, or all at their riskiest."""

    total: int
    score: int
    fired: int
    rank: int


class Outcome(NamedTuple):
    """Both ends of what a sheet of answers can come to."""

    codes: dict[str, str]
    low: End
    high: End


class Scorer:
    """Scores sheets on one instrument. It never changes; get one with `scorer_for`."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.table = table = Compiled(instrument)
        self.least_score = instrument.bands[0].first
        self._firsts = [band.first for band in instrument.bands]  # levels above these are reached by rules alone
        self._top = len(instrument.levels) - 1
        self._floors = [
            (rank, sum(1 << i for i, rule in enumerate(table.rules) if rule.floor == rank))
            for rank in range(self._top, 0, -1)
        ]
        self._raising = [(1 << i, rule.raises) for i, rule in enumerate(table.rules) if rule.raises]
        self._rows = {item.id: self._rows_of(item) for item in instrument.items if item.is_scored}
        self._adjusting = tuple(self._adjustments())

    # --------------------------------------------------------------------------------------------- score

    def outcome(self, answers: Answers) -> Outcome:
        """Score one sheet.

        Raises
        ------
        AnswerError
            Some answers can't be used; it lists them all.
        """
        try:  # plain codes, the usual case: looking an answer up is also what checks it
            codes = {**answers}
            total = self._sum(codes)
        except (KeyError, TypeError, AttributeError, ValueError):
            codes = read_answers(answers, self.instrument)
            total = self._sum(codes)
        low = self.end(total & self.table.low_side)
        high_total = total >> self.table.side
        return Outcome(codes, low, low if high_total == low.total else self.end(high_total))

    def _sum(self, codes: Mapping[str, str]) -> int:
        changes = self.table.changes
        total = self.table.all_open
        for item, code in codes.items():
            total += changes[item][code]
        for gate in self.table.gates:
            closed = codes.get(gate.gate) in gate.closing
            answer = codes.get(gate.item)
            if closed and not changes[gate.item][answer]:
                total += gate.change
            elif answer == NOT_APPLICABLE and not closed:
                raise KeyError(gate.item)
        return total

    def end(self, total: int) -> End:
        """Score and level one side's total."""
        score, fired = self.score(total), self.fired(total)
        return End(total, score, fired, self.rank(score, fired))

    def score(self, total: int) -> int:
        """Return the points, after groups and caps."""
        score = self.table.base + (total & self.table.alone)
        for counter in self.table.counters:
            score += counter.value(total)
        return score

    def fired(self, total: int) -> int:
        """Return the rules that hold, one bit each, in file order."""
        fired = 0
        for index in range(len(self.table.rules)):
            fired |= self.holds(index, total) << index
        return fired

    def holds(self, index: int, total: int) -> bool:
        """Whether a rule, by its place in the file, holds."""
        node = self.table.rules[index].node
        if not total & node.within:
            return False
        return holds(node, total) if node.inner else (total & node.mask).bit_count() >= node.need

    def rank(self, score: int, fired: int) -> int:
        """Return the level, 0 the lowest: the score's band, lifted to the highest floor, then up by the raises."""
        rank = bisect_right(self._firsts, score) - 1
        if not fired:
            return rank
        for floor, mask in self._floors:
            if fired & mask:
                if floor > rank:
                    rank = floor
                break
        for bit, raises in self._raising:
            if fired & bit:
                rank += raises
        return rank if rank < self._top else self._top

    # ------------------------------------------------------------------------------------------- explain

    def states(self, codes: Mapping[str, str]) -> dict[str, str]:
        """Return a code or state for every item, in file order; what a gate closes is `not_applicable`."""
        states = {item: codes.get(item) or OPEN_STATES[0] for item in self.table.cells}
        for gate in self.table.gates:
            if states[gate.item] in OPEN_STATES and states[gate.gate] in gate.closing:
                states[gate.item] = NOT_APPLICABLE
        return states

    def contributions(self, outcome: Outcome) -> tuple[Contribution, ...]:
        """Return what adds up to both scores: scored items in file order, then overlaps, then caps."""
        codes, low, high = outcome
        states = self.states(codes)
        rows = [of_state[states[item]] for item, of_state in self._rows.items()]
        for kind, name, counter, stands_for in self._adjusting:
            counted = [rows[place] for place in stands_for]
            at_low = counter.value(low.total) - sum([row.low for row in counted])
            at_high = at_low if high is low else counter.value(high.total) - sum([row.high for row in counted])
            rows.append(Contribution(kind, name, None, at_low, at_high, None))
        n_items = len(self._rows)
        return (*rows[:n_items], *(row for row in rows[n_items:] if row.low or row.high))

    def _rows_of(self, item: Item) -> dict[str, Contribution]:
        """Return the row of an item for each code or state it can have, ready made."""
        least, most = item.options[0].points, item.options[-1].points
        rows = {state: Contribution("item", item.id, state, least, most, item.source) for state in OPEN_STATES}
        for option in item.options:
            rows[option.code] = Contribution("item", item.id, option.code, option.points, option.points, item.source)
        rows[NOT_APPLICABLE] = Contribution("item", item.id, NOT_APPLICABLE, least, least, item.source)
        return rows

    def _adjustments(self) -> Iterator[tuple[str, str, GroupCounter | CapCounter, tuple[int, ...]]]:
        """Yield each overlap and cap with its counter and the places of the rows that it stands for."""
        place = {item: index for index, item in enumerate(self._rows)}
        of_group = {}
        for number, group in enumerate(self.instrument.groups):
            of_group[group.items[0]] = len(place) + number
            members = tuple(place[member] for member in group.items if member in place)
            yield "overlap", group.id, self.table.groups[group.id], members
        for cap in self.instrument.caps:
            inside = [of_group[member] for member in cap.items if member in of_group]
            members = tuple(place[member] for member in cap.items if member in place)
            yield "cap", cap.id, self.table.counter_of[cap.items[0]], (*members, *inside)


@lru_cache(maxsize=64)
def scorer_for(instrument: Instrument) -> Scorer:
    """Return the compiled form of an instrument; compiling takes a thousand times longer than scoring."""
    return Scorer(instrument)
