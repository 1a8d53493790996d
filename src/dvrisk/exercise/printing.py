"""What is printed for an exercise: booklets, answer sheets, code slips, the facilitator's notes, and apart, the key."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dvrisk.exercise.codes import unused_code
from dvrisk.exercise.parts import page
from dvrisk.exercise.plan import PRACTICE, Case, CaseKey, Exercise, Key
from dvrisk.exercise.sheets import FIELDS, MARKS, ROUNDS, SURENESS, YES_NO, Sheet, as_line
from dvrisk.exercise.texts import Texts
from dvrisk.html_parts import bullets, table

_SLIPS = 10
"""Code slips on a page."""
_MINUTES = {  # step: minutes of two hours, of one day; planning values
    "s1": (10, 15),
    "s2": (15, 25),
    "s3": (30, 75),
    "s4": (10, 30),
    "s5": (10, 20),
    "s6": (25, 60),
    "s7": (0, 20),
    "s8": (15, 30),
    "s9": (5, 15),
    "s10": (0, 60),
    "s11": (0, 15),
    "s12": (0, 5),
}


def booklet(exercise: Exercise, number: int, lang: str) -> str:
    """Return the cases in one order, a page a case, the practice case first; `number` counts from 1."""
    texts = Texts(exercise, lang)
    by_letter = {case.letter: case for case in exercise.cases}
    order = [PRACTICE, *exercise.booklets[number - 1]]
    cover = [
        f"<h1>{texts.say('pack', 'title', id=exercise.id, booklet=number)}</h1>",
        f"<p>{texts.say('', 'not_real')}</p>",
        f"<p>{texts.say('pack', 'content_note_all')}</p>",
        f"<p>{texts.say('pack', 'how')}</p>",
        f"<p class='order'>{' &rarr; '.join(order)}</p>",
    ]
    pages = [_page("".join(cover), exercise, texts)]
    pages += [_page(_case(by_letter[letter], texts), exercise, texts) for letter in order]
    return _whole(texts.raw("pack", "title", id=exercise.id, booklet=number), pages, texts)


def answer_sheets(exercise: Exercise, lang: str) -> str:
    """Return one answer sheet for each case, a page each; print them once for each person."""
    texts = Texts(exercise, lang)
    pages = [_page(_sheet(exercise, case, texts), exercise, texts) for case in exercise.cases]
    return _whole(texts.raw("sheet", "title", letter="-".join((PRACTICE, exercise.letters[-1]))), pages, texts)


def code_slips(exercise: Exercise, lang: str) -> str:
    """Return the rater codes, to cut apart."""
    texts = Texts(exercise, lang)
    agency = texts.say("codes", "agency", agencies=texts.raw("codes", "agencies"))
    slips = [
        f"<div class='slip'><p class='code'>{code}</p><p>{agency}</p>"
        f"<p class='small'>{texts.say('codes', 'keep')}</p></div>"
        for code in exercise.codes
    ]
    head = f"<h1>{texts.say('codes', 'title', id=exercise.id)}</h1><p>{texts.say('codes', 'how')}</p>"
    pages = [
        _page(
            f"{'' if start else head}<div class='slips'>{''.join(slips[start : start + _SLIPS])}</div>", exercise, texts
        )
        for start in range(0, len(slips), _SLIPS)
    ]
    return _whole(texts.raw("codes", "title", id=exercise.id), pages, texts)


def facilitator_notes(exercise: Exercise, lang: str) -> str:
    """Return the facilitator's notes, with timings for two hours and for one day."""
    texts = Texts(exercise, lang)
    marks = {item: MARKS[place % len(MARKS)] for place, item in enumerate(exercise.items)}
    shown = Sheet(unused_code(exercise.codes), exercise.letters[0], exercise.levels[-1], True, True, 4, marks, (3, 8))
    line = as_line(shown, exercise.levels, exercise.items)
    heads = (texts.say("notes", key) for key in ("step", "two_hours", "one_day"))
    rows = [[texts.say("steps", step), *(_minutes(m, texts) for m in times)] for step, times in _MINUTES.items()]
    totals = [_minutes(sum(column), texts) for column in zip(*_MINUTES.values(), strict=True)]
    body = [
        f"<h1>{texts.say('notes', 'title', id=exercise.id)}</h1>",
        f"<p>{texts.say('notes', 'purpose')}</p>",
        f"<p>{texts.say('notes', 'before_open')}</p>",
        table(heads, [*rows, [texts.say("notes", "total"), *totals]], "timing"),
        *(f"<p>{texts.say('notes', key)}</p>" for key in ("follows",) if exercise.follows),
        *(f"<p>{texts.say('notes', key)}</p>" for key in ("two_hour_cases", "typing")),
        f"<p class='line'>{texts.say('notes', 'typing_example', line=line)}</p>",
        *(f"<p>{texts.say('notes', key)}</p>" for key in ("apart_note", "helpline", "retest")),
    ]
    return _whole(texts.raw("notes", "title", id=exercise.id), [_page("".join(body), exercise, texts)], texts)


