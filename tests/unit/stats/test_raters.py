"""Each rater against the others and against a reference; who stands apart, and who does not."""

import numpy as np
import pytest
from plant import planted, planted_levels
from scipy import stats

from dvrisk.errors import DataError
from dvrisk.stats.apart import LOGIT_BAND, deviation_band, raters_apart
from dvrisk.stats.raters import deviation_by_domain, rater_deviation, under_and_over_rating
from dvrisk.stats.ratings import as_ratings

LEVELS = ["low", "moderate", "high"]

# One person and seven others rate six cases. All of them high, or two of each level.
ALL_HIGH = np.vstack([[1, 0, 1, 0, 1, 0], np.full((7, 6), 2)]).astype(float)
ONE_LOWER = np.vstack([[0, 0, 0, 0, 1, 1], np.tile([0, 0, 1, 1, 2, 2], (7, 1))]).astype(float)
ONLY_HIGH_CASES = np.vstack([[0, 0, 1, 1, 1, 0], np.tile([0, 0, 1, 1, 2, 2], (7, 1))]).astype(float)


# ------------------------------------------------------------------------------------------------------- deviation


@pytest.mark.parametrize(("ratings", "expected"), [(ALL_HIGH, -1.5), (ONE_LOWER, -2 / 3), (ONLY_HIGH_CASES, -0.5)])
def test_the_deviation_tells_who_rates_lower_whatever_agreement_says(ratings, expected):
    found = rater_deviation(ratings)
    assert found[0].value == pytest.approx(expected)
    assert [one.value for one in found[1:]] == pytest.approx([-expected / 7] * 7)


def test_deviations_and_intervals_are_those_of_the_definition():
    ratings = planted_levels(3, 9, 7)[0]
    ratings[0, 0] = ratings[4, 2:5] = np.nan
    for rater, found in enumerate(rater_deviation(ratings)):
        apart = [
            ratings[rater, case] - np.nanmean(np.delete(ratings[:, case], rater))
            for case in range(7)
            if not np.isnan(ratings[rater, case])
        ]
        low, high = stats.t.interval(0.95, len(apart) - 1, np.mean(apart), stats.sem(apart))
        assert (found.value, found.low, found.high) == pytest.approx((np.mean(apart), low, high))
        assert found.counts == {"cases": len(apart), "left_out": 7 - len(apart)}


def test_turning_the_levels_round_turns_the_deviation_round():
    ratings = planted_levels(4, 8, 6)[0]
    for one, turned in zip(rater_deviation(ratings, 3), rater_deviation(2 - ratings, 3), strict=True):
        assert turned.value == pytest.approx(-one.value)


def test_against_a_reference_the_others_do_not_count():
    reference = [2, 2, 2, 2, 2, 0]
    found = rater_deviation(ALL_HIGH, reference=reference)
    assert [one.value for one in found] == pytest.approx([-7 / 6] + [2 / 6] * 7)


def test_levels_may_be_text_in_their_order():
    text = [["low", "high", None], ["high", "high", "low"]]
    assert [one.value for one in rater_deviation(text, LEVELS)] == [-1.0, 1.0]
    assert rater_deviation(text, LEVELS, reference=["high", "high", "high"])[0].value == -1.0


def test_a_case_nobody_else_rated_is_left_out_and_counted():
    found = rater_deviation([[0, 1, 2], [0, 2, np.nan]])
    assert found[0].counts == {"cases": 2, "left_out": 1}


def test_a_rater_alone_on_every_case_is_undefined_with_a_reason():
    found = rater_deviation([[0, 1, np.nan, np.nan], [np.nan, np.nan, 1, 2], [np.nan, np.nan, 1, 1]])
    assert found[0].value is None
    assert "anybody else" in found[0].undefined


def test_a_rater_without_a_referenced_case_has_no_deviation_from_the_reference():
    found = rater_deviation([[0, np.nan], [0, 1]], reference=[np.nan, 1])
    assert "has a reference" in found[0].undefined
    assert found[1].value == 0


def test_the_same_difference_everywhere_has_a_value_and_no_interval():
    found = rater_deviation([[0, 0, 0], [1, 1, 1]])[0]
    assert found.value == -1
    assert found.low is None
    assert "same difference" in found.method


