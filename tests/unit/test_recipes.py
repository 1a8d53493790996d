"""Recipes: what is shipped, where its rates come from, and what is refused."""

import re
import tomllib

import pytest

from dvrisk import DataError, list_recipes, load_recipe
from dvrisk.catalog import item_bank

EVERY = list_recipes()


def test_three_recipes_are_shipped():
    assert EVERY == ("femicide-review@1.0", "serbia-reports@1.0", "training-mix@1.0")


@pytest.mark.parametrize("ref", EVERY)
def test_a_recipe_says_how_often_every_fact_of_the_bank_is_there(ref):
    assert set(load_recipe(ref).by_item) == set(item_bank())


def origins(value):
    if isinstance(value, dict):
        yield from ([value["from"]] if "from" in value else [])
        for part in value.values():
            yield from origins(part)
    elif isinstance(value, list):
        for part in value:
            yield from origins(part)


@pytest.mark.parametrize("ref", EVERY)
def test_every_rate_has_a_source_in_the_evidence_table_or_is_marked_as_assumed(ref, repo):
    rows = {row["id"] for row in tomllib.loads((repo / "instruments/evidence.toml").read_text())["studies"]}
    named = list(origins(load_recipe(ref).model_dump(mode="json", by_alias=True)))
    assert len(named) > 80
    own_words = ("assumed", "Bayes", "the recipe is about", "all cases of this recipe", "none:")
    for origin in named:
        cited = re.findall(r"E\d+[a-z]?", origin)
        assert set(cited) <= rows, origin
        assert cited or any(word in origin for word in own_words) or "odds ratio" in origin or "as severity" in origin


@pytest.mark.parametrize("ref", EVERY)
def test_needs_never_hint_at_the_severity(ref):
    needs = [fact for fact in load_recipe(ref).facts if item_bank()[fact.item]["area"] == "needs"]
    assert len(needs) == 6
    assert all(fact.per_10000.low == fact.per_10000.high and not fact.together for fact in needs)


def test_the_hash_is_of_what_decides_the_draws_and_of_nothing_else(tmp_path):
    plain = load_recipe("training-mix")
    assert changed(tmp_path, 'from = "assumed"', 'from = "another reason"').sha256 == plain.sha256
    assert changed(tmp_path, "low = 6000\nmoderate = 3000", "low = 6001\nmoderate = 2999").sha256 != plain.sha256


def changed(folder, old, new):
    """Write training-mix to a folder with one edit, and load it."""
    from dvrisk._files import SYNTHETIC

    text = (SYNTHETIC / "training-mix" / "1.0.toml").read_text()
    assert old in text
    path = folder / "mix.toml"
    path.write_text(text.replace(old, new, 1))
    return load_recipe(path)


def with_fact(folder, lines):
    """Write training-mix with one fact said otherwise, and load it."""
    return changed(folder, '[[gaps]]\nid = "not_got_to"', f'[[facts]]\n{lines}\n\n[[gaps]]\nid = "not_got_to"')


JEALOUSY = 'item = "jealousy"\nper_10000.low = {}\nper_10000.moderate = {}\nper_10000.high = { constant = 5000 }\n'


def test_a_recipe_of_ones_own_changes_one_fact(tmp_path):
    recipe = with_fact(tmp_path, JEALOUSY + 'from = "invented"')
    assert recipe.by_item["jealousy"].per_10000.high == {"constant": 5000}
    assert list(recipe.by_item) == list(load_recipe("training-mix").by_item)


