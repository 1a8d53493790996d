"""The result in words: what is established and by what, what is open, what to ask, what to do, and what can't be said.

An explanation is a list of sections, each a heading with lines. Text, Markdown and HTML are three ways to write it.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from dvrisk import sentences
from dvrisk.errors import DataError
from dvrisk.schema import Instrument
from dvrisk.words import Words

if TYPE_CHECKING:  # the result explains itself; this module only reads it
    from dvrisk.assessment import Assessment


class Section(NamedTuple):
    """A heading and the lines under it."""

    heading: str
    lines: tuple[str, ...]


def sections(a: Assessment, words: Words, jurisdiction: str | None) -> tuple[Section, ...]:
    """Explain a result; sections without lines are left out."""
    check_jurisdiction(jurisdiction, words)
    heading = words.phrases["headings"]
    asked = [question for question in a.ask_next if question.state != "declined"]
    declined = [question for question in a.ask_next if question.state == "declined"]
    all_sections = (
        Section(sentences.title(a, words), tuple(sentences.level_lines(a, words))),
        Section(heading["established"], tuple(sentences.established_lines(a, words))),
        Section(heading["open"], tuple(sentences.open_lines(a, words))),
        Section(heading["official"], tuple(sentences.official_lines(a, words))),
        Section(heading["ask_next"], tuple(sentences.question_lines(asked, words))),
        Section(heading["declined"], tuple(sentences.question_lines(declined, words, ask_others=False))),
        Section(heading["always"], tuple(sentences.always_lines(a, words))),
        Section(heading["what_now"], tuple(sentences.action_lines(a.actions, words, jurisdiction))),
        Section(heading["notes"], tuple(sentences.warning_lines(a, words))),
        Section(heading["sources"], tuple(sentences.source_lines(a))),
        limits_section(a.definition, words),
    )
    return tuple(section for section in all_sections if section.lines)


def check_jurisdiction(jurisdiction: str | None, words: Words) -> None:
    """Refuse a place that the prompts do not cover."""
    if jurisdiction not in (None, *words.phrases["places"]):
        places = ", ".join(words.phrases["places"])
        raise DataError("jurisdiction", [f"not one that the prompts cover. Expected one of {places}."])


def private_section(a: Assessment, words: Words, jurisdiction: str | None) -> Section:
    """Word her own alert and needs, which no explanation and no record holds."""
    lines = tuple(sentences.action_lines(a.private_actions, words, jurisdiction))
    said = lines or (words.phrases["headings"]["no_private"],)
    review = (words.phrases["awaiting_review"],) if words.awaits_review else ()
    return Section(words.phrases["headings"]["private"], said + review)


def limits_section(instrument: Instrument, words: Words) -> Section:
    """Word what an instrument cannot say, which no explanation leaves out."""
    return Section(words.phrases["headings"]["limits"], tuple(sentences.limit_lines(instrument, words)))


# ------------------------------------------------------------------------------------------------ three ways


def as_text(all_sections: tuple[Section, ...]) -> str:
    """Write sections as plain text, for a terminal or a mail."""
    return "\n\n".join("\n".join([section.heading, "", *section.lines]) for section in all_sections)


def as_markdown(all_sections: tuple[Section, ...]) -> str:
    """Write sections as Markdown."""
    blocks = [[f"## {section.heading}", ""] + [f"- {line}" for line in section.lines] for section in all_sections]
    return "\n\n".join("\n".join(block) for block in blocks)


def as_html(all_sections: tuple[Section, ...]) -> str:
    """Write sections as HTML without any style, so that no level gets a colour."""
    parts = []
    for section in all_sections:
        lines = "".join(f"<li>{escape(line)}</li>" for line in section.lines)
        parts.append(f"<h4>{escape(section.heading)}</h4><ul>{lines}</ul>")
    return "<div>" + "".join(parts) + "</div>"
