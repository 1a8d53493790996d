"""Reading answers: three ways of not knowing, and one error that names everything that can't be used."""

import pytest

from dvrisk import AnswerError, assess, load_instrument, read_answer_file
from dvrisk.answers import read_answers
from dvrisk.facts import answers_for

INTEGRATED = load_instrument("integrated")
FIRST_LOOK = load_instrument("first-look")
A_NAME = "Petra Invented, Long Street 7"


def message(answers, instrument="integrated"):
    with pytest.raises(AnswerError) as caught:
        assess(answers, instrument)
    return str(caught.value)


@pytest.mark.parametrize("blank", [None, "", "   ", "\t", "not_asked"])
def test_a_blank_is_not_asked_and_never_a_no(blank):
    a = assess({"strangulation": blank})
    assert a.states["strangulation"] == "not_asked"
    assert a == assess({})


def test_true_and_false_mean_yes_and_no_for_items_that_have_both():
    assert assess({"strangulation": True}) == assess({"strangulation": "yes"})
    assert assess({"strangulation": False}) == assess({"strangulation": "no"})
    assert "threat_to_kill" in message({"threat_to_kill": True})


@pytest.mark.parametrize("number", [1, 0, 1.0, 2])
def test_a_number_is_no_answer(number):
    assert "got a value of type" in message({"strangulation": number})


def test_an_answer_may_come_with_its_source_and_date():
    a = assess({"strangulation": {"answer": "yes", "source": "health_services", "date": "2026-01-05"}})
    assert a == assess({"strangulation": "yes"})
    assert assess({"strangulation": {"source": "police_records"}}) == assess({})
    assert "other keys" in message({"strangulation": {"answer": "yes", "note": "x"}})


def test_every_problem_is_named_at_once_with_the_nearest_code():
    said = message({"strangulaton": "yes", "threat_to_kill": "explicit_recnt", "forced_sex": ["yes"]})
    assert "3 problems" in said
    assert "strangulaton (did you mean strangulation?) is not an item of integrated" in said
    assert "got 'explicit_recnt' (did you mean explicit_recent?)" in said
    assert "forced_sex: got a value of type list, expected one of no, yes, not_asked, unknown, declined." in said


@pytest.mark.parametrize(
    "answers",
    [
        {"strangulation": A_NAME},
        {A_NAME: "yes"},
        {"strangulation": {"answer": A_NAME}},
        {"strangulation": {"answer": "yes", "note": A_NAME}},
        {"strangulation": [A_NAME]},
        {"strangulation": "Petra"},
        {"threat_to_kill": "petra"},
    ],
)
def test_free_text_and_names_never_stand_in_an_error(answers):
    said = message(answers).lower()
    assert "petra" not in said
    assert "street" not in said


@pytest.mark.parametrize("not_a_mapping", [None, 3, "integrated", ["strangulation"], [("strangulation", "yes")]])
def test_answers_have_to_be_a_mapping(not_a_mapping):
    assert "expected a mapping" in message(not_a_mapping)


def test_not_applicable_needs_an_answer_that_makes_it_so():
    assert (
        assess({"children": "no", "threat_to_children": "not_applicable"}).states["threat_to_children"]
        == "not_applicable"
    )
    assert "children below yes" in message({"threat_to_children": "not_applicable"})
    assert "children below yes" in message({"children": "unknown", "threat_to_children": "not_applicable"})
    assert "it always applies" in message({"strangulation": "not_applicable"})


def test_a_gate_closes_only_open_dependents():
    closed = assess({"children": "no"})
    assert closed.states["threat_to_children"] == "not_applicable"
    standing = assess({"children": "no", "threat_to_children": "yes"})
    assert standing.states["threat_to_children"] == "yes"
    assert [(w.code, w.items) for w in standing.warnings] == [("contradiction", ("children", "threat_to_children"))]
    assert closed.warnings == ()


def test_the_caller_may_change_his_answers_afterwards():
    answers = {"strangulation": "yes"}
    a = assess(answers)
    answers["strangulation"] = "no"
    assert a.states["strangulation"] == "yes"