def key_pages(exercise: Exercise, key: Key, lang: str) -> str:
    """Return the key: for each case the instrument's level, the facts with the sentences that tell them, and why."""
    texts = Texts(exercise, lang)
    title = texts.raw("key", "title", id=exercise.id)
    first = f"<h1>{escape(title)}</h1><p>{texts.say('key', 'apart')}</p>"
    pages = [
        _page((first if place == 0 else "") + _key(case, key.cases[case.letter], texts), exercise, texts)
        for place, case in enumerate(exercise.cases)
    ]
    return _whole(title, pages, texts)


# ---------------------------------------------------------------------------------------------------------------- parts


def numbered(sentences: Sequence[str]) -> str:
    """Return sentences as a text in which small numbers count them."""
    return " ".join(
        f"<span><sup>{n}</sup>{escape(text, quote=False)}</span>" for n, text in enumerate(sentences, start=1)
    )


def _case(case: Case, texts: Texts) -> str:
    words = case.words[texts.lang]
    heading = texts.say("pack", "practice" if case.letter == PRACTICE else "case", letter=case.letter)
    note = (
        f"<p class='note'>{texts.say('pack', 'content_note', note=words.content_note)}</p>"
        if words.content_note
        else ""
    )
    waits = f"<p class='small'>{texts.say('', 'awaiting_review')}</p>" if words.awaits_review else ""
    return f"<h2>{heading}</h2>{note}<p class='case'>{numbered(words.sentences)}</p>{waits}"


def _sheet(exercise: Exercise, case: Case, texts: Texts) -> str:
    yes_no = [(number, texts.say("sheet", word)) for number, word in enumerate(YES_NO, start=1)]
    levels = [(number, escape(texts.level(level))) for number, level in enumerate(exercise.levels, start=1)]
    ends = {SURENESS[0]: texts.say("sheet", "sure_least"), SURENESS[-1]: texts.say("sheet", "sure_most")}
    choices = {
        "level": levels,
        "immediate_danger": yes_no,
        "measure": yes_no,
        "confidence": [(number, ends.get(number, "")) for number in SURENESS],
    }
    questions = "".join(
        f"<tr><th>{texts.say('sheet', field)}</th><td>{''.join(_box(*choice) for choice in choices[field])}</td></tr>"
        for field in FIELDS
    )
    counted = {"count": len(FIELDS) + len(exercise.items)}
    boxes = [_box(number, "") for number, _ in enumerate(MARKS, start=1)]
    facts = [[f"{n}. {escape(texts.label(item))}", *boxes] for n, item in enumerate(exercise.items, start=1)]
    asked = (texts.say("sheet", key, **counted) for key in ("sentences", "reason", "check"))
    lines = "".join(f"<p class='fields'><span>{line}</span></p>" for line in asked)
    return (
        f"<h1>{texts.say('sheet', 'title', letter=case.letter)}</h1>"
        f"<p>{_boxes([texts.raw('room', when) for when in ROUNDS])}</p>"
        f"<p class='fields'><span>{texts.say('sheet', 'code')}</span></p>"
        f"<p>{texts.say('sheet', 'agency')}: {_boxes(texts.raw('codes', 'agencies').split(' / '))}</p>"
        f"<p class='small'>{texts.say('sheet', 'how')}</p><table class='questions'>{questions}</table>"
        f"{table((texts.say('sheet', key) for key in ('facts', *MARKS)), facts, 'facts')}{lines}"
        f"<p class='small'>{texts.say('sheet', 'round_two')}</p>"
    )


def _boxes(words: Sequence[str]) -> str:
    return "".join(f"<span class='choice'><span class='square'></span>{escape(word)}</span>" for word in words)


def _box(number: int, word: str) -> str:
    return f"<span class='choice'><span class='square'></span><small>{number}</small> {word}</span>"


def _key(case: Case, key: CaseKey, texts: Texts) -> str:
    heading = texts.say("pack", "practice" if case.letter == PRACTICE else "case", letter=case.letter)
    again = f"<p>{texts.say('key', 'again', letter=case.tells_again)}</p>" if case.tells_again else ""
    facts = [
        texts.say("key", "fact", numbers=", ".join(map(str, key.said_in[item])), fact=texts.fact(item, answer))
        for item, answer in key.facts.items()
    ]
    way = "level" if key.level == key.level_high else "level_range"
    level = texts.say("key", way, level=texts.level(key.level), highest=texts.level(key.level_high))
    parts = [
        f"<h2>{heading} <small>({escape(case.source)})</small></h2>{again}<p>{level}</p>",
        f"<h3>{texts.say('key', 'facts')}</h3>{bullets(facts)}",
    ]
    for heading_key, said in (("reasons", key.reasons), ("errors", key.common_errors)):
        if texts.lang in said:
            parts.append(
                f"<h3>{texts.say('key', heading_key)}</h3>{bullets(escape(line) for line in said[texts.lang])}"
            )
    return "".join(parts)


def _minutes(minutes: int, texts: Texts) -> str:
    return texts.say("notes", "minutes", minutes=minutes) if minutes else texts.say("notes", "left_out")


def _page(body: str, exercise: Exercise, texts: Texts) -> str:
    running = f"<p class='running'>{texts.say('', 'invented')} &middot; {exercise.id}</p>"
    return f"<section class='sheet'>{running}{body}</section>"


def _whole(title: str, pages: Sequence[str], texts: Texts) -> str:
    return page(title, texts.lang, "\n".join(pages), "print")
