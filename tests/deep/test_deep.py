"""The laws on 100,000 seeded sheets for each law and shipped instrument, and asking against brute force: `poe deep`."""

from random import Random

import laws
import made
import plain
import pytest

from dvrisk import list_instruments, load_instrument
from dvrisk.asking import MAX_STEPS, Frontier, ask_next
from dvrisk.scoring import Scorer, scorer_for

SHEETS = 100_000
REFS = list_instruments()
LAWS = {law.__name__: law for law in laws.LAWS}


@pytest.mark.parametrize("ref", REFS)
@pytest.mark.parametrize("law", LAWS)
def test_law_on_many_sheets_of_a_shipped_instrument(law, ref):
    scorer, source = scorer_for(load_instrument(ref)), Random(f"{law} {ref}")
    for _ in range(SHEETS):
        LAWS[law](scorer, made.sheet(source, scorer.instrument), source)


@pytest.mark.parametrize("law", LAWS)
def test_law_on_many_random_instruments(law):
    source = Random(law)
    for _ in range(SHEETS // 20):
        scorer = Scorer(made.instrument(source, most_items=8))
        for _ in range(4):
            LAWS[law](scorer, made.sheet(source, scorer.instrument), source)


@pytest.mark.parametrize("ref", REFS)
def test_asking_equals_brute_force_where_few_items_are_open(ref):
    scorer, source = scorer_for(load_instrument(ref)), Random(ref)
    deciding = {item.id for item in scorer.table.deciding}
    for _ in range(1_000):
        codes = {item.id: _calm(source, item.codes) for item in scorer.instrument.items}
        codes |= dict.fromkeys(source.sample(sorted(deciding), 5), "unknown")
        found = {question.item for question in ask_next(scorer, scorer.outcome(codes))}
        assert found == plain.deciding(scorer.instrument, codes)


@pytest.mark.parametrize("ref", REFS)
def test_the_search_stays_far_from_its_limit(ref, monkeypatch):
    """How many steps the exact search takes on shipped instruments; past MAX_STEPS it would list an item unproved."""
    steps = []
    reached = Frontier.reached
    monkeypatch.setattr(Frontier, "reached", lambda self, low: (reached(self, low), steps.append(self.steps))[0])
    scorer, source = scorer_for(load_instrument(ref)), Random(ref)
    for _ in range(3_000):
        codes = made.sheet(source, scorer.instrument)
        calm = {
            item.id: _calm(source, item.codes) for item in scorer.instrument.items if codes.get(item.id) in item.codes
        }
        ask_next(scorer, scorer.outcome(codes | calm))
    print(f"{ref}: {len(steps)} searches, at most {max(steps, default=0)} steps of {MAX_STEPS}")
    assert max(steps, default=0) < MAX_STEPS / 2


def _calm(source, codes):
    """Mostly the least risky option, so that the level is not settled at once by one grave fact."""
    return codes[0] if source.random() < 0.9 else source.choice(codes)
