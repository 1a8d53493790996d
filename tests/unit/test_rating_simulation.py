"""Each habit of an invented rater shows in a direct check, and nowhere else."""

from math import log, sqrt

import pytest

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")

from dvrisk import DataError, Rater, simulate, simulate_ratings  # noqa: E402
from dvrisk.catalog import item_bank  # noqa: E402

N = 6_000
ITEMS = ("strangulation", "jealousy", "following_or_watching", "technology_tracking", "weapon_other_used_or_threatened")


@pytest.fixture(scope="module")
def cases():
    return simulate("training-mix", n=N, seed=11)


def rated(cases, *raters, **more):
    return simulate_ratings(cases, raters, seed=5, items=ITEMS, **more)


def logit(share):
    return log(share / (1 - share))


def marks(ratings, rater, item):
    """A rater's marks of an item as at least the first risky option, and where just that option is true."""
    place = ITEMS.index(item)
    return ratings.items[rater, :, place] > 0, ratings.truth.items[:, place] == 1


def se_of_logit(share, n):
    return 1 / sqrt(n * share * (1 - share))


def assert_logit(observed, expected):
    """The log odds of a share are within four standard errors of what is expected."""
    share, n = observed.mean(), len(observed)
    assert abs(logit(share) - expected) < 4 * se_of_logit(share, n)


def test_an_ordinary_rater_marks_as_the_formula_says(cases):
    ratings = rated(cases, Rater())
    for item in ITEMS:
        found, true = marks(ratings, 0, item)
        assert_logit(found[true], 2.0)
        assert_logit(found[ratings.truth.items[:, ITEMS.index(item)] == 0], -2.0)
    for severity in range(3):
        of_these = ratings.levels[0][ratings.truth.levels == severity]
        assert_logit(of_these >= 1, 3 * (severity - 0.5))
        assert_logit(of_these >= 2, 3 * (severity - 1.5))


@pytest.mark.parametrize("shift", [-2.0, 1.0])
def test_a_shift_of_severity_moves_levels_and_items_by_so_many_logits(cases, shift):
    ratings = rated(cases, Rater(severity=shift))
    found, true = marks(ratings, 0, "jealousy")
    assert_logit(found[true], 2.0 + shift)
    moderate = ratings.levels[0][ratings.truth.levels == 1]
    assert_logit(moderate >= 1, 1.5 + shift)


def test_noise_brings_marks_nearer_to_a_toss_of_a_coin(cases):
    ratings = rated(cases, Rater(noise=2.0), Rater(noise=0.5))
    for rater, noise in ((0, 2.0), (1, 0.5)):
        found, true = marks(ratings, rater, "jealousy")
        assert_logit(found[true], 2.0 / noise)


def test_a_leaning_moves_the_items_of_one_area_only(cases):
    ratings = rated(cases, Rater(leanings={"stalking": -1.5}))
    for item in ITEMS:
        found, true = marks(ratings, 0, item)
        assert_logit(found[true], 2.0 - 1.5 * (item_bank()[item]["area"] == "stalking"))


def test_with_a_halo_items_follow_the_own_level(cases):
    ratings = rated(cases, Rater(halo=1.0), Rater())
    for level in range(3):
        found, true = marks(ratings, 0, "jealousy")
        here = ratings.levels[0] == level
        assert_logit(found[true & here], 2.0 + (level - 1))
    found, true = marks(ratings, 1, "jealousy")
    low, high = (found[true & (ratings.levels[1] == level)].mean() for level in (0, 2))
    assert abs(low - high) < 0.05, "without a halo, they don't"


@pytest.mark.parametrize("anchoring", [0.8, -0.8])
def test_an_anchored_rater_follows_the_first_case_or_moves_away_from_it(anchoring):
    moderate, first = [[], []], [0, 2]
    for seed in range(40):
        cases = simulate("training-mix", n=60, seed=seed)
        ratings = simulate_ratings(cases, [Rater(anchoring=anchoring)], seed=seed, items=ITEMS[:1])
        level = ratings.levels[0]
        if level[0] in first:
            moderate[first.index(level[0])] += list(level[1:][ratings.truth.levels[1:] == 1] >= 1)
    after_low, after_high = (np.array(group) for group in moderate)
    assert_logit(after_low, 1.5 - anchoring)
    assert_logit(after_high, 1.5 + anchoring)


def test_a_careless_rater_marks_every_option_as_often(cases):
    ratings = rated(cases, Rater(careless=1.0), Rater(careless=0.3))
    for level in range(3):
        assert abs((ratings.levels[0] == level).mean() - 1 / 3) < 4 * sqrt(2 / 9 / N)
    found, true = marks(ratings, 1, "strangulation")
    share = 0.7 / (1 + np.exp(-2)) + 0.3 / 2
    assert abs(found[true].mean() - share) < 4 * sqrt(share * (1 - share) / true.sum())


def test_a_copying_rater_has_the_marks_of_the_other_one(cases):
    ratings = rated(cases, Rater(), Rater(copies=0, copying=1.0), Rater(copies=0, copying=0.4), Rater())
    assert (ratings.levels[1] == ratings.levels[0]).all()
    assert (ratings.items[1] == ratings.items[0]).all()
    alone = (ratings.items[3] == ratings.items[0]).mean()
    part = (ratings.items[2] == ratings.items[0]).mean()
    assert abs(part - (0.4 + 0.6 * alone)) < 0.01


