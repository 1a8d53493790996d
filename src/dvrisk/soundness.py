"""What must hold between the fields of a definition, so that the laws of scoring hold for every answer sheet.

Each check yields one finding per breach. Loading refuses a definition that has any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from dvrisk.errors import nearest
from dvrisk.findings import Finding, breach
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


def breaches(instrument: Instrument) -> list[Finding]:
    """List everything that keeps a well-formed definition from being sound; an empty list means it is."""
    duplicated = list(_duplicate_ids(instrument))
    if duplicated:  # the other checks look things up by id
        return duplicated
    checks = (_items, _gates, _groups, _caps, _conditions, _rules, _bands, _frame, _critical, _missing, _sources)
    found = [finding for check in checks for finding in check(instrument)]
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


def _duplicate_ids(instrument: Instrument) -> Iterator[Finding]:
    for kind in ("items", "groups", "caps", "rules", "warnings", "sources"):
        yield from _repeated(kind, (entry.id for entry in getattr(instrument, kind)))
    yield from _repeated("bands", instrument.levels)
    for item in instrument.items:
        yield from _repeated(f"items.{item.id}.options", item.codes)


def _repeated(where: str, ids: Iterable[str]) -> Iterator[Finding]:
    for repeated, times in Counter(ids).items():
        if times > 1:
            yield breach("no-duplicate-id", where, f"{repeated} stands {times} times", "Keep one")


def _items(instrument: Instrument) -> Iterator[Finding]:
    for item in instrument.items:
        where = f"items.{item.id}"
        for code in item.codes:
            if code in OPEN_STATES or code == NOT_APPLICABLE:
                what = f"{code} is a state of every item, not an option"
                yield breach("states-not-scored", where, what, "Remove it; it carries no points")
        for lower, higher in pairwise(item.options):
            if higher.points < lower.points:
                what = f"points fall from {lower.code} ({lower.points}) to {higher.code} ({higher.points})"
                todo = "Order the options from least to most risky, with points that never fall"
                yield breach("points-match-direction", where, what, todo)
        if item.one_way and item.options[0].points:
            what = "one_way, but its first option has points"
            yield breach("one-way-starts-at-zero", where, what, f"Give {item.codes[0]} 0 points")
        if item.private and item.is_scored:
            what = "private, but it has points"
            yield breach("private-stays-private", where, what, "Needs are recorded, never scored; give it 0 points")
        if item.worth and len(item.worth) != len(item.options):
            what = f"got {len(item.worth)} entries, expected one for each of {', '.join(item.codes)}"
            yield breach("ids-resolve", f"{where}.worth", what, "Correct the list")
        if item.undated and item.undated not in item.codes:
            what = f"{item.undated} is not one of its options ({', '.join(item.codes)})"
            yield breach("ids-resolve", f"{where}.undated", what, "Name one of them")


def _gates(instrument: Instrument) -> Iterator[Finding]:
    for item in instrument.items:
        if item.applies_if is None:
            continue
        where = f"items.{item.id}.applies_if"
        yield from _atom(instrument, where, item.applies_if)
        gate = instrument.by_id.get(item.applies_if.item)
        if gate is not None and gate.applies_if is not None:
            what = f"{gate.id} itself depends on another item"
            yield breach("gates-stand-alone", where, what, "Name an item that is always asked")


def _groups(instrument: Instrument) -> Iterator[Finding]:
    yield from _members("groups", instrument, [(group.id, group.items) for group in instrument.groups])


def _caps(instrument: Instrument) -> Iterator[Finding]:
    yield from _members("caps", instrument, [(cap.id, cap.items) for cap in instrument.caps])
    for cap in instrument.caps:
        for group in instrument.groups:
            inside = set(cap.items) & set(group.items)
            if inside and inside != set(group.items):
                what = f"holds a part of group {group.id}"
                todo = "Put all of the group under the cap, or none"
                yield breach("groups-before-caps", f"caps.{cap.id}", what, todo)


def _members(kind: str, instrument: Instrument, sets: list[tuple[str, tuple[str, ...]]]) -> Iterator[Finding]:
    for set_id, members in sets:
        yield from _repeated(f"{kind}.{set_id}", members)
        for member in members:
            item = instrument.by_id.get(member)
            if item is None:
                yield _unknown(f"{kind}.{set_id}", member, instrument.by_id)
            elif min(option.points for option in item.options) < 0:
                what = f"{member} has negative points"
                yield breach("groups-before-caps", f"{kind}.{set_id}", what, "Keep it outside")
    belonging = Counter(member for _, members in sets for member in set(members))
    for member, times in belonging.items():
        if times > 1:
            what = f"{member} stands in {times} of them"
            yield breach("groups-before-caps", kind, what, "Keep it in one at most")


def _conditions(instrument: Instrument) -> Iterator[Finding]:
    for kind, entries in (("rules", instrument.rules), ("warnings", instrument.warnings)):
        for entry in entries:
            where = f"{kind}.{entry.id}.when"
            yield from _condition(instrument, where, entry.when)
            if kind == "rules" and any(isinstance(atom, Exactly) for atom in atoms(entry.when)):
                what = "a rule may not use 'is', or a riskier answer could lower the level"
                yield breach("rules-only-raise", where, what, "Use at_least")


def _condition(instrument: Instrument, where: str, condition: Condition) -> Iterator[Finding]:
    if isinstance(condition, AtLeast | Exactly):
        yield from _atom(instrument, where, condition)
        return
    if isinstance(condition, CountOf) and condition.count > len(condition.of):
        what, todo = f"asks for {condition.count} of {len(condition.of)}", f"Ask for at most {len(condition.of)}"
        yield breach("rules-can-hold", where, what, todo)
    for part in parts(condition):
        yield from _condition(instrument, where, part)


def _atom(instrument: Instrument, where: str, atom: AtLeast | Exactly) -> Iterator[Finding]:
    item = instrument.by_id.get(atom.item)
    option = atom.at_least if isinstance(atom, AtLeast) else atom.option
    if item is None:
        yield _unknown(where, atom.item, instrument.by_id)
    elif option not in item.codes:
        what, todo = f"{option} is not an option of {item.id}", f"Expected one of {', '.join(item.codes)}"
        yield breach("ids-resolve", where, what, todo)
    elif isinstance(atom, AtLeast) and option == item.codes[0]:
        what, todo = f"{item.id} is always at least {option}", f"Expected one of {', '.join(item.codes[1:])}"
        yield breach("rules-can-fail", where, what, todo)
    elif item.private:
        what = f"{item.id} is private"
        yield breach("private-stays-private", where, what, "It may not change a result that others see; leave it out")


def _rules(instrument: Instrument) -> Iterator[Finding]:
    for rule in instrument.rules:
        where = f"rules.{rule.id}"
        if (rule.floor is None) == (rule.raises is None):
            what = "expected either a floor or a raise, and only one of them"
            yield breach("rules-only-raise", where, what, "Remove or add one")
        if rule.floor is not None and rule.floor not in instrument.levels[1:]:
            what = f"got {rule.floor}, expected one of {', '.join(instrument.levels[1:])}"
            yield breach("ids-resolve", f"{where}.floor", what, "Name a level above the lowest")


def _bands(instrument: Instrument) -> Iterator[Finding]:
    if UNDETERMINED in instrument.levels:
        yield breach("bands-cover-range", f"bands.{UNDETERMINED}", "the name is taken", "Choose another")
    if len(instrument.levels) < 2:
        yield breach("bands-cover-range", "bands", "there is one level", "Add a band, or a level that rules reach")
    for level in instrument.rule_levels:
        if not any(rule.floor == level.id or rule.raises for rule in instrument.rules):
            what = "no rule reaches it"
            yield breach("bands-reachable", f"rule_levels.{level.id}", what, "Add a rule with this floor")
    for band in instrument.bands:
        if band.first > band.last:
            what = f"starts at {band.first} and ends at {band.last}"
            yield breach("bands-cover-range", f"bands.{band.id}", what, "Swap them")
    for lower, higher in pairwise(instrument.bands):
        if higher.first <= lower.last:
            ends = f"{lower.id} (to {lower.last}) and {higher.id} (from {higher.first})"
            yield breach("bands-cover-range", "bands", f"{ends} overlap", "Give each score one level")
        elif higher.first > lower.last + 1:
            gap = f"{lower.last + 1} to {higher.first - 1}"
            what = f"no level for {gap}, between {lower.id} and {higher.id}"
            yield breach("bands-cover-range", "bands", what, "Close the gap")


def _band_range(instrument: Instrument) -> Iterator[Finding]:
    (low, high), lowest, highest = attainable(instrument), instrument.bands[0], instrument.bands[-1]
    if lowest.first != low:
        what = f"got {lowest.first}, expected {low}, the least score there can be"
        yield breach("bands-cover-range", f"bands.{lowest.id}.from", what, "Correct the number")
    if highest.last != high:
        what = f"got {highest.last}, expected {high}, the greatest score there can be"
        yield breach("bands-cover-range", f"bands.{highest.id}.to", what, "Correct the number")


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


def _frame(instrument: Instrument) -> Iterator[Finding]:
    for need in instrument.lowest_level.needs:
        item = instrument.by_id.get(need.item)
        if item is None:
            yield _unknown("lowest_level.needs", need.item, instrument.by_id)
        elif item.private:
            todo = "It may not change a result that others see; leave it out"
            yield breach("private-stays-private", f"lowest_level.needs.{need.item}", "private", todo)
        elif need.option != item.codes[0]:
            least = item.codes[0]
            what = f"got {need.option}, expected its least risky option, {least}"
            yield breach("lowest-level-is-earned", f"lowest_level.needs.{need.item}", what, "Correct the option")
    work_as, higher = instrument.lowest_level.work_as, instrument.levels[1:]
    if work_as not in higher:
        what = f"got {work_as}, expected one of {', '.join(higher)}"
        yield breach("lowest-level-is-earned", "lowest_level.work_as", what, "Name a level above the lowest")
    for asked in instrument.always_ask:
        if asked not in instrument.by_id:
            yield _unknown("always_ask", asked, instrument.by_id)
    expected = {*instrument.levels, UNDETERMINED}
    if set(instrument.review_within_days) != expected and not (
        instrument.published and not instrument.review_within_days
    ):
        what = f"expected a number of days for each of {', '.join(sorted(expected))}"
        yield breach("ids-resolve", "review_within_days", what, "Add or remove what differs")


def _critical(instrument: Instrument) -> Iterator[Finding]:
    if instrument.critical is None:
        return
    higher = instrument.levels[1:]
    for named in instrument.critical.items:
        if named not in instrument.by_id:
            yield _unknown("critical.items", named, instrument.by_id)
    if instrument.critical.reach not in higher:
        what = f"got {instrument.critical.reach}, expected one of {', '.join(higher)}"
        yield breach("ids-resolve", "critical.reach", what, "Name a level above the lowest")


def _missing(instrument: Instrument) -> Iterator[Finding]:
    rule = instrument.missing_rule
    if rule is None:
        return
    for item in rule.unless_all_open:
        if item not in instrument.by_id:
            yield _unknown("missing_rule.unless_all_open", item, instrument.by_id)
    if (rule.most is not None) != (rule.kind == "prorate"):
        what = f"{rule.kind} {'needs a' if rule.most is None else 'has no'} limit of missing answers"
        yield breach("missing-rule-whole", "missing_rule.most", what, "Prorating needs one; counting as no has none")
    if bool(rule.unless_all_open) != bool(rule.then) or rule.then in instrument.levels:
        what = "unless_all_open and then belong together, and then names no level"
        yield breach("missing-rule-whole", "missing_rule.then", what, "Add or remove what differs")
    if rule.kind == "prorate" and min(option.points for item in instrument.items for option in item.options) < 0:
        what = "an item has negative points, which can't be prorated"
        yield breach("missing-rule-whole", "missing_rule", what, "Leave the rule out")


def _sources(instrument: Instrument) -> Iterator[Finding]:
    declared = {source.id for source in instrument.sources}
    for item in instrument.items:
        if item.is_scored and item.source is None:
            what = "has points but no source"
            yield breach("every-weight-cited", f"items.{item.id}", what, "Name one of [[sources]]")
        elif item.source is not None and item.source not in declared:
            yield _unknown(f"items.{item.id}.source", item.source, declared, rule="every-weight-cited")
    if instrument.missing_rule is not None and instrument.missing_rule.source not in declared:
        yield _unknown("missing_rule.source", instrument.missing_rule.source, declared, rule="every-weight-cited")
    for rule in instrument.rules:
        for source in rule.sources:
            if source not in declared and not is_study(source):
                yield _unknown(f"rules.{rule.id}.sources", source, declared, rule="every-weight-cited")


def is_study(source: str) -> bool:
    """Whether a source names a row of the evidence table (E09, E140a) and not one of the instrument's own sources."""
    return source[:1] == "E" and source[1:2].isdigit()


def _unknown(where: str, name: str, known: Iterable[str], rule: str = "ids-resolve") -> Finding:
    near = nearest(name, known)
    hint = f" (did you mean {near}?)" if near else ""
    return breach(rule, where, f"{name} is not there{hint}", "Add it, or name another")
