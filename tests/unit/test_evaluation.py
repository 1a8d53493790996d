"""An evaluation: the figures are those of the statistics, nothing small is shown, and bad input gives one clear error."""

import csv
import json
import random
import re
import subprocess
import sys
import warnings
from decimal import Decimal
from itertools import product

import made
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dvrisk import (
    DataError,
    MissingExtraError,
    assess,
    list_instruments,
    load_instrument,
    score_cohort,
    simulate,
)
from dvrisk.cli import main
from dvrisk.cohort import read_cohort
from dvrisk.evaluation import Row, Setting, evaluate
from dvrisk.evaluation.cells import cell, grid
from dvrisk.evaluation.numbers import number, share
from dvrisk.evaluation.texts import TITLES
from dvrisk.learn import FEATURES
from dvrisk.plain_count import count_facts
from dvrisk.reference.reporting import SECTIONS
from dvrisk.stats.accuracy import at_base_rate, band_table, compare_roc_auc, level_ranges, roc_auc, roc_auc_range
from dvrisk.stats.calibration import (
    brier,
    calibration_error,
    calibration_line,
    cross_fit,
    fit_calibration,
    log_loss,
    net_benefit,
)
from dvrisk.stats.fairness import item_bias

SETTING = Setting("nowhere, invented", "2022", "any repeat, as recorded", "365 days")


def invented(n=1500, seed=1):
    cases = simulate("serbia-reports", n=n, seed=seed)
    place = np.select(
        [np.arange(n) % 100 == 0, np.arange(n) % 4 == 0, np.arange(n) % 4 == 1], ["farm", "village", "city"], "town"
    )
    return cases.answers.assign(repeat=cases.truth.cases["repeat_day"].notna().to_numpy().astype(int), place=place)


TABLE = invented()
FOUND = evaluate(TABLE, "repeat", SETTING, "first-look", group="place", against="integrated")


def row(of, figure, found=FOUND):
    (one,) = [each for each in found.rows if (each.of, each.figure) == (of, figure)]
    return one


def test_the_figures_are_those_of_the_statistics():
    scored = score_cohort(TABLE.drop(columns=["repeat", "place"]), "first-look")
    hit, levels = TABLE["repeat"], ["low", "moderate", "high"]
    low, high = (scored[f"level_{end}"].map(levels.index) for end in ("low", "high"))
    figures = FOUND.figures
    assert figures.auc == roc_auc(scored["score_low"], hit)
    assert figures.auc_range == roc_auc_range(scored["score_low"], scored["score_high"], hit)
    assert figures.bands == band_table(list(scored["level_low"]), hit, levels)
    assert figures.ranges == level_ranges(low, high, hit, levels)
    whole = score_cohort(TABLE.drop(columns=["repeat", "place"]), "integrated")
    assert figures.against["integrated 1.0"] == compare_roc_auc(scored["score_low"], whole["score_low"], hit)
    plain = count_facts(read_cohort(TABLE, "first-look").answers, figures.people.instrument, len(TABLE))
    assert figures.against["plain count of facts"].second == roc_auc(plain, hit)


def test_levels_are_counted_as_they_are_shown():
    scored = score_cohort(TABLE.drop(columns=["repeat", "place"]), "first-look")
    shown = scored["level"].where(
        scored["settled"] | (scored["level"] == "undetermined"), "at least " + scored["level"].astype(str)
    )
    for reading in FOUND.figures.readings:
        who = shown == reading.name
        assert reading.share.counts == {"count": who.sum(), "of": len(TABLE)}
        assert reading.rate.counts == {"count": TABLE["repeat"][who].sum(), "of": who.sum()}
    assert sum(reading.share.counts["count"] for reading in FOUND.figures.readings) == len(TABLE)


@pytest.mark.parametrize("kind", [pl.from_pandas, lambda table: pl.from_pandas(table).lazy(), pa.Table.from_pandas])
def test_every_kind_of_table_gives_the_same(kind):
    found = evaluate(kind(TABLE), "repeat", SETTING, "first-look", group="place", against="integrated")
    assert [r._replace(method="") for r in found.rows] == [r._replace(method="") for r in FOUND.rows]


