"""Intraclass correlations against sums of squares over cells, and their undefined corners."""

import numpy as np
import pandas as pd
import plain_agreement as plain
import pytest

from dvrisk.errors import DataError
from dvrisk.stats.icc import FORMS, all_iccs, icc
from dvrisk.stats.ratings import as_ratings


def test_all_six_are_those_of_the_definition():
    source = np.random.default_rng(1)
    for _ in range(200):
        n_raters, n_cases = source.integers(2, 8), source.integers(3, 12)
        cases, raters = source.normal(0, 2, n_cases), source.normal(0, 1, (n_raters, 1))
        scores = 1_000 + cases + raters + source.normal(size=(n_raters, n_cases))
        found, theirs = all_iccs(scores), plain.iccs(scores.tolist())
        for form in FORMS:
            assert found[form].value == pytest.approx(theirs[form], abs=1e-9), form


def test_one_form_is_the_same_as_among_all():
    scores = np.random.default_rng(2).integers(0, 20, (4, 9))
    for form in FORMS:
        assert icc(scores, form=form) == all_iccs(scores)[form]


def test_a_shifted_rater_lowers_agreement_and_not_consistency():
    scores = np.array([[1.0, 4, 2, 6, 3]] * 3) + np.random.default_rng(3).normal(0, 0.1, (3, 5))
    shifted = scores + np.array([[0], [0], [3]])
    assert icc(shifted, form="C,1").value == pytest.approx(icc(scores, form="C,1").value)
    assert icc(shifted, form="A,1").value < 0.75 < icc(scores, form="A,1").value


def test_neither_a_constant_nor_a_factor_changes_anything():
    scores = np.random.default_rng(4).normal(size=(4, 9))
    for form, found in all_iccs(1e6 + 50 * scores).items():
        plainly = all_iccs(scores)[form]
        assert (found.value, found.low, found.high) == pytest.approx(
            (plainly.value, plainly.low, plainly.high), abs=1e-6
        )


def test_cases_that_not_everyone_rated_are_left_out_and_counted():
    scores = np.random.default_rng(5).normal(size=(3, 8))
    gaps = scores.copy()
    gaps[0, 2] = gaps[1, 2] = gaps[2, 5] = np.nan
    found = icc(gaps)
    assert found.value == icc(np.delete(scores, [2, 5], axis=1)).value
    assert found.counts == {"raters": 3, "cases": 8, "ratings": 18, "left_out": 2}


def test_the_mask_of_an_array_is_heeded():
    scores = np.random.default_rng(7).normal(size=(3, 6))
    hidden = np.ma.masked_array(scores, mask=np.arange(18).reshape(3, 6) == 4)
    assert icc(hidden).value == icc(np.delete(scores, 4, axis=1)).value


def test_little_noise_beside_a_large_shift_is_not_taken_for_none():
    scores = np.random.default_rng(8).normal(size=(3, 9))
    shifted = scores + np.array([[0], [0], [1e6]])
    assert icc(shifted, form="C,1").value == pytest.approx(icc(scores, form="C,1").value, abs=1e-6)
    assert icc(shifted, form="C,1").low is not None


def test_limits_hold_the_value_and_are_never_nan():
    source = np.random.default_rng(9)
    for _ in range(500):
        scores = source.integers(0, source.integers(2, 6), source.integers(2, 7, 2)).astype(float)
        for form, found in all_iccs(scores).items():
            assert (found.value is None) == (found.undefined is not None)
            if found.low is not None:
                assert found.low <= found.value + 1e-12 <= found.high + 2e-12 <= 1 + 3e-12, (form, scores)


def test_too_few_complete_cases_are_undefined():
    found = icc([[1, 2, np.nan], [2, np.nan, 3]])
    assert (found.value, found.undefined) == (
        None,
        "fewer than two cases were rated by everyone (2 of 3 left out), and a design in which nobody rates all cases has "
        "no ICC here",
    )


SCORES = [[3, 1, 4, 2], [4, 1, 5, 3]]


