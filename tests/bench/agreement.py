"""Speed of the agreement statistics as ratios to named peers, in one process, one thread: `poe bench-agreement`.

Ratings are drawn: three ordered levels, about 60, 26 and 14 %. Peers that need minutes are timed on a sample and scaled;
the table says where.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import resource
import statistics
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from itertools import combinations

import krippendorff
import numpy as np
import pandas as pd
import pingouin
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, to_table

from dvrisk.stats.coefficients import agreement_table, bootstrap_table
from dvrisk.stats.icc import all_iccs
from dvrisk.stats.kappas import pairwise_kappas

BARS = {
    "all coefficients / krippendorff, one alpha: 50 x 10,000, codes": 6,
    "all coefficients / krippendorff, one alpha: 200 x 100,000, codes": 15,
    "all coefficients / krippendorff, one alpha: 200 x 100,000, floats": 3,
    "weighted kappa of all pairs: 12 items of 20 x 50": 300,
    "weighted kappa of all pairs: 50 x 10,000": 120,
    "weighted kappa of all pairs: 200 x 100,000": 60,
    "six ICCs / pingouin: 12 items of 20 x 50": 200,
    "2,000 draws, all coefficients / krippendorff, one: 20 x 200": 25,
}
SAMPLED_PAIRS = 40
SAMPLED_DRAWS = 40


def drawn(n_raters: int, n_cases: int, missing: float = 0.0, seed: int = 1) -> np.ndarray:
    """Codes of raters who see the same cases with a shift and noise of their own; -1 is not rated."""
    source = np.random.default_rng(seed)
    seen = 1.3 * source.standard_normal(n_cases, dtype=np.float32) + 0.7 * source.standard_normal(
        (n_raters, n_cases), dtype=np.float32
    )
    seen += 0.3 * source.standard_normal((n_raters, 1), dtype=np.float32)
    codes = np.digitize(seen, [0.38, 1.63]).astype(np.int8)
    codes[source.random((n_raters, n_cases), dtype=np.float32) < missing] = -1
    return codes


def as_floats(codes: np.ndarray) -> np.ndarray:
    return np.where(codes < 0, np.nan, codes)


def one_alpha(floats: np.ndarray) -> float:
    return krippendorff.alpha(reliability_data=floats, level_of_measurement="ordinal", value_domain=[0, 1, 2])


def seconds(work: Callable[[], object], rounds: int) -> float:
    work()
    return statistics.median(_one(work) for _ in range(rounds))


def _one(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def coefficients(found: dict[str, float]) -> None:
    for name, codes, rounds in (("50 x 10,000", drawn(50, 10_000), 21), ("200 x 100,000", drawn(200, 100_000, 0.3), 5)):
        floats = as_floats(codes)
        ours = agreement_table(codes, levels=3)["krippendorff_alpha"]["ordinal"].value
        assert abs(ours - one_alpha(floats)) < 1e-9
        peer = seconds(lambda floats=floats: one_alpha(floats), rounds)
        start = f"all coefficients / krippendorff, one alpha: {name}, "
        found[f"{start}codes"] = peer / seconds(lambda codes=codes: agreement_table(codes, levels=3), rounds)
        if name.startswith("200"):
            found[f"{start}floats"] = peer / seconds(lambda floats=floats: agreement_table(floats, levels=3), rounds)


def kappas(found: dict[str, float]) -> None:
    sizes = {
        "12 items of 20 x 50": ([drawn(20, 50, seed=item) for item in range(12)], 21),
        "50 x 10,000": ([drawn(50, 10_000)], 7),
        "200 x 100,000": ([drawn(200, 100_000, 0.3)], 3),
    }
    for name, (items, rounds) in sizes.items():
        pairs = list(combinations(range(len(items[0])), 2))
        sample = [pairs[place] for place in np.linspace(0, len(pairs) - 1, SAMPLED_PAIRS).astype(int)]
        ours = pairwise_kappas(items[0], levels=3, weights="quadratic").values
        for pair in sample[:3]:
            assert abs(ours[pair] - with_sklearn(items[0], pair)) < 1e-9
            assert abs(ours[pair] - with_statsmodels(items[0], pair)) < 1e-9
        mine = seconds(
            lambda items=items: [pairwise_kappas(item, levels=3, weights="quadratic") for item in items], rounds
        )
        peers = {
            peer: seconds(lambda items=items, sample=sample, peer=peer: [peer(items[0], pair) for pair in sample], 3)
            for peer in (with_sklearn, with_statsmodels, value_only)
        }
        scale = len(pairs) * len(items) / len(sample) / mine
        found[f"weighted kappa of all pairs: {name}"] = min(peers[with_sklearn], peers[with_statsmodels]) * scale
        found[f"the same against statsmodels without its errors: {name}"] = peers[value_only] * scale


def with_sklearn(codes: np.ndarray, pair: tuple[int, int]) -> float:
    first, second = codes[list(pair)]
    both = (first >= 0) & (second >= 0)
    return cohen_kappa_score(first[both], second[both], labels=[0, 1, 2], weights="quadratic")


def with_statsmodels(codes: np.ndarray, pair: tuple[int, int]) -> float:
    return cohens_kappa(shared_table(codes, pair), wt="quadratic").kappa


def value_only(codes: np.ndarray, pair: tuple[int, int]) -> float:
    return cohens_kappa(shared_table(codes, pair), wt="quadratic", return_results=False)


def shared_table(codes: np.ndarray, pair: tuple[int, int]) -> np.ndarray:
    first, second = codes[list(pair)]
    both = (first >= 0) & (second >= 0)
    return to_table(np.stack([first[both], second[both]], axis=1), bins=np.arange(4) - 0.5)[0]


def iccs(found: dict[str, float]) -> None:
    items = [drawn(20, 50, seed=item).astype(float) for item in range(12)]
    rater, case = np.indices(items[0].shape)
    frames = [pd.DataFrame({"rater": rater.ravel(), "case": case.ravel(), "score": item.ravel()}) for item in items]

    def peer(frame: pd.DataFrame) -> pd.DataFrame:
        return pingouin.intraclass_corr(frame, targets="case", raters="rater", ratings="score")

    theirs = peer(frames[0]).set_index("Type")["ICC"]
    for form, estimate in all_iccs(items[0]).items():
        assert abs(estimate.value - theirs[f"ICC({form})"]) < 1e-9
    slow = seconds(lambda: [peer(frame) for frame in frames], 5)
    found["six ICCs / pingouin: 12 items of 20 x 50"] = slow / seconds(lambda: [all_iccs(item) for item in items], 51)


def bootstrap(found: dict[str, float]) -> None:
    codes = drawn(20, 200)
    floats = as_floats(codes)
    picks = np.random.default_rng(0).integers(0, 200, (SAMPLED_DRAWS, 200))
    peer = seconds(lambda: [one_alpha(floats[:, pick]) for pick in picks], 3) / SAMPLED_DRAWS * 2_000
    mine = seconds(lambda: bootstrap_table(codes, levels=3), 15)
    found["2,000 draws, all coefficients / krippendorff, one: 20 x 200"] = peer / mine


def extra_memory() -> float:
    """Memory beyond the ratings themselves, as a multiple of their codes, at 200 x 100,000."""
    codes = drawn(200, 100_000, 0.3)
    tracemalloc.start()
    agreement_table(codes, levels=3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / codes.nbytes


def main() -> int:
    warnings.simplefilter("ignore")
    found: dict[str, float] = {}
    for part in (coefficients, kappas, iccs, bootstrap):
        part(found)
    print(f"{'peer / ours, medians':<72}{'found':>8}{'bar':>14}")
    for name, ratio in found.items():
        bar = BARS.get(name)
        verdict = f"{f'at least {bar}':>14}  {'reached' if ratio >= bar else 'NOT REACHED'}" if bar else ""
        print(f"{name:<72}{ratio:>8.1f}{verdict}")
    print(
        f"pairs: the faster of scikit-learn and statsmodels (which adds standard errors), {SAMPLED_PAIRS} pairs, scaled to all"
    )
    print(f"draws: krippendorff timed on {SAMPLED_DRAWS} and scaled to 2,000")
    memory = extra_memory()
    print(f"extra memory at 200 x 100,000: {memory:.2f} times the codes, bar at most 2")
    print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
