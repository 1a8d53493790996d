"""Checklists without points, and what is named and not shipped."""

import tomllib

import pytest

from dvrisk import AnswerError, UnknownInstrumentError, fill_checklist, list_checklists, list_instruments
from dvrisk.catalog import item_bank
from dvrisk.checklists import checklist_page, checklist_text, load_checklist
from dvrisk.language_files import languages
from dvrisk.others import load_others, others_in

ROWS = {"article-16": 13, "kosovo-standards": 34, "personal-steps": 12, "practice-principles": 8}


def test_the_counts_and_the_damaged_rows():
    assert {name: len(load_checklist(name).rows) for name in list_checklists()} == ROWS
    damaged = [row.id for row in load_checklist("kosovo-standards").rows if row.damaged]
    assert damaged == ["1.12", "1.18", "1.25"]
    parts = [row.id.split(".")[0] for row in load_checklist("kosovo-standards").rows]
    assert (parts.count("1"), parts.count("2")) == (25, 9)


@pytest.mark.parametrize("lang", languages())
def test_damaged_rows_are_marked_and_not_filled_in(lang):
    text = checklist_text(fill_checklist("kosovo-standards", {}), lang)
    marked = {"en": "missing in the source", "sr": "nedostaje u", "sr-Cyrl": "недостаје у", "sq": "mungon në burimin"}[
        lang
    ]
    lines = text.splitlines()
    after = [lines[number + 1] for number, line in enumerate(lines) if line.startswith(("1.12 ", "1.18 ", "1.25 "))]
    assert len(after) == 3
    assert all(marked in line for line in after)
    assert sum(marked in line for line in lines if line.startswith("    ")) == 3


@pytest.mark.parametrize("row", load_checklist("article-16").rows, ids=lambda row: row.id)
def test_a_circumstance_follows_from_facts_only_in_the_direction_that_its_match_allows(row):
    options = {fact.item: item_bank()[fact.item]["options"] for fact in row.facts}
    assert all({fact.yes_from, fact.no_to} <= set(options[fact.item]) for fact in row.facts)
    yes = fill_checklist("article-16", {fact.item: options[fact.item][-1] for fact in row.facts}).states[row.id]
    no = fill_checklist("article-16", {fact.item: options[fact.item][0] for fact in row.facts}).states[row.id]
    assert yes == ("present" if row.match in ("same", "narrower", "other window") else "open")
    assert no == ("absent" if row.match in ("same", "wider") else "open")
    assert row.why


def test_nothing_known_leaves_every_circumstance_open():
    filled = fill_checklist("article-16", {})
    assert set(filled.states.values()) == {"open"}
    assert filled.coverage == (0, 13)


def test_duties_take_their_own_answers():
    filled = fill_checklist("kosovo-standards", {"1.8": "done", "1.13": "not_done", "2.4": "not_applicable"})
    assert (filled.states["1.8"], filled.states["1.13"], filled.states["1.1"]) == ("done", "not_done", "open")
    assert filled.coverage == (3, 34)
    with pytest.raises(AnswerError) as caught:
        fill_checklist("kosovo-standards", {"1.8": "yes", "9.9": "done"})
    assert len(caught.value.problems) == 2


def test_the_sheet_of_steps_takes_no_answers_and_tells_nothing():
    with pytest.raises(AnswerError, match="takes no answers"):
        fill_checklist("personal-steps", {"1": "done"})
    page = checklist_page(fill_checklist("personal-steps", {}))
    caution, sheet = page.split("</section>")
    assert "For the worker" in caution
    for telling in ("violen", "victim", "perpetrator", "escape", "Kosovo", "dvrisk", "police", "leav"):
        assert telling not in sheet
    assert page.index("For the worker") < page.index("<h1>")
    assert "<title>Personal checklist</title>" in page


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("name", list_checklists())
def test_every_checklist_is_written_in_every_language(name, lang):
    filled = fill_checklist(name, {})
    assert checklist_text(filled, lang)
    page = checklist_page(filled, lang)
    assert page.count("<tr>" if name != "personal-steps" else "<li>") == ROWS[name] + (name != "personal-steps")


@pytest.mark.parametrize("wrong", [{"suicide_tlak": "yes"}, {"suicide_talk": "banana"}, None, ["x"]])
def test_wrong_facts_are_refused_and_not_read_as_open(wrong):
    with pytest.raises(AnswerError):
        fill_checklist("article-16", wrong)


@pytest.mark.parametrize("wrong", [None, [], "epv"])
def test_what_is_no_checklist_is_refused(wrong):
    with pytest.raises(UnknownInstrumentError):
        fill_checklist(wrong, {})


def test_notes_are_shown():
    lines = checklist_text(fill_checklist("article-16", {})).splitlines()
    assert any("never" in line for line in lines if line.startswith("    "))


def test_an_unknown_checklist_is_named_with_the_nearest():
    with pytest.raises(UnknownInstrumentError, match=r"did you mean article-16\?"):
        fill_checklist("artikel-16", {})


def test_what_is_named_is_not_shipped_and_has_reason_owner_and_something_instead():
    shipped = {ref.split("@")[0] for ref in list_instruments()}
    names = [other.id for other in load_others()]
    assert len(set(names)) == len(names) >= 25
    assert not set(names) & shipped
    for lang in languages():
        for named in others_in(lang):
            assert named.other.owner
            assert len(named.reason) > 30
            assert len(named.instead) > 30


def test_every_item_has_its_basis_in_law_or_is_not_named(repo):
    basis = tomllib.loads((repo / "instruments/legal-basis.toml").read_text(encoding="utf-8"))["items"]
    atoms = {row.id for row in load_checklist("article-16").rows}
    assert list(basis) == list(item_bank())
    for name, entry in basis.items():
        assert set(entry) <= {"article_16", "istanbul_51", "note"}, name
        assert set(entry["article_16"]) <= atoms
        assert set(entry["istanbul_51"]) <= {"51.1", "51.2"}
