"""How many questions settle the level: the best one next, against file order, in quick draws.

python docs/studies/asking.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parent))
from draws import TRAINING, draw

from dvrisk.assessment import assess
from dvrisk.catalog import load_instrument
from dvrisk.schema import Instrument

N_CASES = 400


def table(n_cases: int = N_CASES) -> str:
    """Return the table in Markdown."""
    lines = [
        "| instrument | true level | cases | best question next: median (9 in 10 at most) | file order: the same |",
        "|---|---|---|---|---|",
    ]
    for name in ("first-look", "integrated"):
        instrument = load_instrument(name)
        counts: dict[str, list[tuple[int, int]]] = {level: [] for level in instrument.levels}
        for _, answers in draw(instrument, n_cases, mix=TRAINING, seed=2):
            level = assess(answers, instrument).level
            counts[level].append((_adaptive(instrument, answers), _in_file_order(instrument, answers)))
        for level, pairs in counts.items():
            columns = " | ".join(_summary([pair[way] for pair in pairs]) for way in (0, 1))
            lines.append(f"| `{name}` | {level} | {len(pairs)} | {columns} |")
    return "\n".join(lines)


def _summary(counts: list[int]) -> str:
    return f"{median(counts):.0f} ({quantiles(counts, n=10)[-1]:.0f})"


def _adaptive(instrument: Instrument, answers: dict[str, str]) -> int:
    """Count the questions until the level is settled, always asking the best one next."""
    known = _frame(instrument, answers)
    asked = 0
    while questions := assess(known, instrument).ask_next:
        known[questions[0].item] = answers[questions[0].item]
        asked += 1
    return asked


def _in_file_order(instrument: Instrument, answers: dict[str, str]) -> int:
    """Count the questions until the level is settled, asking the scored items as they stand in the file."""
    known = _frame(instrument, answers)
    asked = 0
    for item in instrument.items:
        if assess(known, instrument).settled:
            break
        matters = item.is_scored or item.id == "pregnant_now"
        if matters and item.id not in known and answers[item.id] != "not_applicable":
            known[item.id] = answers[item.id]
            asked += 1
    return asked


def _frame(instrument: Instrument, answers: dict[str, str]) -> dict[str, str]:
    return {item.id: answers[item.id] for item in instrument.items if item.area == "frame"}


if __name__ == "__main__":
    print(table())
