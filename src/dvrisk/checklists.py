"""Checklists without points: what the law names, what a service has to do, and sheets to go through.

None of them gives a score or a level. A circumstance is present, absent or open; a duty is done, not done or does not
apply; what was not answered stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from dvrisk._files import INSTRUMENTS, read_toml
from dvrisk.answers import Answers
from dvrisk.catalog import read_as
from dvrisk.errors import AnswerError, InstrumentError, UnknownInstrumentError, named, nearest
from dvrisk.facts import check_facts, fact_reading
from dvrisk.html_page import html_page
from dvrisk.language_files import checklist_words
from dvrisk.schema import FactRef, Source, Text

FOLDER = INSTRUMENTS / "checklists"
STATES = ("done", "not_done", "not_applicable")
"""What can be answered for a duty or a point of a self-check."""


class Row(BaseModel):
    """One circumstance, duty, point or step.

    Attributes
    ----------
    match, facts, why
        How shared facts stand to a circumstance. `same` makes it present or absent; narrower facts, or the same in
        another window, can only make it present; wider ones can only make it absent.
    damaged : str or None
        What is missing in the source. It is marked, not guessed.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", defer_build=True)

    id: Text
    source: Text
    match: Literal["same", "wider", "narrower", "other window", "none"] | None = None
    facts: tuple[FactRef, ...] = ()
    why: Text | None = None
    damaged: Text | None = None


class Checklist(BaseModel):
    """A checklist without points."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", defer_build=True)

    id: Text
    version: Text
    kind: Literal["circumstances", "duties", "self-check", "steps"]
    jurisdiction: Literal["RS", "XK"] | None = None
    sources: tuple[Source, ...]
    rows: tuple[Row, ...] = Field(min_length=1)


class Filled(NamedTuple):
    """A checklist with what is known.

    Attributes
    ----------
    checklist : Checklist
    states : dict of str to str
        For each row `present`, `absent` or `open`; or `done`, `not_done`, `not_applicable` or `open`.
    """

    checklist: Checklist
    states: dict[str, str]

    @property
    def coverage(self) -> tuple[int, int]:
        """How many rows are not open, of how many."""
        return sum(state != "open" for state in self.states.values()), len(self.states)


def list_checklists() -> tuple[str, ...]:
    """List the ids of the shipped checklists.

    Examples
    --------
    >>> list_checklists()
    ('article-16', 'kosovo-standards', 'personal-steps', 'practice-principles')
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if "." not in path.stem))


def load_checklist(name: str) -> Checklist:
    """Load a checklist by its id.

    Raises
    ------
    UnknownInstrumentError
        There is none of this id.
    """
    if not isinstance(name, str):
        raise UnknownInstrumentError(f"got a {type(name).__name__}, expected one of {', '.join(list_checklists())}")
    if name not in list_checklists():
        near = nearest(name, list_checklists())
        hint = f" (did you mean {near}?)" if near else ""
        listed = ", ".join(list_checklists())
        raise UnknownInstrumentError(f"no checklist {name[:60]!r}{hint}, expected one of {listed}")
    return _load(name)


@cache
def _load(name: str) -> Checklist:
    path = FOLDER / f"{name}.toml"
    return read_as(Checklist, read_toml(path, InstrumentError), path, InstrumentError)


def fill_checklist(name: str, answers: Answers) -> Filled:
    """Fill a checklist: circumstances from the facts of a case, duties and points from their own answers.

    Parameters
    ----------
    name : str
        The id of a checklist.
    answers : mapping of str to answer
        For circumstances: shared facts, as for `assess_all`. Else: row id to `done`, `not_done` or `not_applicable`.

    Raises
    ------
    AnswerError
        A row is unknown or its answer can't be used; or the checklist is a sheet of steps, which has no answers.

    Examples
    --------
    >>> filled = fill_checklist("article-16", {"suicide_talk": "threat_or_attempt"})
    >>> filled.states["16.d"], filled.states["16.m"], filled.coverage
    ('present', 'open', (1, 13))
    """
    checklist = load_checklist(name)
    if not isinstance(answers, Mapping):
        raise AnswerError(name, [f"got a {type(answers).__name__}, expected a mapping to answers."])
    if checklist.kind == "circumstances":
        check_facts(name, answers)
        return Filled(checklist, {row.id: _circumstance(row, answers) for row in checklist.rows})
    if checklist.kind == "steps" and answers:
        raise AnswerError(name, ["a sheet of steps takes no answers: nothing about it is kept."])
    known = {row.id for row in checklist.rows}
    problems = [f"{named(row, known)} is not a row." for row in answers if row not in known]
    problems += [
        f"{row}: got an answer that is none of {', '.join(STATES)}. Leave it out while it is open."
        for row, state in answers.items()
        if row in known and state not in STATES
    ]
    if problems:
        raise AnswerError(name, problems)
    return Filled(checklist, {row.id: str(answers.get(row.id, "open")) for row in checklist.rows})