def test_a_domain_shows_where_a_rater_differs():
    marks = np.zeros((5, 12))
    marks[:, ::2] = 1
    marks[0, :4] = 0
    found = deviation_by_domain(marks, {"control": range(4), "injuries": range(4, 12)})
    assert found["control"][0].value == -0.5
    assert found["injuries"][0].value == 0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: rater_deviation([[0, 1, 2]]), "1 rater,"),
        (lambda: rater_deviation([[0], [1]]), "1 case,"),
        (lambda: rater_deviation([[0, 1], [np.nan, np.nan]]), "row 2 has no rating"),
        (lambda: rater_deviation([[0, np.inf], [0, 1]]), "infinite"),
        (lambda: rater_deviation([[0, 0.5], [0, 1]]), "whole number"),
        (lambda: rater_deviation([[0, 1], [0, 1]], reference=[0]), "got 1 level, expected a level for each of 2 cases"),
        (lambda: rater_deviation([["low", "high"], ["low", "low"]]), "order is unknown"),
        (lambda: deviation_by_domain([[0, 1], [0, 1]], {"one": [0], "two": [2]}), "domain 2: expected columns"),
        (lambda: raters_apart([[0, 1], [0, 1]]), "got 2 raters, expected 3"),
        (lambda: rater_deviation([[0, 1], [0, 1]], confidence=95), "expected 0.5 to below 1"),
        (lambda: deviation_band([[0, 1], [0, 1]], n=0), "n: got 0, expected a whole number, 1 or more"),
        (lambda: deviation_band([[0, 1], [0, 1]], n=2.5), "n: got 2.5"),
        (lambda: deviation_band([[0, 1], [0, 1]], seed="x"), "seed: got a value of type str"),
        (lambda: rater_deviation([[0, 1], [0, 1]], confidence="x"), "confidence: got a value of type str"),
        (lambda: rater_deviation([[0, 1], [0, 1]], confidence=np.nan), "confidence: got nan"),
        (lambda: rater_deviation([[0, 1], [0, 1]], reference=3), "reference: got 3"),
        (lambda: rater_deviation([[0, 1], [0, 1]], reference=[None, None]), "no case has a reference level"),
        (lambda: deviation_by_domain([[0, 1], [0, 1]], [1]), "domains: got a value of type list"),
        (lambda: deviation_by_domain([[0, 1], [0, 1]], {"one": 1}), "domain 1: expected columns"),
        (lambda: raters_apart(ALL_HIGH, band=-1), "band: got -1, expected a finite number, 0 or more"),
        (lambda: raters_apart(ALL_HIGH, band=np.nan), "band: got nan"),
        (lambda: raters_apart(ALL_HIGH, band=np.inf), "band: got inf"),
        (lambda: raters_apart(ALL_HIGH, band="wide"), "band: got a value of type str"),
        (lambda: raters_apart(ALL_HIGH, seed=-1), "seed: got -1"),
        (lambda: raters_apart(ALL_HIGH, levels=2), "outside the levels"),
        (lambda: raters_apart(np.zeros((3, 3, 2)), levels=3), "levels: expected none beside marks on items"),
        (lambda: raters_apart(np.zeros((2, 3, 2))), "got 2 raters, expected 3"),
    ],
)
def test_what_can_not_be_used_is_refused(call, said):
    with pytest.raises(DataError, match=said):
        call()


def test_who_stands_apart_can_be_told_from_text_and_from_checked_ratings():
    expected = raters_apart(ALL_HIGH)
    text = [[LEVELS[int(rank)] for rank in row] for row in ALL_HIGH]
    assert expected[0].apart
    assert raters_apart(text, levels=LEVELS) == expected
    assert raters_apart(as_ratings(ALL_HIGH)) == expected


# ----------------------------------------------------------------------------------------------- below and above


def test_cases_below_at_and_above_the_reference_are_counted():
    found = under_and_over_rating(ONE_LOWER, [0, 1, 1, 1, 2, 2], levels=3)[0]
    assert (found.below.counts["below"], found.same.counts["same"], found.above.counts["above"]) == (5, 1, 0)
    assert found.below.value + found.same.value + found.above.value == pytest.approx(1)


def test_the_worst_misses_are_high_cases_rated_low():
    assert under_and_over_rating(ONLY_HIGH_CASES, [0, 0, 1, 1, 2, 2], levels=3)[0].worst == (5,)
    assert under_and_over_rating(ONLY_HIGH_CASES, [0, 0, 1, 1, 1, 1], levels=3)[0].worst == ()


def test_the_interval_of_a_share_is_wilsons():
    below = under_and_over_rating(ONE_LOWER, [0, 1, 1, 1, 2, 2], levels=3)[0].below
    expected = stats.binomtest(5, 6).proportion_ci(method="wilson")
    assert (below.low, below.high) == pytest.approx((expected.low, expected.high))


def test_a_rater_without_a_referenced_case_is_undefined():
    found = under_and_over_rating([[0, np.nan], [0, 1]], [None, 1], levels=3)[0]
    assert found.below.value is None
    assert "compared" in found.below.undefined


# ------------------------------------------------------------------------------------------------- permutation band


