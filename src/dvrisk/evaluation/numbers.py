"""How numbers are written in an evaluation."""

from __future__ import annotations

from collections.abc import Callable


def share(value: float | None) -> str:
    """Write a share as a percentage, with as many digits as it takes to tell it from nothing and from all."""
    if value is None:
        return "undefined"
    rest = round(min(value, 1 - value) * 100, 9)
    digits = 1
    while 0 < rest < 10.0**-digits and digits < 6:
        digits += 1
    return f"{100 * value:.{digits}f}\u00a0%"


def number(value: float | None) -> str:
    """Write another number with three or four digits."""
    if value is None:
        return "undefined"
    digits = 4 if abs(value) < 0.1 else 3 if abs(value) < 10 else 1
    return f"{round(value, digits) + 0.0:.{digits}f}"


def ends(low: float | None, high: float | None, said: Callable[[float | None], str]) -> str:
    """Write an interval or a range."""
    return "undefined" if low is None or high is None else f"{said(low)} to {said(high)}"
