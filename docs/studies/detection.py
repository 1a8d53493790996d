"""Do the statistics on raters do what they say? Planted leans, planted changes, and how often they are found.

    python docs/studies/detection.py            all tables, about ten minutes on one core
    python docs/studies/detection.py bars       one table; the figures are kept in detection.json

Ratings are invented by `tests/support/plant.py`, which shares no code with what is tested: cases spread by 1.3 logits,
items by 1, ordinary raters by 0.25. *Facts* is how far an item differs from case to case beyond that: 0 is the
classical Rasch model, 2 a vignette that states its facts. Seeds are 0 to 199 throughout, so a share is known to +- 0.03
around 0.95 and to +- 0.07 around 0.5.
"""

from __future__ import annotations

import json
import sys
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "support"))
from plant import planted, planted_levels

from dvrisk import Rater, simulate, simulate_ratings
from dvrisk.errors import DataError
from dvrisk.stats.apart import LOGIT_BAND, STEP_BAND, raters_apart
from dvrisk.stats.change import change_in_agreement
from dvrisk.stats.facets import marginal_severity, rater_severity
from dvrisk.stats.planning import LevelAssumptions

SEEDS = range(200)
FACTS = (
    "strangulation",
    "jealousy",
    "suicide_talk",
    "control_of_daily_life",
    "following_or_watching",
    "technology_tracking",
    "forced_sex",
    "severity_rising",
    "weapon_other_used_or_threatened",
    "earlier_reports",
    "break_in_or_damage",
    "substance_misuse",
)
STORE = Path(__file__).with_suffix(".json")
Row = dict[str, Any]


def bars() -> list[Row]:
    """Count how often exactly the right people are singled out, in 200 exercises: one rater 2 logits low, or nobody."""
    designs = product(((20, 8, 12), (40, 10, 60)), (2, 3), (0.0, 2.0), ((-2.0,), ()))
    return [_bar(*design) for design in designs]


def _bar(size: tuple[int, int, int], options: int, facts_sd: float, shifts: tuple[float, ...]) -> Row:
    n, right, found, others, point_1 = len(shifts), 0, 0, 0, 0
    for seed in SEEDS:
        marks, _ = planted(seed, *size, n_options=options, facts_sd=facts_sd, shifts=shifts)
        panel = raters_apart(marks)
        hits, rest = [one.apart for one in panel[:n]], [one.apart for one in panel[n:]]
        right += all(hits) and not any(rest)
        found += sum(hits)
        others += any(rest)
        point_1 += any(one.estimate.low > LOGIT_BAND or one.estimate.high < -LOGIT_BAND for one in panel[n:])
    return {
        "raters x cases x items": " x ".join(map(str, size)),
        "options": options,
        "facts": facts_sd,
        "planted": "2 logits low" if shifts else "nobody",
        "exactly right": right,
        "planted found": found if shifts else "-",
        "somebody else": others,
        "somebody else, by point 1 alone": point_1,
    }


def curve() -> list[Row]:
    """Measure the share of exercises in which the planted rater is singled out: with 12 items, and by levels alone."""
    sizes = ((6, 8), (12, 8), (20, 8), (20, 12), (40, 10))
    return [_on_curve(*size, shift) for size, shift in product(sizes, (0.5, 1.0, 1.5, 2.0))]


def _on_curve(n_raters: int, n_cases: int, shift: float) -> Row:
    items = {
        "facts 0": {},
        "facts 2": {"facts_sd": 2.0},
        "facts 2, 3 options": {"facts_sd": 2.0, "n_options": 3},
        "facts 2, rare": {"facts_sd": 2.0, "rarity": 1.5},
    }
    row: Row = {"raters x cases": f"{n_raters} x {n_cases}", "logits low": shift}
    for name, how in items.items():
        row[name] = _found(n_raters, n_cases, shift, **how)
    levels = [planted_levels(seed, n_raters, n_cases, shifts=(-shift,))[0] for seed in SEEDS]
    row["levels alone"] = float(np.mean([raters_apart(table)[0].apart for table in levels]))
    row["levels alone, band 0"] = float(np.mean([raters_apart(table, band=0.0)[0].apart for table in levels]))
    return row


