"""An exercise: cases with letters, orders that are fair to each case, codes that a slip does not confuse, and a key apart."""

import json
from collections import Counter
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrisk import DataError, assess, load_instrument
from dvrisk.exercise.codes import FIRST, MOST_CODES, SECOND, make_codes, one_slip_from, unused_code
from dvrisk.exercise.folder import new_exercise
from dvrisk.exercise.making import MOST_ITEMS, Wanted, balanced_orders, is_there, make
from dvrisk.exercise.plan import PRACTICE, load_exercise, load_key

LETTERS = "ABCDEFGHIJKLMNOQRSTUVWXYZ"


@given(st.integers(1, 25))
def test_each_case_stands_at_each_place_and_follows_each_other_equally_often(n):
    orders = balanced_orders(LETTERS[:n])
    assert {frozenset(order) for order in orders} == {frozenset(LETTERS[:n])}
    for place in range(n):
        assert len(set(Counter(order[place] for order in orders).values())) == 1
    follows = Counter(pair for order in orders for pair in pairwise(order))
    assert len(set(follows.values())) <= 1
    assert len(follows) == n * (n - 1)


def apart(one, other):
    """Edit distance, written plainly."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row, last = [i], row
        for j, b in enumerate(other, start=1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b)))
    return row[-1]


@pytest.mark.parametrize("words", [FIRST, SECOND])
def test_no_two_code_words_are_alike(words):
    assert min(apart(one, other) for one, other in combinations(words, 2)) >= 3
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)


def test_codes_are_distinct_and_follow_from_the_seed():
    assert len(set(make_codes(MOST_CODES, 3))) == MOST_CODES
    assert make_codes(10, 3) == make_codes(40, 3)[:10]
    assert make_codes(10, 3) != make_codes(10, 4)
    for words in zip(*(code.split("-") for code in make_codes(12, 3)), strict=True):
        assert len(set(words)) == 12
    assert unused_code(make_codes(20, 3)) not in make_codes(20, 3)
    with pytest.raises(DataError, match="expected 1 to"):
        make_codes(MOST_CODES + 1, 1)


@given(st.sampled_from(FIRST), st.data())
def test_one_slip_is_recognised(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    changed = data.draw(st.sampled_from("qwxy"))
    slips = [
        word[:place] + word[place + 1 :],
        word[:place] + changed + word[place:],
        word[:place] + changed + word[place + 1 :],
    ]
    if place and word[place] != word[place - 1]:
        slips.append(word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :])
    assert all(one_slip_from(slip, word) for slip in slips)
    assert not one_slip_from(word, word)
    assert not any(one_slip_from(other, word) for other in FIRST if other != word)


@pytest.fixture(scope="module")
def curated():
    return make(Wanted(languages=("en", "sr", "sr-Cyrl", "sq"), tell_again=2))


@pytest.fixture(scope="module")
def invented():
    return make(Wanted(languages=("en", "sq"), recipe="training-mix", n_cases=8))


@pytest.mark.parametrize("which", ["curated", "invented"])
def test_the_key_is_what_the_instrument_makes_of_the_facts(which, request):
    exercise, key = request.getfixturevalue(which)
    known = load_instrument(exercise.instrument).by_id
    assert list(key.cases) == [case.letter for case in exercise.cases]
    for one in key.cases.values():
        a = assess({item: answer for item, answer in one.facts.items() if item in known}, exercise.instrument)
        assert (one.level, one.at_least, one.level_high) == (a.level, a.at_least, a.level_high)


@pytest.mark.parametrize("which", ["curated", "invented"])
def test_every_language_tells_the_same_facts_in_as_many_sentences(which, request):
    exercise, key = request.getfixturevalue(which)
    for case in exercise.cases:
        assert tuple(case.words) == exercise.languages
        assert len({len(words.sentences) for words in case.words.values()}) == 1
        n = len(case.words["en"].sentences)
        assert all(1 <= place <= n for places in key.cases[case.letter].said_in.values() for place in places)


@pytest.mark.parametrize("which", ["curated", "invented"])
def test_the_sheet_has_twelve_facts_on_which_the_cases_differ(which, request):
    exercise, key = request.getfixturevalue(which)
    assert len(exercise.items) == MOST_ITEMS
    told = [{is_there(item, one.facts.get(item)) for one in key.cases.values()} for item in exercise.items]
    assert all(found & {True, False} for found in told)
    assert sum({True, False} <= found for found in told) >= 8


def test_a_case_that_is_told_again_tells_the_same_facts_in_other_words(curated):
    exercise, key = curated
    again = [case for case in exercise.cases if case.tells_again]
    assert [case.tells_again for case in again] == ["A", "B"]
    for case in again:
        first = next(one for one in exercise.cases if one.letter == case.tells_again)
        told, facts = key.cases[case.letter].facts, key.cases[first.letter].facts
        assert told.items() <= facts.items()
        closed = ("not_asked", "not_applicable")
        lost = {item for item in facts.keys() - told.keys() if facts[item] not in closed}
        assert lost <= {
            "firearm_access",
            "firearm_owned",
            "firearm_through_others",
            "firearm_in_dwelling",
            "firearm_through_job_or_hobby",
        }
        assert not set(case.words["en"].sentences) & set(first.words["en"].sentences)


def test_for_two_hours_there_are_fewer_cases():
    exercise, _ = make(Wanted(n_cases=4))
    assert exercise.letters == tuple("ABCD")
    assert len(exercise.booklets) == 4


def test_the_same_wishes_make_the_same_exercise(curated):
    again = make(Wanted(languages=("en", "sr", "sr-Cyrl", "sq"), tell_again=2))
    assert again == curated
    assert make(Wanted(seed=2)).exercise.id != make(Wanted(seed=1)).exercise.id


def test_an_exercise_that_follows_keeps_codes_and_items_and_reads_two_cases_again(curated):
    later = make(Wanted(languages=("en",)), curated)
    assert later.exercise.codes == curated.exercise.codes
    assert later.exercise.items == curated.exercise.items
    assert later.exercise.follows == curated.exercise.id
    assert [case.seen_before for case in later.exercise.rated if case.seen_before] == ["A", "B"]
    new = [case for case in later.exercise.rated if not case.seen_before]
    assert 3 <= len(new) <= 4
    assert not {case.source for case in new} & {case.source for case in curated.exercise.cases}


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Wanted(languages=("de",)), "languages: expected some of en"),
        (Wanted(cases=("the-notebook", "the-notebok", "first-grade")), "did you mean the-notebook"),
        (Wanted(cases=("the-notebook",)), "a practice case and at least two others"),
        (Wanted(items=("strangulatoin",)), "did you mean strangulation"),
        (Wanted(items=("relationship",)), "could be marked"),
        (Wanted(people=0), "expected 1 to"),
        (Wanted(recipe="training-mix", n_cases=1), "n_cases"),
        (Wanted(n_cases=12), "n_cases: got 12, expected at most 11"),
        (Wanted(tell_again=9), "tell_again"),
        (Wanted(instrument="lap-2"), "items of its own"),
    ],
)
def test_a_wish_that_can_t_be_had_is_refused(wanted, message):
    with pytest.raises(DataError, match=message):
        make(wanted)


def test_the_folder_holds_the_key_apart_and_nothing_is_written_over(tmp_path):
    folder = tmp_path / "vežba č"
    exercise = new_exercise(folder, Wanted(languages=("sr", "sq"), people=5))
    assert load_exercise(folder) == exercise
    key = load_key(folder)
    levels = {one.level for one in key.cases.values()}
    plan = json.loads((folder / "exercise.json").read_text(encoding="utf-8"))
    assert "key" not in plan
    printed = [path for path in folder.rglob("*.html") if "key" not in path.parts]
    assert len(printed) == 2 * (8 + 3)
    assert levels
    with pytest.raises(DataError, match="holds other data"):
        new_exercise(folder)


def test_no_printed_page_for_participants_says_a_level_of_the_key(tmp_path):
    new_exercise(tmp_path / "x", Wanted(people=5))
    for path in (tmp_path / "x" / "print" / "en").glob("booklet-*.html"):
        assert "instrument's level" not in path.read_text(encoding="utf-8")
    assert PRACTICE == "P"


@pytest.mark.parametrize("text", ["{}", '{"format": "other"}', "not json"])
def test_a_folder_that_is_no_exercise_is_refused(tmp_path, text):
    with pytest.raises(DataError, match="exercise new"):
        load_exercise(tmp_path)
    (tmp_path / "exercise.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        load_exercise(tmp_path)
