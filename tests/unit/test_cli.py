"""The command line: what it prints, and one message and exit code 2 for bad input."""

import json
import subprocess
import sys

import pytest

from dvrisk import assess, list_instruments
from dvrisk.cli import main
from dvrisk.template import answer_template


def run(capsys, *arguments):
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_demo_shows_invented_cases(capsys):
    code, out, _ = run(capsys, "demo")
    assert code == 0
    assert out.startswith("Two invented cases.")
    assert out.count("1.0): what the answers establish") == 4


def test_demo_published_puts_the_content_note_first(capsys):
    code, out, _ = run(capsys, "demo", "--published")
    assert code == 0
    assert out.startswith("What follows is about real women")
    assert out.index("UNDP Serbia") < out.index("Account A")
    assert all(f"Account {letter}" in out for letter in "ABC")


@pytest.mark.parametrize("command", ["show", "template", "card"])
@pytest.mark.parametrize("ref", [ref.split("@")[0] for ref in list_instruments()])
def test_each_instrument_can_be_shown(capsys, command, ref):
    code, out, _ = run(capsys, command, ref)
    assert code == 0
    assert ref in out
    code, out, _ = run(capsys, command, ref, "--json")
    assert code == 0
    assert json.loads(out)


def test_list_names_status_and_version(capsys):
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert "unvalidated" in out
    listed = json.loads(run(capsys, "list", "--json")[1])
    shipped = [row for row in listed if row["group"] not in ("named", "checklists")]
    assert [f"{row['id']}@{row['version']}" for row in shipped] == list(list_instruments())
    assert {row["group"] for row in listed} == {"own", "published", "draft", "training", "checklists", "named"}


def test_list_keeps_what_is_shipped_drafts_what_needs_training_and_what_is_only_named_apart(capsys):
    out = run(capsys, "list")[1]
    blocks = {block.splitlines()[0]: block for block in out.split("\n\n")}
    heads = list(blocks)
    assert "integrated " in blocks[heads[0]]
    assert "lap " in blocks[heads[1]]
    assert "lap-2 " in blocks[heads[2]]
    assert "odara " in blocks[heads[3]]
    assert "article-16" in blocks[heads[4]]
    assert "sara-v3" in blocks[heads[5]]
    code, out, _ = run(capsys, "show", "epv-r")
    assert code == 0
    assert "foreign origin" in out


def test_what_is_only_named_and_what_needs_leave_say_what_to_do(capsys, tmp_path):
    sheet = tmp_path / "answers.json"
    sheet.write_text("{}")
    for name, said in (("epv", "dvrisk show epv"), ("odara", "allow_draft=True (--allow-draft)")):
        code, _, err = run(capsys, "assess", str(sheet), "--instrument", name)
        assert code == 2
        assert said in err
    code, _, err = run(capsys, "assess", str(sheet), "--instrument", "odara", "--allow-draft")
    assert code == 2
    assert "--training-confirmed" in err
    code, out, _ = run(capsys, "assess", str(sheet), "--instrument", "odara", "--allow-draft", "--training-confirmed")
    assert code == 0
    assert "Scored with the rule of ODARA (13 questions); administer the official form." in out
    assert "Not scorable: 13 scored answers are missing" in out


def test_a_checklist_is_shown_filled_and_printed(capsys, tmp_path):
    facts, page = tmp_path / "facts.json", tmp_path / "page.html"
    facts.write_text('{"suicide_talk": "threat_or_attempt"}')
    code, out, _ = run(capsys, "checklist", "article-16", "--answers", str(facts))
    assert code == 0
    assert "16.d [present]" in out
    code, out, _ = run(capsys, "checklist", "kosovo-standards", "--json")
    assert json.loads(out)["rows"] == 34
    assert run(capsys, "checklist", "personal-steps", "--html", str(page), "--lang", "sq")[0] == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run(capsys, "checklist", "personal-steps", "--html", str(page))[0] == 2
    assert run(capsys, "checklist", "nothing")[0] == 2


def test_a_template_that_is_not_filled_in_is_the_empty_sheet(capsys, tmp_path):
    sheet = tmp_path / "answers.toml"
    sheet.write_text(run(capsys, "template", "first-look")[1])
    code, out, _ = run(capsys, "assess", str(sheet), "--instrument", "first-look", "--json")
    assert code == 0
    assert json.loads(out) == json.loads(assess({}, "first-look").to_json())
    assert answer_template.__doc__


