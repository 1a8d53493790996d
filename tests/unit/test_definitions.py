"""The shipped definitions: the hash, the two sizes, and that the cut-offs follow from their procedure."""

import re

import cutoffs
import pytest
import shipped

from dvrisk import load_instrument

REFS = shipped.OWN


def copied(tmp_path, edit=lambda text: text, name="integrated"):
    path = tmp_path / "1.0.toml"
    path.write_text(edit(load_instrument(name).path.read_text()))
    return load_instrument(path)


def test_comments_and_layout_do_not_change_the_hash(tmp_path):
    edited = copied(tmp_path, lambda text: "# a comment\n\n" + re.sub(r"(?m)^# .*$", "# another", text))
    assert edited.sha256 == load_instrument("integrated").sha256


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points = { no = 0, possible = 2, yes = 3 }", "points = { no = 0, possible = 1, yes = 3 }"),
        ("high = 7", "high = 8"),
        ('at_least = "explicit_undated"', 'at_least = "explicit_recent"'),
        ("most = 3", "most = 4"),
    ],
)
def test_changing_what_decides_changes_the_hash(tmp_path, old, new):
    def edit(text):
        assert old in text
        text = text.replace(old, new, 1)
        return text.replace("to = 62", "to = 63") if old == "most = 3" else text

    assert copied(tmp_path, edit).sha256 != load_instrument("integrated").sha256


def test_changing_a_citation_does_not_change_the_hash(tmp_path):
    edited = copied(tmp_path, lambda text: text.replace("dvrisk weight rule:", "The weight rule:"))
    assert edited.sha256 == load_instrument("integrated").sha256


def test_first_look_asks_sixteen_scored_items_all_known_to_the_long_form():
    short, long_ = load_instrument("first-look"), load_instrument("integrated")
    scored = [item for item in short.items if item.is_scored]
    assert len(scored) == 16
    for item in scored:
        assert item.id in long_.by_id or set(item.wider_than) <= set(long_.by_id)


@pytest.mark.parametrize("ref", REFS)
def test_the_contract_of_our_own_instruments(ref):
    instrument = load_instrument(ref)
    assert instrument.levels == ("low", "moderate", "high")
    assert instrument.lowest_level.work_as == "moderate"
    assert instrument.status == "unvalidated"
    assert {"children", "victim_suicidality", "need_immediate_help"} <= set(instrument.always_ask)
    assert ("strangulation" in instrument.by_id) == ("strangulation" in instrument.always_ask)


@pytest.mark.parametrize("ref", REFS)
def test_the_cut_offs_are_those_of_the_procedure_as_far_as_few_draws_can_tell(ref):
    """`docs/studies/cutoffs.py` has ten times the draws; here each cut-off lies within three standard errors of it."""
    instrument, n_cases = load_instrument(ref), 20_000
    below = {}
    for band in instrument.bands[1:]:
        shares, budget = (
            cutoffs.flagged_shares(instrument, band.id, below, n_cases),
            cutoffs.budget(instrument, band.id),
        )
        error = 3 * (budget * (1 - budget) / n_cases) ** 0.5
        assert shares[band.first] <= budget + error
        assert shares.get(band.first - 1, 1.0) > budget - error
        below[band.id] = band.first


@pytest.mark.parametrize("ref", REFS)
def test_caps_are_half_of_what_their_members_reach_rounded_up(ref):
    instrument = load_instrument(ref)
    for cap in instrument.caps:
        groups = [group for group in instrument.groups if group.items[0] in cap.items]
        grouped = {member for group in groups for member in group.items}
        reach = sum(instrument.by_id[member].options[-1].points for member in cap.items if member not in grouped)
        for group in groups:
            reach += max(instrument.by_id[member].options[-1].points for member in group.items) + group.bonus
        assert cap.most == -(-reach // 2)
