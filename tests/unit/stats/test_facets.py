"""Leans on the logit scale: signs, what they do not depend on, what can't be used, and whether intervals hold."""

import sys

import numpy as np
import pytest
from plant import planted, planted_levels

from dvrisk.errors import DataError, MissingExtraError
from dvrisk.stats.facets import as_marks, marginal_severity, rater_severity


@pytest.fixture(scope="module")
def marks():
    return planted(1, 12, 8, 12, n_options=3, shifts=(-2.0,))[0]


# ------------------------------------------------------------------------------------------------------ what it says


def test_a_rater_who_marks_higher_has_a_positive_lean(marks):
    marks = marks.copy()
    marks[4] = np.minimum(marks[4] + 1, 2)
    fitted = rater_severity(marks)
    assert fitted.severity[4] == fitted.severity.max() > 1
    assert fitted.shift[4] > 0.2
    assert fitted.severity[0] == fitted.severity.min() < -1
    assert fitted.shift[0] < -0.2


@pytest.mark.parametrize("by_case", [True, False])
def test_leans_and_places_of_cases_have_mean_zero(marks, by_case):
    fitted = rater_severity(marks, facts_by_case=by_case)
    assert fitted.severity.mean() == pytest.approx(0, abs=1e-9)
    assert fitted.cases.mean() == pytest.approx(0, abs=1e-9)


def test_turning_every_item_round_turns_every_lean_round(marks):
    fitted, turned = rater_severity(marks), rater_severity(2 - marks)
    np.testing.assert_allclose(turned.severity, -fitted.severity, atol=1e-6)
    np.testing.assert_allclose(turned.se, fitted.se, atol=1e-6)
    np.testing.assert_allclose(turned.cases, -fitted.cases, atol=1e-6)


@pytest.mark.parametrize("by_case", [True, False])
def test_the_order_of_raters_cases_and_items_does_not_matter(marks, by_case):
    order = [np.random.default_rng(0).permutation(n) for n in marks.shape]
    fitted = rater_severity(marks, facts_by_case=by_case)
    mixed = rater_severity(marks[np.ix_(*order)], facts_by_case=by_case)
    np.testing.assert_allclose(mixed.severity, fitted.severity[order[0]], atol=1e-6)
    np.testing.assert_allclose(mixed.infit, fitted.infit[order[0]], atol=1e-6)
    np.testing.assert_allclose(mixed.cases, fitted.cases[order[1]], atol=1e-6)
    np.testing.assert_allclose(mixed.steps, fitted.steps[order[2]], atol=1e-6)


def test_equal_rows_have_equal_leans_and_no_more_is_claimed():
    row = planted(3, 2, 6, 8)[0][0]
    fitted = rater_severity(np.stack([row] * 5))
    np.testing.assert_allclose(fitted.severity, 0, atol=1e-9)
    assert all(one.low < 0 < one.high for one in fitted.raters)


def test_with_one_item_facts_by_case_is_the_classical_model():
    levels = planted_levels(2, 15, 8)[0]
    by_case, classical = (rater_severity(levels, facts_by_case=way) for way in (True, False))
    np.testing.assert_allclose(by_case.severity, classical.severity, atol=1e-9)
    np.testing.assert_allclose(by_case.se, classical.se, atol=1e-9)


def test_levels_alone_are_one_item():
    levels = planted_levels(2, 15, 8)[0]
    np.testing.assert_array_equal(rater_severity(levels).severity, rater_severity(levels[:, :, None]).severity)


def test_a_missing_mark_is_neither_low_nor_high(marks):
    holes = marks.copy()
    holes[np.random.default_rng(1).random(marks.shape) < 0.2] = np.nan
    fitted, whole = rater_severity(holes), rater_severity(marks)
    assert np.abs(fitted.severity - whole.severity).max() < 1.5 * whole.se.max()
    assert (fitted.se > whole.se).all()


def test_a_masked_mark_is_not_read(marks):
    hidden = np.ma.masked_array(marks.astype(int), mask=np.zeros(marks.shape, bool))
    hidden[0, :2] = np.ma.masked
    holes = marks.copy()
    holes[0, :2] = np.nan
    np.testing.assert_array_equal(rater_severity(hidden).severity, rater_severity(holes).severity)


def test_minus_one_in_whole_numbers_means_not_rated(marks):
    holes = marks.copy()
    holes[0, :2] = np.nan
    coded = np.where(np.isnan(holes), -1, holes).astype(np.int8)
    np.testing.assert_array_equal(rater_severity(coded).severity, rater_severity(holes).severity)


