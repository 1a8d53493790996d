"""Figures over all completions of open answers, against brute force over every completion of small cohorts."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrisk import DataError
from dvrisk.stats.accuracy import band_table, level_ranges, roc_auc, roc_auc_range

LEVELS = ["low", "moderate", "high"]
person = st.tuples(st.integers(0, 2), st.integers(0, 2), st.booleans())
cohorts = st.lists(person, min_size=1, max_size=6)


def columns(rows):
    ends = [sorted(row[:2]) for row in rows]
    return [low for low, _ in ends], [high for _, high in ends], [row[2] for row in rows]


def completions(low, high):
    return product(*(range(a, b + 1) for a, b in zip(low, high, strict=True)))


def assert_holds(found, values):
    """The range is exactly that of the values which exist."""
    known = [value for value in values if value is not None]
    if not known:
        assert (found.low, found.high) == (None, None)
        assert found.note
    else:
        assert (found.low, found.high) == pytest.approx((min(known), max(known)))


@given(cohorts)
def test_every_range_is_that_of_all_completions(rows):
    low, high, outcome = columns(rows)
    found = level_ranges(low, high, outcome, LEVELS)
    tables = [band_table([LEVELS[rank] for rank in one], outcome, LEVELS) for one in completions(low, high)]
    for k in range(3):
        assert_holds(found.shares[k], [table.shares[k].value for table in tables])
        assert_holds(found.rates[k], [table.rates[k].value for table in tables])
    for k in range(2):
        for name in ("flagged", "sensitivity", "specificity", "ppv", "npv"):
            assert_holds(getattr(found.edges[k], name), [getattr(table.edges[k], name).value for table in tables])


@given(cohorts)
def test_the_naive_figures_are_those_of_every_unknown_read_as_no(rows):
    low, high, outcome = columns(rows)
    found = level_ranges(low, high, outcome, LEVELS)
    table = band_table([LEVELS[rank] for rank in low], outcome, LEVELS)
    assert [each.naive for each in found.shares] == pytest.approx([each.value for each in table.shares])
    assert [each.naive for each in found.rates if each.low is not None] == [
        each.value for each, there in zip(table.rates, found.rates, strict=True) if there.low is not None
    ]
    for edge, right in zip(found.edges, table.edges, strict=True):
        for name in ("flagged", "sensitivity", "specificity", "ppv", "npv"):
            if getattr(edge, name).low is not None:
                assert getattr(edge, name).naive == getattr(right, name).value


@given(cohorts)
def test_the_area_runs_from_one_extreme_order_to_the_other(rows):
    low, high, outcome = columns(rows)
    found = roc_auc_range(low, high, outcome)
    areas = [roc_auc(one, outcome) for one in completions(low, high)]
    values = [0.5 if area.undefined == "all scores are the same" else area.value for area in areas]
    assert_holds(found, values)
    if found.low is not None:
        assert found.low <= found.naive <= found.high


def test_nothing_open_leaves_one_number():
    found = roc_auc_range([0, 1, 2], [0, 1, 2], [0, 1, 1])
    assert (found.low, found.high, found.naive) == (1.0, 1.0, 1.0)


def test_a_range_without_a_value_says_why():
    assert str(roc_auc_range([0, 1], [1, 1], [1, 1])) == "undefined: everybody had the event"
    nobody = level_ranges([1, 1], [1, 1], [0, 1], LEVELS).rates[2]
    assert (nobody.low, nobody.high, str(nobody)) == (None, None, "undefined: nobody can be there")


def test_only_a_level_between_others_may_be_wider_than_the_truth():
    found = level_ranges([0, 0], [2, 1], [0, 1], LEVELS)
    assert [bool(each.note) for each in found.rates] == [False, True, False]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: roc_auc_range([2], [1], [0]), "1 person with a least result above the greatest"),
        (lambda: level_ranges([0], [3], [0], LEVELS), "ranks from 0, whole numbers, for each"),
        (lambda: level_ranges([-1], [0], [0], LEVELS), "ranks from 0, whole numbers, for each"),
        (lambda: level_ranges([0.5], [1], [0], LEVELS), "whole numbers, for each"),
        (lambda: level_ranges([0], [1], [0], None), "at least two names"),
        (lambda: roc_auc_range([0, np.nan], [1, 1], [0, 1]), "1 value missing"),
    ],
)
def test_what_can_t_be_used_is_refused(call, message):
    with pytest.raises(DataError, match=message):
        call()
