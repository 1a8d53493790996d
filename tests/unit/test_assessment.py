"""One call, one frozen result: what the contract promises of it."""

import json
import os
import pickle
import subprocess
import sys

import jsonschema
import pytest
import shipped

from dvrisk import (
    Assessment,
    DataError,
    InstrumentError,
    RecordError,
    assess,
    assess_all,
    load_instrument,
)
from dvrisk.facts import answers_for
from dvrisk.json_schema import answer_schema
from dvrisk.schema import Instrument

REFS = shipped.OWN
LEAST = {ref: {item.id: item.codes[0] for item in load_instrument(ref).items} for ref in shipped.EVERY}
REQUIRED = "this is not a finding that there is no danger and must not be used to refuse, shorten or end protection"


def test_the_two_calls_of_the_contract():
    assert assess({"firearm_owned": "yes", "threat_to_kill": "explicit_recent"}).level == "high"
    a = assess({"strangulation": "unknown"}, instrument="first-look")
    assert (a.level, a.at_least, a.missing["unknown"]) == ("undetermined", True, 1)


@pytest.mark.parametrize("ref", REFS)
def test_an_empty_sheet_is_undetermined_and_high_is_possible(ref):
    a = assess({}, ref)
    assert (a.level, a.work_as, a.level_low, a.level_high, a.settled) == (
        "undetermined",
        "moderate",
        "low",
        "high",
        False,
    )
    assert a.undetermined_because == ("open_answers", "asked_alone", "relationship")
    assert "Work as moderate; high is still possible." in a.explain()


@pytest.mark.parametrize("ref", REFS)
def test_everything_least_risky_and_asked_alone_is_low_with_the_required_sentence(ref):
    a = assess(LEAST[ref], ref)
    assert (a.level, a.settled, a.ask_next) == ("low", True, ())
    assert a.level_label().startswith("Basic level: ")
    assert REQUIRED in a.level_label()
    assert a.to_dict()["level_label"] == a.level_label()
    (line,) = [line for line in a.explain().splitlines() if line.startswith("Basic level")]
    assert REQUIRED in line


@pytest.mark.parametrize("ref", REFS)
@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ({"asked_alone": "no"}, "not_asked_alone"),
        ({"asked_alone": "unknown"}, None),
        ({"relationship": "other_family"}, "outside_population"),
        ({"relationship": "other_partners"}, "outside_population"),
        ({"relationship": None}, None),
    ],
)
def test_the_lowest_level_has_to_be_earned(ref, change, warning):
    a = assess(LEAST[ref] | change, ref)
    assert (a.level, a.settled, a.work_as) == ("undetermined", True, "moderate")
    assert a.undetermined_because == tuple(change)
    assert [w.code for w in a.warnings] == ([warning] if warning else [])
    assert "not a low level" in a.explain()


def test_outside_the_population_the_tool_may_still_raise():
    assert assess({"relationship": "other_family", "strangulation": "yes"}).level == "high"


AREAS = ("firearms", "death-threats", "stalking", "post-separation", "escalation")


@pytest.mark.parametrize("area", AREAS)
def test_the_lowest_level_of_one_area_says_that_the_others_were_not_asked(area):
    label = assess(LEAST[f"{area}@1.0"], area).level_label()
    assert label.startswith("Basic level: this area alone raises nothing; other areas were not asked; ")


def test_the_five_areas_ask_what_the_integrated_checklist_scores():
    asked = {item.id for area in AREAS for item in load_instrument(area).items if item.is_scored}
    assert asked == {item.id for item in load_instrument("integrated").items if item.is_scored}


def test_undated_counts_as_recent_and_says_so():
    a = assess({"threat_to_kill": "explicit_undated"})
    assert a.level == assess({"threat_to_kill": "explicit_recent"}).level == "high"
    assert "counted as recent because the date is not known" in a.explain()


