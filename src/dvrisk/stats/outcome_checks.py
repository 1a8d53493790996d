"""Scores and outcomes as they are evaluated: checked, and counted by distinct score."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dvrisk.errors import DataError
from dvrisk.stats.checks import counted, got_number

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Counts(NamedTuple):
    """People by distinct score, lowest first.

    Attributes
    ----------
    values : array
        The distinct scores.
    events, others : array of int
        How many with this score had the event, and how many had not.
    """

    values: Floats
    events: Ints
    others: Ints

    @property
    def n_events(self) -> int:
        """People with the event."""
        return int(self.events.sum())

    @property
    def n_others(self) -> int:
        """People without it."""
        return int(self.others.sum())


def as_outcome(outcome: ArrayLike, name: str = "outcome") -> Flags:
    """Return outcomes as flags, or raise DataError: anything but 0, 1, False and True is refused."""
    array = np.asarray(outcome)
    if array.ndim != 1 or not array.size:
        raise DataError(name, [f"got shape {array.shape}, expected one row of 0 and 1, at least one."])
    if array.dtype == np.bool_:
        return array
    if array.dtype.kind not in "iuf":
        raise DataError(name, [f"got values of type {array.dtype}, expected 0 (no event) and 1 (event)."])
    if array.dtype.kind == "f" and np.isnan(array).any():
        missing = int(np.isnan(array).sum())
        raise DataError(
            name, [f"{counted(missing, 'value')} missing. Leave these people out, or say what is known of them."]
        )
    strange = array[(array != 0) & (array != 1)]
    if len(strange):
        raise DataError(name, [f"{got_number(strange[0].item())}, expected 0 (no event) and 1 (event)."])
    flags: Flags = array != 0
    return flags


def as_scores(scores: ArrayLike, outcome: Flags, name: str = "scores", *, is_probability: bool = False) -> Floats:
    """Return scores as floats, one for each outcome, or raise DataError; probabilities have to lie from 0 to 1."""
    array = np.asarray(scores)
    if array.dtype.kind not in "iufb":
        raise DataError(name, [f"got values of type {array.dtype}, expected numbers."])
    if array.shape != outcome.shape:
        raise DataError(
            name, [f"got shape {array.shape}, expected {outcome.shape}: one for each outcome, in the same order."]
        )
    floats = array.astype(np.float64, copy=False)
    if np.isnan(floats).any():
        raise DataError(name, [f"{counted(int(np.isnan(floats).sum()), 'value')} missing. Leave these people out."])
    if is_probability:
        outside = floats[(floats < 0) | (floats > 1)]
        if len(outside):
            raise DataError(name, [f"{got_number(outside[0].item())}, expected probabilities from 0 to 1."])
    return floats


def count_by_score(scores: Floats, outcome: Flags) -> Counts:
    """Count people with and without the event by distinct score."""
    order = np.argsort(scores, kind="stable")
    ordered, hit = scores[order], outcome[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    events = np.add.reduceat(hit.astype(np.int64), starts)
    sizes = np.diff(np.append(starts, len(ordered)))
    return Counts(ordered[starts], events, sizes - events)
