"""Invented cases come out as their recipe says, and the same for everybody; nothing about the truth shows from outside."""

import json
import subprocess
import sys
from math import sqrt

import pytest

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")

import simulated_digests  # noqa: E402

from dvrisk import DataError, assess, contradictions, list_recipes, load_recipe, score_cohort, simulate  # noqa: E402
from dvrisk.catalog import item_bank  # noqa: E402
from dvrisk.recipe_schema import SEVERITIES, covers, share_among  # noqa: E402

N = 200_000
FAR = 4.8
"""Standard errors that are too many: among some 2,000 comparisons, one in 300 runs would show such a one."""


@pytest.fixture(scope="module")
def big():
    """200,000 cases of training-mix, in which no severity is rare."""
    return simulate("training-mix", n=N, seed=7)


def off(share, expected, n):
    """How many standard errors an observed share lies from the expected one."""
    se = sqrt(expected * (1 - expected) / n)
    return abs(share - expected) / se if se else (0.0 if share == expected else float("inf"))


# ------------------------------------------------------------------------------------------- as the recipe says


@pytest.mark.parametrize("severity", SEVERITIES)
def test_severities_and_options_have_their_shares(big, severity):
    recipe, here = big.recipe, big.truth.cases["severity"] == severity
    n_here = int(here.sum())
    assert off(n_here / N, getattr(recipe.severity, severity) / 10_000, N) < FAR
    with_children = here & (big.truth.answers["children"] == "yes")
    for fact in recipe.facts:
        gated = item_bank()[fact.item].get("applies_if")
        answers = big.truth.answers[fact.item][with_children if gated else here].astype(str)
        if fact.becomes:  # both options together have the share; which one it is hangs on another fact
            answers = answers.replace(fact.becomes.to, fact.becomes.option)
        for code in item_bank()[fact.item]["options"]:
            expected = share_among(fact, (code,), severity) / 10_000
            assert off((answers == code).mean(), expected, len(answers)) < FAR, (fact.item, code)


def chances(shares, recipe, in_area):
    """The chance of each fact at every node of two independent normal variables, by the library's own normals."""
    from statistics import NormalDist

    nodes, weights = np.polynomial.hermite_e.hermegauss(21)
    common, local = recipe.together.any_two / 10_000, recipe.together.more_in_one_area / 10_000 if in_area else 0.0
    pull = sqrt(common) * nodes[:, None] + sqrt(local) * nodes[None, :]
    cdf = np.vectorize(NormalDist().cdf)
    found = [cdf((NormalDist().inv_cdf(share) + pull) / sqrt(1 - common - local)) for share in shares]
    return np.array(found), weights / weights.sum()


@pytest.mark.parametrize("severity", SEVERITIES)
def test_pairs_of_facts_come_together_as_often_as_the_correlations_say(big, severity):
    recipe, here = big.recipe, big.truth.cases["severity"] == severity
    free = [f for f in recipe.facts if f.together and not f.given and not item_bank()[f.item].get("applies_if")]
    shares = {f.item: sum(f.per_10000.of(severity).values()) / 10_000 for f in free}
    present = {item: (big.truth.answers[item][here].cat.codes > 0).to_numpy() for item in shares}
    areas = {item: item_bank()[item]["area"] for item in shares}
    with_area = ("firearms", "death-threats", "stalking", "post-separation", "escalation")
    nodes = {item: chances([shares[item]], recipe, areas[item] in with_area) for item in shares}
    n_pairs, items = 0, list(shares)
    for place, one in enumerate(items):
        for other in items[:place]:
            (a,), weights = nodes[one]
            (b,), _ = nodes[other]
            if areas[one] == areas[other] and areas[one] in with_area:
                expected = weights @ (a * b) @ weights
            else:
                expected = weights @ ((a @ weights) * (b @ weights))
            assert off((present[one] & present[other]).mean(), expected, len(present[one])) < FAR, (one, other)
            n_pairs += 1
    assert n_pairs > 400


