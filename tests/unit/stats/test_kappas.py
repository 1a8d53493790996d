"""Pairs of raters against a definition over cases, one pair at a time."""

import numpy as np
import plain_agreement as plain
import pytest

from dvrisk.errors import DataError
from dvrisk.stats import kappas
from dvrisk.stats.formulas import WEIGHTINGS
from dvrisk.stats.kappas import cohen_kappa, pairwise_kappas


def test_one_pair_is_that_of_the_definition():
    source = np.random.default_rng(1)
    for _ in range(200):
        n_levels = int(source.integers(2, 6))
        one, other = plain.drawn(source, 2, source.integers(2, 20), n_levels, source.choice([0, 0.3]))
        for weights in WEIGHTINGS:
            found = cohen_kappa([one, other], levels=n_levels, weights=weights, interval=None)
            theirs = plain.cohen(one, other, n_levels, weights)
            assert found.value == (None if theirs is None else pytest.approx(theirs, abs=1e-9))


def test_all_pairs_are_those_of_the_definition():
    source = np.random.default_rng(2)
    for _ in range(100):
        n_levels = int(source.integers(2, 6))
        ratings = plain.drawn(source, 6, source.integers(2, 15), n_levels, source.choice([0, 0.4]))
        for weights in WEIGHTINGS:
            found = pairwise_kappas(ratings, levels=n_levels, weights=weights)
            for one in range(6):
                for other in range(6):
                    shared = sum(None not in pair for pair in zip(ratings[one], ratings[other], strict=True))
                    assert found.shared[one, other] == shared
                    theirs = None if one == other else plain.cohen(ratings[one], ratings[other], n_levels, weights)
                    if theirs is None:
                        assert np.isnan(found.values[one, other])
                    else:
                        assert found.values[one, other] == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("missing", [0, 0.3])
def test_a_large_table_in_blocks_is_the_same_as_in_one_piece(monkeypatch, missing):
    source = np.random.default_rng(3)
    codes = source.integers(0, 3, (7, 12_000))
    codes[source.random(codes.shape) < missing] = -1
    blocks = pairwise_kappas(codes, levels=3, weights="quadratic")
    monkeypatch.setattr(kappas, "_SMALL", 10**9)  # no shortcut where nothing is missing
    monkeypatch.setattr(kappas, "_MARKS", 10**4)
    pieces = pairwise_kappas(codes, levels=3, weights="quadratic")
    assert np.array_equal(blocks.values, pieces.values, equal_nan=True)
    assert np.array_equal(blocks.shared, pieces.shared)


def test_too_few_shared_cases_and_one_level_are_undefined_with_a_reason():
    assert cohen_kappa([[0, 1, None], [0, None, 1]]).undefined == "fewer than two cases were rated by both"
    assert cohen_kappa([[1, 1, 0], [1, 1, None]]).undefined == "every rating is the same level"


def test_one_rater_who_never_varies_gives_nought():
    assert cohen_kappa([[0, 0, 0, 0], [0, 1, 0, 1]]).value == 0


def test_cases_that_only_one_rated_are_counted_as_left_out():
    found = cohen_kappa([[0, 1, None, 1, 0], [0, 1, 1, None, 1]])
    assert found.counts == {"raters": 2, "cases": 5, "ratings": 6, "pairs": 3, "left_out": 2}
    assert found.value == pytest.approx(plain.cohen([0, 1, 0], [0, 1, 1], 2))


def test_the_interval_is_over_cases():
    one, other = plain.drawn(np.random.default_rng(4), 2, 40, 3, 0)
    found = cohen_kappa([one, other], levels=3, weights="quadratic")
    assert found.method.startswith("Cohen's kappa, quadratic weights; 95 % interval over cases")
    assert found.low < found.value < found.high
    drawn = cohen_kappa([one, other], levels=3, weights="quadratic", interval="bca")
    assert (drawn.low, drawn.high) == pytest.approx((found.low, found.high), abs=0.15)


def test_three_raters_are_not_a_pair():
    with pytest.raises(DataError, match=r"got 3 raters, expected 2\. Use pairwise_kappas"):
        cohen_kappa([[0, 1], [0, 1], [1, 1]])