def _found(n_raters: int, n_cases: int, shift: float, **how: Any) -> float:
    drawn = (planted(seed, n_raters, n_cases, 12, shifts=(-shift,), **how)[0] for seed in SEEDS)
    return float(np.mean([raters_apart(marks)[0].apart for marks in drawn]))


def invented() -> list[Row]:
    """Count the same in invented cases, 20 raters, 8 cases, 12 facts: how often facts are there decides what shows."""
    return [_in_invented(recipe) for recipe in ("training-mix", "femicide-review")]


def _in_invented(recipe: str) -> Row:
    right, nobody, there = 0, 0, []
    for seed in SEEDS:
        cases = simulate(recipe, n=8, seed=seed)
        panel = [Rater(severity=float(lean)) for lean in np.random.default_rng(seed).normal(0, 0.25, 19)]
        low, usual = (
            simulate_ratings(cases, [*panel, Rater(severity=lean)], seed, items=FACTS) for lean in (-2.0, 0.0)
        )
        right += [place for place, one in enumerate(raters_apart(low.items)) if one.apart] == [19]
        nobody += not any(one.apart for one in raters_apart(usual.items))
        there.append((low.truth.items > 0).mean())
    share = round(float(np.mean(there)), 2)
    return {
        "recipe": recipe,
        "share of facts there": share,
        "2 logits low, alone": right,
        "nobody planted, nobody": nobody,
    }


def centres() -> list[Row]:
    """Compare what leans could count from: others singled out by point 1 of the rule, if raters are planted low."""
    rows = []
    for size in ((20, 8, 12), (20, 10, 60), (40, 10, 60)):
        for shifts in ((), (-2.0,), (-4.0,), (-3.0, -3.0)):
            others = {"mean": 0, "mean of the others": 0, "median": 0}
            moved = {name: [] for name in others}
            for seed in SEEDS:
                fitted = rater_severity(planted(seed, *size, shifts=shifts)[0], facts_by_case=True)
                n = len(fitted.severity)
                z = float(ndtri(0.5 + 0.95 ** (1 / n) / 2))
                ways = {
                    "mean": (fitted.severity, fitted.se),
                    "mean of the others": (fitted.severity * n / (n - 1), fitted.se * n / (n - 1)),
                    "median": (fitted.severity - np.median(fitted.severity), fitted.se * (n / (n - 1)) ** 0.5),
                }
                for name, (lean, error) in ways.items():
                    rest = slice(len(shifts), None)
                    others[name] += bool((np.abs(lean) - z * error > LOGIT_BAND)[rest].any())
                    moved[name].append(lean[rest].mean())
            rows += [
                {
                    "raters x cases x items": " x ".join(map(str, size)),
                    "planted": ", ".join(f"{shift:g}" for shift in shifts) or "nobody",
                    "centre": name,
                    "somebody else, by point 1 alone": others[name],
                    "mean lean of the others": round(float(np.mean(moved[name])), 3),
                }
                for name in others
            ]
    return rows


def recovery() -> list[Row]:
    """Measure the share of 95 % intervals that hold the true lean, and the slope of the estimates on the truth."""
    designs = [(15, 8, 12, 2), (6, 8, 12, 2), (20, 8, 12, 3), (40, 10, 60, 2), (20, 8, 1, 3)]
    rows = []
    for *size, options in designs:
        for facts in (0.0, 2.0) if size[2] > 1 else (0.0,):
            for by_case in (True, False) if size[2] > 1 else (True,):
                held, across, along = [], 0.0, 0.0
                for seed in SEEDS:
                    marks, leans = planted(seed, *size, n_options=options, facts_sd=facts)
                    fitted, truth = rater_severity(marks, facts_by_case=by_case), leans - leans.mean()
                    inside = [a.low <= true <= a.high for a, true in zip(fitted.raters, truth, strict=True)]
                    held.append(np.mean(inside))
                    across, along = across + fitted.severity @ truth, along + truth @ truth
                rows.append(
                    {
                        "raters x cases x items": " x ".join(map(str, size)),
                        "options": options,
                        "facts": facts,
                        "facts_by_case": by_case,
                        "covered": round(float(np.mean(held)), 3),
                        "slope": round(float(across / along), 2),
                    }
                )
    return rows


