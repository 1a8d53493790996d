"""Many cases at once: row by row the numbers of `assess`, on every kind of table."""

import json
import warnings
from random import Random

import made
import pytest
import shipped

pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
np = pytest.importorskip("numpy")

from dvrisk import (  # noqa: E402
    DataError,
    InstrumentError,
    assess,
    cohort_columns,
    cohort_contributions,
    load_instrument,
    score_cohort,
    score_weight_sets,
)

KINDS = {
    "pyarrow": lambda table: table,
    "pyarrow dictionary": lambda table: pa.table(
        {n: table[n].combine_chunks().dictionary_encode() for n in table.column_names}
    ),
    "pandas": lambda table: table.to_pandas(),
    "pandas categories": lambda table: table.to_pandas().astype("category"),
    "polars": pl.from_arrow,
    "polars lazy": lambda table: pl.from_arrow(table).lazy(),
    "polars categories": lambda table: pl.from_arrow(table).cast(pl.Categorical),
}
RESULT = ("score_low", "score_high", "level_low", "level_high", "level", "settled", "rules")


def table_of(instrument, sheets):
    schema = pa.schema([(item.id, pa.string()) for item in instrument.items])
    return pa.Table.from_pylist(
        [{item.id: sheet.get(item.id) for item in instrument.items} for sheet in sheets], schema
    )


def rows(frame):
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pa.Table):
        return frame.to_pylist()
    if isinstance(frame, pd.DataFrame):
        return pa.Table.from_pandas(frame, preserve_index=False).to_pylist()
    return frame.to_dicts()


def expected(a):
    found = {name: getattr(a, name) for name in RESULT if name != "rules"} | {"rules": [rule.id for rule in a.rules]}
    if a.definition.missing_rule:
        found |= {"official_score": a.official.score, "official_result": a.official.result}
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ref", shipped.EVERY)
def test_every_row_equals_assess(ref, kind):
    instrument, source = load_instrument(ref), Random(ref + kind)
    sheets = [made.sheet(source, instrument) for _ in range(120)]
    scored = score_cohort(KINDS[kind](table_of(instrument, sheets)), instrument, **shipped.LEAVE)
    for row, sheet in zip(rows(scored), sheets, strict=True):
        want = expected(assess(sheet, instrument, **shipped.LEAVE))
        assert {name: row[name] for name in want} == want


def test_every_row_equals_assess_on_random_instruments():
    source = Random(11)
    for _ in range(300):
        instrument = made.instrument(source)
        sheets = [made.sheet(source, instrument) for _ in range(25)]
        for row, sheet in zip(rows(score_cohort(table_of(instrument, sheets), instrument)), sheets, strict=True):
            want = expected(assess(sheet, instrument))
            assert {name: row[name] for name in want} == want


@pytest.mark.parametrize("ref", shipped.EVERY)
def test_contributions_add_up_to_both_scores_and_equal_those_of_assess(ref):
    instrument, source = load_instrument(ref), Random(ref)
    sheets = [made.sheet(source, instrument) for _ in range(60)]
    long_form = cohort_contributions(table_of(instrument, sheets), instrument, **shipped.LEAVE).to_pylist()
    for place, sheet in enumerate(sheets):
        a = assess(sheet, instrument, **shipped.LEAVE)
        found = [(row["kind"], row["id"], row["low"], row["high"]) for row in long_form if row["row"] == place]
        want = [(row.kind, row.id, row.low, row.high) for row in a.contributions if row.low or row.high]
        assert sorted(found) == sorted(want)
        assert (sum(row[2] for row in found), sum(row[3] for row in found)) == (a.score_low, a.score_high)


