"""Scores as features for scikit-learn: row by row those of `assess`, inside its own tools. All cases are invented."""

import importlib.util
import inspect
import pickle
import sys
import warnings
from functools import partial
from pathlib import Path
from random import Random

import made
import pytest
import shipped

pytest.importorskip("sklearn")
pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
np = pytest.importorskip("numpy")

from sklearn.base import clone  # noqa: E402
from sklearn.calibration import CalibratedClassifierCV  # noqa: E402
from sklearn.inspection import permutation_importance  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.model_selection import GridSearchCV, cross_val_predict  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.utils.estimator_checks import check_estimator  # noqa: E402

from dvrisk import (  # noqa: E402
    DataError,
    InstrumentError,
    MissingExtraError,
    UnknownInstrumentError,
    assess,
    learn,
    load_instrument,
    score_cohort,
    simulate,
)
from dvrisk.learn import FEATURES, InstrumentScores  # noqa: E402

CASES = simulate("training-mix", n=400, seed=1)
ANSWERS = CASES.answers
REPEATED = CASES.truth.cases["repeat_day"].notna().to_numpy()
FIRST_LOOK = load_instrument("first-look")
ASKED = [item.id for item in FIRST_LOOK.items]
OPEN = pd.DataFrame("unknown", index=[0], columns=ASKED)


def model(instrument="first-look"):
    return make_pipeline(InstrumentScores(instrument), StandardScaler(), LogisticRegression())


def quietly(call, *args):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*args)


# --------------------------------------------------------------------------------------------- the same four numbers


@pytest.mark.parametrize("ref", shipped.EVERY)
def test_every_row_equals_assess(ref):
    instrument, source = load_instrument(ref), Random(ref)
    sheets = [made.sheet(source, instrument) for _ in range(40)]
    table = pd.DataFrame(sheets, columns=[item.id for item in instrument.items])
    for sheet, row in zip(sheets, InstrumentScores(ref, **shipped.LEAVE).fit_transform(table), strict=True):
        a = assess(sheet, instrument, **shipped.LEAVE)
        ranks = [instrument.levels.index(level) for level in (a.level_low, a.level_high)]
        assert row.tolist() == [a.score_low, a.score_high, *ranks]


@pytest.mark.parametrize("ref", shipped.OWN)
def test_invented_cases_have_the_numbers_of_score_cohort(ref):
    found, want = InstrumentScores(ref).transform(ANSWERS), score_cohort(ANSWERS, ref, rules=False)
    assert (found[:, :2] == want[["score_low", "score_high"]].to_numpy()).all()
    levels = np.array(load_instrument(ref).levels)
    assert (levels[found[:, 2:]] == want[["level_low", "level_high"]].to_numpy()).all()


def test_every_kind_of_table_and_an_array_give_the_same():
    want = InstrumentScores("first-look").transform(ANSWERS)
    arrow = pa.Table.from_pandas(ANSWERS, preserve_index=False)
    for table in (arrow, pl.from_arrow(arrow), pl.from_arrow(arrow).lazy(), ANSWERS.astype(object)):
        assert (InstrumentScores("first-look").fit(table).transform(table) == want).all()
    items = ASKED[::-1]
    array = ANSWERS[items].astype(object).to_numpy()
    assert (InstrumentScores("first-look", items=items).fit_transform(array) == want).all()
    text = np.where(ANSWERS[items].isna(), "", array).astype(str)
    assert (InstrumentScores("first-look", items=items).transform(text) == want).all()
    assert want.dtype == np.int32
    assert want.shape == (400, 4)


def test_arrays_of_ranks_are_read_with_their_gaps():
    scores = InstrumentScores("stalking", items=["break_in_or_damage", "unwanted_messages"], codes="ranks")
    whole, gaps = np.array([[1, 3], [0, 0]]), np.array([[1.0, 3.0], [np.nan, 0.0]])
    low, high = quietly(scores.transform, whole)[:, :2].T
    assert low.tolist() == [3, 0]
    assert quietly(scores.transform, gaps)[:, :2].tolist() == [[3, high[0]], [0, high[1] + 2]]


@pytest.mark.parametrize("ref", shipped.OWN)
def test_a_row_that_is_wholly_open_is_not_read_as_no(ref):
    names = [item.id for item in load_instrument(ref).items]
    ways = [None, np.nan, "", "unknown", "declined", "not_asked"]
    open_ = pd.DataFrame({name: pd.Series(ways, dtype=object) for name in names})
    found = InstrumentScores(ref).transform(open_)
    assert (found[:, 0] < found[:, 1]).all()
    assert (found[:, 2] < found[:, 3]).all()
    assert (found == found[0]).all()


