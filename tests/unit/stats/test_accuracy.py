"""Discrimination, cut-offs and calibration: definitions by brute force, known truths, edges, and what is refused."""

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
from dvrisk.stats.calibration import brier, calibration_line, reliability_curve

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


def test_people_who_are_wholly_separated_have_no_interval():
    found = roc_auc([1, 2, 3, 4], [0, 0, 1, 1])
    assert (found.value, found.low) == (1.0, None)
    assert "no interval" in found.method
    assert roc_auc([1, 2, 3], [0, 0, 1]).low is None


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
    assert found.score == pytest.approx((true - false * odds) / len(rows))
    assert found.everybody == pytest.approx(outcome.mean() - (1 - outcome.mean()) * odds)


# ----------------------------------------------------------------------------------------------------------- calibration


@given(sure)
def test_the_three_terms_add_up_and_none_is_negative(rows):
    p, outcome = columns(rows)
    curve = reliability_curve(p, outcome, confidence=None)
    total = curve.miscalibration - curve.discrimination + curve.uncertainty
    assert total == pytest.approx(brier(p, outcome).score.value)
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
    inside = (curve.low <= curve.recalibrated) & (curve.recalibrated <= curve.high)
    assert inside.mean() >= 0.7
    wrong = reliability_curve(p, source.random(2000) < p / 2, confidence=0.9, draws=300, seed=1)
    assert ((wrong.low <= wrong.recalibrated) & (wrong.recalibrated <= wrong.high)).mean() < 0.3


def test_a_probability_of_0_or_1_is_never_clipped():
    line = calibration_line([0.0, 0.5, 1.0], [0, 1, 1])
    assert line.slope.value is None
    assert "2 probabilities are exactly 0 or 1" in line.slope.undefined
    assert brier([0.0, 0.5, 1.0], [0, 1, 1]).score.value == pytest.approx(0.25 / 3)
    assert roc_auc([0.0, 0.5, 1.0], [0, 1, 1]).value == 1.0
    assert reliability_curve([0.0, 1.0], [0, 1], confidence=None).miscalibration == 0


def test_one_outcome_alone_is_undefined_with_its_reason():
    assert brier([0.1, 0.2], [0, 0]).skill.undefined == "nobody had the event"
    assert calibration_line([0.1, 0.2], [1, 1]).slope.undefined == "everybody had the event"
    assert calibration_line([0.3, 0.3], [0, 1]).slope.undefined == "all probabilities are the same"
    assert calibration_line([0.1, 0.2, 0.7], [0, 0, 1]).slope.undefined == "the probabilities separate the outcomes"


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
        (lambda: brier([0.5, 1.2], [0, 1]), "got 1.2, expected probabilities from 0 to 1"),
        (lambda: net_benefit([0.5, 0.2], [0, 1], [1.0]), "above 0 and below 1"),
        (lambda: at_base_rate(0.8, 0.8, 0.0), "above 0 and below 1"),
        (lambda: at_base_rate(1.8, 0.8, 0.1), "shares from 0 to 1"),
        (lambda: band_table(["low", "gone"], [0, 1], ["low", "high"]), "none of low, high"),
        (lambda: band_table(["low"], [0], ["low"]), "at least two names"),
        (lambda: roc_auc_from_bands([1, -1], [1, 1]), "whole numbers from 0 on"),
    ],
)
def test_what_can_t_be_used_is_refused(call, message):
    with pytest.raises(DataError, match=message):
        call()
