"""Plans: what designs can do, against exercises drawn by another program."""

import numpy as np
import pytest
from plant import planted

from dvrisk.errors import DataError
from dvrisk.stats.apart import raters_apart
from dvrisk.stats.planning import LevelAssumptions, MarkAssumptions, plan_detection, plan_width


def test_other_raters_are_a_narrower_question_than_other_cases():
    plan = plan_width(20, 8)
    assert plan.agreement_raters.value == pytest.approx(0.125, abs=0.02)
    assert plan.agreement_cases.value == pytest.approx(0.39, abs=0.03)
    assert plan.alpha_cases.value > plan.alpha_raters.value > plan.agreement_raters.value


def test_more_cases_narrow_the_interval_for_other_cases():
    widths = [plan_width(15, cases, draws=60).agreement_cases.value for cases in (6, 12, 30)]
    assert widths[0] > 1.3 * widths[1] > 1.3 * 1.3 * widths[2]


def test_exercises_without_an_interval_are_counted():
    sure = LevelAssumptions(rater_sd=0.0, noise_sd=0.0)
    plan = plan_width(5, 6, assume=sure, draws=20)
    assert plan.agreement_raters.value is None
    assert plan.agreement_raters.counts == {"exercises": 0, "without an interval": 20}


def test_the_chance_of_detection_is_that_of_exercises_drawn_by_another_program():
    plan = plan_detection(20, 8, 12, -1.5, assume=MarkAssumptions(facts_sd=0.0))
    found = np.mean([raters_apart(planted(seed, 20, 8, 12, shifts=(-1.5,))[0])[0].apart for seed in range(200)])
    assert plan.found.value == pytest.approx(found, abs=0.1)
    assert plan.others.value < 0.05


def test_larger_shifts_and_more_items_are_found_more_often():
    chances = [
        plan_detection(12, 8, items, shift, draws=60).found.value for items, shift in ((12, -1), (12, -2), (24, -2))
    ]
    assert chances[0] < 0.3 < 0.7 < chances[1] <= chances[2]


def test_levels_alone_find_far_less_than_items():
    items, levels = (plan_detection(20, 8, n, -2.0, draws=40).found.value for n in (12, None))
    assert levels < 0.4 < 0.75 < items


def test_a_plan_of_detection_counts_exercises_and_not_cases():
    plan = plan_detection(4, 4, 3, -1.0, draws=3)
    assert plan.found.method == "share of exercises; Wilson interval, 95%"
    assert plan.found.counts["exercises"] == plan.others.counts["exercises"] == 3
    assert "cases" not in plan.found.counts


def test_a_plan_depends_on_the_seed_alone():
    assert plan_width(6, 6, draws=5, seed=2) == plan_width(6, 6, draws=5, seed=2)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: plan_width(2, 1), "2 problems"),
        (lambda: plan_width(6, 6, draws=0), "draws: got 0"),
        (lambda: plan_width(6, 6, assume=LevelAssumptions(shares=(0.5, 0.4))), "add up to 1"),
        (lambda: plan_detection(6, 6, 0, -1.0), "n_items: got 0, expected a whole number, 1 or more"),
        (lambda: plan_detection(6, 6, 2.5, -1.0), "n_items: got 2.5, expected a whole number"),
        (lambda: plan_detection(6, 6, 4, float("nan")), "shift: got nan, expected a finite number"),
        (lambda: plan_detection(6, 6, 4, float("inf")), "shift: got inf"),
        (lambda: plan_detection(6, 6, 4, 10**400), r"shift: got a number above 1e\+15"),
        (lambda: plan_detection(6, 6, 4, "lower"), "shift: got a value of type str"),
        (lambda: plan_detection(6.0, "8", 4, -1.0), "2 problems"),
        (lambda: plan_detection(6, 6, 4, -1.0, draws=True), "draws: got True, expected a whole number"),
        (lambda: plan_detection(6, 6, 4, -1.0, seed=1.5), "seed: got 1.5"),
        (lambda: plan_detection(6, 6, 4, -1.0, seed=-1), "seed: got -1"),
        (lambda: plan_detection(6, 6, 4, -1.0, assume=MarkAssumptions(facts_sd=-1)), "assume.facts_sd: got -1"),
        (lambda: plan_detection(6, 6, 4, -1.0, assume=MarkAssumptions(rarity=np.nan)), "assume.rarity: got nan"),
        (lambda: plan_detection(6, 6, 4, -1.0, assume=MarkAssumptions(n_options=1)), "assume.n_options: got 1"),
        (lambda: plan_detection(6, 6, 4, -1.0, assume=LevelAssumptions()), "expected MarkAssumptions"),
        (lambda: plan_width(6, 6, assume=MarkAssumptions()), "expected LevelAssumptions"),
        (lambda: plan_width(6, 6, assume=LevelAssumptions(case_sd=np.nan)), "assume.case_sd: got nan"),
        (lambda: plan_width(6, 6, assume=LevelAssumptions(shares=(0.5, np.nan))), "add up to 1"),
        (lambda: plan_width(6, 6, assume=LevelAssumptions(shares=3)), "add up to 1"),
        (lambda: plan_width(6, 6, seed="one"), "seed: got a value of type str"),
    ],
)
def test_plans_that_make_no_sense_are_refused(call, said):
    with pytest.raises(DataError, match=said):
        call()
