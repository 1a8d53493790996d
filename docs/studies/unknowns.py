"""What open answers do: the share of invented cases at each level, and settled, at 0, 10, 20 and 30 % unknown.

python docs/studies/unknowns.py
"""

from __future__ import annotations

import warnings
from itertools import product

import pandas as pd

from dvrisk import load_instrument, score_cohort, simulate

OPEN_PERCENT = (0, 10, 20, 30)
N_CASES = 20_000
RECIPES = ("serbia-reports", "training-mix")
INSTRUMENTS = ("first-look", "integrated")
READINGS = ("undetermined", "low", "moderate", "at least moderate", "high")


def table() -> str:
    """Return the table in Markdown."""
    lines = [
        "| instrument | recipe | unknown | settled | undetermined | low | moderate, settled | at least moderate | high "
        "| settled, if the critical facts are known |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_row(*line) for line in product(INSTRUMENTS, RECIPES, OPEN_PERCENT))])


def invented(name: str, recipe: str, open_percent: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invent cases; return their answers, and what they would be if all were known. Everybody is asked alone.

    The lowest level needs the answer *asked alone*: without it, cases would be undetermined for a reason that has
    nothing to do with the gaps.
    """
    cases = simulate(recipe, n=N_CASES, seed=1, instrument=name, open_percent=open_percent)
    return tuple(frame.assign(asked_alone="yes") for frame in (cases.answers, cases.truth.answers))


def shares(name: str, recipe: str, open_percent: int) -> dict[str, float]:
    """Return the share of invented cases at each reading of the level."""
    return readings(scored(invented(name, recipe, open_percent)[0], name))


def of_the_high(name: str, recipe: str, open_percent: int) -> dict[str, dict[str, float]]:
    """Return how cases that are high when all is known read with open answers: as a range, and with a blank as a no."""
    seen, whole = invented(name, recipe, open_percent)
    seen = seen[(scored(whole, name)["level"] == "high").to_numpy()]
    as_no = seen.copy()
    for item in load_instrument(name).items:
        as_no[item.id] = as_no[item.id].replace("unknown", item.codes[0])
    return {"as a range": readings(scored(seen, name)), "blank read as no": readings(scored(as_no, name))}


def scored(answers: pd.DataFrame, name: str) -> pd.DataFrame:
    """Score a table; that there are columns of no item is meant."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return score_cohort(answers, name, rules=False)


def readings(scores: pd.DataFrame) -> dict[str, float]:
    """Return the share of cases at each reading of the level."""
    reading = scores["level"].where(scores["settled"] | (scores["level"] != "moderate"), "at least moderate")
    return {name: float((reading == name).mean()) for name in READINGS}


def _row(name: str, recipe: str, open_percent: int) -> str:
    seen, whole = invented(name, recipe, open_percent)
    scores = scored(seen, name)
    found = readings(scores)
    critical = list(load_instrument(name).critical.items)
    known = scored(seen.assign(**{item: whole[item] for item in critical}), name)["settled"].mean()
    columns = [scores["settled"].mean(), *(found[reading] for reading in READINGS), known]
    return f"| `{name}` | {recipe} | {open_percent}% | " + " | ".join(f"{share:.0%}" for share in columns) + " |"


if __name__ == "__main__":
    print(table())
