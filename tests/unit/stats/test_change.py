"""Before and after: the test against every swap listed, its size and power, drift, and one's own repeats."""

import numpy as np
import pytest
from scipy import stats

from dvrisk.errors import DataError
from dvrisk.stats.change import (
    change_against_reference,
    change_in_agreement,
    change_in_deviation,
    rater_drift,
    repeat_consistency,
)
from dvrisk.stats.coefficients import percent_agreement
from dvrisk.stats.raters import rater_deviation

CUTS = (0.38, 1.63)


def twice(seed, n_raters=20, n_cases=8, noise=(0.7, 0.7)):
    """The same people rate the same cases twice, with this much noise each time; leans stay."""
    source = np.random.default_rng([seed, n_raters, n_cases])
    danger = source.normal(0, 1.3, n_cases) + source.normal(0, 0.3, (n_raters, 1))
    return [np.digitize(danger + source.normal(0, spread, danger.shape), CUTS).astype(float) for spread in noise]


# ------------------------------------------------------------------------------------------------------- agreement


def test_before_after_and_difference_are_those_of_percent_agreement():
    before, after = twice(1)
    change = change_in_agreement(before, after)
    for found, table in ((change.before, before), (change.after, after)):
        expected = percent_agreement(table)
        assert (found.value, found.low, found.high) == pytest.approx((expected.value, expected.low, expected.high))
    assert change.difference.value == pytest.approx(change.after.value - change.before.value)


@pytest.mark.parametrize("function", [change_in_agreement, change_in_deviation])
def test_p_is_that_of_all_swaps_listed(function):
    before, after = twice(2, n_raters=8, n_cases=6, noise=(1.2, 0.5))

    def difference(rows_before, rows_after, axis=0):
        tables = np.stack([before, after])
        first, second = (tables[rows, np.arange(8)] for rows in (rows_before.astype(int), rows_after.astype(int)))
        return function(first, second, n=1).difference.value

    listed = stats.permutation_test(
        (np.zeros(8), np.ones(8)), difference, permutation_type="samples", n_resamples=np.inf, vectorized=False
    )
    assert function(before, after, n=20_000).p == pytest.approx(listed.pvalue, abs=0.01)


def test_without_a_change_the_test_finds_one_in_about_5_of_100_exercises():
    """200 seeds: `change` in docs/studies/detection.py."""
    found = sum(change_in_agreement(*twice(seed), n=400).p <= 0.05 for seed in range(100))
    assert 1 <= found <= 10


def test_a_large_gain_is_found_and_a_small_one_mostly_is_not():
    large = sum(change_in_agreement(*twice(seed, noise=(0.7, 0.2)), n=400).p <= 0.05 for seed in range(30))
    small = sum(change_in_agreement(*twice(seed, noise=(0.7, 0.65)), n=400).p <= 0.05 for seed in range(30))
    assert large >= 24
    assert small <= 8


def test_before_and_after_change_places_with_the_sign():
    before, after = twice(3)
    there, back = change_in_agreement(before, after), change_in_agreement(after, before)
    assert there.difference.value == pytest.approx(-back.difference.value)
    assert there.difference.low == pytest.approx(-back.difference.high)


def test_two_sets_of_cases_may_be_crossed():
    before, after = twice(4, n_raters=12, n_cases=10, noise=(1.5, 0.2))
    early = (np.arange(12)[:, None] < 6) == (np.arange(10) < 5)
    change = change_in_agreement(np.where(early, before, np.nan), np.where(early, np.nan, after))
    assert change.difference.value > 0.1
    assert change.difference.counts == {"raters": 12, "cases": 10, "left_out": 0}


def test_a_set_before_and_another_after_can_not_be_compared():
    before, after = twice(5)
    before[:, :4], after[:, 4:] = np.nan, np.nan
    change = change_in_agreement(before, after)
    assert change.p is None
    assert "difference between cases" in change.difference.undefined


def test_a_case_rated_at_one_time_only_is_left_out_and_counted():
    before, after = twice(6)
    after[:, 0] = np.nan
    change = change_in_agreement(before, after)
    assert change.difference.counts["left_out"] == 1
    assert change.before.value == pytest.approx(percent_agreement(before[:, 1:]).value)


def test_different_people_are_refused():
    before, after = twice(7)
    with pytest.raises(DataError, match="row for row the same people"):
        change_in_agreement(before, after[1:])


# ------------------------------------------------------------------------------------------------ deviation, reference


def test_the_size_of_deviations_is_that_of_rater_deviation():
    before, after = twice(8)
    before[0] = 2
    change = change_in_deviation(before, after)
    expected = np.mean([abs(one.value) for one in rater_deviation(before)])
    assert change.before.value == pytest.approx(expected)
    assert change.difference.value < 0


def test_a_group_that_comes_to_agree_on_the_wrong_level_moves_away_from_the_reference():
    before, after = twice(9)
    reference = np.round(before.mean(axis=0)).astype(int).tolist()
    change = change_against_reference(before, np.full_like(after, 2), reference, levels=3)
    assert change.after.value == pytest.approx(2 - np.mean(reference))
    assert change.difference.value > 0
    assert change.p < 0.01


def test_errors_to_both_sides_of_the_reference_do_not_cancel():
    change = change_against_reference([[2, 2], [2, 2], [0, 0], [0, 0]], np.ones((4, 2)), [1, 1])
    assert (change.before.value, change.after.value, change.difference.value) == (1.0, 0.0, -1.0)


