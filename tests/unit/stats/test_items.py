"""Items: planted disagreements are found where they were planted."""

import numpy as np
import pytest
from plant import planted

from dvrisk.errors import DataError
from dvrisk.stats.items import explain_split, item_agreement, item_contrast


def panel(seed=0, n_raters=20, n_cases=8, n_items=6):
    """Marks that all raters agree on but for noise: one mark in twenty is turned round."""
    source = np.random.default_rng(seed)
    facts = source.integers(0, 2, (n_cases, n_items))
    turned = source.random((n_raters, n_cases, n_items)) < 0.05
    return np.where(turned, 1 - facts, facts).astype(float)


# ------------------------------------------------------------------------------------------------------- agreement


def test_an_item_that_is_marked_by_the_toss_of_a_coin_has_the_lowest_agreement():
    marks = panel()
    marks[:, :, 2] = np.random.default_rng(1).integers(0, 2, marks[:, :, 2].shape)
    found = item_agreement(marks)
    assert min(range(6), key=lambda item: found[item].agreement.value) == 2
    assert found[2].agreement.high < min(found[item].agreement.low for item in (0, 1, 3, 4, 5))


def test_agreement_is_the_share_of_pairs():
    """Case 1: 2 yes and 1 no, one pair of three agrees. Case 2: all yes."""
    found = item_agreement([[[1], [1]], [[1], [1]], [[0], [1]]])[0]
    assert found.agreement.value == pytest.approx((1 / 3 + 1) / 2)
    assert [one.value for one in found.specific] == pytest.approx([0, 8 / 10])


def test_marks_left_open_are_counted_and_not_read_as_no():
    marks = panel()
    marks[:5, :, 1] = np.nan
    found = item_agreement(marks)
    assert found[1].open.value == 5 / 20
    assert found[1].open.counts == {"open": 40, "marks": 160}
    assert found[1].agreement.value == item_agreement(marks[5:])[1].agreement.value
    assert found[0].open.value == 0


def test_an_item_that_one_person_marked_is_undefined_with_a_reason():
    marks = panel()
    marks[1:, :, 3] = np.nan
    assert "fewer than two" in item_agreement(marks)[3].agreement.undefined


def test_declared_options_that_nobody_used_are_listed():
    assert len(item_agreement(panel(), [3] * 6)[0].specific) == 3
    with pytest.raises(DataError, match="no smaller than the marks in use"):
        item_agreement(panel() * 2, [2] * 6)


def test_one_number_of_options_holds_for_all_items():
    assert item_agreement(panel(), 3) == item_agreement(panel(), [3] * 6)


@pytest.mark.parametrize("n_options", [[2] * 5, [2.0] * 6, [2.5] * 6, 1, True, "2", [2, 2, 2, 2, 2, None], {2}])
def test_numbers_of_options_that_are_none_are_refused(n_options):
    with pytest.raises(DataError, match=r"n_options: .*expected"):
        item_agreement(panel(), n_options)


# ------------------------------------------------------------------------------------------------ item and level


def test_those_who_say_yes_to_the_item_that_drives_the_level_rate_higher():
    marks = panel()
    source = np.random.default_rng(3)
    marks[:, :, 4] = source.integers(0, 2, marks[:, :, 4].shape)  # read differently by everybody
    ratings = marks[:, :, 4] + source.integers(0, 2, marks[:, :, 4].shape)
    found = item_contrast(marks, ratings, 3)
    assert found[4].low <= 1 <= found[4].high
    assert found[4].low > 0.7
    assert abs(found[0].value) < 0.5


def test_cases_that_are_high_on_both_are_no_contrast():
    marks = np.zeros((6, 4, 1))
    marks[:, 2:] = 1
    ratings = np.zeros((6, 4))
    ratings[:, 2:] = 2
    assert "in any case" in item_contrast(marks, ratings)[0].undefined


def test_the_contrast_is_the_slope_within_cases():
    marks, ratings = planted(1, 10, 6, 3, n_options=3)[0], planted(2, 10, 6, 1, n_options=3)[0][:, :, 0]
    marks[0, 0, 1] = ratings[2, 3] = np.nan
    for item, found in enumerate(item_contrast(marks, ratings)):
        known = ~np.isnan(marks[:, :, item]) & ~np.isnan(ratings)
        x, y = (np.where(known, table, np.nan) for table in (marks[:, :, item], ratings))
        x, y = x - np.nanmean(x, axis=0), y - np.nanmean(y, axis=0)
        assert found.value == pytest.approx(np.nansum(x * y) / np.nansum(x**2))


def test_marks_and_levels_of_different_people_are_refused():
    with pytest.raises(DataError, match="got 19 raters x 8 cases, expected 20 raters x 8 cases"):
        item_contrast(panel(), np.zeros((19, 8)))


# --------------------------------------------------------------------------------------------------------- one case


def test_the_item_that_divides_a_case_comes_first():
    marks = panel(n_raters=20)
    ratings = np.ones((20, 8))
    ratings[:8, 3] = 2
    marks[:8, 3, 5], marks[8:, 3, 5] = 1, 0
    found = explain_split(marks, ratings, case=3, level=2)
    assert (found[0].item, found[0].above, found[0].below, found[0].difference.value) == (5, 1.0, 0.0, 1.0)
    assert found[0].difference.counts == {"above": 8, "below": 12}
    sizes = [abs(one.difference.value) for one in found]
    assert sizes == sorted(sizes, reverse=True)


def test_marks_of_more_than_two_options_count_as_shares_of_the_highest():
    marks = np.zeros((4, 2, 1))
    marks[:2, 0], marks[0, 1] = 1, 2
    assert explain_split(marks, [[2, 0], [2, 0], [0, 0], [0, 0]], 0, 1)[0].difference.value == 0.5


def test_the_level_of_a_split_may_be_named_by_its_id():
    text = [["high", "low"], ["high", "low"], ["low", "low"], ["low", "low"]]
    marks = [[[1], [0]], [[1], [0]], [[0], [0]], [[0], [0]]]
    assert explain_split(marks, text, 0, "high", ["low", "high"])[0].difference.value == 1.0


def test_an_item_that_one_side_left_open_comes_last_without_a_difference():
    marks = panel()
    ratings = np.ones((20, 8))
    ratings[:8, 3] = 2
    marks[:8, 3, 0] = np.nan
    last = explain_split(marks, ratings, 3, 2)[-1]
    assert (last.item, last.above) == (0, None)
    assert last.below is not None
    assert "left this item open" in last.difference.undefined


@pytest.mark.parametrize(
    ("case", "level", "said"),
    [
        (8, 1, "case: got 8, expected a whole number from 0 to 7"),
        (-1, 1, "case: got -1"),
        (1.5, 1, "case: got 1.5"),
        ("a", 1, "case: got a value of type str"),
        (0, 0, "20 rated case 0 at or above rank 0 and 0 below"),
        (0, 5, "level: got 5, expected a rank from 0"),
        (0, 1.5, "level: got 1.5"),
        (0, "high", "level: .* expected one of the declared ids"),
    ],
)
def test_a_split_that_is_none_is_refused(case, level, said):
    with pytest.raises(DataError, match=said):
        explain_split(panel(), np.ones((20, 8)), case, level)