def _circumstance(row: Row, answers: Answers) -> str:
    readings = [fact_reading(fact, answers) for fact in row.facts]
    if "yes" in readings and row.match in ("same", "narrower", "other window"):
        return "present"
    if readings and row.match in ("same", "wider") and all(reading == "no" for reading in readings):
        return "absent"
    return "open"


# ------------------------------------------------------------------------------------------------ two ways


def checklist_text(filled: Filled, lang: str = "en") -> str:
    """Write a checklist as plain text."""
    words, said = checklist_words(filled.checklist.id, lang)
    return "\n".join(_lines(filled, words, said))


def _lines(filled: Filled, words: Mapping[str, Any], said: Mapping[str, str]) -> Iterator[str]:
    if "caution" in words:
        yield words["caution"]
        yield ""
    yield words["title"]
    yield ""
    yield words["about"]
    yield ""
    for row in filled.checklist.rows:
        worded = words["rows"][row.id]
        state = "" if filled.checklist.kind == "steps" else f" [{said[filled.states[row.id]]}]"
        yield f"{row.id}{state} {worded['text']}"
        if filled.checklist.kind == "duties":
            yield f"    {said['evidence']}: {worded.get('evidence', said['damaged'])}"
        if "note" in worded:
            yield f"    {worded['note']}"
    if filled.checklist.kind != "steps":
        known, rows = filled.coverage
        yield ""
        yield said["coverage"].format(known=known, rows=rows)


def checklist_page(filled: Filled, lang: str = "en") -> str:
    """Write a checklist as an HTML page to print.

    A sheet of steps comes on a page of its own, after the page with the caution, which is for the worker and is taken
    off first. The sheet names no source and says as little as it can of what it is for; read together, its steps can
    still be guessed, which is why the caution comes first.
    """
    words, said = checklist_words(filled.checklist.id, lang)
    parts = [f"<h1>{escape(words['title'])}</h1>", f"<p>{escape(words['about'])}</p>"]
    if filled.checklist.kind == "steps":
        steps = "".join(f"<li>{escape(words['rows'][row.id]['text'])}</li>" for row in filled.checklist.rows)
        parts.append(f"<ol>{steps}</ol>")
    else:
        parts.append(_table(filled, words, said))
        parts.append(f"<p>{escape('; '.join(source.citation for source in filled.checklist.sources))}</p>")
    caution = f'<section class="apart"><p>{escape(words["caution"])}</p></section>' if "caution" in words else ""
    body = f"<main>\n{caution}{''.join(parts)}\n</main>\n"
    return html_page(words["title"], lang, "checklist.css", body)


def _table(filled: Filled, words: Mapping[str, Any], said: Mapping[str, str]) -> str:
    duties = filled.checklist.kind == "duties"
    heads = [
        said["row"],
        said[filled.checklist.kind],
        *([said["evidence"]] if duties else []),
        said["state"],
        said["gap"],
    ]
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    rows = []
    for row in filled.checklist.rows:
        worded = words["rows"][row.id]
        text = f"{worded['text']} ({worded['note']})" if "note" in worded else worded["text"]
        cells = [text, *([worded.get("evidence", said["damaged"])] if duties else [])]
        cells += [said[filled.states[row.id]] if filled.states[row.id] != "open" else "", ""]
        cells_html = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        rows.append(f'<tr><th scope="row">{escape(row.id)}</th>{cells_html}</tr>')
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
