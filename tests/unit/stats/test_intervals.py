"""Intervals against leaving out and drawing again one by one, and against the bootstrap of SciPy."""

import numpy as np
import plain_agreement as plain
import pytest
from scipy import stats

from dvrisk.errors import DataError
from dvrisk.stats import intervals
from dvrisk.stats.coefficients import conger_kappa, fleiss_kappa, gwet_ac, krippendorff_alpha, percent_agreement
from dvrisk.stats.intervals import Plan, bca_limits, drawn_values, jackknife_limits, left_out_values, standard_error
from dvrisk.stats.moments import moments_of, tally
from dvrisk.stats.ratings import as_ratings

DEFINITIONS = {
    percent_agreement: lambda ratings: plain.agreement(ratings, 3),
    fleiss_kappa: lambda ratings: plain.fleiss(ratings, 3),
    conger_kappa: lambda ratings: plain.conger(ratings, 3),
    gwet_ac: lambda ratings: plain.gwet(ratings, 3),
    krippendorff_alpha: lambda ratings: plain.alpha(ratings, "ordinal"),
}


def drawn(n_raters, n_cases, seed, missing=0.2):
    return plain.drawn(np.random.default_rng(seed), n_raters, n_cases, 3, missing)


def conger(sums):
    from dvrisk.stats.formulas import conger, weight_table

    return conger(sums, weight_table("linear", 3)[None])


@pytest.mark.parametrize("function", DEFINITIONS, ids=lambda function: function.__name__)
def test_the_interval_over_raters_leaves_out_one_rater_at_a_time(function):
    ratings = drawn(7, 10, seed=1)
    without = [DEFINITIONS[function](ratings[:rater] + ratings[rater + 1 :]) for rater in range(7)]
    found = function(ratings, levels=3)
    half = stats.t.ppf(0.975, 6) * np.sqrt(6 / 7 * ((without - np.mean(without)) ** 2).sum())
    assert (found.low, found.high) == pytest.approx((found.value - half, min(1, found.value + half)), abs=1e-9)
    assert "95 % interval over raters (these cases, other raters)" in found.method
    assert "t with 6 degrees of freedom" in found.method


@pytest.mark.parametrize("function", DEFINITIONS, ids=lambda function: function.__name__)
def test_the_interval_over_cases_leaves_out_one_case_at_a_time(function):
    ratings = drawn(5, 12, seed=2)
    paired = [place for place, case in enumerate(plain.cases_of(ratings)) if len(case) >= 2]
    without = [DEFINITIONS[function]([row[:place] + row[place + 1 :] for row in ratings]) for place in paired]
    found = function(ratings, levels=3, sample="cases", confidence=0.9)
    number = len(paired)
    spread = np.sqrt((number - 1) / number * ((without - np.mean(without)) ** 2).sum())
    half = stats.t.ppf(0.95, number - 1) * spread
    assert found.high - found.value == pytest.approx(half, abs=1e-9) or found.high == 1
    assert found.value - found.low == pytest.approx(half, abs=1e-9)
    assert "90 % interval over cases (these raters, other cases)" in found.method


def test_cases_with_one_rating_are_not_sampled_but_count_in_chance():
    ratings = [[0, 1, 2, 0, 1, None], [0, 1, 1, 0, 2, None], [None, None, 2, 0, 1, 2]]
    counted = tally(as_ratings(ratings, 3))
    assert len(left_out_values(counted, conger, "cases")) == 5
    assert "t with 4 degrees of freedom" in fleiss_kappa(ratings, sample="cases").method


def test_the_jackknife_of_a_mean_is_its_usual_interval():
    sample = np.array([2.0, 3.0, 7.0, 8.0])
    without = (sample.sum() - sample) / 3
    assert standard_error(without) == pytest.approx(stats.sem(sample))
    expected = stats.t.interval(0.95, 3, sample.mean(), stats.sem(sample))
    assert jackknife_limits(5.0, without, 0.95) == pytest.approx(expected)


def test_bca_limits_are_those_of_scipy():
    sample = np.random.default_rng(3).exponential(size=40)
    theirs = stats.bootstrap((sample,), np.mean, n_resamples=4_000, method="BCa", rng=np.random.default_rng(4))
    without = (sample.sum() - sample) / 39
    found = bca_limits(sample.mean(), theirs.bootstrap_distribution, without, 0.95)
    # SciPy counts draws at or below the value, and takes its quantile in a slightly different way.
    assert found == pytest.approx(tuple(theirs.confidence_interval), abs=2e-3)


def test_drawing_cases_again_is_repeating_their_columns():
    ratings = as_ratings([[2 if r is None else r for r in row] for row in drawn(4, 35, seed=5)], 3)
    counted = tally(ratings)
    values = drawn_values(counted, conger, 10, seed=6)
    picks = np.random.default_rng(6).integers(0, 35, (10, 35))
    for value, pick in zip(values, picks, strict=True):
        again = tally(as_ratings(ratings.codes[:, pick], 3))
        assert value == pytest.approx(conger(moments_of(again.by_case, again.by_rater)), abs=1e-12)


