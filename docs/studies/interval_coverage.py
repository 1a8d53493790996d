"""How often the intervals of agreement hold the true value, for a training group: 6 to 30 cases, 20 raters.

python docs/studies/interval_coverage.py                prints the table of the stored runs
python docs/studies/interval_coverage.py --runs 2000    draws them again

Each run draws one exercise. Every rater sees a case as its place on a line (SD 1.3), plus a shift of the rater's own
(SD 0.3), plus noise (SD 0.7), cut into three levels of about 60, 26 and 14 %. Two questions: raters are sampled and
these cases stay; cases are sampled and these raters stay. The true value is that of endlessly many raters on these
cases, or of these raters on endlessly many cases: both are integrals, and `large_draw` checks them.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import math
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from dvrisk.stats import formulas
from dvrisk.stats.coefficients import gwet_ac, krippendorff_alpha, percent_agreement
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.formulas import weight_table
from dvrisk.stats.intervals import REPLICATES, drawn_values
from dvrisk.stats.moments import Moments, marks_of, moments_of, tally
from dvrisk.stats.ratings import as_ratings

STORED = Path(__file__).with_name("interval_coverage.csv.gz")
CASE_SD, SHIFT_SD, NOISE_SD = 1.3, 0.3, 0.7
CUTS = math.hypot(CASE_SD, SHIFT_SD, NOISE_SD) * ndtri([0.60, 0.86])
N_RATERS = 20
SIZES = (6, 8, 12, 30)
NAMES = ("agreement", "AC1", "AC2 quadratic", "alpha ordinal")
TABLES = np.stack([weight_table("identity", 3), weight_table("quadratic", 3)])
HEADER = ("run", "sampled", "cases", "method", *NAMES, *(f"width of {name}" for name in NAMES))


class Exercise(NamedTuple):
    """Places of the cases, shifts of the raters, and the levels they gave."""

    cases: np.ndarray
    shifts: np.ndarray
    codes: np.ndarray


def drawn(seed: list[int], n_raters: int, n_cases: int) -> Exercise:
    source = np.random.default_rng(seed)
    cases, shifts = source.normal(0, CASE_SD, n_cases), source.normal(0, SHIFT_SD, n_raters)
    return Exercise(cases, shifts, rated(cases, shifts, source))


def rated(cases: np.ndarray, shifts: np.ndarray, source: np.random.Generator) -> np.ndarray:
    seen = cases + shifts[:, None] + source.normal(0, NOISE_SD, (len(shifts), len(cases)))
    return np.digitize(seen, CUTS).astype(np.int8)


def truth(exercise: Exercise, sampled: str) -> np.ndarray:
    """Return the four true values, in the order of NAMES."""
    if sampled == "raters":
        chances = level_chances(exercise.cases, math.hypot(SHIFT_SD, NOISE_SD))
        pairs = np.einsum("ku,lu->kl", chances, chances) / len(exercise.cases)
        return true_values(pairs, chances.mean(axis=-1))
    places = np.linspace(-8, 8, 401)
    density = np.exp(-(places**2) / 2)
    density /= density.sum()
    chances = level_chances(CASE_SD * places + exercise.shifts[:, None], NOISE_SD)  # levels, raters, places
    total = chances.sum(axis=1)
    different = total[:, None] * total - np.einsum("kgu,lgu->klu", chances, chances)
    pairs = different @ density / (len(exercise.shifts) * (len(exercise.shifts) - 1))
    return true_values(pairs, chances.mean(axis=1) @ density)


def level_chances(places: np.ndarray, sd: float) -> np.ndarray:
    """Chance of each level for a case that is seen at a place, give or take `sd`."""
    below = ndtr((CUTS.reshape(-1, *[1] * places.ndim) - places) / sd)
    return np.diff(below, axis=0, prepend=0, append=1)


def true_values(pairs: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Put chances of pairs of levels and shares of levels into the formulas, as endlessly many ratings would give."""
    one = np.array(1.0)
    endless = 1e15  # ratings, so that drawing two of them without putting back is drawing with putting back
    return four_values(Moments(pairs, endless * pairs, pairs, shares, rated=one, paired=one, by_rater=np.zeros((0, 3))))


def four_values(sums: Moments) -> np.ndarray:
    identity = TABLES[:1]
    parts = [formulas.agreement(sums, identity), formulas.gwet(sums, TABLES), formulas.alpha(sums, ("ordinal",))]
    return np.concatenate(parts, axis=-1)


