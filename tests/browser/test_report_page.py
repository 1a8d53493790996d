"""The one-page report as a browser shows and prints it."""

import re

import pytest
import shipped
from axe_playwright_python.sync_playwright import Axe

from dvrisk import assess, list_instruments, load_instrument
from dvrisk.language_files import languages

pytestmark = pytest.mark.needs("chromium")

INSTRUMENTS = [load_instrument(ref) for ref in list_instruments()]


def sheets(instrument):
    """Sheets that fill a page in different ways."""
    worst = {item.id: item.codes[-1] for item in instrument.items}
    yield "empty", {}
    yield "worst", worst
    yield "least", {item.id: item.codes[0] for item in instrument.items}
    yield "half", dict(list(worst.items())[::2])
    yield "frame only", {item.id: item.codes[-1] for item in instrument.items if item.area in ("frame", "context")}
    yield "declined", dict.fromkeys(worst, "declined")


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=str)
def test_every_page_prints_on_one_a4_sheet(page, instrument, lang):
    for name, sheet in sheets(instrument):
        for jurisdiction in (None, "RS", "XK") if name == "worst" else (None,):
            page.set_content(assess(sheet, instrument, **shipped.LEAVE).report(lang, jurisdiction=jurisdiction))
            pdf = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1, (name, jurisdiction)
            width, height = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups()
            assert (round(float(width)), round(float(height))) == (595, 842)


@pytest.mark.parametrize("lang", languages())
def test_the_accessibility_checker_finds_nothing(page, lang):
    instrument = load_instrument("integrated")
    for name, sheet in sheets(instrument):
        page.set_content(assess(sheet, instrument).report(lang))
        found = Axe().run(page).response["violations"]
        assert [(violation["id"], violation["impact"]) for violation in found] == [], name


def test_the_accessibility_checker_would_find_a_picture_without_words(page):
    made = assess({"strangulation": "yes"}).report()
    page.set_content(re.sub(r' aria-label="[^"]*"|<title>(?!Risk)[^<]*</title>', "", made))
    assert "svg-img-alt" in {violation["id"] for violation in Axe().run(page).response["violations"]}


def test_nothing_on_the_page_has_a_colour(page):
    page.set_content(assess({"strangulation": "yes"}).report())
    colours = page.evaluate(
        """() => [...new Set([...document.querySelectorAll("*")].flatMap(element => {
            const style = getComputedStyle(element);
            return [style.color, style.backgroundColor, style.borderTopColor, style.fill, style.stroke];
        }))]"""
    )
    assert set(colours) <= {
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
        "none",
        'url("#possible")',
    }


def test_nothing_is_cut_off_on_a_narrow_screen(page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.set_content(assess({"strangulation": "yes"}).report())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
