"""The sentences of a result: what is established, by what, what is open, what to ask, and what to do.

Explanations and reports are put together from these lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from dvrisk.actions import Action, load_actions
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


def title(a: Assessment, words: Words) -> str:
    """Head an explanation: which instrument, and what follows."""
    return words.say("headings", "level", instrument=f"{words.instrument['title']} ({a.definition})")


def level_lines(a: Assessment, words: Words) -> Iterator[str]:
    """Say what is established, the score, and when to look again."""
    label, highest = words.instrument["levels"][a.level], words.level(a.level_high)
    if a.level == UNDETERMINED:
        form = "undetermined_frame" if a.settled else "undetermined_open"
        if a.definition.published is not None:  # it says nothing of a level to work at meanwhile
            form = "undetermined_published"
        yield words.say("level", form, work_as=words.level(a.work_as), highest=highest, label=label)
    elif a.at_least:
        yield words.say("level", "at_least", level=words.level(a.level), highest=highest, label=label)
    else:
        yield words.say("level", "settled", label=label)
    most = a.definition.bands[-1].last
    if most > a.definition.bands[0].first:  # a screen that works by rules alone has no score
        form = "score" if a.score_low == a.score_high else "score_range"
        yield words.say("level", form, low=a.score_low, high=a.score_high, most=most)
    if a.review_within_days is not None:
        yield words.say("level", "review", days=a.review_within_days)


def established_lines(a: Assessment, words: Words) -> Iterator[str]:
    """Say by what it is established: points, rules, and facts without points."""
    counted = counted_rows(a)
    if not a.rules and not counted:
        yield words.phrases["established"]["nothing"]
    if a.level == a.definition.levels[0]:
        answered = sum(state not in OPEN_STATES for state in a.states.values())
        yield words.say("established", "lowest", answered=answered, high=a.score_high)
    yield from by_points(a, words)
    for rule in lifting_first(a):
        yield _rule(rule, a, words)
    for row in counted:
        yield points_line(row, a, words)
    facts = [
        words.fact(item.id, a.states[item.id])
        for item in a.definition.items
        if not (item.is_scored or item.private or item.area == "frame") and a.states[item.id] in item.codes[1:]
    ]
    if facts:
        yield words.say("established", "no_points", facts="; ".join(facts))


def counted_rows(a: Assessment) -> list[Contribution]:
    """List what known facts add to the score, and what overlaps and caps take off."""
    least = {item.id: item.options[0].points for item in a.definition.items}
    known = (row for row in a.contributions if row.answer not in OPEN_STATES)
    return [row for row in known if row.low or row.low > least.get(row.id, 0)]


def by_points(a: Assessment, words: Words) -> Iterator[str]:
    """Say which level the points alone give, if it is not the lowest."""
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


def lifting_first(a: Assessment) -> list[FiredRule]:
    """List the rules that hold, those that lift the level before the others."""
    return sorted(a.rules, key=lambda rule: rule.level_before == rule.level_after)


def rule_line(rule: FiredRule, words: Words) -> str:
    """Say in short what a rule does, and why."""
    kind, _, size = rule.effect.partition(" ")
    if kind == "floor":
        effect = words.say("table", "floor", level=words.level(size))
    else:
        effect = words.say("table", "raise", steps=words.counted(size, "step"))
    return words.say("established", "rule_short", effect=effect, because=words.instrument["rules"][rule.id])


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def points_line(row: Contribution, a: Assessment, words: Words) -> str:
    """Say what one row of the contributions adds."""
    points = words.counted(row.low, "point")
    if row.kind != "item":
        return words.say("established", row.kind, name=row_name(row, words), points=points)
    form = "undated" if row.answer == a.definition.by_id[row.id].undated else "points"
    label, said = _capital(words.label(row.id)), words.answer(row.id, str(row.answer))
    return words.say("established", form, item=label, answer=said, points=points)


def row_name(row: Contribution, words: Words) -> str:
    """Name a row of the contributions: a fact, or the overlap or cap that takes points off."""
    if row.kind == "item":
        return _capital(words.fact(row.id, str(row.answer)))
    return _capital(words.instrument[{"cap": "caps", "overlap": "groups"}[row.kind]][row.id])


def open_lines(a: Assessment, words: Words) -> Iterator[str]:
    """Say what is open, and what the lowest level still needs."""
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


def official_lines(a: Assessment, words: Words) -> Iterator[str]:
    """Say what the instrument's own rule for missing answers gives, if it has one."""
    official = a.official
    if official is None:
        return
    result = words.level(official.result) if official.result in a.definition.levels else ""
    if official.result is not None and not result:
        result = words.instrument["results"][official.result]
    form = official.why if official.why != "within the rule" else official.rule
    yield words.say("official", form, result=result, score=official.score, missing=official.missing)
    if official.basis == "assumed":
        yield words.phrases["official"]["assumed"]


