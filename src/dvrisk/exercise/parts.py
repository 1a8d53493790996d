"""Parts of the pages of an exercise. What goes in is escaped already."""

from __future__ import annotations

from dvrisk.html_page import html_page


def page(title: str, lang: str, body: str, css: str = "") -> str:
    """Return a whole page."""
    return html_page(title, lang, "exercise.css", f"<main>\n{body}\n</main>\n", css)


def bar(count: int, of: int, said: str) -> str:
    """Return a bar as long as the share, with what it says in words beside it."""
    width = round(100 * count / of) if of else 0
    return f"<span class='bar' style='width:{width * 0.6:g}%'></span>{said}"
