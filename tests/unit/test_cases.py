"""The published accounts and the invented cases: what has to come out, and that each answer rests on a statement."""

import pytest

from dvrisk import DataError, assess, load_instrument
from dvrisk.cases import INVENTED, PUBLISHED, load_cases
from dvrisk.facts import answers_for

ACCOUNTS = {case.id: case for case in load_cases(PUBLISHED).cases}


def result(case_id, name):
    instrument = load_instrument(name)
    return assess(answers_for(instrument, ACCOUNTS[case_id].answers), instrument)


@pytest.mark.parametrize("name", ["integrated", "first-look"])
@pytest.mark.parametrize("case_id", ["account-a", "account-b"])
def test_accounts_a_and_b_are_high_with_three_reasons_that_trace_to_a_statement(case_id, name):
    a, case = result(case_id, name), ACCOUNTS[case_id]
    assert a.level == "high"
    reasons = {item for rule in a.rules for item in rule.facts} | {
        row.id for row in a.contributions if row.low > 0 and row.kind == "item"
    }
    traced = {item for item in reasons if set(case.rests_on[item]) <= set(case.statements)}
    assert len(traced) >= 3


def test_account_c_names_its_firearm_facts_asks_the_missing_ones_and_warns():
    a = result("account-c", "integrated")
    named = {row.id for row in a.contributions if row.low > 0}
    assert {"firearm_owned", "firearm_illegal_or_military"} <= named
    assert {"firearm_through_others", "firearm_in_dwelling"} <= set(a.ask_always)
    assert "outside_population" in {warning.code for warning in a.warnings}
    assert "firearm_check" in {action.id for action in a.actions}


@pytest.mark.parametrize("case_id", ACCOUNTS)
def test_what_an_account_does_not_state_is_not_asked_and_never_a_no(case_id):
    answers = ACCOUNTS[case_id].answers
    assert "no" not in answers.values()
    states = result(case_id, "integrated").states
    assert all(state == "not_asked" for item, state in states.items() if item not in answers)


def test_the_invented_cases_show_two_different_levels():
    cases = load_cases(INVENTED)
    assert [assess(case.answers).level for case in cases.cases] == ["high", "undetermined"]


def test_an_answer_without_a_statement_is_refused(tmp_path):
    path = tmp_path / "cases.toml"
    path.write_text(INVENTED.read_text().replace('jealousy = ["S3", "S4"]', 'jealousy = ["S99"]'))
    with pytest.raises(DataError, match=r"invented-1\.jealousy: rests on no statement"):
        load_cases(path)
