"""Deliberately wrong definitions, each one edit away from a sound twin: loading says where, what, and what to do."""

from pathlib import Path

import pytest

from dvrisk import Instrument, InstrumentError, UnknownInstrumentError, load_instrument

SOUND = Path(__file__).parent / "sound" / "1.0.toml"

WRONG = {
    "overlapping bands": ("from = 2\nto = 3", "from = 1\nto = 3", "low (to 1) and moderate (from 1) overlap"),
    "a gap between bands": ("from = 2\nto = 3", "from = 3\nto = 3", "no level for 2 to 2, between low and moderate"),
    "bands end too late": ("to = 7", "to = 9", "bands.high.to: got 9, expected 7, the greatest score there can be"),
    "bands start too early": ("from = 0\n", "from = -1\n", "bands.low.from: got -1, expected 0"),
    "a band upside down": ("from = 2\nto = 3", "from = 3\nto = 2", "starts at 3 and ends at 2"),
    "points on an open state": ("no = 0, yes = 2 }", "no = 0, yes = 2, unknown = 1 }", "an open state has no points"),
    "points for no option": ("no = 0, yes = 2 }", "no = 0, yess = 2 }", "points.yess: not an option. Expected no, yes"),
    "an option without points": ("points = { no = 0, yes = 2 }", "points = { no = 0 }", "no points for yes"),
    "points that fall": (
        "sometimes = 1, constant = 2",
        "sometimes = 3, constant = 2",
        "points fall from sometimes (3) to constant (2)",
    ),
    "points in quotes": (
        "yes = 2 }",
        'yes = "2" }',
        "items.strangulation.options.yes.points: got '2', expected a whole number without quotes",
    ),
    "points with a fraction": (
        "yes = 2 }",
        "yes = 2.5 }",
        "items.strangulation.options.yes.points: got 2.5, expected a whole number",
    ),
    "a rule with not": (
        'when = { item = "strangulation"',
        'when = { not = "x", xitem = "strangulation"',
        "a rule may not use 'not'",
    ),
    "a rule with is": (
        'when = { item = "strangulation", at_least = "yes" }',
        'when = { item = "strangulation", is = "yes" }',
        "a rule may not use 'is'",
    ),
    "a rule over the score": (
        'when = { item = "strangulation", at_least = "yes" }',
        "when = { score = 3 }",
        "expected one of { item, at_least }",
    ),
    "a rule over an open state": (
        'at_least = "yes" }',
        'at_least = "unknown" }',
        "unknown is not an option of strangulation",
    ),
    "a rule that always holds": ('at_least = "yes" }', 'at_least = "no" }', "strangulation is always at least no"),
    "a rule over an unknown item": (
        '{ item = "strangulation", at',
        '{ item = "strangulaton", at',
        "strangulaton is not there (did you mean strangulation?)",
    ),
    "a rule that counts too many": ("count = 2", "count = 3", "asks for 3 of 2"),
    "a rule with two effects": ("raise = 1", 'raise = 1\nfloor = "high"', "either a floor or a raise"),
    "a rule without effect": ("raise = 1\n", "", "either a floor or a raise"),
    "a floor that is no level": ('floor = "high"', 'floor = "severe"', "got severe, expected one of moderate, high"),
    "a rule without a source": ('sources = ["E09"]', "sources = []", "rules.first.sources"),
    "a rule with an unknown source": ('sources = ["made"]', 'sources = ["nowhere"]', "nowhere is not there"),
    "an item in two groups": (
        "bonus = 1\n",
        'bonus = 1\n\n[[groups]]\nid = "more"\nitems = ["jealousy", "own_item"]\nbonus = 0\n',
        "jealousy stands in 2 of them",
    ),
    "half a group under a cap": (
        '"strangulation", "jealousy", "earlier_reports"]',
        '"jealousy", "earlier_reports"]',
        "holds a part of group group",
    ),
    "a group of one": ('items = ["strangulation", "jealousy"]', 'items = ["strangulation"]', "groups.group.items"),
    "an item that stands twice": ('id = "jealousy"', 'id = "strangulation"', "points"),
    "an item described twice": (
        'id = "strangulation"\npoints',
        'id = "strangulation"\nlook_back = "now"\npoints',
        "the item bank already says its look_back",
    ),
    "an item not in the bank": (
        'id = "jealousy"\npoints',
        'id = "jealosy"\npoints',
        "not in the item bank (did you mean jealousy?)",
    ),
    "a private item with points": (
        'id = "victim_suicidality"\npoints = { no = 0, yes = 0 }',
        'id = "victim_suicidality"\npoints = { no = 0, yes = 1 }',
        "private, but it has points",
    ),
    "a one-way item that starts above 0": (
        "none = 0, one = 1, several = 2",
        "none = 1, one = 1, several = 2",
        "one_way, but its first option has points",
    ),
    "a gate that is not there": (
        '[[items]]\nid = "children"\npoints = { no = 0, yes = 0 }\n',
        "",
        "children is not there",
    ),
    "a missing key": ('version = "1.0"\n', "", "version: is missing. Add it"),
    "a version that is a number": ('version = "1.0"', "version = 1.0", "version: got 1.0, expected a text in quotes"),
    "an unknown key": ('status = "draft"', 'status = "draft"\ncolour = "green"', "colour: is not a known key"),
    "missing rights": ('[rights]\nlicence = "CC0-1.0"\nholder = "nobody"\nstatus = "own"\n', "", "rights: is missing"),
    "an option that is a state": ('options = ["no", "yes"]', 'options = ["unknown", "yes"]', "own_item"),
    "a lowest level that nothing earns": (
        'option = "yes", warning',
        'option = "no", warning',
        "expected its least risky option, yes",
    ),
    "no review interval": ("undetermined = 15\n", "", "expected a number of days for each of"),
    "a key that stands twice": ('id = "sound"', 'id = "sound"\nid = "sound"', "line 3"),
    "no TOML at all": ('id = "sound"', "id = yes", "not readable as TOML"),
    "nothing": (None, "", "items: expected [[items]] tables"),
}


