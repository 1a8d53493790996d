"""The same numbers for many cases: an instrument as a few array operations on columns of small integers.

A column holds one number for each case: 0 for the least risky option, 1 for the next, and OPEN for every open state. As
it stands, OPEN is below every option, which is the low side; read without its sign it is above every option, which is
the high side. So both bounds are counted by the same comparisons. Nothing here is a float.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dvrisk.schema import AllOf, AnyOf, AtLeast, Condition, CountOf, Instrument, Item

OPEN = -1
"""The number of an open answer, as a signed byte; read without a sign it is 255, more than any option."""
BLOCK = 65_536
"""Cases at a time: small enough for the working arrays to stay in the processor's cache."""

_SMALL = 64
"""Steps below this, times all the items that an instrument can have, fit in two bytes."""

Column = NDArray[np.int8]
Truth = NDArray[np.bool_]


class Scored(NamedTuple):
    """Results for a block of cases: both scores, both levels as ranks, and the rules that hold, one bit each."""

    score_low: NDArray[np.int32]
    score_high: NDArray[np.int32]
    rank_low: NDArray[np.int8]
    rank_high: NDArray[np.int8]
    earned: Truth
    rules: NDArray[np.int64]

    @property
    def established(self) -> Truth:
        """Whether the level is what `rank_low` says; else it is undetermined, since the lowest was not earned."""
        truth: Truth = (self.rank_low > 0) | ((self.rank_low == self.rank_high) & self.earned)
        return truth