def test_the_size_of_blocks_changes_no_value(monkeypatch):
    counted = tally(as_ratings(drawn(6, 50, seed=7), 3))
    plans = ("raters", "cases")
    whole = [left_out_values(counted, conger, sample) for sample in plans] + [drawn_values(counted, conger, 30, 1)]
    monkeypatch.setattr(intervals, "_CELLS", 200)
    parts = [left_out_values(counted, conger, sample) for sample in plans] + [drawn_values(counted, conger, 30, 1)]
    for one, other in zip(whole, parts, strict=True):
        assert np.allclose(one, other, rtol=0, atol=1e-12)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    ratings = drawn(5, 40, seed=8)
    options = {"levels": 3, "sample": "cases", "interval": "bca"}
    first = gwet_ac(ratings, **options)
    assert first == gwet_ac(ratings, **options, seed=0)
    other = gwet_ac(ratings, **options, seed=1)
    assert first.low != other.low
    assert first.low == pytest.approx(other.low, abs=0.03)
    assert first.method.endswith("BCa bootstrap, 2000 draws, seed 0")


def test_no_interval_asked_for_is_said():
    found = gwet_ac(drawn(5, 10, seed=9), levels=3, interval=None)
    assert (found.low, found.high) == (None, None)
    assert found.method.endswith("no interval asked for")


def test_two_raters_have_no_interval_over_raters():
    found = percent_agreement([[0, 1, 1], [0, 1, 0]])
    assert found.low is None
    assert found.method.endswith("no interval: it takes 3 raters or more")


def test_a_value_that_hangs_on_one_rater_has_no_interval():
    ratings = [[2] * 6] * 7 + [[1, 0, 1, 0, 1, 0]]
    found = fleiss_kappa(ratings, levels=3)
    assert found.value == pytest.approx(-0.103, abs=5e-4)
    assert found.method.endswith("no interval: without one of the raters there is no value")
    assert gwet_ac(ratings, levels=3).low is not None


def test_draws_without_a_value_are_counted_and_too_many_give_no_interval():
    few = np.zeros((3, 60), dtype=int)
    few[0, :6] = 1  # missed by 1 draw in about 600
    found = fleiss_kappa(few, levels=2, sample="cases", interval="bca")
    assert "undefined and left out" in found.method
    assert found.low is not None
    rare = np.zeros((3, 60), dtype=int)
    rare[0, :2] = 1  # missed by 1 draw in 8
    found = fleiss_kappa(rare, levels=2, sample="cases", interval="bca")
    assert found.value is not None
    assert found.method.endswith("no interval: too many of the draws have no value. Use the jackknife")


@pytest.mark.parametrize(
    ("plan", "n_cases", "message"),
    [
        (Plan(sample="items"), 40, "sample: expected raters"),
        (Plan(interval="percentile"), 40, "interval: expected jackknife, bca or None"),
        (Plan(confidence=95), 40, "confidence: got 95, expected 0.5 to below 1"),
        (Plan(confidence=0.05), 40, "confidence: got 0.05"),
        (Plan(confidence="x"), 40, "confidence: got a value of type str"),
        (Plan(seed=-1), 40, "seed: got -1, expected a whole number, 0 or more"),
        (Plan(seed="x"), 40, "seed: got a value of type str"),
        (Plan("raters", "bca"), 40, "a person drawn twice agrees with themself.* Use jackknife"),
        (Plan("cases", "bca"), 29, "got 29 cases with two ratings, expected 30 or more for bca. Use jackknife"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(plan, n_cases, message):
    with pytest.raises(DataError, match=message):
        intervals.check_plan(plan, n_cases)


def test_thirty_cases_are_enough_for_bca():
    intervals.check_plan(Plan("cases", "bca"), 30)
    assert gwet_ac(drawn(4, 30, seed=10, missing=0), levels=3, sample="cases", interval="bca").low is not None


def test_a_bootstrap_over_raters_is_narrower_than_the_truth():
    """Why it is refused: in drawn exercises its intervals miss more often than the jackknife's."""
    source = np.random.default_rng(11)
    missed = {"bootstrap": 0, "jackknife": 0}
    for _ in range(60):
        chances = source.dirichlet([2, 1, 1], 8)
        true = (chances**2).sum(axis=1).mean()
        codes = np.array([[source.choice(3, p=chance) for chance in chances] for _ in range(10)])
        found = percent_agreement(codes, levels=3)
        missed["jackknife"] += not found.low <= true <= found.high
        again = [codes[source.integers(0, 10, 10)] for _ in range(100)]
        values = [percent_agreement(one, levels=3, interval=None).value for one in again]
        low, high = np.quantile(values, [0.025, 0.975])
        missed["bootstrap"] += not low <= true <= high
    assert missed["jackknife"] <= 8
    assert missed["bootstrap"] >= 2 * missed["jackknife"]