def test_the_sound_twin_loads():
    assert isinstance(load_instrument(SOUND), Instrument)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_definition_is_refused_with_a_reason(name, tmp_path):
    old, new, expected = WRONG[name]
    sound = SOUND.read_text()
    assert old is None or old in sound, "the edit must still apply to the twin"
    path = tmp_path / "1.0.toml"
    path.write_text("" if old is None else sound.replace(old, new, 1))
    with pytest.raises(InstrumentError) as caught:
        load_instrument(path)
    assert expected in str(caught.value)
    assert str(path) in str(caught.value)


def test_several_problems_come_together(tmp_path):
    path = tmp_path / "1.0.toml"
    edits = [
        ("count = 2", "count = 3"),
        ('floor = "high"', 'floor = "severe"'),
        ("from = 2\nto = 3", "from = 1\nto = 3"),
    ]
    text = SOUND.read_text()
    for old, new in edits:
        text = text.replace(old, new, 1)
    path.write_text(text)
    with pytest.raises(InstrumentError) as caught:
        load_instrument(path)
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("text", ["instruments/integrated/1.0.toml", "/etc/passwd", "..", "integrated/1.0", "my.toml"])
def test_a_string_is_never_a_path(text):
    with pytest.raises(UnknownInstrumentError):
        load_instrument(text)


def test_unknown_ids_versions_and_types():
    with pytest.raises(UnknownInstrumentError, match=r"did you mean integrated\?"):
        load_instrument("integratd")
    with pytest.raises(UnknownInstrumentError, match=r"no version '9.9', expected one of 1.0"):
        load_instrument("integrated@9.9")
    with pytest.raises(UnknownInstrumentError, match=r"expected an id"):
        load_instrument(7)


def test_a_binary_or_huge_definition_is_refused(tmp_path):
    for name, content, expected in (
        ("binary", bytes(range(256)), "not text in UTF-8"),
        ("huge", b"#" * 10_000_000, "expected at most"),
        ("deep", b"a = " + b"[" * 100_000, "nested too deeply"),
    ):
        path = tmp_path / f"{name}.toml"
        path.write_bytes(content)
        with pytest.raises(InstrumentError, match=expected):
            load_instrument(path)
    with pytest.raises(InstrumentError, match="can't be read"):
        load_instrument(tmp_path)