@pytest.mark.parametrize(
    "ratings",
    [
        [[3, 1, 4, 2, -1], [4, 1, 5, 3, 9]],
        np.array([[3, 1, 4, 2, -1], [4, 1, 5, 3, 9]], dtype=np.int8),
        [[3, 1, 4, 2, None], [4, 1, 5, 3, 9]],
        [[3, 1, 4, 2, pd.NA], [4, 1, 5, 3, 9]],
        [[3, 1, 4, 2, np.nan], [4, 1, 5, 3, 9]],
        pd.DataFrame([[3, 1, 4, 2, None], [4, 1, 5, 3, 9]]).astype("Int64"),
        pd.DataFrame([[3, 1, 4, 2, -1], [4, 1, 5, 3, 9]]).astype("Int64"),
        np.ma.masked_array([[3, 1, 4, 2, 7], [4, 1, 5, 3, 9]], mask=[[0, 0, 0, 0, 1], [0] * 5]),
        as_ratings([[3, 1, 4, 2, -1], [4, 1, 5, 3, 9]]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_rated_is_no_score(ratings):
    found = icc(ratings)
    assert found.value == icc(SCORES).value
    assert found.counts["left_out"] == 1


def test_in_an_array_of_floats_minus_one_is_a_score():
    assert icc([[3.0, 1.0, -1.0], [4.0, 1.0, 0.0]]).counts["left_out"] == 0


@pytest.mark.parametrize("level", [0.0, 0.1, 1e9])
def test_scores_that_are_all_the_same_are_undefined(level):
    for found in all_iccs(np.full((5, 6), level)).values():
        assert (found.value, found.undefined) == (None, "the cases do not differ")


def test_raters_who_differ_on_cases_that_do_not():
    found = all_iccs([[1, 1, 1], [2, 2, 2]])
    assert found["A,1"].value == 0
    assert found["1,1"].value == -1
    assert found["A,k"].value == 0
    for form in ("C,1", "1,k", "C,k"):
        assert found[form].undefined == "the cases do not differ"


def test_full_agreement_is_one_without_an_interval():
    for form, found in all_iccs([[1, 2, 5]] * 3).items():
        assert found.value == 1, form
        assert (found.low, found.high) == (None, None)
        assert found.method.endswith("no interval: F gives none for these scores")


def test_a_wider_confidence_is_a_wider_interval():
    scores = np.random.default_rng(6).normal(size=(4, 9))
    for form in FORMS:
        narrow, wide = icc(scores, form=form, confidence=0.8), icc(scores, form=form, confidence=0.99)
        assert wide.low < narrow.low < narrow.value < narrow.high < wide.high <= 1
        assert wide.method.endswith("99 % interval by F")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: icc([[1, 2, 3]]), "got 1 rater, expected 2 or more"),
        (lambda: icc([[1], [2]]), "got 1 case, expected 2 or more"),
        (lambda: icc([1, 2, 3]), "got 1 dimension, expected 2"),
        (lambda: icc(np.zeros((3, 4, 2))), "got 3 dimensions, expected 2"),
        (lambda: icc([[1, 2], [3]]), "rows of different lengths"),
        (lambda: icc([[1, 2j], [1, 2]]), "expected a table of numbers"),
        (lambda: icc(np.zeros((2, 3), dtype="datetime64[D]")), "expected a table of numbers"),
        (lambda: icc([["1", "2"], ["3", "4"]]), "expected a table of numbers"),
        (lambda: icc([]), "got an empty table"),
        (lambda: icc([[1, 2], [2, 3]], confidence="x"), "confidence: got a value of type str"),
        (lambda: icc([[1, np.inf], [1, 2]]), "infinite"),
        (lambda: icc([["a", "b"], ["a", "c"]]), "expected a table of numbers"),
        (lambda: icc([[1, 2], [2, 3]], form="2,1"), "form: expected one of 1,1  A,1"),
        (lambda: icc([[1, 2], [2, 3]], confidence=95), "confidence: got 95"),
    ],
)
def test_what_cannot_be_used_is_refused(call, message):
    with pytest.raises(DataError, match=message):
        call()
