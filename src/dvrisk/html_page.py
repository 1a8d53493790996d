"""A whole HTML page to print or mail: no scripts, no links, its style inside."""

from __future__ import annotations

from html import escape
from pathlib import Path

_FOLDER = Path(__file__).parent
_TAGS = {"sr": "sr-Latn"}


def html_page(title: str, lang: str, style: str, body: str, body_class: str = "") -> str:
    """Write a page.

    Parameters
    ----------
    title, lang : str
        A text, and the language in which the page is written.
    style : str
        The name of a style sheet beside this module.
    body : str
        HTML.
    body_class : str
    """
    named = f' class="{body_class}"' if body_class else ""
    return (
        f'<!doctype html>\n<html lang="{_TAGS.get(lang, lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>\n{(_FOLDER / style).read_text(encoding='utf-8')}</style>\n</head>\n"
        f"<body{named}>\n{body}</body>\n</html>\n"
    )
