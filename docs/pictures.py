"""Take the pictures of an exercise for the docs: `poe pictures`. Needs Chromium; everybody in them is invented."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from dvrisk.exercise.rehearsal import demo

DOCS = Path(__file__).parent
FOLDER = DOCS / "pictures"
WIDTH, HEIGHT = 1000, 900


def main() -> None:
    """Make the demonstration, open its pages chapter by chapter, and keep what is seen."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name) / "demo"
        demo(folder)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, offline=True)
        _room(page, folder / "report/en/room.html")
        _whole(page, folder / "private/en/trainer.html", "trainer")
        for path in ("print/en/answer-sheets.html", "private/en/slips.html", "report/en/group.html"):
            _whole(page, folder / path, Path(path).stem)
        browser.close()


def _room(page: Page, path: Path) -> None:
    page.goto(path.as_uri())
    page.screenshot(path=FOLDER / "room-0-closed.png")
    chapters = page.locator("main > details")
    for number in range(chapters.count()):
        page.goto(path.as_uri())
        chapter = page.locator("main > details").nth(number)
        chapter.locator("summary").first.click()
        inner = chapter.locator(":scope > details > summary")
        if inner.count():
            inner.first.click()
        page.screenshot(path=FOLDER / f"room-{number + 1}.png")


def _whole(page: Page, path: Path, name: str) -> None:
    page.goto(path.as_uri())
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