def facts() -> list[Row]:
    """Plant a rater 2 logits low: mean estimate about the median, with and without facts by case."""
    rows = []
    for facts_sd in (0.0, 1.0, 2.0, 3.0):
        row: Row = {"raters x cases x items": "20 x 8 x 12", "facts": facts_sd}
        for by_case in (True, False):
            found = []
            for seed in SEEDS:
                fitted = rater_severity(
                    planted(seed, 20, 8, 12, shifts=(-2.0,), facts_sd=facts_sd)[0], facts_by_case=by_case
                )
                found.append(fitted.severity[0] - np.median(fitted.severity))
            row[f"facts_by_case={by_case}"] = round(float(np.mean(found)), 2)
        rows.append(row)
    return rows


def groups() -> list[Row]:
    """Plant a rater who leans on 4 of 12 items only: error of the one-step term, and intervals that hold it."""
    rows = []
    for effect in (0.0, -1.0, -2.0):
        found, held, held_others = [], [], []
        for seed in SEEDS:
            low, _ = planted(seed, 15, 8, 12, shifts=(0.0,))
            extra, _ = planted(seed, 15, 8, 12, shifts=(effect,))
            marks = np.concatenate([extra[:, :, :4], low[:, :, 4:]], axis=2)
            terms = rater_severity(marks, {"soft": range(4)}, facts_by_case=True).groups["soft"]
            truth = np.where(np.arange(15) == 0, effect, 0.0) - effect / 15
            found.append(terms[0].value - truth[0])
            inside = [one.low <= true <= one.high for one, true in zip(terms, truth, strict=True)]
            held.append(inside[0])
            held_others.append(np.mean(inside[1:]))
        rows.append(
            {
                "planted on the group": effect,
                "mean error": round(float(np.mean(found)), 2),
                "covered, planted": round(float(np.mean(held)), 3),
                "covered, others": round(float(np.mean(held_others)), 3),
            }
        )
    return rows


def against_mirt() -> list[Row]:
    """Compare joint with marginal maximum likelihood (mirt): largest difference of a rater, 15 x 8 x 12, 60 seeds."""
    rows = []
    for options in (2, 3):
        for by_case in (False, True):
            gaps, refused = [], 0
            for seed in range(60):
                marks, _ = planted(seed, 15, 8, 12, n_options=options)
                try:
                    theirs = marginal_severity(marks, facts_by_case=by_case)
                except DataError:
                    refused += 1
                    continue
                ours = rater_severity(marks, facts_by_case=by_case).severity
                gaps.append(max(abs(one.value - own) for one, own in zip(theirs, ours, strict=True)))
            rows.append(
                {
                    "options": options,
                    "facts_by_case": by_case,
                    "fits": len(gaps),
                    "refused by mirt": refused,
                    "median": round(float(np.median(gaps)), 4),
                    "largest": round(max(gaps), 4),
                    "within 0.03": sum(gap <= 0.03 for gap in gaps),
                }
            )
    return rows


def shuffles() -> list[Row]:
    """Count exercises, of 200, in which somebody is singled out by levels alone though nobody is planted."""
    rows = []
    for size, spread in product(((6, 8), (20, 8), (20, 12), (40, 10), (40, 30)), (0.0, 0.25)):
        tables = [planted_levels(seed, *size, spread=spread)[0] for seed in SEEDS]
        rows.append(
            {
                "raters x cases": " x ".join(map(str, size)),
                "spread of ordinary raters": spread,
                "outside the permutation band": sum(_anybody(table, 0.0) for table in tables),
                "beyond 0.25 step too": sum(_anybody(table, STEP_BAND) for table in tables),
            }
        )
    return rows


def _anybody(table: Any, band: float) -> bool:
    return any(one.apart for one in raters_apart(table, band=band))