class Kernel:
    """One instrument, ready for columns. It never changes; get one with `kernel_for`.

    Parameters
    ----------
    instrument : Instrument
    points : mapping of str to tuple of int, optional
        Other points than those of the definition, by item and in the order of its options: for studies of weights.
    """

    def __init__(self, instrument: Instrument, points: Mapping[str, tuple[int, ...]] | None = None) -> None:
        self.instrument = instrument
        given = {item.id: tuple(option.points for option in item.options) for item in instrument.items}
        self.points = {**given, **(points or {})}
        self.levels = instrument.levels
        self._firsts = [band.first for band in instrument.bands[1:]]
        self._grouped = {member for group in instrument.groups for member in group.items}
        self._capped = {member: cap.id for cap in instrument.caps for member in cap.items}
        self._base = sum(values[0] for item, values in self.points.items() if item not in self._grouped)
        floors = [self.levels.index(rule.floor) if rule.floor else 0 for rule in instrument.rules]
        self._floors = [(floor, [i for i, of in enumerate(floors) if of == floor]) for floor in sorted({*floors} - {0})]
        self._needs = [
            (need.item, instrument.by_id[need.item].codes.index(need.option)) for need in instrument.lowest_level.needs
        ]

    def score(self, columns: Mapping[str, Column], n_cases: int, *, rules: bool = True) -> Scored:
        """Score a block of cases.

        Parameters
        ----------
        columns : mapping of str to int8 array, length n_cases
            For each item that was asked its options as 0, 1, ..., or OPEN. A missing item is open in every case.
        n_cases : int
        rules : bool, default True
            Whether to gather the rules that hold; without it their bits are all 0.
        """
        every = {item.id: columns.get(item.id) for item in self.instrument.items}
        low = _Side(self, every, n_cases, high=False)
        high = _Side(self, every, n_cases, high=True)
        score_low, fired_low = low.total(), low.fired()
        score_high, fired_high = high.total(), high.fired()
        rank_low, rank_high = self._rank(score_low, fired_low), self._rank(score_high, fired_high)
        return Scored(
            score_low,
            score_high,
            rank_low,
            rank_high,
            self._earned(every, n_cases),
            _bits(fired_low if rules else [], n_cases),
        )

    def official(self, columns: Mapping[str, Column], done: Scored) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
        """Apply the instrument's own rule for missing answers.

        Returns
        -------
        tuple of (scores, ranks)
            A rank of -1 is not scorable; one above the highest level is the result for a sheet without answers.
        """
        rule, n_cases = self.instrument.missing_rule, len(done.score_low)
        assert rule is not None
        open_ = {item.id: self._open(columns.get(item.id), item, columns, n_cases) for item in self.instrument.items}
        scores, ranks = done.score_low.copy(), done.rank_low.copy()
        if rule.kind == "prorate":
            scores, ranks = self._prorated(rule.most or 0, open_, done)
        if rule.unless_all_open:
            nothing = np.logical_and.reduce([open_[item] for item in rule.unless_all_open]) & (done.rules == 0)
            ranks = np.where(nothing, np.int8(len(self.levels)), ranks)
        return scores, ranks

    def contributions(
        self, columns: Mapping[str, Column], n_cases: int
    ) -> Iterator[tuple[str, str, NDArray[np.int32], NDArray[np.int32]]]:
        """Yield what adds up to both scores: kind, id, low and high; items first, then overlaps, then caps."""
        every = {item.id: columns.get(item.id) for item in self.instrument.items}
        sides = [_Side(self, every, n_cases, high=high) for high in (False, True)]
        counted = {
            item.id: [side.points_of(item.id) for side in sides] for item in self.instrument.items if item.is_scored
        }
        yield from (("item", item, low, high) for item, (low, high) in counted.items())
        zero = np.zeros(n_cases, dtype=np.int32)
        for group in self.instrument.groups:
            inside = [sum((counted[m][i] for m in group.items if m in counted), zero) for i in (0, 1)]
            values = [side.sum(list(side.group_steps(group.items, group.bonus)), 0) for side in sides]
            counted[f"group {group.id}"] = values
            yield ("overlap", group.id, values[0] - inside[0], values[1] - inside[1])
        for cap in self.instrument.caps:
            names = [member for member in cap.items if member in counted and member not in self._grouped]
            names += [f"group {group.id}" for group in self.instrument.groups if set(group.items) <= set(cap.items)]
            inside = [sum((counted[name][i] for name in names), zero) for i in (0, 1)]
            low, high = (np.minimum(total, np.int32(cap.most)) - total for total in inside)
            yield "cap", cap.id, low, high

    def _open(self, column: Column | None, item: Item, columns: Mapping[str, Column], n_cases: int) -> Truth:
        if column is None:
            open_: Truth = np.ones(n_cases, dtype=np.bool_)
        else:
            open_ = column < 0
        if item.applies_if is not None and (gate := columns.get(item.applies_if.item)) is not None:
            opens_at = self.instrument.by_id[item.applies_if.item].codes.index(item.applies_if.at_least)
            open_ = open_ & ~((gate >= 0) & (gate < np.int8(opens_at)))
        return open_

    def _prorated(
        self, most: int, open_: Mapping[str, Truth], done: Scored
    ) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
        """Scale up by what all items could give over what the answered ones could; halves are rounded up."""
        scored = [item.id for item in self.instrument.items if any(self.points[item.id])]
        greatest = sum(values[-1] for values in self.points.values())
        missing = np.sum([open_[item] for item in scored], axis=0, dtype=np.int32)
        lost = np.sum([open_[item] * np.int64(values[-1]) for item, values in self.points.items()], axis=0)
        answered = greatest - lost
        scaled = (2 * done.score_low.astype(np.int64) * greatest + answered) // np.maximum(2 * answered, 1)
        scores = np.where(missing > 0, scaled, done.score_low).astype(np.int32)
        fired = [(done.rules >> index & 1).astype(np.bool_) for index in range(len(self.instrument.rules))]
        ranks = self._rank(scores, fired)
        return scores, np.where((missing > 0) & ((missing > most) | (answered <= 0)), np.int8(-1), ranks)

    def _rank(self, score: NDArray[np.int32], fired: list[Truth]) -> NDArray[np.int8]:
        rank = np.zeros(len(score), dtype=np.int8)
        for first in self._firsts:
            rank += score >= first
        for floor, places in self._floors:
            lifted = np.logical_or.reduce([fired[place] for place in places])
            np.maximum(rank, lifted.view(np.int8) * np.int8(floor), out=rank)
        for truth, rule in zip(fired, self.instrument.rules, strict=True):
            if rule.raises is not None:
                rank += truth * np.int8(rule.raises)
        return np.minimum(rank, np.int8(len(self.levels) - 1))

    def _earned(self, columns: Mapping[str, Column | None], n_cases: int) -> Truth:
        earned = np.ones(n_cases, dtype=np.bool_)
        for item, index in self._needs:
            column = columns[item]
            earned &= np.zeros(n_cases, dtype=np.bool_) if column is None else column == index
        return earned


