"""Speed and memory of `simulate` as ratios to named baselines, in one run, one thread: `poe bench-simulate`.

Baselines: NumPy's Philox doubles, one for each case and item; and a loop of `random.choices`, one call for each case and
item, with the weights of the recipe. Peak memory is that of a process of its own.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from dvrisk import load_instrument, load_recipe, simulate
from dvrisk.catalog import item_bank
from dvrisk.recipe_schema import WHOLE

N_CASES, N_LOOP, ROUNDS = 200_000, 2_000, 7
BARS = {
    "ours / Philox doubles": (8.0, "at most"),
    "random.choices / ours": (15.0, "at least"),
    "GiB for 1,000,000 cases": (2.0, "at most"),
}
ITEMS = [item.id for item in load_instrument("integrated").items]


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def doubles() -> None:
    source = np.random.Generator(np.random.Philox(1))
    for _ in ITEMS:
        source.random(N_CASES)


def loop() -> None:
    """Draw every fact by its share alone: no dependence, no gaps, no outcomes, no tables."""
    recipe, source = load_recipe("serbia-reports"), random.Random(1)
    weights = {}
    for item in ITEMS:
        fact, codes = recipe.by_item[item], item_bank()[item]["options"]
        shares = fact.per_10000.of("low")
        rest = WHOLE - sum(shares.values())
        weights[item] = (codes, [shares.get(code, rest if code == (fact.usual or codes[0]) else 0) for code in codes])
    for _ in range(N_LOOP):
        for item in ITEMS:
            source.choices(*weights[item])


def gigabytes() -> float:
    """Peak memory of a process that invents a million cases (Linux)."""
    code = (
        "import resource; from dvrisk import simulate; c = simulate(n=1_000_000, instrument='integrated');"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(run.stdout) * 1024 / 2**30


def main() -> int:
    simulate(n=1_000)  # imports and tables once
    found: dict[str, list[float]] = {"ours / Philox doubles": [], "random.choices / ours": []}
    for _ in range(ROUNDS):
        ours = seconds(lambda: simulate(n=N_CASES, instrument="integrated"))
        found["ours / Philox doubles"].append(ours / seconds(doubles))
        found["random.choices / ours"].append(seconds(loop) / N_LOOP / (ours / N_CASES))
    results = {name: statistics.median(ratios) for name, ratios in found.items()}
    results["GiB for 1,000,000 cases"] = gigabytes()
    for name, value in results.items():
        bar, side = BARS[name]
        kept = value <= bar if side == "at most" else value >= bar
        print(f"{name:28} {value:8.2f}  ({side} {bar:g}){'' if kept else '  MISSED'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
