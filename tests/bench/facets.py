"""Speed of rater_severity as a ratio to mirt's marginal fit of the same ratings, in one run, one thread.

    OPENBLAS_NUM_THREADS=1 python tests/bench/facets.py

15 raters, 8 cases, 12 yes/no items: 1,440 ratings. Both give severities with standard errors from the full information,
infit and outfit; they are checked to agree. mirt integrates the cases out, which we do not.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from plant import planted

from dvrisk.stats.facets import marginal_severity, rater_severity

BAR = 10.0
ROUNDS = 31
SEEDS = range(5)


def interleaved(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median CPU seconds of each work, all of them measured in turn within each round."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            begin = time.process_time()
            work()
            times[name].append(time.process_time() - begin)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> int:
    tables = [planted(seed, 15, 8, 12)[0] for seed in SEEDS]
    gap = max(
        np.abs(rater_severity(table, facts_by_case=False).severity - [one.value for one in theirs]).max()
        for table in tables
        if (theirs := marginal_severity(table, facts_by_case=False))
    )
    times = interleaved(
        {
            "ours": lambda: [rater_severity(table, facts_by_case=False) for table in tables],
            "ours, facts by case": lambda: [rater_severity(table, facts_by_case=True) for table in tables],
            "mirt": lambda: [marginal_severity(table, facts_by_case=False) for table in tables],
            "mirt, facts by case": lambda: [marginal_severity(table, facts_by_case=True) for table in tables],
        }
    )
    for name, seconds in times.items():
        print(f"{name:<22}{1000 * seconds / len(tables):>8.2f} ms for 1,440 ratings")
    ratio = times["mirt"] / times["ours"]
    print(f"mirt / ours: {ratio:.1f}, at least {BAR:g}: {'reached' if ratio >= BAR else 'NOT REACHED'}")
    print(f"mirt / ours, facts by case: {times['mirt, facts by case'] / times['ours, facts by case']:.1f} (no bar)")
    print(f"largest difference of a severity: {gap:.3f} logit")
    return 0


if __name__ == "__main__":
    sys.exit(main())
