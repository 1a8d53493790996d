"""One case, many instruments: what feeds what, and what can't be true together."""

from random import Random

import made
import pytest
import shipped

from dvrisk import (
    AnswerError,
    DataError,
    InstrumentError,
    UnknownInstrumentError,
    assess,
    assess_all,
    contradictions,
    load_instrument,
)
from dvrisk.catalog import item_bank
from dvrisk.facts import answers_for
from dvrisk.reasons import contradictory_pairs

EVERY = {"allow_draft": True, "training_confirmed": [ref.split("@")[0] for ref in shipped.PUBLISHED]}


def test_only_the_same_fact_feeds_a_published_instrument():
    """A wider, a narrower or a differently dated fact leaves the item open, whatever it says."""
    for ref in shipped.PUBLISHED:
        instrument = load_instrument(ref)
        for end in (0, -1):
            facts = {name: entry["options"][end] for name, entry in item_bank().items()}
            fed = set(answers_for(instrument, facts))
            same = {item.id for item in instrument.items if item.rests_on and item.rests_on.match == "same"}
            assert fed == same | {item.id for item in instrument.items if item.id in item_bank()}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"firearm_used_or_threatened": "yes"}, "yes"),
        ({"firearm_used_or_threatened": "no", "weapon_other_used_or_threatened": "no"}, "no"),
        ({"firearm_used_or_threatened": "no"}, None),
        ({"firearm_used_or_threatened": "no", "weapon_other_used_or_threatened": "unknown"}, "unknown"),
        ({"firearm_used_or_threatened": "no", "weapon_other_used_or_threatened": "declined"}, "declined"),
        ({"firearm_used_or_threatened": True}, "yes"),
        ({"firearm_used_or_threatened": {"answer": "yes", "source": "police"}}, "yes"),
        ({}, None),
    ],
)
def test_two_facts_feed_one_item(facts, expected):
    """On the made-up rule that either weapon is the same fact as the item."""
    instrument = load_instrument("lap")
    item = instrument.by_id["weapon_in_attack_or_threat"]
    same = item.model_copy(update={"rests_on": item.rests_on.model_copy(update={"match": "same"})})
    made_up = instrument.model_copy(update={"items": (same, *instrument.items[1:])})
    made_up.__dict__.pop("by_id", None)
    assert answers_for(made_up, facts).get("weapon_in_attack_or_threat") == expected


@pytest.mark.parametrize(
    ("item", "facts", "expected"),
    [
        ("owns_a_gun", {"firearm_owned": "possible"}, "unknown"),
        ("threats_to_kill_her", {"threat_to_kill": "vague"}, "unknown"),
        ("threats_to_kill_her", {"threat_to_kill": "explicit_past"}, "yes"),
        ("controls_most_activities", {"control_of_daily_life": "most"}, None),
        ("owns_a_gun", {"firearm_owned": "yes", "owns_a_gun": "unknown"}, "yes"),
        ("believes_capable_of_killing", {"victim_believes_could_kill": "unsure"}, "unknown"),
        ("without_work", {"unemployed": "yes"}, None),
    ],
)
def test_an_answer_between_yes_and_no_stays_open(item, facts, expected):
    assert answers_for(load_instrument("danger-assessment"), facts).get(item) == expected


def test_an_answer_on_the_form_itself_comes_before_shared_facts():
    facts = {"firearm_owned": "yes", "owns_a_gun": "no"}
    assert answers_for(load_instrument("danger-assessment"), facts) == {"owns_a_gun": "no"}


def test_every_instrument_gives_what_assess_gives_and_the_order_of_facts_does_not_matter():
    source = Random(3)
    for _ in range(200):
        facts = {
            name: source.choice([*entry["options"], "unknown"])
            for name, entry in item_bank().items()
            if source.random() < 0.4
        }
        facts.pop("threat_to_children", None)
        results = assess_all(facts, **EVERY)
        for ref, result in results.items():
            instrument = load_instrument(ref)
            assert result == assess(answers_for(instrument, facts), instrument, **shipped.LEAVE)
        shuffled = list(facts.items())
        source.shuffle(shuffled)
        assert {ref: a.to_json() for ref, a in assess_all(dict(shuffled), **EVERY).items()} == {
            ref: a.to_json() for ref, a in results.items()
        }


def test_a_fact_that_feeds_one_instrument_changes_no_other():
    """Adding a fact that an instrument does not ask, and that feeds none of its items, leaves its result as it was."""
    base = {"strangulation": "yes", "firearm_owned": "no"}
    for name, entry in item_bank().items():
        if name in base:
            continue
        more = base | {name: entry["options"][-1]}
        for ref, before in assess_all(base, **EVERY).items():
            instrument = load_instrument(ref)
            feeds = {fact.item for item in instrument.items if item.rests_on for fact in item.rests_on.facts}
            wider = {narrower for item in instrument.items for narrower in item.wider_than}
            if name not in instrument.by_id and name not in feeds | wider:
                assert assess_all(more, **EVERY)[ref] == before


