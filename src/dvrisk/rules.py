"""Conditions over answers: compiled to bits for scoring, or asked of one sheet directly.

A condition is *at least n of its parts*: all is n of n, any is 1 of n. So one form serves for every rule, and since it
has no `not`, a riskier answer can only make more of them hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dvrisk.schema import AllOf, AnyOf, AtLeast, Condition, CountOf, Exactly, Instrument
from dvrisk.soundness import atoms, parts


class Node(NamedTuple):
    """A compiled condition: at least `need` of the atoms in `mask` and of `inner` hold."""

    need: int
    mask: int
    inner: tuple[Node, ...]
    within: int
    """All atoms in it, at any depth: if none of them holds, neither does the condition."""


def compile_condition(condition: Condition, atoms: Mapping[tuple[str, str], int]) -> Node:
    """Compile a condition, given the bit of each atom (item id, option code)."""
    if isinstance(condition, AtLeast):
        bit = atoms[condition.item, condition.at_least]
        return Node(1, bit, (), bit)
    assert not isinstance(condition, Exactly)  # refused in rules when the definition is loaded
    mask = 0
    inner: list[Node] = []
    for part in parts(condition):
        node = compile_condition(part, atoms)
        if isinstance(part, AtLeast) and not mask & node.mask:
            mask |= node.mask
        else:  # a compound part, or an atom that stands twice and so counts twice
            inner.append(node)
    within = mask
    for node in inner:
        within |= node.within
    return Node(_needed(condition), mask, tuple(inner), within)


def holds(node: Node, bits: int) -> bool:
    """Whether a compiled condition holds for the atoms in `bits`."""
    have = (bits & node.mask).bit_count()
    for part in node.inner:
        have += holds(part, bits)
    return have >= node.need


def holds_for(condition: Condition, states: Mapping[str, str], instrument: Instrument) -> bool:
    """Whether a condition holds for what is known on a sheet. An item that the instrument lacks is not known."""
    if isinstance(condition, AtLeast | Exactly):
        return _is_true(condition, states, instrument)
    held = sum(holds_for(part, states, instrument) for part in parts(condition))
    return held >= _needed(condition)


def facts_for(condition: Condition, states: Mapping[str, str], instrument: Instrument) -> tuple[str, ...]:
    """Return the items whose known answers speak for a condition, in its own order and each once."""
    return tuple(dict.fromkeys(atom.item for atom in atoms(condition) if _is_true(atom, states, instrument)))


def _is_true(atom: AtLeast | Exactly, states: Mapping[str, str], instrument: Instrument) -> bool:
    item = instrument.by_id.get(atom.item)
    answer = states.get(atom.item)
    if item is None or answer not in item.codes:
        return False
    if isinstance(atom, Exactly):
        return answer == atom.option
    return atom.at_least in item.codes and item.codes.index(answer) >= item.codes.index(atom.at_least)


def _needed(condition: AllOf | AnyOf | CountOf) -> int:
    if isinstance(condition, AllOf):
        return len(condition.all)
    return 1 if isinstance(condition, AnyOf) else condition.count