def test_leans_do_not_depend_on_which_cases_a_rater_got():
    found = []
    for seed in range(40):
        marks, leans = planted(seed, 12, 10, 12)
        danger = marks.mean(axis=(0, 2)).argsort()
        marks[0, danger[5:]] = np.nan  # this rater gets the five cases with least danger
        found.append(rater_severity(marks).severity[0] - (leans - leans.mean())[0])
    assert abs(np.mean(found)) < 3 * np.std(found) / len(found) ** 0.5


def test_an_unused_category_changes_nothing():
    marks = planted(5, 10, 8, 6)[0]
    stretched = marks.copy()
    stretched[:, :, 0] *= 2  # item 0 now has the ranks 0 and 2
    plain, wide = rater_severity(marks[:, :, 1:]), rater_severity(stretched)
    assert np.isfinite(wide.severity).all()
    assert np.isnan(wide.steps[0]).all()
    assert np.abs(plain.severity - wide.severity).max() < 0.6


def test_an_item_that_everybody_marks_alike_says_nothing_of_raters(marks):
    more = np.concatenate([marks, np.ones((*marks.shape[:2], 1))], axis=2)
    fitted, wider = rater_severity(marks), rater_severity(more)
    np.testing.assert_allclose(wider.severity, fitted.severity, atol=1e-6)
    assert np.isnan(wider.items_infit[-1])


def test_a_rater_who_marks_nothing_gets_a_finite_lean_far_below_the_others():
    marks = planted(3, 15, 8, 12)[0]
    marks[0] = 0
    lowest = rater_severity(marks).raters[0]
    assert lowest.value < -3
    assert lowest.high < -1


def test_items_with_different_numbers_of_categories_go_together():
    two, three = planted(7, 10, 8, 4)[0], planted(7, 10, 8, 4, n_options=3)[0]
    fitted = rater_severity(np.concatenate([two, three], axis=2))
    assert np.isnan(fitted.steps[:4, 1]).all()
    assert np.isfinite(fitted.steps[4:]).all()


def test_steps_are_the_planted_ones():
    steps = rater_severity(planted(11, 40, 60, 3, n_options=3, case_sd=1.0)[0], facts_by_case=False).steps
    np.testing.assert_allclose(np.diff(steps, axis=1), 1.5, atol=0.25)


# ------------------------------------------------------------------------------------------------- fit of the raters


def test_a_rater_who_answers_at_random_has_the_worst_fit():
    for seed in range(10):
        marks = planted(seed, 20, 8, 12)[0]
        marks[3] = np.random.default_rng(seed).integers(0, 2, marks[3].shape)
        fitted = rater_severity(marks, facts_by_case=False)
        assert fitted.infit.argmax() == 3
        assert fitted.infit[3] > 1.2


def test_fit_is_near_one_where_the_model_holds():
    fits = [rater_severity(planted(seed, 20, 8, 12)[0], facts_by_case=False) for seed in range(20)]
    assert np.mean([fit.infit.mean() for fit in fits]) == pytest.approx(1, abs=0.05)
    assert np.mean([(fit.infit > 1.3).mean() for fit in fits]) < 0.05


# ------------------------------------------------------------------------------------------------- groups of items


def test_a_lean_on_one_group_of_items_shows_there():
    marks, low = planted(4, 15, 8, 12, shifts=(0.0,))[0], planted(4, 15, 8, 12, shifts=(-2.0,))[0]
    marks[0, :, :4] = low[0, :, :4]
    soft = rater_severity(marks, {"soft": range(4), "hard": range(4, 12)}).groups["soft"]
    assert soft[0].high < 0
    assert min(range(15), key=lambda rater: soft[rater].value) == 0


def test_two_groups_that_share_out_the_items_mirror_each_other(marks):
    groups = rater_severity(marks, {"one": range(5), "other": range(5, 12)}).groups
    for one, other in zip(groups["one"], groups["other"], strict=True):
        assert one.value == pytest.approx(-other.value)


def test_a_group_of_all_items_has_nothing_to_be_compared_with(marks):
    term = rater_severity(marks, {"all": range(12)}).groups["all"][0]
    assert term.value is None
    assert "other items" in term.undefined


# --------------------------------------------------------------------------------------------------- do they hold


@pytest.mark.parametrize(
    ("size", "facts", "by_case"),
    [((15, 8, 12), 0.0, True), ((15, 8, 12), 0.0, False), ((15, 8, 12), 2.0, True), ((20, 8, 1), 0.0, True)],
)
def test_intervals_hold_the_planted_lean_about_95_times_in_100(size, facts, by_case):
    held = []
    for seed in range(60):
        marks, leans = planted(seed, *size, n_options=3 if size[2] == 1 else 2, facts_sd=facts)
        raters = rater_severity(marks, facts_by_case=by_case).raters
        held += [one.low <= true <= one.high for one, true in zip(raters, leans - leans.mean(), strict=True)]
    assert 0.93 <= np.mean(held) <= 0.975