def test_the_band_is_the_exact_one_where_every_shuffle_can_be_listed():
    """Three raters, one differs on one case of two: the largest of |deviation about the median| is always 0.75."""
    band = deviation_band([[0, 1], [0, 1], [0, 2]])
    assert [one.value for one in band] == pytest.approx([0.75] * 3)


def test_few_cases_make_the_band_wider():
    ratings = planted_levels(1, 10, 9)[0]
    ratings[0, 1:] = np.nan
    band = deviation_band(ratings)
    assert band[0].value == pytest.approx(3 * band[1].value)


def test_where_nobody_leans_somebody_is_outside_the_band_in_about_5_of_100_exercises():
    outside = 0
    for seed in range(100):
        levels = planted_levels(seed, 20, 8, spread=0.0)[0]
        lean = np.array([one.value for one in rater_deviation(levels)])
        outside += (np.abs(lean - np.median(lean)) > deviation_band(levels, n=500)[0].value).any()
    assert 1 <= outside <= 10


def test_the_band_depends_on_the_seed_alone():
    levels = planted_levels(1, 10, 8)[0]
    assert deviation_band(levels, seed=3) == deviation_band(levels, seed=3)


# --------------------------------------------------------------------------------------------------- standing apart


@pytest.mark.parametrize("ratings", [ALL_HIGH])
def test_the_person_who_rates_low_or_moderate_where_all_others_say_high_stands_apart(ratings):
    assert [one.direction for one in raters_apart(ratings)] == ["lower"] + [None] * 7


@pytest.mark.parametrize("facts", [0.0, 2.0])
def test_one_rater_2_logits_low_is_singled_out_alone_in_nine_of_ten_exercises(facts):
    """200 seeds: `bars` in docs/studies/detection.py."""
    right = 0
    for seed in range(50):
        panel = raters_apart(planted(seed, 20, 8, 12, shifts=(-2.0,), facts_sd=facts)[0])
        right += [one.direction for one in panel] == ["lower"] + [None] * 19
    assert right >= 45


def test_a_rater_who_is_high_is_singled_out_as_higher():
    panel = raters_apart(planted(1, 20, 8, 12, n_options=3, shifts=(2.0,))[0])
    assert [one.direction for one in panel] == ["higher"] + [None] * 19


@pytest.mark.parametrize("size", [(20, 8, 12), (40, 10, 60)])
def test_among_ordinary_raters_nobody_is_singled_out_in_nine_of_ten_exercises(size):
    seeds = range(50 if size[0] == 20 else 20)
    clean = sum(not any(one.apart for one in raters_apart(planted(seed, *size, n_options=3)[0])) for seed in seeds)
    assert clean >= 0.9 * len(seeds)


def test_with_much_data_it_takes_more_than_the_band_to_stand_apart():
    """By the band alone, ordinary people would be singled out in many exercises."""
    beyond = apart = 0
    for seed in range(20):
        panel = raters_apart(planted(seed, 30, 10, 40, n_options=3, spread=0.3)[0])
        beyond += any(one.estimate.high < -LOGIT_BAND or one.estimate.low > LOGIT_BAND for one in panel)
        apart += any(one.apart for one in panel)
    assert beyond >= 5
    assert apart <= 2


def test_two_raters_who_are_far_off_do_not_hide_each_other():
    panel = raters_apart(planted(2, 20, 8, 12, n_options=3, shifts=(-2.5, -2.5))[0])
    assert [one.direction for one in panel] == ["lower"] * 2 + [None] * 18


def test_one_who_is_far_off_does_not_push_the_others_to_the_other_side():
    with_one = [raters_apart(planted(seed, 20, 8, 12, shifts=(-4.0,))[0]) for seed in range(20)]
    leans = [np.mean([one.estimate.value for one in panel[1:]]) for panel in with_one]
    assert abs(np.mean(leans)) < 0.05


def test_a_wider_band_singles_out_fewer():
    marks = planted(1, 20, 8, 12, shifts=(-2.0,))[0]
    assert raters_apart(marks)[0].apart
    assert not raters_apart(marks, band=2.0)[0].apart


def test_levels_alone_show_only_very_large_leans():
    found = [
        raters_apart(planted_levels(seed, 20, 8, shifts=(-shift,))[0])[0].apart
        for shift in (1, 6)
        for seed in range(25)
    ]
    assert sum(found[:25]) <= 3
    assert sum(found[25:]) >= 15


def test_a_rater_who_marks_nothing_stands_apart():
    marks = planted(3, 12, 8, 12)[0]
    marks[0] = 0
    assert raters_apart(marks)[0].direction == "lower"


def test_marks_without_any_difference_single_out_nobody_and_say_why():
    panel = raters_apart(np.ones((4, 3, 2)))
    assert not any(one.apart for one in panel)
    assert panel[0].estimate.undefined
