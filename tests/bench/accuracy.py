"""Speed and memory of the statistics of accuracy, beside named peers: `python tests/bench/accuracy.py`, five minutes.

Ratios are CPU seconds of the peer / ours, medians of rounds in turn, one process, one thread. Before a pair is timed
both have given the same number; for a pair that is timed once, that is the run. Memory is what tracemalloc sees while
we work, as a multiple of what we are handed: scores as floats, outcomes as flags. Ends with 1 if a bar is missed.
"""

from __future__ import annotations

import os

os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"), "1")

import importlib
import statistics
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, confusion_matrix, roc_auc_score
from sklearn.metrics import log_loss as sklearn_log_loss

from dvrisk.stats.accuracy import band_table, compare_roc_auc, net_benefit, roc_auc
from dvrisk.stats.calibration import brier, calibration_line, log_loss, reliability_curve

SMALL, MIDDLE, LARGE = 100_000, 1_000_000, 10_000_000
EVEN, DELONG, MOST_MEMORY = 1.0, 8.0, 4.0
THRESHOLDS = [percent / 100 for percent in range(1, 100)]
LEVELS = ["low", "moderate", "high"]
INSTALL = "pip install confidenceinterval MLstatkit model-diagnostics dcurves 'setuptools<81'"


class People(NamedTuple):
    """Drawn people: two scores, their probabilities, outcomes, and bands as codes."""

    logits: np.ndarray
    p: np.ndarray
    second: np.ndarray
    outcome: np.ndarray
    codes: np.ndarray


class Pair(NamedTuple):
    """Our work and a peer's. The readers take from each result what must be the same; None is a peer not installed."""

    name: str
    ours: Callable[[], Any]
    peer: Callable[[], Any] | None
    read: Callable[[Any], Any]
    read_peer: Callable[[Any], Any] = np.asarray
    rounds: int = 0
    bar: float | None = EVEN
    close: float = 1e-9


def imported(module: str) -> ModuleType | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module(module)
        except ImportError:
            return None


CONFIDENCE, MLSTATKIT = imported("confidenceinterval"), imported("MLstatkit")
DIAGNOSTICS, DCURVES = imported("model_diagnostics.scoring"), imported("dcurves")


def drawn(n: int) -> People:
    """About a quarter of the people have the event; the probabilities are too extreme, the second score is worse."""
    source = np.random.default_rng(1)
    logits = source.standard_normal(n) - 1.5
    p, outcome = expit(logits), source.random(n) < expit(0.8 * logits)
    return People(logits, p, expit(logits + source.standard_normal(n)), outcome, np.digitize(p, [0.2, 0.5]))


def value(estimate: Any) -> float:
    return estimate.value


def with_ends(estimate: Any) -> tuple[float, float, float]:
    return estimate.value, estimate.low, estimate.high


def areas(people: People) -> Iterator[Pair]:
    """Areas with DeLong's interval; scikit-learn gives none. Flags are negative for some peers: they get 0 and 1."""
    logits, p, second, y, _ = people
    ones, points = y.astype(np.int64), np.floor(20 * p)
    for name, scores in (("probabilities", p), ("logits", logits), ("21 points", points)):
        yield Pair(
            f"AUC with interval / scikit-learn, none: {name}",
            lambda scores=scores: roc_auc(scores, y),
            lambda scores=scores: roc_auc_score(y, scores),
            value,
        )
    yield Pair(
        "AUC with interval / confidenceinterval",
        lambda: roc_auc(p, y),
        CONFIDENCE and (lambda: CONFIDENCE.roc_auc_score(ones, p)),
        with_ends,
        lambda found: (found[0], *found[1]),
        rounds=1 if len(y) == LARGE else 0,
        bar=DELONG if len(y) == SMALL else EVEN,
        close=1e-5,  # it counts in single precision
    )
    yield Pair(
        "two AUCs compared / MLstatkit",
        lambda: compare_roc_auc(p, second, y),
        MLSTATKIT and (lambda: MLSTATKIT.Delong_test(ones, p, second)),
        lambda found: [*with_ends(found.first), *with_ends(found.second), found.p],
        lambda found: [found[4], *found[2], found[5], *found[3], found[1]],
        rounds=1 if len(y) == LARGE else 0,
    )


def losses(people: People) -> Iterator[Pair]:
    p, y = people.p, people.outcome
    yield Pair("Brier score / scikit-learn", lambda: brier(p, y), lambda: brier_score_loss(y, p), value)
    yield Pair("log loss / scikit-learn", lambda: log_loss(p, y), lambda: sklearn_log_loss(y, p), value)


def curves(people: People) -> Iterator[Pair]:
    p, y = people.p, people.outcome
    yield Pair(
        "reliability curve / scikit-learn isotonic, fit and predict",
        lambda: reliability_curve(p, y, confidence=None),
        lambda: IsotonicRegression().fit(p, y).predict(p),
        lambda found: found.uncertainty - found.discrimination,
        lambda fitted: ((fitted - y) ** 2).mean(),
    )
    terms, ones = ("miscalibration", "discrimination", "uncertainty"), y.astype(np.int64)
    yield Pair(
        "reliability curve / model-diagnostics decompose",
        lambda: reliability_curve(p, y, confidence=None),
        DIAGNOSTICS
        and (lambda: DIAGNOSTICS.decompose(y_obs=ones, y_pred=p, scoring_function=DIAGNOSTICS.SquaredError())),
        lambda found: [getattr(found, term) for term in terms],
        lambda found: [found[term][0] for term in terms],
    )


