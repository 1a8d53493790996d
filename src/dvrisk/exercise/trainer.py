"""The trainer's own page: does anybody stand apart, on which facts, and what could this exercise find at all."""

from __future__ import annotations

from html import escape
from math import log

import numpy as np

from dvrisk.exercise.leans import Leans, seen
from dvrisk.exercise.parts import page
from dvrisk.exercise.results import Results, missing_sheets, with_ratings
from dvrisk.exercise.texts import Texts
from dvrisk.html_parts import bullets, paragraphs, table
from dvrisk.ratings_in_words import decimal_point, say_detection, say_rater
from dvrisk.stats.planning import MarkAssumptions, plan_detection
from dvrisk.stats.raters import rater_deviation

PLANNED_SHIFT = -2.0
"""The lean, in logits, that the trainer's page says the exercise could find."""
_DRAWS = 100
_FEWEST = 3


def trainer_page(results: Results, lang: str, problems: list[str], earlier: str = "") -> str:
    """Return the trainer's own page: does anybody stand apart, on what, and what could this exercise find.

    Parameters
    ----------
    results : Results
    lang : str
    problems : list of str
        What could not be read as it was typed.
    earlier : str
        HTML about earlier exercises with the same people.
    """
    texts, leans = Texts(results.exercise, lang), Leans(results)
    title = texts.raw("trainer", "title", id=results.exercise.id)
    date = results.exercise.delete_on or texts.raw("trainer", "no_date")
    body = [
        f"<p class='running'>{texts.say('', 'invented')}</p><h1>{escape(title)}</h1>",
        paragraphs([texts.say("trainer", "private", date=date)], "said"),
        f"<h2>{texts.say('trainer', 'heading_apart')}</h2>{_apart(leans, texts)}",
        _picture(leans, texts),
        _beside_panel(results, texts),
        _told_again(results, texts),
        earlier,
        f"<h2>{texts.say('trainer', 'heading_levels')}</h2>{_levels(results, texts)}",
        f"<h2>{texts.say('trainer', 'heading_detect')}</h2>{paragraphs([_could_find(results, texts)])}",
        f"<h2>{texts.say('trainer', 'heading_sheets')}</h2>{_sheets(results, texts)}",
        bullets(map(escape, problems)) if problems else "",
    ]
    return page(title, lang, "\n".join(body))


def _apart(leans: Leans, texts: Texts) -> str:
    codes = leans.round.codes
    if all(leans.lean(person) is None for person in range(len(codes))):
        return paragraphs([texts.say("trainer", "too_few")], "first")
    if not leans.apart:
        return paragraphs([texts.say("trainer", "nobody")], "first")
    named = "".join(_one_apart(leans, person, texts) for person in leans.apart)
    return named + paragraphs([texts.say("trainer", "what_to_do")], "said")


def _one_apart(leans: Leans, person: int, texts: Texts) -> str:
    """Say who, in which direction, and on which facts; the number comes last."""
    one, code = leans.found[person], leans.round.codes[person]
    assert one is not None
    facts = [
        texts.say(
            "trainer",
            "on_fact",
            item=texts.label(leans.results.exercise.items[fact.item]),
            code=code,
            own=fact.own,
            all=fact.of,
            others=_short(fact.others * fact.of, texts),
        )
        for fact in leans.facts_of(person)
    ]
    way = "somebody_low" if one.direction == "lower" else "somebody_high"
    on_what = f"<p>{texts.say('trainer', 'on_what')}</p>{bullets(facts)}" if facts else ""
    sure = paragraphs([texts.say("trainer", "how_sure")])
    number = paragraphs([texts.say("trainer", "statistician", said=say_rater(one, lang=texts.lang))], "small")
    return paragraphs([texts.say("trainer", way, code=code)], "first") + on_what + sure + number


def _short(value: float, texts: Texts) -> str:
    """Return a number with one decimal, in the way of the language."""
    return f"{value:.1f}".replace(".", decimal_point(texts.lang))


_WIDE, _ROW, _LEFT, _TOP, _REACH = 900, 24, 190, 34, 4.0
"""Pixels: width, height of a row, room for the codes, room for the words above; and the logits shown to each side."""