def test_where_cases_state_their_facts_the_classical_model_makes_leans_too_small():
    by_case, classical = [], []
    for seed in range(20):
        marks = planted(seed, 20, 8, 12, shifts=(-2.0,), facts_sd=2.0)[0]
        by_case.append(rater_severity(marks, facts_by_case=True).severity[0])
        classical.append(rater_severity(marks).severity[0])
    assert np.mean(by_case) < -1.6
    assert np.mean(classical) > -1.45


# ------------------------------------------------------------------------------------------- what can't be used


@pytest.mark.parametrize(
    ("ratings", "said"),
    [
        (np.zeros((1, 3, 2)), "1 rater,"),
        (np.zeros((3, 1, 2)), "1 case,"),
        (np.zeros(4), "1 dimension,"),
        (np.full((2, 2, 2), 0.5), "whole number"),
        (np.full((2, 2, 2), np.inf), "infinite"),
        (np.full((2, 2, 2), -2.0), "outside"),
        ([[[0, 1], [1, 0]], [[np.nan, np.nan], [np.nan, np.nan]]], "row 2 has no rating"),
        ([[[0, 1], [np.nan, np.nan]], [[1, 0], [np.nan, np.nan]]], "case 2 has no rating"),
        ([[["low"], ["high"]], [["low"], ["low"]]], "got text, expected ranks"),
        ([], "got an empty table"),
        ([["low", "high"], ["low", "low"]], "order is unknown"),
        ([[[0, 1], [1, 0]], [[0, 1], [1]]], "different lengths"),
    ],
)
def test_what_is_no_table_of_marks_is_refused(ratings, said):
    with pytest.raises(DataError, match=said):
        as_marks(ratings)


def test_raters_without_a_common_case_are_not_compared():
    marks = np.full((4, 4, 3), np.nan)
    marks[:2, :2] = planted(0, 2, 2, 3)[0]
    marks[2:, 2:] = planted(1, 2, 2, 3)[0]
    for by_case in (True, False):
        with pytest.raises(DataError, match="Compare each group alone"):
            rater_severity(marks, facts_by_case=by_case)


def test_raters_linked_through_a_third_are_compared():
    marks = planted(0, 3, 4, 8)[0]
    marks[0, 2:], marks[1, :2] = np.nan, np.nan
    assert np.isfinite(rater_severity(marks).se).all()


def test_raters_of_different_items_are_not_compared():
    marks = planted(0, 4, 6, 4)[0]
    marks[:2, :, :2], marks[2:, :, 2:] = np.nan, np.nan
    with pytest.raises(DataError, match="Compare each group alone"):
        rater_severity(marks, facts_by_case=False)


def test_a_group_with_an_unknown_item_is_refused(marks):
    with pytest.raises(DataError, match=r"group 2: expected places of items from 0 to 11"):
        rater_severity(marks, {"one": [0], "two": [12]})


@pytest.mark.parametrize("groups", [[1], {"one": 1}, {"one": ["a"]}, {"one": [[1]]}, {"one": [0.5]}])
def test_groups_that_are_none_are_refused(marks, groups):
    with pytest.raises(DataError, match="expected"):
        rater_severity(marks, groups)


def test_levels_may_be_text_and_ranks_beyond_them_are_refused():
    ratings = planted_levels(2, 5, 6)[0]
    text = [[("low", "medium", "high")[int(rank)] for rank in row] for row in ratings]
    found = rater_severity(text, levels=["low", "medium", "high"])
    np.testing.assert_array_equal(found.severity, rater_severity(ratings).severity)
    with pytest.raises(DataError, match="outside the levels"):
        rater_severity(ratings, levels=2)
    for function in (rater_severity, marginal_severity):
        with pytest.raises(DataError, match="levels: expected none beside marks on items"):
            function(np.zeros((3, 3, 2)), levels=2)


def test_marks_without_any_difference_are_undefined_with_a_reason():
    assert "same mark" in rater_severity(np.ones((4, 3, 2))).raters[0].undefined


# ---------------------------------------------------------------------------------------------------------- mirt


def test_without_mirt_the_marginal_route_names_the_extra(monkeypatch, marks):
    monkeypatch.setitem(sys.modules, "mirt", None)
    with pytest.raises(MissingExtraError, match=r"dvrisk\[irt\]"):
        marginal_severity(marks)


def test_what_mirt_refuses_is_a_data_error():
    pytest.importorskip("mirt")
    marks = planted(3, 6, 8, 4)[0]
    marks[0] = 0
    with pytest.raises(DataError, match="Use rater_severity"):
        marginal_severity(marks)
