"""Who leans which way, by how much and on which facts: numbers for the trainer alone. Needs NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from dvrisk.errors import DataError
from dvrisk.exercise.results import Floats, Results, Round
from dvrisk.stats.apart import Apart, raters_apart

_MOST_FACTS = 3
_FEWEST_PEOPLE = 3
_FEWEST_CASES = 3
"""Cases on which a fact was marked, for it to be named."""


class LeanFact(NamedTuple):
    """A fact on which one person differs from the others.

    Attributes
    ----------
    item : int
        Place among the items.
    own, of : int
        In how many cases this person said yes, of how many that were marked.
    others : float
        Share of yes among the others on the same cases.
    """

    item: int
    own: int
    of: int
    others: float


def seen(round: Round) -> Floats:
    """Return all marks that say how much danger somebody sees: level, immediate danger, facts. People x cases x marks.

    Whether somebody would order a measure is another question, and stays out.
    """
    return np.concatenate([round.levels[:, :, None], round.danger[:, :, None], round.marks], axis=2)


@dataclass(frozen=True)
class Leans:
    """Whether anybody stands apart.

    Attributes
    ----------
    results : Results
    """

    results: Results

    @property
    def round(self) -> Round:
        """The ratings made alone: later ones have heard the others."""
        return self.results.before

    @cached_property
    def found(self) -> tuple[Apart | None, ...]:
        """For each person whether they stand apart, by all that was seen of danger; None where that can't be said."""
        marks = seen(self.round)
        known = np.isfinite(marks)
        people, cases, kinds = (np.asarray(known.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1)))
        nothing: tuple[Apart | None, ...] = (None,) * len(people)
        if people.sum() < _FEWEST_PEOPLE:
            return nothing
        try:
            apart = iter(raters_apart(marks[people][:, cases][:, :, kinds]))
        except DataError:  # what was filled in does not hang together well enough to compare anybody
            return nothing
        return tuple(next(apart) if is_known else None for is_known in people)

    def lean(self, person: int) -> float | None:
        """Return how far a person leans, in logits; below 0, less danger is seen than by most."""
        one = self.found[person]
        return one.estimate.value if one else None

    @property
    def apart(self) -> list[int]:
        """Places of those who stand apart, the largest lean first."""
        leans = [(abs(one.estimate.value or 0), place) for place, one in enumerate(self.found) if one and one.apart]
        return [place for _, place in sorted(leans, reverse=True)]

    def facts_of(self, person: int) -> list[LeanFact]:
        """Return the facts on which a person differs most from the others, in the direction of the whole lean."""
        marks = self.round.marks
        known = np.isfinite(marks)
        others = np.delete(np.where(known, marks, 0.0), person, axis=0).sum(axis=0)
        n_others = np.delete(known, person, axis=0).sum(axis=0)
        facts = []
        for item in range(marks.shape[2]):
            shared = known[person, :, item] & (n_others[:, item] > 0)
            if shared.sum() < _FEWEST_CASES:
                continue
            share = float(np.mean(others[shared, item] / n_others[shared, item]))
            facts.append(LeanFact(item, int((marks[person, shared, item] == 1).sum()), int(shared.sum()), share))
        way = -1.0 if (self.lean(person) or 0.0) < 0 else 1.0
        gaps = {fact.item: way * (fact.own / fact.of - fact.others) for fact in facts}
        ordered = sorted(facts, key=lambda fact: (-gaps[fact.item], fact.item))
        return [fact for fact in ordered if gaps[fact.item] > 0][:_MOST_FACTS]