def test_a_case_without_a_reference_or_rated_once_is_left_out_and_counted():
    before, after = twice(9)
    after[:, 7] = np.nan
    change = change_against_reference(before, after, [1, None, 1, 1, 1, 1, 1, 1], levels=3)
    assert change.before.counts == {"raters": 20, "cases": 6, "left_out": 2}
    assert change.before.value == pytest.approx(np.abs(before[:, [0, 2, 3, 4, 5, 6]] - 1).mean())


def test_ends_stay_where_values_can_be():
    for seed in range(40):
        before, after = twice(seed, n_raters=4, n_cases=3, noise=(0.2, 2.0))
        agreement, lean = change_in_agreement(before, after, n=1), change_in_deviation(before, after, n=1)
        wrong = change_against_reference(before, after, [0, 1, 2], 3, n=1)
        own = repeat_consistency(before, after).everyone
        for one in (agreement.before, agreement.after, own):
            assert one.low is None or 0 <= one.low <= one.value <= one.high <= 1
        for one in (lean.before, lean.after, wrong.before, wrong.after):
            assert one.low is None or one.low >= 0
        assert agreement.difference.low is None or -1 <= agreement.difference.low <= agreement.difference.high <= 1


@pytest.mark.parametrize("n", [-1, 0, 2.5, "x", True])
@pytest.mark.parametrize("function", [change_in_agreement, change_in_deviation])
def test_a_number_of_swaps_that_is_none_is_refused(function, n):
    with pytest.raises(DataError, match=r"n: got .*, expected a whole number, 1 or more"):
        function(*twice(1), n=n)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (3, "reference: got 3, expected a level for each of 2 cases"),
        ("ab", "reference: got a value of type str"),
        ({1, 2}, "reference: got a value of type set"),
        ([None, None], "no case has a reference level"),
        ([None, float("nan")], "no case has a reference level"),
        ([0, 7], "reference: 1 value is outside the levels; first in place 2: got 7, .* NaN, None or -1 for not rated"),
        ([[0, 1], [1, 0]], "reference: "),
    ],
)
def test_a_reference_that_is_none_is_refused(reference, said):
    with pytest.raises(DataError, match=said):
        change_against_reference([[0, 1], [1, 1]], [[0, 1], [1, 1]], reference, 3)


def test_all_wrong_numbers_are_named_at_once():
    with pytest.raises(DataError, match="3 problems"):
        change_in_agreement(*twice(1), n=0, seed="x", confidence=2)


def test_cases_without_a_reference_do_not_count():
    before, after = twice(9)
    change = change_against_reference(before, after, [1, None, None, None, None, None, None, None], levels=3)
    assert change.before.value == pytest.approx(np.abs(before[:, 0] - 1).mean())


# ------------------------------------------------------------------------------------------------------------- drift


def test_a_rater_who_falls_from_round_to_round_drifts_down():
    source = np.random.default_rng(0)
    rounds = [np.tile(source.integers(1, 4, 10), (6, 1)) + source.integers(0, 2, (6, 10)) for _ in range(4)]
    for number, table in enumerate(rounds):
        table[2] -= number
    rounds = [table + 3 for table in rounds]
    found = rater_drift(rounds)
    assert found[2].high < 0
    assert found[2].low <= -1 <= found[2].high
    assert found[2].counts == {"cases": 40, "rounds": 4}


def test_the_slope_and_its_interval_are_those_of_least_squares():
    rounds = [twice(seed, n_raters=5)[0] for seed in range(3)]
    reference = [[1] * 8] * 3
    found = rater_drift(rounds, references=reference)[0]
    line = stats.linregress(np.repeat(range(3), 8), np.concatenate([table[0] - 1 for table in rounds]))
    reach = stats.t.ppf(0.975, 22) * line.stderr
    assert (found.value, found.low, found.high) == pytest.approx((line.slope, line.slope - reach, line.slope + reach))


def test_a_rater_of_one_round_is_undefined():
    first, second = twice(1, n_raters=3)
    second[0, 1:] = np.nan
    second[1:, 0] = np.nan  # the first rater's only case is nobody else's
    assert "one round" in rater_drift([first, second])[0].undefined


@pytest.mark.parametrize(
    ("rounds", "said"),
    [
        ([np.zeros((2, 3))], "fewer than two"),
        ([np.zeros((2, 3)), np.zeros((3, 3))], "same people"),
        (3, "expected two or more rounds in a list"),
    ],
)
def test_rounds_that_do_not_fit_are_refused(rounds, said):
    with pytest.raises(DataError, match=said):
        rater_drift(rounds)


# ------------------------------------------------------------------------------------------------------------ repeats


def test_own_repeats_are_counted_case_by_case():
    first, second = twice(1)
    found = repeat_consistency(first, second)
    assert [one.value for one in found.raters] == pytest.approx((first == second).mean(axis=1))
    assert found.shift.value == pytest.approx((second - first).mean())
    low, high = stats.t.interval(0.95, 19, found.everyone.value, stats.sem((first == second).mean(axis=1)))
    assert (found.everyone.low, found.everyone.high) == pytest.approx((low, high))


def test_a_rater_without_a_repeated_case_is_undefined_and_left_out_of_the_mean():
    first, second = twice(1)
    first[0, 1:], second[0, 0] = np.nan, np.nan
    found = repeat_consistency(first, second)
    assert found.raters[0].value is None
    assert found.everyone.counts == {"raters": 19}