WRONG = {
    "a rate above 1": (
        lambda folder: with_fact(folder, JEALOUSY.replace("5000", "10001") + 'from = "x"'),
        ["facts.jealousy.per_10000.high.constant", "10001"],
    ),
    "a rate below 0": (
        lambda folder: changed(folder, "per_10000 = 0\n", "per_10000 = -1\n"),
        ["gaps.not_written_down.per_10000", "-1"],
    ),
    "rates of a fact that add up to more than 1": (
        lambda folder: with_fact(
            folder, JEALOUSY.replace("constant = 5000", "constant = 6000, sometimes = 5000") + 'from = "x"'
        ),
        ["facts.jealousy.per_10000.high: the shares add up to 11000"],
    ),
    "severities that don't add up": (
        lambda folder: changed(folder, "high = 1000", "high = 2000"),
        ["severity: the shares add up to 11000, expected 10000"],
    ),
    "an item that the bank does not have": (
        lambda folder: with_fact(folder, JEALOUSY.replace("jealousy", "jealosy") + 'from = "x"'),
        ["facts.jealosy: not in the item bank (did you mean jealousy?)"],
    ),
    "an option that the item does not have": (
        lambda folder: with_fact(folder, JEALOUSY.replace("constant", "often") + 'from = "x"'),
        ["facts.jealousy: often is not an option, expected no, sometimes, constant"],
    ),
    "an impossible correlation of all": (
        lambda folder: changed(
            folder,
            '[[gaps]]\nid = "not_got_to"',
            '[together]\nany_two = 9000\nmore_in_one_area = 1000\nfrom = "x"\n\n[[gaps]]\nid = "not_got_to"',
        ),
        ["together: an impossible correlation", "10000 in 10000"],
    ),
    "an impossible correlation of two": (
        lambda folder: with_fact(
            folder,
            JEALOUSY
            + 'given.item = "asked_alone"\ngiven.among = ["yes"]\n'
            + "given.per_10000 = { low = 0, moderate = 0, high = 9000 }\n"
            + 'from = "x"',
        ),
        [
            "facts.jealousy.given: an impossible correlation for severity high; jealousy is there in 5000",
            "(asked_alone) in 7000",
            "2858 to 7142 in 10000 can have it, got 9000",
        ],
    ),
    "a fact found only where it can't be": (
        lambda folder: with_fact(folder, JEALOUSY + 'given.item = "asked_alone"\ngiven.among = ["no"]\nfrom = "x"'),
        ["jealousy is there in 5000 of 10000 cases", "(asked_alone) in 3000, which is too few"],
    ),
    "a fact that hangs on a later one": (
        lambda folder: with_fact(folder, JEALOUSY + 'given.item = "animal_harm"\ngiven.among = ["yes"]\nfrom = "x"'),
        ["hangs on animal_harm, which does not stand before it"],
    ),
    "a need that hints at the severity": (
        lambda folder: with_fact(
            folder, JEALOUSY.replace("jealousy", "need_access").replace("constant", "yes") + 'from = "x"'
        ),
        ["facts.need_access: a need may never hint at the severity"],
    ),
    "gaps of one item that add up to more than 1": (
        lambda folder: changed(folder, "per_10000 = 0\n", "per_10000 = 9000\n"),
        ["gaps: those of", "in 10000. Lower one"],
    ),
    "a rate without a source": (
        lambda folder: with_fact(folder, JEALOUSY),
        ["facts.jealousy.from: is missing"],
    ),
    "an unknown key": (
        lambda folder: with_fact(folder, JEALOUSY + 'from = "x"\nchance = 0.5'),
        ["facts.jealousy.chance: is not a known key"],
    ),
    "a base that is not shipped": (
        lambda folder: changed(folder, "serbia-reports@1.0", "serbia-reports@9.9"),
        ["based_on: expected one of femicide-review@1.0"],
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_can_not_be_followed_is_refused_with_its_place(fault, tmp_path):
    write, said = WRONG[fault]
    with pytest.raises(DataError) as error:
        write(tmp_path)
    for words in said:
        assert words in str(error.value)


def test_several_faults_are_told_at_once(tmp_path):
    with pytest.raises(DataError) as error:
        with_fact(tmp_path, JEALOUSY.replace("constant = 5000", "often = 6000, daily = 6000") + 'from = "x"')
    assert len(error.value.problems) == 2


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("serbia-report", "did you mean serbia-reports?"),
        ("serbia-reports@2.0", "no such version, expected one of 1.0"),
        (7, "got a int, expected an id"),
    ],
)
def test_a_recipe_that_is_not_there_is_named(ref, said):
    with pytest.raises(DataError, match=re.escape(said)):
        load_recipe(ref)
