"""What every statistic returns: a value with its interval, or the reason why it has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic, its interval, and what both rest on.

    Attributes
    ----------
    value : float or None
        None where the statistic has no value; `undefined` then says why.
    low, high : float or None
        Ends of the interval; None where there is none, and `method` then says why.
    method : str
        How value and interval were computed, in words: coefficient, weights, what was sampled, and by which method.
    counts : mapping of str to int
        What it rests on: raters, cases, ratings, pairs, left out.
    undefined : str or None
        Why the statistic has no value.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    method: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    undefined: str | None = None

    def __str__(self) -> str:
        if self.value is None:
            return f"undefined: {self.undefined}"
        interval = "" if self.low is None or self.high is None else f" ({_two(self.low)} to {_two(self.high)})"
        return f"{_two(self.value)}{interval}"


def _two(value: float) -> str:
    """Write two digits; what rounds to nothing has no sign."""
    return f"{round(value, 2) + 0.0:.2f}"
