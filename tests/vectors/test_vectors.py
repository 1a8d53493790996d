"""Every shipped vector, and whether the vectors reach every band edge and every rule."""

import pytest

from dvrisk import list_instruments, load_instrument
from dvrisk.vectors import differences, load_vectors

SHIPPED = [load_instrument(ref) for ref in list_instruments()]
VECTORS = [(instrument, vector) for instrument in SHIPPED for vector in load_vectors(instrument)]


@pytest.mark.parametrize(("instrument", "vector"), VECTORS, ids=[f"{i}-{v.id}" for i, v in VECTORS])
def test_a_vector_gives_its_expected_result(instrument, vector):
    assert differences(vector, instrument) == {}


@pytest.mark.parametrize("instrument", [each for each in SHIPPED if each.published is None], ids=str)
def test_the_vectors_expect_every_rule_and_every_edge_between_bands(instrument):
    vectors = load_vectors(instrument)
    expected = [vector.expect.get("rules", []) for vector in vectors]
    assert {rule.id for rule in instrument.rules} == {rule for rules in expected for rule in rules}
    by_points = {vector.expect["score_low"] for vector, rules in zip(vectors, expected, strict=True) if not rules}
    for lower, higher in zip(instrument.bands, instrument.bands[1:], strict=False):
        assert {lower.last, higher.first} <= by_points


@pytest.mark.parametrize("instrument", [each for each in SHIPPED if each.published], ids=str)
def test_a_published_rule_has_eight_vectors_at_least_and_reaches_every_level_and_rule(instrument):
    vectors = load_vectors(instrument)
    assert len(vectors) >= 8
    assert {vector.expect.get("level") for vector in vectors} >= {*instrument.levels, "undetermined"}
    expected = {rule for vector in vectors for rule in vector.expect.get("rules", [])}
    assert expected == {rule.id for rule in instrument.rules}


def test_a_wrong_vector_is_noticed():
    instrument, vector = VECTORS[0]
    wrong = vector.model_copy(update={"expect": vector.expect | {"score_low": 1}})
    assert differences(wrong, instrument) == {"score_low": (1, 0)}
