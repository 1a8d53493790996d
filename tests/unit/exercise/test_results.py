"""Where the group splits, on which facts, and who may be seen on which page."""

import html
import re
from dataclasses import replace
from random import Random

import numpy as np
import pytest
import scene
from hypothesis import given
from hypothesis import strategies as st

from dvrisk import Rater
from dvrisk.exercise.handouts import group_page, slips
from dvrisk.exercise.leans import Leans, seen
from dvrisk.exercise.making import Wanted, is_there, make
from dvrisk.exercise.rehearsal import DEMO_RATERS, fill_in
from dvrisk.exercise.results import FEWEST_OF_AN_AGENCY, Results, as_round, rated_only
from dvrisk.exercise.retest import since
from dvrisk.exercise.room import room_page
from dvrisk.exercise.sheets import Panel, Sheet, Vote
from dvrisk.exercise.texts import Texts
from dvrisk.exercise.trainer import trainer_page
from dvrisk.language_files import languages

LEVELS = ("low", "moderate", "high")


def plain(page):
    """Take the text of a page."""
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.S)))


def results_of(made, sheets, **more):
    exercise = rated_only(made.exercise, sheets)
    return Results(exercise, made.key, as_round(sheets, exercise), **more)


def sheet(made, person, case, level, yes=(), facts=(), **more):
    marks = {item: "yes" if item in yes else "no" for item in made.exercise.items}
    return Sheet(made.exercise.codes[person], case, level, None, None, None, marks, facts, **more)


@pytest.fixture
def split(made):
    """Case A: three say high and saw the first fact, two say low and did not; case B: all say low."""
    first = made.exercise.items[0]
    given = [sheet(made, person, "A", "high", [first], (2, 5)) for person in range(3)]
    given += [sheet(made, person, "A", "low", [], (5,)) for person in (3, 4)]
    return results_of(made, [*given, *(sheet(made, person, "B", "low") for person in range(5))])


def test_a_split_names_case_sides_facts_and_sentences(made, split):
    (found,) = split.splits
    assert (found.case, found.above, found.below) == (0, (0, 1, 2), (3, 4))
    assert found.share == pytest.approx(1 - (3 * 2 + 2 * 1) / (5 * 4))
    assert (found.facts[0].item, found.facts[0].difference.value) == (0, 1.0)
    assert found.sentences == ((5, 3, 2), (2, 3, 0))
    assert split.counts(0) == (2, 0, 3)


def test_who_marks_that_the_text_does_not_tell_did_not_see_the_fact(made):
    """Three say high and saw it; three say low and mark “the text does not tell”: that is the split, 3 of 3 against 0 of 3."""
    first = made.exercise.items[0]
    given = [sheet(made, person, "A", "high", [first]) for person in range(3)]
    unclear = sheet(made, 3, "A", "low")
    given += [
        unclear._replace(code=made.exercise.codes[p], marks={**unclear.marks, first: "unknown"}) for p in (3, 4, 5)
    ]
    results = results_of(made, given)
    assert (results.splits[0].facts[0].item, results.splits[0].facts[0].difference.value) == (0, 1.0)
    text = plain(room_page(results, "en"))
    assert "3 of 3" in text
    assert "0 of 3" in text


def test_blanks_and_missing_sheets_are_counted_apart(made):
    first, second = made.exercise.items[:2]
    one, other = sheet(made, 0, "A", "high"), sheet(made, 1, "A", None)
    given = [
        one._replace(marks={**one.marks, first: "unknown", second: "not_asked"}),
        other,
        sheet(made, 1, "B", "low"),
        sheet(made, 2, "A", "low"),
    ]
    text = " ".join(plain(trainer_page(results_of(made, given), "en", [])).split())
    assert "4 sheets of 3 people on 2 cases" in text
    assert "Left blank: 1 levels, 1 marks on facts." in text
    codes = made.exercise.codes
    assert f"Sheets that are missing: {codes[0]} B; {codes[2]} B" in text


