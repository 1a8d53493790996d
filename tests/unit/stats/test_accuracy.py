"""Discrimination, cut-offs and calibration: definitions by brute force, known truths, edges, and what is refused."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from statsmodels.stats.proportion import proportion_confint

from dvrisk import DataError
from dvrisk.stats.accuracy import (
    at_base_rate,
    band_table,
    band_table_from_counts,
    compare_roc_auc,
    net_benefit,
    roc_auc,
    roc_auc_from_bands,
)
from dvrisk.stats.calibration import (
    Setting,
    brier,
    calibration_error,
    calibration_line,
    cross_fit,
    fit_calibration,
    log_loss,
    reliability_curve,
)

INVENTED = Setting("nowhere, invented", "2022", "any repeat, as recorded", "365 days")
people = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=40)
sure = st.lists(st.tuples(st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]), st.booleans()), min_size=1, max_size=40)


def columns(rows):
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


# ------------------------------------------------------------------------------------------------------ discrimination


@given(people)
def test_the_area_is_the_share_of_pairs_that_are_ordered_right(rows):
    scores, outcome = columns(rows)
    found = roc_auc(scores, outcome)
    pairs = [(a > b) + (a == b) / 2 for a in scores[outcome] for b in scores[~outcome]]
    if not pairs or len(set(scores)) == 1:
        assert found.value is None
        assert found.undefined in ("nobody had the event", "everybody had the event", "all scores are the same")
        return
    assert found.value == pytest.approx(np.mean(pairs))
    if found.low is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1


@given(people)
def test_a_score_turned_round_turns_the_area_round(rows):
    scores, outcome = columns(rows)
    one, other = roc_auc(scores, outcome), roc_auc(-scores, outcome)
    if one.value is not None:
        assert one.value + other.value == pytest.approx(1)


@given(
    st.lists(
        st.tuples(st.sampled_from([-1e300, -2.0, -0.0, 0.0, 5e-324, 1.0, 3, float("inf")]), st.booleans()), min_size=2
    )
)
def test_odd_numbers_are_put_in_the_order_of_numbers(rows):
    """Scores from 0 on are sorted by their bits; 0 and -0 are the same score."""
    scores, outcome = columns(rows)
    pairs = [(a > b) + (a == b) / 2 for a in scores[outcome] for b in scores[~outcome]]
    for taken in (scores, np.abs(scores)):
        found = roc_auc(taken, outcome)
        if found.value is not None:
            pairs = [(a > b) + (a == b) / 2 for a in taken[outcome] for b in taken[~outcome]]
            assert found.value == pytest.approx(np.mean(pairs))


def test_nearly_perfect_and_nearly_alike_are_not_called_perfect_or_alike():
    scores = np.concatenate([np.arange(20_000), 20_000 + np.arange(20_000)])
    outcome = np.arange(40_000) >= 20_000
    outcome[19_999], outcome[20_000] = True, False
    found = roc_auc(scores, outcome)
    assert found.value < 1
    assert found.low < found.value
    other = scores.astype(float)
    other[[5, 30_000]] = other[[30_000, 5]]
    assert compare_roc_auc(scores, other, outcome).difference.low is not None


def test_outcomes_may_come_as_objects_and_masks_are_not_ignored():
    plain = roc_auc([1, 2, 3, 4], [0, 1, 0, 1])
    for outcome in (np.array([0, 1, 0, 1], dtype=object), [False, True, False, True], np.array([0.0, 1, 0, 1])):
        assert roc_auc(np.array([1, 2, 3, 4], dtype=object), outcome) == plain
    hidden = np.ma.array([0, 1, 1, 1], mask=[0, 0, 0, 1])
    for call in (lambda: roc_auc([1, 2, 3, 4], hidden), lambda: roc_auc(hidden, [0, 1, 0, 1])):
        with pytest.raises(DataError, match="1 masked"):
            call()


def test_people_who_are_wholly_separated_have_no_interval():
    found = roc_auc([1, 2, 3, 4], [0, 0, 1, 1])
    assert (found.value, found.low) == (1.0, None)
    assert "no interval" in found.method
    assert roc_auc([1, 2, 3], [0, 0, 1]).low is None


@given(people)
def test_on_the_logit_scale_the_interval_stays_inside_and_turns_round_with_the_score(rows):
    scores, outcome = columns(rows)
    one, other = (roc_auc(side * scores, outcome, interval_on="logit") for side in (1, -1))
    if one.low is not None:
        assert 0 < one.low < one.value < one.high < 1
        assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low))
        plain = roc_auc(scores, outcome)
        width = plain.high - one.value if plain.high < 1 else None
        if width and plain.low > 0:
            assert logit(one.high) - logit(one.value) == pytest.approx(width / (one.value * (1 - one.value)))


def test_a_difference_that_is_the_same_for_everybody_has_no_interval():
    found = compare_roc_auc([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5], [1, 0, 1, 0, 1, 0])
    assert (found.difference.value, found.difference.low, found.p) == (pytest.approx(-1 / 3), None, None)
    assert "everybody differs alike" in found.difference.method
    turned = compare_roc_auc([1, 2, 3, 4], [4, 3, 2, 1], [0, 0, 1, 1])
    assert (turned.difference.value, turned.difference.low) == (1.0, None)


@pytest.mark.parametrize(("shift", "times"), [(0, 1e-8), (1e6, 1), (-3, 1e8), (1e4, 1e-3)])
def test_a_calibration_does_not_depend_on_the_scale_of_the_score(shift, times):
    x, outcome = (
        np.repeat([0.0, 1.0, 2.0], 50),
        np.tile([1, 0, 0, 0, 1], 30) ^ (np.arange(150) % 50 < 10 * (np.arange(150) // 50)),
    )
    plain = fit_calibration(x, outcome, INVENTED).probabilities([0, 1, 2])
    other = fit_calibration(shift + times * x, outcome, INVENTED).probabilities(shift + times * np.array([0.0, 1, 2]))
    assert other.values == pytest.approx(plain.values, abs=1e-6)
    assert other.low == pytest.approx(plain.low, abs=1e-6)


def test_predictive_values_never_leave_0_and_1():
    for rate in np.linspace(0.0001, 0.9999, 500):
        assert at_base_rate(1.0, 0.3, rate).npv <= 1


def test_two_equal_scores_do_not_differ_and_nothing_is_said_about_chance():
    found = compare_roc_auc([1, 2, 3, 4, 2], [2, 4, 6, 8, 4], [0, 1, 0, 1, 0])
    assert (found.difference.value, found.difference.low, found.p) == (0.0, None, None)
    assert compare_roc_auc([1, 2], [2, 1], [1, 1]).difference.undefined == "everybody had the event"


def test_intervals_hold_at_their_rate():
    """400 samples of 60 and 140 people whose true area is known: .76 for a shift of one standard deviation."""
    source, hits = np.random.default_rng(7), 0
    true = 0.7602499389065233
    for _ in range(400):
        scores = np.concatenate([source.normal(1, 1, 60), source.normal(0, 1, 140)])
        found = roc_auc(scores, np.arange(200) < 60)
        hits += found.low <= true <= found.high
    assert 0.92 <= hits / 400 <= 0.98


# ------------------------------------------------------------------------------------------------------------- cut-offs


@given(st.lists(st.tuples(st.sampled_from(["low", "moderate", "high"]), st.booleans()), min_size=1, max_size=40))
def test_every_edge_counts_what_it_says(rows):
    bands, outcome = [row[0] for row in rows], [row[1] for row in rows]
    levels = ["low", "moderate", "high"]
    table = band_table(bands, outcome, levels)
    for edge in table.edges:
        flagged = [levels.index(band) >= levels.index(edge.at) for band in bands]
        hit = sum(f and y for f, y in zip(flagged, outcome, strict=True))
        right = sum(not f and not y for f, y in zip(flagged, outcome, strict=True))
        assert edge.flagged.value == pytest.approx(np.mean(flagged))
        for share, count, of in (
            (edge.sensitivity, hit, sum(outcome)),
            (edge.specificity, right, len(rows) - sum(outcome)),
            (edge.ppv, hit, sum(flagged)),
            (edge.npv, right, len(rows) - sum(flagged)),
        ):
            assert share.value == (pytest.approx(count / of) if of else None)
            assert (share.undefined is None) == bool(of)
            if of:
                low, high = proportion_confint(count, of, method="wilson")
                assert (share.low, share.high) == pytest.approx((low, high), abs=1e-12)
    for name, rate, share in zip(levels, table.rates, table.shares, strict=True):
        inside = [y for band, y in zip(bands, outcome, strict=True) if band == name]
        assert rate.value == (pytest.approx(np.mean(inside)) if inside else None)
        assert share.value == pytest.approx(len(inside) / len(rows))


def test_likelihood_ratios_against_a_worked_example():
    """Simel and others 1991: sensitivity 160/200, specificity 180/200; LR+ 8 (5.3 to 12.1), LR- 0.22 (0.17 to 0.29)."""
    edge = band_table_from_counts([180, 20], [40, 160], ["low", "high"]).edges[0]
    positive, negative = edge.likelihood_ratio_positive, edge.likelihood_ratio_negative
    assert (positive.value, negative.value) == pytest.approx((8.0, 2 / 9))
    half = 1.959963984540054 * np.sqrt(1 / 160 - 1 / 200 + 1 / 20 - 1 / 200)
    assert (positive.low, positive.high) == pytest.approx((8 / np.exp(half), 8 * np.exp(half)))


def test_bands_may_be_numbers_and_bands_without_people_change_no_area():
    by_number = band_table([0, 2, 1, 2], [0, 1, 0, 0], [0, 1, 2])
    assert by_number == band_table(["0", "2", "1", "2"], [0, 1, 0, 0], ["0", "1", "2"])
    assert roc_auc_from_bands([0, 10, 0], [0, 5, 0]).undefined == "all scores are the same"
    assert roc_auc_from_bands([5, 0, 2], [1, 0, 4]) == roc_auc_from_bands([5, 2], [1, 4])


def test_an_edge_that_divides_nobody_has_no_likelihood_ratio():
    edge = band_table_from_counts([0, 20], [0, 10], ["low", "high"]).edges[0]
    assert edge.likelihood_ratio_positive.undefined == "everybody is on this side of the edge"
    edge = band_table_from_counts([5, 15], [0, 10], ["low", "high"]).edges[0]
    assert (edge.likelihood_ratio_positive.value, edge.likelihood_ratio_positive.low) == (pytest.approx(4 / 3), None)
    assert "all of the events are on this side" in edge.likelihood_ratio_positive.method


def test_likelihood_ratios_without_a_count_say_why():
    edge = band_table_from_counts([10, 0], [2, 3], ["low", "high"]).edges[0]
    assert edge.likelihood_ratio_positive.undefined == "none of the others is on this side of the edge"
    edge = band_table_from_counts([5, 5], [0, 4], ["low", "high"]).edges[0]
    assert (edge.likelihood_ratio_negative.value, edge.likelihood_ratio_negative.low) == (0.0, None)


@pytest.mark.parametrize(
    ("sensitivity", "specificity", "percent"),
    [
        (0.84, 0.60, [0.10, 2.1, 10, 21, 47]),
        (0.92, 0.21, [0.06, 1.2, 5.8, 13, 33]),
        (0.90, 0.16, [0.05, 1.1, 5.3, 12, 31]),
        (0.80, 0.80, [0.20, 3.9, 17, 33, 63]),
    ],
)
def test_predictive_values_at_real_base_rates(sensitivity, specificity, percent):
    """One killing in 2,000 reports, one in a hundred, and so on up to any repeat: what a flag means by Bayes' rule."""
    for base, expected in zip((0.0005, 0.01, 0.05, 0.11, 0.30), percent, strict=True):
        found = 100 * at_base_rate(sensitivity, specificity, base).ppv
        digits = 2 if expected < 1 else 1 if expected < 10 else 0
        assert round(found, digits) == expected


