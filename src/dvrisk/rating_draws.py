"""Draw the marks of invented raters, by the same stream and the same steady arithmetic as the cases. Needs NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dvrisk.catalog import item_bank
from dvrisk.drawing import lower, upper, words
from dvrisk.recipe_schema import SEVERITIES
from dvrisk.steady import logistic
from dvrisk.thresholds import FACT_BITS

Floats = NDArray[np.float64]
Marks = NDArray[np.int64]

GAP_BITS = 15


@dataclass(frozen=True)
class Hand:
    """One rater's hand in one round: makes marks, of levels and of items.

    Attributes
    ----------
    severity, noise, leanings, halo, anchoring, careless, copying, missing : float
        As the rater has them in this round (see `Rater`).
    seed : int
    stream : str
        Names the round and the rater.
    start : int
        Place of the first case.
    """

    severity: float
    noise: float
    leanings: Mapping[str, float]
    halo: float
    anchoring: float
    careless: float
    copying: float
    missing: float
    seed: int
    stream: str
    start: int

    def levels(self, severity: Marks, spread: float, first: int, copied: Marks | None) -> Marks:
        """Return a level for each case; `first` is the place of the case that the rater sees first."""
        steps = np.arange(1, len(SEVERITIES))
        points = np.asarray(spread * (severity[None, :] - steps[:, None] + 0.5) + self.severity, np.float64)
        plain = self._marks("level", points, copied)
        if not self.anchoring:
            return plain
        anchored = self._marks("level", points + self.anchoring * (plain[first] - 1), copied)
        anchored[first] = plain[first]
        return anchored

    def item(
        self, item: str, truth: Marks, levels: Marks, clarity: float, copied: Marks | None, n_options: int | None = None
    ) -> Marks:
        """Return a mark of an item for each case; `levels` are the rater's own.

        `n_options` is how many options can be marked, 2 for no and yes; by default those of the item.
        """
        described = item_bank()[item]
        steps = np.arange(1, n_options or len(described["options"]))
        clear = 2 * clarity * (truth[None, :] - steps[:, None] + 0.5)
        leaning = self.leanings.get(described["area"], 0.0)
        return self._marks(item, clear + self.severity + leaning + self.halo * (levels - 1), copied)

    def left_out(self, name: str, n_cases: int) -> NDArray[np.bool_]:
        """Say of each case whether the mark is missing."""
        draws = lower(words(self.seed, f"{self.stream}/{name}/missing", self.start, n_cases))[0]
        return draws < _part(self.missing)

    def _marks(self, name: str, points: Floats, copied: Marks | None) -> Marks:
        """Draw marks; `points` are the logits of marking each option but the least risky one, or a riskier one."""
        n_options, n_cases = points.shape[0] + 1, points.shape[1]
        made = words(self.seed, f"{self.stream}/{name}", self.start, n_cases)
        draws, (careless, copying) = upper(made).astype(np.int64), lower(made)
        thresholds = np.floor(logistic(points / self.noise) * (1 << FACT_BITS) + 0.5)
        marks: Marks = (draws < thresholds).sum(axis=0)
        marks = np.where(careless < _part(self.careless), draws * n_options >> FACT_BITS, marks)
        return marks if copied is None else np.where(copying < _part(self.copying), copied, marks)


def _part(share: float) -> int:
    return int(share * (1 << GAP_BITS) + 0.5)


def turn(place: int, n_cases: int, cases_each: int | None) -> NDArray[np.intp]:
    """Return the places of the cases that a rater rates, in the order in which they come."""
    each = n_cases if cases_each is None else cases_each
    start = 0 if cases_each is None else place * each
    return (start + np.arange(each)) % n_cases
