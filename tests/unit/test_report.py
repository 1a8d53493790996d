"""What the one-page report holds, and what it never holds."""

import re
from html import unescape

import pytest
import shipped

from dvrisk import DataError, assess, load_instrument
from dvrisk.language_files import languages
from dvrisk.words import load_words

GRAVE = {
    "threat_to_kill": "explicit_recent",
    "separation": "within_3_months",
    "firearm_owned": "yes",
    "victim_suicidality": "yes",
    "need_interpreter": "yes",
    "following_or_watching": "declined",
}


def said(page):
    """The text of a page, without its pictures."""
    body = re.sub(r"<svg.*?</svg>", "", page[page.index("<body") :], flags=re.S)
    return unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("ref", shipped.EVERY)
def test_it_says_the_level_as_the_explanation_does_in_every_language(ref, lang):
    a = assess({}, ref, **shipped.LEAVE)
    assert a.explain(lang).splitlines()[2] in said(a.report(lang))
    assert a.level_label(lang) in said(a.report(lang))


def test_it_names_rules_facts_prompts_and_what_is_open():
    a = assess(GRAVE)
    text = said(a.report(jurisdiction="RS"))
    assert "By a rule (at least high): An explicit threat to kill her is reported." in text
    assert "Threat to kill: explicit" in text
    assert "Firearms: register check" in text
    assert f"{a.missing['declined']} declined" in text
    assert "Immediate danger: decided by a person" in text


def test_questions_that_still_decide_are_on_it():
    text = said(assess({}).report())
    assert "Answers that can still change the level" in text
    assert "1. " in text
    assert "3. " in text
    assert "4. " not in text


def test_her_needs_and_her_own_thoughts_are_never_on_it():
    open_page = assess(
        {key: code for key, code in GRAVE.items() if key not in ("victim_suicidality", "need_interpreter")}
    )
    assert assess(GRAVE).report() == open_page.report()


@pytest.mark.parametrize("lang", languages())
def test_every_picture_says_in_words_what_it_shows(lang):
    a = assess(GRAVE)
    page = a.report(lang)
    words = load_words(a.definition, lang)
    pictures = re.findall(r"<svg .*?</svg>", page, flags=re.S)
    spoken = [unescape(re.search(r'aria-label="([^"]+)"', picture)[1]) for picture in pictures]
    assert all(re.search(r"<title>[^<]+</title>", picture) for picture in pictures)
    assert str(a.score_low) in spoken[0]
    assert str(a.score_high) in spoken[0]
    assert words.level(a.level) in spoken[0]
    shown = [row for row in a.contributions if row.low]
    assert sorted(spoken[1:]) == sorted(words.counted(row.low, "point") for row in shown)


def test_the_picture_moves_with_the_score():
    """The black bar ends in the band of the established score, the hatching at the greatest."""

    def mark(a):
        return int(re.search(r'width="(\d+)" height="8" fill="#000"', a.report())[1])

    def hatched(a):
        found = re.search(r'<rect x="(\d+)"[^>]* width="(\d+)"[^>]*url\(#possible\)', a.report())
        return (int(found[1]), int(found[1]) + int(found[2])) if found else None

    definition = load_instrument("first-look")
    empty, high = assess({}, definition), assess(dict.fromkeys(["strangulation", "forced_sex"], "yes"), definition)
    least = assess({item.id: item.codes[0] for item in definition.items}, definition)
    assert mark(empty) == mark(least) < mark(high)
    assert hatched(least) is None
    assert hatched(high)[1] <= hatched(empty)[1]
    assert hatched(high)[0] == mark(high)


def test_it_stands_alone_and_carries_its_identity():
    a = assess(GRAVE)
    page = a.report()
    assert not re.search(r"<script|<link|https?://(?!www\.w3\.org/2000/svg)|url\((?!#possible)", page)
    assert a.instrument.sha256 in page
    assert page.count("<h1>") == 1


def test_an_unknown_place_is_refused():
    with pytest.raises(DataError, match="jurisdiction"):
        assess({}).report(jurisdiction="FR")
