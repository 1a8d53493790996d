"""Coefficients against definitions written over pairs, on drawn tables with gaps, skew and unused levels."""

from dataclasses import replace

import numpy as np
import plain_agreement as plain
import pytest

from dvrisk.errors import DataError
from dvrisk.stats.coefficients import (
    agreement_table,
    bootstrap_table,
    brennan_prediger,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    krippendorff_alpha,
    percent_agreement,
    serious_splits,
    specific_agreement,
    splits_across,
)
from dvrisk.stats.formulas import METRICS, WEIGHTINGS
from dvrisk.stats.ratings import as_ratings

LEVELS = ("low", "medium", "high")
WEIGHTED = {
    "percent_agreement": plain.agreement,
    "fleiss_kappa": plain.fleiss,
    "conger_kappa": plain.conger,
    "brennan_prediger": plain.brennan_prediger,
    "gwet_ac": plain.gwet,
}
CORRECTED = (fleiss_kappa, conger_kappa, brennan_prediger, gwet_ac, krippendorff_alpha)
RATINGS = [[0, 2, 1, 0], [0, 2, 0, None], [0, 1, 0, 2], [0, 2, 1, 2]]


def tables(number, seed):
    """Drawn tables: 2 to 8 raters, 2 to 12 cases, 2 to 6 levels, up to half of the ratings missing."""
    source = np.random.default_rng(seed)
    for _ in range(number):
        n_raters, n_cases, n_levels = source.integers(2, 9), source.integers(2, 13), int(source.integers(2, 7))
        missing = source.choice([0.0, 0.1, 0.5])
        yield plain.drawn(source, n_raters, n_cases, n_levels, missing), n_levels


def has_pair(ratings):
    return any(len(case) >= 2 for case in plain.cases_of(ratings))


def one_level(ratings):
    return len({rating for case in plain.cases_of(ratings) for rating in case}) == 1


def test_every_value_is_that_of_its_definition():
    compared = 0
    for ratings, n_levels in tables(300, seed=1):
        if not has_pair(ratings):
            continue
        table = agreement_table(ratings, levels=n_levels)
        for name, definition in WEIGHTED.items():
            for weights in WEIGHTINGS:
                ours = table[name][weights]
                if name != "percent_agreement" and one_level(ratings):
                    assert ours.undefined == "every rating is the same level"
                    continue
                assert ours.value == pytest.approx(definition(ratings, n_levels, weights), abs=1e-9), (name, weights)
                compared += 1
        for metric in METRICS:
            ours, theirs = table["krippendorff_alpha"][metric], plain.alpha(ratings, metric)
            assert (ours.value is None) == (theirs is None)
            if theirs is not None:
                assert ours.value == pytest.approx(theirs, abs=1e-9), metric
    assert compared > 4_000


def test_a_coefficient_alone_is_the_same_as_in_the_table():
    for ratings, n_levels in tables(40, seed=2):
        table = agreement_table(ratings, levels=n_levels)
        for function in (fleiss_kappa, conger_kappa, brennan_prediger, gwet_ac):
            for weights in WEIGHTINGS:
                alone = function(ratings, levels=n_levels, weights=weights, interval=None)
                assert_same(alone, table[function.__name__][weights])
        for metric in METRICS:
            alone = krippendorff_alpha(ratings, levels=n_levels, metric=metric, interval=None)
            assert_same(alone, table["krippendorff_alpha"][metric])
        alone = percent_agreement(ratings, levels=n_levels, interval=None)
        assert_same(alone, table["percent_agreement"]["identity"])


def assert_same(one, other):
    assert one.value == (None if other.value is None else pytest.approx(other.value, abs=1e-12))
    assert replace(one, value=None) == replace(other, value=None)


