"""What open answers do: the share of drawn cases at each level, and settled, at 0, 10, 20 and 30 % unknown.

python docs/studies/unknowns.py
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from draws import REPORTS, TRAINING, draw

from dvrisk.assessment import assess
from dvrisk.catalog import load_instrument

OPEN_SHARES = (0.0, 0.1, 0.2, 0.3)
N_CASES = 4_000
MIXES = {"reports": REPORTS, "training": TRAINING}


def table(n_cases: int = N_CASES) -> str:
    """Return the table in Markdown."""
    lines = [
        "| instrument | mix | unknown | settled | undetermined | low | moderate, settled | at least moderate | high |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    combinations = product(("first-look", "integrated"), MIXES, OPEN_SHARES)
    return "\n".join([*lines, *(_row(name, mix, share, n_cases) for name, mix, share in combinations)])


def _row(name: str, mix: str, open_share: float, n_cases: int) -> str:
    instrument = load_instrument(name)
    sheets = (answers for _, answers in draw(instrument, n_cases, mix=MIXES[mix], open_share=open_share))
    results = [assess(answers, instrument) for answers in sheets]
    counts = Counter(_reading(result.level, result.settled) for result in results)
    counts["settled"] = sum(result.settled for result in results)
    columns = ("settled", "undetermined", "low", "moderate, settled", "at least moderate", "high")
    shares = " | ".join(f"{counts[column] / n_cases:.0%}" for column in columns)
    return f"| `{name}` | {mix} | {open_share:.0%} | {shares} |"


def _reading(level: str, settled: bool) -> str:
    if level == "moderate":
        return "moderate, settled" if settled else "at least moderate"
    return level


if __name__ == "__main__":
    print(table())
