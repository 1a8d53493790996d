"""Arithmetic that is the same on any machine, against the libraries' own."""

import math
from statistics import NormalDist

import pytest

np = pytest.importorskip("numpy")

from dvrisk import steady  # noqa: E402


def test_the_exponential_is_that_of_the_library():
    x = np.linspace(0, 50, 997)
    assert np.allclose(steady.exp_of_minus(x), np.exp(-x), rtol=1e-12, atol=0)


def test_the_logistic_function_is_that_of_the_library_and_does_not_overflow():
    x = np.array([-1e6, -30.0, -2.5, 0.0, 1.0, 30.0, 1e6])
    expected = [0.0, *(1 / (1 + math.exp(-value)) for value in x[1:-1]), 1.0]
    assert np.allclose(steady.logistic(x), expected, rtol=1e-11, atol=1e-300)


def test_the_normal_distribution_is_that_of_the_library():
    x = np.linspace(-6.9, 6.9, 500)
    assert np.abs(steady.normal_cdf(x) - [NormalDist().cdf(value) for value in x]).max() < 2e-12


def test_quantiles_are_those_of_the_library():
    shares = np.arange(1, 10_000) / 10_000
    expected = [NormalDist().inv_cdf(share) for share in shares]
    assert np.abs(steady.normal_quantile(shares) - expected).max() < 1e-8
    assert steady.normal_quantile(np.array([0.0, 1.0])).tolist() == [-7.0, 7.0]


def test_only_operations_that_ieee_754_fixes_are_used(repo):
    text = (repo / "src/dvrisk/steady.py").read_text()
    called = {name for name in dir(np) if f"np.{name}(" in text}
    assert called <= {"abs", "asarray", "clip", "full_like", "minimum", "ones_like", "where", "as"}
