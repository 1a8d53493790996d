"""The three commands of a trainer, and the two around them: in folders with č, on a console with few characters."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dvrisk import DataError
from dvrisk.cli import main
from dvrisk.exercise.folder import PERSONAL, collect, forget, new_exercise
from dvrisk.exercise.making import Wanted
from dvrisk.exercise.rehearsal import demo
from dvrisk.exercise.reporting import report


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("obuka č") / "vežba đ"
    demo(folder, ("sr", "sq", "en"))
    return folder


def everything(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_demo_leaves_every_page_in_every_language(shown):
    for lang in ("sr", "sq", "en"):
        for page in ("report/{}/room.html", "report/{}/group.html", "private/{}/trainer.html", "private/{}/slips.html"):
            assert (shown / page.format(lang)).stat().st_size > 2000
    assert not list(shown.rglob("*.part"))


def test_the_same_seed_gives_the_same_bytes(shown, tmp_path):
    demo(tmp_path / "again", ("sr", "sq", "en"))
    assert everything(tmp_path / "again") == everything(shown)


def test_new_collect_report_and_forget_by_command(tmp_path, capsys):
    folder = tmp_path / "grupa č"
    assert main(["exercise", "new", str(folder), "--lang", "sr,sq", "--people", "4", "--delete-on", "2020-01-31"]) == 0
    assert "8 cases and a practice case" in capsys.readouterr().out
    assert main(["exercise", "report", str(folder)]) == 2
    assert "no sheet could be read from typed/before.csv" in capsys.readouterr().err
    exercise = new_exercise(tmp_path / "twin", Wanted(languages=("sr", "sq"), people=4, delete_on="2020-01-31"))
    lines = [f"{code} A 3224 {'3' * 12} 1,2 47 zbog pretnje" for code in exercise.codes]
    (folder / "typed/before.txt").write_text("\n".join(lines), encoding="utf-8")
    assert main(["exercise", "collect", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "4" in out
    assert "to be deleted on 2020-01-31" in out
    (folder / "typed/before.txt").write_text("\n".join([*lines, "x A 1"]), encoding="utf-8")
    assert main(["exercise", "report", str(folder), "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "before.txt, row 5: got “3” parts" in out
    assert str(folder / "report" / "sr" / "room.html") in out
    assert main(["exercise", "forget", str(folder)]) == 0
    assert (folder / "private").exists()
    assert main(["exercise", "forget", str(folder), "--yes"]) == 0
    assert not any((folder / name).exists() for name in PERSONAL)
    assert (folder / "exercise.json").exists()
    assert (folder / "key" / "key.json").exists()


def test_a_report_on_two_exercises_says_who_drifted(tmp_path, capsys):
    demo(tmp_path / "first")
    made = new_exercise(tmp_path / "later", Wanted(seed=2), follows=tmp_path / "first")
    assert not list((tmp_path / "later").rglob("codes.html"))
    assert "No codes are drawn" in (tmp_path / "later/print/en/facilitator.html").read_text(encoding="utf-8")
    assert len([case for case in made.rated if not case.seen_before]) <= 4
    lines = [f"{code} {letter} 3224 {'3' * 12} 1,2 47" for code in made.codes for letter in made.letters]
    (tmp_path / "later/typed/before.txt").write_text("\n".join(lines), encoding="utf-8")
    assert main(["exercise", "report", str(tmp_path / "later"), "--earlier", str(tmp_path / "first")]) == 0
    page = (tmp_path / "later/private/en/trainer.html").read_text(encoding="utf-8")
    assert "20 people took part in all 2 exercises" in page


def test_the_group_s_data_come_out_although_some_sheets_are_bad(tmp_path):
    """Sheets of another exercise, one code twice, half-filled sheets, changed headings, script in a reason."""
    made = new_exercise(tmp_path / "x", Wanted(people=6))
    c = made.codes
    rows = [
        "code;case;level;mood;exercise;reason",
        f"{c[0]};A;high;;{made.id};<script>alert(1)</script>",
        f"{c[1]};A;low;;{made.id};=1+1",
        f"{c[2]};A;high;;ffffff;",
        f"{c[3]};A;high;;{made.id};",
        f"{c[3]};A;low;;{made.id};",
        f"{c[4]};A;;;{made.id};only a reason",
        f"{c[5]};A;moderate;;{made.id};",
    ]
    (tmp_path / "x/typed/before.csv").write_text("\n".join(rows), encoding="utf-8")
    collected = report(tmp_path / "x")
    assert {problem.what for problem in collected.problems} >= {"unknown_column", "other_exercise", "twice", "half"}
    assert [sheet.code for sheet in collected.rounds["before"]] == [c[0], c[1], c[4], c[5]]
    for path in (tmp_path / "x").rglob("*.html"):
        assert "<script" not in path.read_text(encoding="utf-8")
    ratings = (tmp_path / "x/private/ratings.csv").read_text(encoding="utf-8-sig")
    assert ";'=1+1;" in ratings
    assert len(ratings.splitlines()) == 5


def test_both_files_of_a_round_are_read_as_one(tmp_path):
    made = new_exercise(tmp_path / "x", Wanted(people=4))
    line = f"{made.codes[0]} A 3224 {'3' * 12} 1,2 47"
    (tmp_path / "x/typed/before.txt").write_text(line, encoding="utf-8")
    rows = ["code;case;level", f"{made.codes[0]};A;low", f"{made.codes[1]};A;high"]
    (tmp_path / "x/typed/before.csv").write_text("\n".join(rows), encoding="utf-8")
    collected = collect(tmp_path / "x")
    assert [sheet.code for sheet in collected.rounds["before"]] == [made.codes[1]]
    assert "twice" in [problem.what for problem in collected.problems]


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")
def test_forgetting_never_follows_a_link_out_of_the_folder(tmp_path):
    new_exercise(tmp_path / "x", Wanted(people=4))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/keep.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "x/private").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="private is no folder of its own"):
        forget(tmp_path / "x")
    assert (tmp_path / "elsewhere/keep.txt").exists()
    assert (tmp_path / "x/typed").exists()


@pytest.mark.parametrize("encoding", ["cp1250", "cp852", "ascii"])
def test_every_command_speaks_on_a_console_with_few_characters(tmp_path, encoding):
    """The encoding of the console is forced; nothing fails, and letters it lacks are replaced."""
    folder = tmp_path / "vežba č ë"
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for arguments in (
        ["demo", str(folder), "--lang", "sq,sr"],
        ["collect", str(folder), "--lang", "sr-Cyrl"],
        ["report", str(folder)],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "dvrisk", "exercise", *arguments], env=environment, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode(encoding, "replace")
        assert done.stdout
    assert (Path(folder) / "report/sq/room.html").exists()
