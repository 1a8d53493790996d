"""The report of an evaluation as a browser shows and prints it."""

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from dvrisk import simulate
from dvrisk.evaluation import Setting, evaluate

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def report():
    cases = simulate("serbia-reports", n=800, seed=1)
    happened = cases.truth.cases["repeat_day"].notna().to_numpy()
    table = cases.answers.assign(repeat=happened, place=np.where(np.arange(800) % 2 == 0, "town", "village"))
    setting = Setting("nowhere, invented", "2022", "any repeat, as recorded", "365 days")
    return evaluate(table, "repeat", setting, "first-look", group="place").page()


@pytest.mark.parametrize("width", [1200, 390])
def test_the_accessibility_checker_finds_nothing_and_nothing_overflows(page, report, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(report)
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], violation["impact"]) for violation in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_picture_is_drawn_and_has_words(page, report):
    page.set_content(report)
    sizes = page.evaluate("[...document.images].map(i => [i.naturalWidth, i.alt.length])")
    assert len(sizes) == 4
    assert all(width > 400 and words > 60 for width, words in sizes)


def test_it_prints(page, report):
    page.set_content(report)
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
