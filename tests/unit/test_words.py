"""What is said, and what is never said."""

import re
import tomllib

import pytest
import shipped
import strings

from dvrisk import InstrumentError, assess, list_instruments, load_instrument
from dvrisk.actions import load_actions
from dvrisk.catalog import item_bank
from dvrisk.language_files import languages
from dvrisk.schema import UNDETERMINED
from dvrisk.weights import load_evidence
from dvrisk.words import load_words

INSTRUMENTS = [load_instrument(ref) for ref in list_instruments()]


def test_no_string_promises_the_absence_of_danger():
    texts = [*strings.in_data(), *strings.in_files()]
    found = [place for place, text in texts if strings.PROMISES.search(re.sub(r"https?://\S+", "", text))]
    assert found == []


def test_no_explanation_promises_the_absence_of_danger():
    for instrument in INSTRUMENTS:
        for sheet in ({}, {i.id: i.codes[0] for i in instrument.items}, {i.id: i.codes[-1] for i in instrument.items}):
            a = assess(sheet, instrument, **shipped.LEAVE)
            for text in (
                a.explain(),
                a.explain(jurisdiction="RS"),
                a.explain(jurisdiction="XK"),
                a._repr_html_(),
                a.to_json(),
            ):
                assert not strings.PROMISES.search(text)
                assert not strings.BLAME.search(text)


@pytest.mark.parametrize(
    "promise", ["She is safe.", "no risk", "No-risk case", "Safely at home", "without risk", "unsafe"]
)
def test_the_word_list_would_catch_a_promise(promise):
    assert strings.PROMISES.search(promise)


def test_no_string_blames_or_doubts():
    assert [place for place, text in strings.in_data() if strings.BLAME.search(text)] == []


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=str)
@pytest.mark.parametrize("lang", languages())
def test_every_language_has_words_for_everything(instrument, lang):
    words = load_words(instrument, lang)
    assert words.language == lang
    labels = [words.label(item.id) for item in instrument.items]
    assert len(set(labels)) == len(labels)
    for level in (*instrument.levels, UNDETERMINED):
        assert words.instrument["levels"][level]


def test_a_missing_word_is_an_error_that_names_it(tmp_path):
    said = words_error(tmp_path, definition=lambda text: text.replace('id = "her_own_belief"', 'id = "her_opinion"'))
    assert "rules.her_opinion is missing" in said
    assert "summary: is missing" in words_error(tmp_path, lambda text: re.sub(r"(?m)^summary = .*$", "", text))


OWN_STRANGULATION = """[items.strangulation]
label = "quarrels"
question = "?"
options = { no = "yes", yes = "no" }

[card]"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('title = "First look"', "title = 5", "title: got 5, expected a text in quotes"),
        ('based_on = "whole"', "", "levels: is missing"),
        ('based_on = "whole"', 'based_on = "half"', "based_on: got 'half', expected one of whole, area"),
        ('review = "original"', 'review = "fine"', "review: got 'fine'"),
        ("limits = [", 'limits = "one text"\ntarget = [', "card.limits: got 'one text'"),
        ("[card]", "card = 3\n[rest]", "card: got 3"),
        ("[card]", OWN_STRANGULATION, "the item bank already words it"),
        ("[card]", '[warnings]\nmutual_report = "{nothing}"\n[card]', "only {facts} and {level} are filled in"),
    ],
)
def test_a_wrong_language_file_is_refused_with_a_reason(old, new, expected, tmp_path):
    def edit(text):
        assert old in text
        return text.replace(old, new, 1)

    assert expected in words_error(tmp_path, edit)


def words_error(folder, edit=str, *, definition=str):
    source = load_instrument("first-look").path
    (folder / "1.0.toml").write_text(definition(source.read_text()))
    (folder / "1.0.en.toml").write_text(edit(source.with_name("1.0.en.toml").read_text()))
    load_words.__globals__["_load"].cache_clear()
    with pytest.raises(InstrumentError) as caught:
        load_words(load_instrument(folder / "1.0.toml"))
    return str(caught.value)


def test_an_unknown_language_is_named_with_those_there_are():
    with pytest.raises(InstrumentError, match="expected one of en"):
        assess({}).explain("xx")


def test_the_bank_and_its_wording_name_the_same_items_and_options(repo):
    worded = tomllib.loads((repo / "instruments/items.en.toml").read_text())["items"]
    assert list(worded) == list(item_bank())
    for name, entry in item_bank().items():
        assert list(worded[name]["options"]) == entry["options"], name


def test_every_prompt_has_words_duties_in_both_places_and_sources_that_exist(repo):
    worded = tomllib.loads((repo / "instruments/actions.en.toml").read_text())
    actions, studies = load_actions(), load_evidence().studies
    for prompt in actions.actions:
        assert {duty.jurisdiction for duty in prompt.duties} == {"RS", "XK"}
        assert {"title", "because", "RS", "XK"} <= set(worded["actions"][prompt.id])
        for duty in prompt.duties:
            assert duty.holder in worded["holders"]
            assert all(source in actions.citations or source in studies for source in duty.sources)


def test_a_text_that_names_an_item_of_another_form_says_so():
    short, long_ = load_instrument("first-look"), load_instrument("integrated")
    said = " ".join(load_words(short).what_counts("firearm_access", short))
    assert "“weapon seized or surrendered” (not asked on this form)" in said
    every = " ".join(text for item in long_.items for text in load_words(long_).what_counts(item.id, long_))
    assert "(not asked on this form)" not in every.replace("“access to a firearm” (not asked on this form)", "")


PROMPTED = {
    "firearm_owned": ("yes", "firearm_check"),
    "firearm_through_job_or_hobby": ("yes", "firearm_job_or_hobby"),
    "strangulation": ("yes", "strangulation_care"),
    "breach_of_measure": ("contact", "breach_report"),
    "threat_to_children": ("yes", "threat_to_children_or_handover"),
    "violence_at_handover": ("yes", "threat_to_children_or_handover"),
    "suicide_talk": ("talk", "his_suicide_talk"),
}


@pytest.mark.parametrize("item", PROMPTED)
def test_a_fact_calls_for_its_prompt_and_an_open_item_for_none(item):
    code, prompt = PROMPTED[item]
    assert prompt in {action.id for action in assess({item: code}).actions}
    assert prompt not in {action.id for action in assess({item: "unknown"}).actions}


def test_her_own_suicidality_gives_her_own_alert_and_nothing_else():
    a = assess({"victim_suicidality": "yes"})
    assert {action.id for action in a.private_actions} == {"victim_suicidality"}
    assert a.actions == ()
    assert (a.score_low, a.level) == (0, "undetermined")
