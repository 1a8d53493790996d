"""How often the 95 % intervals of accuracy hold the true value, where the truth is known.

python docs/studies/accuracy_coverage.py        draws everything again (half a minute), stores it and prints the table

Areas: scores of people with the event are normal with SD 1, shifted against those without so that the true area is
exact; three levels are the same scores cut where 60, 26 and 14 % of the others lie. Shares and likelihood ratios: no
draws, but the sum over everything that could be counted. Calibration and Brier score: logits of the probabilities are
normal with SD 1; the truth of the Brier score is an integral.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, ndtr, ndtri
from scipy.stats import binom

from dvrisk.stats.accuracy import band_table_from_counts, roc_auc, roc_auc_from_bands
from dvrisk.stats.calibration import brier, calibration_line
from dvrisk.stats.cutoffs import proportion
from dvrisk.stats.estimate import Estimate

STORED = Path(__file__).with_suffix(".json")
RUNS, RUNS_OF_LINES = 4_000, 2_000
GROUPS = ((20, 80), (50, 450), (200, 800))  # with the event and without
AREAS = (0.65, 0.90)
SCALES = {"area": "area (DeLong)", "logit": "area (DeLong, logit scale)"}  # of the same draws
CUTS = ndtri([0.60, 0.86])
SHARES, OF = (0.02, 0.1, 0.5, 0.9), (20, 50, 200)
EDGES = ((0.84, 0.60), (0.30, 0.95))  # sensitivity and specificity
BASE_RATES, LINE_SIZES, BRIER_SIZES = (0.1, 0.3), (500, 3_000), (100, 500, 3_000)
NEGLIGIBLE = 1e-12
SIGNS = ("held", "below", "above", "without")

Weighted = Iterable[tuple[float, Estimate]]


def tallied(found: Weighted, true: float) -> dict[str, float]:
    """Return in per cent: intervals that hold the truth, lie below it, above it; and, of all runs, none at all."""
    sums, widths = dict.fromkeys(SIGNS, 0.0), 0.0
    for weight, estimate in found:
        low, high = estimate.low, estimate.high
        if low is None or high is None:
            sums["without"] += weight
        else:
            sums["below" if high < true else "above" if low > true else "held"] += weight
            widths += weight * (high - low)
    there = sum(sums[sign] for sign in SIGNS[:3])
    shares = {sign: round(100 * sums[sign] / (sum(sums.values()) if sign == "without" else there), 2) for sign in SIGNS}
    return {**shares, "width": round(widths / there, 4)}


def row(interval: str, setting: str, people: str, runs: int | None, found: Weighted, true: float) -> dict[str, object]:
    about = {"interval": interval, "setting": setting, "people": people, "runs": runs, "true": round(float(true), 6)}
    return about | tallied(found, true)


def areas() -> Iterator[dict[str, object]]:
    for (scale, name), area, (events, others) in product(SCALES.items(), AREAS, GROUPS):
        shift, people = np.sqrt(2) * ndtri(area), f"{events} + {others}"
        found = drawn_areas(shift, events, others, scale)
        yield row(name, f"scores, true area {area:.2f}", people, RUNS, found, area)
        chances = [np.diff(ndtr(CUTS - place), prepend=0, append=1) for place in (0, shift)]
        true = area_of_levels(*chances)
        found = drawn_levels(*chances, events, others, scale)
        yield row(name, f"three levels, true area {true:.3f}", people, RUNS, found, true)


def drawn_areas(shift: float, events: int, others: int, scale: str) -> Weighted:
    source = np.random.default_rng([1, events, round(1000 * shift)])
    outcome = np.arange(events + others) < events
    for _ in range(RUNS):
        yield 1, roc_auc(source.standard_normal(events + others) + shift * outcome, outcome, interval_on=scale)


def area_of_levels(others: np.ndarray, events: np.ndarray) -> float:
    """Chance that an event has the higher level, equal ones half."""
    return float(events @ (np.cumsum(others) - others / 2))


def drawn_levels(of_others: np.ndarray, of_events: np.ndarray, events: int, others: int, scale: str) -> Weighted:
    source = np.random.default_rng([2, events, round(1000 * of_events[0])])
    for _ in range(RUNS):
        table = source.multinomial(others, of_others), source.multinomial(events, of_events)
        yield 1, roc_auc_from_bands(*table, interval_on=scale)


def shares() -> Iterator[dict[str, object]]:
    for share, of in product(SHARES, OF):
        found = ((binom.pmf(count, of, share), proportion(count, of, 0.95, "")) for count in range(of + 1))
        yield row("share (Wilson)", f"true share {share:g}", f"{of}", None, found, share)


def ratios() -> Iterator[dict[str, object]]:
    """Return both likelihood ratios at an edge, over all counts of flagged events and flagged others."""
    for (sensitivity, specificity), (events, others) in product(EDGES, GROUPS):
        edges = list(edges_of(sensitivity, specificity, events, others))
        for sign, true in (
            ("positive", sensitivity / (1 - specificity)),
            ("negative", (1 - sensitivity) / specificity),
        ):
            found = [(weight, getattr(edge, f"likelihood_ratio_{sign}")) for weight, edge in edges]
            setting = f"{sign}, true {true:.2f} (sensitivity {sensitivity:.2f}, specificity {specificity:.2f})"
            yield row("likelihood ratio (log scale)", setting, f"{events} + {others}", None, found, true)


def edges_of(sensitivity: float, specificity: float, events: int, others: int) -> Iterator[tuple[float, object]]:
    hits, false = (
        [(chance, count) for count, chance in enumerate(binom.pmf(range(n + 1), n, p)) if chance > NEGLIGIBLE]
        for n, p in ((events, sensitivity), (others, 1 - specificity))
    )
    for (one, hit), (other, wrong) in product(hits, false):
        table = band_table_from_counts([others - wrong, wrong], [events - hit, hit], ["below", "above"])
        yield one * other, table.edges[0]


def slopes() -> Iterator[dict[str, object]]:
    for slope, rate, n in product((1.0, 0.7), BASE_RATES, LINE_SIZES):
        found = ((1, calibration_line(*drawn)) for drawn in drawn_probabilities(rate, n, RUNS_OF_LINES, slope))
        setting = f"true slope {slope:g}, base rate {rate:g}"
        yield row("calibration slope (Wald)", setting, f"{n:,}", RUNS_OF_LINES, found, slope)


def in_the_large() -> Iterator[dict[str, object]]:
    for rate, n in product(BASE_RATES, LINE_SIZES):
        found = ((1, calibration_line(*drawn).in_the_large) for drawn in drawn_probabilities(rate, n, RUNS_OF_LINES))
        setting = f"true 0, base rate {rate:g}"
        yield row("calibration in the large (Wald)", setting, f"{n:,}", RUNS_OF_LINES, found, 0)


def scores() -> Iterator[dict[str, object]]:
    for rate, n in product(BASE_RATES, BRIER_SIZES):
        found = ((1, brier(*drawn)) for drawn in drawn_probabilities(rate, n, RUNS))
        true = true_brier(middle_of(rate))
        yield row("Brier score (spread)", f"true {true:.3f}, base rate {rate:g}", f"{n:,}", RUNS, found, true)


def true_brier(middle: float) -> float:
    """Mean of p (1 - p), which is the Brier score of probabilities that are right."""
    return over_normal(lambda z: expit(middle + z) * expit(-middle - z))


def drawn_probabilities(rate: float, n: int, runs: int, slope: float = 1.0) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Draw probabilities and outcomes whose logit has this slope on theirs; with a slope of 1 they are right."""
    source, middle = np.random.default_rng([3, n, round(100 * rate), round(100 * slope)]), middle_of(rate)
    for _ in range(runs):
        z = source.standard_normal(n)
        yield expit(middle + z), source.random(n) < expit(middle + slope * z)


