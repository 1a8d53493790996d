"""Random sound instruments and random answer sheets, from any source of random numbers with random.Random's methods."""

from __future__ import annotations

import json

from dvrisk.schema import Instrument
from dvrisk.soundness import attainable, breaches

WORDS = ["none", "some", "more", "most"]


def instrument(source, most_items: int = 6) -> Instrument:
    """A random definition with options, groups, caps, rules, gates and one-way items, sound by construction."""
    n_items = source.randint(2, most_items)
    items = [_item(source, f"item-{number}") for number in range(n_items)]
    ids = [item["id"] for item in items]
    source.shuffle(ids)
    groups, caps = _overlaps(source, items, ids)
    raw = {
        "id": "made",
        "version": "1.0",
        "status": "unvalidated",
        "target": "nothing",
        "rights": {"licence": "CC0-1.0", "holder": "nobody", "status": "own"},
        "sources": [{"id": "made", "citation": "made at random"}],
        "items": _gated(source, items),
        "groups": groups,
        "caps": caps,
        "rules": [],
        "bands": [{"id": "low", "from": 0, "to": 0}, {"id": "high", "from": 1, "to": 1}],
        "lowest_level": {"work_as": "high", "needs": []},
        "review_within_days": {"low": 3, "high": 1, "undetermined": 2},
    }
    low, high = attainable(_read(raw))
    names = ["low", "moderate", "high"] if high - low >= 2 and source.random() < 0.8 else ["low", "high"]
    if high == low:
        return instrument(source, most_items)
    cuts = sorted(source.sample(range(low + 1, high + 1), len(names) - 1))
    starts = [low, *cuts]
    ends = [cut - 1 for cut in cuts] + [high]
    raw["bands"] = [{"id": n, "from": a, "to": b} for n, a, b in zip(names, starts, ends, strict=True)]
    raw["lowest_level"]["work_as"] = names[1]
    raw["review_within_days"] = dict.fromkeys([*names, "undetermined"], 7)
    raw["rules"] = [_rule(source, number, items, names) for number in range(source.randint(0, 4))]
    if source.random() < 0.3:  # a level above the bands that rules alone reach
        raw["rule_levels"] = [{"id": "by-rule"}]
        raw["rules"].append(_rule(source, 9, items, ["by-rule"]) | {"floor": "by-rule"})
        raw["rules"][-1].pop("raise", None)
        raw["review_within_days"]["by-rule"] = 7
    if source.random() < 0.5:
        raw["missing_rule"] = {"kind": "as no", "basis": "assumed", "source": "made"}
        if low >= 0 and all(option["points"] >= 0 for item in items for option in item["options"]):
            raw["missing_rule"] |= source.choice([{}, {"kind": "prorate", "most": source.randint(0, 3)}])
    made = _read(raw)
    assert breaches(made) == [], breaches(made)
    return made


def sheet(source, instrument: Instrument, open_share: float | None = None) -> dict[str, str]:
    """A random answer sheet: options, open states, and sometimes no entry at all."""
    share = source.random() if open_share is None else open_share
    codes = {}
    for item in instrument.items:
        if source.random() >= share:
            codes[item.id] = source.choice(item.codes)
        elif source.random() < 0.8:
            codes[item.id] = source.choice(["unknown", "declined", "not_asked"])
    return codes


def _read(raw: dict) -> Instrument:
    return Instrument.model_validate_json(json.dumps(raw))


def _item(source, name: str) -> dict:
    n_options = source.randint(2, 4)
    points = sorted(source.choice([0, 0, 0, 1, 1, 2, 3, -2]) for _ in range(n_options))
    one_way = source.random() < 0.3
    if one_way:
        points = [0, *sorted(max(0, value) for value in points[1:])]
    return {
        "id": name,
        "area": "made",
        "look_back": "ever",
        "nature": "static",
        "who_knows": [],
        "burden": source.randint(1, 3),
        "one_way": one_way,
        "weight": {"from": "none", "why": "made"},
        "source": "made",
        "share_percent": {"low": 1, "moderate": 2, "high": source.randint(0, 100), "from": "made"},
        "options": [{"code": code, "points": value} for code, value in zip(WORDS, points, strict=False)],
    }


def _gated(source, items: list[dict]) -> list[dict]:
    gate = items[0]
    return [
        item | {"applies_if": {"item": gate["id"], "at_least": gate["options"][1]["code"]}}
        if item is not gate and source.random() < 0.15
        else item
        for item in items
    ]


def _overlaps(source, items: list[dict], ids: list[str]) -> tuple[list[dict], list[dict]]:
    allowed = [
        i for i in ids if all(option["points"] >= 0 for item in items if item["id"] == i for option in item["options"])
    ]
    groups, caps = [], []
    if len(allowed) >= 2 and source.random() < 0.6:
        groups.append({"id": "group", "items": allowed[:2], "bonus": source.randint(0, 2)})
    if len(allowed) >= 3 and source.random() < 0.5:
        start = 0 if source.random() < 0.5 else 2
        members = allowed[start:4] if not groups or start == 0 else allowed[2:]
        if len(members) >= 2:
            caps.append({"id": "cap", "items": members, "most": source.randint(1, 4)})
    return groups, caps


def _rule(source, number: int, items: list[dict], names: list[str]) -> dict:
    effect = {"floor": source.choice(names[1:] or names)} if source.random() < 0.7 else {"raise": source.randint(1, 2)}
    return {
        "id": f"rule-{number}",
        "basis": "consensus",
        "sources": ["made"],
        "when": _condition(source, items, 2),
        **effect,
    }


def _condition(source, items: list[dict], depth: int) -> dict:
    if depth == 0 or source.random() < 0.4:
        item = source.choice(items)
        option = source.choice(item["options"][1:])
        return {"item": item["id"], "at_least": option["code"]}
    parts = [_condition(source, items, depth - 1) for _ in range(source.randint(1, 3))]
    form = source.choice(["all", "any", "of"])
    return {"count": source.randint(1, len(parts)), "of": parts} if form == "of" else {form: parts}