def test_at_their_own_base_rate_the_predictive_values_are_the_observed_ones():
    edge = band_table_from_counts([180, 20], [40, 160], ["low", "high"]).edges[0]
    found = at_base_rate(edge.sensitivity.value, edge.specificity.value, 0.5)
    assert (found.ppv, found.npv) == pytest.approx((edge.ppv.value, edge.npv.value))
    assert at_base_rate(0.0, 1.0, 0.1).ppv is None
    assert at_base_rate(1.0, 0.0, 0.1).npv is None


@given(sure, st.floats(0.01, 0.99))
def test_net_benefit_by_its_definition(rows, threshold):
    p, outcome = columns(rows)
    (found,) = net_benefit(p, outcome, [threshold])
    true = sum(1 for a, y in rows if a >= threshold and y)
    false = sum(1 for a, y in rows if a >= threshold and not y)
    odds = threshold / (1 - threshold)
    assert found.value == pytest.approx((true - false * odds) / len(rows))
    assert found.everybody == pytest.approx(outcome.mean() - (1 - outcome.mean()) * odds)


# ----------------------------------------------------------------------------------------------------------- calibration


@given(sure)
def test_the_three_terms_add_up_and_none_is_negative(rows):
    p, outcome = columns(rows)
    curve = reliability_curve(p, outcome, confidence=None)
    total = curve.miscalibration - curve.discrimination + curve.uncertainty
    assert total == pytest.approx(brier(p, outcome).value)
    assert curve.miscalibration >= -1e-12
    assert curve.discrimination >= -1e-12
    assert (np.diff(curve.recalibrated) >= -1e-12).all()


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.5, 0.0), (1.6, -0.7)])
def test_known_slopes_are_found_again(slope, shift):
    """In 100 samples the mean is right, and the interval holds the truth in about 95."""
    source, found, hits = np.random.default_rng(3), [], 0
    for _ in range(100):
        p = expit(source.normal(-1, 1.2, 3000))
        line = calibration_line(p, source.random(3000) < expit(shift + slope * logit(p)))
        found.append((line.slope.value, line.intercept.value))
        hits += line.slope.low < slope < line.slope.high
    spread = np.std(found, axis=0) / 10
    assert np.abs(np.mean(found, axis=0) - (slope, shift)) == pytest.approx(0, abs=4 * spread.max())
    assert 89 <= hits <= 100


