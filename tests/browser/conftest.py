"""A real browser: the system's Chromium, driven by Playwright."""

import shutil

import pytest


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    page = chromium.new_page(offline=True)
    yield page
    page.close()
