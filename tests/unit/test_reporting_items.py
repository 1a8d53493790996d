"""Every item of TRIPOD+AI has a place where it is answered, most of them with the people who evaluate."""

from collections import Counter

import pytest
from pydantic import ValidationError

from dvrisk.reference import ReportingItem, reporting_items, unread_guidelines
from dvrisk.reference.reporting import SECTIONS

ITEMS = {item.id: item for item in reporting_items()}
MADE = {"id": "1", "section": "Title", "asks": "Name it", "applies": "D;E"}


def test_there_are_27_items_with_52_entries_each_once():
    assert len(ITEMS) == len(reporting_items()) == 52
    assert {int(id.rstrip("abcdefg")) for id in ITEMS} == set(range(1, 28))


def test_what_an_item_asks_is_said_in_ten_words_at_most():
    assert all(len(item.asks.split()) <= 10 for item in ITEMS.values())


@pytest.mark.parametrize("item", reporting_items(), ids=lambda item: item.id)
def test_an_item_is_answered_in_a_section_on_a_page_that_exists_by_the_study_or_not_at_all_with_a_reason(item, repo):
    if item.answered_in.startswith("docs/"):
        assert (repo / item.answered_in).exists()
        assert item.why
    elif item.answered_in in SECTIONS:
        assert item.why
    else:
        assert item.answered_in in ("study", "not applicable")
        assert not item.left


def test_most_items_of_an_evaluation_are_left_to_the_people_who_evaluate():
    places = Counter(item.answered_in for item in ITEMS.values() if "E" in item.applies)
    assert places["study"] > places.total() / 2
    alone = [item for item in ITEMS.values() if item.answered_in in SECTIONS and not item.left]
    assert {item.id for item in alone} == {"12f", "12g", "21", "22", "23a"}


def test_what_concerns_development_alone_is_on_a_page_or_not_applicable():
    places = {item.answered_in for item in ITEMS.values() if item.applies == "D"}
    assert all(place in ("not applicable", "setting") or place.startswith("docs/") for place in places)


def test_a_guideline_that_could_not_be_read_is_named_and_none_of_its_items_is_made_up():
    (note,) = unread_guidelines()
    assert note.startswith("RAGEE")
    assert "50 criteria could not be read" in note
    assert "http://sexual-offender-treatment.org/135.html" in note


def test_an_item_that_is_not_applicable_needs_the_reason():
    with pytest.raises(ValidationError, match="needs the reason"):
        ReportingItem(**MADE, answered_in="not applicable")
    assert ReportingItem(**MADE, answered_in="not applicable", why="Nothing is made.").left is None


@pytest.mark.parametrize("place", ["results", "docs", "README.md", ""])
def test_a_place_that_a_report_does_not_have_is_refused(place):
    with pytest.raises(ValidationError, match="pattern"):
        ReportingItem(**MADE, answered_in=place)