def test_work_poverty_family_form_and_the_rest_never_change_a_result_of_ours():
    base = {"threat_to_kill": "vague", "separation": "undated"}
    for swapped in ({"unemployed": "yes"}, {"stepchild_in_home": "yes"}):
        for ref, a in assess_all(base | swapped).items():
            if ref in shipped.OWN:
                before = assess_all(base)[ref]
                assert (a.score_low, a.score_high, a.level, a.level_high) == (
                    before.score_low,
                    before.score_high,
                    before.level,
                    before.level_high,
                )


def test_drafts_and_what_asks_for_training_come_only_when_that_is_stated():
    facts = {"strangulation": "yes", "firearm_owned": "yes", "threat_to_kill": "explicit_recent"}
    plain = set(assess_all(facts))
    assert "lap@1.0" in plain
    assert not {"lap-2@1.0", "danger-assessment@1.0"} & plain
    assert "lap-2@1.0" in assess_all(facts, allow_draft=True)
    assert "danger-assessment@1.0" not in assess_all(facts, allow_draft=True)
    assert "danger-assessment@1.0" in assess_all(facts, allow_draft=True, training_confirmed=["danger-assessment"])


def test_a_missing_confirmation_a_draft_and_a_stub_say_what_to_do():
    with pytest.raises(InstrumentError, match="training_confirmed=True"):
        assess({}, "odara", allow_draft=True)
    with pytest.raises(InstrumentError, match="allow_draft=True"):
        assess({}, "odara", training_confirmed=True)
    with pytest.raises(UnknownInstrumentError, match="named and not shipped: `dvrisk show epv`"):
        assess({}, "epv")


def test_the_record_keeps_the_confirmation():
    a = assess({}, "odara", **shipped.LEAVE)
    assert a.to_dict()["training_confirmed"] is True
    assert assess({}, "lap").to_dict()["training_confirmed"] is None
    assert assess({}, "integrated", training_confirmed=True).training_confirmed is None


def test_an_unknown_fact_is_refused():
    with pytest.raises(AnswerError, match=r"did you mean strangulation\?"):
        assess_all({"strangulaton": "yes"})


@pytest.mark.parametrize("pair", contradictory_pairs(), ids=lambda pair: f"{pair.first.item}-{pair.second.item}")
def test_each_contradiction_is_found_and_its_absence_is_not(pair):
    facts = {part.item: part.among[0] for part in (pair.first, pair.second)}
    assert [warn.items for warn in contradictions(facts)] == [(pair.first.item, pair.second.item)]
    for part in (pair.first, pair.second):
        options = item_bank()[part.item]["options"]
        assert set(part.among) <= set(options)
        other = next(code for code in options if code not in part.among)
        assert contradictions(facts | {part.item: other}) == ()
        assert contradictions(facts | {part.item: "unknown"}) == ()


def test_an_answer_on_a_form_that_differs_from_the_same_fact_is_named():
    facts = {"firearm_owned": "yes", "owns_a_gun": "no"}
    assert [warn.items for warn in contradictions(facts)] == [("owns_a_gun", "firearm_owned")]
    assert contradictions({"firearm_owned": "yes", "owns_a_gun": "unknown"}) == ()


@pytest.mark.parametrize("wrong", [None, "firearm_owned", ["x"]])
def test_what_is_no_mapping_is_refused(wrong):
    for call in (contradictions, assess_all):
        with pytest.raises(AnswerError, match="expected a mapping"):
            call(wrong)


@pytest.mark.parametrize("wrong", [True, "odara", ["odarra"]])
def test_a_confirmation_names_instruments(wrong):
    with pytest.raises(DataError, match="list of ids"):
        assess_all({}, training_confirmed=wrong)
    with pytest.raises(InstrumentError, match="True or False"):
        assess({}, "odara", allow_draft=True, training_confirmed="no")


def test_a_contradiction_is_a_warning_and_changes_no_level():
    facts = {"threat_to_kill": "none", "threat_with_condition": "yes"}
    a = assess(facts, "death-threats")
    assert ("contradiction", ("threat_to_kill", "threat_with_condition")) in {(w.code, w.items) for w in a.warnings}
    assert "contradict each other" in a.explain()


def test_random_instruments_keep_their_own_missing_rule_to_the_letter():
    source = Random(9)
    seen = set()
    for _ in range(400):
        instrument = made.instrument(source)
        sheet = made.sheet(source, instrument)
        a = assess(sheet, instrument)
        rule = instrument.missing_rule
        if rule is None:
            assert a.official is None
            continue
        scored = [item for item in instrument.items if item.is_scored]
        open_ = [item for item in scored if a.states[item.id] in ("unknown", "declined", "not_asked")]
        if rule.kind == "as no":
            assert a.official.score == a.score_low
            assert a.official.result == a.level_low
        else:
            answered = sum(item.options[-1].points for item in scored if item not in open_)
            whole = sum(item.options[-1].points for item in scored)
            if open_ and (len(open_) > rule.most or not answered):
                assert (a.official.scorable, a.official.score) == (False, None)
            else:
                scaled = int(a.score_low * whole / answered + 0.5) if open_ else a.score_low
                assert a.official.score == scaled
        seen.add((rule.kind, a.official.why))
    assert {("as no", "within the rule"), ("prorate", "within the rule"), ("prorate", "too many missing")} <= seen
