"""Discrimination and calibration against other programs: live ones, and numbers stored by accuracy_oracles.py."""

import json
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from accuracy_oracles import STORE, samples
from scipy.special import logit, ndtri
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.metrics import log_loss as sklearn_log_loss

from dvrisk.stats.accuracy import compare_roc_auc, roc_auc, roc_auc_from_bands
from dvrisk.stats.calibration import brier, calibration_line, log_loss, reliability_curve

KEPT = json.loads(Path(STORE).read_text(encoding="utf-8"))
SAMPLES = samples()
CLOSE = {"rel": 1e-9, "abs": 1e-9}


def delong(scores, outcome):
    """Area and standard error by the definition, pair by pair."""
    events, others = scores[outcome == 1], scores[outcome == 0]
    wins = (events[:, None] > others[None, :]) + (events[:, None] == others[None, :]) / 2
    error = np.sqrt(wins.mean(axis=1).var(ddof=1) / len(events) + wins.mean(axis=0).var(ddof=1) / len(others))
    return wins.mean(), error


@pytest.mark.parametrize("name", SAMPLES)
def test_area_and_interval_are_those_of_the_definition_and_of_other_programs(name):
    """One of the other programs computes in single precision; it agrees to its seven digits."""
    first, _, outcome = SAMPLES[name]
    found, (area, error) = roc_auc(first, outcome), delong(first, outcome)
    ends = max(0, area - ndtri(0.975) * error), min(1, area + ndtri(0.975) * error)
    assert found.value == pytest.approx(roc_auc_score(outcome, first), **CLOSE)
    assert (found.value, found.low, found.high) == pytest.approx((area, *ends), **CLOSE)
    kept = [max(0, min(1, KEPT[name][key])) for key in ("auc", "low", "high")]
    assert (found.value, found.low, found.high) == pytest.approx(kept, abs=1e-6)


@pytest.mark.parametrize("name", SAMPLES)
def test_two_scores_are_compared_as_delong_does(name):
    first, second, outcome = SAMPLES[name]
    found = compare_roc_auc(first, second, outcome)
    assert found.difference.value == pytest.approx(
        roc_auc_score(outcome, first) - roc_auc_score(outcome, second), **CLOSE
    )
    assert found.p == pytest.approx(KEPT[name]["p"], **CLOSE)


@pytest.mark.parametrize("name", ["three levels", "ten levels", "common"])
def test_a_table_of_bands_gives_the_same_as_the_people_in_it(name):
    first, _, outcome = SAMPLES[name]
    values = np.unique(first)
    counts = [[int(((first == value) & (outcome == kind)).sum()) for value in values] for kind in (0, 1)]
    table, people = roc_auc_from_bands(*counts), roc_auc(first, outcome)
    assert (table.value, table.low, table.high) == pytest.approx((people.value, people.low, people.high), **CLOSE)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_three_terms_are_those_of_another_program(name):
    first, _, outcome = SAMPLES[name]
    curve = reliability_curve(first, outcome, confidence=None)
    for term in ("miscalibration", "discrimination", "uncertainty"):
        assert getattr(curve, term) == pytest.approx(KEPT[name][term], **CLOSE)
    fitted = IsotonicRegression(y_min=0, y_max=1).fit(first, outcome).predict(curve.probability)
    assert curve.recalibrated == pytest.approx(fitted, rel=1e-9, abs=1e-9)
    score = brier(first, outcome)
    assert score.value == pytest.approx(brier_score_loss(outcome, first), **CLOSE)
    assert score.value == pytest.approx(KEPT[name]["score"], **CLOSE)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_calibration_line_is_a_logistic_regression(name):
    first, _, outcome = SAMPLES[name]
    x = logit(first)
    line = calibration_line(first, outcome)
    model = sm.GLM(outcome, sm.add_constant(x), family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
    low, high = model.conf_int()[1]
    assert line.slope.value == pytest.approx(model.params[1], rel=1e-8, abs=1e-8)
    assert line.intercept.value == pytest.approx(model.params[0], rel=1e-8, abs=1e-8)
    assert (line.slope.low, line.slope.high) == pytest.approx((low, high), rel=1e-7, abs=1e-7)
    large = sm.GLM(outcome, np.ones_like(x), family=sm.families.Binomial(), offset=x).fit(tol=1e-14, maxiter=200)
    assert line.in_the_large.value == pytest.approx(large.params[0], rel=1e-8, abs=1e-8)
    assert line.in_the_large.low == pytest.approx(large.conf_int()[0][0], rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("name", SAMPLES)
def test_log_loss_is_that_of_another_program_and_of_a_logistic_likelihood(name):
    first, _, outcome = SAMPLES[name]
    found = log_loss(first, outcome).value
    assert found == pytest.approx(sklearn_log_loss(outcome, first), **CLOSE)
    model = sm.GLM(outcome, np.ones(len(first)), family=sm.families.Binomial(), offset=logit(first))
    assert found == pytest.approx(-model.loglike([0.0]) / len(first), **CLOSE)
