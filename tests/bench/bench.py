"""Speed as ratios to named baselines, measured in one run: `poe bench`. Read the ratios, not the seconds.

Baselines: pydantic's `validate_python` of the same answers into a TypedDict of Literal codes (total=False, extra keys
forbidden); one `assess`, all items answered, contributions unread; importing pydantic in a fresh process.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter
from typing_extensions import TypedDict

from dvrisk import assess, load_instrument
from dvrisk.schema import OPEN_STATES

ROUNDS, SHEETS = 41, 50
BARS = {"assess": 3.0, "assess, contributions read": 6.0, "ask_next": 20.0, "import": 2.0, "first result": 4.0}


def interleaved(works: dict[str, Callable[[list[Any]], Any]], empty: Callable[[], Any]) -> dict[str, float]:
    """Median CPU seconds of each work, all of them measured in turn within each round.

    `empty` makes what a work is handed: results that nobody has read yet, made outside the measured time.
    """
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            unread = [empty() for _ in range(SHEETS)]
            begin = time.process_time()
            work(unread)
            times[name].append(time.process_time() - begin)
    return {name: statistics.median(values) for name, values in times.items()}


def validator(instrument: Any) -> Callable[[Any], Any]:
    """The fastest strict check of the same answers that pydantic offers."""
    fields = {item.id: Literal[(*item.codes, *OPEN_STATES)] for item in instrument.items}
    sheet = TypedDict("sheet", fields, total=False)
    sheet.__pydantic_config__ = ConfigDict(extra="forbid")
    return TypeAdapter(sheet).validate_python


def one_case() -> dict[str, float]:
    """Ratios of assessing one case and of asking next."""
    instrument = load_instrument("integrated")
    source = random.Random(1)
    sheets = [{item.id: source.choice(item.codes) for item in instrument.items} for _ in range(SHEETS)]
    validate = validator(instrument)
    times = interleaved(
        {
            "pydantic": lambda _: [validate(sheet) for sheet in sheets],
            "assess": lambda _: [assess(sheet) for sheet in sheets],
            "assess, contributions read": lambda _: [assess(sheet).contributions for sheet in sheets],
            "ask_next": lambda unread: [result.ask_next for result in unread],
        },
        empty=lambda: assess({}),
    )
    ratios = {name: times[name] / times["pydantic"] for name in ("assess", "assess, contributions read")}
    return ratios | {"ask_next": times["ask_next"] / times["assess"]}


def fresh(code: str) -> float:
    """Wall seconds of a fresh process, less those of an empty one, best of several."""

    def run(text: str) -> float:
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", text], check=True, capture_output=True)
        return time.perf_counter() - begin

    return min(run(code) for _ in range(11)) - min(run("pass") for _ in range(11))


def processes() -> dict[str, float]:
    """Ratios of importing the package, and of the first result in a fresh process."""
    bare = fresh("from pydantic import BaseModel, TypeAdapter")
    return {
        "import": fresh("import dvrisk") / bare,
        "first result": fresh("import dvrisk; dvrisk.assess({'strangulation': 'yes'}).level") / bare,
    }


if __name__ == "__main__":
    print(f"{'work':<30} {'ratio':>7} {'bar':>6}")
    for work, ratio in (one_case() | processes()).items():
        print(f"{work:<30} {ratio:7.2f} {BARS[work]:6.1f}  {'reached' if ratio <= BARS[work] else 'MISSED'}")
