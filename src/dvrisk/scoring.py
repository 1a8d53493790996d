"""Points, bands and rules: from answers to the least and the greatest score and level.

The arithmetic is one addition for each answer. A definition is compiled into a table that holds, for each item and
answer, one whole number. Side by side in that number lie several counters, each wide enough never to spill over:

- the points of items that stand alone, and of the items under each cap;
- for each overlap group, how many members have at least so many points, for each value there is;
- one bit for each *atom*, a question "item at least option" that some rule asks.

An open item adds its least risky option on the low side and its riskiest on the high side; the high side is the same
number, moved up by the width of the low one. Since points never fall along an item's options and no rule has a `not`,
these two ends are the least and the greatest result over all answers the open items could have.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from dvrisk.answers import Answers, read_answers
from dvrisk.rules import Node, compile_condition, holds
from dvrisk.schema import NOT_APPLICABLE, OPEN_STATES, AtLeast, Instrument, Item, Rule
from dvrisk.soundness import atoms


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


class Gate(NamedTuple):
    """An item that an answer to another one (the gate) closes."""

    item: str
    gate: str
    closing: frozenset[str]
    change: int


class GroupCounter(NamedTuple):
    """Where an overlap group's counters lie: one for each value its members can have, smallest first."""

    shift: int
    width: int
    mask: int
    values: tuple[int, ...]
    bonus: int

    def value(self, total: int) -> int:
        """Return the largest points in the group, plus the bonus when two or more members have points."""
        counters = (total >> self.shift) & self.mask
        if not counters:
            return 0
        largest = self.values[(counters.bit_length() - 1) // self.width]
        several = counters & ((1 << self.width) - 1) >= 2
        return largest + self.bonus if several else largest


class CapCounter(NamedTuple):
    """Where the points under a cap lie, with the groups among them. A group under no cap is a cap without limit."""

    shift: int
    mask: int
    groups: tuple[GroupCounter, ...]
    most: int | None

    def value(self, total: int) -> int:
        """Return the points that count from under the cap."""
        points = (total >> self.shift) & self.mask
        for group in self.groups:
            points += group.value(total)
        return points if self.most is None or points < self.most else self.most


class CompiledRule(NamedTuple):
    """A rule with its condition in bits and its floor as a rank (0: it has none)."""

    id: str
    node: Node
    floor: int
    raises: int


class Deciding(NamedTuple):
    """An item whose answer can change a level: what asking needs of it, compiled.

    Attributes
    ----------
    id : str
    codes : tuple of str
        Its options, least risky first, with their `cells`.
    rules, own : tuple of int, int
        The rules that ask about it: their places in the file, and the same as bits.
    counter : CapCounter or None
        The counter that its points are part of; None if they stand alone.
    gains : tuple of int or None
        What each option adds to the least risky one, if no rule, group or cap touches the item.
    who_knows : tuple of str
    order : tuple
        Sorts questions: how often severe cases have the fact, bearability, place in the file.
    closes : bool
        Whether it is a gate, whose answer may close other items.
    is_scored : bool
    """

    id: str
    codes: tuple[str, ...]
    cells: tuple[int, ...]
    rules: tuple[int, ...]
    own: int
    counter: CapCounter | None
    gains: tuple[int, ...] | None
    who_knows: tuple[str, ...]
    order: tuple[int, int, int]
    closes: bool
    is_scored: bool


class Scorer:
    """One instrument, compiled. It never changes; make one with `scorer_for`."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        layout = _Layout(instrument)
        self.base = sum(item.options[0].points for item in layout.alone)
        self.alone = layout.alone_mask
        self.groups = layout.groups
        self.counters = layout.counters
        self.counter_of = layout.counter_of
        self.rules = tuple(
            CompiledRule(
                rule.id,
                compile_condition(rule.when, layout.atoms),
                instrument.levels.index(rule.floor) if rule.floor else 0,
                rule.raises or 0,
            )
            for rule in instrument.rules
        )
        self.atom_bits = sum(layout.atoms.values())
        self.atoms_of_rule = tuple(tuple(_rule_atoms(rule)) for rule in instrument.rules)
        self.least_score = instrument.bands[0].first
        self._firsts = [band.first for band in instrument.bands]
        self._floors = [
            (rank, sum(1 << i for i, rule in enumerate(self.rules) if rule.floor == rank))
            for rank in range(len(instrument.levels) - 1, 0, -1)
        ]
        self._top = len(instrument.levels) - 1
        self._raising = [(1 << i, rule.raises) for i, rule in enumerate(self.rules) if rule.raises]
        self.cells = layout.cells
        self._side = layout.bits
        self._low_mask = (1 << layout.bits) - 1
        self._all_open = sum(self._both(cells[0], cells[-1]) for cells in self.cells.values())
        self._changes = {item.id: self._changes_of(item) for item in instrument.items}
        self._open = {*OPEN_STATES, None, ""}
        self._rows = {item.id: self._rows_of(item) for item in instrument.items if item.is_scored}
        self._adjusting = tuple(self._adjustments())
        self._gates = tuple(self._gate(item) for item in instrument.items if item.applies_if)
        touching = {item: self._rules_about(bits) for item, bits in layout.atoms_of.items()}
        self.deciding = tuple(
            self._deciding(item, place, touching[item.id])
            for place, item in enumerate(instrument.items)
            if item.is_scored or touching[item.id]
        )

    # ------------------------------------------------------------------------------------------- compile

    def _both(self, low: int, high: int) -> int:
        return low | high << self._side

    def _changes_of(self, item: Item) -> dict[str | None, int]:
        """For each answer, what it changes in the total of a sheet where every item is open."""
        cells = self.cells[item.id]
        open_cell = self._both(cells[0], cells[-1])
        changes: dict[str | None, int] = dict.fromkeys((*OPEN_STATES, None, ""), 0)
        for code, cell in zip(item.codes, cells, strict=True):
            changes[code] = self._both(cell, cell) - open_cell
        if item.applies_if:
            changes[NOT_APPLICABLE] = changes[item.codes[0]]
        return changes

    def _gate(self, item: Item) -> Gate:
        assert item.applies_if is not None  # for the type checker: the caller picks items that have one
        gate = self.instrument.by_id[item.applies_if.item]
        closing = gate.codes[: gate.codes.index(item.applies_if.at_least)]
        return Gate(item.id, gate.id, frozenset(closing), self._changes[item.id][item.codes[0]])

    def _rules_about(self, atom_bits: int) -> tuple[int, ...]:
        return tuple(i for i, rule in enumerate(self.rules) if rule.node.within & atom_bits)

    def _deciding(self, item: Item, place: int, rules: tuple[int, ...]) -> Deciding:
        counter = self.counter_of.get(item.id)
        least = item.options[0].points
        return Deciding(
            id=item.id,
            codes=item.codes,
            cells=self.cells[item.id],
            rules=rules,
            own=sum(1 << i for i in rules),
            counter=counter,
            gains=None if rules or counter else tuple(option.points - least for option in item.options),
            who_knows=item.who_knows,
            order=(-(item.share_percent.high if item.share_percent else 0), item.burden, place),
            closes=any(gate.gate == item.id for gate in self._gates),
            is_scored=item.is_scored,
        )

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
        low = self.end(total & self._low_mask)
        high_total = total >> self._side
        return Outcome(codes, low, low if high_total == low.total else self.end(high_total))

    def _sum(self, codes: Mapping[str, str]) -> int:
        changes = self._changes
        total = self._all_open
        for item, code in codes.items():
            total += changes[item][code]
        for gate in self._gates:
            closed = codes.get(gate.gate) in gate.closing
            answer = codes.get(gate.item)
            if closed and not self._changes[gate.item][answer]:
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
        score = self.base + (total & self.alone)
        for counter in self.counters:
            score += counter.value(total)
        return score

    def fired(self, total: int) -> int:
        """Return the rules that hold, one bit each, in file order."""
        fired = 0
        for index in range(len(self.rules)):
            fired |= self.holds(index, total) << index
        return fired

    def holds(self, index: int, total: int) -> bool:
        """Whether a rule, by its place in the file, holds."""
        node = self.rules[index].node
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
        states = {item: codes.get(item) or OPEN_STATES[0] for item in self.cells}
        for gate in self._gates:
            if states[gate.item] in OPEN_STATES and states[gate.gate] in gate.closing:
                states[gate.item] = NOT_APPLICABLE
        return states

    def contributions(self, outcome: Outcome) -> tuple[Contribution, ...]:
        """Return what adds up to both scores: scored items in file order, then overlaps, then caps."""
        codes, low, high = outcome
        rows = [of_answer[codes.get(item)] for item, of_answer in self._rows.items()]
        for gate in self._gates:
            closed = codes.get(gate.gate) in gate.closing
            if closed and gate.item in self._rows and codes.get(gate.item) in self._open:
                rows[list(self._rows).index(gate.item)] = self._rows[gate.item][NOT_APPLICABLE]
        for kind, name, counter, stands_for in self._adjusting:
            counted = [rows[place] for place in stands_for]
            at_low = counter.value(low.total) - sum([row.low for row in counted])
            if high is low:
                at_high = at_low
            else:
                at_high = counter.value(high.total) - sum([row.high for row in counted])
            rows.append(Contribution(kind, name, None, at_low, at_high, None))
        n_items = len(self._rows)
        return (*rows[:n_items], *(row for row in rows[n_items:] if row.low or row.high))

    def _rows_of(self, item: Item) -> dict[str | None, Contribution]:
        """Return the row of an item for each answer it can have, ready made."""
        least, most = item.options[0].points, item.options[-1].points
        rows: dict[str | None, Contribution] = {
            state: Contribution("item", item.id, state or OPEN_STATES[0], least, most, item.source)
            for state in self._open
        }
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
            yield "overlap", group.id, self.groups[group.id], members
        for cap in self.instrument.caps:
            inside = [of_group[member] for member in cap.items if member in of_group]
            members = tuple(place[member] for member in cap.items if member in place)
            yield "cap", cap.id, self.counter_of[cap.items[0]], (*members, *inside)


@lru_cache(maxsize=64)
def scorer_for(instrument: Instrument) -> Scorer:
    """Return the compiled form of an instrument; compiling takes a thousand times longer than scoring."""
    return Scorer(instrument)


class _Layout:
    """Gives every counter and atom its place in the number, and fills the cell of every option."""

    def __init__(self, instrument: Instrument) -> None:
        self.bits = 0
        under = {member: cap for cap in instrument.caps for member in cap.items}
        grouped = {member: group for group in instrument.groups for member in group.items}
        self.alone = [item for item in instrument.items if item.id not in under and item.id not in grouped]
        self.alone_mask = (1 << self._take(sum(_span(item) for item in self.alone).bit_length())[1]) - 1
        self.groups = {group.id: self._place_group(group.bonus, group.items, instrument) for group in instrument.groups}
        self.counters: list[CapCounter] = []
        self.counter_of: dict[str, CapCounter] = {}
        for cap in instrument.caps:
            single = [instrument.by_id[member] for member in cap.items if member not in grouped]
            inside = [self.groups[group.id] for group in instrument.groups if set(group.items) <= set(cap.items)]
            self._add_counter(cap.items, single, tuple(inside), cap.most)
        for group in instrument.groups:
            if group.items[0] not in under:
                self._add_counter(group.items, [], (self.groups[group.id],), None)
        self.atoms, self.atoms_of = self._place_atoms(instrument)
        self.cells = {
            item.id: tuple(
                self._cell(item, index, self.groups[grouped[item.id].id] if item.id in grouped else None)
                for index in range(len(item.options))
            )
            for item in instrument.items
        }

    def _take(self, bits: int) -> tuple[int, int]:
        shift = self.bits
        self.bits += bits
        return shift, bits

    def _place_group(self, bonus: int, members: tuple[str, ...], instrument: Instrument) -> GroupCounter:
        values = sorted({option.points for member in members for option in instrument.by_id[member].options} - {0})
        width = len(members).bit_length()
        shift, bits = self._take(width * len(values))
        return GroupCounter(shift, width, (1 << bits) - 1, tuple(values), bonus)

    def _add_counter(
        self, members: tuple[str, ...], single: list[Item], groups: tuple[GroupCounter, ...], most: int | None
    ) -> None:
        shift, bits = self._take(sum(item.options[-1].points for item in single).bit_length())
        counter = CapCounter(shift, (1 << bits) - 1, groups, most)
        self.counters.append(counter)
        self.counter_of.update({member: counter for member in members})

    def _place_atoms(self, instrument: Instrument) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
        bits: dict[tuple[str, str], int] = {}
        of_item = {item.id: 0 for item in instrument.items}
        for rule in instrument.rules:
            for key in _rule_atoms(rule):
                if key not in bits:
                    bits[key] = 1 << self._take(1)[0]
                    of_item[key[0]] |= bits[key]
        return bits, of_item

    def _cell(self, item: Item, index: int, group: GroupCounter | None) -> int:
        points = item.options[index].points
        if group is not None:
            cell = sum(1 << group.shift + i * group.width for i, value in enumerate(group.values) if points >= value)
        elif item.id in self.counter_of:
            cell = points << self.counter_of[item.id].shift
        else:
            cell = points - item.options[0].points
        held = item.codes[: index + 1]
        return cell | sum(bit for (owner, option), bit in self.atoms.items() if owner == item.id and option in held)


def _rule_atoms(rule: Rule) -> Iterator[tuple[str, str]]:
    for atom in atoms(rule.when):
        if isinstance(atom, AtLeast):
            yield atom.item, atom.at_least


def _span(item: Item) -> int:
    return item.options[-1].points - item.options[0].points
