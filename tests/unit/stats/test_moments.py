"""Counts and sums: two routes to the same sums, and counts that can be checked by hand."""

import numpy as np
import pytest

from dvrisk.stats.moments import from_rows, marks_of, moments_by_case, moments_of, tally
from dvrisk.stats.ratings import as_ratings

NAMES = ("pairs", "pairs_per_rating", "pairs_per_case", "shares", "rated", "paired", "by_rater")


def drawn(n_raters, n_cases, n_levels=3, seed=1):
    return np.random.default_rng(seed).integers(-1, n_levels, (n_raters, n_cases)).astype(np.int8)


def test_counts_of_a_small_table():
    counted = tally(as_ratings([[0, 2, None, None], [0, 1, 1, None], [1, 2, None, None]], 3))
    assert counted.by_case.tolist() == [[2, 0, 0, 0], [1, 1, 1, 0], [0, 2, 0, 0]]
    assert counted.by_rater.tolist() == [[1, 0, 1], [1, 2, 0], [0, 1, 1]]
    assert counted.paired.tolist() == [0, 1]


@pytest.mark.parametrize("shape", [(3, 70_001), (256, 40), (600, 9)])
def test_counting_in_blocks_loses_nothing(shape):
    codes = drawn(*shape)
    counted = tally(as_ratings(codes, 3))
    marks = codes[:, None, :] == np.arange(3)[:, None]
    assert np.array_equal(counted.by_case, marks.sum(axis=0))
    assert np.array_equal(counted.by_rater, marks.sum(axis=2))


def test_more_than_255_equal_ratings_of_a_case_do_not_overflow():
    assert tally(as_ratings(np.ones((700, 2), dtype=np.int8))).by_case.tolist() == [[0, 0], [700, 700]]


def test_sums_of_a_small_table():
    counted = tally(as_ratings([[0, 2, None, None], [0, 1, 1, None], [1, 2, None, None]], 3))
    sums = moments_of(counted.by_case, counted.by_rater)
    # Case 1: two of 0, one of 1. Case 2: one of 1, two of 2. Case 3 has one rating, case 4 none.
    assert sums.pairs.tolist() == [[2, 2, 0], [2, 0, 2], [0, 2, 2]]
    assert np.allclose(sums.pairs_per_rating, sums.pairs / 2)
    assert np.allclose(sums.pairs_per_case, sums.pairs / 6)
    assert np.allclose(sums.shares, [2 / 3, 1 / 3 + 1 / 3 + 1, 2 / 3])
    assert (sums.rated, sums.paired) == (3, 2)


@pytest.mark.parametrize("n_levels", [2, 3, 7])
def test_sums_are_the_sums_of_what_each_case_adds(n_levels):
    counted = tally(as_ratings(drawn(6, 40, n_levels), n_levels))
    whole = moments_of(counted.by_case, counted.by_rater)
    added = from_rows(moments_by_case(counted.by_case).sum(axis=0), counted.by_rater)
    for name in NAMES:
        assert np.allclose(getattr(whole, name), getattr(added, name), rtol=0, atol=1e-12), name


def test_a_stack_of_tables_gives_the_sums_of_each():
    counted = tally(as_ratings(drawn(5, 12), 3))
    marks = marks_of(counted.codes, 3)
    stack = moments_of(counted.by_case - marks, counted.by_rater)
    for rater in range(5):
        alone = moments_of(counted.by_case - marks[rater], counted.by_rater)
        for name in NAMES[:-1]:
            assert np.allclose(getattr(stack, name)[rater], getattr(alone, name))
