"""The result on one page to print: what is established and why, what still decides, what to ask, what now, and limits.

Kosovo's standard 1.8 asks for a report on the risk with the actions taken; the page leaves room for what people decide
and do. It names nobody, holds nothing private, and holds no plan of how a person would leave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from dvrisk import sentences
from dvrisk.explain import check_jurisdiction
from dvrisk.html_page import html_page
from dvrisk.pictures import level_scale, points_bar
from dvrisk.words import Words

if TYPE_CHECKING:  # the result writes its own page; this module only reads it
    from dvrisk.actions import Action
    from dvrisk.assessment import Assessment
    from dvrisk.scoring import Contribution

MOST_RULES, MOST_ROWS, MOST_QUESTIONS, MOST_NOTES = 5, 8, 3, 5
"""What one page holds of each; how many more there are is said."""
SIZES = {"": 4500, "dense": 5200}
"""Characters that fit on the page in letters of the usual size and of the next; a longer text gets the smallest."""


def one_page(a: Assessment, words: Words, jurisdiction: str | None, *, version: str) -> str:
    """Write the page.

    Parameters
    ----------
    a : Assessment
    words : Words
        In the language of the page.
    jurisdiction : {'RS', 'XK'} or None
        Whose duties to list; None lists both.
    version : str
        The version of the library, for the last line.

    Returns
    -------
    str
        A whole HTML document without scripts or links, its style inside.

    Raises
    ------
    DataError
        The jurisdiction is not covered.
    """
    check_jurisdiction(jurisdiction, words)
    head = words.phrases["report"]
    parts = [
        f"<header><h1>{escape(head['title'])}</h1><p>{escape(sentences.title(a, words))}</p></header>",
        _notices(a, words),
        _fields(words),
        f'<section class="level">{_paragraphs(sentences.level_lines(a, words))}</section>',
        _section(head["scale"], level_scale(a, words)),
        '<div class="columns">',
        _section(words.phrases["headings"]["established"], _why(a, words)),
        _section(head["points"], _points(a, words)),
        _section(words.phrases["headings"]["open"], _list(sentences.open_lines(a, words))),
        _section(words.phrases["headings"]["official"], _list(sentences.official_lines(a, words))),
        _section(words.phrases["headings"]["ask_next"], _ask(a, words)),
        _section(words.phrases["headings"]["always"], _inline(sentences.always_lines(a, words))),
        _section(words.phrases["headings"]["notes"], _notes(a, words)),
        "</div>",
        _section(words.phrases["headings"]["what_now"], _prompts(a, words, jurisdiction)),
        _decisions(a, words),
        _section(words.phrases["headings"]["limits"], _list(sentences.cannot_say(words)), "limits small"),
    ]
    identity = words.say("report", "identity", instrument=a.definition, sha256=a.instrument.sha256, version=version)
    body = "".join(f"{part}\n" for part in parts if part)
    length = len(_said(body))
    size = next((size for size, room in SIZES.items() if length <= room), "dense densest")
    page = f'<main>\n{body}</main>\n<footer class="small"><p>{escape(identity)}</p></footer>\n'
    return html_page(head["title"], words.language, "report.css", page, size)


# ---------------------------------------------------------------------------------------------------- parts


def _fields(words: Words) -> str:
    head = words.phrases["report"]
    fields = "".join(f"<p>{escape(head[key])}:</p>" for key in ("reference", "date", "written_by"))
    return f'<div class="fields small">{fields}</div>'


def _notices(a: Assessment, words: Words) -> str:
    """Say at the top how far the instrument and its translation have been checked."""
    said = [words.notice(a.definition), *([words.phrases["awaiting_review"]] if words.awaits_review else [])]
    return f'<p class="small">{escape(" ".join(said))}</p>'


def _why(a: Assessment, words: Words) -> str:
    rules = sentences.lifting_first(a)
    lines = [*sentences.by_points(a, words), *(sentences.rule_line(rule, words) for rule in rules[:MOST_RULES])]
    if len(rules) > MOST_RULES:
        lines.append(words.say("report", "more_rules", count=len(rules) - MOST_RULES))
    if not lines:
        lines.append(words.phrases["established"]["nothing"])
    return _list(lines)


def _points(a: Assessment, words: Words) -> str:
    rows = sorted(sentences.counted_rows(a), key=lambda row: -row.low)
    if not rows:
        return f"<p>{escape(words.phrases['report']['points_none'])}</p>"
    widest = max(abs(row.low) for row in rows)
    table = "".join(_points_row(row, words, widest) for row in rows[:MOST_ROWS])
    rest = rows[MOST_ROWS:]
    more = words.say(
        "report", "more_points", count=len(rest), points=words.counted(sum(row.low for row in rest), "point")
    )
    return f"<table>{table}</table>" + (f"<p>{escape(more)}</p>" if rest else "")


def _points_row(row: Contribution, words: Words, widest: int) -> str:
    bar = points_bar(row.low, widest, words.counted(row.low, "point"))
    name = sentences.row_name(row, words)
    return f'<tr><th scope="row">{escape(name)}</th><td class="number">{row.low}</td><td class="bar">{bar}</td></tr>'


def _ask(a: Assessment, words: Words) -> str:
    asked = [question for question in a.ask_next if question.state != "declined"]
    return _list(sentences.question_lines(asked, words, MOST_QUESTIONS), "plain")


def _notes(a: Assessment, words: Words) -> str:
    notes = list(sentences.warning_lines(a, words))
    shown = notes[:MOST_NOTES]
    if len(notes) > MOST_NOTES:
        shown.append(words.say("report", "more_notes", count=len(notes) - MOST_NOTES))
    return _list(shown)


def _prompts(a: Assessment, words: Words, jurisdiction: str | None) -> str:
    """List the prompts with room for what was done; where no place was chosen, the holders in both are named."""
    head = words.phrases["report"]
    here = [action for action in a.actions if jurisdiction in (None, action.jurisdiction)]
    if not here:
        return f"<p>{escape(head['no_actions'])}</p>"
    columns = "".join(f'<th scope="col">{escape(head[key])}</th>' for key in ("prompt", "urgency", "holder", "done"))
    rows = "".join(
        _prompt(words.actions[prompt]["title"], words.phrases["urgency"][urgency], list(duties), words)
        for (prompt, urgency), duties in groupby(here, key=lambda action: (action.id, action.urgency))
    )
    return f'<table class="prompts"><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>'


def _prompt(title: str, urgency: str, duties: list[Action], words: Words) -> str:
    places = words.phrases["places"]
    if len({duty.holder for duty in duties}) == 1:
        holders = words.holders[duties[0].holder]
    else:
        holders = "; ".join(
            words.say("action", "holder", holder=words.holders[duty.holder], place=places[duty.jurisdiction])
            for duty in duties
        )
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in (urgency, holders, ""))
    return f'<tr><th scope="row"><span class="box"></span>{escape(title)}</th>{cells}</tr>'


def _decisions(a: Assessment, words: Words) -> str:
    """Leave room for the two decisions that a person makes."""
    head, danger = words.phrases["report"], a.states.get("immediate_danger")
    answered = ""
    if danger is not None:
        answered = words.say("report", "danger_answer", answer=words.answer("immediate_danger", danger))
    return (
        f'<div class="pair"><section><h2>{escape(head["danger"])}</h2>'
        f"<p>{escape(answered)} {escape(head['danger_reason'])}:</p>"
        f'<div class="blank"></div></section>'
        f'<section><h2>{escape(head["person"])}</h2><div class="blank"></div><div class="blank"></div></section></div>'
    )


# ----------------------------------------------------------------------------------------------------- HTML


def _said(html: str) -> str:
    return re.sub(r"<svg.*?</svg>|<[^>]*>", "", html, flags=re.DOTALL)


def _section(heading: str, inner: str, css: str = "") -> str:
    return f"<section{_class(css)}><h2>{escape(heading)}</h2>{inner}</section>" if inner else ""


def _paragraphs(lines: Iterator[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _list(lines: Iterator[str] | list[str], css: str = "") -> str:
    inner = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul{_class(css)}>{inner}</ul>" if inner else ""


def _class(css: str) -> str:
    return f' class="{css}"' if css else ""


def _inline(lines: Iterator[str]) -> str:
    inner = " ".join(lines)
    return f"<p>{escape(inner)}</p>" if inner else ""