def test_a_band_holds_the_curve_of_right_probabilities():
    source = np.random.default_rng(5)
    p = source.choice(np.linspace(0.05, 0.95, 10), 2000)
    curve = reliability_curve(p, source.random(2000) < p, confidence=0.9, draws=300, seed=1)
    inside = (curve.band_low <= curve.recalibrated) & (curve.recalibrated <= curve.band_high)
    assert inside.mean() >= 0.7
    wrong = reliability_curve(p, source.random(2000) < p / 2, confidence=0.9, draws=300, seed=1)
    assert ((wrong.band_low <= wrong.recalibrated) & (wrong.recalibrated <= wrong.band_high)).mean() < 0.3


def test_a_probability_of_0_or_1_is_never_clipped():
    line = calibration_line([0.0, 0.5, 1.0], [0, 1, 1])
    assert line.slope.value is None
    assert "2 probabilities are exactly 0 or 1" in line.slope.undefined
    assert brier([0.0, 0.5, 1.0], [0, 1, 1]).value == pytest.approx(0.25 / 3)
    assert roc_auc([0.0, 0.5, 1.0], [0, 1, 1]).value == 1.0
    assert reliability_curve([0.0, 1.0], [0, 1], confidence=None).miscalibration == 0


def test_one_outcome_alone_is_undefined_with_its_reason():
    assert brier([0.1, 0.2], [0, 0]).skill.undefined == "nobody had the event"
    assert calibration_line([0.1, 0.2], [1, 1]).slope.undefined == "everybody had the event"
    assert calibration_line([0.3, 0.3], [0, 1]).slope.undefined == "all probabilities are the same"
    assert calibration_line([0.1, 0.2, 0.7], [0, 0, 1]).slope.undefined == "the probabilities separate the outcomes"


