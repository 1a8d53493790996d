"""Choose the cut-offs of our own instruments within a stated budget of flagged cases, and print how they came about.

    python docs/studies/cutoffs.py

Procedure, fixed before any real account was coded:

1. Draw cases in the mix of reports (`draws.py`), every item answered.
2. *High* starts at the lowest score at which at most 30 % of the cases are high, by rule or by score.
3. *Moderate* starts at the lowest score at which at most two thirds are moderate or high, by rule or by score.

Why these budgets: a police screen's threshold was chosen so that about 30 % of cases screen in (Messing et al. 2020,
DA-LE), and Serbian police judged 68 % (2019) and 74 % (2022) of reported events as risky (E140a, E140b). The lowest
score within the budget flags as many people as the budget allows, because a wrong "low" costs more than a wrong "high".
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from draws import REPORTS, draw

from dvrisk.catalog import load_instrument
from dvrisk.schema import Instrument
from dvrisk.scoring import End, Scorer, scorer_for

BUDGET = {"moderate": 2 / 3, "high": 0.30}
N_CASES = 20_000


def flagged_shares(instrument: Instrument, level: str, n_cases: int = N_CASES) -> dict[int, float]:
    """Return, for each possible first score of a level, the share of cases that would be at the level or above."""
    scorer = scorer_for(instrument)
    rank = instrument.levels.index(level)
    ends = [scorer.outcome(answers).low for _, answers in draw(instrument, n_cases, mix=REPORTS)]
    lifted = [_by_rule(scorer, end) >= rank for end in ends]
    scores = range(instrument.bands[0].first + 1, instrument.bands[-1].last + 1)
    return {
        first: sum(by_rule or end.score >= first for by_rule, end in zip(lifted, ends, strict=True)) / n_cases
        for first in scores
    }


def cut_off(instrument: Instrument, level: str, n_cases: int = N_CASES) -> int:
    """Return the lowest first score of a level that keeps the share of flagged cases within the budget."""
    shares = flagged_shares(instrument, level, n_cases)
    return next(first for first, share in shares.items() if share <= BUDGET[level])


def _by_rule(scorer: Scorer, end: End) -> int:
    return scorer.rank(scorer.least_score, end.fired)


if __name__ == "__main__":
    for name in ("integrated", "first-look"):
        for level in BUDGET:
            loaded = load_instrument(name)
            chosen = cut_off(loaded, level)
            print(f"\n{name}: {level} starts at {chosen} (budget {BUDGET[level]:.1%})")
            for first, share in flagged_shares(loaded, level).items():
                if abs(first - chosen) <= 3:
                    print(f"  from {first:2d}: {share:6.1%} at {level} or above")
