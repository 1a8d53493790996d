"""A plain scorer, written from the prose of the laws and sharing no code with the engine. Slow, and meant to stay so."""

from __future__ import annotations

from itertools import product

from dvrisk.schema import AllOf, AnyOf, AtLeast, Instrument

OPEN = ("not_asked", "unknown", "declined")


def scored(instrument: Instrument, codes: dict[str, str], without: str | None = None) -> tuple[int, int]:
    """Score and level (as a rank) of a sheet in which every item is answered; `without` one item, as if it weren't there."""
    points = {}
    for item in instrument.items:
        if item.id != without:
            points[item.id] = {option.code: option.points for option in item.options}[codes[item.id]]
    total, grouped = 0, set()
    capped = {member: cap.id for cap in instrument.caps for member in cap.items}
    under = {cap.id: 0 for cap in instrument.caps}
    for group in instrument.groups:
        members = [points[member] for member in group.items if member in points]
        grouped |= set(group.items)
        value = max(members, default=0) + (group.bonus if len([p for p in members if p > 0]) >= 2 else 0)
        if group.items[0] in capped:
            under[capped[group.items[0]]] += value
        else:
            total += value
    for item_id, value in points.items():
        if item_id in grouped:
            continue
        if item_id in capped:
            under[capped[item_id]] += value
        else:
            total += value
    for cap in instrument.caps:
        total += min(under[cap.id], cap.most)
    present = {key: code for key, code in codes.items() if key != without}
    return total, _rank(instrument, total, present)


def _rank(instrument: Instrument, score: int, codes: dict[str, str]) -> int:
    rank = 0
    for position, band in enumerate(instrument.bands):
        if score >= band.first:
            rank = position
    levels = [band.id for band in instrument.bands] + [level.id for level in instrument.rule_levels]
    fired = [rule for rule in instrument.rules if true(rule.when, codes, instrument)]
    for rule in fired:
        if rule.floor:
            rank = max(rank, levels.index(rule.floor))
    rank += sum(rule.raises for rule in fired if rule.raises)
    return min(rank, len(levels) - 1)


def true(condition, codes: dict[str, str], instrument: Instrument) -> bool:
    if isinstance(condition, AtLeast):
        if condition.item not in codes:
            return False
        order = [option.code for item in instrument.items if item.id == condition.item for option in item.options]
        return order.index(codes[condition.item]) >= order.index(condition.at_least)
    if isinstance(condition, AllOf):
        return all(true(part, codes, instrument) for part in condition.all)
    if isinstance(condition, AnyOf):
        return any(true(part, codes, instrument) for part in condition.any)
    return sum(true(part, codes, instrument) for part in condition.of) >= condition.count


def open_items(instrument: Instrument, codes: dict[str, str]) -> list[str]:
    """The items whose answer is open and that no answered gate closes."""
    return [
        item.id
        for item in instrument.items
        if codes.get(item.id, "not_asked") in OPEN and not _closed(instrument, item, codes)
    ]


def completions(instrument: Instrument, codes: dict[str, str]):
    """Every sheet that answers all open items, as full sheets; closed items count as least risky."""
    open_ = open_items(instrument, codes)
    options = {item.id: [option.code for option in item.options] for item in instrument.items}
    base = {key: codes[key] if codes.get(key) in options[key] else options[key][0] for key in options}
    for chosen in product(*(options[key] for key in open_)):
        yield base | dict(zip(open_, chosen, strict=True))


def bounds(instrument: Instrument, codes: dict[str, str]) -> tuple[int, int, int, int]:
    """Least and greatest score, least and greatest level, by trying every completion."""
    results = [scored(instrument, sheet) for sheet in completions(instrument, codes)]
    scores, ranks = [score for score, _ in results], [rank for _, rank in results]
    return min(scores), max(scores), min(ranks), max(ranks)


def deciding(instrument: Instrument, codes: dict[str, str]) -> set[str]:
    """The open items for which some completion of the others makes their answer change the level."""
    ends = {item.id: (item.options[0].code, item.options[-1].code) for item in instrument.items}
    sheets = list(completions(instrument, codes))
    return {
        key
        for key in open_items(instrument, codes)
        for least, most in [ends[key]]
        if any(
            scored(instrument, sheet)[1] != scored(instrument, sheet | {key: most})[1]
            for sheet in sheets
            if sheet[key] == least
        )
    }


def _closed(instrument: Instrument, item, codes: dict[str, str]) -> bool:
    if item.applies_if is None:
        return False
    gate = next(other for other in instrument.items if other.id == item.applies_if.item)
    order = [option.code for option in gate.options]
    answer = codes.get(gate.id)
    return answer in order and order.index(answer) < order.index(item.applies_if.at_least)
