"""Invented ratings with planted leans: a simple logit generator that shares no code with what is tested."""

from __future__ import annotations

import numpy as np

CASE_SD = 1.3
"""Spread of danger between cases, logits."""

ITEM_SD = 1.0
"""Spread between items, logits."""

ORDINARY_SD = 0.25
"""Spread of leans between ordinary raters, logits."""


def planted(
    seed,
    n_raters,
    n_cases,
    n_items,
    *,
    n_options=2,
    shifts=(),
    spread=ORDINARY_SD,
    facts_sd=0.0,
    rarity=0.0,
    case_sd=CASE_SD,
):
    """Draw marks (raters x cases x items) and the true leans; the first raters have `shifts`, the others are ordinary.

    `facts_sd`: how far an item's place differs from case to case, beyond the case's own danger. `rarity`: mean place of
    the items; at 0 half of all marks are above the lowest option.
    """
    source = np.random.default_rng([seed, n_raters, n_cases, n_items])
    cases = source.normal(0, case_sd, n_cases)
    items = source.normal(rarity, ITEM_SD, n_items)
    facts = facts_sd * source.normal(0, 1, (n_cases, n_items))
    leans = source.normal(0, spread, n_raters)
    leans[: len(shifts)] = shifts
    steps = np.linspace(-0.75, 0.75, n_options - 1) if n_options > 2 else np.zeros(1)
    danger = leans[:, None, None] + cases[:, None] - items + facts
    weights = [np.ones_like(danger)]
    for step in steps:
        weights.append(weights[-1] * np.exp(danger - step))
    bounds = np.cumsum(weights, axis=0) / np.sum(weights, axis=0)
    return (source.random(danger.shape) > bounds[:-1]).sum(axis=0).astype(float), leans


def planted_levels(seed, n_raters, n_cases, **how):
    """Draw levels alone (raters x cases): one judgement of three levels a case."""
    marks, leans = planted(seed, n_raters, n_cases, 1, n_options=3, **how)
    return marks[:, :, 0], leans
