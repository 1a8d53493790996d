"""The result in words: what is established and by what, what is open, what to ask, what to do, and what can't be said.

An explanation is a list of sections, each a heading with lines. Text, Markdown and HTML are three ways to write it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from dvrisk.actions import Action, load_actions
from dvrisk.errors import DataError
from dvrisk.schema import OPEN_STATES, UNDETERMINED, Instrument
from dvrisk.weights import load_evidence
from dvrisk.words import Words

if TYPE_CHECKING:  # the result explains itself; this module only reads it
    from dvrisk.asking import Question
    from dvrisk.assessment import Assessment
    from dvrisk.reasons import FiredRule, Warn
    from dvrisk.scoring import Contribution

MOST_QUESTIONS = 5
"""Questions that an explanation spells out; how many more there are is said."""


class Section(NamedTuple):
    """A heading and the lines under it."""

    heading: str
    lines: tuple[str, ...]


def sections(a: Assessment, words: Words, jurisdiction: str | None) -> tuple[Section, ...]:
    """Explain a result; sections without lines are left out."""
    if jurisdiction not in (None, *words.phrases["places"]):
        places = ", ".join(words.phrases["places"])
        raise DataError("jurisdiction", [f"not one that the prompts cover. Expected one of {places}."])
    heading = words.phrases["headings"]
    asked = [question for question in a.ask_next if question.state != "declined"]
    declined = [question for question in a.ask_next if question.state == "declined"]
    all_sections = (
        Section(heading["level"].format(instrument=_title(a, words)), tuple(_level(a, words))),
        Section(heading["established"], tuple(_established(a, words))),
        Section(heading["open"], tuple(_open(a, words))),
        Section(heading["ask_next"], (*_before_others(asked, words), *_questions(asked, words))),
        Section(heading["declined"], tuple(_questions(declined, words))),
        Section(heading["always"], tuple(_always(a, words))),
        Section(heading["what_now"], tuple(_actions(a.actions, words, jurisdiction))),
        Section(heading["notes"], tuple(_notes(a, words))),
        Section(heading["sources"], tuple(_sources(a))),
        limits_section(a.definition, words),
    )
    return tuple(section for section in all_sections if section.lines)


def private_section(a: Assessment, words: Words, jurisdiction: str | None) -> Section:
    """Word her own alert and needs, which no explanation and no record holds."""
    lines = tuple(_actions(a.private_actions, words, jurisdiction))
    return Section(words.phrases["headings"]["private"], lines or (words.phrases["headings"]["no_private"],))


def limits_section(instrument: Instrument, words: Words) -> Section:
    """Word what an instrument cannot say, which no explanation leaves out."""
    return Section(words.phrases["headings"]["limits"], tuple(_limits(instrument, words)))


# ------------------------------------------------------------------------------------------------- sections


def _title(a: Assessment, words: Words) -> str:
    return f"{words.instrument['title']} ({a.definition})"


def _level(a: Assessment, words: Words) -> Iterator[str]:
    label, highest = words.instrument["levels"][a.level], words.level(a.level_high)
    if a.level == UNDETERMINED:
        form = "undetermined_frame" if a.settled else "undetermined_open"
        yield words.say("level", form, work_as=words.level(a.work_as), highest=highest, label=label)
    elif a.at_least:
        yield words.say("level", "at_least", level=words.level(a.level), highest=highest, label=label)
    else:
        yield words.say("level", "settled", label=label)
    most = a.definition.bands[-1].last
    form = "score" if a.score_low == a.score_high else "score_range"
    yield words.say("level", form, low=a.score_low, high=a.score_high, most=most)
    yield words.say("level", "review", days=a.review_within_days)


def _established(a: Assessment, words: Words) -> Iterator[str]:
    least = {item.id: item.options[0].points for item in a.definition.items}
    counted = [row for row in a.contributions if row.low or row.low > least.get(row.id, 0)]
    if not a.rules and not counted:
        yield words.phrases["established"]["nothing"]
    if a.level == a.definition.levels[0]:
        answered = sum(state not in OPEN_STATES for state in a.states.values())
        yield words.say("established", "lowest", answered=answered, high=a.score_high)
    yield from _by_points(a, words)
    for rule in sorted(a.rules, key=lambda rule: rule.level_before == rule.level_after):
        yield _rule(rule, a, words)
    for row in counted:
        yield _points(row, a, words)
    facts = [
        words.fact(item.id, a.states[item.id])
        for item in a.definition.items
        if not (item.is_scored or item.private or item.area == "frame") and a.states[item.id] in item.codes[1:]
    ]
    if facts:
        yield words.say("established", "no_points", facts="; ".join(facts))


def _by_points(a: Assessment, words: Words) -> Iterator[str]:
    band = next(band for band in reversed(a.definition.bands) if a.score_low >= band.first)
    if band is not a.definition.bands[0]:
        yield words.say("established", "by_points", score=a.score_low, level=words.level(band.id), first=band.first)


def _rule(rule: FiredRule, a: Assessment, words: Words) -> str:
    kind, _, size = rule.effect.partition(" ")
    return words.say(
        "established",
        f"rule_{kind}" if rule.level_before != rule.level_after else "rule_holds",
        because=words.instrument["rules"][rule.id],
        level=words.level(size) if kind == "floor" else "",
        steps=words.counted(size, "step") if kind == "raise" else "",
        facts="; ".join(words.fact(item, a.states[item]) for item in rule.facts),
        sources=", ".join(rule.sources),
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _points(row: Contribution, a: Assessment, words: Words) -> str:
    points = words.counted(row.low, "point")
    if row.kind != "item":
        name = words.instrument[{"cap": "caps", "overlap": "groups"}[row.kind]][row.id]
        return words.say("established", row.kind, name=_capital(name), points=points)
    item, answer = a.definition.by_id[row.id], str(row.answer)
    form = "undated" if answer == item.undated else "points"
    label, said = _capital(words.label(item.id)), words.answer(item.id, answer)
    return words.say("established", form, item=label, answer=said, points=points)


def _open(a: Assessment, words: Words) -> Iterator[str]:
    n_open = sum(a.missing.values())
    if n_open:
        yield words.say("open", "counts", open=n_open, all=len(a.states), **a.missing)
    else:
        yield words.phrases["open"]["none"]
    if a.ask_next:
        yield words.say("open", "deciding", deciding=len(a.ask_next), highest=words.level(a.level_high))
    elif n_open:
        yield words.phrases["open"]["settled"]
    needs = [item for item in a.undetermined_because if item != "open_answers"]
    if needs:
        yield words.say(
            "open", "not_earned", needs=words.phrases["units"]["and"].join(_need(n, a, words) for n in needs)
        )


def _need(item: str, a: Assessment, words: Words) -> str:
    worded = words.phrases["needs"]
    if item in worded:
        return str(worded[item])
    option = next(need.option for need in a.definition.lowest_level.needs if need.item == item)
    return str(worded["other"].format(item=words.label(item), option=words.answer(item, option)))


def _questions(questions: list[Question], words: Words) -> Iterator[str]:
    for number, question in enumerate(questions[:MOST_QUESTIONS], start=1):
        yield f"{number}. {_question(question, words)}"
    if len(questions) > MOST_QUESTIONS:
        yield words.say("ask", "more", count=len(questions) - MOST_QUESTIONS)


def _before_others(questions: list[Question], words: Words) -> Iterator[str]:
    if any(question.who_knows for question in questions[:MOST_QUESTIONS]):
        yield words.phrases["ask"]["before_others"]


def _question(question: Question, words: Words) -> str:
    """Word a question with what each answer would give, answers that give the same taken together."""
    readings = groupby(question.codes, key=lambda code: _reading(question, code, words))
    answers = "; ".join(
        words.say(
            "ask", "answer", options=" / ".join(words.answer(question.item, code) for code in codes), level=reading
        )
        for reading, codes in readings
    )
    known = ", ".join(words.who_knows[who] for who in question.who_knows)
    sources = words.say("ask", "without_her", who=known) if known else words.phrases["ask"]["only_her"]
    before = words.phrases["ask"]["asked_before"] if question.state == "unknown" else ""
    asked = words.items[question.item]["question"] + before
    return words.say("ask", "question", question=asked, answers=f"{answers}.", sources=sources)


def _reading(question: Question, code: str, words: Words) -> str:
    level = question.levels[code]
    if question.settled[code] and level != UNDETERMINED:
        return words.say("ask", "settles", level=words.level(level))
    if level == UNDETERMINED:
        return str(words.phrases["ask"]["stays_open"])
    return words.say("ask", "would_be", level=words.level(level))


def _always(a: Assessment, words: Words) -> Iterator[str]:
    return (words.items[item]["question"] for item in a.ask_always)


def _actions(actions: tuple[Action, ...], words: Words, jurisdiction: str | None) -> Iterator[str]:
    if jurisdiction is None:
        yield from _short_actions(actions, words)
        return
    for action in actions:
        if action.jurisdiction == jurisdiction:
            worded = words.actions[action.id]
            yield words.say(
                "action",
                "line",
                title=worded["title"],
                urgency=words.phrases["urgency"][action.urgency],
                holder=words.holders[action.holder],
                text=worded[jurisdiction],
                sources="; ".join(load_actions().citations.get(source, source) for source in action.sources),
            )


def _short_actions(actions: tuple[Action, ...], words: Words) -> Iterator[str]:
    for prompt, duties in groupby(actions, key=lambda action: (action.id, action.urgency)):
        holders = [
            words.say(
                "action", "holder", holder=words.holders[duty.holder], place=words.phrases["places"][duty.jurisdiction]
            )
            for duty in duties
        ]
        worded, urgency = words.actions[prompt[0]], words.phrases["urgency"][prompt[1]]
        yield words.say(
            "action",
            "short",
            title=worded["title"],
            urgency=urgency,
            because=worded["because"],
            holders="; ".join(holders),
        )
    if actions:
        yield words.phrases["action"]["choose"]


def _notes(a: Assessment, words: Words) -> Iterator[str]:
    return (_warning(warning, a, words) for warning in a.warnings)


def _warning(warning: Warn, a: Assessment, words: Words) -> str:
    own = words.instrument.get("warnings", {})
    sentence = own.get(warning.code) or words.phrases["warnings"][warning.code]
    facts = "; ".join(words.fact(item, a.states[item]) for item in warning.items)
    return str(sentence.format(facts=facts, level=words.level(a.level)))


def _sources(a: Assessment) -> Iterator[str]:
    """Spell out the sources of the rules that hold, each once."""
    studies = load_evidence().studies
    own = {source.id: source.citation for source in a.definition.sources}
    for source in dict.fromkeys(source for rule in a.rules for source in rule.sources):
        citation = studies[source].citation if source in studies else own.get(source)
        if citation is not None:
            yield f"{source}: {citation}"


def _limits(instrument: Instrument, words: Words) -> Iterator[str]:
    yield words.notice(instrument.status)
    if words.awaits_review:
        yield words.phrases["awaiting_review"]
    card = words.instrument["card"]
    yield card["target"]
    yield from card["limits"]


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
