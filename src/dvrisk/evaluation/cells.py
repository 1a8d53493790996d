"""Figures as cells, and cells as tables."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from typing import Literal

from dvrisk.evaluation.numbers import ends, number, share
from dvrisk.evaluation.rows import Row
from dvrisk.html_parts import table
from dvrisk.plots import Picture


def cell(row: Row) -> str:
    """Write a figure with its interval; below it what it rests on, and its range over the open answers."""
    said = {"share": share, "people": _whole}.get(row.unit, number)
    if row.value is None:  # a range alone: nothing is claimed for what is not known
        text = ends(row.least, row.greatest, said)
        return text + (f"<br><span class='small'>{escape(row.note)}</span>" if row.note else "")
    text = said(row.value)
    if row.low is not None and row.high is not None:
        text += f" ({ends(row.low, row.high, said)})"
    below = [row.note] if row.note else []
    if row.least is not None and row.greatest is not None:
        below.append(f"possible: {ends(row.least, row.greatest, said)}")
    return "<br>".join([text, *(f"<span class='small'>{escape(part)}</span>" for part in below)])


def grid(rows: Sequence[Row], across: Literal["of", "figure"], names: Mapping[str, str] | None = None) -> str:
    """Set figures out in lines and columns; `across` says what names the columns.

    What has no value is a dash with a number, and the reason stands once below the table.
    """
    down: Literal["of", "figure"] = "figure" if across == "of" else "of"
    heads, lines = (list(dict.fromkeys(getattr(row, part) for row in rows)) for part in (across, down))
    reasons = _reasons(rows)
    places = {(getattr(row, down), getattr(row, across)): _or_dash(row, reasons) for row in rows}
    named = names or {}
    cells = [[escape(named.get(line, line)), *(places.get((line, head), "") for head in heads)] for line in lines]
    return wide(table(("", *(escape(named.get(head, head)) for head in heads)), cells)) + _explained(reasons)


def _reasons(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.undefined for row in rows if row.undefined))


def _explained(reasons: Sequence[str]) -> str:
    return "".join(f"<p class='small'>{_dash(why, reasons)}: {escape(why)}.</p>" for why in reasons)


def _or_dash(row: Row, reasons: Sequence[str]) -> str:
    return _dash(row.undefined, reasons) if row.undefined else cell(row)


def _dash(why: str, reasons: Sequence[str]) -> str:
    return f"– ({reasons.index(why) + 1})"


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def listed(rows: Sequence[Row]) -> str:
    """Set figures out one below the other."""
    reasons = _reasons(rows)
    cells = [[escape(f"{row.of}: {row.figure}" if row.of else row.figure), _or_dash(row, reasons)] for row in rows]
    return wide(table(("figure", "value (interval)"), cells)) + _explained(reasons)


def wide(inner: str) -> str:
    """Let a wide table be moved sideways on a narrow screen, by keyboard as well."""
    return f'<div class="scroll" tabindex="0">{inner}</div>'


def figure(picture: Picture) -> str:
    """Put a picture into the page, with its words."""
    data = b64encode(picture.png()).decode()
    return f'<figure><img src="data:image/png;base64,{data}" alt="{escape(picture.alt)}"></figure>'