def test_splits_and_specific_agreement_are_those_of_their_definitions():
    for ratings, n_levels in tables(150, seed=3):
        if not has_pair(ratings):
            continue
        for level in range(n_levels):
            found = specific_agreement(ratings, level, levels=n_levels, interval=None)
            theirs = plain.specific(ratings, level)
            assert found.value == (None if theirs is None else pytest.approx(theirs, abs=1e-9))
        for steps in range(1, n_levels):
            found = serious_splits(ratings, steps=steps, levels=n_levels, interval=None)
            theirs = plain.share_of_pairs(ratings, lambda one, other, steps=steps: abs(one - other) >= steps)
            assert found.value == pytest.approx(theirs, abs=1e-9)
        for at in range(1, n_levels):
            found = splits_across(ratings, at, levels=n_levels, interval=None)
            theirs = plain.share_of_pairs(ratings, lambda one, other, at=at: (one < at) != (other < at))
            assert found.value == pytest.approx(theirs, abs=1e-9)


def test_agreement_and_splits_of_one_step_add_up_to_one():
    for ratings, n_levels in tables(20, seed=4):
        agree = percent_agreement(ratings, levels=n_levels, interval=None).value
        split = serious_splits(ratings, steps=1, levels=n_levels, interval=None).value
        assert (agree is None and split is None) or agree + split == pytest.approx(1)


@pytest.mark.parametrize("function", CORRECTED)
def test_ratings_of_one_level_have_raw_agreement_and_nothing_beyond_chance(function):
    same = np.full((7, 6), 2)
    found = function(same, levels=3)
    assert (found.value, found.undefined) == (None, "every rating is the same level")
    assert str(found) == "undefined: every rating is the same level"
    assert percent_agreement(same, levels=3).value == 1
    assert specific_agreement(same, 2, levels=3).value == 1
    assert serious_splits(same, levels=3).value == 0


def test_full_agreement_on_different_levels_is_one_and_shows_no_spread():
    for function in (percent_agreement, *CORRECTED):
        found = function([[0, 1, 2]] * 4, levels=3)
        assert found.value == pytest.approx(1)
        assert (found.low, found.high) == (None, None)
        assert "no interval: the value is the same without any one rater" in found.method


def test_alpha_is_undefined_if_only_unpaired_ratings_differ():
    ratings = [[0, 0, 1], [0, 0, None]]
    assert krippendorff_alpha(ratings).undefined == "every rating that has a partner is the same level"
    assert fleiss_kappa(ratings, interval=None).value is not None


def test_without_a_pair_nothing_is_defined():
    ratings = [[0, None], [None, 1]]
    for function in (percent_agreement, serious_splits, *CORRECTED):
        for sample in ("raters", "cases"):
            assert function(ratings, levels=3, sample=sample).undefined == "no case has two ratings"
    assert specific_agreement(ratings, 0).undefined == "no case has two ratings"


def test_counts_say_what_a_value_rests_on():
    found = percent_agreement([[0, 1, None, None], [0, 1, 1, None], [0, None, None, None]])
    assert found.counts == {"raters": 3, "cases": 4, "ratings": 6, "pairs": 4, "left_out": 2}


def test_declared_levels_that_nobody_used_count():
    ratings = [[0, 1, 0, 0], [0, 1, 1, 0]]
    assert gwet_ac(ratings, levels=2, interval=None).value < gwet_ac(ratings, levels=3, interval=None).value
    assert brennan_prediger(ratings, levels=3, interval=None).value == pytest.approx(1 - 0.25 / (2 / 3))


