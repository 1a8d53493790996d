"""Parts of pages: lists, tables, paragraphs. What goes in is escaped already."""

from __future__ import annotations

from collections.abc import Iterable


def bullets(lines: Iterable[str]) -> str:
    """Return a list."""
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], css: str = "") -> str:
    """Return a table; the first cell of a row names it."""
    head = "".join(f"<th scope='col'>{cell}</th>" if cell else "<td></td>" for cell in heads)
    body = "".join(f"<tr>{_row(list(row))}</tr>" for row in rows)
    named = f" class='{css}'" if css else ""
    return f"<table{named}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(cells: list[str]) -> str:
    return f"<th scope='row'>{cells[0]}</th>" + "".join(f"<td>{cell}</td>" for cell in cells[1:])


def paragraphs(lines: Iterable[str], css: str = "") -> str:
    """Return paragraphs; empty lines are left out."""
    named = f" class='{css}'" if css else ""
    return "".join(f"<p{named}>{line}</p>" for line in lines if line)


def closed(title: str, inner: str) -> str:
    """Return a chapter that is closed until somebody opens it."""
    return f"<details><summary>{title}</summary>{inner}</details>"
