"""Figures by group: what is shown, what stays hidden, and whether a planted bias is found."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from statsmodels.stats.multitest import multipletests

from dvrisk import DataError
from dvrisk.stats.accuracy import roc_auc
from dvrisk.stats.fairness import by_group, item_bias, shown_groups


def test_every_group_has_the_figure_of_its_own_people():
    source = np.random.default_rng(1)
    groups = source.choice(["town", "village", "city"], 600)
    scores, outcome = source.integers(0, 9, 600), source.random(600) < 0.3
    found = by_group(lambda who: roc_auc(scores[who], outcome[who]), groups, outcome)
    assert set(found) == {"town", "village", "city"}
    for name, figure in found.items():
        assert figure == roc_auc(scores[groups == name], outcome[groups == name])


def test_a_small_group_is_hidden_and_can_t_be_worked_out_from_the_whole():
    groups = ["town"] * 40 + ["village"] * 30 + ["farm"] * 12
    outcome = ([0, 1] * 35) + [0] * 10 + [1] * 2
    found = by_group(lambda who: roc_auc(np.arange(len(groups))[who], np.array(outcome)[who]), groups, outcome)
    assert [name for name, figure in found.items() if figure.value is None] == ["farm", "village"]
    assert all(not figure.counts for figure in found.values() if figure.value is None)
    both = shown_groups(["a"] * 8 + ["b"] * 8 + ["c"] * 40, [0, 1] * 28, least=5)
    assert [name for name, who in both.items() if who is None] == ["a", "b"]


def test_small_groups_can_t_be_worked_out_together():
    """4 and 3 people beside 2,993: what the large group shows would leave the seven."""
    groups = ["tiny"] * 4 + ["small"] * 3 + ["large"] * 2993 + ["second"] * 60
    outcome = [0] * 7 + [0, 1] * 1496 + [0] + [0, 1] * 30
    found = shown_groups(groups, outcome)
    assert [name for name, who in found.items() if who is None] == ["second", "small", "tiny"]
    assert all(who is None for who in shown_groups(groups[:3000], outcome[:3000]).values())


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), min_size=1, max_size=120), st.integers(1, 6))
def test_whoever_is_hidden_is_hidden_among_enough_people(rows, least):
    groups, outcome = [row[0] for row in rows], np.array([row[1] for row in rows])
    found = shown_groups(groups, outcome, least=least)
    shown = np.zeros(len(rows), dtype=bool)
    for who in found.values():
        if who is not None:
            assert min(outcome[who].sum(), (~outcome[who]).sum()) >= least
            shown |= who
    if (~shown).any() and shown.any():
        assert min(outcome[~shown].sum(), (~outcome[~shown]).sum()) >= least


def test_ten_people_with_and_ten_without_are_enough():
    groups = ["a"] * 20 + ["b"] * 19 + ["c"] * 60 + ["d"] * 60
    outcome = [0] * 10 + [1] * 10 + [0] * 10 + [1] * 9 + [0, 1] * 60
    assert [name for name, who in shown_groups(groups, outcome).items() if who is None] == ["a", "b"]
    assert [name for name, who in shown_groups(groups, outcome, least=9).items() if who is None] == []
    enough = shown_groups(["a"] * 20 + ["b"] * 20, ([0] * 10 + [1] * 10) * 2)
    assert all(who is not None for who in enough.values())


def test_who_has_no_group_on_record_is_a_group():
    found = shown_groups([None, float("nan"), "", "town"] * 20, [0] * 40 + [1] * 40, least=5)
    assert found["not recorded"].sum() == 60
    odd = shown_groups([1.0, None, pd.NA, " town", "town ", 2], [0, 1] * 3, least=1)
    assert set(odd) == {"1", "2", "not recorded", "town"}


def planted(seed, n, n_items=15, gap=0.0, bias=0.0, recorded=1.0):
    """Items of one latent danger; village is in more danger by `gap`, and its first item is lower by `bias` logits."""
    source = np.random.default_rng(seed)
    village = source.random(n) < 0.4
    danger = source.normal(size=n) + gap * village
    answers = {}
    for k in range(n_items):
        shift = -bias * village if k == 0 else 0.0
        answers[f"item {k:02}"] = (source.random(n) < expit(1.3 * danger - 0.2 * k + 0.8 + shift)).astype(float)
    answers["item 01"][source.random(n) > recorded] = np.nan
    return answers, np.where(village, "village", "town")


@pytest.mark.parametrize("bias", [1.0, -1.0])
def test_a_planted_bias_is_found_in_its_item_and_in_no_other(bias):
    answers, groups = planted(3, 6000, bias=bias)
    found = item_bias(answers, groups, reference="town")
    assert [each.item for each in found if each.size in ("moderate", "large")] == ["item 00"]
    assert found[0].low < np.exp(-bias) < found[0].high or abs(np.log(found[0].value) + bias) < 0.25


def test_none_is_found_where_none_is():
    """In 40 cohorts of 15 items, with gaps: the test errs in one of 20, so more than 6 would be a fault (p < .005)."""
    flagged = 0
    for seed in range(40):
        answers, groups = planted(seed, 1500, recorded=0.7)
        flagged += any(each.size in ("moderate", "large") for each in item_bias(answers, groups, reference="town"))
    assert flagged <= 6


def test_a_group_in_more_danger_is_not_called_biased():
    """The same items for both, but one group is in much more danger: what people are alike on includes the item."""
    flagged = 0
    for seed in range(30):
        answers, groups = planted(seed, 1500, gap=0.8)
        flagged += any(each.size in ("moderate", "large") for each in item_bias(answers, groups, reference="town"))
    assert flagged <= 5


def test_an_item_that_is_never_answered_with_yes_in_a_group_is_found():
    """The strongest bias there is: its odds ratio is 0, or infinite the other way round."""
    answers, groups = planted(4, 2000)
    answers["item 00"][groups == "village"] = 0.0
    found = item_bias(answers, groups, reference="town")[0]
    assert (found.value, found.low, found.size) == (0.0, None, "large")
    assert found.p < 0.001
    turned = item_bias(answers, groups, reference="village")[0]
    assert (turned.value, turned.size) == (None, "large")
    assert turned.undefined == "infinite: in the other group nobody comparable answered yes, or here everybody did"


def test_outcomes_at_the_same_score_show_what_was_not_written_down():
    """Villagers' facts are written down half as often, so at the same score they have more events."""
    source = np.random.default_rng(6)
    village = source.random(20_000) < 0.5
    danger = source.normal(size=20_000)
    score = np.digitize(danger - 0.8 * village, [-1, 0, 1, 2])
    happened = source.random(20_000) < expit(danger - 1)
    groups = np.where(village, "village", "town")
    (found,) = item_bias({"repeat": happened}, groups, reference="town", alike=score)
    assert found.low > 1.5
    (fair,) = item_bias(
        {"repeat": happened}, groups, reference="town", alike=np.digitize(danger, np.arange(-3, 3, 0.1)), strata=50
    )
    assert fair.low < 1 < fair.high