def test_log_loss_by_its_definition_and_what_is_infinite():
    found = log_loss([0.2, 0.9, 1.0, 0.0], [0, 1, 1, 0])
    assert found.value == pytest.approx(-(np.log(0.8) + np.log(0.9)) / 4)
    assert found.skill.value == pytest.approx(1 - found.value / np.log(2))
    lost = log_loss([0.0, 1.0, 0.5], [1, 0, 1])
    assert (lost.value, lost.skill.value) == (None, None)
    assert "2 people had what was given a probability of 0" in lost.undefined
    assert log_loss([0.2, 0.3], [0, 0]).skill.undefined == "nobody had the event"


def local_lines(p, y, span):
    """Straight lines by tricube weights through the nearest share of the people, written from Cleveland's paper."""
    nearest, fitted = int(span * len(p) + 1e-10), []
    for x in p:
        apart = np.abs(p - x)
        reach = np.sort(apart)[nearest - 1]
        weight = np.where(apart < 0.999 * reach, (1 - np.minimum(apart / reach, 1) ** 3) ** 3, 0)
        line = np.polyfit(p - x, y, 1, w=np.sqrt(weight))
        fitted.append(line[1])
    return np.array(fitted)


@pytest.mark.parametrize(("n", "span"), [(60, 0.75), (250, 2 / 3), (400, 0.3)])
def test_distances_from_a_smooth_curve_are_those_of_its_definition(n, span):
    source = np.random.default_rng(n)
    p = np.sort(source.random(n))
    y = source.random(n) < p**1.5
    found, apart = calibration_error(p, y, span=span), np.abs(p - local_lines(p, y.astype(float), span))
    expected = (apart.mean(), *np.quantile(apart, [0.5, 0.9]))
    assert (found.value, found.e50, found.e90) == pytest.approx(expected, abs=1e-9)
    assert "lowess" in found.method


