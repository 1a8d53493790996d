"""The pages of an exercise as a browser prints and shows them."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from dvrisk.exercise.folder import new_exercise
from dvrisk.exercise.making import Wanted
from dvrisk.exercise.rehearsal import demo

pytestmark = pytest.mark.needs("chromium")

LANGUAGES = ("en", "sr", "sr-Cyrl", "sq")


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exercise") / "demo"
    demo(folder, LANGUAGES)
    return folder


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exercise") / "invented"
    new_exercise(folder, Wanted(languages=LANGUAGES, recipe="training-mix", people=40))
    return folder


def opened(page, path):
    page.goto(path.as_uri())
    return page


def printed_pages(page, path):
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", opened(page, path).pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("which", ["shown", "invented"])
def test_every_case_and_every_sheet_prints_on_a_page_of_its_own(page, which, lang, request):
    """One booklet stands for all: they hold the same pages in other orders."""
    folder = request.getfixturevalue(which) / "print" / lang
    cover, cases = 1, 9
    assert printed_pages(page, folder / "booklet-1.html") == cover + cases
    assert printed_pages(page, folder / "answer-sheets.html") == cases
    assert printed_pages(page, folder / "facilitator.html") == 1
    assert printed_pages(page, folder / "codes.html") == (2 if which == "shown" else 4)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_printed_page_says_that_the_cases_are_invented(page, shown, lang):
    for path in [*(shown / "print" / lang).glob("*.html"), shown / "key" / f"{lang}.html"]:
        opened(page, path)
        sections = page.locator("section.sheet")
        assert sections.count() == page.locator("section.sheet > p.running").count() > 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_room_sees_nothing_until_a_chapter_is_opened(page, shown, lang):
    opened(page, shown / "report" / lang / "room.html")
    chapters = page.locator("main > details")
    assert chapters.count() == 6
    assert page.locator("details[open]").count() == 0
    for number in range(6):
        chapter = chapters.nth(number)
        inside = chapter.locator(":scope > *:not(summary)").first
        assert not inside.is_visible()
        chapter.locator("summary").first.click()
        assert inside.is_visible()


def test_a_chapter_opens_by_keyboard(page, shown):
    opened(page, shown / "report" / "en" / "room.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1


@pytest.mark.parametrize("lang", ["en", "sr-Cyrl"])
def test_the_accessibility_checker_finds_nothing(page, shown, lang):
    for path in (
        "report/{}/room.html",
        "report/{}/group.html",
        "private/{}/trainer.html",
        "private/{}/slips.html",
        "print/{}/answer-sheets.html",
    ):
        opened(page, shown / path.format(lang))
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page).response["violations"]
        assert [(violation["id"], violation["impact"]) for violation in found] == [], path


def test_no_page_asks_the_network_for_anything(page, shown):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in shown.rglob("*.html"):
        opened(page, path)
    assert all(url.startswith("file:") for url in asked)
