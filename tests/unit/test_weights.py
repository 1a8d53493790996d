"""Every weight follows from the evidence table by the rule; one changed odds ratio shows."""

import math
import re

import pytest

from dvrisk import list_instruments, load_instrument
from dvrisk.catalog import item_bank
from dvrisk.soundness import is_study
from dvrisk.weights import Estimate, Evidence, derive, load_evidence, option_points

EVIDENCE = load_evidence()
OWN = [instrument for instrument in map(load_instrument, list_instruments()) if instrument.weights]


def derived_points(instrument, evidence=EVIDENCE):
    shrinkage = instrument.weights.shrinkage_percent / 100
    return {item.id: option_points(item, derive(item.weight, evidence, shrinkage).weight) for item in own(instrument)}


def shipped_points(instrument):
    return {item.id: tuple(option.points for option in item.options) for item in own(instrument)}


def own(instrument):
    """The items whose points an instrument gives; those of other areas are asked for a rule alone, without points."""
    return [item for item in instrument.items if item.source != "other-area"]


@pytest.mark.parametrize("instrument", OWN, ids=str)
def test_the_shipped_points_are_what_the_evidence_gives(instrument):
    assert shipped_points(instrument) == derived_points(instrument)


@pytest.mark.parametrize("instrument", OWN, ids=str)
def test_items_of_other_areas_have_no_points(instrument):
    assert not any(item.is_scored for item in instrument.items if item.source == "other-area")


def test_changing_one_odds_ratio_shows():
    changed = EVIDENCE.estimates | {
        "E02.threat_to_kill": EVIDENCE.estimates["E02.threat_to_kill"].model_copy(update={"value": 5.0})
    }
    instrument = load_instrument("integrated")
    after = derived_points(instrument, Evidence(EVIDENCE.studies, changed))
    before = shipped_points(instrument)
    assert {item for item in after if after[item] != before[item]} == {"threat_to_kill"}


def test_changing_any_used_odds_ratio_enough_shows():
    instrument = load_instrument("integrated")
    used = {item.weight.ref for item in instrument.items if item.weight.origin == "estimate"}
    for name in used:
        estimate = EVIDENCE.estimates[name]
        if estimate.includes_no_effect:  # such an interval gives the least weight whatever the value
            continue
        factor = {"odds ratio": 40.0, "correlation": 0.95}[estimate.measure]
        changed = EVIDENCE.estimates | {name: estimate.model_copy(update={"value": factor, "low": None, "high": None})}
        assert derived_points(instrument, Evidence(EVIDENCE.studies, changed)) != shipped_points(instrument), name


@pytest.mark.parametrize(
    ("value", "adjusted_for", "weights"),
    [
        # By hand: ln 14.9 = 2.701, ln 5.38 = 1.683, ln 3.22 = 1.169, ln 9 = 2.197; divided by 0.5, times the shrinkage.
        (14.9, "nothing", (3, 4, 5)),
        (5.38, "risk factors", (3, 3, 3)),
        (3.22, "risk factors", (2, 2, 2)),
        (9.0, "demographics", (2, 3, 4)),
        (1.01, "nothing", (1, 1, 1)),
        (1000.0, "risk factors", (5, 5, 5)),
    ],
)
def test_worked_examples_of_the_rule(value, adjusted_for, weights):
    item = load_instrument("integrated").by_id["threat_to_kill"]
    estimate = Estimate(id="x", study="E02", measure="odds ratio", value=value, adjusted_for=adjusted_for)
    evidence = Evidence(EVIDENCE.studies, {"E02.threat_to_kill": estimate})
    assert tuple(derive(item.weight, evidence, shrinkage).weight for shrinkage in (0.5, 0.7, 1.0)) == weights


def test_a_correlation_becomes_the_odds_ratio_of_the_textbook_formula():
    # r = .26 gives d = 0.5385 and ln OR = 0.9768, OR = 2.656; the source's reader converted it to 2.66.
    estimate = EVIDENCE.estimates["E70.threats"]
    assert math.exp(estimate.log_odds_ratio) == pytest.approx(2.656, abs=0.001)


def test_an_interval_that_includes_no_effect_gives_the_least_weight():
    outside = load_instrument("integrated").by_id["violence_outside_home"]
    derivation = derive(outside.weight, EVIDENCE)
    assert (derivation.basis, derivation.weight) == ("D", 1)


def test_every_study_that_is_named_is_in_the_table():
    named = {study for entry in item_bank().values() for study in entry["evidence"]}
    named |= {estimate.study for estimate in EVIDENCE.estimates.values()}
    for instrument in OWN:
        named |= {source for rule in instrument.rules for source in rule.sources if is_study(source)}
    for entry in item_bank().values():
        ref = entry["weight"].get("ref")
        if ref:
            assert ref in EVIDENCE.estimates or ref in EVIDENCE.studies, ref
    assert named <= set(EVIDENCE.studies)


def test_nothing_recalled_is_in_the_table():
    assert all(study.read in ("source", "secondary") for study in EVIDENCE.studies.values())
    assert all(re.fullmatch(r"E\d+[abc]?", study) for study in EVIDENCE.studies)


def test_what_never_changes_a_score_has_no_points():
    integrated = load_instrument("integrated")
    for name in ("unemployed", "stepchild_in_home", "programme_status", "pregnant_now", "victim_suicidality"):
        assert not integrated.by_id[name].is_scored
