"""Checklists as a browser shows and prints them."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from dvrisk import fill_checklist, list_checklists
from dvrisk.checklists import checklist_page
from dvrisk.language_files import languages

pytestmark = pytest.mark.needs("chromium")


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("name", list_checklists())
def test_a_checklist_page_is_accessible(page, name, lang):
    page.set_content(checklist_page(fill_checklist(name, {}), lang))
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], violation["impact"]) for violation in found] == []


@pytest.mark.parametrize("lang", languages())
def test_the_personal_sheet_prints_apart_from_the_caution(page, lang):
    page.set_content(checklist_page(fill_checklist("personal-steps", {}), lang))
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 2