@pytest.mark.parametrize("severity", SEVERITIES)
def test_linked_facts_come_together_as_often_as_the_links_say(big, severity):
    here = big.truth.cases["severity"] == severity
    for fact in (fact for fact in big.recipe.facts if fact.given and not item_bank()[fact.item].get("applies_if")):
        other = big.truth.answers[fact.given.item].isin(fact.given.among) & here
        has = sum(fact.per_10000.of(severity).values())
        base = share_among(big.recipe.by_item[fact.given.item], fact.given.among, severity)
        linked = fact.given.per_10000.of(severity) / 10_000 if fact.given.per_10000 else has / base
        present = big.truth.answers[fact.item].cat.codes > 0
        assert off(present[other].mean(), linked, int(other.sum())) < FAR, fact.item
        if fact.given.per_10000 is None:
            assert not present[here & ~other].any()


@pytest.mark.parametrize("ref", list_recipes())
def test_answers_go_missing_as_often_as_the_gaps_say(ref):
    cases = simulate(ref, n=N, seed=3)
    for gap in cases.recipe.gaps:
        why = {"undated": "date_not_known", "least": "not_written_down"}.get(gap.reads, gap.mechanism)
        for item in (item for item in cases.recipe.by_item if covers(gap, item)):
            chance = cases.truth.why_missing[item] == "by_chance"
            may = pd.Series(True, index=cases.answers.index) if gap.mechanism == "by_chance" else ~chance
            if gap.when:
                may &= cases.answers[gap.when.item].isin(gap.when.among)
            if gap.mechanism == "by_answer":
                may &= cases.truth.answers[item].isin(gap.options or item_bank()[item]["options"][1:])
            if item_bank()[item].get("applies_if"):
                may &= cases.answers["children"] == "yes"
            code = {"undated": item_bank()[item].get("undated"), "least": item_bank()[item]["options"][0]}
            hit = may & (cases.truth.why_missing[item] == why)
            hit &= cases.answers[item].astype(str) == (code.get(gap.reads) or gap.reads)
            alike = [
                g for g in cases.recipe.gaps if covers(g, item) and (g.mechanism, g.reads) == (gap.mechanism, gap.reads)
            ]
            assert alike == [gap], "the test tells gaps apart by mechanism and reading"
            assert off(hit.sum() / may.sum(), gap.per_10000 / 10_000, int(may.sum())) < FAR, (gap.id, item)


def test_an_answer_is_what_is_true_exactly_where_nothing_kept_it_from_being_recorded(big):
    for item in big.recipe.by_item:
        same = big.answers[item].astype(str) == big.truth.answers[item].astype(str)
        as_it_is = big.truth.why_missing[item] == "as_it_is"
        assert same[as_it_is].all(), item
        open_ = big.answers[item].isin(["unknown", "declined", "not_asked"])
        assert not open_[as_it_is].any(), item


@pytest.mark.parametrize("ref", ["serbia-reports", "training-mix"])
def test_outcomes_have_their_shares_and_times_and_lie_within_each_other(ref):
    cases = simulate(ref, n=N, seed=5)
    about = cases.truth.cases
    earlier, held = pd.Series(0, index=about.index), pd.Series(True, index=about.index)
    for outcome in cases.recipe.outcomes:
        day = about[f"{outcome.id}_day"]
        happened = day.notna()
        for severity in SEVERITIES:
            here = about["severity"] == severity
            assert off(happened[here].mean(), outcome.per_million.of(severity) / 1e6, int(here.sum())) < FAR
        assert not (happened & ~held).any()
        assert (day[happened] >= earlier[happened]).all()
        assert day[happened].between(1, 365).all()
        for detail in outcome.details:
            assert not about[detail.id][~happened].any()
            assert off(about[detail.id][happened].mean(), detail.per_10000 / 10_000, int(happened.sum())) < FAR
        earlier, held = day, happened
    first = cases.recipe.outcomes[0]
    day = about[f"{first.id}_day"].dropna()
    for point in first.by_day:
        assert off((day <= point.day).mean(), point.per_10000 / 10_000, len(day)) < FAR