def middle_of(rate: float) -> float:
    """Logit around which probabilities lie whose mean is the base rate."""
    return brentq(lambda middle: over_normal(lambda z: expit(middle + z)) - rate, -9, 9)


def over_normal(of) -> float:
    """Mean of a function of a standard normal number."""
    z = np.linspace(-10, 10, 20_001)
    density = np.exp(-(z**2) / 2)
    return float(of(z) @ density / density.sum())


def write() -> None:
    rows = [one for part in (areas, shares, ratios, slopes, in_the_large, scores) for one in part()]
    text = ",\n".join(json.dumps(one) for one in rows)
    STORED.write_text(f"[\n{text}\n]\n", encoding="utf-8")


def table() -> str:
    """Return the table in Markdown: one line for each truth, its group sizes side by side."""
    groups = defaultdict(list)
    for one in json.loads(STORED.read_text(encoding="utf-8")):
        groups[one["interval"], one["setting"]].append(one)
    lines = ["| interval | truth | people | held | too low | too high | without |", "|---|---|---|---|---|---|---|"]
    lines += [f"| {' | '.join((*name, *cells(group)))} |" for name, group in groups.items()]
    lines.append(
        "\nPer cent of the 95 % intervals that hold the truth, lie wholly below it, or wholly above it; and per cent of"
        " all samples that give no interval. People: with the event + without, or all. Shares and likelihood ratios are"
        f" exact; areas and Brier scores rest on {RUNS:,} draws (simulation error of 95 %: 0.34), calibration on"
        f" {RUNS_OF_LINES:,} (0.49)."
    )
    return "\n".join(lines)


def cells(group: list[dict]) -> Iterator[str]:
    yield " · ".join(one["people"] for one in group)
    for sign in SIGNS:
        yield " · ".join(f"{one[sign]:.1f}" for one in group) if any(one[sign] for one in group) else "0"


if __name__ == "__main__":
    write()
    print(table())
