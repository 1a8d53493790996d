"""Checks of numbers, and the small words that their errors share."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeGuard

import numpy as np

from dvrisk.errors import DataError

_MOST_SAID = 10**15


def is_whole(value: object) -> TypeGuard[int]:
    """Whether this is a whole number; True, False and 2.0 are not."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def whole_number(name: str, value: object, least: int, most: int | None = None) -> list[str]:
    """Return the problem, if any, with what has to be a whole number in a range."""
    if is_whole(value) and value >= least and (most is None or value <= most):
        return []
    expected = f", {least} or more" if most is None else f" from {least} to {most}"
    return [f"{name}: {got_number(value)}, expected a whole number{expected}."]


def finite_number(name: str, value: object, least: float | None = None) -> list[str]:
    """Return the problem, if any, with what has to be a number, neither NaN nor infinite."""
    if is_number(value) and abs(value) <= sys.float_info.max and (least is None or value >= least):
        return []
    return [f"{name}: {got_number(value)}, expected a finite number{'' if least is None else f', {least:g} or more'}."]


def confidence_level(value: object) -> list[str]:
    """Return the problem, if any, with a confidence that an interval is to have."""
    if is_number(value) and 0.5 <= value < 1:
        return []
    return [f"confidence: {got_number(value)}, expected 0.5 to below 1, such as 0.95."]


def refuse(where: str, *problems: list[str]) -> None:
    """Raise one DataError with all the problems, if there are any."""
    found = [problem for some in problems for problem in some]
    if found:
        raise DataError(where, found)


def checked_places(where: str, groups: object, size: int, one: str, places: str) -> dict[str, list[int]]:
    """Return named groups of places 0 to size - 1, or raise DataError. Names may be personal, so they are not said."""
    if not isinstance(groups, Mapping):
        raise DataError(where, [f"{got_number(groups)}, expected a mapping of names to {places}."])
    known = {str(name): as_row(row) or [] for name, row in groups.items()}
    refuse(
        where,
        [
            f"{one} {number + 1}: expected {places} from 0 to {size - 1}, at least one."
            for number, row in enumerate(known.values())
            if not row or not all(is_whole(place) and 0 <= place < size for place in row)
        ],
    )
    return {name: [int(place) for place in row if is_whole(place)] for name, row in known.items()}


def got_number(value: object) -> str:
    """Describe what stands where a number should. A text may be a note or a name, so it is not repeated."""
    if value is None or isinstance(value, bool):
        return f"got {value}"
    if is_whole(value) and abs(value) > _MOST_SAID:
        return f"got a number above {_MOST_SAID:g}"
    return f"got {value:g}" if is_number(value) else f"got a value of type {type(value).__name__}"


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: 1 case, 2 cases; 1 person, 2 people."""
    plural = "people" if noun == "person" else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def is_number(value: object) -> TypeGuard[float]:
    """Whether this is a number; True and False are not."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def as_row(values: object) -> list[object] | None:
    """Return what stands in order in a list, tuple, array or column; None for anything else."""
    if isinstance(values, Sequence) and not isinstance(values, str | bytes):
        return list(values)
    if getattr(values, "ndim", None) == 1 and isinstance(values, Iterable):
        return list(values)
    return None
