"""Variants of an instrument: drawn from what was read or assumed, each sound, and none of them for use on people."""

import random

import laws
import made
import numpy as np
import pytest

from dvrisk import DataError, InstrumentError, assess, load_instrument, score_cohort, simulate
from dvrisk.scoring import scorer_for
from dvrisk.soundness import breaches
from dvrisk.variants import score_variants
from dvrisk.weight_draws import PARTS, vary_weights, weight_bases
from dvrisk.weights import derive, load_evidence

WEIGHTED = ("integrated", "first-look")
CASES = simulate("serbia-reports", n=300, seed=3).answers


@pytest.mark.parametrize("name", WEIGHTED)
def test_law_1_holds_in_every_draw(name):
    source = random.Random(5)
    for variant in vary_weights(load_instrument(name), 60, seed=2):
        assert breaches(variant) == []
        scorer = scorer_for(variant)
        for _ in range(20):
            laws.law_1_a_riskier_answer_never_lowers(scorer, made.sheet(source, variant), source)


@pytest.mark.parametrize("name", ["integrated", "first-look", "firearms", "death-threats", "stalking", "escalation"])
def test_the_shipped_points_come_out_where_nothing_varies(name):
    """So the rule that draws is the rule that made the points: groups, caps and all."""
    instrument = load_instrument(name)
    for vary, spread in (((), 0.5), (("assumed",), 0.0)):
        (same,) = vary_weights(instrument, 1, seed=1, vary=vary, spread=spread)
        got, shipped = same.scoring_definition(), instrument.scoring_definition()
        assert {key for key in shipped if got[key] != shipped[key]} == {"status"}


def test_what_was_read_stays_apart_from_what_is_assumed():
    instrument = load_instrument("integrated")
    bases = weight_bases(instrument)
    read = {item for item, basis in bases.items() if basis.is_read}
    intervals = {
        key for key, one in load_evidence().estimates.items() if one.low is not None and not one.includes_no_effect
    }
    rests_on = {item: derive(instrument.by_id[item].weight, load_evidence()).estimate for item in read}
    assert {estimate.id for estimate in rests_on.values()} <= intervals
    for variant in vary_weights(instrument, 20, seed=4, vary=["read"]):
        changed = {a.id for a, b in zip(variant.items, instrument.items, strict=True) if a.options != b.options}
        assert changed <= read


def test_draws_have_the_spread_that_they_say():
    """Strangulation was read with 4.53 to 12.35: about 95 of 100 unshrunk draws lie within what these ends give."""
    instrument = load_instrument("integrated")
    basis = weight_bases(instrument)["strangulation"]
    assert np.exp(basis.log_odds_ratio + 1.96 * basis.spread * np.array([-1, 1])) == pytest.approx(
        [4.53, 12.35], rel=0.01
    )
    drawn = [v.by_id["strangulation"].options[-1].points for v in vary_weights(instrument, 150, 6, vary=["read"])]
    within = [round(0.5 * np.log(end) / 0.5) for end in (4.53, 12.35)]
    assert set(drawn) <= {*range(within[0] - 1, within[1] + 2)}
    assert len(set(drawn)) > 1


def test_shrinkage_is_drawn_from_three_tenths_to_one():
    """Strangulation, 7.48 without adjustment: 1 point at 0.3, 4 at 1, and everything between."""
    drawn = vary_weights(load_instrument("integrated"), 150, seed=5, vary=["shrinkage"])
    assert {variant.by_id["strangulation"].options[-1].points for variant in drawn} == {1, 2, 3, 4}
    assert {variant.by_id["firearm_owned"].options[-1].points for variant in drawn} == {3}


def test_cut_offs_move_by_up_to_a_fifth():
    instrument = load_instrument("integrated")
    drawn = [variant.bands for variant in vary_weights(instrument, 150, seed=5, vary=["cut-offs"])]
    assert {bands[1].first for bands in drawn} == {3, 4, 5}
    assert {bands[2].first for bands in drawn} == {10, 11, 12, 13, 14}
    assert {(bands[0].first, bands[-1].last) for bands in drawn} == {(0, instrument.bands[-1].last)}


def test_each_part_alone_changes_its_own_and_nothing_else():
    instrument = load_instrument("integrated")
    everything = vary_weights(instrument, 10, seed=7)
    for part, field in (("rules", "rules"), ("cut-offs", "bands")):
        for alone, all_of_it in zip(vary_weights(instrument, 10, seed=7, vary=[part]), everything, strict=True):
            unlike = [
                f for f in ("items", "groups", "caps", "rules", "bands") if getattr(alone, f) != getattr(instrument, f)
            ]
            assert unlike in ([], [field])
            if part == "rules":
                assert alone.rules == all_of_it.rules
    kept = {rule.id for rule in instrument.rules if rule.basis != "consensus"}
    assert all(kept <= {rule.id for rule in variant.rules} for variant in everything)


def test_the_same_seed_gives_the_same_variants():
    instrument = load_instrument("first-look")
    one, other = (vary_weights(instrument, 5, seed=1) for _ in range(2))
    assert one == other != vary_weights(instrument, 5, seed=2)


def test_variants_are_drafts_that_no_app_scores_by_accident():
    (variant,) = vary_weights(load_instrument("first-look"), 1, seed=1)
    for call in (lambda: assess({}, variant), lambda: score_cohort(CASES, variant)):
        with pytest.raises(InstrumentError, match="draft"):
            call()


def test_a_table_is_scored_as_each_variant_scores_its_rows():
    instrument = load_instrument("first-look")
    variants = vary_weights(instrument, 3, seed=1)
    found = score_variants(CASES.filter(instrument.by_id), variants, instrument)
    for place, variant in enumerate(variants):
        for row, answers in enumerate(CASES.filter(variant.by_id).head(25).to_dict("records")):
            one = assess(answers, variant, allow_draft=True)
            assert (found["score_low"][place, row], found["score_high"][place, row]) == (one.score_low, one.score_high)
            assert instrument.levels[found["rank_low"][place, row]] == one.level_low


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vary_weights(load_instrument("lap"), 1, 1), "don't follow from the evidence table"),
        (lambda: vary_weights(load_instrument(), 0, 1), "n: got 0"),
        (lambda: vary_weights(load_instrument(), 1, 1, vary=["weights"]), f"some of {', '.join(PARTS)}"),
        (lambda: vary_weights(load_instrument(), 1, 1, spread=float("nan")), "spread: got nan"),
        (lambda: score_variants(CASES, [load_instrument("firearms")], "integrated"), "variant 0: it does not ask"),
    ],
)
def test_what_can_t_be_used_is_refused(call, message):
    with pytest.raises(DataError, match=message):
        call()