def test_training_makes_shift_and_noise_smaller_from_the_second_round_on(cases):
    rater = Rater(severity=-2.0, training=0.5)
    before, after = rated(cases, rater), rated(cases, rater, round=2)
    found, true = marks(before, 0, "jealousy")
    assert_logit(found[true], 2.0 - 2.0)
    found, true = marks(after, 0, "jealousy")
    assert_logit(found[true], (2.0 - 1.0) / (0.01 + 0.99 / 2))
    untrained = Rater(severity=-2.0)
    again = rated(cases, untrained, round=2)
    found, true = marks(again, 0, "jealousy")
    assert_logit(found[true], 0.0)
    assert (again.levels != rated(cases, untrained).levels).any(), "the noise is new"


def test_missing_ratings_are_missing_by_chance(cases):
    ratings = rated(cases, Rater(missing=0.25), Rater())
    assert abs(np.isnan(ratings.levels[0]).mean() - 0.25) < 4 * sqrt(0.25 * 0.75 / N)
    assert not np.isnan(ratings.items[1]).any()
    seen = rated(cases, Rater(), Rater())
    made = ~np.isnan(ratings.items[0])
    assert (ratings.items[0][made] == seen.items[0][made]).all(), "what is there is as it would be"


def test_each_rater_rates_the_next_cases_in_turn():
    cases = simulate("training-mix", n=12)
    ratings = simulate_ratings(cases, 6, items=ITEMS, cases_each=4)
    rates = ~np.isnan(ratings.levels)
    assert rates.sum(axis=1).tolist() == [4] * 6
    assert rates.sum(axis=0).tolist() == [2] * 12
    assert np.flatnonzero(rates[1]).tolist() == [4, 5, 6, 7]
    assert (np.isnan(ratings.items).all(axis=2) == ~rates).all()


def test_a_raters_marks_do_not_depend_on_how_many_others_or_cases_there_are(cases):
    few = simulate_ratings(
        simulate("training-mix", n=10, seed=11), [Rater(), Rater(severity=1.0)], seed=5, items=ITEMS[:2]
    )
    many = rated(cases, Rater(), Rater(severity=1.0), Rater())
    assert (few.levels == many.levels[:2, :10]).all()
    assert (few.items == many.items[:2, :10, :2]).all()


def test_the_table_has_a_row_for_each_rater_and_case():
    ratings = simulate_ratings(simulate("training-mix", n=3), [Rater(), Rater(missing=1.0)], items=ITEMS)
    table = ratings.to_frame()
    assert list(table.columns) == ["rater", "case", "level", *ITEMS]
    assert len(table) == 6
    assert table["level"][3:].isna().all()
    assert table["level"][:3].tolist() == ratings.levels[0].tolist()


def test_no_profession_is_named(repo):
    text = (repo / "src/dvrisk/rating_simulation.py").read_text() + (repo / "src/dvrisk/rating_draws.py").read_text()
    assert not [word for word in ("police", "judge", "prosecutor", "social worker", "officer") if word in text.lower()]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"raters": []}, "raters: got none"),
        ({"raters": 0}, "raters: got none"),
        ({"raters": [Rater(careless=1.2)]}, "raters[0].careless: got 1.2, expected a share from 0 to 1"),
        ({"raters": [Rater(noise=0)]}, "raters[0].noise: got 0, expected at least 0.01"),
        ({"raters": [Rater(severity=float("nan"))]}, "raters[0].severity: expected a number of logits"),
        ({"raters": [Rater(copies=0, copying=1)]}, "raters[0].copies: got 0, expected the place of an earlier rater"),
        ({"raters": [Rater(copying=0.5)]}, "raters[0].copying: says how much, but not from whom"),
        ({"raters": [Rater(leanings={"stalkin": 1})]}, "raters[0].leanings: expected a number of logits for some of"),
        ({"items": ["jealosy"]}, "items: the cases have no jealosy (did you mean jealousy?)"),
        ({"items": []}, "items: expected at least one item"),
        ({"items": ["jealousy", "jealousy"]}, "and none twice"),
        ({"items": "jealousy"}, "items: got one text, expected a list of item ids"),
        ({"raters": True}, "raters: expected a whole number or a list of dvrisk.Rater"),
        ({"raters": [Rater(), 3]}, "raters: expected a whole number or a list of dvrisk.Rater"),
        ({"raters": [Rater(severity="low")]}, "raters[0].severity: expected numbers"),
        ({"cases_each": 9}, "cases_each: got 9, expected 1 to 5"),
        ({"round": 0}, "round: got 0"),
        ({"seed": -1}, "seed: got -1"),
        ({"spread": -1.0}, "spread: got -1.0"),
    ],
)
def test_what_can_not_be_used_is_named(arguments, said):
    with pytest.raises(DataError) as error:
        simulate_ratings(simulate("training-mix", n=5), **arguments)
    assert said in str(error.value)
