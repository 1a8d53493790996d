"""Ratings in many forms become the same small whole numbers, or one error that names every problem."""

import numpy as np
import pandas as pd
import pytest

from dvrisk.errors import DataError
from dvrisk.stats.ratings import Ratings, as_ratings

LEVELS = ("low", "medium", "high")
CODES = np.array([[0, 2, -1], [0, 1, 2]], dtype=np.int8)
NAN = float("nan")


@pytest.mark.parametrize(
    "ratings",
    [
        [[0, 2, None], [0, 1, 2]],
        [[0, 2, NAN], [0, 1, 2]],
        [[0, 2, -1], [0, 1, 2]],
        CODES,
        CODES.astype(np.int64),
        np.asfortranarray(np.array([[0, 2, NAN], [0, 1, 2]])),
        np.array([[0, 2, NAN], [0, 1, 2]], dtype=np.float32),
        np.ma.masked_array([[0, 2, 9], [0, 1, 2]], mask=[[0, 0, 1], [0, 0, 0]]),
        [["low", "high", None], ["low", "medium", "high"]],
        np.array([["low", "high", None], ["low", "medium", "high"]], dtype=object),
        pd.DataFrame([[0, 2, None], [0, 1, 2]]),
        pd.DataFrame([[0, 2, None], [0, 1, 2]]).astype("Int8"),
        pd.DataFrame([["low", "high", None], ["low", "medium", "high"]]).astype(
            pd.CategoricalDtype(LEVELS, ordered=True)
        ),
        pd.DataFrame([["low", "high", None], ["low", "medium", "high"]]).astype("string"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_form_gives_the_same_codes(ratings):
    checked = as_ratings(ratings, LEVELS)
    assert checked.codes.tolist() == CODES.tolist()
    assert checked.codes.dtype == np.int8
    assert checked.codes.flags.c_contiguous
    assert (checked.n_levels, checked.level_ids) == (3, LEVELS)


def test_text_that_is_all_rated_can_be_an_array_of_text():
    assert as_ratings(np.array([["low", "high"], ["low", "low"]]), LEVELS).codes.tolist() == [[0, 2], [0, 0]]


def test_yes_and_no_are_two_levels():
    assert as_ratings(np.array([[True, False], [True, True]])).codes.tolist() == [[1, 0], [1, 1]]


def test_codes_that_are_right_already_are_not_copied():
    assert np.shares_memory(as_ratings(CODES, 3).codes, CODES)


def test_checked_ratings_pass_unchanged_and_can_be_given_ids():
    checked = as_ratings(CODES, 3)
    assert as_ratings(checked) is checked
    assert as_ratings(checked, LEVELS).level_ids == LEVELS
    with pytest.raises(DataError, match="with other levels"):
        as_ratings(checked, 4)


def test_without_declared_levels_the_highest_found_is_the_last_and_there_are_two_at_least():
    assert as_ratings(CODES).n_levels == 3
    assert as_ratings([[0, 0], [0, 0]]).n_levels == 2


def test_the_mask_of_an_array_is_heeded():
    hidden = np.ma.masked_array([[0, 99], [1, 1]], mask=[[False, True], [False, False]])
    assert as_ratings(hidden, 2).codes.tolist() == [[0, -1], [1, 1]]


def test_a_large_table_of_floats_is_read_in_blocks_without_losing_a_cell():
    codes = np.random.default_rng(1).integers(-1, 3, (7, 40_000)).astype(np.int8)
    floats = np.where(codes < 0, NAN, codes)
    assert np.array_equal(as_ratings(floats, 3).codes, codes)
    assert np.array_equal(as_ratings(np.asfortranarray(floats), 3).codes, codes)


@pytest.mark.parametrize(
    ("ratings", "levels", "message"),
    [
        ([[0, 1]], 2, "got 1 rater, expected 2 or more"),
        ([[0], [1]], 2, "got 1 case, expected 2 or more"),
        ([0, 1], 2, "got 1 dimension, expected 2"),
        ([[0, 1], [1]], 2, "different lengths"),
        ([[0, 1], [None, None]], 2, "row 2 has no rating"),
        ([[0, 1.5], [1, 1]], 2, r"1 value is not a whole number; first in row 1, column 2: got 1\.5"),
        ([[0, np.inf], [1, 1]], 2, "1 value is infinite"),
        ([[0, 2], [1, 2]], 2, "2 values are outside the levels; first in row 1, column 2: got 2, expected ranks 0"),
        ([[0, -2], [1, 1]], 2, "1 value is outside the levels"),
        ([[0.0, -1.0], [NAN, 1]], 2, "1 value is outside the levels; .* NaN for not rated"),
        ([[0, -2], [1, 1]], 2, "-1 for not rated"),
        ([[0, 300], [1, 1]], None, "1 value is outside the levels"),
        ([[0.0, 300.0], [1, 1]], None, "1 value is outside the levels"),
        ([["low", "high"], ["low", "low"]], None, "its order is unknown"),
        ([["low", "high"], ["low", "low"]], 3, "its order is unknown"),
        ([["low", "hihg"], ["low", "low"]], LEVELS, r"1 value is not a declared level; .*did you mean high\?"),
        ([["low", 2], ["low", "low"]], LEVELS, "1 value is not a declared level"),
        ([[0, 1j], [1, 1]], 2, "got values of type complex128"),
        ([[0, object()], [1, 1]], 2, "got values of type object"),
        ([], 2, "got an empty table"),
        ([["low", NAN], ["low", "low"]], None, "its order is unknown"),
        (np.zeros((2, 0)), 2, "got 0 cases"),
        (np.zeros((0, 3)), 2, "got 0 raters"),
    ],
)
def test_what_cannot_be_used_is_named(ratings, levels, message):
    with pytest.raises(DataError, match=message):
        as_ratings(ratings, levels)


@pytest.mark.parametrize("levels", [1, 128, True, 2.5, "low", (), ("low",), ("low", "low"), (1, 2)])
def test_levels_that_are_no_levels_are_refused(levels):
    with pytest.raises(DataError, match="levels: expected"):
        as_ratings(CODES, levels)


@pytest.mark.parametrize(
    "levels", [{"low", "high"}, frozenset({"low", "high"}), {"low": 0, "high": 1}, {"low": 0}.keys(), iter(LEVELS)]
)
def test_levels_in_a_container_without_an_order_are_refused(levels):
    with pytest.raises(DataError, match=r"levels: expected .* in a list or tuple, lowest first"):
        as_ratings(CODES, levels)


@pytest.mark.parametrize("levels", [list(LEVELS), np.array(LEVELS), pd.Index(LEVELS), pd.Series(LEVELS)])
def test_levels_may_stand_in_any_row(levels):
    assert as_ratings(CODES, levels).level_ids == LEVELS


def test_text_beside_nan_in_nested_lists_is_text():
    assert as_ratings([["low", NAN, "high"], ["low", "high", "low"]], LEVELS).codes.tolist() == [[0, -1, 2], [0, 2, 0]]


def test_ordered_categories_of_a_data_frame_are_the_levels():
    text = pd.DataFrame([["low", "high", None], ["low", "medium", "high"]])
    checked = as_ratings(text.astype(pd.CategoricalDtype(LEVELS, ordered=True)))
    assert checked.level_ids == LEVELS
    assert checked.codes.tolist() == CODES.tolist()


@pytest.mark.parametrize("kind", [pd.CategoricalDtype(LEVELS), "category", "str"])
def test_categories_without_an_order_are_not_put_into_one(kind):
    with pytest.raises(DataError, match="Give the ids of the levels"):
        as_ratings(pd.DataFrame([["low", "high"], ["low", "medium"]]).astype(kind))


def test_different_ordered_categories_are_not_mixed():
    mixed = pd.DataFrame({"a": ["low", "high"], "b": ["low", "low"]}).astype(
        {
            "a": pd.CategoricalDtype(LEVELS, ordered=True),
            "b": pd.CategoricalDtype(LEVELS[::-1], ordered=True),
        }
    )
    with pytest.raises(DataError, match="Give the ids of the levels"):
        as_ratings(mixed)


def test_all_problems_are_named_in_one_error():
    with pytest.raises(DataError) as caught:
        as_ratings([[0.5, np.inf, 7.0]], 3, where="vignettes.csv")
    assert caught.value.where == "vignettes.csv"
    assert len(caught.value.problems) == 4


def test_an_error_never_repeats_a_text_that_is_no_level():
    with pytest.raises(DataError) as caught:
        as_ratings([["low", "Ana Anic said so"], ["low", "low"]], LEVELS)
    assert "Ana" not in str(caught.value)


def test_ratings_can_be_made_directly():
    assert Ratings(CODES, 3).level_ids is None
