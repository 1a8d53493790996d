"""Backgrounds change nothing in our own instruments; where a published one asks for them, that is found and named."""

import json
import random
import warnings

import made
import pandas as pd
import pytest

from dvrisk import DataError, load_instrument, score_cohort, simulate
from dvrisk.fairness import swap_backgrounds
from dvrisk.schema import Instrument
from dvrisk.tellings import list_backgrounds

OWN = ("integrated", "first-look", "firearms", "death-threats", "stalking", "post-separation", "escalation")
CASES = simulate("training-mix", n=300, seed=2).answers


def on(name):
    """Random sheets of a published instrument, some answers open."""
    source = random.Random(3)
    return pd.DataFrame([made.sheet(source, load_instrument(name), open_share=0.2) for _ in range(200)])


@pytest.mark.parametrize("name", OWN)
def test_no_background_changes_a_result_of_our_own(name):
    found = swap_backgrounds(CASES, name)
    assert {swap.background for swap in found} == set(list_backgrounds())
    assert all((swap.changed_scores, swap.changed_levels, swap.most_points) == (0, 0, 0) for swap in found)
    assert all(swap.cases == 300 for swap in found)


def test_a_planted_dependence_on_a_job_is_found():
    """The same instrument with three points for being out of work."""
    raw = load_instrument("integrated").model_dump(mode="json", by_alias=True) | {"status": "draft", "critical": None}
    for item in raw["items"]:
        if item["id"] == "unemployed":
            item["options"][1]["points"] = 3
    raw["bands"][-1]["to"] += 3
    planted = Instrument.model_validate_json(json.dumps(raw))
    found = {swap.background: swap for swap in swap_backgrounds(CASES, planted, allow_draft=True)}
    assert (found["job"].changed_scores, found["job"].most_points) == (300, 3)
    assert 0 < found["job"].changed_levels < 300
    assert found["family_form"].changed_scores == 0


@pytest.mark.parametrize(
    ("name", "backgrounds"),
    [("danger-assessment", {"job", "family_form"}), ("lap", {"job", "family_form"}), ("odara", {"family_form"})],
)
def test_published_instruments_that_ask_for_a_background_are_named(name, backgrounds):
    cases = on(name)
    found = swap_backgrounds(cases, name, allow_draft=True, training_confirmed=True)
    assert {swap.background for swap in found if swap.items} == backgrounds
    assert {swap.background for swap in found if swap.changed_scores or swap.changed_levels} == backgrounds


def test_it_is_scoring_with_the_answer_exchanged():
    cases = on("lap")
    lap = load_instrument("lap")
    (job,) = [swap for swap in swap_backgrounds(cases, lap, training_confirmed=True) if swap.background == "job"]
    ends = []
    for place in (0, -1):
        given = cases.assign(**{item: lap.by_id[item].codes[place] for item in job.items})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ends.append(score_cohort(given, lap, rules=False, training_confirmed=True))
    levels = (ends[0]["level_low"] != ends[1]["level_low"]) | (ends[0]["level_high"] != ends[1]["level_high"])
    assert job.changed_levels == levels.sum()


def test_one_end_alone_is_a_change_too():
    """With everything else open the high end has the background's points either way, and the low end does not."""
    cases = pd.DataFrame([{item.id: "unknown" for item in load_instrument("odara").items}] * 3)
    (swap,) = [one for one in swap_backgrounds(cases, "odara", allow_draft=True, training_confirmed=True) if one.items]
    assert (swap.changed_scores, swap.most_points) == (3, 1)


def test_a_table_that_can_t_be_read_is_refused():
    with pytest.raises(DataError):
        swap_backgrounds(CASES.assign(strangulation="perhaps"))