def test_high_without_immediate_danger_asks_for_a_reason():
    answers = {"strangulation": "yes", "immediate_danger": "no"}
    assert [w.code for w in assess(answers).warnings] == ["high_without_immediate_danger"]
    assert assess(answers | {"immediate_danger": "yes"}).warnings == ()
    assert assess({"immediate_danger": "yes"}).level == "undetermined"


def test_swapping_what_is_context_never_changes_a_score():
    context = [item for item in load_instrument("integrated").items if item.area in ("context", "needs")]
    assert len(context) > 12
    for item in context:
        for code in item.codes:
            a, b = assess({"jealousy": "constant"}), assess({"jealousy": "constant", item.id: code})
            assert (a.score_low, a.score_high, a.level, a.level_high) == (
                b.score_low,
                b.score_high,
                b.level,
                b.level_high,
            )


def test_what_she_needs_and_her_suicidality_stay_out_of_records_and_explanations():
    private = {item.id: "yes" for item in load_instrument("integrated").items if item.private}
    with_it, without = assess({"strangulation": "yes"} | private), assess({"strangulation": "yes"})
    assert with_it.explain() == without.explain()
    assert with_it.to_json() == without.to_json()
    recorded = json.loads(with_it.to_json())
    assert set(recorded["answers"]) == {"strangulation"}
    assert not {action["id"] for action in recorded["actions"]} & {"victim_suicidality", "needs"}
    assert {action.id for action in with_it.private_actions} == {"victim_suicidality", "needs"}
    assert without.private_actions == ()


def test_a_result_cannot_be_changed():
    a = assess({})
    for name in ("level", "score_low", "settled", "anything"):
        with pytest.raises(AttributeError):
            setattr(a, name, "low")


@pytest.mark.parametrize("ref", shipped.EVERY)
def test_a_result_is_read_back_from_json(ref):
    some = {"strangulation": "yes", "threat_to_kill": "vague", "suicide_talk": "declined", "children": "no"}
    for answers in ({}, LEAST[ref], answers_for(load_instrument(ref), some)):
        private = {item.id for item in load_instrument(ref).items if item.private}
        a = assess({key: code for key, code in answers.items() if key not in private}, ref, **shipped.LEAVE)
        assert Assessment.from_json(a.to_json()) == a
        assert Assessment.from_json(a.to_json()).to_json() == a.to_json()
        assert pickle.loads(pickle.dumps(a)) == a


def test_a_record_that_does_not_follow_from_its_answers_is_refused():
    record = assess({"strangulation": "yes"}).to_dict()
    for change in ({"level": "low"}, {"score_low": 0}, {"answers": {}}, {"format": "x"}, {"instrument": None}):
        with pytest.raises(RecordError):
            Assessment.from_dict(record | change)
    with pytest.raises(RecordError, match="strangulation"):
        Assessment.from_dict(record | {"answers": {"strangulation": "maybe"}})
    with pytest.raises(RecordError, match="another text"):
        Assessment.from_dict(record | {"instrument": record["instrument"] | {"sha256": "0"}})
    with pytest.raises(RecordError, match="not readable"):
        Assessment.from_json("{")


def test_a_record_is_read_after_wording_and_engine_have_changed():
    record = assess({"strangulation": "yes"}).to_dict()
    later = record | {"engine": "9.9", "notice": "other words", "level_label": "other words", "actions": []}
    assert Assessment.from_dict(later) == assess({"strangulation": "yes"})


def test_a_jurisdiction_that_is_not_covered_is_refused():
    with pytest.raises(DataError, match="Expected one of RS, XK"):
        assess({}).explain(jurisdiction="rs")


def test_a_declined_item_is_listed_apart_and_not_asked_again_at_once():
    a = assess({"strangulation": "declined"}, "first-look")
    assert a.ask_next[-1].item == "strangulation"
    assert "strangulation" not in a.ask_always
    text = a.explain()
    assert text.count("Has he ever put pressure on her neck") == 1
    assert "Declined for now" in text


