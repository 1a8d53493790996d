"""Arithmetic whose results are the same to the last bit on any machine.

Only sums, products, quotients and square roots of doubles are used, element by element: IEEE 754 fixes each of them.
Library versions of `exp` or of the normal distribution differ between machines in the last places.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_TWO_PI = 6.283185307179586
_FARTHEST = 7.0
"""Beyond this many standard deviations the normal distribution is taken as 0 or 1; it is less than 2e-12 away."""
_STEPS = 50
"""Halvings by which a quantile is found."""


def exp_of_minus(x: Array) -> Array:
    """Return exp(-x) for x from 0 to 1,000, with a relative error below 1e-12.

    A Taylor polynomial of x / 1024, squared ten times.
    """
    small = -np.asarray(x, dtype=np.float64) / 1024
    power, result = np.ones_like(small), np.ones_like(small)
    for term in range(1, 14):
        power = power * small / term
        result = result + power
    for _ in range(10):
        result = result * result
    return result


def logistic(x: Array) -> Array:
    """Return 1 / (1 + exp(-x))."""
    x = np.asarray(x, dtype=np.float64)
    decayed = exp_of_minus(np.minimum(np.abs(x), 700.0))
    return np.where(x < 0, decayed, 1.0) / (1.0 + decayed)


def normal_density(x: Array) -> Array:
    """Return the standard normal density."""
    x = np.asarray(x, dtype=np.float64)
    return exp_of_minus(x * x / 2) / sqrt(_TWO_PI)


def normal_cdf(x: Array) -> Array:
    """Return the standard normal distribution function, with an error below 2e-12.

    Notes
    -----
    Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/(3*5) + x^7/(3*5*7) + ...).

    References
    ----------
    Marsaglia (2004), Evaluating the normal distribution, Journal of Statistical Software 11(4).
    """
    x = np.clip(np.asarray(x, dtype=np.float64), -_FARTHEST, _FARTHEST)
    size, square = np.abs(x), x * x
    term, total = size, size
    for odd in range(3, 220, 2):
        term = term * square / odd
        total = total + term
    tail = np.clip(0.5 - normal_density(x) * total, 0.0, 0.5)
    return np.where(x < 0, tail, 1.0 - tail)


def normal_quantile(share: Array) -> Array:
    """Return the point below which this share of the standard normal distribution lies; -7 for 0, and 7 for 1."""
    share = np.asarray(share, dtype=np.float64)
    low, high = np.full_like(share, -_FARTHEST), np.full_like(share, _FARTHEST)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        below = normal_cdf(middle) < share
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(share <= 0, -_FARTHEST, np.where(share >= 1, _FARTHEST, (low + high) / 2))
