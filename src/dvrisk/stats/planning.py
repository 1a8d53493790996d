"""Plan an exercise: how wide the intervals will be, and whether a rater who is off will show. By seeded simulation.

The answers hold for the stated assumptions. They say what a design can do, not what a group will do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from scipy.special import ndtri

from dvrisk.stats.apart import raters_apart
from dvrisk.stats.checks import as_row, finite_number, got_number, is_number, refuse, whole_number
from dvrisk.stats.coefficients import krippendorff_alpha, percent_agreement
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.intervals import Sample
from dvrisk.stats.rasch import Floats
from dvrisk.stats.raters import share
from dvrisk.stats.ratings import MOST_LEVELS

DRAWS = 200

_MIDDLE = (10, 90)
_REACH = 0.75


@dataclass(frozen=True, slots=True)
class LevelAssumptions:
    """How levels come about: danger of the case + lean of the rater + noise, all normal, cut where the shares say.

    Attributes
    ----------
    case_sd, rater_sd, noise_sd : float
        Spread of each, in one unit. With the defaults two people agree on 68 of 100 cases; less noise, more agreement.
    shares : tuple of float
        Share of each level over all ratings, lowest first.
    """

    case_sd: float = 1.3
    rater_sd: float = 0.3
    noise_sd: float = 0.7
    shares: tuple[float, ...] = (0.60, 0.26, 0.14)


@dataclass(frozen=True, slots=True)
class MarkAssumptions:
    """How marks on items come about: a Rasch model, in logits.

    Attributes
    ----------
    rater_sd : float
        Spread of leans between ordinary people.
    case_sd, item_sd : float
        Spread of danger between cases, and between items.
    facts_sd : float
        How far an item differs from case to case beyond that. With 2, a fact that a case states (one SD up) is seen by
        88 people of 100 on an item that half of them would mark otherwise.
    rarity : float
        Place of the average item; at 0 half of all marks are above the lowest option, at 1.5 about a third are.
    n_options : int
        Options of each item; their steps are spread from -0.75 to 0.75.
    """

    rater_sd: float = 0.25
    case_sd: float = 1.3
    item_sd: float = 1.0
    facts_sd: float = 2.0
    rarity: float = 0.0
    n_options: int = 2


_LEVELS, _MARKS = LevelAssumptions(), MarkAssumptions()


@dataclass(frozen=True, slots=True)
class WidthPlan:
    """Expected widths of 95 % intervals: agreement and ordinal alpha, for other raters and for other cases.

    Attributes
    ----------
    agreement_raters, agreement_cases, alpha_raters, alpha_cases : Estimate
        Mean width, from the lower to the upper end; `low` and `high` hold the middle 80 of 100 exercises.
    """

    agreement_raters: Estimate
    agreement_cases: Estimate
    alpha_raters: Estimate
    alpha_cases: Estimate


@dataclass(frozen=True, slots=True)
class DetectionPlan:
    """Chance that a rater who is off by a stated amount is singled out, and that somebody else is.

    Attributes
    ----------
    found, others : Estimate
        Shares of the simulated exercises, with Wilson's interval for the number of them (`counts["exercises"]`).
    """

    found: Estimate
    others: Estimate


def plan_width(
    n_raters: int,
    n_cases: int,
    *,
    assume: LevelAssumptions = _LEVELS,
    draws: int = DRAWS,
    seed: int = 0,
) -> WidthPlan:
    """Say how wide the intervals of an exercise will be.

    Parameters
    ----------
    n_raters, n_cases : int
    assume : LevelAssumptions, optional
    draws : int, default 200
        Number of simulated exercises.
    seed : int, default 0

    Returns
    -------
    WidthPlan

    Raises
    ------
    DataError
        Fewer than three raters or cases, no draws, a spread below 0, or shares that do not add up to 1.

    Notes
    -----
    The intervals are those of `percent_agreement` and `krippendorff_alpha`. Exercises in which one has no interval do
    not count for it; `counts` says how many do.

    Examples
    --------
    More raters do not help with other cases.

    >>> few, many = (plan_width(raters, 8, draws=20) for raters in (10, 40))
    >>> few.agreement_raters.value > 2 * many.agreement_raters.value
    True
    >>> few.agreement_cases.value > 1.5 * many.agreement_cases.value
    False
    """
    size = _size_problems(n_raters, n_cases, draws, seed)
    refuse("plan", size, _assumption_problems(assume, LevelAssumptions))
    source = np.random.default_rng(seed)
    tables = [_drawn_levels(source, n_raters, n_cases, assume) for _ in range(draws)]
    return WidthPlan(
        agreement_raters=_width(tables, lambda table: _agreement(table, "raters")),
        agreement_cases=_width(tables, lambda table: _agreement(table, "cases")),
        alpha_raters=_width(tables, lambda table: _alpha(table, "raters")),
        alpha_cases=_width(tables, lambda table: _alpha(table, "cases")),
    )


def plan_detection(
    n_raters: int,
    n_cases: int,
    n_items: int | None,
    shift: float,
    *,
    assume: MarkAssumptions = _MARKS,
    draws: int = DRAWS,
    seed: int = 0,
) -> DetectionPlan:
    """Say how likely `raters_apart` is to single out a rater who leans by `shift`; negative = rates lower.

    Who rates lower than the others, and sees less danger, has a negative shift, in logits: plan for -1.5, not 1.5.

    Parameters
    ----------
    n_raters, n_cases : int
    n_items : int or None
        Items marked in each case; None for one judgement of three levels a case and nothing else.
    shift : float
        Lean of that rater in logits; negative = rates lower, positive = rates higher.
    assume : MarkAssumptions, optional
        For levels alone, only `rater_sd` and `case_sd` count.
    draws : int, default 200
    seed : int, default 0

    Returns
    -------
    DetectionPlan

    Raises
    ------
    DataError
        Fewer than three raters or cases, no items, no draws, a shift that is no finite number, or assumptions that
        can't be.

    Notes
    -----
    Simulated throughout. A formula from the expected information was tried: it was up to 0.22 too hopeful where facts
    differ by case (docs/studies/detection.py).

    Examples
    --------
    >>> plan_detection(12, 8, 12, -3.0, draws=20).found.value > plan_detection(12, 8, None, -1.0, draws=20).found.value
    True
    """
    items = [] if n_items is None else whole_number("n_items", n_items, 1)
    size = _size_problems(n_raters, n_cases, draws, seed)
    refuse("plan", size, items, finite_number("shift", shift), _assumption_problems(assume, MarkAssumptions))
    source = np.random.default_rng(seed)
    apart = [_apart_in(_drawn_marks(source, n_raters, n_cases, n_items, shift, assume)) for _ in range(draws)]
    return DetectionPlan(
        found=share(sum(row[0] for row in apart), draws, "found", 0.95, "exercises"),
        others=share(sum(any(row[1:]) for row in apart), draws, "others", 0.95, "exercises"),
    )


def _size_problems(n_raters: object, n_cases: object, draws: object, seed: object) -> list[str]:
    given = {"n_raters": (n_raters, 3), "n_cases": (n_cases, 3), "draws": (draws, 1), "seed": (seed, 0)}
    return [problem for name, (value, least) in given.items() for problem in whole_number(name, value, least)]


def _assumption_problems(assume: object, kind: type[LevelAssumptions] | type[MarkAssumptions]) -> list[str]:
    if not isinstance(assume, kind):
        return [f"assume: {got_number(assume)}, expected {kind.__name__}."]
    given = {field.name: getattr(assume, field.name) for field in fields(assume)}
    return [problem for name, value in given.items() for problem in _assumption(name, value)]


def _assumption(name: str, value: object) -> list[str]:
    where = f"assume.{name}"
    if name == "shares":
        return _share_problems(where, value)
    if name == "n_options":
        return whole_number(where, value, 2, MOST_LEVELS)
    return finite_number(where, value, None if name == "rarity" else 0)


def _share_problems(where: str, value: object) -> list[str]:
    shares = [share for share in as_row(value) or [] if is_number(share) and share > 0]
    if 2 <= len(shares) == len(as_row(value) or []) and abs(sum(shares) - 1) <= 1e-9:
        return []
    return [f"{where}: expected two or more numbers above 0 that add up to 1."]


def _agreement(table: Floats, sample: Sample) -> Estimate:
    return percent_agreement(table, sample=sample)


def _alpha(table: Floats, sample: Sample) -> Estimate:
    return krippendorff_alpha(table, sample=sample)


def _width(tables: list[Floats], statistic: Callable[[Floats], Estimate]) -> Estimate:
    found = [statistic(table) for table in tables]
    widths = [one.high - one.low for one in found if one.low is not None and one.high is not None]
    method = "mean width of the 95 % interval, with the middle 80 of 100 exercises; simulated"
    counts = {"exercises": len(widths), "without an interval": len(tables) - len(widths)}
    if not widths:
        return Estimate(None, method=method, counts=counts, undefined="no simulated exercise has an interval")
    low, high = np.percentile(widths, _MIDDLE)
    return Estimate(float(np.mean(widths)), float(low), float(high), method, counts)


def _apart_in(marks: Floats) -> list[bool]:
    return [rater.apart for rater in raters_apart(marks)]


def _drawn_levels(source: np.random.Generator, n_raters: int, n_cases: int, assume: LevelAssumptions) -> Floats:
    danger = source.normal(0, assume.case_sd, n_cases) + source.normal(0, assume.rater_sd, (n_raters, 1))
    danger = danger + source.normal(0, assume.noise_sd, (n_raters, n_cases))
    total = (assume.case_sd**2 + assume.rater_sd**2 + assume.noise_sd**2) ** 0.5
    cuts = total * ndtri(np.cumsum(assume.shares)[:-1])
    return np.asarray((danger[:, :, None] >= cuts).sum(axis=2), dtype=np.float64)


def _drawn_marks(
    source: np.random.Generator,
    n_raters: int,
    n_cases: int,
    n_items: int | None,
    shift: float,
    assume: MarkAssumptions,
) -> Floats:
    leans = source.normal(0, assume.rater_sd, n_raters)
    leans[0] = shift
    places = source.normal(0, assume.case_sd, n_cases)[:, None]
    if n_items is not None:
        places = places - source.normal(assume.rarity, assume.item_sd, n_items)
        places = places + source.normal(0, assume.facts_sd, (n_cases, n_items))
    n_steps = 2 if n_items is None else assume.n_options - 1
    steps = np.linspace(-_REACH, _REACH, n_steps) if n_steps > 1 else np.zeros(1)
    danger = leans[:, None, None] + places
    exponents = np.arange(n_steps + 1) * danger[..., None] - np.append(0.0, np.cumsum(steps))
    # the largest of exponent + Gumbel noise is a draw from the categories' chances
    marks: Floats = np.argmax(exponents + source.gumbel(size=exponents.shape), axis=-1).astype(np.float64)
    return marks[:, :, 0] if n_items is None else marks