@pytest.mark.parametrize(("bias", "size"), [(0.25, "negligible"), (0.53, "moderate"), (0.9, "large")])
def test_sizes_follow_the_scale_of_educational_testing(bias, size):
    """Delta is 2.35 times the log odds ratio: 0.59, 1.25 and 2.1 here, each of them sure."""
    source = np.random.default_rng(2)
    village = source.random(60_000) < 0.5
    level = source.integers(0, 5, 60_000)
    yes = source.random(60_000) < expit(0.5 * level - 1 - bias * village)
    (found,) = item_bias({"it": yes}, np.where(village, "village", "town"), reference="town", alike=level)
    assert found.p < 0.001
    assert found.value == pytest.approx(np.exp(-bias), rel=0.06)
    assert found.size == size


def test_a_large_difference_that_may_be_chance_is_not_called_one():
    yes = [1] * 6 + [0] * 14 + [1] * 2 + [0] * 18
    (found,) = item_bias({"it": yes}, ["town"] * 20 + ["village"] * 20, reference="town", alike=[1] * 40, least=8)
    assert found.value == pytest.approx((2 / 18) / (6 / 14))
    assert (found.p > 0.05, found.size) == (True, "not established")
    (few,) = item_bias({"it": yes}, ["town"] * 20 + ["village"] * 20, reference="town", alike=[1] * 40, least=9)
    assert few.undefined == "fewer than 9 people with yes, or with no, who can be compared"


def test_p_values_are_corrected_by_holm():
    answers, groups = planted(5, 800, bias=1.2)
    for k in (2, 3, 4):
        answers[f"item {k:02}"] *= np.random.default_rng(k).random(800) > 0.15 * k * (groups == "village")
    found = item_bias(answers, groups, reference="town")
    share = np.nanmean(list(answers.values()), axis=0)
    one = [item_bias({"it": each}, groups, reference="town", alike=share)[0].p for each in answers.values()]
    assert [each.p for each in found] == pytest.approx(multipletests(one, method="holm")[1])
    assert len({each.p for each in found if each.p < 1}) >= 3


def test_too_few_answers_are_undefined_and_are_not_said_to_be_fair():
    (found,) = item_bias({"rare": [1, 0] * 6, "other": [0, 1] * 6}, ["a", "a", "b"] * 4, reference="a")[:1]
    assert (found.value, found.size) == (None, None)
    assert "fewer than 10" in found.undefined


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shown_groups(["a"], [0, 1]), "got 1 of them for 2 outcomes"),
        (lambda: shown_groups(None, [0, 1]), "got no sequence for 2 outcomes"),
        (lambda: item_bias({"x": ["Maria said yes", 0]}, ["a", "b"], reference="a"), "^item_bias: x: expected 0"),
        (lambda: item_bias([[0, 1]], ["a", "b"], reference="a"), "a mapping of items to answers"),
        (
            lambda: item_bias({"x": [0, 1]}, ["a", "b"], reference="a", alike=[1]),
            "alike: expected a finite number a person",
        ),
        (lambda: item_bias({"x": [0, 2]}, ["a", "b"], reference="a"), "0 .least risky"),
        (lambda: item_bias({"x": [0, 1]}, ["a", "b"], reference="c"), "nobody is in that group"),
        (lambda: item_bias({"x": [0, 1]}, ["a", "a"], reference="a"), "at least two"),
        (lambda: item_bias({"x": [0, 1, 1]}, ["a", "b"], reference="a"), "got 2 of them for 3 outcomes"),
    ],
)
def test_what_can_t_be_used_is_refused(call, message):
    with pytest.raises(DataError, match=message):
        call()
