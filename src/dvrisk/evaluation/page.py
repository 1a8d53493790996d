"""An evaluation as one page to read or print: every figure with its interval, its range, and its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

from dvrisk.evaluation.cells import figure, grid, listed, wide
from dvrisk.evaluation.figures import Figures, Recalibrated
from dvrisk.evaluation.numbers import share
from dvrisk.evaluation.pictures import pictures_of
from dvrisk.evaluation.rows import Row, rows_of
from dvrisk.evaluation.summary import summary_of
from dvrisk.evaluation.texts import LEADS, LIMITS, NAMES, NET_BENEFIT, ONCE_KNOWN, OPEN, REPORTED, SUPPRESSED, TITLES
from dvrisk.html_page import html_page
from dvrisk.html_parts import bullets, paragraphs, table
from dvrisk.plots import Picture
from dvrisk.reference import ReportingItem, reporting_items, unread_guidelines


def page_of(found: Figures) -> str:
    """Write the page."""
    rows, pictures = list(rows_of(found)), pictures_of(found)
    first = paragraphs(map(escape, summary_of(found)))
    parts = [f"<h1>Evaluation of {escape(str(found.people.instrument))}</h1>", f"<div class='first'>{first}</div>"]
    for name, title in TITLES.items():
        inner = "".join(_inner(name, found, [row for row in rows if row.section == name], pictures))
        if inner:
            parts.append(f'<section id="{name}"><h2>{title}</h2>{inner}</section>')
    return html_page(
        f"Evaluation of {found.people.instrument}", "en", "evaluation.css", f"<main>{''.join(parts)}</main>\n"
    )


def _inner(name: str, found: Figures, rows: Sequence[Row], pictures: dict[str, Picture]) -> Iterator[str]:
    """Yield what stands in a section; nothing where there is nothing to say."""
    if name == "unknown" or rows:
        yield paragraphs([LEADS.get(name, "")])
    if name in pictures:
        yield figure(pictures[name])
    if name in _WRITTEN and (rows or name in _ALWAYS):
        yield _WRITTEN[name](found, rows)
    elif rows:
        yield listed(rows)


def _setting(_: Figures, rows: Sequence[Row]) -> str:
    return wide(table(("what", "here"), [[escape(part) for part in (row.figure, row.note)] for row in rows]))


def _people(_: Figures, rows: Sequence[Row]) -> str:
    people = [f"{row.figure}: {row.value:,.0f}" for row in rows if row.unit == "people"]
    shares = sorted((row for row in rows if row.unit == "share"), key=lambda row: -(row.value or 0))
    cells = [f"{escape(row.of)} {share(row.value)}" for row in shares]
    return paragraphs([f"{'; '.join(people)}.", OPEN]) + f"<div class='columns'>{bullets(cells)}</div>"


def _edges(_: Figures, rows: Sequence[Row]) -> str:
    return grid(rows, "of", NAMES | {row.of: f"at {row.of} or above" for row in rows})


def _probabilities(_: Figures, rows: Sequence[Row]) -> str:
    whole, thresholds = ([row for row in rows if bool(row.of) == apart] for apart in (False, True))
    return listed(whole) + (paragraphs([NET_BENEFIT]) + grid(thresholds, "figure") if thresholds else "")


def _recalibration(found: Figures, rows: Sequence[Row]) -> str:
    if not isinstance(found.recalibrated, Recalibrated):
        return f"<p>Not done: {escape(found.recalibrated)}.</p>"
    return _probabilities(found, rows)


def _groups(_: Figures, rows: Sequence[Row]) -> str:
    counts = paragraphs([f"{'; '.join(f'{row.figure}: {row.value:,.0f}' for row in rows if not row.of)}."])
    shown = [row for row in rows if row.of]
    return paragraphs([SUPPRESSED]) + counts + (grid(shown, "of") if shown else "")


def _reporting(_: Figures, __: Sequence[Row]) -> str:
    items = [[escape(part) for part in (item.id, item.asks, _place(item))] for item in reporting_items()]
    unread = paragraphs(escape(note) for note in unread_guidelines())
    return paragraphs([REPORTED]) + wide(table(("item", "asks", "answered in"), items)) + unread


def _place(item: ReportingItem) -> str:
    place = TITLES.get(item.answered_in, "the study" if item.answered_in == "study" else item.answered_in)
    return place + (f"; the study adds: {item.left}" if item.left else f": {item.why}" if item.why else "")


_ALWAYS = ("limits", "reporting")
_WRITTEN: dict[str, Callable[[Figures, Sequence[Row]], str]] = {
    "setting": _setting,
    "people": _people,
    "levels": lambda _, rows: grid(rows, "figure"),
    "edges": _edges,
    "unknown": lambda _, rows: paragraphs([ONCE_KNOWN]) + grid(rows, "figure"),
    "recalibration": _recalibration,
    "calibration": _probabilities,
    "base-rates": lambda _, rows: grid(rows, "figure", NAMES),
    "groups": _groups,
    "items": lambda _, rows: grid(rows, "figure"),
    "backgrounds": lambda _, rows: grid(rows, "figure"),
    "limits": lambda _, __: bullets(map(escape, LIMITS)),
    "reporting": _reporting,
}
