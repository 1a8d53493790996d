"""What asking costs: questions that settle the level, the best one next against file order, in invented cases.

python docs/studies/asking.py
"""

from __future__ import annotations

from statistics import median, quantiles

import pandas as pd

from dvrisk import assess, load_instrument, simulate
from dvrisk.schema import Instrument

N_CASES = 400
SEVERITIES = ("low", "moderate", "high")
INSTRUMENTS = ("first-look", "integrated")
Sheet = dict[str, str]


def from_the_start() -> str:
    """Return the table of questions from an empty sheet on, in Markdown."""
    lines = [
        "| instrument | latent severity | cases | best question next: median (9 in 10 at most) | file order: same |",
        "|---|---|---|---|---|",
    ]
    for name in INSTRUMENTS:
        for severity, counts in questions(name).items():
            adaptive, fixed = zip(*counts, strict=True)
            lines.append(f"| `{name}` | {severity} | {len(counts)} | {summary(adaptive)} | {summary(fixed)} |")
    return "\n".join(lines)


def after_gaps() -> str:
    """Return the table of further questions from a sheet with open answers on, in Markdown."""
    lines = [
        "| instrument | unknown at first | settled at once | after 1 question | after 3 | after 5 "
        "| median (9 in 10 at most) |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in INSTRUMENTS:
        for percent in (10, 20, 30):
            counts = further_questions(name, percent)
            within = " | ".join(f"{sum(count <= most for count in counts) / len(counts):.0%}" for most in (0, 1, 3, 5))
            lines.append(f"| `{name}` | {percent}% | {within} | {summary(counts)} |")
    return "\n".join(lines)


def questions(name: str, n_cases: int = N_CASES) -> dict[str, list[tuple[int, int]]]:
    """Count, by latent severity, the questions until the level is settled: the best one next, and in file order.

    As many cases of each severity: training-mix has too few grave ones.
    """
    instrument, found = load_instrument(name), {}
    cases = simulate("training-mix", n=20 * n_cases, seed=2, instrument=name, open_percent=0)
    severity = cases.truth.cases["severity"]
    for wanted in SEVERITIES:
        sheets = _sheets(cases.truth.answers[severity == wanted].head(n_cases // 3))
        found[wanted] = [
            (_adaptive(instrument, _frame(instrument, sheet), sheet), _fixed(instrument, sheet)) for sheet in sheets
        ]
    return found


def further_questions(name: str, open_percent: int, n_cases: int = N_CASES) -> list[int]:
    """Count the questions, the best one next, that settle a sheet on which a share of the answers was unknown."""
    instrument = load_instrument(name)
    cases = simulate("serbia-reports", n=n_cases, seed=2, instrument=name, open_percent=open_percent)
    pairs = zip(_sheets(cases.answers), _sheets(cases.truth.answers), strict=True)
    return [_adaptive(instrument, {k: v for k, v in seen.items() if v != "unknown"}, whole) for seen, whole in pairs]


def summary(counts: list[int] | tuple[int, ...]) -> str:
    """Return the median, and what nine in ten cases need at most."""
    return f"{median(counts):.0f} ({quantiles(counts, n=10)[-1]:.0f})"


def _sheets(answers: pd.DataFrame) -> list[Sheet]:
    """Return rows as sheets; everybody is asked alone."""
    items = answers.drop(columns=["case", "reported_on"], errors="ignore").astype(str).assign(asked_alone="yes")
    return items.to_dict("records")


def _adaptive(instrument: Instrument, known: Sheet, answers: Sheet) -> int:
    """Count the questions until the level is settled, always asking the best one next."""
    known, asked = dict(known), 0
    while found := assess(known, instrument).ask_next:
        known[found[0].item] = answers[found[0].item]
        asked += 1
    return asked


def _fixed(instrument: Instrument, answers: Sheet) -> int:
    """Count the questions until the level is settled, asking the scored items as they stand in the file."""
    known, asked = _frame(instrument, answers), 0
    for item in instrument.items:
        if assess(known, instrument).settled:
            break
        matters = item.is_scored or item.id == "pregnant_now"
        if matters and item.id not in known and answers[item.id] != "not_applicable":
            known[item.id] = answers[item.id]
            asked += 1
    return asked


def _frame(instrument: Instrument, answers: Sheet) -> Sheet:
    return {item.id: answers[item.id] for item in instrument.items if item.area == "frame"}


if __name__ == "__main__":
    print(from_the_start(), after_gaps(), sep="\n\n")
