"""Draw what surrounds the answers of invented cases: dates, numbers, and what happens afterwards. Needs NumPy."""

from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from dvrisk.catalog import item_bank
from dvrisk.drawing import Codes, cut, upper, words
from dvrisk.recipe_schema import HORIZON, SEVERITIES, WHOLE, Fact, Number, Outcome, Recipe
from dvrisk.thresholds import FACT_BITS

Days = NDArray[np.int16]
Draws = NDArray[np.uint32]

NEVER = -1
"""In a column of days: it did not happen, or has no date."""

_MILLION = 1_000_000
_EVER_DAYS = 3650
"""How far back a fact may lie that is asked for all time; assumed."""
_UNITS = {"days": 1, "weeks": 7, "month": 30, "months": 30.4375}


def draw_reported(recipe: Recipe, seed: int, first: int, n_cases: int) -> NDArray[np.datetime64]:
    """Draw the days of the reports: the month by its share, the day of the month evenly."""
    made = words(seed, "reported", first, n_cases)
    bounds = [cut(share, WHOLE, FACT_BITS) for share in accumulate(recipe.reported.per_10000)]
    months = np.searchsorted(np.array(bounds[:-1]), upper(made), side="right")
    firsts = np.array([f"{recipe.reported.year}-{month:02}-01" for month in range(1, 13)], dtype="datetime64[D]")
    following = np.append(firsts[1:], np.datetime64(f"{recipe.reported.year + 1}-01-01"))
    lengths = (following - firsts).astype(np.int64)
    low = (made & np.uint64(0xFFFFFFFF)).astype(np.int64)
    within = ((low * lengths[months]) >> 32).astype("timedelta64[D]")
    days: NDArray[np.datetime64] = firsts[months] + within
    return days


def draw_number(number: Number, has: NDArray[np.bool_], seed: int, first: int) -> Codes:
    """Draw how many there are, where there are any; 0 elsewhere."""
    draws = upper(words(seed, f"number/{number.id}", first, len(has)))
    bounds = [cut(share, WHOLE, FACT_BITS) for share in accumulate(number.per_10000)]
    found = 1 + np.searchsorted(np.array(bounds[:-1]), draws, side="right")
    return np.where(has, found, 0).astype(np.int8)


def has_dates(fact: Fact) -> bool:
    """Whether any option of a fact speaks of a time."""
    return any(_days_of(fact, option) != (NEVER, NEVER) for option in item_bank()[fact.item]["options"])


def draw_days_ago(fact: Fact, true: Codes, seed: int, first: int) -> Days:
    """Draw how many days before the report a fact was there last, evenly over the time that its option speaks of."""
    ranges = np.array([_days_of(fact, code) for code in item_bank()[fact.item]["options"]] + [(NEVER, NEVER)] * 4)
    begins, ends = ranges[true].T
    draws = upper(words(seed, f"days/{fact.item}", first, len(true))).astype(np.int64)
    days: Days = (begins + (draws * (ends - begins + 1) >> FACT_BITS)).astype(np.int16)
    return days


def _days_of(fact: Fact, option: str) -> tuple[int, int]:
    """Return the first and the last day that an option speaks of; -1 and -1 where it has no date."""
    described = item_bank()[fact.item]
    if option in fact.days_ago:
        return fact.days_ago[option]
    look_back = described["look_back"]
    if option == (fact.usual or described["options"][0]) or fact.days_ago or look_back in ("now", "unstated"):
        return NEVER, NEVER
    if look_back == "ever":
        return 1, _EVER_DAYS
    count, unit = look_back.split()
    return 1, int(int(count) * _UNITS[unit])


def draw_outcomes(recipe: Recipe, severity: Codes, seed: int, first: int) -> dict[str, Days | NDArray[np.bool_]]:
    """Draw what happens within a year: for each outcome its day after the report, and what is known about it.

    One draw decides about all outcomes, since each is one of the cases of the one before it. An outcome's day is not
    before the day of the outcome that it is a part of.
    """
    n_cases = len(severity)
    draws, columns = upper(words(seed, "outcomes", first, n_cases)), {}
    earliest = np.ones(n_cases, np.int16)
    for outcome in recipe.outcomes:
        cuts = np.array([cut(outcome.per_million.of(name), _MILLION, FACT_BITS) for name in SEVERITIES], np.uint32)
        happens = draws < cuts[severity]
        day = np.maximum(_day(outcome, upper(words(seed, f"day/{outcome.id}", first, n_cases))), earliest)
        columns[f"{outcome.id}_day"] = np.where(happens, day, np.int16(NEVER))
        earliest = np.where(happens, day, earliest)
        for detail in outcome.details:
            known = upper(words(seed, f"detail/{outcome.id}/{detail.id}", first, n_cases))
            columns[detail.id] = happens & (known < cut(detail.per_10000, WHOLE, FACT_BITS))
    return columns


def _day(outcome: Outcome, draws: Draws) -> Days:
    """Draw a day: between two points of the recipe evenly."""
    points = [(0, 0), *((point.day, cut(point.per_10000, WHOLE, FACT_BITS)) for point in outcome.by_day)]
    days = np.full(len(draws), HORIZON, np.int64)
    for (day, begins), (next_day, ends) in pairwise(points):
        within = (draws >= begins) & (draws < ends)
        place = (draws.astype(np.int64) - begins) * (next_day - day) // max(ends - begins, 1)
        days = np.where(within, day + 1 + place, days)
    return days.astype(np.int16)