def test_reports_fall_on_the_months_of_the_recipe(big):
    months = big.answers["reported_on"].dt
    assert set(months.year) == {big.recipe.reported.year}
    assert set(months.day[months.month == 2]) == set(range(1, 29))
    for month, share in enumerate(big.recipe.reported.per_10000, start=1):
        assert off((months.month == month).mean(), share / 10_000, N) < FAR


def test_there_are_as_many_children_as_the_recipe_says_and_none_where_there_are_none(big):
    number, has = big.truth.cases["children_number"], big.truth.answers["children"] == "yes"
    assert (number[~has] == 0).all()
    (declared,) = big.recipe.numbers
    for count, share in enumerate(declared.per_10000, start=1):
        assert off((number[has] == count).mean(), share / 10_000, int(has.sum())) < FAR


def test_days_fit_the_options_and_what_is_not_so_has_none(big):
    ago, answers = big.truth.days_ago, big.truth.answers
    recent = answers["separation"] == "within_3_months"
    assert ago["separation"][recent].between(1, 91).all()
    assert ago["separation"][answers["separation"].isin(["no", "planned_or_announced"])].isna().all()
    assert ago["threat_to_kill"][answers["threat_to_kill"] == "explicit_past"].between(183, 1825).all()
    assert ago["jealousy"].notna().equals(answers["jealousy"] != "no")
    assert ago["jealousy"].max() == 365
    assert "firearm_owned" not in ago


@pytest.mark.parametrize("ref", list_recipes())
def test_what_is_true_never_contradicts_itself(ref):
    cases = simulate(ref, n=3_000, seed=2)
    for row in cases.truth.answers.drop(columns="case").itertuples(index=False):
        assert not contradictions(row._asdict())
    quiet = cases.truth.answers["separation"] == "over_12_months"
    assert (cases.truth.answers["pursuit_duration"][quiet] == "none").all()


# ------------------------------------------------------------------------------------------------- the same for all


@pytest.mark.parametrize("ref", list_recipes())
def test_values_are_those_that_are_stored(ref):
    assert simulated_digests.digest(ref) == simulated_digests.stored()[ref]