def test_a_filled_sheet_is_explained(capsys, tmp_path):
    sheet = tmp_path / "answers.json"
    sheet.write_text('{"strangulation": "yes", "victim_suicidality": "yes"}')
    code, out, _ = run(capsys, "assess", str(sheet), "--jurisdiction", "RS")
    assert code == 0
    assert "High level" in out
    assert "Strangulation" in out
    assert run(capsys, "assess", str(sheet), "--markdown")[1].startswith("## ")
    private = run(capsys, "assess", str(sheet), "--private", "--jurisdiction", "XK")[1]
    assert private.startswith("For the person who spoke with her")
    assert private.split("\n")[2] not in out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["assess", "absent.toml"], "can't be read"),
        (["show", "integratd"], "did you mean integrated?"),
        (["card", "absent.toml"], "can't be read"),
    ],
)
def test_bad_input_gives_one_message_and_exit_code_2(capsys, arguments, expected):
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("dvrisk: ")
    assert expected in err
    assert "Traceback" not in err


def test_bad_answers_are_listed_and_nothing_is_printed(capsys, tmp_path):
    sheet = tmp_path / "answers.toml"
    sheet.write_text('strangulation = "Petra"\nstrangulaton = "yes"\n')
    code, out, err = run(capsys, "assess", str(sheet))
    assert (code, out) == (2, "")
    assert "2 problems" in err
    assert "Petra" not in err


def test_a_console_with_few_characters_does_not_stop_the_output():
    command = [sys.executable, "-m", "dvrisk", "demo"]
    done = subprocess.run(command, capture_output=True, check=False, env={"PYTHONIOENCODING": "cp1250", "PATH": ""})
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_report_goes_to_a_new_file_in_the_language_asked_for(capsys, tmp_path):
    sheet, page = tmp_path / "answers.json", tmp_path / "page.html"
    sheet.write_text('{"strangulation": "yes"}')
    code, out, _ = run(capsys, "assess", str(sheet), "--report", str(page), "--lang", "sr-Cyrl", "--jurisdiction", "RS")
    assert code == 0
    assert str(page) in out
    assert page.read_text(encoding="utf-8") == assess({"strangulation": "yes"}).report("sr-Cyrl", jurisdiction="RS")
    before = page.read_bytes()
    code, _, err = run(capsys, "assess", str(sheet), "--report", str(page))
    assert code == 2
    assert "exists already" in err
    assert page.read_bytes() == before


def test_lint_prints_findings_and_ends_with_1(capsys, repo):
    assert run(capsys, "lint", "firearms")[:2] == (0, "firearms: nothing found.\n")
    wrong = str(repo / "tests/wrong/sound/1.0.toml")
    code, out, _ = run(capsys, "lint", wrong)
    assert code == 1
    assert "error translations-complete: words (en)" in out
    code, out, _ = run(capsys, "lint", wrong, "--json")
    assert code == 1
    assert {"id", "severity", "where", "what", "todo"} == set(json.loads(out)[0])
    assert run(capsys, "lint", "nothing-of-this-name")[0] == 2


@pytest.mark.parametrize("lang", ["en", "sr", "sr-Cyrl", "sq"])
def test_every_command_for_people_speaks_every_language(capsys, lang, tmp_path):
    sheet = tmp_path / "answers.json"
    sheet.write_text("{}")
    for command in (
        ["list"],
        ["show", "firearms"],
        ["card", "firearms"],
        ["template", "firearms"],
        ["assess", str(sheet)],
    ):
        code, out, _ = run(capsys, *command, "--lang", lang)
        assert code == 0
        assert out


def test_simulate_lists_the_recipes_and_writes_a_new_folder(tmp_path, capsys):
    pytest.importorskip("pandas")
    assert main(["simulate"]) == 0
    assert "training-mix@1.0\n  Cases for exercises" in capsys.readouterr().out
    assert main(["simulate", "training-mix", "--n", "7", "--seed", "3", "--out", str(tmp_path / "set")]) == 0
    assert "7 invented cases of training-mix 1.0, seed 3" in capsys.readouterr().out
    assert (tmp_path / "set" / "answers.csv").read_text().count("invented-") == 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["training-mix"], "Name a new one with --out"),
        (["training-mix", "--n", "0", "--out", "new"], "n: got 0"),
        (["serbia", "--out", "new"], "no recipe of this name"),
        (["training-mix", "--out", "."], "holds other data"),
    ],
)
def test_simulate_says_in_one_message_what_can_not_be_done(arguments, said, tmp_path, capsys, monkeypatch):
    pytest.importorskip("pandas")
    (tmp_path / "mine.txt").write_text("mine")
    monkeypatch.chdir(tmp_path)
    assert main(["simulate", *arguments]) == 2
    message = capsys.readouterr().err
    assert said in message
    assert "Traceback" not in message
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.txt"]