class _Side:
    """One side of the bounds: every open answer at its least or at its most risky option."""

    def __init__(self, kernel: Kernel, columns: Mapping[str, Column | None], n_cases: int, *, high: bool) -> None:
        self.kernel, self.instrument, self.n_cases, self.high = kernel, kernel.instrument, n_cases, high
        self.columns = columns
        self._known: dict[tuple[str, int], Truth | bool] = {}

    def at_least(self, item: str, index: int) -> Truth | bool:
        """Whether an item's answer is this option or a riskier one; one truth value where it is the same for all."""
        key = (item, index)
        if key not in self._known:
            self._known[key] = self._at_least(self.instrument.by_id[item], index)
        return self._known[key]

    def _at_least(self, item: Item, index: int) -> Truth | bool:
        column, gate = self.columns[item.id], item.applies_if
        if column is None:
            truth: Truth | bool = self.high
        elif self.high:
            truth = column.view(np.uint8) >= np.uint8(index)
        else:
            truth = column >= np.int8(index)
        if self.high and gate is not None:
            truth = truth & ~self._closed(item)
        return truth

    def _closed(self, item: Item) -> Any:
        """Where an answered gate closes an open dependent; an answered dependent stands."""
        assert item.applies_if is not None
        gate = self.columns[item.applies_if.item]
        if gate is None:
            return np.zeros(self.n_cases, dtype=np.bool_)
        opens_at = self.instrument.by_id[item.applies_if.item].codes.index(item.applies_if.at_least)
        closing = (gate >= 0) & (gate < np.int8(opens_at))
        column = self.columns[item.id]
        return closing if column is None else closing & (column < 0)

    # ------------------------------------------------------------------------------------------------ points

    def total(self) -> NDArray[np.int32]:
        """Return the points of every case, after groups and caps."""
        instrument, kernel = self.instrument, self.kernel
        alone: list[tuple[int, Truth | bool]] = []
        under: dict[str, list[tuple[int, Truth | bool]]] = {cap.id: [] for cap in instrument.caps}
        base = dict.fromkeys(under, 0)
        for item in instrument.items:
            if item.id not in kernel._grouped:
                cap = kernel._capped.get(item.id)
                (under[cap] if cap else alone).extend(self._steps(item.id))
                if cap:
                    base[cap] += kernel.points[item.id][0]
        for group in instrument.groups:
            cap = kernel._capped.get(group.items[0])
            (under[cap] if cap else alone).extend(self.group_steps(group.items, group.bonus))
        total = self.sum(alone, kernel._base - sum(base.values()))
        for limit in instrument.caps:
            total += np.minimum(self.sum(under[limit.id], base[limit.id]), np.int32(limit.most))
        return total

    def points_of(self, item: str) -> NDArray[np.int32]:
        """Return the points of one item."""
        return self.sum(list(self._steps(item)), self.kernel.points[item][0])

    def _steps(self, item: str) -> Iterator[tuple[int, Truth | bool]]:
        """Yield what each riskier option adds, where it is reached."""
        points = self.kernel.points[item]
        for index in range(1, len(points)):
            if points[index] != points[index - 1]:
                yield points[index] - points[index - 1], self.at_least(item, index)

    def group_steps(self, members: tuple[str, ...], bonus: int) -> Iterator[tuple[int, Truth | bool]]:
        """Yield the steps of the largest points among the members, and the bonus where two or more have points."""
        points, previous = self.kernel.points, 0
        for value in sorted({value for member in members for value in points[member] if value > 0}):
            yield value - previous, self._any(self._reaching(members, value))
            previous = value
        if bonus:
            have = self._count(self._reaching(members, 1))
            yield bonus, have >= 2

    def _reaching(self, members: tuple[str, ...], value: int) -> list[Truth | bool]:
        reached = []
        for member in members:
            index = next((i for i, points in enumerate(self.kernel.points[member]) if points >= value), None)
            if index is not None:
                reached.append(True if index == 0 else self.at_least(member, index))
        return reached

    def sum(self, steps: list[tuple[int, Truth | bool]], base: int) -> NDArray[np.int32]:
        """Add steps: those of the same size are counted first, so that each array is read once as bytes."""
        by_size: dict[int, list[Truth | bool]] = {}
        for size, truth in steps:
            by_size.setdefault(size, []).append(truth)
        total = np.full(self.n_cases, base, dtype=np.int32)
        for size, truths in by_size.items():
            total += (
                np.int16(size) * self._count(truths) if abs(size) < _SMALL else np.int32(size) * self._count(truths)
            )
        return total

    def _count(self, truths: list[Truth | bool]) -> NDArray[np.int16]:
        """Count how many hold. At most 127 at a time fit a byte."""
        count = np.full(self.n_cases, sum(truth for truth in truths if isinstance(truth, bool)), dtype=np.int16)
        arrays = [truth for truth in truths if not isinstance(truth, bool)]
        for start in range(0, len(arrays), 127):
            part = np.zeros(self.n_cases, dtype=np.int8)
            for truth in arrays[start : start + 127]:
                np.add(part, truth.view(np.int8), out=part)
            count += part
        return count

    def _any(self, truths: list[Truth | bool]) -> Truth | bool:
        if any(truth is True for truth in truths):
            return True
        arrays = [truth for truth in truths if not isinstance(truth, bool)]
        if not arrays:
            return False
        found = arrays[0].copy()
        for truth in arrays[1:]:
            found |= truth
        return found

    # ------------------------------------------------------------------------------------------------- rules

    def fired(self) -> list[Truth]:
        """Return, for each rule in file order, where it holds."""
        return [np.broadcast_to(self._holds(rule.when), self.n_cases) for rule in self.instrument.rules]

    def _holds(self, condition: Condition) -> Any:
        if isinstance(condition, AtLeast):
            return self.at_least(condition.item, self.instrument.by_id[condition.item].codes.index(condition.at_least))
        if isinstance(condition, AnyOf):
            return self._any([self._holds(part) for part in condition.any])
        if isinstance(condition, AllOf):
            return self._all([self._holds(part) for part in condition.all])
        assert isinstance(condition, CountOf)
        return self._count([self._holds(part) for part in condition.of]) >= condition.count

    def _all(self, truths: list[Truth | bool]) -> Any:
        if any(truth is False for truth in truths):
            return False
        arrays = [truth for truth in truths if not isinstance(truth, bool)]
        return np.logical_and.reduce(arrays) if arrays else True


def _bits(fired: list[Truth], n_cases: int) -> NDArray[np.int64]:
    bits = np.zeros(n_cases, dtype=np.int64)
    for index, truth in enumerate(fired):
        bits |= truth.astype(np.int64) << index
    return bits


@lru_cache(maxsize=64)
def kernel_for(instrument: Instrument) -> Kernel:
    """Return the kernel of an instrument."""
    return Kernel(instrument)