def test_people_who_share_one_probability_have_a_rate_and_no_curve():
    p = np.concatenate([np.full(800, 0.1), np.linspace(0.2, 0.9, 200)])
    found = calibration_error(p, np.arange(1000) % 9 == 0)
    assert found.undefined.startswith("800 people have one probability")
    assert calibration_error(p, np.arange(1000) % 9 == 0, span=0.9).value is not None


def test_a_band_of_many_probabilities_is_that_of_few_in_little_memory():
    source = np.random.default_rng(1)
    p = source.random(4000)
    y = source.random(4000) < p
    tracemalloc.start()
    many = reliability_curve(p, y, draws=100, seed=3)
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()
    assert len(many.band_low) == 4000
    inside = (many.band_low <= many.recalibrated) & (many.recalibrated <= many.band_high)
    assert inside.mean() > 0.7


def test_with_many_people_the_curve_is_fitted_at_steps_of_a_hundredth():
    from statsmodels.nonparametric.smoothers_lowess import lowess

    source = np.random.default_rng(2)
    p = source.uniform(0.2, 0.7, 6000)
    y = source.random(6000) < p
    found = calibration_error(p, y)
    order = np.argsort(p)
    step = 0.01 * (p.max() - p.min())
    smoothed = lowess(y[order].astype(float), p[order], frac=0.75, it=0, delta=step, return_sorted=False)
    assert found.value == pytest.approx(np.abs(p[order] - smoothed).mean(), abs=1e-12)
    assert found.smoothed == pytest.approx(smoothed)


def test_ten_distinct_probabilities_are_enough_for_a_curve():
    assert calibration_error(np.tile(np.linspace(0.1, 0.9, 10), 5), [0, 1] * 25).value is not None
    assert calibration_error(np.tile(np.linspace(0.1, 0.9, 9), 6), [0, 1] * 27).value is None


def test_as_many_events_as_parts_are_enough_to_cross_fit():
    assert len(cross_fit([1, 2, 3, 4] * 10, [1] * 10 + [0] * 30, INVENTED).values) == 40


def test_a_smooth_curve_finds_what_is_planted_and_few_levels_have_none():
    source = np.random.default_rng(4)
    p = source.random(20_000)
    right = calibration_error(p, source.random(20_000) < p)
    wrong = calibration_error(p, source.random(20_000) < p / 2)
    assert right.value < 0.02
    assert wrong.value == pytest.approx(0.25, abs=0.02)
    few = calibration_error([0.1, 0.5, 0.9] * 10, [0, 0, 1] * 10)
    assert few.undefined == "only 3 distinct probabilities: read the observed rate of each"
    assert calibration_error(np.linspace(0, 1, 20), [0] * 20).undefined == "nobody had the event"


# --------------------------------------------------------------------------------------------------------- recalibration


def test_noise_that_is_cross_fitted_has_no_skill():
    source, skills = np.random.default_rng(8), []
    for _ in range(30):
        noise, outcome = source.random(200), source.random(200) < 0.4
        skills.append(brier(cross_fit(noise, outcome, INVENTED).values, outcome).skill.value)
    assert np.mean(skills) < 0


