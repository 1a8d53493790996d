"""Weights by hand, and formulas that hold for stacks of sums as for one."""

import numpy as np
import pytest

from dvrisk.errors import DataError
from dvrisk.stats import formulas
from dvrisk.stats.moments import from_rows, moments_by_case, moments_of, tally
from dvrisk.stats.ratings import as_ratings


@pytest.mark.parametrize(
    ("weights", "first_row"),
    [
        ("identity", [1, 0, 0, 0]),
        ("linear", [1, 2 / 3, 1 / 3, 0]),
        ("quadratic", [1, 8 / 9, 5 / 9, 0]),
        ("ordinal", [1, 5 / 6, 1 / 2, 0]),
    ],
)
def test_weights_of_the_lowest_of_four_levels(weights, first_row):
    table = formulas.weight_table(weights, 4)
    assert np.allclose(table[0], first_row)
    assert np.array_equal(table, table.T)
    assert np.allclose(table[::-1, ::-1], table)


def test_a_table_of_ones_own_is_taken_as_it_is():
    table = np.array([[1, 0.5], [0.5, 1]])
    assert formulas.weight_table(table, 2) is table


@pytest.mark.parametrize(
    "weights",
    [
        "equal",
        np.eye(2),
        np.full((3, 3), 0.5),
        np.eye(3) * 2,
        np.eye(3) - 0.1 * np.eye(3)[::-1],
        np.triu(np.ones((3, 3))),
    ],
)
def test_weights_that_are_no_weights_are_refused(weights):
    with pytest.raises(DataError, match="weights: expected"):
        formulas.weight_table(weights, 3)


def test_the_three_metrics_of_three_levels():
    shares = np.array([0.5, 0.2, 0.3])
    assert formulas.squared_distances("nominal", shares).tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    assert formulas.squared_distances("interval", shares).tolist() == [[0, 1, 4], [1, 0, 1], [4, 1, 0]]
    # Middles of the levels on the line of all ratings: 0.25, 0.6, 0.85.
    steps = np.sqrt(formulas.squared_distances("ordinal", shares))
    assert np.allclose(steps, [[0, 0.35, 0.6], [0.35, 0, 0.25], [0.6, 0.25, 0]])


def all_values(sums):
    tables = np.stack([formulas.weight_table(weights, 3) for weights in formulas.WEIGHTINGS])
    weighted = (
        formulas.agreement,
        formulas.fleiss,
        formulas.conger,
        formulas.brennan_prediger,
        formulas.gwet,
    )
    parts = [formula(sums, tables) for formula in weighted]
    return np.concatenate([*parts, formulas.alpha(sums, formulas.METRICS), formulas.specific(sums, 1)], axis=-1)


def test_a_stack_of_sums_gives_the_values_of_each():
    counted = tally(as_ratings(np.random.default_rng(3).integers(-1, 3, (6, 15)), 3))
    times = np.random.default_rng(4).integers(0, 3, (4, 15))
    marks = (counted.codes[:, None, :] == np.arange(3)[:, None]).astype(float)
    by_rater = np.einsum("bu,rku->brk", times, marks)
    stack = all_values(from_rows(times @ moments_by_case(counted.by_case), by_rater))
    for row, weights in enumerate(times):
        repeated = np.repeat(counted.by_case, weights, axis=1)
        assert np.allclose(stack[row], all_values(moments_of(repeated, by_rater[row])), rtol=0, atol=1e-12)


def test_no_pair_gives_no_value_and_no_warning():
    counted = tally(as_ratings([[0, None], [None, 1]], 3))
    assert np.isnan(all_values(moments_of(counted.by_case, counted.by_rater))).all()


def test_one_level_only_leaves_raw_agreement():
    counted = tally(as_ratings([[2, 2], [2, 2]], 3))
    sums = moments_of(counted.by_case, counted.by_rater)
    table = formulas.weight_table("identity", 3)[None]
    assert formulas.agreement(sums, table) == 1
    assert np.isnan(formulas.fleiss(sums, table)).all()
    assert np.isnan(formulas.conger(sums, table)).all()
    assert np.isnan(formulas.alpha(sums, formulas.METRICS)).all()
