"""Speed of score_cohort as ratios to named baselines, in one run, one thread: `poe bench-cohort`.

Baselines: `numpy.sum` over the same bytes; and a fair vectorised pandas version (small integers, one operation a column,
no row loop), kept here and checked to give the same numbers. 1,000,000 cases of `integrated`, 30 % of the answers open.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dvrisk import load_instrument, score_cohort, score_weight_sets
from dvrisk.schema import AllOf, AnyOf, AtLeast

INSTRUMENT = load_instrument("integrated")
BARS = {
    "pandas / ours": (6.0, "at least"),
    "ours, scores and levels / numpy.sum": (10.0, "at most"),
    "ours, with rules / numpy.sum": (16.0, "at most"),
    "ours from text / ours from integers": (5.0, "at most"),
    "1,000 weight sets of 10,000 cases / one": (1200.0, "at most"),
}


def drawn(n_cases: int) -> dict[str, Any]:
    """Ranks for every item, -1 where the answer is open."""
    source = np.random.default_rng(1)
    return {
        item.id: np.where(
            source.random(n_cases, dtype=np.float32) < 0.3, -1, source.integers(0, len(item.codes), n_cases)
        ).astype(np.int8)
        for item in INSTRUMENT.items
    }


def as_arrow(ranks: dict[str, Any]) -> pa.Table:
    return pa.table({item: pa.array(values, mask=values < 0) for item, values in ranks.items()})


def as_text(ranks: dict[str, Any]) -> pa.Table:
    columns = {}
    for item in INSTRUMENT.items:
        codes = np.array([*item.codes, None], dtype=object)
        columns[item.id] = pa.array(codes[ranks[item.id]], pa.string())
    return pa.table(columns)


def with_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    """Score with pandas alone: the same definition, each step one vectorised operation on columns of small integers."""
    sides = {}
    for side in ("low", "high"):
        ranks = {}
        for item in INSTRUMENT.items:
            column = frame[item.id]
            filled = column.where(column >= 0, 0 if side == "low" else len(item.codes) - 1)
            if item.applies_if is not None and side == "high":
                gate = frame[item.applies_if.item]
                opens_at = INSTRUMENT.by_id[item.applies_if.item].codes.index(item.applies_if.at_least)
                filled = filled.mask((gate >= 0) & (gate < opens_at) & (column < 0), 0)
            ranks[item.id] = filled
        points = {}
        for item in INSTRUMENT.items:
            if item.is_scored:
                worth = pd.Series(0, index=frame.index, dtype="int16")
                for rank, option in enumerate(item.options):
                    step = option.points - (item.options[rank - 1].points if rank else 0)
                    if step:
                        worth += (ranks[item.id] >= rank).astype("int16") * step
                points[item.id] = worth
        for group in INSTRUMENT.groups:
            members = pd.concat([points.pop(member) for member in group.items], axis=1)
            bonus = ((members > 0).sum(axis=1) >= 2).astype("int16") * group.bonus
            points[group.items[0]] = members.max(axis=1) + bonus
        for cap in INSTRUMENT.caps:
            inside = sum(points.pop(member) for member in cap.items if member in points)
            points[f"cap {cap.id}"] = inside.clip(upper=cap.most)
        score = sum(points.values())
        level = sum((score >= band.first).astype("int8") for band in INSTRUMENT.bands[1:])
        fired = [holds(rule.when, ranks) for rule in INSTRUMENT.rules]
        for truth, rule in zip(fired, INSTRUMENT.rules, strict=True):
            if rule.floor:
                level = level.where(
                    ~truth | (level >= INSTRUMENT.levels.index(rule.floor)), INSTRUMENT.levels.index(rule.floor)
                )
        for truth, rule in zip(fired, INSTRUMENT.rules, strict=True):
            if rule.raises:
                level = level + truth.astype("int8") * rule.raises
        sides[f"score_{side}"] = score
        sides[f"level_{side}"] = level.clip(upper=len(INSTRUMENT.levels) - 1)
    return pd.DataFrame(sides)


def holds(condition: Any, ranks: dict[str, pd.Series]) -> pd.Series:
    if isinstance(condition, AtLeast):
        return ranks[condition.item] >= INSTRUMENT.by_id[condition.item].codes.index(condition.at_least)
    if isinstance(condition, AllOf):
        parts = [holds(part, ranks) for part in condition.all]
        return pd.concat(parts, axis=1).all(axis=1) if len(parts) > 2 else parts[0] & parts[-1]
    parts = [holds(part, ranks) for part in (condition.any if isinstance(condition, AnyOf) else condition.of)]
    if isinstance(condition, AnyOf):
        found = parts[0]
        for part in parts[1:]:
            found = found | part
        return found
    return sum(part.astype("int8") for part in parts) >= condition.count


def interleaved(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begin = time.process_time()
            work()
            times[name].append(time.process_time() - begin)
    return {name: statistics.median(values) for name, values in times.items()}


def main(n_cases: int = 1_000_000) -> int:
    pa.set_cpu_count(1)
    warnings.simplefilter("ignore")
    ranks = drawn(n_cases)
    table, text, frame = as_arrow(ranks), as_text(ranks), pd.DataFrame(ranks)
    whole = np.stack([ranks[item.id] for item in INSTRUMENT.items])
    ours = score_cohort(table, INSTRUMENT, codes="ranks").to_pandas()
    theirs = with_pandas(frame)
    for name in ("score_low", "score_high"):
        assert (ours[name].to_numpy() == theirs[name].to_numpy()).all(), name
    for name in ("level_low", "level_high"):
        assert (ours[name].astype(str).map(INSTRUMENT.levels.index).to_numpy() == theirs[name].to_numpy()).all(), name
    del ours, theirs
    small = table.slice(0, 10_000)
    sets = [{"strangulation": (0, number % 5)} for number in range(1_000)]
    times = interleaved(
        {
            "sum": lambda: whole.sum(),
            "plain": lambda: score_cohort(table, INSTRUMENT, codes="ranks", rules=False),
            "rules": lambda: score_cohort(table, INSTRUMENT, codes="ranks"),
            "text": lambda: score_cohort(text, INSTRUMENT),
            "pandas": lambda: with_pandas(frame),
        },
        rounds=5,
    )
    one = interleaved({"one": lambda: score_weight_sets(small, [{}], INSTRUMENT, codes="ranks")}, rounds=21)["one"]
    many = interleaved({"many": lambda: score_weight_sets(small, sets, INSTRUMENT, codes="ranks")}, rounds=1)["many"]
    found = {
        "pandas / ours": times["pandas"] / times["plain"],
        "ours, scores and levels / numpy.sum": times["plain"] / times["sum"],
        "ours, with rules / numpy.sum": times["rules"] / times["sum"],
        "ours from text / ours from integers": times["text"] / times["rules"],
        "1,000 weight sets of 10,000 cases / one": many / one,
    }
    print(f"{'ratio':<44}{'found':>8}{'bar':>18}")
    for name, (bar, way) in BARS.items():
        reached = found[name] >= bar if way == "at least" else found[name] <= bar
        print(f"{name:<44}{found[name]:>8.1f}{way + f' {bar:g}':>18}  {'reached' if reached else 'NOT REACHED'}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{n_cases:,} cases, {whole.nbytes / 1e6:.0f} MB of answers; peak memory of this process {peak:,.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