def test_a_set_of_weights_equals_a_definition_with_those_points():
    instrument, source = load_instrument("first-look"), Random(2)
    sheets = [made.sheet(source, instrument) for _ in range(200)]
    sets = [{}, {"strangulation": (0, 4), "separation": (0, 0, 1, 1, 2, 2, 2)}, {"threat_to_kill": (0, 1, 1, 1, 5)}]
    found = score_weight_sets(table_of(instrument, sheets), sets, instrument)
    for number, points in enumerate(sets):
        items = tuple(
            item.model_copy(
                update={
                    "options": tuple(
                        option.model_copy(update={"points": value})
                        for option, value in zip(item.options, points.get(item.id, ()), strict=False)
                    )
                }
            )
            if item.id in points
            else item
            for item in instrument.items
        )
        other = instrument.model_copy(update={"items": items, "version": f"9.{number}"})
        other.__dict__.pop("by_id", None)
        other.__dict__.pop("sha256", None)
        for place, sheet in enumerate(sheets):
            a = assess(sheet, other)
            assert found["score_low"][number][place] == a.score_low
            assert found["score_high"][number][place] == a.score_high
            assert instrument.levels[found["rank_low"][number][place]] == a.level_low
            assert instrument.levels[found["rank_high"][number][place]] == a.level_high


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ({"strangulaton": (0, 1)}, "strangulaton is not an item"),
        ({"strangulation": (0, 1, 2)}, "a number for each of no, yes"),
        ({"strangulation": (2, 1)}, "never falling"),
    ],
)
def test_a_bad_set_of_weights_is_refused(points, said):
    with pytest.raises(DataError, match=said):
        score_weight_sets(pa.table({"strangulation": ["yes"]}), [points], "first-look")


# -------------------------------------------------------------------------------------- names and codes of one's own


def one(frame, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rows(score_cohort(frame, "first-look", **options))


def test_own_column_names_and_code_books():
    plain = one(pa.table({"strangulation": ["yes", "no", None]}))
    book = {"strangulation": {1: "yes", 2: "no", 9: "unknown"}}
    coded = one(pd.DataFrame({"Q7": [1, 2, 9]}), columns={"strangulation": "Q7"}, codes=book)
    assert [row["level"] for row in plain] == [row["level"] for row in coded]
    ranks = one(pl.DataFrame({"strangulation": pl.Series([1, 0, None], dtype=pl.Int8)}), codes="ranks")
    assert [row["level"] for row in plain] == [row["level"] for row in ranks]
    floats = one(pd.DataFrame({"strangulation": [1, 0, None]}), codes="ranks")
    assert [row["level"] for row in plain] == [row["level"] for row in floats]
    ticked = one(pd.DataFrame({"strangulation": pd.array([True, False, None], dtype="boolean")}))
    assert [row["level"] for row in plain] == [row["level"] for row in ticked]


def test_pandas_keeps_its_index_and_every_other_column():
    frame = pd.DataFrame({"strangulation": ["yes", None], "case": [7, 8]}, index=["a", "b"])
    with pytest.warns(UserWarning, match="have no column"):
        out = score_cohort(frame, "first-look")
    assert list(out.index) == ["a", "b"]
    assert list(out["case"]) == [7, 8]
    assert list(frame.columns) == ["strangulation", "case"]


def test_columns_are_named_on_request():
    found = cohort_columns(pd.DataFrame({"strangulation": [], "name": []}), "first-look")
    assert found.used == {"strangulation": "strangulation"}
    assert found.ignored == ("name",)
    assert len(found.missing) == len(load_instrument("first-look").items) - 1


def test_an_empty_table_has_the_right_columns_and_no_rows():
    for empty in (
        pa.table({"strangulation": pa.array([], pa.string())}),
        pd.DataFrame({"strangulation": []}),
        pl.DataFrame({"strangulation": []}),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            out = score_cohort(empty, "first-look")
        names = out.column_names if isinstance(out, pa.Table) else list(out.columns)
        assert names == ["strangulation", *RESULT]
        assert rows(out) == []


def test_a_lazy_table_reports_at_the_first_evaluation_and_reads_the_same_twice():
    wrong = score_cohort(pl.LazyFrame({"strangulation": ["maybe"]}), "first-look")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((DataError, pl.exceptions.ComputeError), match="strangulation"):
            wrong.collect()
        lazy = score_cohort(pl.LazyFrame({"strangulation": ["yes", None, "no"]}), "first-look")
        assert lazy.collect().equals(lazy.collect())


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pa.table({"strangulation": ["yess", "maybe", "maybe"]}), r"did you mean yes\?\), 1 times"),
        (pa.table({"strangulation": ["a long private note about somebody"]}), "a text of 34 characters"),
        (pa.table({"strangulation": [1, 2]}), "Say what they mean with codes="),
        (pa.table({"strangulation": [0.5]}), "of the kind double"),
        (pd.DataFrame({"strangulation": ["yes", 3]}), "mixes kinds of values"),
        (pd.DataFrame([["yes", "no"]], columns=["strangulation", "strangulation"]), "stands more than once"),
        (pa.table({"strangulation": ["yes"], "level": ["x"]}), "would be lost"),
        ({"strangulation": ["yes"]}, "got a dict"),
        (pd.DataFrame({"strangulation": pd.Categorical([0, 1])}), "Say what they mean with codes="),
        (pa.table({"strangulation": [True, None], "forced_sex": [[1], None]}), "of the kind list"),
        (pa.table({"children": ["yes"], "threat_to_children": ["not_applicable"]}), "not_applicable 1 times"),
    ],
)
def test_bad_input_is_refused_in_one_message_that_repeats_no_free_text(frame, said):
    with pytest.raises(DataError, match=said) as caught:
        one(frame)
    assert "private note" not in str(caught.value)


