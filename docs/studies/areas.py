"""What the instruments of one area say of cases that are high on `integrated`, in quick draws.

python docs/studies/areas.py
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from draws import REPORTS, draw

from dvrisk.assessment import assess
from dvrisk.catalog import load_instrument
from dvrisk.facts import answers_for

AREAS = ("firearms", "death-threats", "stalking", "post-separation", "escalation")
N_CASES = 6_000


def table(n_cases: int = N_CASES) -> str:
    """Return the table in Markdown."""
    whole = load_instrument("integrated")
    sheets = (answers for _, answers in draw(whole, n_cases, mix=REPORTS))
    high = [answers for answers in sheets if assess(answers, whole).level == "high"]
    levels = {area: [_level(area, answers) for answers in high] for area in AREAS}
    lines = ["| instrument | low | moderate | high | alone in saying high |", "|---|---|---|---|---|"]
    per_case = list(zip(*levels.values(), strict=True))
    alone = Counter(AREAS[case.index("high")] for case in per_case if case.count("high") == 1)
    for area in AREAS:
        counts = Counter(levels[area])
        shares = " | ".join(f"{counts[level] / len(high):.0%}" for level in ("low", "moderate", "high"))
        lines.append(f"| `{area}` | {shares} | {alone[area] / len(high):.0%} |")
    none = sum("high" not in case for case in per_case) / len(high)
    lines.append(f"| none of the five says high | | | {none:.0%} | |")
    return "\n".join(lines)


def _level(area: str, answers: dict[str, str]) -> str:
    instrument = load_instrument(area)
    return assess(answers_for(instrument, answers), instrument).level


if __name__ == "__main__":
    print(table())