def test_a_table_that_was_shuffled_gives_the_same_figures():
    """But for what is drawn or dealt: cross-fitting, and the band of the curve."""
    found = evaluate(
        TABLE.sample(frac=1, random_state=1), "repeat", SETTING, "first-look", group="place", against="integrated"
    )
    for one, other in zip(FOUND.rows, found.rows, strict=True):
        if one.section != "recalibration":
            assert one[4:10] == pytest.approx(other[4:10], nan_ok=True) or one[4:10] == other[4:10]


def test_a_small_group_is_hidden_everywhere():
    """Farms have too few events, and another group could be subtracted from the whole otherwise."""
    shown = {each.of for each in FOUND.rows if each.section == "groups" and each.of}
    assert shown == {"city", "town"}
    assert (row("", "groups").value, row("", "groups not shown").value) == (4, 2)
    whole = FOUND.page() + FOUND.table().to_csv()
    assert "farm" not in whole.replace("farms", "")
    assert "village" not in whole


def test_a_group_with_few_people_at_a_level_is_hidden():
    """In a three people are high and had the event; without it, the other group would give them away."""
    n = 120
    place = ["a", "a", "b", "b"] * (n // 4)
    table = pd.DataFrame({"strangulation": ["no"] * n, "repeat": [0, 1] * (n // 2), "place": place})
    table.loc[[1, 5, 9], "strangulation"] = "yes"
    table.loc[[2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23], "strangulation"] = "yes"
    assert not [each for each in quietly(table, group="place").rows if each.section == "groups" and each.of]
    table.loc[[0, 4, 8, 12, 16, 13, 17], "strangulation"] = "yes"
    shown = quietly(table, group="place")
    assert row("a", "sensitivity at high", shown).value == pytest.approx(5 / 30)
    assert row("b", "ppv at high", shown).value == pytest.approx(6 / 12)


@pytest.mark.parametrize("seed", range(8))
def test_what_one_page_gives_of_the_hidden_is_no_small_cell(seed):
    """Whole less shown groups: the cells of those who are hidden, level by level, are 0 or at least 5."""
    source = np.random.default_rng(seed)
    table = invented(700, seed=seed + 1).assign(
        place=source.choice(list("abcdef"), 700, p=[0.4, 0.3, 0.15, 0.08, 0.05, 0.02])
    )
    figures = evaluate(table, "repeat", SETTING, "first-look", group="place").figures
    people = figures.people
    shown = [group.name for group in figures.groups if group.auc.counts]
    for who in (~np.isin(people.groups, shown), *(people.groups == name for name in shown)):
        cells = np.bincount(2 * people.scored.rank_low[who].astype(int) + people.outcome[who])
        assert not ((cells > 0) & (cells < 5)).any()


def test_items_that_few_of_a_group_answered_with_yes_have_no_ratio():
    table = invented(4000, seed=5).assign(place=np.where(np.arange(4000) % 3 > 0, "town", "village"))
    rare = table["jealousy"].mask((table["place"] == "village") & (table["jealousy"] != "no").to_numpy(), "no")
    found = evaluate(table.assign(jealousy=rare), "repeat", SETTING, "integrated", group="place")
    assert (
        row("jealousy", "odds ratio, village", found).undefined
        == "fewer than 5 people of one group answered yes, or no"
    )


def test_rules_alone_can_be_compared_by_group_too():
    source, instrument = np.random.default_rng(5), load_instrument("lap")
    answers = {item: np.where(source.random(400) < 0.15, "yes", "no") for item in instrument.by_id}
    table = pd.DataFrame(answers).assign(repeat=[0, 1] * 200, place=["a", "a", "b", "b"] * 100)
    found = evaluate(table, "repeat", SETTING, "lap", group="place", training_confirmed=True)
    assert {one.item for one in found.figures.bias} == set(instrument.by_id)


def test_what_is_hidden_can_t_be_subtracted_from_the_whole():
    """Two groups of 3 and 4 beside a large one: the large one is hidden too."""
    place = ["tiny"] * 3 + ["small"] * 4 + ["large"] * (len(TABLE) - 7)
    found = evaluate(TABLE.assign(place=place), "repeat", SETTING, "first-look", group="place")
    assert not [each for each in found.rows if each.section == "groups" and each.of]


def quietly(table, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return evaluate(table, "repeat", SETTING, "first-look", **options)


def test_facts_that_are_not_written_down_for_one_group_are_found():
    table = invented(6000, seed=3)
    village = np.arange(6000) % 2 == 0
    lost = village & (np.random.default_rng(1).random(6000) < 0.6)
    table = table.assign(place=np.where(village, "village", "town"))
    fair = evaluate(table, "repeat", SETTING, group="place").figures
    table.loc[lost & (table["jealousy"] == "constant"), "jealousy"] = "no"
    table.loc[lost & (table["jealousy"] == "sometimes"), "jealousy"] = "no"
    biased = evaluate(table, "repeat", SETTING, group="place").figures
    assert [one.item for one in fair.bias if one.size in ("moderate", "large")] == []
    assert [one.item for one in biased.bias if one.size in ("moderate", "large")] == ["jealousy"]


def test_people_chosen_by_their_outcome_have_no_rates():
    found = evaluate(TABLE, "repeat", SETTING, "first-look", design="case-control", group="place", base_rates=[0.01])
    shares = {
        "share of the people",
        "observed rate",
        "flagged",
        "ppv",
        "npv",
        "rate of the event",
        "level undetermined",
    }
    for each in found.rows:
        if each.figure in shares and each.section != "base-rates":
            assert (each.value, each.least) == (None, None)
            assert each.undefined
    assert row("high", "sensitivity", found) == row("high", "sensitivity")
    assert "chosen by their outcome" in found.figures.recalibrated
    assert any("People were chosen by their outcome" in said for said in found.summary())
    assert found.figures.outcome_bias == ()
    assert {each.of for each in found.rows if each.section == "base-rates"} == {
        "moderate, where 1 % have the event",
        "high, where 1 % have the event",
    }


def test_with_few_events_nothing_is_recalibrated():
    highest = FOUND.figures.people.scored.score_low.argsort()[-8:]
    table = TABLE.assign(repeat=np.isin(np.arange(len(TABLE)), highest).astype(int))
    found = evaluate(table, "repeat", SETTING, "first-look")
    assert found.figures.recalibrated.startswith("8 people of the rarer outcome, expected at least 10")
    assert any("too few people" in said for said in found.summary())
    same = quietly(pd.DataFrame({"strangulation": ["yes"] * 30, "repeat": [0, 1] * 15}))
    assert same.figures.recalibrated == "all scores are the same, so nothing can be fitted"
    assert same.figures.auc.undefined == "all scores are the same"
    assert any("can't be said: all scores are the same" in said for said in same.summary())
    assert "undefined of" not in same.page()


def test_a_score_that_runs_the_wrong_way_is_not_recalibrated():
    table = pd.DataFrame({"strangulation": ["yes", "no"] * 40, "repeat": [0, 1, 0, 1, 1, 1, 0, 0] * 10})
    assert quietly(table).figures.recalibrated.startswith("people with the event do not have the higher scores here")


def test_recalibration_is_that_of_the_statistics():
    hit, score = TABLE["repeat"].to_numpy().astype(bool), FOUND.figures.people.scored.score_low
    given = cross_fit(score, hit, SETTING)
    done = FOUND.figures.recalibrated
    assert (done.brier, done.log_loss) == (brier(given.values, hit), log_loss(given.values, hit))
    assert done.net_benefits == net_benefit(given.values, hit, [0.05, 0.1, 0.2, 0.3])
    assert "any repeat, as recorded, within 365 days" in done.method


def test_probabilities_that_came_with_the_table_are_held_to_what_happened():
    source = np.random.default_rng(1)
    given = np.clip(0.16 + 0.3 * source.normal(size=len(TABLE)) ** 2 / 10, 0.01, 0.99)
    found = evaluate(TABLE.assign(model=given), "repeat", SETTING, "first-look", probability="model")
    done, hit = found.figures.calibrated, TABLE["repeat"]
    assert done.line == calibration_line(given, hit)
    assert done.brier == brier(given, hit)
    assert done.error.value == calibration_error(given, hit).value
    assert not len(done.error.probability)
    assert row("", "calibration slope", found).value == done.line.value
    assert '<section id="calibration">' in found.page()
    assert FOUND.figures.calibrated is None
    assert "columns that were not used" in {each.figure for each in found.rows}
    assert "model" not in row("", "columns that were not used", found).note


def test_what_open_answers_leave_goes_on_to_other_base_rates():
    """Whoever of the events, and of the others, is flagged: the extremes are at the ends of both shares."""
    people, rate = FOUND.figures.people, 0.01
    values = []
    for hit_at, other_at in product(("rank_low", "rank_high"), repeat=2):
        ranks = np.where(people.outcome, getattr(people.scored, hit_at), getattr(people.scored, other_at))
        sensitivity, false = (ranks[who] >= 2 for who in (people.outcome, ~people.outcome))
        values.append(at_base_rate(sensitivity.mean(), 1 - false.mean(), rate))
    for name in ("flagged", "ppv", "npv"):
        found = row("high, where 1 % have the event", name)
        ends = [getattr(value, name) for value in values]
        assert (found.least, found.greatest) == pytest.approx((min(ends), max(ends)))
    ratio = row("high", "likelihood_ratio_positive")
    assert ratio.least < ratio.value < ratio.greatest


@pytest.mark.parametrize("kind", ["category", "object", "decimal", "polars"])
def test_outcomes_in_other_kinds_of_columns_are_the_same_outcomes(kind):
    hit = TABLE["repeat"]
    tables = {
        "category": lambda: TABLE.assign(repeat=hit.astype(str).astype("category")),
        "object": lambda: TABLE.assign(repeat=hit.astype(object)),
        "decimal": lambda: TABLE.assign(repeat=[Decimal(int(value)) for value in hit]),
        "polars": lambda: pl.from_pandas(TABLE).with_columns(pl.col("repeat").cast(pl.String).cast(pl.Categorical)),
    }
    found = evaluate(tables[kind](), "repeat", SETTING, "first-look")
    assert found.figures.auc == FOUND.figures.auc


def test_predictive_values_at_a_base_rate_have_the_interval_of_the_likelihood_ratio():
    edge = FOUND.figures.bands.edges[-1]
    found = row("high, where 1 % have the event", "ppv")
    ratio = edge.likelihood_ratio_positive
    assert (found.low, found.value, found.high) == pytest.approx(
        [r / 99 / (1 + r / 99) for r in (ratio.low, ratio.value, ratio.high)]
    )
    spared = row("high, where 1 % have the event", "npv")
    assert spared.low < spared.value < spared.high


@pytest.mark.parametrize("ref", list_instruments())
def test_every_shipped_instrument_can_be_evaluated(ref):
    """Those with points below 0 and those without any points, too; half of the events are the highest scores."""
    source, instrument = random.Random(4), load_instrument(ref)
    table = pd.DataFrame([made.sheet(source, instrument, 0.2) for _ in range(90)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = score_cohort(table, ref, allow_draft=True, training_confirmed=True)["score_low"]
    table = table.assign(repeat=((score.rank(method="first") > 70) | (np.arange(90) % 5 == 0)).astype(int))
    found = evaluate(table, "repeat", SETTING, ref, against=ref, allow_draft=True, training_confirmed=True)
    assert len(found.figures.bands.names) == len(instrument.levels)
    assert found.figures.against[str(instrument)].difference.value in (0.0, None)
    assert isinstance(found.figures.recalibrated, str) == (score.nunique() == 1)


def test_an_item_without_a_column_is_said_first():
    table = TABLE.rename(columns={"strangulation": "Strangulation"})
    with pytest.warns(UserWarning, match=r"1 items have no column .*: strangulation \(is it Strangulation\?\)"):
        found = evaluate(table, "repeat", SETTING, "first-look")
    assert any("strangulation (is it Strangulation?)" in said for said in found.summary())


def test_open_answers_and_riskier_ones_are_counted_item_by_item():
    table = pd.DataFrame({"threat_to_kill": ["none", "vague", "unknown", None] * 3, "repeat": [0, 1] * 6})
    people = quietly(table).figures.people
    assert people.open_shares()["threat_to_kill"] == 0.5
    assert people.open_shares()["strangulation"] == 1.0
    assert people.riskier()["threat_to_kill"][:4].tolist() == pytest.approx([0, 1, np.nan, np.nan], nan_ok=True)
    assert "strangulation" not in people.riskier()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.5, "50.0"),
        (0.0, "0.0"),
        (1.0, "100.0"),
        (0.2346, "23.5"),
        (0.00062, "0.06"),
        (0.99962, "99.96"),
        (0.99999, "99.999"),
        (0.001, "0.1"),
    ],
)
def test_a_share_is_told_from_nothing_and_from_all(value, said):
    assert share(value) == f"{said}\u00a0%"
    assert share(None) == "undefined"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0123456, "0.0123"),
        (0.5, "0.500"),
        (-0.00001, "0.0000"),
        (9.9994, "9.999"),
        (12.345, "12.3"),
        (-0.25, "-0.250"),
    ],
)
def test_a_number_has_three_or_four_digits(value, said):
    assert number(value) == said


def test_a_cell_has_value_interval_what_it_rests_on_and_its_range():
    one = Row("edges", "high", "sensitivity", "share", 0.25, 0.2, 0.3, 0.1, 0.9, note="5 of 20")
    assert cell(one).replace("\u00a0", " ") == (
        "25.0 % (20.0 % to 30.0 %)<br><span class='small'>5 of 20</span><br><span class='small'>possible: 10.0 % to 90.0 %</span>"
    )
    assert cell(one._replace(value=None, note="")).replace("\u00a0", " ") == "10.0 % to 90.0 %"
    assert "may be wider" in cell(one._replace(value=None, note="may be wider than the truth"))


def test_what_has_no_value_is_a_dash_with_its_reason_said_once():
    rows = [Row("groups", name, "rate", "share", undefined="too few") for name in ("a", "b")]
    rows.append(Row("groups", "c", "rate", "share", 0.5))
    made = grid(rows, "of")
    assert made.count("– (1)") == 3
    assert made.count("too few") == 1
    assert ">c</th>" in made


def test_the_first_lines_say_the_figures_of_the_page():
    said = " ".join(FOUND.summary()).replace("\u00a0", " ")
    auc, edge = FOUND.figures.auc, FOUND.figures.bands.edges[-1]
    for figure in (
        auc.value,
        auc.low,
        auc.high,
        edge.sensitivity.value,
        edge.ppv.value,
        edge.flagged.value,
        FOUND.figures.auc_range.low,
    ):
        assert f"{100 * figure:.1f} %" in said
    assert f"{100 * (1 - edge.specificity.value):.1f} % ({100 * (1 - edge.specificity.high):.1f} %" in said
    assert "1,500 people" in said


# ---------------------------------------------------------------------------------------------- what is written


def test_the_page_has_its_sections_words_for_its_pictures_and_nothing_from_elsewhere():
    page = FOUND.page()
    assert re.findall(r'<section id="([\w-]+)">', page) == [name for name in TITLES if name != "calibration"]
    alts = re.findall(r'<img src="data:image/png;base64,[^"]+" alt="([^"]+)">', page)
    assert len(alts) == 4
    assert all(len(alt) > 60 and re.search(r"\d", alt) for alt in alts)
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!data:)', page)
    for words in ("nowhere, invented", "365 days", "any repeat, as recorded", "says nothing about any one of them"):
        assert words in page


