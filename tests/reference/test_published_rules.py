"""Published rules against the same rules written again from their prose: 10,000 random sheets each."""

import sys
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import prose_rules as prose

from dvrisk import assess, load_instrument

SHEETS = 10_000
LEAVE = {"allow_draft": True, "training_confirmed": True}
OPEN = ["unknown", "declined", "not_asked"]


def sheets(items, seed):
    """Random sheets by item, with shares of yes and of missing that vary from sheet to sheet."""
    source = Random(seed)
    for _ in range(SHEETS):
        share, gaps = source.random(), source.choice([0, 0, 0.1, 0.4, 1])
        yield (
            {item: None if source.random() < gaps else ("yes" if source.random() < share else "no") for item in items},
            source,
        )


def given(answers, source):
    return {item: code or source.choice(OPEN) for item, code in answers.items()}


def ids(name):
    return [item.id for item in load_instrument(name).items]


@pytest.mark.parametrize(("name", "automatic"), [("lap", (1, 2, 3)), ("lap-2", (1, 3, 5))])
def test_the_lethality_screens(name, automatic):
    items = ids(name)
    instrument = load_instrument(name)
    for answers, source in sheets(items, name):
        a = assess(given(answers, source), instrument, **LEAVE)

        def rule(yes):
            numbered = {number: yes[item] for number, item in enumerate(items[:11], 1)}
            return prose.lap(numbered, yes[items[11]], automatic)

        low, high = prose.bounds(rule, answers)
        assert (a.level_low, a.level_high) == (low, high)
        nothing = all(answers[item] is None for item in items[:11]) and low == "not-screened-in"
        assert a.official.result == ("not-answered" if nothing else low)
        assert a.level == (low if low == high or low == "high-danger" else "undetermined")


def test_dvsat():
    items = ids("dvsat")
    instrument = load_instrument("dvsat")
    for answers, source in sheets(items, "dvsat"):
        a = assess(given(answers, source), instrument, **LEAVE)
        low, high = prose.bounds(
            lambda yes: prose.dvsat({item: yes[item] for item in items[:25]}, yes[items[25]], yes[items[26]]), answers
        )
        assert (a.level_low, a.level_high) == (low, high)
        assert a.official is None


@pytest.mark.parametrize("name", ["da-5-original", "da-5-revised"])
def test_da_5(name):
    instrument = load_instrument(name)
    for answers, source in sheets(ids(name), name):
        a = assess(given(answers, source), instrument, **LEAVE)
        assert (a.level_low, a.level_high) == prose.bounds(prose.da5, answers)


def test_danger_assessment():
    items = ids("danger-assessment")
    instrument = load_instrument("danger-assessment")
    left = items[2]
    for answers, source in sheets(items, "da"):
        sheet = given(answers, source)
        box = answers[left] == "no" and source.random() < 0.5
        if box:
            sheet[left] = "never_lived_together"
        a = assess(sheet, instrument, **LEAVE)

        def total(yes, never):
            return prose.danger_assessment({number: yes[item] for number, item in enumerate(items, 1)}, never)

        open_ = answers[left] is None
        low = total({item: code == "yes" for item, code in answers.items()}, box or open_)
        high = total({item: code in ("yes", None) for item, code in answers.items()}, box)
        assert ((a.score_low, a.level_low), (a.score_high, a.level_high)) == (low, high)
        assert a.official is None


def test_odara():
    items = ids("odara")
    instrument = load_instrument("odara")
    for answers, source in sheets(items, "odara"):
        a = assess(given(answers, source), instrument, **LEAVE)
        assert (a.official.score, a.official.result) == prose.odara(answers)
        assert a.official.scorable == (prose.odara(answers)[0] is not None)
        raw = sum(code == "yes" for code in answers.values())
        missing = sum(code is None for code in answers.values())
        assert (a.score_low, a.score_high, a.official.missing) == (raw, raw + missing, missing)
        assert (a.level_low, a.level_high) == (prose.odara_bin(raw), prose.odara_bin(raw + missing))


def test_dash():
    items = ids("dash-ric")
    instrument = load_instrument("dash-ric")
    for answers, source in sheets(items, "dash"):
        a = assess(given(answers, source), instrument, **LEAVE)
        low, high = prose.bounds(
            lambda yes: prose.dash({item: yes[item] for item in items[:24]}, *(yes[item] for item in items[24:])),
            answers,
        )
        assert (a.level_low, a.level_high) == (low, high)
        assert a.official is None
