"""The many-facet Rasch model against mirt (marginal likelihood), and against a plain likelihood in a general optimiser."""

import numpy as np
import pytest
from plant import planted
from scipy.optimize import minimize

from dvrisk.stats.facets import marginal_severity, rater_severity


@pytest.mark.parametrize("options", [2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_joint_estimates_are_within_0_03_logit_of_mirt_on_dense_marks(seed, options):
    """15 raters x 8 cases x 12 items, classical model. Over 60 seeds see `against_mirt` in docs/studies/detection.py."""
    pytest.importorskip("mirt")
    marks = planted(seed, 15, 8, 12, n_options=options)[0]
    ours, theirs = rater_severity(marks, facts_by_case=False), marginal_severity(marks, facts_by_case=False)
    for own, own_error, other in zip(ours.severity, ours.se, theirs, strict=True):
        assert own == pytest.approx(other.value, abs=0.03)
        assert own_error == pytest.approx((other.high - other.low) / 2 / 1.959964, rel=0.02)


@pytest.mark.parametrize("seed", range(4))
def test_with_facts_by_case_both_routes_agree_within_a_fifth_of_a_standard_error(seed):
    pytest.importorskip("mirt")
    marks = planted(seed, 15, 8, 12, facts_sd=1.5)[0]
    ours, theirs = rater_severity(marks, facts_by_case=True), marginal_severity(marks, facts_by_case=True)
    for own, own_error, other in zip(ours.severity, ours.se, theirs, strict=True):
        assert abs(own - other.value) < 0.2 * own_error


def plain_penalised(marks, by_case):
    """Minus the penalised log-likelihood as a function of one vector, written rating by rating from the formula."""
    n_raters, n_cases, n_items = marks.shape
    n_places = n_cases * n_items if by_case else n_cases
    n_options = [len(set(marks[:, :, item][~np.isnan(marks[:, :, item])])) for item in range(n_items)]
    starts = n_raters + n_places + np.concatenate([[0], np.cumsum([n - 1 for n in n_options])])

    def height(vector):
        raters, places = vector[:n_raters], vector[n_raters : n_raters + n_places]
        total = (raters @ raters + places @ places) / (2 * 2.0**2)
        for rater, case, item in np.argwhere(~np.isnan(marks)):
            danger = raters[rater] + places[case * n_items + item if by_case else case]
            steps = vector[starts[item] : starts[item + 1]]
            exponents = np.concatenate([[0.0], np.cumsum(danger - steps)])
            total -= exponents[int(marks[rater, case, item])] - np.log(np.exp(exponents).sum())
        return total

    return height, int(starts[-1])


@pytest.mark.parametrize("by_case", [False, True])
def test_values_and_errors_are_those_of_the_plain_likelihood(by_case):
    """Items with two and three options, marks missing: the case that mirt can't take."""
    two, three = planted(3, 4, 4, 2)[0], planted(6, 4, 4, 2, n_options=3)[0]
    marks = np.concatenate([two, three], axis=2)
    marks[0, 0, 0] = marks[2, 3, 3] = np.nan
    height, size = plain_penalised(marks, by_case)
    top = minimize(height, np.zeros(size), method="BFGS", options={"gtol": 1e-6})
    fitted = rater_severity(marks, facts_by_case=by_case)
    np.testing.assert_allclose(fitted.severity, top.x[:4], atol=2e-4)
    np.testing.assert_allclose(fitted.steps[np.isfinite(fitted.steps)], top.x[-6:], atol=2e-4)
    covariance = np.linalg.inv(second_derivatives(height, top.x))
    about_mean = np.eye(4) - 1 / 4
    np.testing.assert_allclose(fitted.se, np.sqrt(np.diag(about_mean @ covariance[:4, :4] @ about_mean)), rtol=2e-3)
    n_places = size - 4 - 6
    means = np.kron(np.eye(4), np.full(n_places // 4, 4 / n_places)) - 1 / n_places
    places = covariance[4 : 4 + n_places, 4 : 4 + n_places]
    np.testing.assert_allclose(fitted.cases_se, np.sqrt(np.diag(means @ places @ means.T)), rtol=2e-3)


def second_derivatives(function, at, step=2e-3):
    size = len(at)
    moves = step * np.eye(size)
    found = np.empty((size, size))
    for row in range(size):
        for column in range(row, size):
            corners = [
                sign_row * sign_column * function(at + sign_row * moves[row] + sign_column * moves[column])
                for sign_row in (1, -1)
                for sign_column in (1, -1)
            ]
            found[row, column] = found[column, row] = sum(corners) / (4 * step**2)
    return found
