"""A definition, compiled for scoring: every answer becomes one whole number, and scoring a sheet is adding them up.

Side by side in that number lie several counters, each wide enough never to spill over:

- the points of items that stand alone, and of the items under each cap;
- for each overlap group, how many members have at least so many points, for each value there is;
- one bit for each *atom*, a question "item at least option" that some rule asks.

The number is held twice, for the low and the high side of the bounds; the high side is moved up by the width of the
low one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dvrisk.rules import Node, compile_condition
from dvrisk.schema import NOT_APPLICABLE, OPEN_STATES, AtLeast, Instrument, Item, Rule
from dvrisk.soundness import atoms


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


class Compiled:
    """One instrument as a table of numbers, and where each counter lies in them. It never changes."""

    def __init__(self, instrument: Instrument) -> None:
        layout = _Layout(instrument)
        self.instrument = instrument
        self.cells = layout.cells
        self.alone = layout.alone_mask
        self.base = sum(item.options[0].points for item in layout.alone)
        self.groups, self.counters, self.counter_of = layout.groups, layout.counters, layout.counter_of
        self.rules = tuple(_rule(rule, instrument, layout) for rule in instrument.rules)
        self.atom_bits = sum(layout.atoms.values())
        self.atoms_of_rule = tuple(tuple(_rule_atoms(rule)) for rule in instrument.rules)
        self.side = layout.bits
        self.low_side = (1 << layout.bits) - 1
        self.all_open = sum(self._both(cells[0], cells[-1]) for cells in self.cells.values())
        self.changes = {item.id: self._changes_of(item) for item in instrument.items}
        self.gates = tuple(self._gate(item) for item in instrument.items if item.applies_if)
        touching = {item: self._rules_about(bits) for item, bits in layout.atoms_of.items()}
        self.deciding = tuple(
            self._deciding(item, place, touching[item.id])
            for place, item in enumerate(instrument.items)
            if item.is_scored or touching[item.id]
        )

    def _both(self, low: int, high: int) -> int:
        return low | high << self.side

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
        return Gate(item.id, gate.id, frozenset(closing), self.changes[item.id][item.codes[0]])

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
            closes=any(gate.gate == item.id for gate in self.gates),
        )


def _rule(rule: Rule, instrument: Instrument, layout: _Layout) -> CompiledRule:
    floor = instrument.levels.index(rule.floor) if rule.floor else 0
    return CompiledRule(rule.id, compile_condition(rule.when, layout.atoms), floor, rule.raises or 0)


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
        self.counter_of.update(dict.fromkeys(members, counter))

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