def _picture(leans: Leans, texts: Texts) -> str:
    """Draw each person's lean with its interval, the lowest first."""
    known = [
        (one.estimate.value, p, one) for p, one in enumerate(leans.found) if one and one.estimate.value is not None
    ]
    if not known:
        return ""
    known.sort(key=lambda row: row[:2])
    height = _TOP + _ROW * len(known) + 10

    def x(logits: float | None) -> float:
        held = max(-_REACH, min(_REACH, logits or 0.0))
        return _LEFT + (_WIDE - _LEFT - 10) * (held + _REACH) / (2 * _REACH)

    parts = [
        f'<line x1="{x(0):.0f}" y1="{_TOP - 8}" x2="{x(0):.0f}" y2="{height}" stroke="#000" stroke-dasharray="3 3"/>',
        f'<text x="{_LEFT}" y="18">&#8592; {texts.say("trainer", "picture_less")}</text>',
        f'<text x="{_WIDE - 10}" y="18" text-anchor="end">{texts.say("trainer", "picture_more")} &#8594;</text>',
    ]
    for row, (value, person, one) in enumerate(known):
        y, e, thick = _TOP + _ROW * row + 10, one.estimate, 4 if one.apart else 1.5
        weight = ' font-weight="bold"' if one.apart else ""
        parts.append(f'<text x="0" y="{y + 5}"{weight}>{leans.round.codes[person]}</text>')
        if e.low is not None and e.high is not None:
            parts.append(f'<path d="M{x(e.low):.1f} {y}H{x(e.high):.1f}" stroke="#000" stroke-width="{thick}"/>')
        mark = (
            f'<rect x="{x(value) - 7:.1f}" y="{y - 7}" width="14" height="14"/>'
            if one.apart
            else f'<circle cx="{x(value):.1f}" cy="{y}" r="4"/>'
        )
        parts.append(mark)
    said = texts.say("trainer", "picture_key")
    svg = f'<svg viewBox="0 0 {_WIDE} {height}" role="img" font-size="15"><title>{said}</title>{"".join(parts)}</svg>'
    return f"<h2>{texts.say('trainer', 'picture')}</h2><p class='small'>{said}</p>{svg}"


def _beside_panel(results: Results, texts: Texts) -> str:
    """Say how often each person was below, at and above the panel; nothing where no panel voted."""
    if not results.has_panel:
        return ""
    ranks = [results.exercise.levels.index(level) if level else np.nan for level in results.reference]
    lowest, highest = (texts.level(results.exercise.levels[end]) for end in (0, -1))
    rows = []
    for person, code in enumerate(results.before.codes):
        off = results.before.levels[person] - np.array(ranks, dtype=float)
        worst = np.flatnonzero(off == 1 - len(results.exercise.levels))
        counts = [str(int(test.sum())) for test in (off < 0, off == 0, off > 0)]
        rows.append([code, *counts, ", ".join(results.exercise.letters[case] for case in worst)])
    heads = ["", *(texts.say("trainer", f"panel_{way}") for way in ("lower", "same", "higher"))]
    heads.append(texts.say("trainer", "panel_worst", lowest=lowest, highest=highest))
    note = paragraphs([texts.say("trainer", "panel_note")])
    return f"<h2>{texts.say('trainer', 'heading_panel')}</h2>{note}{table(heads, rows)}"


def _told_again(results: Results, texts: Texts) -> str:
    rows = []
    for place, case in enumerate(results.exercise.rated):
        if case.tells_again:
            first, second = results.before.levels[:, [results.exercise.letters.index(case.tells_again), place]].T
            both = np.isfinite(first) & np.isfinite(second)
            values = {"first": case.tells_again, "second": case.letter}
            rows.append(
                texts.say("trainer", "again_row", same=int((first == second).sum()), all=int(both.sum()), **values)
            )
    return f"<h2>{texts.say('trainer', 'heading_again')}</h2>{bullets(rows)}" if rows else ""


def _levels(results: Results, texts: Texts) -> str:
    (levels,) = with_ratings(results.before.levels)
    if min(levels.shape) < _FEWEST:
        return paragraphs([texts.say("room", "too_few")])
    codes = [
        code for code, row in zip(results.before.codes, results.before.levels, strict=True) if np.isfinite(row).any()
    ]
    found = rater_deviation(levels, len(results.exercise.levels))
    values = [(estimate.value, code) for estimate, code in zip(found, codes, strict=True) if estimate.value is not None]
    rows = [[code, ("+" if value > 0 else "") + _short(value, texts)] for value, code in sorted(values)]
    return paragraphs([texts.say("trainer", "levels_note")]) + table((), rows)


def _could_find(results: Results, texts: Texts) -> str:
    """Say how often such an exercise would name somebody, with as many marks as were made and as many a yes."""
    marks = seen(results.before)
    n_people, n_cases, _ = marks.shape
    if min(n_people, n_cases) < _FEWEST:
        return texts.say("room", "too_few")
    known = np.isfinite(marks)
    filled = max(1, round(float(known.sum(axis=2).mean())))
    yes = float(np.clip((marks[known] > 0).mean(), 0.05, 0.95))
    assume = MarkAssumptions(rarity=log((1 - yes) / yes))
    plan = plan_detection(n_people, n_cases, filled, PLANNED_SHIFT, assume=assume, draws=_DRAWS)
    return f"{texts.say('trainer', 'detect')} {escape(say_detection(plan, lang=texts.lang))}"


def _sheets(results: Results, texts: Texts) -> str:
    given = results.before
    numbers = {
        "sheets": given.n_sheets,
        "people": len(given.codes),
        "cases": given.levels.shape[1],
        "checked": given.n_checked,
    }
    filled = given.filled
    blank = {"level": int(np.isnan(given.levels[filled]).sum()), "facts": int(np.isnan(given.saw[filled]).sum())}
    lacking = missing_sheets(given, results.exercise)
    missing = texts.say("trainer", "missing", list=lacking) if lacking else ""
    return paragraphs([texts.say("trainer", "sheets", **numbers), texts.say("trainer", "blank", **blank), missing])