def test_own_names_and_codes_are_read():
    named = pd.DataFrame({"Q7": [1, 2, 9]})
    book = {"strangulation": {1: "yes", 2: "no", 9: "unknown"}}
    scores = InstrumentScores("first-look", columns={"strangulation": "Q7"}, codes=book)
    plain = pd.DataFrame({"strangulation": ["yes", "no", None]})
    assert (quietly(scores.fit_transform, named) == quietly(InstrumentScores("first-look").transform, plain)).all()
    assert scores.items_in_ == ("strangulation",)


# ------------------------------------------------------------------------------------------------ scikit-learn's tools


def test_it_stands_in_a_pipeline_before_a_model():
    fitted = model().fit(ANSWERS, REPEATED)
    by_hand = StandardScaler().fit_transform(InstrumentScores("first-look").transform(ANSWERS))
    assert np.allclose(
        fitted.decision_function(ANSWERS), LogisticRegression().fit(by_hand, REPEATED).decision_function(by_hand)
    )
    assert list(fitted[:1].get_feature_names_out()) == list(FEATURES)
    assert fitted.n_features_in_ == len(ANSWERS.columns)
    assert list(fitted.feature_names_in_) == list(ANSWERS.columns)


def test_it_is_cross_validated_with_its_model():
    shares = cross_val_predict(model(), ANSWERS, REPEATED, cv=4, method="predict_proba")
    assert shares.shape == (400, 2)
    assert shares[REPEATED, 1].mean() > shares[~REPEATED, 1].mean()


def test_a_calibration_stands_around_the_pipeline():
    calibrated = CalibratedClassifierCV(model(), cv=3).fit(ANSWERS, REPEATED)
    shares = calibrated.predict_proba(ANSWERS)[:, 1]
    assert abs(shares.mean() - REPEATED.mean()) < 0.03


def test_instruments_are_compared_by_a_grid_search():
    search = GridSearchCV(model(), {"instrumentscores__instrument": ["first-look", "integrated"]}, cv=3)
    assert search.fit(ANSWERS, REPEATED).best_params_["instrumentscores__instrument"] in ("first-look", "integrated")


def test_an_item_that_is_not_in_the_instrument_has_no_importance():
    others = ["pursuit_duration", "unwanted_messages", "technology_tracking"]
    answers = ANSWERS[[*others, *ASKED]]
    answers = answers.mask(answers == "not_applicable")
    assert (
        InstrumentScores("first-look").transform(answers) == InstrumentScores("first-look").transform(ANSWERS)
    ).all()
    fitted = model().fit(answers, REPEATED)
    found = permutation_importance(fitted, answers, REPEATED, scoring="roc_auc", n_repeats=2, random_state=1)
    important = pd.Series(list(found.importances), index=answers.columns)
    assert not np.concatenate(important[others].to_list()).any()
    assert np.concatenate(important[["separation", "strangulation", "threat_to_kill"]].to_list()).any()


def test_a_gate_can_be_shuffled_alone_once_not_applicable_is_null():
    def shuffled(answers):
        return answers.assign(children=answers["children"].to_numpy()[::-1])

    with pytest.raises(DataError, match="not_applicable"):
        InstrumentScores("first-look").transform(shuffled(ANSWERS))
    low, high = InstrumentScores("first-look").transform(shuffled(ANSWERS.mask(ANSWERS == "not_applicable")))[:, :2].T
    assert (low <= high).all()


@pytest.mark.parametrize("instrument", ["first-look", FIRST_LOOK, Path(FIRST_LOOK._path)], ids=["id", "itself", "path"])
def test_copies_score_the_same(instrument):
    scores = InstrumentScores(instrument, columns={"strangulation": "strangulation"}, items=None)
    want = scores.fit_transform(ANSWERS)
    for copy in (
        clone(scores),
        pickle.loads(pickle.dumps(scores)),
        pickle.loads(pickle.dumps(clone(scores).fit(ANSWERS))),
    ):
        assert (copy.transform(ANSWERS) == want).all()
        assert copy.get_params() == scores.get_params()


def test_parameters_are_read_and_set_by_name():
    scores = InstrumentScores()
    names = ["allow_draft", "codes", "columns", "instrument", "items", "training_confirmed", "unusable"]
    assert sorted(scores.get_params()) == names == sorted(set(inspect.signature(InstrumentScores).parameters))
    assert scores.set_params(instrument="stalking", unusable="open") is scores
    assert (scores.transform(ANSWERS) == InstrumentScores("stalking").transform(ANSWERS)).all()