def test_before_and_after_compare_the_same_people_and_cases(made):
    before = [sheet(made, person, case, "high") for person in range(6) for case in "ABC"]
    after = [sheet(made, person, "A", "high") for person in range(2)] + [sheet(made, 5, "C", "low")]
    results = results_of(made, before)
    results = replace(results, after=as_round(after, results.exercise))
    text = " ".join(plain(room_page(results, "en")).split())
    assert "Case A 2 of 2 2 of 2" in text
    assert "Case B 0 of 0 0 of 0" in text
    assert "1 of 3 ratings changed: 0 became higher, 1 lower." in text


@given(st.lists(st.sampled_from(LEVELS), min_size=2, max_size=20))
def test_sides_are_divided_as_evenly_as_they_can_be(made, levels):
    results = results_of(made, [sheet(made, person, "A", level) for person, level in enumerate(levels)])
    if len(set(levels)) == 1:
        assert not results.splits
        return
    (found,) = results.splits
    ranks = sorted(map(LEVELS.index, levels))
    gaps = [abs(2 * sum(rank >= cut for rank in ranks) - len(ranks)) for cut in (1, 2)]
    assert abs(len(found.above) - len(found.below)) == min(gaps)
    assert found.above
    assert found.below


@given(st.lists(st.sampled_from(["", "police", "court", "social work", "school"]), min_size=3, max_size=20))
def test_no_shown_group_is_small_and_none_can_be_worked_out(made, agencies):
    codes = made.exercise.codes[: len(agencies)]
    given_by = {code: agency for code, agency in zip(codes, agencies, strict=True) if agency}
    results = results_of(made, [sheet(made, p, "A", "high") for p in range(len(agencies))], agencies=given_by)
    groups = results.agency_groups
    if groups:
        assert min(map(len, groups.values())) >= FEWEST_OF_AN_AGENCY
        assert sorted(place for places in groups.values() for place in places) == list(range(len(agencies)))
        assert len(groups) >= 2


# ---------------------------------------------------------------------------------------------------------------- pages


@pytest.fixture(scope="module")
def whole(made, sheets):
    agencies = dict(zip(made.exercise.codes, ["policija"] * 7 + ["tužilaštvo"] * 6 + ["sud <b>"] * 7, strict=True))
    after = as_round(fill_in(made, DEMO_RATERS, seed=3, round=2), made.exercise)
    return results_of(made, sheets, after=after, agencies=agencies)


PANEL = Panel(tuple(Vote(person, case, "high", True, "the key <i>") for person in "abc" for case in "ABC"))


@pytest.mark.parametrize("lang", languages())
def test_the_projector_s_page_has_no_code_and_no_small_agency(made, whole, lang):
    for results in (whole, replace(whole, panel=PANEL), replace(whole, after=None)):
        page = room_page(results, lang)
        text = plain(page)
        assert not [code for code in made.exercise.codes if code in page]
        assert "policija" in text
        assert len(page.encode()) < 2_000_000
        assert "{" not in text
        assert not re.search(r"<details[^>]+open", page)
        assert not re.search(r"<script|<link|<img|http|javascript", page)
    few = {code: agency for code, agency in whole.agencies.items() if agency != "policija"}
    few |= dict.fromkeys(made.exercise.codes[:4], "policija")
    assert "policija" not in room_page(replace(whole, agencies=few), lang)


@pytest.mark.parametrize("lang", languages())
def test_the_group_s_page_has_no_code_and_no_agency(made, whole, lang):
    page = group_page(replace(whole, panel=PANEL), lang)
    assert not [word for word in (*made.exercise.codes, *whole.agencies.values()) if word in page]
    assert "{" not in plain(page)


def test_without_votes_nobody_is_compared_with_anybody(made, whole):
    for page in (room_page(whole, "en"), group_page(whole, "en"), trainer_page(whole, "en", []), slips(whole, "en")):
        assert not re.search(
            r"panel's level|than the panel|Beside the panel|\d+ lower, \d+ the same|under-?rat|over-?rat", plain(page)
        )
    assert "The instrument's level" in plain(room_page(whole, "en"))
    voted = replace(whole, panel=PANEL)
    assert "In this group: " in plain(room_page(voted, "en"))
    assert "than the panel" in plain(trainer_page(voted, "en", []))