def _need(item: str, a: Assessment, words: Words) -> str:
    worded = words.phrases["needs"]
    if item in worded:
        return str(worded[item])
    option = next(need.option for need in a.definition.lowest_level.needs if need.item == item)
    return str(worded["other"].format(item=words.label(item), option=words.answer(item, option)))


def question_lines(
    questions: list[Question], words: Words, most: int = MOST_QUESTIONS, *, ask_others: bool = True
) -> Iterator[str]:
    """Word the first questions, numbered, and say how many more there are."""
    if ask_others and any(question.who_knows for question in questions[:most]):
        yield words.phrases["ask"]["before_others"]
    for number, question in enumerate(questions[:most], start=1):
        yield f"{number}. {_question(question, words)}"
    if len(questions) > most:
        yield words.say("ask", "more", count=len(questions) - most)


def _question(question: Question, words: Words) -> str:
    """Word a question with what each answer would give, answers that give the same taken together."""
    readings = [
        (reading, list(codes))
        for reading, codes in groupby(question.codes, lambda code: _reading(question, code, words))
    ]
    answers = "; ".join(
        words.say("ask", "answer", options=_together(codes, question, words), level=reading)
        for reading, codes in readings
    )
    known = ", ".join(words.who_knows[who] for who in question.who_knows)
    sources = words.say("ask", "without_her", who=known) if known else words.phrases["ask"]["only_her"]
    before = words.phrases["ask"]["asked_before"] if question.state == "unknown" else ""
    asked = words.items[question.item]["question"] + before
    return words.say("ask", "question", question=asked, answers=f"{answers}.", sources=sources)


def _together(codes: list[str], question: Question, words: Words) -> str:
    """Name answers that give the same; many of them at the end of the list are *any other answer*."""
    if len(codes) > 2 and codes[-1] == question.codes[-1]:
        return str(words.phrases["ask"]["any" if len(codes) == len(question.codes) else "any_other"])
    return " / ".join(words.answer(question.item, code) for code in codes)


def _reading(question: Question, code: str, words: Words) -> str:
    level = question.levels[code]
    if question.settled[code] and level != UNDETERMINED:
        return words.say("ask", "settles", level=words.level(level))
    if level == UNDETERMINED:
        return str(words.phrases["ask"]["stays_open"])
    return words.say("ask", "would_be", level=words.level(level))


def always_lines(a: Assessment, words: Words) -> Iterator[str]:
    """List what is asked in every case."""
    return (words.items[item]["question"] for item in a.ask_always)


def action_lines(actions: tuple[Action, ...], words: Words, jurisdiction: str | None) -> Iterator[str]:
    """Word the prompts: in one jurisdiction with the text and its sources, else who holds the duty in each."""
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
                sources="; ".join(map(_citation, action.sources)),
            )


def _citation(source: str) -> str:
    studies = load_evidence().studies
    return studies[source].citation if source in studies else load_actions().citations.get(source, source)


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


def warning_lines(a: Assessment, words: Words) -> Iterator[str]:
    """Word what to look at."""
    return (_warning(warning, a, words) for warning in a.warnings)


def _warning(warning: Warn, a: Assessment, words: Words) -> str:
    own = words.instrument.get("warnings", {})
    sentence = own.get(warning.code) or words.phrases["warnings"][warning.code]
    facts = "; ".join(words.fact(item, a.states[item]) for item in warning.items)
    return str(sentence.format(facts=facts, level=words.level(a.level)))


def source_lines(a: Assessment) -> Iterator[str]:
    """Spell out the sources of the rules that hold, each once."""
    studies = load_evidence().studies
    own = {source.id: source.citation for source in a.definition.sources}
    for source in dict.fromkeys(source for rule in a.rules for source in rule.sources):
        citation = studies[source].citation if source in studies else own.get(source)
        if citation is not None:
            yield f"{source}: {citation}"


def limit_lines(instrument: Instrument, words: Words) -> Iterator[str]:
    """Word what an instrument cannot say."""
    yield words.notice(instrument)
    if words.awaits_review:
        yield words.phrases["awaiting_review"]
    yield from cannot_say(words)


def cannot_say(words: Words) -> Iterator[str]:
    """Word the target and the limits of an instrument."""
    card = words.instrument["card"]
    yield card["target"]
    yield from card["limits"]