def test_the_reporting_list_points_at_sections_of_the_page():
    assert set(SECTIONS) == set(TITLES) - {"reporting"}


def test_group_names_are_text_and_not_html():
    table = TABLE.assign(place=np.where(np.arange(len(TABLE)) % 2 == 0, "<b>a</b>", "b & c"))
    page = evaluate(table, "repeat", SETTING, "first-look", group="place").page()
    assert "<b>a</b>" not in page
    assert "&lt;b&gt;a&lt;/b&gt;" in page


def test_everything_is_written_or_nothing(tmp_path):
    FOUND.write(tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["figures.csv", "report.html"]
    with (tmp_path / "new/figures.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(FOUND.rows)
    assert {each["section"] for each in rows} <= set(TITLES)
    with pytest.raises(DataError, match="holds other data"):
        FOUND.write(tmp_path / "new")


def test_no_call_gives_a_person_a_probability():
    """A probability leaves only through a named calibration: not from a result, a table of results, or features."""
    result = assess({"strangulation": "yes"}).to_dict()
    scored = score_cohort(
        pd.DataFrame({item.id: ["unknown"] for item in FOUND.figures.people.instrument.items}), "first-look"
    )
    assert not [name for name in (*result, *scored.columns, *FEATURES) if "prob" in name or "risk" in name]
    assert not {each.of for each in FOUND.rows} & set(TABLE["case"])


# --------------------------------------------------------------------------------------------------- command line

SAID = ["--outcome", "repeat", "--country", "nowhere", "--years", "2022", "--event", "repeat", "--follow-up", "1 year"]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_the_command_writes_a_report(tmp_path, capsys, suffix):
    path = tmp_path / f"people{suffix}"
    TABLE.to_csv(path, index=False) if suffix == ".csv" else TABLE.to_parquet(path)
    ran = main(
        ["evaluate", str(path), *SAID, "--instrument", "first-look", "--group", "place", "--out", str(tmp_path / "out")]
    )
    assert ran == 0
    assert "1,500 people" in capsys.readouterr().out
    with (tmp_path / "out/figures.csv").open(encoding="utf-8") as file:
        (auc,) = [r for r in csv.DictReader(file) if r["of"] == "first-look 1.0" and r["section"] == "discrimination"]
    assert float(auc["value"]) == FOUND.figures.auc.value


def test_the_command_speaks_to_machines(tmp_path, capsys):
    TABLE.to_csv(tmp_path / "people.csv", index=False)
    assert main(["evaluate", str(tmp_path / "people.csv"), *SAID, "--case-control", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {each["section"] for each in rows} >= {"people", "edges", "discrimination"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("people.csv", None, "there is no such file"),
        ("people.xlsx", "", "expected .csv or .parquet"),
        ("people.csv", 'strangulation,repeat\n"yes,1\n', "can't be read as a table"),
        ("people.csv", "strangulation,repeat\nyes,1\n", "everybody had the event"),
        ("people.csv", "strangulation,repeat\nyes,1\nno,maybe\n", "1 of 2 values are neither 1 (event) nor 0"),
        ("people.csv", "strangulation;repeat\nyes;1\nno;0\n", "separated by semicolons"),
        ("people.csv", "strangulation,repeat\nyes,1\nno,\n", "1 missing"),
        ("people.parquet", "no table", "can't be read as a table"),
    ],
)
def test_bad_files_give_one_message(tmp_path, capsys, name, text, message):
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["evaluate", str(tmp_path / name), *SAID, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


# ------------------------------------------------------------------------------------------------------- bad input

SMALL = pd.DataFrame({"strangulation": ["yes", "no", "unknown", "no"], "repeat": [1, 0, 0, 1]})


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (SMALL, {"outcome": "repaet"}, "did you mean repeat"),
        (SMALL, {"outcome": "strangulation"}, "strangulation is an item of first-look"),
        (SMALL.assign(repeat=[0, 0, 0, 0]), {}, "nobody had the event"),
        (SMALL.assign(repeat=[1, 1, 1, 1]), {}, "everybody had the event"),
        (SMALL.assign(repeat=[0, 1, 2, 0]), {}, "got 2, expected 0"),
        (SMALL.assign(repeat=[0.0, 1.0, float("nan"), 0.0]), {}, "1 missing"),
        (SMALL.assign(repeat=[0.0, 1.0, 0.5, 0.0]), {}, "got 0.5, expected 0"),
        (SMALL.head(0), {}, "nobody is in the table"),
        (SMALL[["repeat"]], {}, "no column is an item of first-look"),
        (SMALL, {"group": "place"}, "is not a column of the table"),
        (SMALL, {"group": "repeat"}, "two of them are the same column"),
        (SMALL.assign(p=[0.1, 0.2, 0.3, 1.4]), {"probability": "p"}, "p: got 1.4, expected probabilities"),
        (SMALL.assign(p=["a", "b", "c", "d"]), {"probability": "p"}, "p: got other values than numbers"),
        (SMALL, {"probability": "p"}, "p is not a column"),
        (
            pd.concat([SMALL] * 6).assign(case=range(24)),
            {"group": "case"},
            "24 groups, expected at most 20. Merge them",
        ),
        (SMALL, {"outcome": None}, "expected names of columns"),
        (SMALL, {"group": ["place"]}, "expected names of columns"),
        (SMALL.assign(p=0.5), {"probability": "p", "design": "case-control"}, "by which people were chosen"),
        (SMALL, {"setting": "Serbia, 2022"}, "expected a Setting"),
        (SMALL, {"design": "cross-over"}, "cohort or case-control"),
        (SMALL, {"base_rates": [0.0]}, "above 0 and below 1"),
        (SMALL, {"base_rates": 0.1}, "expected a sequence of shares"),
        (SMALL, {"base_rates": ["rare"]}, "base_rate: got a value of type str"),
        (SMALL, {"thresholds": 0.1}, "expected a sequence"),
        (SMALL, {"least": 0}, "least: got 0"),
        (SMALL.assign(strangulation="perhaps"), {}, "strangulation"),
        (SMALL.rename(columns={"repeat": 7}), {"outcome": "7"}, "a name that is no text"),
        (SMALL.assign(strangled=SMALL["strangulation"]), {"columns": {"strangulation": "repeat"}}, "is an item of"),
    ],
)
def test_what_can_t_be_used_is_refused(table, options, message):
    given = {"outcome": "repeat", "setting": SETTING, "instrument": "first-look"} | options
    with pytest.raises(DataError, match=message):
        evaluate(table, **given)


def test_outcomes_of_a_file_may_be_true_and_false_and_empty_rows_are_no_people(tmp_path, capsys):
    rows = "strangulation,repeat\n" + "yes,TRUE\nno,false\nno,1.0\nyes,0\n,\n\n" * 3
    (tmp_path / "people.csv").write_text("\ufeff" + rows, encoding="utf-8")
    assert (
        main(
            [
                "evaluate",
                str(tmp_path / "people.csv"),
                *SAID,
                "--instrument",
                "first-look",
                "--out",
                str(tmp_path / "o"),
            ]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert "12 people, 6 with the event" in said
    assert "items have no column" in said


# ------------------------------------------------------------------------------------------------------- extras


@pytest.mark.parametrize(
    ("module", "call"),
    [
        ("sklearn", lambda: cross_fit([0, 1, 1, 0] * 15, [0, 1, 0, 1] * 15, SETTING)),
        ("sklearn", lambda: fit_calibration([0, 1, 1, 0] * 15, [0, 1, 0, 1] * 15, SETTING)),
        ("statsmodels.nonparametric.smoothers_lowess", lambda: calibration_error(np.linspace(0, 1, 20), [0, 1] * 10)),
        (
            "statsmodels.stats.contingency_tables",
            lambda: item_bias({"a": [0, 1] * 30}, [*"xxyy"] * 15, reference="x", alike=[1] * 60),
        ),
        ("pyarrow", lambda: evaluate(SMALL, "repeat", SETTING, "first-look")),
    ],
)
def test_what_is_not_installed_is_named_with_its_extra(monkeypatch, module, call):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'dvrisk\[(research|frames)\]'"):
        call()


def test_without_its_libraries_the_command_says_which_extra(tmp_path):
    """As after `pip install dvrisk`, which brings pydantic alone."""
    code = """
import sys
for name in ("numpy", "pyarrow", "scipy", "pandas"):
    sys.modules[name] = None
from dvrisk.cli import main
from dvrisk.cohort import read_cohort
sys.exit(main(sys.argv[1:]))
"""
    TABLE.head(20).to_csv(tmp_path / "people.csv", index=False)
    for command in (["evaluate", "people.csv", *SAID, "--json"], ["score", "people.csv"]):
        run = subprocess.run(
            [sys.executable, "-c", code, *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert run.returncode == 2
        assert "pip install 'dvrisk[" in run.stderr
        assert "Traceback" not in run.stderr
