import pytest

from dvrisk.exercise.making import Made, Wanted, make
from dvrisk.exercise.rehearsal import DEMO_RATERS, fill_in


@pytest.fixture(scope="session")
def made() -> Made:
    return make(Wanted(languages=("en", "sr", "sr-Cyrl", "sq"), people=20, tell_again=1))


@pytest.fixture(scope="session")
def sheets(made):
    return fill_in(made, DEMO_RATERS, seed=3)
