"""What a recipe becomes before anything is drawn: for every fact a table of integer thresholds. Needs NumPy.

A case has a severity and, within it, a tendency common to all facts and one for each area: normal variables, cut into
16 steps of equal weight. The table of a fact has a row for every severity and every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from dvrisk.catalog import item_bank
from dvrisk.recipe_schema import SEVERITIES, WHOLE, Fact, Recipe, share_among
from dvrisk.steady import normal_cdf, normal_density, normal_quantile

Doubles = NDArray[np.float64]

STEPS = 16
"""Steps into which a tendency is cut; four bits."""
AREAS = ("firearms", "death-threats", "stalking", "post-separation", "escalation")
"""Areas whose facts have a tendency of their own."""
FACT_BITS = 31
"""Bits of a draw that decides about a fact."""


@dataclass(frozen=True)
class Table:
    """The thresholds of one fact.

    Attributes
    ----------
    order : tuple of str
        The options, the usual one first: what is drawn is a place in this order.
    columns : tuple of uint32 array
        One for each option but the usual one: the draw below which a case has this option or a later one.
    by_tendency : bool
        Whether the rows are severity x common tendency x tendency of the area. Otherwise they are severity alone or,
        for a fact that hangs on another one, severity x whether the other one is there.
    area : str or None
        The area whose tendency counts.
    """

    order: tuple[str, ...]
    columns: tuple[NDArray[np.uint32], ...]
    by_tendency: bool
    area: str | None


@cache
def tables(recipe: Recipe) -> dict[str, Table]:
    """Return the thresholds of every fact of a recipe, in its order."""
    return {fact.item: _table(fact, recipe) for fact in recipe.facts}


def _table(fact: Fact, recipe: Recipe) -> Table:
    described = item_bank()[fact.item]
    usual = fact.usual or described["options"][0]
    order = (usual, *(code for code in described["options"] if code != usual))
    shares = np.array([_at_least(fact.per_10000.of(severity), order[1:]) for severity in SEVERITIES])
    at_least = shares / WHOLE
    area = described["area"] if described["area"] in AREAS else None
    by_tendency = fact.together and fact.given is None
    if fact.given:
        at_least = _conditional(at_least, fact, recipe)
    elif by_tendency:
        at_least = _by_tendency(shares, recipe, in_area=area is not None)
    whole = np.floor(at_least * (1 << FACT_BITS) + 0.5).astype(np.uint32)
    return Table(order, tuple(np.ascontiguousarray(column) for column in whole.T), by_tendency, area)


def _at_least(shares: dict[str, int], options: Sequence[str]) -> list[int]:
    """Return the shares of drawing at least each option but the usual one."""
    return [sum(shares.get(code, 0) for code in options[place:]) for place in range(len(options))]


def _conditional(at_least: Doubles, fact: Fact, recipe: Recipe) -> Doubles:
    """Return shares by severity and by whether the other answer is there, which keep the fact's own share."""
    assert fact.given is not None  # only called for facts that hang on another one
    other, rows = recipe.by_item[fact.given.item], []
    for severity, shares in zip(SEVERITIES, at_least, strict=True):
        base = share_among(other, fact.given.among, severity) / WHOLE
        has = shares[0]
        both = fact.given.per_10000.of(severity) / WHOLE * base if fact.given.per_10000 else has
        with_it = both / base if base > 0 else 0.0
        without = (has - both) / (1 - base) if base < 1 else 0.0
        rows += [shares / has * part if has > 0 else shares * 0.0 for part in (without, with_it)]
    return np.array(rows)


@cache
def _step_values() -> Doubles:
    """Return the mean of a standard normal variable in each of its steps, scaled to variance 1."""
    edges = normal_quantile(np.arange(1, STEPS) / STEPS)
    densities = normal_density(edges)
    means = (np.concatenate([[0.0], densities]) - np.concatenate([densities, [0.0]])) * STEPS
    total = 0.0
    for mean in means:  # in this order, on every machine
        total += float(mean) * float(mean)
    values: Doubles = means / sqrt(total / STEPS)
    return values


def _by_tendency(at_least: NDArray[np.int64], recipe: Recipe, *, in_area: bool) -> Doubles:
    """Return shares by severity, common tendency and tendency of the area: one-factor models, one inside the other."""
    common = recipe.together.any_two / WHOLE
    local = recipe.together.more_in_one_area / WHOLE if in_area else 0.0
    pull = sqrt(common) * _step_values()[:, None] + sqrt(local) * _step_values()[None, :]
    own = sqrt(1 - common - local)
    points = _quantiles()[at_least]
    shares = normal_cdf((points[:, None, None, :] + pull[None, :, :, None]) / own)
    return _kept(shares, at_least / WHOLE).reshape(-1, at_least.shape[1])


@cache
def _quantiles() -> Doubles:
    """Return the normal quantiles of all shares that a recipe can name."""
    return normal_quantile(np.arange(WHOLE + 1) / WHOLE)


def _kept(shares: Doubles, at_least: Doubles) -> Doubles:
    """Scale the shares so that their mean over the steps is the declared one: the steps shift it by a little."""
    total = np.zeros_like(at_least)
    for common in range(STEPS):  # sums in a fixed order, for the same reason as above
        for local in range(STEPS):
            total = total + shares[:, common, local, :]
    mean = total / (STEPS * STEPS)
    factor = np.where(mean > 0, at_least / np.where(mean > 0, mean, 1.0), 0.0)
    return np.minimum(shares * factor[:, None, None, :], 1.0)