def test_intervals_of_probabilities_hold():
    """Of 300 samples about 95 in 100 hold the true probability at a score of 1."""
    source, hits = np.random.default_rng(11), 0
    for _ in range(300):
        x = source.normal(size=400)
        given = fit_calibration(x, source.random(400) < expit(-1 + x), INVENTED).probabilities([1.0])
        hits += given.low[0] < 0.5 < given.high[0]
    assert 0.92 <= hits / 300 <= 0.98


def test_a_calibration_is_the_logistic_regression_of_another_program():
    from statsmodels.api import Logit, add_constant

    source = np.random.default_rng(12)
    x = source.integers(0, 9, 500).astype(float)
    outcome = source.random(500) < expit(0.3 * x - 2)
    given = fit_calibration(x, outcome, INVENTED).probabilities(np.arange(9.0))
    model = Logit(outcome.astype(float), add_constant(x)).fit(disp=0, method="newton")
    there = model.get_prediction(add_constant(np.arange(9.0)))
    assert given.values == pytest.approx(there.predicted, abs=1e-7)
    ends = there.conf_int()
    assert (given.low, given.high) == (pytest.approx(ends[:, 0], abs=1e-6), pytest.approx(ends[:, 1], abs=1e-6))


def test_cross_fitting_mends_probabilities_that_are_too_extreme():
    source = np.random.default_rng(9)
    x = source.normal(-1, 1.5, 20_000)
    outcome = source.random(20_000) < expit(0.5 * x)
    before, after = (
        calibration_line(expit(x), outcome),
        calibration_line(cross_fit(x, outcome, INVENTED).values, outcome),
    )
    assert before.slope.high < 0.6
    assert after.slope.low < 1 < after.slope.high
    assert after.in_the_large.low < 0 < after.in_the_large.high


def test_a_cross_fitted_logistic_is_the_regression_of_the_other_parts():
    from sklearn.model_selection import StratifiedKFold
    from statsmodels.api import Logit, add_constant

    source = np.random.default_rng(10)
    x = source.normal(size=300)
    outcome = source.random(300) < expit(x)
    given = cross_fit(x, outcome, INVENTED, folds=3, seed=2).values
    for others, part in StratifiedKFold(3, shuffle=True, random_state=2).split(x[:, None], outcome):
        model = Logit(outcome[others].astype(float), add_constant(x[others])).fit(disp=0, method="newton")
        assert given[part] == pytest.approx(model.predict(add_constant(x[part])), abs=1e-8)


FITTED = fit_calibration([0, 1, 2] * 20, [0, 0, 1] * 10 + [0, 1, 0] * 10, INVENTED)


def test_a_probability_carries_the_name_of_its_calibration():
    said = str(FITTED.probabilities([1, 2]).name)
    for part in ("nowhere, invented", "2022", "any repeat, as recorded", "365 days", "20 events among 60 people"):
        assert part in said
    crossed = str(cross_fit([0, 1, 2] * 20, [0, 0, 1] * 10 + [0, 1, 0] * 10, INVENTED).name)
    assert crossed.startswith(
        "logistic calibration, cross-fitted in 10 parts: any repeat, as recorded, within 365 days"
    )