def change() -> list[Row]:
    """Measure how often the swap test finds a change at 5 %, and how often the interval holds the mean gain."""
    rows = []
    plans = [
        ("no change", {}, False),
        ("less noise", {"noise_sd": 0.45}, False),
        ("leans halved", {"rater_sd": 0.15}, False),
        ("no change", {}, True),
        ("less noise", {"noise_sd": 0.45}, True),
    ]
    for size in ((20, 8), (30, 12)):
        for what, after, crossed in plans:
            results = [_before_after(seed, size, after, crossed=crossed) for seed in SEEDS]
            true = np.mean([one.difference.value for one in results])
            held = np.mean([one.difference.low <= true <= one.difference.high for one in results])
            rows.append(
                {
                    "raters x cases": " x ".join(map(str, size)),
                    "what changes": what,
                    "two sets, crossed": crossed,
                    "mean gain": round(float(true), 3),
                    "found at 5 %": round(float(np.mean([one.p <= 0.05 for one in results])), 3),
                    "mean gain in the interval": round(float(held), 3),
                }
            )
    return rows


def _before_after(seed: int, size: tuple[int, int], after: dict[str, float], *, crossed: bool) -> Any:
    """Let the same people rate twice: the same cases, or two sets of which half of the people rate one first."""
    source = np.random.default_rng([seed, *size])
    first, second = LevelAssumptions(), LevelAssumptions(**after)
    n_raters, n_cases = size
    cases = source.normal(0, first.case_sd, 2 * n_cases if crossed else n_cases)
    leans = source.normal(0, 1, (n_raters, 1))
    cuts = float(np.hypot(np.hypot(1.3, 0.3), 0.7)) * ndtri([0.60, 0.86])
    tables = []
    for how in (first, second):
        danger = cases + how.rater_sd * leans + source.normal(0, how.noise_sd, (n_raters, len(cases)))
        tables.append((danger[:, :, None] >= cuts).sum(axis=2).astype(float))
    if crossed:
        early = (np.arange(n_raters)[:, None] % 2 == 0) == (np.arange(2 * n_cases) < n_cases)
        tables = [np.where(early, tables[0], np.nan), np.where(early, np.nan, tables[1])]
    return change_in_agreement(*tables, levels=3, seed=seed)


def formula() -> list[Row]:
    """Show why planning simulates: the chance from expected information, beside what is found (yes/no, 12 items)."""
    designs = product(((6, 8), (20, 8), (20, 12), (40, 10)), (1.0, 1.5, 2.0), (0.0, 2.0))
    return [
        {
            "raters x cases": " x ".join(map(str, size)),
            "logits low": shift,
            "facts": facts_sd,
            "formula": round(_by_formula(*size, shift, facts_sd), 2),
            "simulated": _found(*size, shift, facts_sd=facts_sd),
        }
        for size, shift, facts_sd in designs
    ]


def _by_formula(n_raters: int, n_cases: int, shift: float, facts_sd: float) -> float:
    nodes, weights = np.polynomial.hermite_e.hermegauss(61)
    spread = (1.3**2 + 1 + facts_sd**2) ** 0.5

    def error(lean: float) -> float:
        chance = 1 / (1 + np.exp(-(spread * nodes - lean)))
        information = n_cases * 12 * float(weights @ (chance * (1 - chance)) / weights.sum())
        return (n_raters / (n_raters - 1) / information) ** 0.5

    z = float(ndtri(0.5 + 0.95 ** (1 / n_raters) / 2))
    leans = np.linspace(0.5, 8, 2000)
    limits = [max(LOGIT_BAND + z * error(lean), z * (0.25**2 + error(lean) ** 2) ** 0.5) for lean in leans]
    least = leans[np.argmax(leans > limits)]
    return float(ndtr((shift - least) / error(shift)))


TABLES = {
    table.__name__: table
    for table in (bars, curve, invented, centres, recovery, facts, groups, against_mirt, shuffles, change, formula)
}


def as_markdown(rows: list[Row]) -> str:
    """Return rows as a table."""
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
    return "\n".join(lines + ["| " + " | ".join(map(str, row.values())) + " |" for row in rows])


def main(names: list[str]) -> None:
    kept = json.loads(STORE.read_text()) if STORE.exists() else {}
    for name in names or TABLES:
        kept[name] = {"what": (TABLES[name].__doc__ or "").strip(), "rows": TABLES[name]()}
        print(f"\n{kept[name]['what']}\n\n{as_markdown(kept[name]['rows'])}", flush=True)
        STORE.write_text(json.dumps(kept, indent=1, default=float) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
