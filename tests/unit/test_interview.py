"""Asking only what matters: the level is that of the full sheet, and nothing is asked twice."""

from random import Random

import made
import pytest
import shipped

from dvrisk import AnswerError, assess, load_instrument, start_interview
from dvrisk.answers import closed_by_gate

REFS = shipped.OWN


def answered(talk, answers, source=None):
    """Answer every group truthfully, now and then skipping one question."""
    asked = []
    while group := talk.next_group():
        for item in group:
            if source is not None and source.random() < 0.2 and item not in talk.skipped:
                talk = talk.skip(item)
            else:
                talk = talk.answer(item, answers.get(item, "unknown"))
                asked.append(item)
    return talk, asked


@pytest.mark.parametrize("ref", REFS)
def test_the_level_is_that_of_the_full_sheet(ref):
    instrument, source = load_instrument(ref), Random(ref)
    for _ in range(60):
        open_share = source.choice([0.0, 0.0, 0.3])
        answers = {item.id: item.codes[0] for item in instrument.items}
        risky = source.sample(list(instrument.items), source.randint(0, 4))
        answers |= {item.id: source.choice(item.codes) for item in risky}
        answers |= {item: "unknown" for item in answers if source.random() < open_share}
        for (
            item
        ) in instrument.items:  # an answer that contradicts its gate is never asked for, so it can't be in a truth
            if closed_by_gate(item, answers, instrument):
                answers[item.id] = item.codes[0]
        talk, asked = answered(start_interview(instrument), answers, source)
        full, short = assess(answers, instrument), talk.assessment
        assert (short.level_low, short.level_high, short.level) == (full.level_low, full.level_high, full.level)
        assert len(asked) == len(set(asked))
        assert set(short.ask_always) <= {
            item
            for item in instrument.always_ask
            if talk.answers.get(item) == "unknown" or instrument.by_id[item].private
        }


def test_a_settled_level_ends_the_questions_of_the_level_only():
    talk = start_interview(
        "first-look", {"relationship": "man_to_woman_partner", "asked_alone": "yes", "children": "no"}
    )
    talk = talk.answer("threat_to_kill", "explicit_recent")
    assert talk.assessment.settled
    _, asked = answered(talk, {})
    assert set(asked) == {"firearm_access", "strangulation", "victim_suicidality", "need_immediate_help"}


def test_groups_are_small_of_one_area_and_have_one_hard_question_at_most():
    source = Random(1)
    for ref in REFS:
        instrument = load_instrument(ref)
        for _ in range(30):
            talk = start_interview(instrument, made.sheet(source, instrument))
            group = [instrument.by_id[item] for item in talk.next_group()]
            assert len(group) <= 3
            assert len({item.area for item in group}) <= 1
            assert sum(item.burden == 3 for item in group) <= 1


def test_a_skipped_question_comes_back_and_an_answer_can_be_taken_back():
    talk = start_interview("first-look")
    first = talk.next_group()[0]
    assert first not in talk.skip(first).next_group()
    done, asked = answered(talk.skip(first), {})
    assert first in asked
    assert done.next_group() == ()
    assert talk.answer(first, "other_family").back() == talk
    assert talk.back() == talk


def test_an_interview_is_a_value():
    talk = start_interview("first-look")
    talk.answer("strangulation", True)
    assert talk.answers == {}
    with pytest.raises(AnswerError):
        talk.answer("strangulation", "maybe")


def console(monkeypatch, capsys, lines, *arguments):
    from dvrisk.cli import main

    given = iter(lines)

    def read(prompt):
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", read)
    return main(["ask", *arguments]), capsys.readouterr()


def test_ask_on_a_console_goes_to_the_end(monkeypatch, capsys, tmp_path):
    out = tmp_path / "answers.json"
    lines = ["1", "1", "1", "?", "nonsense", "5", *["u"] * 10]
    code, said = console(monkeypatch, capsys, lines, "--out", str(out))
    assert code == 0
    assert "Please choose one of: 1, 2, 3, 4, 5, u, d, s, b, ?, q." in said.out
    assert "The level is settled." in said.out
    assert "High level" in said.out
    assert "victim_suicidality" not in out.read_text()
    code, said = console(monkeypatch, capsys, [], "--out", str(out))
    assert code == 2
    assert "it exists already" in said.err


def test_stopping_early_keeps_what_was_said(monkeypatch, capsys):
    code, said = console(monkeypatch, capsys, ["1", "b", "2", "s", "q"])
    assert code == 0
    assert "outside the population" in said.out