def test_levels_are_named_by_rank_or_by_id():
    text = [[None if rank is None else LEVELS[rank] for rank in row] for row in RATINGS]
    assert specific_agreement(text, "high", levels=LEVELS).value == specific_agreement(RATINGS, 2, levels=3).value
    assert splits_across(text, "high", levels=LEVELS).value == splits_across(RATINGS, 2, levels=3).value


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: specific_agreement(RATINGS, 3, levels=3), "got 3, expected a rank from 0"),
        (lambda: specific_agreement(RATINGS, "hihg", levels=LEVELS), "did you mean high"),
        (lambda: specific_agreement(RATINGS, "high", levels=3), "expected one of the declared ids"),
        (lambda: splits_across(RATINGS, 0, levels=3), "nothing lies below it"),
        (lambda: serious_splits(RATINGS, steps=0), "steps: got 0, expected a whole number, 1 or more"),
        (lambda: serious_splits(RATINGS, steps="x"), "steps: got a value of type str"),
        (lambda: serious_splits(RATINGS, steps=1.5), "steps: got 1.5"),
        (lambda: specific_agreement(RATINGS, 1.5), "level: got 1.5, expected a rank"),
        (lambda: specific_agreement(RATINGS, None), "level: got None, expected a rank"),
        (lambda: specific_agreement(RATINGS, True), "level: got True, expected a rank"),
        (lambda: splits_across(RATINGS, 1.5), "at: got 1.5, expected a rank"),
        (lambda: splits_across(RATINGS, None), "at: got None"),
        (lambda: splits_across(RATINGS, True), "at: got True"),
        (lambda: fleiss_kappa(RATINGS, weights=None), "weights: expected"),
        (lambda: fleiss_kappa(RATINGS, confidence="x"), "confidence: got a value of type str"),
        (lambda: bootstrap_table(np.tile(RATINGS, 10), replicates=0), "replicates: got 0"),
        (lambda: krippendorff_alpha(RATINGS, metric="ratio"), "metric: expected one of nominal, ordinal, interval"),
        (lambda: fleiss_kappa(RATINGS, weights="cubic"), "weights: expected one of identity"),
        (lambda: bootstrap_table(RATINGS), "got 4 cases with two ratings, expected 30"),
    ],
)
def test_arguments_that_mean_nothing_are_refused(call, message):
    with pytest.raises(DataError, match=message):
        call()


def test_two_levels_can_never_be_two_steps_apart():
    found = serious_splits([[0, 1], [1, 1]])
    assert (found.value, found.undefined) == (None, "with 2 levels no two are 2 apart")


def test_ordinal_weights_and_ordinal_metric_are_not_the_same_thing():
    ratings = [[0, 2, 1, 0, 0], [0, 2, 0, 1, 0], [0, 1, 0, 2, 0], [0, 2, 1, 2, 1]]
    metric = krippendorff_alpha(ratings, levels=3, metric="ordinal", interval=None).value
    kappa = fleiss_kappa(ratings, levels=3, weights="ordinal", interval=None).value
    assert metric != pytest.approx(
        kappa + (1 - kappa) / 20, abs=1e-3
    )  # alpha with those weights, as nothing is missing


def test_fewer_than_eight_cases_carry_no_verdict_for_alpha():
    ratings = np.random.default_rng(5).integers(0, 3, (9, 8))
    assert "too few for a verdict" not in krippendorff_alpha(ratings, levels=3).method
    few = krippendorff_alpha(ratings[:, :7], levels=3)
    assert few.low is not None
    assert few.method.endswith("fewer than 8 cases: too few for a verdict")


def test_an_interval_stays_within_what_is_possible():
    for ratings, n_levels in tables(60, seed=6):
        found = {f: f(ratings, levels=n_levels) for f in (percent_agreement, *CORRECTED)}
        for function, estimate in found.items():
            if estimate.low is not None:
                assert estimate.high <= 1
                assert estimate.low >= {percent_agreement: 0, krippendorff_alpha: -1}.get(function, -np.inf)
                assert estimate.low <= estimate.value <= estimate.high


def test_the_lowest_value_of_weighted_ac_lies_below_minus_one():
    # Eight cases split between the ends, two where both say the middle: with quadratic weights worse than -1.
    ratings = [[0] * 8 + [1] * 2, [2] * 8 + [1] * 2]
    found = gwet_ac(ratings, levels=3, weights="quadratic", sample="cases")
    assert found.value < -1
    assert found.low >= -2


def test_one_object_of_ratings_serves_many_calls():
    checked = as_ratings(RATINGS, LEVELS)
    assert gwet_ac(checked) == gwet_ac(RATINGS, levels=LEVELS)


def test_the_bootstrap_table_holds_what_single_calls_give():
    ratings = np.random.default_rng(7).integers(-1, 3, (6, 40))
    table = bootstrap_table(ratings, levels=3, seed=3)
    alone = fleiss_kappa(ratings, levels=3, weights="linear", sample="cases", interval="bca", seed=3)
    found = table["fleiss_kappa"]["linear"]
    assert (found.value, found.low, found.high) == pytest.approx((alone.value, alone.low, alone.high), abs=1e-12)
    assert found.method == alone.method
    assert "BCa bootstrap, 2000 draws, seed 3" in found.method