def test_a_panel_that_split_is_shown_as_such(made, whole):
    votes = tuple(Vote(person, "A", level, None, "") for person, level in zip("abc", LEVELS, strict=True))
    text = plain(room_page(replace(whole, panel=Panel(votes)), "en"))
    assert "The panel itself split on this case" in text
    assert "The panel did not vote on this case" in text


def test_what_people_typed_is_never_markup(made, whole):
    page = room_page(replace(whole, panel=PANEL), "en")
    assert "the key &lt;i&gt;" in page
    assert "sud &lt;b&gt;" in page
    assert "<b>" not in page
    assert "<i>" not in page


@pytest.mark.parametrize("lang", languages())
def test_every_slip_has_two_strengths_first_and_only_its_own_code(made, whole, lang):
    pages = slips(whole, lang).split("<section")[1:]
    assert len(pages) == len(whole.before.codes)
    for page, code in zip(pages, whole.before.codes, strict=True):
        assert [other for other in made.exercise.codes if other in page] == [code]
        assert page.index("<ul>") < page.index("<h2>", page.index("<h2>") + 1)
        assert page[: page.index("</ul>")].count("<li>") == 2
        assert "{" not in plain(page)


def test_a_slip_lists_exactly_what_was_missed_and_what_the_text_denies(made):
    """Of every fact of case A: one that the text tells is marked no, one that it denies is marked yes; the rest is right."""
    facts = made.key.cases["A"].facts
    told, denied = (
        [item for item in made.exercise.items if is_there(item, facts.get(item)) is kind] for kind in (True, False)
    )
    results = results_of(made, [sheet(made, person, "A", "high", [*told[1:], denied[0]]) for person in range(3)])
    page = slips(results, "en").split("<section")[1]
    headings = page.split("<h2>")
    lists = {part.split("</h2>")[0]: re.findall(r"<li>(.*?)</li>", part) for part in headings[1:]}
    label = Texts(made.exercise, "en").label
    assert [one.split(": ")[1] for one in lists["Facts that the text tells and you marked “no” or left open"]] == [
        label(told[0])
    ]
    assert [one.split(": ")[1] for one in lists["Facts that you marked “yes” and the text denies"]] == [
        label(denied[0])
    ]
    assert "a lower level on 0 of 1 cases, the same on 1, a higher one on 0" in plain(page)


@pytest.mark.parametrize("lang", languages())
def test_the_trainer_s_page_names_the_one_and_the_facts(made, whole, lang):
    low = made.exercise.codes[6]
    leans = Leans(whole)
    assert [whole.before.codes[place] for place in leans.apart] == [low]
    page = trainer_page(whole, lang, ["a <problem>"])
    text = plain(page)
    assert text.index(low) < min(text.index(code) for code in made.exercise.codes if code != low)
    assert "a &lt;problem&gt;" in page
    assert "<title>" in page.split("<svg")[1]
    assert "{" not in text
    for fact in leans.facts_of(6):
        assert fact.own / fact.of < fact.others


def test_three_people_and_one_case_make_pages_that_say_too_few(made):
    results = results_of(made, [sheet(made, person, "A", "high") for person in range(2)])
    for lang in languages():
        for page in (
            room_page(results, lang),
            trainer_page(results, lang, []),
            group_page(results, lang),
            slips(results, lang),
        ):
            assert "{" not in plain(page)
            assert "nan" not in plain(page).lower().split()
    assert "Too few people or cases" in plain(room_page(results, "en"))
    assert "That can't be said here" in plain(trainer_page(results, "en", []))


