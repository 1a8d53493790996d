"""The laws of scoring, over every shipped instrument and over random ones. 1,000 examples each; `poe deep` has 100,000."""

from random import Random

import laws
import made
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvrisk import list_instruments, load_instrument
from dvrisk.scoring import Scorer, scorer_for

thousand = settings(max_examples=1000, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32 - 1)
names = [check.__name__ for check in laws.LAWS]


@pytest.mark.parametrize("ref", list_instruments())
@pytest.mark.parametrize("law", laws.LAWS, ids=names)
@thousand
@given(seed=seeds)
def test_law_holds_on_a_shipped_instrument(law, ref, seed):
    source = Random(seed)
    scorer = scorer_for(load_instrument(ref))
    law(scorer, made.sheet(source, scorer.instrument), source)


@pytest.mark.parametrize("law", laws.LAWS, ids=names)
@thousand
@given(seed=seeds)
def test_law_holds_on_a_random_instrument(law, seed):
    source = Random(seed)
    instrument = made.instrument(source)
    law(Scorer(instrument), made.sheet(source, instrument), source)