def test_a_level_by_points_says_so():
    a = assess(
        {"separation": "within_3_months", "breach_of_measure": "contact", "following_or_watching": "repeated"},
        "first-look",
    )
    assert (a.level, a.score_low) == ("high", 5)
    assert "By points: 5 gives high, which begins at 5." in a.explain()


def test_a_page_that_names_a_plan_to_leave_says_to_keep_it_from_him():
    for answers in ({"separation": "planned_or_announced"}, {"pregnant_now": "yes"}):
        assert "keep_out_of_his_reach" in {warning.code for warning in assess(answers).warnings}


def test_the_same_bytes_in_every_process():
    code = "import dvrisk; print(dvrisk.assess({'threat_to_kill': 'vague', 'jealousy': 'constant'}).to_json())"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(runs) == 1


def test_a_draft_scores_only_when_the_caller_says_so():
    shipped = load_instrument("first-look")
    draft: Instrument = shipped.model_copy(update={"status": "draft"})
    draft.__dict__.pop("sha256", None)
    with pytest.raises(InstrumentError, match="allow_draft=True"):
        assess({}, draft)
    assert assess({}, draft, allow_draft=True).instrument.status == "draft"


def test_every_output_says_that_the_instrument_is_unvalidated():
    a = assess({})
    notice = "Unvalidated: for training and research; in real cases only by trained staff"
    assert notice in a.explain()
    assert notice in a._repr_html_()
    assert notice in a.explain(markdown=True)
    assert a.to_dict()["notice"].startswith(notice)
    assert a.instrument.status == "unvalidated"


def test_the_notebook_view_is_escaped_and_has_no_colour():
    html = assess({"strangulation": "yes"})._repr_html_()
    assert "<script" not in html
    assert "style" not in html
    assert "color" not in html


def test_rules_name_the_level_before_and_after():
    a = assess(
        {"strangulation": "yes", "forced_sex": "yes", "firearm_owned": "yes", "following_or_watching": "repeated"}
    )
    steps = [(rule.id, rule.effect, rule.level_before, rule.level_after) for rule in a.rules]
    assert steps[0] == ("strangulation", "floor high", "moderate", "high")
    assert steps[-1][:2] == ("firearm_access_with_threat_pursuit_or_separation", "raise 1")
    assert all(rule.sources and rule.facts for rule in a.rules)


def test_assess_all_feeds_every_instrument_and_refuses_strays():
    results = assess_all({"firearm_owned": "yes", "animal_harm": "yes"})
    assert set(results) == {"escalation@1.0", "firearms@1.0", "first-look@1.0", "integrated@1.0"}
    assert results["first-look@1.0"].states["firearm_access"] == "yes"
    with pytest.raises(ValueError, match=r"did you mean strangulation.*of no shipped instrument"):
        assess_all({"strangulaton": "yes"})


@pytest.mark.parametrize("ref", shipped.EVERY)
def test_the_schemas_describe_answers_and_results(ref, repo):
    instrument = load_instrument(ref)
    jsonschema.Draft202012Validator.check_schema(answer_schema(instrument))
    answers = jsonschema.Draft202012Validator(answer_schema(instrument))
    first = instrument.items[0].id
    assert answers.is_valid(LEAST[ref] | {first: {"answer": None}})
    assert answers.is_valid(LEAST[ref] | {first: ""})
    assert not answers.is_valid({first: "maybe"})
    assert not answers.is_valid({"strangulaton": "yes"})
    result = jsonschema.Draft202012Validator(json.loads((repo / "docs/schema/assessment.json").read_text()))
    for sheet in ({}, LEAST[ref], answers_for(instrument, {"strangulation": "yes", "separation": "undated"})):
        result.validate(assess(sheet, ref, **shipped.LEAVE).to_dict())
    assert not result.is_valid(assess({}, ref, **shipped.LEAVE).to_dict() | {"level": None})
