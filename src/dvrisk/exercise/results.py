"""From sheets to numbers: tables of levels and marks, where the group splits, and what the panel said. Needs NumPy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dvrisk.exercise.making import is_there
from dvrisk.exercise.plan import PRACTICE, Exercise, Key
from dvrisk.exercise.sheets import Panel, Sheet
from dvrisk.stats.items import SplitItem, explain_split

Floats = NDArray[np.float64]

FEWEST_OF_AN_AGENCY = 5
"""Agencies with fewer people are put together with others: nobody should be guessed."""


@dataclass(frozen=True)
class Round:
    """What a group said at one time.

    Attributes
    ----------
    codes : tuple of str
        People with at least one sheet, in the order of the exercise.
    levels : array, people x cases
        Ranks, lowest 0; NaN where blank.
    danger, measure : array, people x cases
        1 yes, 0 no; NaN where blank.
    marks : array, people x cases x items
        1 the fact is there, 0 it is not; NaN where the text does not tell, or blank.
    saw : array, people x cases x items
        1 the fact is there, 0 it is not or the text does not tell it; NaN where blank.
    filled : array of bool, people x cases
        Whether there is a sheet.
    deciding : dict of (person, case) to tuple of int
        By place: the numbers of the sentences that decided.
    n_checked : int
        Sheets with a check number.
    """

    codes: tuple[str, ...]
    levels: Floats
    danger: Floats
    measure: Floats
    marks: Floats
    saw: Floats
    filled: NDArray[np.bool_]
    deciding: Mapping[tuple[int, int], tuple[int, ...]]
    n_checked: int

    @property
    def n_sheets(self) -> int:
        """How many sheets there are."""
        return int(self.filled.sum())


def as_round(sheets: Sequence[Sheet], exercise: Exercise) -> Round:
    """Put sheets into tables, row by row the people, column by column the cases in the order of their letters."""
    people = {sheet.code for sheet in sheets}
    codes = tuple(code for code in exercise.codes if code in people)
    shape = (len(codes), len(exercise.letters))
    levels, danger, measure = (np.full(shape, np.nan) for _ in range(3))
    marks, saw = (np.full((*shape, len(exercise.items)), np.nan) for _ in range(2))
    filled = np.zeros(shape, np.bool_)
    deciding = {}
    for sheet in sheets:
        place = codes.index(sheet.code), exercise.letters.index(sheet.case)
        if sheet.level is not None:
            levels[place] = exercise.levels.index(sheet.level)
        for table, value in ((danger, sheet.immediate_danger), (measure, sheet.measure)):
            table[place] = np.nan if value is None else value
        marks[place] = [{"yes": 1.0, "no": 0.0}.get(sheet.marks[item], np.nan) for item in exercise.items]
        saw[place] = [
            0.0 if sheet.marks[item] == "unknown" else mark
            for item, mark in zip(exercise.items, marks[place], strict=True)
        ]
        filled[place] = True
        deciding[place] = sheet.facts
    checked = sum(sheet.is_checked for sheet in sheets)
    return Round(codes, levels, danger, measure, marks, saw, filled, deciding, checked)


def missing_sheets(round: Round, exercise: Exercise) -> str:
    """Name the sheets that people who handed in others did not hand in: code and letters."""
    lacking = []
    for code, row in zip(round.codes, round.filled, strict=True):
        letters = [letter for letter, filled in zip(exercise.letters, row, strict=True) if not filled]
        lacking += [f"{code} {', '.join(letters)}"] if letters else []
    return "; ".join(lacking)


def rated_only(exercise: Exercise, sheets: Sequence[Sheet]) -> Exercise:
    """Leave out the cases on which nobody filled in a sheet, as when there is time for five of eight."""
    filled = {PRACTICE, *(sheet.case for sheet in sheets)}
    return exercise.model_copy(update={"cases": tuple(case for case in exercise.cases if case.letter in filled)})


def with_ratings(*tables: Floats) -> tuple[Floats, ...]:
    """Leave out the people and the cases that have no level in one of the tables, row for row and column for column."""
    known = [np.isfinite(table) for table in tables]
    cases = np.logical_and.reduce([one.any(axis=0) for one in known])
    people = np.logical_and.reduce([one[:, cases].any(axis=1) for one in known])
    return tuple(table[people][:, cases] for table in tables)


class Split(NamedTuple):
    """A case on which people chose different levels.

    Attributes
    ----------
    case : int
        Place among the cases.
    share : float
        Chance that two people gave it different levels.
    level : int
        The rank that divides the two sides most evenly.
    above, below : tuple of int
        Places of those who rated at or above it, and below it.
    facts : tuple of SplitItem
        What they marked differently, the most different first.
    sentences : tuple of (int, int, int)
        Number of a sentence that decided, how many named it above, and below; the most named first.
    """

    case: int
    share: float
    level: int
    above: tuple[int, ...]
    below: tuple[int, ...]
    facts: tuple[SplitItem, ...]
    sentences: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Results:
    """Everything that the pages show.

    Attributes
    ----------
    exercise, key
    before, after : Round
        Alone, and after the discussion; `after` is None where nobody rated again.
    panel : Panel
    agencies : dict of str to str
    """

    exercise: Exercise
    key: Key
    before: Round
    after: Round | None = None
    panel: Panel = field(default_factory=Panel)
    agencies: Mapping[str, str] = field(default_factory=dict)

    def counts(self, case: int, round: Round | None = None) -> tuple[int, ...]:
        """Return how many people gave a case each level, lowest first."""
        column = (round or self.before).levels[:, case]
        return tuple(int((column == rank).sum()) for rank in range(len(self.exercise.levels)))

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """The cases on which people chose different levels, the most divided first."""
        found = [self._split(case) for case in range(len(self.exercise.letters))]
        return tuple(sorted((one for one in found if one), key=lambda split: (-split.share, split.case)))

    def _split(self, case: int) -> Split | None:
        counts = np.array(self.counts(case))
        n = int(counts.sum())
        if (counts > 0).sum() < 2:
            return None
        level = max(range(1, len(counts)), key=lambda rank: (-abs(2 * int(counts[rank:].sum()) - n), rank))
        column = self.before.levels[:, case]
        above, below = (tuple(map(int, np.flatnonzero(side))) for side in (column >= level, column < level))
        return Split(
            case,
            share=float(1 - (counts * (counts - 1)).sum() / (n * (n - 1))),
            level=level,
            above=above,
            below=below,
            facts=self._marked_differently(case, level, above, below),
            sentences=self._deciding(case, above, below),
        )

    def _marked_differently(
        self, case: int, level: int, above: Sequence[int], below: Sequence[int]
    ) -> tuple[SplitItem, ...]:
        marked = np.asarray(np.isfinite(self.before.saw[:, case]).any(axis=1))
        if not (marked[list(above)].any() and marked[list(below)].any()):
            return ()
        people = [person for person in (*above, *below) if marked[person]]
        twice = [case, case]  # the statistic wants two cases, and looks at the first one alone
        marks, levels = self.before.saw[people][:, twice], self.before.levels[people][:, twice]
        return explain_split(marks, levels, 0, level, len(self.exercise.levels), 2)

    def _deciding(self, case: int, above: Sequence[int], below: Sequence[int]) -> tuple[tuple[int, int, int], ...]:
        sides = [
            Counter(n for person in side for n in self.before.deciding.get((person, case), ()))
            for side in (above, below)
        ]
        named = sorted(sides[0].keys() | sides[1].keys(), key=lambda n: (-sides[0][n] - sides[1][n], n))
        return tuple((number, sides[0][number], sides[1][number]) for number in named)

    @cached_property
    def agency_groups(self) -> dict[str, tuple[int, ...]]:
        """Places of the people of each agency that may be shown; small ones are put together under the name "".

        Where those put together would be too few themselves, the smallest agency that could be shown joins them. With
        fewer than two groups there is nothing to show.
        """
        by_agency: dict[str, list[int]] = {}
        for place, code in enumerate(self.before.codes):
            by_agency.setdefault(self.agencies.get(code, ""), []).append(place)
        together = by_agency.pop("", [])
        for agency in sorted(by_agency, key=lambda name: (len(by_agency[name]), name)):
            if len(by_agency[agency]) < FEWEST_OF_AN_AGENCY or 0 < len(together) < FEWEST_OF_AN_AGENCY:
                together += by_agency.pop(agency)
        groups = {name: tuple(places) for name, places in sorted(by_agency.items())}
        if together:
            groups[""] = tuple(sorted(together))
        return groups if len(groups) > 1 and all(len(p) >= FEWEST_OF_AN_AGENCY for p in groups.values()) else {}

    @property
    def reference(self) -> list[str | None]:
        """The panel's level for each case; None where it did not vote, or split."""
        return [self.panel.level(letter) for letter in self.exercise.letters]

    @property
    def has_panel(self) -> bool:
        """Whether a panel voted; otherwise the instrument's level is shown, and nobody is compared with it."""
        return bool(self.panel.votes)

    def told(self, case: int, item: str) -> bool | None:
        """Say whether the text of a case tells that a fact is there, that it is not, or neither (None)."""
        return is_there(item, self.key.cases[self.exercise.letters[case]].facts.get(item))

    def sentences(self, case: int, item: str) -> str:
        """Return the numbers of the sentences that tell a fact."""
        return ", ".join(map(str, self.key.cases[self.exercise.letters[case]].said_in.get(item, ())))
