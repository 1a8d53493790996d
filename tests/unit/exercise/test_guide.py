"""The trainer's guide: its commands exist, its example line is read, and its drafts in other languages say the same commands."""

import re

import pytest

from dvrisk.cli import _parser
from dvrisk.exercise.reading import read_sheets

GUIDES = ("guide.md", "guide.sr.md", "guide.sq.md")


def text_of(repo, name):
    return (repo / "docs" / "trainers" / name).read_text(encoding="utf-8")


def commands(text):
    return re.findall(r"`dvrisk (exercise [^`]+)`", text)


@pytest.mark.parametrize("name", GUIDES)
def test_every_command_of_the_guide_is_one(repo, name):
    found = commands(text_of(repo, name))
    assert {command.split()[1] for command in found} == {"demo", "new", "report", "collect", "forget"}
    for command in found:
        _parser().parse_args(command.split())


@pytest.mark.parametrize("name", GUIDES)
def test_the_example_line_is_read_without_a_problem(repo, tmp_path, made, name):
    (line,) = re.findall(r"^atlas-metro .*$", text_of(repo, name), re.MULTILINE)
    code = made.exercise.codes[0]
    (tmp_path / "before.txt").write_text(line.replace("atlas-metro", code), encoding="utf-8")
    read = read_sheets(tmp_path / "before.txt", made.exercise)
    assert not read.problems
    assert read.rows[0].sheet.level == "high"
    assert read.rows[0].sheet.is_checked


def test_the_drafts_have_the_same_parts_and_the_same_commands(repo):
    english = text_of(repo, GUIDES[0])
    for name in GUIDES[1:]:
        text = text_of(repo, name)
        lang = name.split(".")[1]
        assert text.count("\n## ") == english.count("\n## ")
        assert text.count("\n| ") == english.count("\n| ")
        plain = [re.sub(r"--lang (en|sr|sq)$", "", command) for command in commands(text)]
        assert plain == [re.sub(r"--lang (en|sr|sq)$", "", command) for command in commands(english)]
        assert f"--lang {lang}`" in text
        assert text.splitlines()[2].startswith("*")