def any_sheets(made, draw):
    """Sheets of up to six people on up to four cases, with holes anywhere."""
    pairs = [(code, case) for code in made.exercise.codes[: draw.randint(1, 6)] for case in made.exercise.letters[:4]]
    either = (None, True, False)
    return [
        Sheet(
            *pair,
            level=draw.choice((None, *LEVELS)),
            immediate_danger=draw.choice(either),
            measure=draw.choice(either),
            confidence=None,
            marks={item: draw.choice(("yes", "no", "unknown", "not_asked")) for item in made.exercise.items},
            facts=(1,),
        )
        for pair in draw.sample(pairs, draw.randint(1, len(pairs)))
    ]


@pytest.mark.parametrize("seed", range(25))
def test_pages_are_made_of_whatever_was_filled_in(made, seed):
    """Sheets with holes anywhere, two times, with and without a panel: no page fails, and none says nan."""
    draw = Random(seed)
    results = results_of(made, any_sheets(made, draw), panel=draw.choice((PANEL, Panel())))
    again = [one for one in any_sheets(made, draw) if one.case in results.exercise.letters]
    results = replace(results, after=as_round(again, results.exercise) if again else None)
    pages = [room_page(results, "en"), trainer_page(results, "en", []), group_page(results, "en"), slips(results, "en")]
    pages.append(since([results_of(made, any_sheets(made, draw)), results], "en"))
    for page in pages:
        assert not re.search(r"\bnan\b|\binf\b", plain(page))


# ------------------------------------------------------------------------------------------------- one rater apart


@pytest.mark.parametrize("shift", [-2.0, 0.0])
def test_one_rater_apart_is_singled_out_and_nobody_else(shift):
    """Twenty people, eight cases, twelve facts: nine in ten exercises name that person alone, or nobody.

    Forty exercises here; the deep tests and docs/studies/apart.py count two hundred.
    """
    assert scene.right(shift, 40) >= 36


def test_leans_rest_on_levels_danger_and_facts_but_not_on_the_measure(made, sheets):
    one = as_round(sheets, made.exercise)
    assert seen(one).shape == (20, len(made.exercise.letters), 2 + len(made.exercise.items))
    other = as_round([s._replace(measure=not s.measure) for s in sheets], made.exercise)
    assert np.array_equal(seen(one), seen(other), equal_nan=True)


# ------------------------------------------------------------------------------------------------------------- later


@pytest.fixture(scope="module")
def later(made):
    return make(Wanted(languages=made.exercise.languages), made)


def test_a_planted_drift_is_seen_and_none_where_there_is_none(made, later):
    steady = [Rater(noise=0.2)] * 12
    first = results_of(made, fill_in(made, steady, seed=5))
    moved = [Rater(noise=0.2, severity=-6.0), *steady[1:]]
    drifted = results_of(later, fill_in(later, moved, seed=6))
    said = plain(since([first, drifted], "en"))
    rows = {code: said.split(f"{code}:")[1].split("rater")[1] for code in made.exercise.codes[:12]}
    assert "levels lower with each round" in rows[made.exercise.codes[0]]
    assert "12 people took part in all 2 exercises" in said
    same = plain(since([first, results_of(later, fill_in(later, steady, seed=6))], "en"))
    sizes = [float(size) for size in re.findall(r"rates (\d\.\d) levels", same)]
    assert all(size < 0.5 for size in sizes)


@pytest.mark.parametrize("lang", languages())
def test_cases_that_come_again_show_whether_people_repeat_themselves(made, later, lang):
    first = results_of(made, fill_in(made, [Rater(noise=0.05)] * 12, seed=5))
    second = results_of(later, fill_in(later, [Rater(noise=0.05)] * 12, seed=6))
    said = plain(since([first, second], lang))
    assert "{" not in said
    if lang == "en":
        assert re.search(r"same level a second time|gave .* the same level", said)
    assert since([first], lang) == ""


def test_with_two_people_in_both_exercises_nothing_is_said_about_drift(made, later):
    first = results_of(made, [sheet(made, person, "A", "high") for person in range(5)])
    second = results_of(later, [sheet(later, person, "A", "high") for person in (0, 1)])
    assert "Too few" in plain(since([first, second], "en"))