def test_ranks_outside_the_options_are_counted():
    with pytest.raises(DataError, match="2 ranks are outside 0 to 1"):
        one(pa.table({"strangulation": [0, 2, 7, 1]}), codes="ranks")


def test_values_that_mean_nothing_can_be_left_open_and_are_counted():
    with pytest.warns(UserWarning, match="1 times"), pytest.warns(UserWarning, match="no column"):
        out = rows(score_cohort(pa.table({"strangulation": ["yes", "mabye"]}), "first-look", unusable="open"))
    assert [row["level"] for row in out] == ["high", "undetermined"]


def test_a_draft_needs_leave_here_too():
    with pytest.raises(InstrumentError, match="allow_draft"):
        score_cohort(pa.table({"strangulation": ["yes"]}), "odara")


def test_a_long_table_is_scored_in_slices_with_the_same_numbers_and_the_same_messages(monkeypatch):
    instrument, source = load_instrument("first-look"), Random(4)
    sheets = [made.sheet(source, instrument) for _ in range(50)]
    table = table_of(instrument, sheets)
    whole = [rows(score_cohort(KINDS[kind](table), instrument)) for kind in KINDS]
    monkeypatch.setattr("dvrisk.cohort.SLICE", 7)
    assert [rows(score_cohort(KINDS[kind](table), instrument)) for kind in KINDS] == whole
    wrong = pa.table({"strangulation": ["maybe"] * 20})
    with pytest.raises(DataError, match="20 times"):
        one(wrong)
    assert {row["level"] for row in one(wrong, unusable="open")} == {"undetermined"}


def test_the_maps_and_the_hash_are_kept_with_the_table():
    book = {"strangulation": {1: "yes", 2: "no"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = score_cohort(pd.DataFrame({"Q7": [1]}), "first-look", columns={"strangulation": "Q7"}, codes=book)
        table = score_cohort(pa.table({"Q7": [1]}), "first-look", columns={"strangulation": "Q7"}, codes=book)
    record = frame.attrs["dvrisk"]
    assert record["sha256"] == load_instrument("first-look").sha256
    assert (record["columns"], record["codes"]) == ({"strangulation": "Q7"}, book)
    assert json.loads(table.schema.metadata[b"dvrisk"])["columns"] == {"strangulation": "Q7"}


@pytest.mark.parametrize("kind", [pa.uint8(), pa.int16(), pa.int32(), pa.uint64(), pa.int64()])
def test_ranks_of_any_width_are_read(kind):
    out = one(pa.table({"strangulation": pa.array([1, 0, None], kind)}), codes="ranks")
    assert [row["score_low"] for row in out] == [2, 0, 0]
    with pytest.raises(DataError, match="1 ranks are outside"):
        one(pa.table({"strangulation": pa.array([1, 100], kind)}), codes="ranks")


def test_code_books_are_checked():
    frame = pa.table({"strangulation": [1]})
    with pytest.raises(DataError, match="strangulaton is not an item"):
        one(frame, codes={"strangulation": {1: "yes"}, "strangulaton": {1: "yes"}})
    with pytest.raises(DataError, match="did you mean yes"):
        one(frame, codes={"strangulation": {1: "yess"}})
    with pytest.raises(DataError, match="got 1, 1 times"):
        one(frame, codes={"strangulation": {2: "yes"}})


def test_weight_sets_of_a_draft_need_leave():
    with pytest.raises(InstrumentError, match="allow_draft"):
        score_weight_sets(pa.table({"strangulation": ["yes"]}), [{}], "lap-2")