def intervals(exercise: Exercise, sampled: str, seed: int) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Return each method's name and its four intervals; NaN where there is none."""
    ratings = as_ratings(exercise.codes, 3)
    methods = ["jackknife"] + (["bca"] if sampled == "cases" and len(exercise.cases) >= 30 else [])
    for method in methods:
        options = {"sample": sampled, "interval": method, "seed": seed}
        found = [
            percent_agreement(ratings, **options),
            gwet_ac(ratings, **options),
            gwet_ac(ratings, weights="quadratic", **options),
            krippendorff_alpha(ratings, **options),
        ]
        yield method, [ends(estimate) for estimate in found]
    values = (
        drawn_values(tally(ratings), four_values, REPLICATES, seed) if sampled == "cases" else redrawn(ratings, seed)
    )
    yield "percentile", [percentiles(column[~np.isnan(column)]) for column in values.T]


def percentiles(values: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975]) if values.size else (math.nan, math.nan)
    return float(low), float(high)


def ends(estimate: Estimate) -> tuple[float, float]:
    return (math.nan, math.nan) if estimate.low is None else (estimate.low, estimate.high)


def redrawn(ratings, seed: int) -> np.ndarray:
    """Bootstrap over raters, which the library refuses: here to show why."""
    counted = tally(ratings)
    times = np.random.default_rng(seed).multinomial(N_RATERS, np.full(N_RATERS, 1 / N_RATERS), REPLICATES)
    marks = marks_of(counted.codes, 3)
    by_case = (times @ marks.reshape(N_RATERS, -1)).reshape(REPLICATES, *marks.shape[1:])
    return four_values(moments_of(by_case, times[:, :, None] * counted.by_rater))


def runs(number: int) -> Iterator[tuple]:
    for run in range(number):
        for place, sampled in enumerate(("raters", "cases")):
            for n_cases in SIZES:
                exercise = drawn([run, place, n_cases], N_RATERS, n_cases)
                true = truth(exercise, sampled)
                for method, found in intervals(exercise, sampled, run):
                    yield run, sampled, n_cases, method, *map(held, true, found), *map(width, found)


def held(value: float, limits: tuple[float, float]) -> str:
    return "" if math.isnan(limits[0]) else str(int(limits[0] <= value <= limits[1]))


def width(limits: tuple[float, float]) -> str:
    return "" if math.isnan(limits[0]) else f"{limits[1] - limits[0]:.3f}"


def write(number: int, path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(runs(number))
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def table(path: Path = STORED) -> str:
    """Return the table in Markdown."""
    data = path.read_bytes()
    rows = csv.DictReader((gzip.decompress(data) if path.suffix == ".gz" else data).decode().splitlines())
    groups = defaultdict(list)
    for row in rows:
        groups[row["sampled"], int(row["cases"]), row["method"]].append(row)
    lines = [f"| sampled | cases | method | {' | '.join(NAMES)} |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {sampled} | {cases} | {method} | {' | '.join(cell(group, name) for name in NAMES)} |"
        for (sampled, cases, method), group in groups.items()
    ]
    number = max(len(group) for group in groups.values())
    error = math.sqrt(0.95 * 0.05 / number)
    lines.append(
        f"\nShare of 95 % intervals that hold the true value (mean width), {number:,} runs of {N_RATERS} raters."
    )
    lines.append(f"Simulation error of a share: {error:.3f} where it is .95, {math.sqrt(0.25 / number):.3f} at most.")
    return "\n".join(lines)


def cell(rows: list[dict[str, str]], name: str) -> str:
    held = [int(row[name]) for row in rows if row[name]]
    width = statistics.fmean(float(row[f"width of {name}"]) for row in rows if row[name])
    missing = f", {len(rows) - len(held)} without" if len(held) < len(rows) else ""
    return f"{statistics.fmean(held):.3f} ({width:.2f}{missing})"


def large_draw() -> str:
    """Compare the integrals with one very large draw for each question."""
    lines = ["", "| checked by a large draw | " + " | ".join(NAMES) + " |", "|---|---|---|---|---|"]
    for sampled, n_raters, n_cases in (("raters", 40_000, 12), ("cases", 20, 1_000_000)):
        exercise = drawn([1], n_raters, n_cases)
        counted = tally(as_ratings(exercise.codes, 3))
        found, true = four_values(moments_of(counted.by_case, counted.by_rater)), truth(exercise, sampled)
        cells = " | ".join(f"{a:.4f} ({b:.4f})" for a, b in zip(true, found, strict=True))
        lines.append(f"| {sampled} sampled: integral (draw) | {cells} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, help="draw so many runs and write them to --out")
    parser.add_argument("--out", type=Path, default=STORED)
    options = parser.parse_args()
    if options.runs:
        write(options.runs, options.out)
    print(table(options.out))
    print(large_draw())


if __name__ == "__main__":
    main()