def test_values_do_not_depend_on_what_the_processor_can_do():
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    off = " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))
    code = "import simulated_digests, sys; print(simulated_digests.digest(sys.argv[1]))"
    for ref in list_recipes():
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, ref],
            env={
                "NPY_DISABLE_CPU_FEATURES": off,
                "PYTHONPATH": ":".join(sys.path),
                "PYTHONHASHSEED": "3",
                "TZ": "Asia/Tokyo",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == simulated_digests.stored()[ref]


def test_a_case_comes_out_the_same_alone_or_among_many():
    many = simulate("serbia-reports", n=800, seed=9)
    for number in (1, 2, 731, 800):
        alone = simulate("serbia-reports", n=1, seed=9, first=number)
        row = slice(number - 1, number)
        for name in ("cases", "answers", "why_missing", "days_ago"):
            expected = getattr(many.truth, name)[row].reset_index(drop=True)
            pd.testing.assert_frame_equal(getattr(alone.truth, name), expected)
        pd.testing.assert_frame_equal(alone.answers, many.answers[row].reset_index(drop=True))


def test_cases_do_not_depend_on_the_size_of_a_block(monkeypatch):
    from dvrisk import drawing

    whole = simulate("serbia-reports", n=700, seed=9)
    monkeypatch.setattr(drawing, "BLOCK", 64)
    in_pieces = simulate("serbia-reports", n=700, seed=9)
    pd.testing.assert_frame_equal(in_pieces.answers, whole.answers)
    pd.testing.assert_frame_equal(in_pieces.truth.answers, whole.truth.answers)


def test_an_instrument_gets_its_own_items_with_the_same_values():
    whole, part = simulate(n=500), simulate(n=500, instrument="stalking")
    items = list(part.answers.columns[2:])
    assert len(items) < 40
    pd.testing.assert_frame_equal(part.answers, whole.answers[["case", "reported_on", *items]])
    pd.testing.assert_frame_equal(part.truth.answers, whole.truth.answers[["case", *items]])


def test_another_seed_gives_other_cases():
    assert not simulate(n=200, seed=1).truth.answers.equals(simulate(n=200, seed=2).truth.answers)


# --------------------------------------------------------------------------------------------------- nothing leaks


def auc(scores, positive):
    ranks = pd.Series(scores).rank().to_numpy()
    n_yes, n_no = int(positive.sum()), int((~positive).sum())
    value = (ranks[positive].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no)
    return value, sqrt((n_yes + n_no + 1) / (12 * n_yes * n_no))


def seen_from_outside(cases):
    """What shows of a case without its answers: its number, its row, and which answers are missing by chance."""
    number = cases.answers["case"].str.removeprefix("invented-").astype(float)
    chance = cases.truth.why_missing.drop(columns="case") == "by_chance"
    columns = [number, number % 2, number % 7, number % 16, np.sin(number), chance.sum(axis=1)]
    table = np.column_stack([*columns, chance.to_numpy(float)])
    spread = table.std(axis=0)
    return np.column_stack([np.ones(len(table)), (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1)])


def told_apart(outside, grave):
    """AUC, on every second case, of the best linear guess fitted to the others at which severities are above low."""
    weights, *_ = np.linalg.lstsq(outside[::2], grave[::2].astype(float), rcond=None)
    return auc(outside[1::2] @ weights, grave[1::2])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_number_row_and_gaps_by_chance_say_nothing_about_the_severity(seed):
    cases = simulate("training-mix", n=40_000, seed=seed)
    value, se = told_apart(seen_from_outside(cases), (cases.truth.cases["severity"] != "low").to_numpy())
    assert abs(value - 0.5) < 3 * se


def test_the_check_for_leaks_finds_rows_that_are_sorted_by_severity():
    cases = simulate("training-mix", n=4_000)
    grave = np.sort((cases.truth.cases["severity"] != "low").to_numpy())
    value, se = told_apart(seen_from_outside(cases), grave)
    assert value - 0.5 > 3 * se


def test_answers_do_not_hold_the_truth():
    cases = simulate(n=50, seed=987_654)
    hidden = set(cases.truth.cases.columns) - {"case"}
    assert not hidden & set(cases.answers.columns)
    assert repr(cases) == "<50 invented cases of serbia-reports 1.0>"
    assert "987654" not in repr(cases.truth) + cases.answers.to_csv()


# ------------------------------------------------------------------------------------------- with the rest of dvrisk


def test_invented_cases_are_scored_as_one_by_one():
    cases = simulate(n=200, seed=4, instrument="first-look")
    scored = score_cohort(cases.answers, "first-look")
    for place in range(200):
        answers = cases.answers.iloc[place, 2:].to_dict()
        result = assess(answers, "first-look")
        row = scored.iloc[place]
        assert (row.score_low, row.score_high, row.level) == (result.score_low, result.score_high, result.level)


def test_a_share_can_be_left_open_by_chance_alone():
    cases = simulate(n=20_000, open_percent=20)
    assert set(cases.truth.why_missing["jealousy"]) == {"as_it_is", "by_chance"}
    assert off((cases.answers["jealousy"] == "unknown").mean(), 0.2, 20_000) < FAR
    assert (cases.answers["children"] == cases.truth.answers["children"]).all()
    complete = simulate(n=100, open_percent=0)
    assert complete.answers.drop(columns=["case", "reported_on"]).equals(complete.truth.answers.drop(columns="case"))


def test_with_other_gaps_the_recipe_has_another_hash():
    recipe = load_recipe("training-mix")
    before = recipe.sha256
    changed = simulate(recipe, n=3, open_percent=20).recipe
    assert changed.sha256 != before == recipe.sha256
    assert changed != recipe
    assert [gap.per_10000 for gap in changed.gaps] == [2000]


# --------------------------------------------------------------------------------------------------------- the files


@pytest.mark.parametrize("format", ["csv", "parquet", "json"])
def test_what_is_written_can_be_read_and_truth_lies_apart(format, tmp_path):
    cases = simulate("training-mix", n=40)
    cases.write(tmp_path / "set", format)
    files = sorted(
        path.relative_to(tmp_path / "set").as_posix() for path in (tmp_path / "set").rglob("*") if path.is_file()
    )
    ending = {"csv": "csv", "parquet": "parquet", "json": "jsonl"}[format]
    tables = [f"truth/{name}.{ending}" for name in ("answers", "cases", "days_ago", "why_missing")]
    assert files == sorted(["DATASHEET.md", f"answers.{ending}", "truth/made-from.json", *tables])
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet, "json": lambda path: pd.read_json(path, lines=True)}[format]
    for path, table in (("answers", cases.answers), ("truth/answers", cases.truth.answers)):
        found = read(tmp_path / "set" / f"{path}.{ending}")
        assert list(found.columns) == list(table.columns)
        assert found["threat_to_kill"].astype(str).tolist() == table["threat_to_kill"].astype(str).tolist()
    about = read(tmp_path / "set" / f"truth/cases.{ending}")
    assert about["repeat_day"].isna().equals(cases.truth.cases["repeat_day"].isna())


