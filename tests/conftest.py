"""Tests that need a tool of the system are listed as not run where it is missing; in CI a missing tool is an error.

So are tests that take long or need the internet, unless CI is set: `CI=true` runs them here too.
"""

import os
import shutil
from pathlib import Path

import pytest


def pytest_runtest_setup(item):
    for mark in item.iter_markers("needs"):
        tool = mark.args[0]
        if shutil.which(tool) is None:
            if os.environ.get("CI"):
                pytest.fail(f"CI has to have {tool}; .ci/run installs it", pytrace=False)
            pytest.skip(f"not run: needs {tool}")
    for mark in item.iter_markers("in_ci"):
        if not os.environ.get("CI"):
            pytest.skip(f"not run: {mark.args[0]}; set CI=true to run it")


@pytest.fixture(scope="session")
def repo():
    """The top of the checkout."""
    return Path(__file__).parents[1]
