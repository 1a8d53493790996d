"""Tables for docs/published-accuracy.md: printed figures derived again, what can't be, and what a report has to say.

python docs/studies/published_accuracy.py
"""

from __future__ import annotations

from collections import Counter

from dvrisk.reference import (
    PublishedFigure,
    not_derivable,
    published_figures,
    reporting_items,
    unread_guidelines,
)


def table() -> str:
    """Set printed figures beside what follows from the inputs printed with them, in Markdown."""
    figures = published_figures()
    verdicts = Counter(each.verdict for each in figures)
    counted = (
        f"{len(figures)} figures: {verdicts['same digits']} have the same digits, {verdicts['within rounding']} "
        f"within rounding, {verdicts['differs']} differ; for {verdicts[None]} nothing printed was read."
    )
    lines = ["| figure | printed | from | derived | verdict |", "|---|---|---|---|---|"]
    notes = [f"- {each.study.instrument}, {each.what}: {each.note}" for each in figures if each.note]
    links = dict.fromkeys(f"[{each.study.id}]: {each.study.url}" for each in figures)
    return "\n".join([counted, "", *lines, *map(_row, figures), "", "Notes:", "", *notes, "", *links])


def _row(figure: PublishedFigure) -> str:
    study = figure.study
    quoted = "" if study.read == "source" else ", source not named there"
    what = f"{study.instrument}: {figure.what} ([{study.citation.split(', ')[0]}][{study.id}]{quoted})"
    printed = figure.printed or "nothing read"
    return f"| {what} | {printed} | {_inputs(figure)} | {_derived(figure)} | {figure.verdict or '-'} |"


def _inputs(figure: PublishedFigure) -> str:
    given = [f"{name} {each if isinstance(each, str) else ' '.join(each)}" for name, each in figure.inputs.items()]
    solved = " (solved)" if figure.inputs_are == "solved" else ""
    return f"{figure.formula}: {', '.join(given)}{solved}"


def _derived(figure: PublishedFigure) -> str:
    """Write the result with one digit more than was printed, and its range where inputs were rounded."""
    found = figure.derived
    said = [_said(end, figure.printed) for end in (found.value, found.low, found.high)]
    return said[0] if found.low == found.high else f"{said[0]} ({said[1]} to {said[2]})"


def _said(value: float, printed: str | None) -> str:
    if printed is None:
        return f"{value:.3f}"
    if printed.isdigit():
        return f"{value:.0f}"
    digits = len(printed.rstrip("%").partition(".")[2]) + 1
    return f"{100 * value:.{digits}f}%" if printed.endswith("%") else f"{value:.{digits}f}"


def missing() -> str:
    """List what can't be derived, and which input is missing, in Markdown."""
    lines = ["| instrument | what | missing | what follows all the same |", "|---|---|---|---|"]
    for each in not_derivable():
        what = f"[{each.what}]({each.url})" if each.url else each.what
        lines.append(f"| {each.instrument} | {what} | {each.missing} | {each.follows or ''} |")
    return "\n".join(lines)


def reporting() -> str:
    """List the items of TRIPOD+AI with the places where they are answered, in Markdown."""
    lines = ["| item | asks | for | answered in | what stands there | left to the study |", "|---|---|---|---|---|---|"]
    for each in reporting_items():
        cells = (each.id, each.asks, each.applies, each.answered_in, each.why or "", each.left or "")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", *unread_guidelines()])


if __name__ == "__main__":
    print(table(), missing(), reporting(), sep="\n\n")
