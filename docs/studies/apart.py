"""How often the trainer's page names the one who sees less danger, and nobody else: `python docs/studies/apart.py`.

Takes some minutes; the table is kept in apart.json, which the docs read.
"""

from __future__ import annotations

import json
from pathlib import Path

from dvrisk import Rater
from dvrisk.exercise import Wanted
from dvrisk.exercise.leans import Leans
from dvrisk.exercise.making import Made, make
from dvrisk.exercise.rehearsal import fill_in
from dvrisk.exercise.results import Results, as_round

STORE = Path(__file__).with_suffix(".json")
EXERCISES = 200
KINDS = {
    "eight invented cases (training-mix)": Wanted(recipe="training-mix", n_cases=8, people=40),
    "eight invented cases (femicide-review)": Wanted(recipe="femicide-review", n_cases=8, people=40),
    "eight cases written by hand": Wanted(people=40),
}
PEOPLE = (12, 20, 40)


def named(made: Made, n_people: int, shift: float) -> dict[str, int]:
    """Count the exercises in which the first person alone is named, nobody, and anybody else."""
    found = {"alone": 0, "nobody": 0, "others": 0}
    for seed in range(EXERCISES):
        sheets = fill_in(made, [Rater(severity=shift), *[Rater()] * (n_people - 1)], seed)
        apart = Leans(Results(made.exercise, made.key, as_round(sheets, made.exercise))).apart
        found["alone"] += apart == [0]
        found["nobody"] += not apart
        found["others"] += any(person != 0 for person in apart)
    return found


def main() -> None:
    """Count, and keep the counts."""
    kept = []
    for kind, wanted in KINDS.items():
        made = make(wanted)
        for n_people in PEOPLE:
            for shift in (0.0, -1.0, -1.5, -2.0):
                kept.append({"cases": kind, "people": n_people, "shift": shift, **named(made, n_people, shift)})
                print(kept[-1], flush=True)
    STORE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def table() -> str:
    """Return the table of the docs."""
    kept = json.loads(STORE.read_text(encoding="utf-8"))
    rows = [
        f"| cases | people | one rates lower by | named, alone | nobody named | somebody else named, of {EXERCISES} |",
        "|---|---|---|---|---|---|",
    ]
    for one in kept:
        size = -one["shift"]
        lower = f"{size:g} logit{'' if size == 1 else 's'}" if size else "nobody does"
        alone = one["alone"] if one["shift"] else "-"
        others = one["others"] if one["shift"] else EXERCISES - one["nobody"]
        rows.append(f"| {one['cases']} | {one['people']} | {lower} | {alone} | {one['nobody']} | {others} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
