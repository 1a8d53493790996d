"""What must hold between the fields of a definition, so that the laws of scoring hold for every answer sheet.

Each check yields one sentence per breach: where, what is wrong, what to do. Loading refuses a definition that has any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from dvrisk.errors import nearest
from dvrisk.schema import (
    NOT_APPLICABLE,
    OPEN_STATES,
    UNDETERMINED,
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    CountOf,
    Exactly,
    Instrument,
)


def breaches(instrument: Instrument) -> list[str]:
    """List everything that keeps a well-formed definition from being sound; an empty list means it is."""
    duplicated = list(_duplicate_ids(instrument))
    if duplicated:  # the other checks look things up by id
        return duplicated
    checks = (_items, _gates, _groups, _caps, _conditions, _rules, _bands, _frame, _sources)
    found = [breach for check in checks for breach in check(instrument)]
    return found or list(_band_range(instrument))


def atoms(condition: Condition) -> Iterator[AtLeast | Exactly]:
    """Walk the questions that a condition asks of single items."""
    if isinstance(condition, AtLeast | Exactly):
        yield condition
        return
    for part in parts(condition):
        yield from atoms(part)


def parts(condition: AllOf | AnyOf | CountOf) -> tuple[Condition, ...]:
    """Return the parts that a compound condition is made of."""
    if isinstance(condition, AllOf):
        return condition.all
    return condition.any if isinstance(condition, AnyOf) else condition.of


def _duplicate_ids(instrument: Instrument) -> Iterator[str]:
    for kind in ("items", "groups", "caps", "rules", "warnings", "bands", "sources"):
        yield from _repeated(kind, (entry.id for entry in getattr(instrument, kind)))
    for item in instrument.items:
        yield from _repeated(f"items.{item.id}.options", item.codes)


def _repeated(where: str, ids: Iterable[str]) -> Iterator[str]:
    for repeated, times in Counter(ids).items():
        if times > 1:
            yield f"{where}: {repeated} stands {times} times. Keep one."


def _items(instrument: Instrument) -> Iterator[str]:
    for item in instrument.items:
        where = f"items.{item.id}"
        for code in item.codes:
            if code in OPEN_STATES or code == NOT_APPLICABLE:
                yield f"{where}: {code} is a state of every item, not an option. Remove it; it carries no points."
        for lower, higher in pairwise(item.options):
            if higher.points < lower.points:
                yield (
                    f"{where}: points fall from {lower.code} ({lower.points}) to {higher.code} ({higher.points}). "
                    "Order the options from least to most risky, with points that never fall."
                )
        if item.one_way and item.options[0].points:
            yield f"{where}: one_way, but its first option has points. Give {item.codes[0]} 0 points."
        if item.private and item.is_scored:
            yield f"{where}: private, but it has points. Needs are recorded, never scored."
        if item.worth and len(item.worth) != len(item.options):
            yield f"{where}.worth: got {len(item.worth)} entries, expected one for each of {', '.join(item.codes)}."
        if item.undated and item.undated not in item.codes:
            yield f"{where}.undated: {item.undated} is not one of its options ({', '.join(item.codes)})."


def _gates(instrument: Instrument) -> Iterator[str]:
    for item in instrument.items:
        if item.applies_if is None:
            continue
        where = f"items.{item.id}.applies_if"
        yield from _atom(instrument, where, item.applies_if)
        gate = instrument.by_id.get(item.applies_if.item)
        if gate is not None and gate.applies_if is not None:
            yield f"{where}: {gate.id} itself depends on another item. Name an item that is always asked."


def _groups(instrument: Instrument) -> Iterator[str]:
    yield from _members("groups", instrument, [(group.id, group.items) for group in instrument.groups])


def _caps(instrument: Instrument) -> Iterator[str]:
    yield from _members("caps", instrument, [(cap.id, cap.items) for cap in instrument.caps])
    for cap in instrument.caps:
        for group in instrument.groups:
            inside = set(cap.items) & set(group.items)
            if inside and inside != set(group.items):
                yield f"caps.{cap.id}: holds a part of group {group.id}. Put all of the group under the cap, or none."


def _members(kind: str, instrument: Instrument, sets: list[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    for set_id, members in sets:
        yield from _repeated(f"{kind}.{set_id}", members)
        for member in members:
            item = instrument.by_id.get(member)
            if item is None:
                yield f"{kind}.{set_id}: {_unknown(member, instrument.by_id)}"
            elif min(option.points for option in item.options) < 0:
                yield f"{kind}.{set_id}: {member} has negative points. Keep it outside."
    belonging = Counter(member for _, members in sets for member in set(members))
    for member, times in belonging.items():
        if times > 1:
            yield f"{kind}: {member} stands in {times} of them. An item belongs to one at most."


def _conditions(instrument: Instrument) -> Iterator[str]:
    for kind, entries in (("rules", instrument.rules), ("warnings", instrument.warnings)):
        for entry in entries:
            where = f"{kind}.{entry.id}.when"
            yield from _condition(instrument, where, entry.when)
            if kind == "rules" and any(isinstance(atom, Exactly) for atom in atoms(entry.when)):
                yield f"{where}: a rule may not use 'is', or a riskier answer could lower the level. Use at_least."


def _condition(instrument: Instrument, where: str, condition: Condition) -> Iterator[str]:
    if isinstance(condition, AtLeast | Exactly):
        yield from _atom(instrument, where, condition)
        return
    if isinstance(condition, CountOf) and condition.count > len(condition.of):
        yield f"{where}: asks for {condition.count} of {len(condition.of)}. Ask for at most {len(condition.of)}."
    for part in parts(condition):
        yield from _condition(instrument, where, part)


def _atom(instrument: Instrument, where: str, atom: AtLeast | Exactly) -> Iterator[str]:
    item = instrument.by_id.get(atom.item)
    option = atom.at_least if isinstance(atom, AtLeast) else atom.option
    if item is None:
        yield f"{where}: {_unknown(atom.item, instrument.by_id)}"
    elif option not in item.codes:
        yield f"{where}: {option} is not an option of {item.id}. Expected one of {', '.join(item.codes)}."
    elif isinstance(atom, AtLeast) and option == item.codes[0]:
        yield f"{where}: {item.id} is always at least {option}. Expected one of {', '.join(item.codes[1:])}."
    elif item.private:
        yield f"{where}: {item.id} is private. It may not change a result that others see."


def _rules(instrument: Instrument) -> Iterator[str]:
    for rule in instrument.rules:
        where = f"rules.{rule.id}"
        if (rule.floor is None) == (rule.raises is None):
            yield f"{where}: expected either a floor or a raise, and only one of them."
        if rule.floor is not None and rule.floor not in instrument.levels[1:]:
            yield f"{where}.floor: got {rule.floor}, expected one of {', '.join(instrument.levels[1:])}."


def _bands(instrument: Instrument) -> Iterator[str]:
    for band in instrument.bands:
        if band.id == UNDETERMINED:
            yield f"bands.{band.id}: the name is taken. Choose another."
        if band.first > band.last:
            yield f"bands.{band.id}: starts at {band.first} and ends at {band.last}. Swap them."
    for lower, higher in pairwise(instrument.bands):
        if higher.first <= lower.last:
            ends = f"{lower.id} (to {lower.last}) and {higher.id} (from {higher.first})"
            yield f"bands: {ends} overlap. Each score has one level."
        elif higher.first > lower.last + 1:
            gap = f"{lower.last + 1} to {higher.first - 1}"
            yield f"bands: no level for {gap}, between {lower.id} and {higher.id}. Close the gap."


def _band_range(instrument: Instrument) -> Iterator[str]:
    (low, high), lowest, highest = attainable(instrument), instrument.bands[0], instrument.bands[-1]
    if lowest.first != low:
        yield f"bands.{lowest.id}.from: got {lowest.first}, expected {low}, the least score there can be."
    if highest.last != high:
        yield f"bands.{highest.id}.to: got {highest.last}, expected {high}, the greatest score there can be."


def attainable(instrument: Instrument) -> tuple[int, int]:
    """Return the least and the greatest score that any answers can give, after groups and caps."""
    return _total(instrument, 0), _total(instrument, -1)


def _total(instrument: Instrument, end: int) -> int:
    points = {item.id: item.options[end].points for item in instrument.items}
    for group in instrument.groups:
        members = [points.pop(member) for member in group.items]
        bonus = group.bonus if sum(value > 0 for value in members) >= 2 else 0
        points[group.items[0]] = max(members) + bonus  # the group's value, at the place of its first member
    for cap in instrument.caps:
        under = sum(points.pop(member, 0) for member in cap.items)
        points[cap.items[0]] = min(under, cap.most)
    return sum(points.values())


def _frame(instrument: Instrument) -> Iterator[str]:
    for need in instrument.lowest_level.needs:
        item = instrument.by_id.get(need.item)
        if item is None:
            yield f"lowest_level.needs: {_unknown(need.item, instrument.by_id)}"
        elif item.private:
            yield f"lowest_level.needs.{need.item}: private. It may not change a result that others see."
        elif need.option != item.codes[0]:
            least = item.codes[0]
            yield f"lowest_level.needs.{need.item}: got {need.option}, expected its least risky option, {least}."
    work_as, higher = instrument.lowest_level.work_as, instrument.levels[1:]
    if work_as not in higher:
        yield f"lowest_level.work_as: got {work_as}, expected one of {', '.join(higher)}."
    for asked in instrument.always_ask:
        if asked not in instrument.by_id:
            yield f"always_ask: {_unknown(asked, instrument.by_id)}"
    expected = {*instrument.levels, UNDETERMINED}
    if set(instrument.review_within_days) != expected:
        yield f"review_within_days: expected a number of days for each of {', '.join(sorted(expected))}."


def _sources(instrument: Instrument) -> Iterator[str]:
    declared = {source.id for source in instrument.sources}
    for item in instrument.items:
        if item.is_scored and item.source is None:
            yield f"items.{item.id}: has points but no source. Name one of [[sources]]."
        elif item.source is not None and item.source not in declared:
            yield f"items.{item.id}.source: {_unknown(item.source, declared)}"
    for rule in instrument.rules:
        for source in rule.sources:
            if source not in declared and not is_study(source):
                yield f"rules.{rule.id}.sources: {_unknown(source, declared)}"


def is_study(source: str) -> bool:
    """Whether a source names a row of the evidence table (E09, E140a) and not one of the instrument's own sources."""
    return source[:1] == "E" and source[1:2].isdigit()


def _unknown(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"{name} is not there" + (f" (did you mean {near}?)." if near else ". Add it, or name another.")