def test_a_wider_item_is_a_no_only_when_every_narrower_one_is():
    narrower = FIRST_LOOK.by_id["firearm_access"].wider_than
    picked = answers_for(FIRST_LOOK, dict.fromkeys(narrower, "no"))
    assert picked == {"firearm_access": "no"}
    assert answers_for(FIRST_LOOK, dict.fromkeys(narrower[1:], "no")) == {"firearm_access": "not_asked"}
    assert answers_for(FIRST_LOOK, dict.fromkeys(narrower, "no") | {narrower[0]: "unknown"}) == {
        "firearm_access": "unknown"
    }
    assert answers_for(FIRST_LOOK, {narrower[1]: "possible", narrower[0]: "no"}) == {"firearm_access": "possible"}
    assert answers_for(FIRST_LOOK, {narrower[1]: "possible", "firearm_access": "no"}) == {"firearm_access": "possible"}
    assert answers_for(FIRST_LOOK, {narrower[0]: "no", "firearm_access": "no"}) == {"firearm_access": "no"}
    assert answers_for(FIRST_LOOK, {narrower[0]: "yes", "firearm_access": "unknown"}) == {"firearm_access": "yes"}


@pytest.mark.parametrize(
    "answers", [{"firearm_access": "maybe"}, {"firearm_in_dwelling": "maybe"}, {"firearm_owned": 3}]
)
def test_an_unusable_answer_is_not_lost_beside_a_usable_one(answers):
    with pytest.raises(AnswerError, match=next(iter(answers))):
        answers_for(FIRST_LOOK, {"firearm_through_others": "no"} | answers)


def test_read_answers_gives_plain_codes():
    assert read_answers({"strangulation": True, "jealousy": None}, INTEGRATED) == {
        "strangulation": "yes",
        "jealousy": "not_asked",
    }


# ------------------------------------------------------------------------------------------------ answer files


def file_error(path):
    with pytest.raises(AnswerError) as caught:
        read_answer_file(path)
    return str(caught.value)


def test_answers_may_stand_at_the_top_or_under_answers(tmp_path):
    flat, nested = tmp_path / "flat.toml", tmp_path / "nested.json"
    flat.write_text('strangulation = "yes"\n')
    nested.write_text('{"case": "x", "answers": {"strangulation": "yes"}}')
    assert read_answer_file(flat) == read_answer_file(nested) == {"strangulation": "yes"}


def test_a_key_that_stands_twice_is_refused(tmp_path):
    twice_json, twice_toml = tmp_path / "twice.json", tmp_path / "twice.toml"
    twice_json.write_text('{"strangulation": "yes", "strangulation": "no"}')
    twice_toml.write_text('strangulation = "yes"\nstrangulation = "no"\n')
    assert "key 2 of an object stands there already" in file_error(twice_json)
    assert "line 2" in file_error(twice_toml)


def test_answers_beside_the_answers_are_not_lost_in_silence(tmp_path):
    sheet = tmp_path / "sheet.toml"
    sheet.write_text('strangulation = "yes"\n[answers]\nforced_sex = "no"\n')
    assert "strangulation: outside [answers]" in file_error(sheet)
    sheet.write_text('[strangulation]\nanswer = "yes"\nforced_sex = "no"\n')
    assert "forced_sex stands inside its table" in message(read_answer_file(sheet))


def test_a_stored_result_is_not_an_answer_sheet(tmp_path):
    stored = tmp_path / "stored.json"
    stored.write_text(assess({}).to_json())
    assert "Read it with Assessment.from_json" in file_error(stored)


def test_an_item_of_another_instrument_is_named_as_such():
    assert "animal_harm is an item that first-look does not ask" in message({"animal_harm": "yes"}, "first-look")


def test_many_problems_are_counted_not_poured_out():
    said = message({f"item_number_{number}": "yes" for number in range(500)})
    assert said.count("\n") == 21
    assert said.endswith("and 480 more")


def test_files_that_are_no_answer_sheets_get_one_clear_error(tmp_path):
    cases = {
        "big.json": (b'{"a": "' + b"x" * 10_000_000 + b'"}', "expected at most"),
        "deep.json": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "nested too deeply"),
        "deep.toml": (b"a = " + b"[" * 50_000 + b"]" * 50_000, "nested too deeply"),
        "binary.toml": (bytes(range(256)), "not text in UTF-8"),
        "list.json": (b'["strangulation"]', "expected a table"),
        "broken.json": (b'{"strangulation": ', "not readable as JSON"),
        "nan.json": (b'{"strangulation": NaN}', "NaN is not a value"),
    }
    for name, (content, expected) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert expected in file_error(path), name
    assert "can't be read" in file_error(tmp_path / "absent.toml")