def test_output_can_be_a_table_with_names_and_index():
    answers = ANSWERS.set_index("case")
    out = InstrumentScores("first-look").set_output(transform="pandas").fit_transform(answers)
    assert tuple(out.columns) == FEATURES
    assert list(out.index) == list(answers.index)
    assert tuple(InstrumentScores("first-look").set_output(transform="polars").transform(answers).columns) == FEATURES


# --------------------------------------------------------------------------------- what is learned, and what is not


def test_it_works_without_fit_and_learns_nothing_from_cases():
    alone = InstrumentScores("first-look").transform(ANSWERS)
    for few in (ANSWERS[:0], ANSWERS[:7]):
        assert (InstrumentScores("first-look").fit(few).transform(ANSWERS) == alone).all()
    assert InstrumentScores("first-look").transform(ANSWERS[:0]).shape == (0, 4)
    assert list(InstrumentScores().get_feature_names_out()) == list(FEATURES)
    assert (make_pipeline(InstrumentScores("first-look")).transform(ANSWERS) == alone).all()


def test_the_order_of_columns_and_columns_that_are_no_item_do_not_matter():
    fitted = InstrumentScores("first-look").fit(ANSWERS)
    other = ANSWERS[sorted(ASKED)].assign(score_low=9, mixed=[1, "two"] * 200)
    other[7] = "a column without a text as its name"
    assert (fitted.transform(other) == fitted.transform(ANSWERS)).all()


def test_other_items_than_in_fit_are_refused():
    with pytest.raises(DataError, match="strangulation has no column and had one in fit"):
        InstrumentScores("first-look").fit(ANSWERS).transform(ANSWERS.drop(columns="strangulation"))
    fitted = quietly(InstrumentScores("first-look").fit, ANSWERS.drop(columns="strangulation"))
    with pytest.raises(DataError, match="strangulation has a column and had none in fit"):
        fitted.transform(ANSWERS)


def test_items_without_a_column_are_said_once_where_it_is_called():
    few = ANSWERS[["strangulation", "separation"]]
    fitted = InstrumentScores("first-look")
    for call in (fitted.fit, InstrumentScores("first-look").transform):
        with pytest.warns(UserWarning, match="26 items have no column and are not asked: .* and others") as said:
            call(few)
        assert [Path(one.filename) for one in said] == [Path(__file__)]
    low, high = fitted.transform(few)[:, :2].T
    assert (low < high).all()


def test_values_that_mean_nothing_can_be_left_open_and_are_counted():
    answers = OPEN.assign(strangulation="mabye")
    with pytest.raises(DataError, match="1 times; expected no, yes"):
        InstrumentScores("first-look").fit_transform(answers)
    with pytest.warns(UserWarning, match="left open: .* 1 times") as said:
        found = InstrumentScores("first-look", unusable="open").transform(answers)
    assert [Path(one.filename) for one in said] == [Path(__file__)]
    assert (found == InstrumentScores("first-look").transform(OPEN)).all()


def test_what_comes_in_is_not_changed():
    table, array = ANSWERS.copy(), ANSWERS[ASKED].astype(object).to_numpy()
    was, columns, items = array.copy(), {"strangulation": "strangulation"}, list(ASKED)
    InstrumentScores("first-look", columns=columns).fit_transform(table)
    InstrumentScores("first-look", items=items).fit_transform(array)
    pd.testing.assert_frame_equal(table, ANSWERS)
    assert table.attrs == ANSWERS.attrs
    assert pd.DataFrame(array).equals(pd.DataFrame(was))
    assert (columns, items) == ({"strangulation": "strangulation"}, ASKED)


# ------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        ([["yes"]], {}, "got a list, expected a table of pandas, Polars or PyArrow"),
        (np.array([["yes"]]), {}, "an array has no column names"),
        (np.array(["yes"]), {"items": ["strangulation"]}, r"of shape \(1,\).*Reshape your data"),
        (np.array([["yes", "no"]]), {"items": ["strangulation"]}, "got 2 columns, expected 1"),
        (np.array([["yes"]]), {"items": ["strangulaton"]}, r"strangulaton \(did you mean strangulation\?\) is not"),
        (np.array([["a", "b"]]), {"items": ["separation"] * 2}, "separation stands more than once"),
        (np.array([[1j]]), {"items": ["separation"]}, "got an array of complex128"),
        (np.array([["yes"]]), {"items": ["strangulation"], "columns": {"strangulation": "Q7"}}, "no such column"),
        (pd.DataFrame({"Q7": ["yes"]}), {}, "no column is an item of first-look. Name them with columns="),
        (pd.DataFrame({"Q7": ["yes"]}), {"columns": {"strangulaton": "Q7"}}, "strangulaton is not an item"),
    ],
)
def test_what_can_not_be_read_is_refused_by_fit_and_by_transform(given, options, said):
    scores = InstrumentScores("first-look", **options)
    for call in (scores.fit, scores.transform):
        with pytest.raises(DataError, match=said):
            call(given)


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        (OPEN.assign(strangulation="a long private note about somebody"), {}, "a text of 34 characters"),
        (OPEN.assign(strangulation=1), {}, "Say what they mean with codes="),
        (OPEN.assign(threat_to_children="not_applicable"), {}, "not_applicable 1 times"),
        (pd.concat([OPEN, OPEN[["separation"]]], axis=1), {}, "column separation stands more than once"),
        (OPEN, {"unusable": "guess"}, "expected error or open"),
        (OPEN.assign(strangulation=2), {"codes": {"strangulation": {2: "yess"}}}, "did you mean yes"),
    ],
)
def test_answers_that_mean_nothing_are_refused_by_transform(given, options, said):
    with pytest.raises(DataError, match=said) as caught:
        InstrumentScores("first-look", **options).fit(given).transform(given)
    assert "private note" not in str(caught.value)


