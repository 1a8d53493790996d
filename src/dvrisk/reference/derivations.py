"""The formulas by which a printed figure may be derived from printed inputs: a closed list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log, sqrt
from statistics import NormalDist

Formula = Callable[..., float]


def _number(found: object, name: str = "value") -> float:
    return float(getattr(found, name))


def _odds_ratio(cases: float, controls: float) -> float:
    return cases / (1 - cases) / (controls / (1 - controls))


def _at_base_rate(name: str) -> Formula:
    def value(sensitivity: float, specificity: float, events: float, of: float) -> float:
        from dvrisk.stats.cutoffs import at_base_rate  # needs numpy and scipy, which the data do not

        return _number(at_base_rate(sensitivity, specificity, events / of), name)

    return value


def _from_table(name: str) -> Formula:
    def value(tp: float, fn: float, fp: float, tn: float) -> float:
        from dvrisk.stats.cutoffs import band_table_from_counts

        edge = band_table_from_counts([int(tn), int(fp)], [int(fn), int(tp)], ["below", "above"]).edges[0]
        return _number(getattr(edge, name))

    return value


def _woolf(side: int) -> Formula:
    def value(tp: float, fn: float, fp: float, tn: float) -> float:
        error = sqrt(1 / tp + 1 / fn + 1 / fp + 1 / tn)
        return exp(log(tp * tn / (fn * fp)) + side * NormalDist().inv_cdf(0.975) * error)

    return value


def _exact_low(count: float, of: float) -> float:
    from scipy.special import betaincinv

    return float(betaincinv(count, of - count + 1, 0.025))


def _area(rates: Sequence[float], shares: Sequence[float]) -> float:
    from dvrisk.stats.discrimination import roc_auc_from_bands

    parts = [[round(1e6 * s * one) for one in (1 - r, r)] for r, s in zip(rates, shares, strict=True)]
    return _number(roc_auc_from_bands(*zip(*parts, strict=True)))  # its interval would need the numbers of people


FORMULAS: dict[str, Formula] = {
    "share": lambda count, of: count / of,
    "sum": lambda parts: sum(parts),
    "difference": lambda whole, part: whole - part,
    "share missed": lambda of, without, found: 1 - found / (of * (1 - without)),
    "nearest share": lambda share, of: round(share * of) / of,
    "odds ratio": _odds_ratio,
    "odds ratio of an edge": lambda sensitivity, specificity: _odds_ratio(sensitivity, 1 - specificity),
    "geometric mean": lambda low, high: sqrt(low * high),
    **{name: _at_base_rate(name) for name in ("ppv", "npv")},
    **{f"{name} from table": _from_table(name) for name in ("sensitivity", "specificity", "ppv", "npv")},
    **{f"odds ratio from table{end}": _woolf(side) for side, end in ((0, ""), (-1, ", low"), (1, ", high"))},
    "exact interval, low": _exact_low,
    "exact interval, high": lambda count, of: 1 - _exact_low(of - count, of),
    "base rate from bands": lambda rates, shares: sum(r * s for r, s in zip(rates, shares, strict=True)) / sum(shares),
    "area from bands": _area,
}
"""All that may be done to printed inputs. Intervals are of 95 %: Woolf's, and the exact one of Clopper and Pearson."""
