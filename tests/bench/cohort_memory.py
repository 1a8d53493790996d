"""Peak memory beyond input and output while 10,000,000 cases are scored: `python tests/bench/cohort_memory.py`."""

from __future__ import annotations

import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pyarrow as pa

from dvrisk import load_instrument, score_cohort

N_CASES, BAR = 10_000_000, 600


def resident() -> float:
    """Megabytes of this process that are in memory (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6


def main() -> None:
    warnings.simplefilter("ignore")
    instrument, source = load_instrument("integrated"), np.random.default_rng(1)
    columns = {}
    for item in instrument.items:
        ranks = source.integers(0, len(item.codes), N_CASES, dtype=np.int8)
        columns[item.id] = pa.array(ranks, mask=source.integers(0, 10, N_CASES, dtype=np.int8) < 3)
    table = pa.table(columns)
    del columns, ranks
    before, peak, done = resident(), [0.0], threading.Event()

    def watch() -> None:
        while not done.is_set():
            peak[0] = max(peak[0], resident())
            time.sleep(0.005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    scored = score_cohort(table, instrument, codes="ranks")
    done.set()
    watcher.join()
    output = (scored.nbytes - table.nbytes) / 1e6
    beyond = peak[0] - before - output
    print(f"input {table.nbytes / 1e6:.0f} MB, output {output:.0f} MB, beyond both {beyond:.0f} MB; at most {BAR} MB")


if __name__ == "__main__":
    main()
