"""Choose the cut-offs of our own instruments within a stated budget of flagged cases, and print how they came about.

    python docs/studies/cutoffs.py

Procedure, fixed before any real account was coded:

1. Draw cases in the mix of reports (`draws.py`), every item answered.
2. *Moderate* starts at the lowest score at which at most two thirds of the cases are moderate or high, by rule or by
   score.
3. *High* starts at the lowest score at which at most 30 % are high, by rule or by score.
4. For an instrument of one area the budgets are half of these: it sees one part of a case (assumed).

Why these budgets: a police screen's threshold was chosen so that about 30 % of cases screen in (Messing et al. 2020,
DA-LE), and Serbian police judged 68 % (2019) and 74 % (2022) of reported events as risky (E140a, E140b). The lowest
score within the budget flags as many people as the budget allows, because a wrong "low" costs more than a wrong "high".
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from draws import REPORTS, draw

from dvrisk.catalog import load_instrument
from dvrisk.schema import Instrument
from dvrisk.scoring import End, scorer_for

BUDGET = {"moderate": 2 / 3, "high": 0.30}
WHOLE = ("integrated", "first-look")
"""The instruments that look at all areas; an instrument of one area may flag half as many cases."""
N_CASES = 200_000


def cut_offs(instrument: Instrument, n_cases: int = N_CASES) -> dict[str, int]:
    """Return the first score of each level above the lowest, the lower level first, by the procedure above."""
    chosen: dict[str, int] = {}
    for level in BUDGET:
        shares = flagged_shares(instrument, level, chosen, n_cases)
        chosen[level] = next(first for first, share in shares.items() if share <= budget(instrument, level))
    return chosen


def budget(instrument: Instrument, level: str) -> float:
    """Return the greatest share of cases that may be at the level or above."""
    return BUDGET[level] if instrument.id in WHOLE else BUDGET[level] / 2


def flagged_shares(
    instrument: Instrument, level: str, chosen: Mapping[str, int], n_cases: int = N_CASES
) -> dict[int, float]:
    """Return, for each possible first score of a level, the share of cases that would be at the level or above.

    `chosen` has the first scores of the levels below it, since a rule may raise a case from there.
    """
    scorer = scorer_for(instrument)
    ends = [scorer.outcome(answers).low for _, answers in draw(instrument, n_cases, mix=REPORTS)]
    firsts = range(max(chosen.values(), default=instrument.bands[0].first) + 1, instrument.bands[-1].last + 1)
    return {first: _share(instrument, level, {**chosen, level: first}, ends) for first in firsts}


def _share(instrument: Instrument, level: str, firsts: Mapping[str, int], ends: list[End]) -> float:
    rank = instrument.levels.index(level)
    scorer = scorer_for(instrument)
    banded = [(sum(end.score >= first for first in firsts.values()), end.fired) for end in ends]
    starts = [band.first for band in instrument.bands]
    return sum(scorer.rank(starts[band], fired) >= rank for band, fired in banded) / len(ends)


if __name__ == "__main__":
    for name in (*WHOLE, "firearms", "death-threats", "stalking", "post-separation", "escalation"):
        loaded = load_instrument(name)
        firsts = cut_offs(loaded)
        below: dict[str, int] = {}
        for level, chosen in firsts.items():
            print(f"\n{name}: {level} starts at {chosen} (budget {budget(loaded, level):.1%})")
            for first, share in flagged_shares(loaded, level, below).items():
                if abs(first - chosen) <= 3 or first == loaded.bands[-1].last:
                    by_rule = " (rules, and hardly any score)" if first == loaded.bands[-1].last else ""
                    print(f"  from {first:2d}: {share:6.1%} at {level} or above{by_rule}")
            below[level] = chosen
