"""Ratios for an exercise of 40 people, 10 cases and 12 facts: `poe bench-exercise`.

Bar: reading the typed sheets and writing every page takes at most 6 times as long as starting Python, importing
matplotlib.pyplot and reading the same table with pandas; the projector's page has at most 2 MB.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from dvrisk import Rater
from dvrisk.exercise import Wanted, new_exercise
from dvrisk.exercise.folder import collect
from dvrisk.exercise.making import Made
from dvrisk.exercise.plan import load_key
from dvrisk.exercise.rehearsal import fill_in
from dvrisk.exercise.sheets import as_line

RUNS = 5


def seconds(code: str) -> float:
    """Return how long a fresh Python takes for this, the median of some runs."""
    times = []
    for _ in range(RUNS):
        start = perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(perf_counter() - start)
    return median(times)


def main() -> None:
    """Print the ratio and the sizes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "exercise"
        exercise = new_exercise(folder, Wanted(recipe="training-mix", n_cases=10, people=40))
        made = Made(exercise, load_key(folder))
        for round, stem in enumerate(("before", "after"), start=1):
            sheets = fill_in(made, [Rater(training=0.3)] * 40, round=round)
            lines = (as_line(sheet, exercise.levels, exercise.items) for sheet in sheets)
            (folder / "typed" / f"{stem}.txt").write_text("\n".join(lines), encoding="utf-8")
        collect(folder)
        table = folder / "private/ratings.csv"
        base = seconds(f"import matplotlib.pyplot, pandas; pandas.read_csv({str(table)!r}, sep=';')")
        ours = seconds(f"from dvrisk.exercise import report; report({str(folder)!r})")
        size = (folder / "report/en/room.html").stat().st_size
        print(f"report: {ours:.2f} s, {ours / base:.2f} times pyplot and pandas ({base:.2f} s; bar 6)")
        print(f"projector's page: {size / 1e6:.2f} MB (bar 2)")


if __name__ == "__main__":
    main()