# ------------------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: roc_auc([1, 2], [0, 2]), "got 2, expected 0 .no event. and 1"),
        (lambda: roc_auc([1, 2], ["no", "yes"]), "expected 0 .no event. and 1"),
        (lambda: roc_auc([1, float("nan")], [0, 1]), "1 value missing"),
        (lambda: roc_auc([1, 2], [0, float("nan")]), "1 value missing"),
        (lambda: roc_auc([1, 2, 3], [0, 1]), "one for each outcome"),
        (lambda: roc_auc([], []), "at least one"),
        (lambda: roc_auc([1, 2], [0, 1], confidence=95), "confidence: got 95"),
        (lambda: roc_auc([1, 2], [0, 1], interval_on="odds"), "interval_on: expected area or logit"),
        (lambda: brier([0.5, 1.2], [0, 1]), "got 1.2, expected probabilities from 0 to 1"),
        (lambda: net_benefit([0.5, 0.2], [0, 1], [1.0]), "above 0 and below 1"),
        (lambda: at_base_rate(0.8, 0.8, 0.0), "above 0 and below 1"),
        (lambda: at_base_rate(1.8, 0.8, 0.1), "shares from 0 to 1"),
        (lambda: band_table(["low", "gone"], [0, 1], ["low", "high"]), "none of low, high"),
        (lambda: band_table(["low"], [0], ["low"]), "at least two names"),
        (lambda: roc_auc_from_bands([1, -1], [1, 1]), "whole numbers from 0 on"),
        (lambda: roc_auc_from_bands([1, 2, 3], [1, 1]), "3 bands without and 2 with"),
        (lambda: band_table_from_counts([1, 2.5], [1, 1], ["low", "high"]), "others: expected whole numbers"),
        (lambda: band_table_from_counts([1, 2], [1, 1], ["low", "low"]), "none twice"),
        (lambda: band_table_from_counts([1, 2], [1, 1], ["low", "moderate", "high"]), "3 names for 2 bands"),
        (lambda: band_table([["low"], "high"], [0, 1], ["low", "high"]), "1 of 2 are none of"),
        (lambda: band_table((b for b in ("low", "high")), [0, 1], ["low", "high"]), "one band for each of 2 outcomes"),
        (lambda: roc_auc([[1, 2], [3]], [0, 1]), "unequal lengths"),
        (lambda: roc_auc([2**60, 2**60 + 1], [0, 1]), "floats can't tell apart"),
        (lambda: roc_auc([2**70, 2**70 + 1], [0, 1]), "expected numbers"),
        (lambda: roc_auc([10**400, 1], [0, 1]), "expected numbers"),
        (lambda: cross_fit([[1, 2], [3]], [0, 1], INVENTED), "unequal lengths"),
        (lambda: roc_auc(["Maria", 2], [0, 1]), "expected numbers"),
        (lambda: roc_auc([1, None], [0, 1]), "1 value missing"),
        (lambda: roc_auc([1, 2], [0, None]), "1 value missing"),
        (lambda: at_base_rate("high", 0.8, 0.1), "sensitivity: got a value of type str"),
        (lambda: at_base_rate(0.8, 0.8, None), "base_rate: got None"),
        (lambda: net_benefit([0.5, 0.2], [0, 1], 0.1), "expected a sequence"),
        (lambda: net_benefit([0.5, 0.2], [0, 1], ["low"]), "above 0 and below 1"),
        (lambda: log_loss([0.5, -0.1], [0, 1]), "expected probabilities from 0 to 1"),
        (lambda: calibration_error([0.5, 0.1], [0, 1], span=1.5), "span: got 1.5"),
        (lambda: calibration_error([0.5, 0.1], [0, 1], span=0), "span: got 0"),
        (lambda: cross_fit([1, 2], [0, 1], None), "expected a Setting"),
        (lambda: Setting("-", "2022", "repeat", "1 year"), "country: say it in words"),
        (lambda: Setting(None, 2022, "repeat", "1 year"), "(?s)country: .*years: "),
        (lambda: cross_fit([1, 2, 3], [0, 0, 1], INVENTED), "1 person of the rarer outcome, expected at least 10"),
        (lambda: cross_fit([1, 2, 3, 4], [0, 1, 0, 1], INVENTED, folds=1), "folds: got 1"),
        (lambda: fit_calibration([1, 2], [0, 0], INVENTED), "0 people of the rarer outcome"),
        (lambda: fit_calibration([1, 2], [0, 1], "Serbia"), "expected a Setting"),
        (lambda: fit_calibration([1] * 40, [0, 1] * 20, INVENTED), "all scores are the same"),
        (lambda: fit_calibration(range(40), [0] * 20 + [1] * 20, INVENTED), "separate the outcomes"),
        (lambda: fit_calibration([0, 1, 2] * 20, [1, 0, 0] * 20, INVENTED), "separate the outcomes"),
        (lambda: fit_calibration([0, 1, 2] * 20, [1, 0, 0] * 15 + [0, 1, 0] * 5, INVENTED), "fewer events here"),
        (lambda: fit_calibration([0, float("inf")] * 20, [0, 1] * 20, INVENTED), "infinite"),
        (lambda: FITTED.probabilities([3]), "1 score outside 0 to 2"),
        (lambda: FITTED.probabilities(1), "expected"),
        (lambda: FITTED.probabilities([[1, 2]]), "expected"),
    ],
)
def test_what_can_t_be_used_is_refused(call, message):
    with pytest.raises(DataError, match=message):
        call()
