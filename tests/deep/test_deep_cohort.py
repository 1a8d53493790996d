"""100,000 cases of every shipped instrument: the table equals `assess`, row by row, with every state and nulls."""

from random import Random

import made
import pyarrow as pa
import pytest
import shipped

from dvrisk import assess, load_instrument, score_cohort

N_CASES = 100_000


@pytest.mark.parametrize("ref", shipped.EVERY)
def test_a_large_table_equals_assess(ref):
    instrument, source = load_instrument(ref), Random(ref)
    sheets = [made.sheet(source, instrument) for _ in range(N_CASES)]
    columns = {item.id: pa.array([sheet.get(item.id) for sheet in sheets], pa.string()) for item in instrument.items}
    scored = score_cohort(pa.table(columns), instrument, **shipped.LEAVE).select(
        ["score_low", "score_high", "level_low", "level_high", "level", "settled", "rules"]
    )
    for row, sheet in zip(scored.to_pylist(), sheets, strict=True):
        a = assess(sheet, instrument, **shipped.LEAVE)
        assert tuple(row.values()) == (
            *(a.score_low, a.score_high, a.level_low, a.level_high, a.level, a.settled),
            [rule.id for rule in a.rules],
        )