def test_an_instrument_needs_its_leave_here_too():
    for call in (InstrumentScores("odara").fit, InstrumentScores("odara").transform):
        with pytest.raises(InstrumentError, match="allow_draft"):
            call(OPEN)
    with pytest.raises(UnknownInstrumentError, match="did you mean stalking"):
        InstrumentScores("stalkin").fit(OPEN)


def test_a_missing_library_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.base", None)
    spec = importlib.util.spec_from_file_location("learn_again", learn.__file__)
    with pytest.raises(MissingExtraError, match=r"needs sklearn.*dvrisk\[research\]"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


# ------------------------------------------------------------------------------------------ scikit-learn's own checks


class OnNumbers(InstrumentScores):
    """Takes the columns that a check makes up for the first items, and numbers above a half for their second option."""

    def _of_array(self, array):
        items = [item.id for item in load_instrument(self.instrument).items]
        if array.ndim != 2 or array.dtype.kind not in "biuf" or not array.size:
            return super()._of_array(array)
        return pd.DataFrame((array > 0.5).astype(int), columns=items[: array.shape[1]])


MADE_UP = "the check makes up columns of numbers without names, which are no answers"
NO_ANSWERS = dict.fromkeys(
    [
        "check_dict_unchanged",
        "check_dont_overwrite_parameters",
        "check_estimators_dtypes",
        "check_estimators_fit_returns_self",
        "check_estimators_overwrite_params",
        "check_estimators_pickle",
        "check_f_contiguous_array_estimator",
        "check_fit2d_1feature",
        "check_fit2d_1sample",
        "check_fit2d_predict1d",
        "check_fit_check_is_fitted",
        "check_fit_idempotent",
        "check_fit_score_takes_y",
        "check_methods_sample_order_invariance",
        "check_methods_subset_invariance",
        "check_n_features_in",
        "check_pipeline_consistency",
        "check_positive_only_tag_during_fit",
        "check_readonly_memmap_input",
        "check_transformer_general",
        "check_transformers_unfitted_stateless",
    ],
    MADE_UP,
)
"""What can't be tried on the class itself, and is tried on `OnNumbers`."""

NOT_MEANT = {
    "check_complex_data": "complex numbers are refused in other words than the check looks for",
    "check_dtype_object": "the check makes up columns of numbers as objects, which are no answers",
    "check_estimators_empty_data_messages": "a table without rows gives a table without rows, as in score_cohort",
    "check_n_features_in_after_fitting": "columns go by name: the refusal names items and doesn't count features",
    "check_transformer_data_not_an_array": "lists are refused: made an array, numbers beside text would become text",
}


@pytest.mark.skipif(
    "expected_failed_checks" not in inspect.signature(check_estimator).parameters, reason="1.6 or newer"
)
@pytest.mark.parametrize(
    ("scores", "listed"),
    [(InstrumentScores("first-look"), NO_ANSWERS | NOT_MEANT), (OnNumbers(codes="ranks"), NOT_MEANT)],
    ids=["as it is", "numbers read as answers"],
)
def test_the_checks_of_scikit_learn_pass_but_for_those_that_are_listed(scores, listed):
    done = quietly(partial(check_estimator, on_fail=None, expected_failed_checks=listed), scores)
    failed = {one["check_name"]: str(one["exception"]) for one in done if one["status"] == "failed"}
    assert failed == {}
    assert sorted(listed) == sorted({one["check_name"] for one in done if one["status"] == "xfail"})
    assert not [one["check_name"] for one in done if one["check_name"] in listed and one["status"] == "passed"]
    assert sum(one["status"] == "passed" for one in done) > 10