def test_the_datasheet_says_what_it_is_and_not_the_seed(tmp_path):
    cases = simulate("training-mix", n=12, seed=987_654)
    cases.write(tmp_path / "set")
    sheet = (tmp_path / "set" / "DATASHEET.md").read_text(encoding="utf-8")
    assert "Every case is invented. Nobody in it is real." in sheet
    assert cases.recipe.sha256 in sheet
    assert "987654" not in sheet
    assert json.loads((tmp_path / "set/truth/made-from.json").read_text(encoding="utf-8"))["seed"] == 987_654


def test_a_folder_with_other_data_is_left_as_it_is(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="holds other data"):
        simulate(n=5).write(tmp_path / "set")
    assert [path.name for path in tmp_path.rglob("*")] == ["set", "mine.txt"]


def test_when_writing_fails_nothing_is_left_behind(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(DataError, match="No space left on device"):
        simulate(n=5).write(tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


# ----------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"n": 0}, "n: got 0, expected 1 to"),
        ({"n": -3}, "n: got -3"),
        ({"n": 2.5}, "n: got float, expected a whole number"),
        ({"n": True}, "n: got bool"),
        ({"seed": -1}, "seed: got -1"),
        ({"seed": 2**64}, "seed: got"),
        ({"first": 0}, "first: got 0"),
        ({"open_percent": 101}, "open_percent: got 101, expected 0 to 100"),
        ({"recipe": "serbia"}, "no recipe of this name"),
        ({"instrument": "lap"}, "does not say how often"),
    ],
)
def test_arguments_that_can_not_be_used_are_named(arguments, said):
    with pytest.raises(DataError) as error:
        simulate(**arguments)
    assert said in str(error.value)


def test_all_wrong_arguments_are_named_at_once():
    with pytest.raises(DataError) as error:
        simulate(n=0, seed=-1, first=0)
    assert len(error.value.problems) == 3


def test_whoever_waits_is_told_how_far_it_is():
    seen = []
    simulate(n=140_000, instrument="stalking", progress=lambda done, of: seen.append((done, of)))
    assert seen == [(65_536, 140_000), (131_072, 140_000), (140_000, 140_000)]
