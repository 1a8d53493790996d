"""Ranges of an evaluation against brute force: every completion of the open answers of small cohorts, any instrument."""

import random
from itertools import product
from math import prod

import made
import plain
import pytest

from dvrisk.scoring import scorer_for
from dvrisk.stats.accuracy import band_table, level_ranges, roc_auc, roc_auc_range

FIGURES = ("flagged", "sensitivity", "specificity", "ppv", "npv")


def ends(instrument, sheet):
    """Least and greatest score and level of one sheet."""
    _, low, high = scorer_for(instrument).outcome(sheet)
    return low.score, high.score, low.rank, high.rank


def scored_ways(instrument, sheet):
    """Score and level of every way to answer what is open."""
    return sorted({plain.scored(instrument, whole) for whole in plain.completions(instrument, sheet)})


def small_cohort(source):
    while True:
        instrument = made.instrument(source, most_items=4)
        sheets = [made.sheet(source, instrument, open_share=0.35) for _ in range(4)]
        ways = [scored_ways(instrument, sheet) for sheet in sheets]
        if 1 < prod(map(len, ways)) <= 400:
            return instrument, sheets, ways


@pytest.mark.parametrize("seed", range(60))
def test_every_figure_of_every_completion_lies_in_its_range_and_the_ends_are_reached(seed):
    source = random.Random(seed)
    instrument, sheets, ways = small_cohort(source)
    outcome = [0, 1, *(source.randint(0, 1) for _ in range(2))]
    score_low, score_high, rank_low, rank_high = zip(*(ends(instrument, sheet) for sheet in sheets), strict=True)
    area = roc_auc_range(score_low, score_high, outcome)
    ranges = level_ranges(rank_low, rank_high, outcome, instrument.levels)
    areas, tables = [], []
    for people in product(*ways):
        found = roc_auc([score for score, _ in people], outcome)
        areas.append(0.5 if found.undefined == "all scores are the same" else found.value)
        tables.append(band_table([instrument.levels[rank] for _, rank in people], outcome, instrument.levels))
    assert (min(areas), max(areas)) == pytest.approx((area.low, area.high))
    for place, edge in enumerate(ranges.edges):
        for name in FIGURES:
            values = [getattr(table.edges[place], name).value for table in tables]
            reached(getattr(edge, name), [value for value in values if value is not None], exact=True)
    for place, rate in enumerate(ranges.rates):
        values = [table.rates[place].value for table in tables]
        reached(rate, [value for value in values if value is not None], exact=place in (0, len(instrument.levels) - 1))


def reached(found, values, *, exact):
    if not values:
        assert found.low is None or not exact
    elif exact:
        assert (min(values), max(values)) == pytest.approx((found.low, found.high))
    else:
        assert found.low - 1e-12 <= min(values) <= max(values) <= found.high + 1e-12
