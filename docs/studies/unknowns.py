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
from dvrisk.schema import Instrument

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


def shares(name: str, mix: str, open_share: float, n_cases: int = N_CASES) -> dict[str, float]:
    """Return the share of drawn cases at each reading of the level, by instrument, mix and share of open answers."""
    instrument = load_instrument(name)
    sheets = (answers for _, answers in draw(instrument, n_cases, mix=MIXES[mix], open_share=open_share))
    return _readings(list(sheets), instrument)


def of_the_high(name: str, mix: str, open_share: float, n_cases: int = N_CASES) -> dict[str, dict[str, float]]:
    """Return how cases that are high when all is known read with open answers: as a range, and with a blank as a no."""
    instrument = load_instrument(name)
    whole = (answers for _, answers in draw(instrument, n_cases, mix=MIXES[mix]))
    gaps = (answers for _, answers in draw(instrument, n_cases, mix=MIXES[mix], open_share=open_share))
    high = [seen for known, seen in zip(whole, gaps, strict=True) if assess(known, instrument).level == "high"]
    least = {item.id: item.codes[0] for item in instrument.items}
    as_no = [{item: least[item] if code == "unknown" else code for item, code in seen.items()} for seen in high]
    return {"as a range": _readings(high, instrument), "blank read as no": _readings(as_no, instrument)}


def _readings(sheets: list[dict[str, str]], instrument: Instrument) -> dict[str, float]:
    results = (assess(sheet, instrument) for sheet in sheets)
    counts = Counter(_reading(result.level, result.settled) for result in results)
    return {reading: count / len(sheets) for reading, count in counts.items()}


def _row(name: str, mix: str, open_share: float, n_cases: int) -> str:
    found = shares(name, mix, open_share, n_cases)
    # High is the highest level, so it is settled; low is only given where it is.
    found["settled"] = found.get("low", 0) + found.get("moderate", 0) + found.get("high", 0)
    columns = ("settled", "undetermined", "low", "moderate", "at least moderate", "high")
    return f"| `{name}` | {mix} | {open_share:.0%} | " + " | ".join(f"{found.get(c, 0):.0%}" for c in columns) + " |"


def _reading(level: str, settled: bool) -> str:
    return level if level != "moderate" or settled else "at least moderate"


if __name__ == "__main__":
    print(table())
