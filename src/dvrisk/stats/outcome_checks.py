"""Scores and outcomes as they are evaluated: checked, and counted by distinct score."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dvrisk.errors import DataError
from dvrisk.stats.checks import counted, got_number

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger]
Flags = NDArray[np.bool_]

_MOST_INT32 = 2**31
_MOST_EXACT = 2**53


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
    def sizes(self) -> Ints:
        """People with this score."""
        return self.events + self.others

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
    array = as_given_row(outcome, name)
    if array.ndim != 1 or not array.size:
        raise DataError(name, [f"got shape {array.shape}, expected one row of 0 and 1, at least one."])
    if array.dtype == np.bool_:
        return array
    if array.dtype.kind == "O":
        array = _as_numbers(array)
    if array.dtype.kind not in "iuf":
        raise DataError(name, [f"got values of type {array.dtype}, expected 0 (no event) and 1 (event)."])
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise DataError(name, [_missing(array) + ", or say what is known of them."])
    strange = array[(array != 0) & (array != 1)]
    if len(strange):
        raise DataError(name, [f"{got_number(strange[0].item())}, expected 0 (no event) and 1 (event)."])
    flags: Flags = array != 0
    return flags


def as_scores(scores: ArrayLike, outcome: Flags, name: str = "scores", *, is_probability: bool = False) -> Floats:
    """Return scores as floats, one for each outcome, or raise DataError; probabilities have to lie from 0 to 1."""
    array = as_given_row(scores, name)
    if array.dtype.kind == "O":
        array = _as_numbers(array)
    if array.dtype.kind not in "iufb":
        raise DataError(name, [f"got values of type {array.dtype}, expected numbers."])
    if array.shape != outcome.shape:
        raise DataError(
            name, [f"got shape {array.shape}, expected {outcome.shape}: one for each outcome, in the same order."]
        )
    if array.dtype.kind in "iu" and array.size and max(abs(int(array.max())), abs(int(array.min()))) > _MOST_EXACT:
        raise DataError(name, ["got whole numbers above 2**53, which floats can't tell apart. Use ranks."])
    floats = array.astype(np.float64, copy=False)
    if np.isnan(floats).any():
        raise DataError(name, [f"{_missing(floats)}."])
    if is_probability:
        outside = floats[(floats < 0) | (floats > 1)]
        if len(outside):
            raise DataError(name, [f"{got_number(outside[0].item())}, expected probabilities from 0 to 1."])
    return floats


def as_band_counts(others: ArrayLike, events: ArrayLike) -> Counts:
    """Return printed counts of people without and with the event in each band, or raise DataError."""
    rows = {"others": as_given_row(others, "others"), "events": as_given_row(events, "events")}
    problems = [
        f"{name}: expected whole numbers from 0 on, one for each band, lowest band first."
        for name, row in rows.items()
        if row.ndim != 1 or not row.size or row.dtype.kind not in "iu" or (row < 0).any()
    ]
    if not problems and rows["others"].shape != rows["events"].shape:
        problems = [
            f"got {len(rows['others'])} bands without and {len(rows['events'])} with the event, expected as many."
        ]
    if problems:
        raise DataError("bands", problems)
    without, hits = (row.astype(np.int64) for row in rows.values())
    return Counts(np.arange(len(hits), dtype=np.float64), hits, without)


def as_given_row(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return what was given as an array, or raise DataError: masked values are unknown, and nothing stands for them."""
    if np.ma.isMaskedArray(values) and np.ma.getmaskarray(values).any():
        raise DataError(name, [f"{int(np.ma.getmaskarray(values).sum())} masked. Leave these people out."])
    try:
        return np.asarray(values)
    except (ValueError, TypeError, OverflowError):
        raise DataError(name, ["got rows of unequal lengths, expected one value a person."]) from None


def _as_numbers(array: NDArray[Any]) -> NDArray[Any]:
    """Turn objects that are numbers, True or False into floats; anything else stays, and is refused. None is NaN."""
    plain = all(_is_plain(value) for value in array.ravel())
    return array.astype(np.float64) if plain else array


def _is_plain(value: object) -> bool:
    if isinstance(value, int):
        return abs(value) <= _MOST_EXACT
    return value is None or isinstance(value, float | np.number | np.bool_)


def _missing(floats: Floats) -> str:
    return f"{counted(int(np.isnan(floats).sum()), 'value')} missing. Leave these people out"


def count_by_score(scores: Floats, outcome: Flags) -> Counts:
    """Count people with and without the event by distinct score."""
    if not (scores >= 0).all():
        order = np.argsort(scores, kind="stable")
        return count_ordered(scores[order], outcome[order])
    # The bits of floats from 0 on are in the order of the floats, and the highest one is unused: shifted by one they
    # make room for the outcome, so that one sort of whole numbers does for both. Adding 0.0 turns -0.0 into 0.0.
    keys = (scores + 0.0).view(np.uint64)
    keys <<= np.uint64(1)
    keys |= outcome
    keys.sort()
    hit = (keys & np.uint64(1)).astype(np.bool_)
    keys >>= np.uint64(1)
    return count_ordered(keys.view(np.float64), hit)


def events_of(outcome: Flags) -> dict[str, int]:
    """Count the people with and without the event, as estimates say what they rest on."""
    events = int(outcome.sum())
    return {"events": events, "others": len(outcome) - events}


def one_class(outcome: Flags) -> str | None:
    """Return why statistics that need both outcomes are undefined, if they are."""
    return "nobody had the event" if not outcome.any() else "everybody had the event" if outcome.all() else None


def count_ordered(ordered: Floats, hit: Flags) -> Counts:
    """Count people who are in the order of their scores."""
    new = np.empty(len(ordered), dtype=np.bool_)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    small: type[np.signedinteger] = np.int32 if len(ordered) < _MOST_INT32 else np.int64
    if new.all():  # everybody has a score of their own
        events = hit.astype(small)
        return Counts(ordered, events, 1 - events)
    starts = np.flatnonzero(new)
    events = np.add.reduceat(hit, starts, dtype=small)
    sizes = np.diff(starts, append=len(ordered)).astype(small)
    return Counts(ordered[starts], events, sizes - events)
