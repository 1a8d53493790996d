"""Again after some months: who rates higher or lower than the last time, and do people repeat themselves."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from dvrisk.exercise.results import Results, with_ratings
from dvrisk.exercise.texts import Texts
from dvrisk.html_parts import bullets, paragraphs
from dvrisk.ratings_in_words import say_change, say_drift, say_repeat
from dvrisk.stats.change import change_in_agreement, rater_drift, repeat_consistency

_FEWEST = 3


def since(rounds: Sequence[Results], lang: str) -> str:
    """Say what changed between exercises of the same people, the oldest first; nothing where there is only one.

    Returns
    -------
    str
        HTML: each person's drift against the others, and how often the cases that came again got the same level.
    """
    if len(rounds) < 2:
        return ""
    texts = Texts(rounds[-1].exercise, lang)
    people = [code for code in rounds[0].before.codes if all(_rated(one, code) for one in rounds)]
    said = [texts.say("trainer", "drift_people", count=len(people), rounds=len(rounds))]
    heading = f"<h2>{texts.say('trainer', 'heading_drift')}</h2>"
    if len(people) < _FEWEST:
        return heading + paragraphs([*said, texts.say("room", "too_few")])
    tables = [_levels_of(one, people) for one in rounds]
    known = [table[:, np.isfinite(table).any(axis=0)] for table in tables]
    drifts = rater_drift(known, len(rounds[-1].exercise.levels))
    rows = [
        texts.say("trainer", "drift_row", code=code, said=say_drift(drift, lang=lang))
        for code, drift in zip(people, drifts, strict=True)
    ]
    return heading + paragraphs([*said, *_repeated(rounds[-2], rounds[-1], people, texts)]) + bullets(rows)


def _rated(results: Results, code: str) -> bool:
    codes = results.before.codes
    return code in codes and bool(np.isfinite(results.before.levels[codes.index(code)]).any())


def _levels_of(results: Results, people: Sequence[str]) -> np.ndarray:
    return results.before.levels[[results.before.codes.index(code) for code in people]]


def _repeated(last: Results, now: Results, people: Sequence[str], texts: Texts) -> list[str]:
    """Compare the cases that came in both exercises, case by case."""
    pairs = [
        (last.exercise.letters.index(case.seen_before), place)
        for place, case in enumerate(now.exercise.rated)
        if case.seen_before in last.exercise.letters
    ]
    if not pairs:
        return []
    first = _levels_of(last, people)[:, [then for then, _ in pairs]]
    second = _levels_of(now, people)[:, [place for _, place in pairs]]
    n_levels = len(now.exercise.levels)
    first, second = with_ratings(first, second)
    if min(first.shape) == 0 or len(first) < _FEWEST:
        return []
    said = [escape(say_repeat(repeat_consistency(first, second, n_levels), lang=texts.lang))]
    said.append(escape(say_change(change_in_agreement(first, second, n_levels), lang=texts.lang)))
    return said
