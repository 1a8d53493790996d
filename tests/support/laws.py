"""The laws of the contract, each as a check of one sheet on one scorer. A check raises AssertionError where it is broken."""

from __future__ import annotations

import json

import plain

from dvrisk.answers import closed_by_gate
from dvrisk.assessment import Assessment
from dvrisk.schema import UNDETERMINED
from dvrisk.scoring import Scorer

ENDS = ("level_low", "level_high", "score_low", "score_high")
OPEN = plain.OPEN


def assessed(scorer: Scorer, codes: dict[str, str]) -> Assessment:
    return Assessment(scorer, scorer.outcome(codes))


def ends(scorer: Scorer, codes: dict[str, str]) -> dict[str, int]:
    _, low, high = scorer.outcome(codes)
    return {"level_low": low.rank, "level_high": high.rank, "score_low": low.score, "score_high": high.score}


def law_1_a_riskier_answer_never_lowers(scorer: Scorer, codes: dict[str, str], source) -> None:
    answered = [item for item in scorer.instrument.items if codes.get(item.id) in item.codes[:-1]]
    if answered:
        item = source.choice(answered)
        riskier = source.choice(item.codes[item.codes.index(codes[item.id]) + 1 :])
        before, after = ends(scorer, codes), ends(scorer, codes | {item.id: riskier})
        assert all(after[end] >= before[end] for end in ENDS), (item.id, before, after)


def law_2_an_open_state_never_narrows(scorer: Scorer, codes: dict[str, str], source) -> None:
    """Except where the answer contradicts its gate: it stands as answered, and is closed by the gate once it is open."""
    instrument = scorer.instrument
    answered = [
        item
        for item in instrument.items
        if codes.get(item.id) in item.codes and not closed_by_gate(item, codes, instrument)
    ]
    if answered:
        item = source.choice(answered)
        known, opened = ends(scorer, codes), ends(scorer, codes | {item.id: source.choice(OPEN)})
        assert opened["level_high"] >= known["level_high"], item.id
        assert opened["score_high"] >= known["score_high"], item.id
        assert opened["level_low"] <= known["level_low"], item.id
        assert opened["score_low"] <= known["score_low"], item.id


def law_3_the_bounds_are_least_and_greatest(scorer: Scorer, codes: dict[str, str], source) -> None:
    """Every completion lies within the bounds, and the two extreme ones reach them."""
    instrument, found = scorer.instrument, ends(scorer, codes)
    open_ = [instrument.by_id[key] for key in plain.open_items(instrument, codes)]
    base = {item.id: codes[item.id] if codes.get(item.id) in item.codes else item.codes[0] for item in instrument.items}
    least = plain.scored(instrument, base | {item.id: item.codes[0] for item in open_})
    most = plain.scored(instrument, base | {item.id: item.codes[-1] for item in open_})
    assert (found["score_low"], found["level_low"]) == least
    assert (found["score_high"], found["level_high"]) == most
    for _ in range(3):
        score, rank = plain.scored(instrument, base | {item.id: source.choice(item.codes) for item in open_})
        assert found["score_low"] <= score <= found["score_high"]
        assert found["level_low"] <= rank <= found["level_high"]


def law_4_contributions_add_up(scorer: Scorer, codes: dict[str, str], source) -> None:
    a = assessed(scorer, codes)
    assert sum(row.low for row in a.contributions) == a.score_low
    assert sum(row.high for row in a.contributions) == a.score_high
    assert all(row.low <= row.high for row in a.contributions if row.kind == "item")


def law_5_a_level_names_its_reasons(scorer: Scorer, codes: dict[str, str], source) -> None:
    a = assessed(scorer, codes)
    levels = scorer.instrument.levels
    if a.level == UNDETERMINED:
        assert a.undetermined_because
        assert a.settled or a.ask_next
    elif a.level == levels[0]:
        assert a.settled
        assert not a.ask_next
    else:
        least = {item.id: item.options[0].points for item in scorer.instrument.items}
        assert a.rules or any(row.kind == "item" and row.low > least[row.id] for row in a.contributions)
    if a.rules:
        assert a.rules[-1].level_after == a.level_low
        assert all(rule.facts for rule in a.rules)


def law_6_a_one_way_item_never_lowers(scorer: Scorer, codes: dict[str, str], source) -> None:
    one_way = [item for item in scorer.instrument.items if item.one_way]
    if one_way:
        item = source.choice(one_way)
        full = {
            each.id: codes[each.id] if codes.get(each.id) in each.codes else source.choice(each.codes)
            for each in scorer.instrument.items
        }
        full[item.id] = item.codes[0]
        found = ends(scorer, full)
        without = plain.scored(scorer.instrument, full, without=item.id)
        assert (found["score_low"], found["level_low"]) == without, item.id


def law_7_the_same_bytes(scorer: Scorer, codes: dict[str, str], source) -> None:
    """In any order of the answers, and freshly compiled. `test_the_same_bytes_in_every_process` compares processes."""
    shuffled = list(codes.items())
    source.shuffle(shuffled)
    other = Scorer(scorer.instrument) if source.random() < 0.05 else scorer  # compiling takes long
    assert _bytes(assessed(scorer, codes)) == _bytes(assessed(other, dict(shuffled)))


def _bytes(a: Assessment) -> bytes:
    parts = [a.level, a.level_low, a.level_high, a.score_low, a.score_high, a.states, a.contributions, a.rules]
    return json.dumps([*parts, [question.to_dict() for question in a.ask_next], a.warnings]).encode()


LAWS = [check for name, check in sorted(globals().items()) if name.startswith("law_")]