def lines(people: People) -> Iterator[Pair]:
    """Compare one regression of statsmodels with our two: the slope, and calibration in the large."""
    p, y = people.p, people.outcome
    floats, table = y.astype(np.float64), sm.add_constant(people.logits)
    yield Pair(
        "calibration line / statsmodels GLM",
        lambda: calibration_line(p, y),
        lambda: sm.GLM(floats, table, family=sm.families.Binomial()).fit(),
        lambda line: [line.intercept.value, *with_ends(line)],
        lambda fit: [*fit.params, *fit.conf_int()[1]],
        close=1e-5,  # it stops early
    )


def benefits(people: People) -> Iterator[Pair]:
    p, y = people.p, people.outcome
    frame = pd.DataFrame({"event": y.astype(np.int64), "p": p})
    yield Pair(
        "net benefit at 99 thresholds / dcurves",
        lambda: net_benefit(p, y, THRESHOLDS),
        DCURVES and (lambda: DCURVES.dca(frame, "event", ["p"], thresholds=THRESHOLDS)),
        lambda found: [one.value for one in found],
        lambda found: found.loc[found["model"] == "p", "net_benefit"],
        rounds=1 if len(y) == LARGE else 0,
    )


def tables(people: People) -> Iterator[Pair]:
    """Names of bands, which we take, beside names and codes; outcomes go in as the first two levels. No bar."""
    names, y = np.array(LEVELS, dtype=object)[people.codes], people.outcome
    ones, as_names = y.astype(np.int64), np.array(LEVELS, dtype=object)[y.astype(np.int64)]
    works = {"codes": lambda: confusion_matrix(ones, people.codes, labels=[0, 1, 2])}
    if len(y) == SMALL:
        works["names"] = lambda: confusion_matrix(as_names, names, labels=LEVELS)
    for kind, work in works.items():
        yield Pair(
            f"band table from names / scikit-learn, {kind}",
            lambda: band_table(names, y, LEVELS),
            work,
            lambda table: [rate.counts["count"] for rate in table.rates],
            lambda table: table[1],
            bar=None,
        )


def ratio(pair: Pair, rounds: int) -> float:
    """Median CPU seconds of the peer / ours, in turn within each round; the first results must be the same."""
    times: dict[str, list[float]] = {"ours": [], "peer": []}
    for number in range(pair.rounds or rounds):
        first, ours = timed(pair.ours)
        second, peer = timed(pair.peer)
        if not number:
            np.testing.assert_allclose(pair.read(first), pair.read_peer(second), rtol=pair.close, atol=1e-12)
        times["ours"].append(ours)
        times["peer"].append(peer)
    return statistics.median(times["peer"]) / statistics.median(times["ours"])


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begin = time.process_time()
    found = work()
    return found, time.process_time() - begin


def memory(people: People) -> Iterator[tuple[str, float]]:
    """Peak of each work beyond what it is handed, as a multiple of that."""
    logits, p, second, y, codes = people
    names = np.array(LEVELS, dtype=object)[codes]
    works = {
        "roc_auc, probabilities": (lambda: roc_auc(p, y), (p, y)),
        "roc_auc, logits": (lambda: roc_auc(logits, y), (logits, y)),
        "compare_roc_auc": (lambda: compare_roc_auc(p, second, y), (p, second, y)),
        "brier": (lambda: brier(p, y), (p, y)),
        "log_loss": (lambda: log_loss(p, y), (p, y)),
        "reliability_curve, no band": (lambda: reliability_curve(p, y, confidence=None), (p, y)),
        "calibration_line": (lambda: calibration_line(p, y), (p, y)),
        "net_benefit": (lambda: net_benefit(p, y, THRESHOLDS), (p, y)),
        "band_table": (lambda: band_table(names, y, LEVELS), (names, y)),
    }
    for name, (work, handed) in works.items():
        yield f"{name}, n = {len(y):,}", peak(work) / sum(array.nbytes for array in handed)


def peak(work: Callable[[], Any]) -> float:
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def show(name: str, found: float | None, bar: float | None, *, is_least: bool) -> bool:
    """Print a row; return whether its bar is missed. A peer that is not installed misses nothing."""
    missed = found is not None and bar is not None and (found < bar if is_least else found > bar)
    verdict = "not run" if found is None else "-" if bar is None else "NO" if missed else "yes"
    print(f"{name:<78}|{'-' if found is None else f'{found:.2f}':>8} |{bar or '-':>6} | {verdict}", flush=True)
    return missed


def main() -> int:
    warnings.simplefilter("ignore")
    missed = 0
    print(f"{'peer / ours; a bar is the least':<78}|{'ratio':>8} |{'bar':>6} | ok")
    everything = (areas, losses, curves, lines, benefits, tables)
    but_lines = tuple(part for part in everything if part is not lines)
    for size, rounds, parts in ((SMALL, 15, everything), (MIDDLE, 5, (lines,)), (LARGE, 3, but_lines)):
        people = drawn(size)
        for pair in (pair for part in parts for pair in part(people)):
            found = ratio(pair, rounds) if pair.peer else None
            missed += show(f"{pair.name}, n = {size:,}", found, pair.bar, is_least=True)
    print(f"calibration line / statsmodels GLM at {LARGE:,}: not run, since the peer needs about 17 GB")
    print(f"\n{'peak memory beyond the input / input; a bar is the most':<78}|{'ratio':>8} |{'bar':>6} | ok")
    for size in (SMALL, LARGE):
        for name, found in memory(drawn(size)):
            missed += show(name, found, MOST_MEMORY, is_least=False)
    few = drawn(10_000)
    band = peak(lambda: reliability_curve(few.p, few.outcome)) / (few.p.nbytes + few.outcome.nbytes)
    show("reliability_curve with its band of 1,000 draws, n = 10,000", band, None, is_least=False)
    if not all((CONFIDENCE, MLSTATKIT, DIAGNOSTICS, DCURVES)):
        print(f"\npeers not run are not installed; in an environment of its own: {INSTALL}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
