"""A plain count of the facts that an instrument makes anything of."""

import numpy as np
import pytest

from dvrisk import list_instruments, load_instrument
from dvrisk.plain_count import count_facts
from dvrisk.soundness import atoms


@pytest.mark.parametrize("ref", list_instruments())
def test_a_plain_count_counts_what_the_instrument_makes_anything_of(ref):
    """Each counted item, taken from its least to its most risky option, can change some result; the others never do."""
    instrument = load_instrument(ref)
    n = len(instrument.items) + 2
    sheet = {item.id: np.zeros(n, dtype=np.int8) for item in instrument.items}
    for place, item in enumerate(instrument.items):
        sheet[item.id][place] = len(item.codes) - 1
        sheet[item.id][-2:] = len(item.codes) - 1, -1
    found = count_facts(sheet, instrument, n)
    asked = {atom.item for rule in instrument.rules for atom in atoms(rule.when)}
    counts = [item.options[-1].points > 0 or item.id in asked for item in instrument.items]
    assert found.tolist() == [*map(int, counts), sum(counts), 0]
