"""`dvrisk score`: a file in, the same rows with results out, equal to `assess`."""

import json

import pandas as pd
import pytest

from dvrisk import assess, load_instrument, simulate
from dvrisk.cli import main

CASES = simulate("training-mix", n=40, seed=4, instrument="first-look").answers
ITEMS = list(load_instrument("first-look").by_id)


def written(tmp_path, suffix):
    path = tmp_path / f"cases{suffix}"
    CASES.to_csv(path, index=False) if suffix == ".csv" else CASES.to_parquet(path)
    return path


@pytest.mark.parametrize(("suffix", "out"), [(".csv", ".csv"), (".csv", ".parquet"), (".parquet", ".csv")])
def test_every_row_is_scored_as_assess_does(tmp_path, capsys, suffix, out):
    target = tmp_path / f"scored{out}"
    assert main(["score", str(written(tmp_path, suffix)), "--instrument", "first-look", "--out", str(target)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("40 cases: ")
    scored = pd.read_csv(target) if out == ".csv" else pd.read_parquet(target)
    assert len(scored) == len(CASES)
    for (_, answers), (_, row) in zip(CASES.iterrows(), scored.iterrows(), strict=True):
        one = assess(answers[ITEMS].to_dict(), "first-look")
        assert (row["case"], row["level"], row["score_low"], row["score_high"]) == (
            answers["case"],
            one.level,
            one.score_low,
            one.score_high,
        )
        rules = ("" if pd.isna(row["rules"]) else row["rules"]).split() if out == ".csv" else list(row["rules"])
        assert rules == [rule.id for rule in one.rules]


def test_what_is_not_settled_is_said_to_be_at_least_that(tmp_path, capsys):
    rows = "strangulation,control_of_daily_life\nyes,most\nno,most\nunknown,unknown\n"
    (tmp_path / "cases.csv").write_text(rows, encoding="utf-8")
    assert main(["score", str(tmp_path / "cases.csv"), "--instrument", "first-look"]) == 0
    results = [
        assess(dict(zip(("strangulation", "control_of_daily_life"), row.split(","), strict=True)), "first-look")
        for row in rows.split()[1:]
    ]
    words = [f"at least {one.level}" if one.at_least and one.level != "undetermined" else one.level for one in results]
    said = capsys.readouterr().out
    assert all(f"{word} 1" in said for word in words)
    assert "at least" in said


def test_results_for_machines(tmp_path, capsys):
    assert main(["score", str(written(tmp_path, ".csv")), "--instrument", "first-look", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 40
    assert set(rows[0]) == {"score_low", "score_high", "level_low", "level_high", "level", "settled", "rules"}


def test_items_without_a_column_are_said(tmp_path, capsys):
    (tmp_path / "few.csv").write_text("strangulation\nyes\n\nunknown\n", encoding="utf-8")
    assert main(["score", str(tmp_path / "few.csv"), "--instrument", "first-look"]) == 0
    assert "items have no column and are not asked" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "out", "message"),
    [
        ("strangulation\nmaybe\n", "new.csv", "strangulation"),
        ("strangulation\nyes\n", "there.csv", "it exists already"),
        ("strangulation\nyes\n", "no/such/folder.csv", "no such folder"),
        ("strangulation\nyes\n", "new.xlsx", "expected .csv or .parquet"),
        ("strangulation,level\nyes,high\n", "new.csv", "column level is there already"),
    ],
)
def test_bad_input_gives_one_message_and_writes_nothing(tmp_path, capsys, text, out, message):
    (tmp_path / "there.csv").write_text("kept", encoding="utf-8")
    (tmp_path / "cases.csv").write_text(text, encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    assert main(["score", str(tmp_path / "cases.csv"), "--out", str(tmp_path / out)]) == 2
    assert message in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "there.csv").read_text(encoding="utf-8") == "kept"
