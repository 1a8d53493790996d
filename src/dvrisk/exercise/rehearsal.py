"""Invented people fill in the sheets of an exercise: to rehearse it, and to see what its report finds. Needs NumPy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dvrisk.exercise.folder import TYPED, Collected, new_exercise, write_files
from dvrisk.exercise.making import Made, Wanted, is_there
from dvrisk.exercise.plan import CaseKey, Exercise, load_key
from dvrisk.exercise.reading import MARKER
from dvrisk.exercise.reporting import report
from dvrisk.exercise.sheets import MARKS, ROUNDS, SURENESS, Sheet, as_line
from dvrisk.language_files import shared_words
from dvrisk.rating_simulation import Rater, hand_of

DEMO_RATERS = (
    *(Rater(training=0.5) for _ in range(6)),
    Rater(severity=-2.5, training=0.5),
    *(Rater(training=0.5) for _ in range(13)),
)
"""Twenty people, one of whom sees clearly less danger than the others."""
_DEMO_AGENCIES = (0,) * 7 + (1,) * 5 + (2,) * 5 + (3,) * 3
_PANEL = (Rater(noise=0.3), Rater(noise=0.3), Rater(noise=0.3))

CLARITY, SPREAD = 2.0, 2.0
"""As in `simulate_ratings`: how clearly the text tells its facts, and how far levels lie apart, in logits."""
READS_IN = 0.1
"""Share of the facts that a text does not tell, and that somebody marks all the same."""


def demo(folder: str | Path, languages: Sequence[str] = ("en",), seed: int = 1) -> Collected:
    """Make an exercise, let invented people fill in its sheets, and report: see `dvrisk.exercise.demo`."""
    folder = Path(folder)
    exercise = new_exercise(folder, Wanted(languages=tuple(languages), people=len(DEMO_RATERS), seed=seed))
    made = Made(exercise, load_key(folder))
    files = {}
    for round, name in enumerate(ROUNDS, start=1):
        sheets = fill_in(made, DEMO_RATERS, seed, round)
        lines = (as_line(sheet, exercise.levels, exercise.items) for sheet in sheets)
        files[f"{TYPED}/{name}.txt"] = "\n".join([f"{MARKER} {exercise.id}", *lines, ""])
    agencies = shared_words("exercise", exercise.languages[0])["codes"]["agencies"].split(" / ")
    people = (f"{code};{agencies[place]}" for code, place in zip(exercise.codes, _DEMO_AGENCIES, strict=True))
    files[f"{TYPED}/people.csv"] = "\n".join(["code;agency", *people, ""])
    votes = (
        f"{sheet.code};{sheet.case};{sheet.level};{('no', 'yes')[bool(sheet.immediate_danger)]};"
        for sheet in fill_in(made, _PANEL, seed + 1)
    )
    files[f"{TYPED}/panel.csv"] = "\n".join(["person;case;level;immediate_danger;reason", *votes, ""])
    write_files(folder, files)
    return report(folder)


def fill_in(made: Made, raters: Sequence[Rater], seed: int = 1, round: int = 1) -> list[Sheet]:
    """Let invented people fill in a sheet for each case.

    Parameters
    ----------
    made : Made
        An exercise and its key.
    raters : sequence of Rater
        One for each of the first codes.
    seed : int, default 1
    round : int, default 1
        The second is after the discussion: training shows, and noise is new.

    Returns
    -------
    list of Sheet

    Notes
    -----
    As in `simulate_ratings`, with the key as the truth: a fact that the text tells is marked yes or no; one that it
    does not tell is mostly marked as not told. The level follows the instrument's, undetermined counting as the one
    above the lowest.
    """
    exercise = made.exercise
    keys = [made.key.cases[letter] for letter in exercise.letters]
    told = [[is_there(item, key.facts.get(item)) for key in keys] for item in exercise.items]
    severity = np.array([_rank(key, exercise) for key in keys])
    sheets = []
    for place, rater in enumerate(raters):
        hand = hand_of(rater.in_round(round), seed=seed, stream=f"exercise/{round}/{place}")
        levels = hand.levels(severity, SPREAD, 0, None)
        truth = [np.array([bool(one) for one in row], dtype=np.int64) for row in told]
        marks = [hand.item(item, truth[n], levels, CLARITY, None, 2) for n, item in enumerate(exercise.items)]
        danger, measure, sure = (hand.item(item, severity, levels, CLARITY / 2, None, 3) for item in _OTHERS)
        for case, letter in enumerate(exercise.letters):
            words = f"{seed}/{round}/{place}/{letter}"
            sheets.append(
                Sheet(
                    exercise.codes[place],
                    letter,
                    level=exercise.levels[int(levels[case])],
                    immediate_danger=bool(danger[case] == 2),
                    measure=bool(measure[case] >= 1),
                    confidence=SURENESS[1 + int(sure[case])],
                    marks={
                        item: _mark(int(marks[n][case]), told[n][case], f"{words}/{item}")
                        for n, item in enumerate(exercise.items)
                    },
                    facts=_deciding([marks[n][case] for n in range(len(told))], exercise, keys[case], words),
                    is_checked=True,
                )
            )
    return sheets


_OTHERS = ("immediate_danger", "need_immediate_help", "mutual_report")
"""Items under whose streams the other fields are drawn: whether there is danger, a measure, and how sure."""


def _rank(key: CaseKey, exercise: Exercise) -> int:
    return exercise.levels.index(key.level) if key.level in exercise.levels else 1


def _mark(mark: int, told: bool | None, draw: str) -> str:
    if told is None and _share(draw) >= READS_IN:
        return MARKS[1]
    return MARKS[2 * mark]


def _deciding(marks: Sequence[NDArray[np.int64] | int], exercise: Exercise, key: CaseKey, draw: str) -> tuple[int, ...]:
    """Name up to three sentences that tell a fact that was seen; where none was, up to two others that were."""
    seen = [item for mark, item in zip(marks, exercise.items, strict=True) if mark and item in key.said_in]
    other = [item for item in exercise.items if item in key.said_in and item not in seen]
    chosen = sorted(seen or other[:2], key=lambda item: _share(f"{draw}/{item}"))[:3]
    return tuple(sorted({key.said_in[item][0] for item in chosen}))


def _share(draw: str) -> float:
    return int.from_bytes(hashlib.sha256(draw.encode()).digest()[:6], "big") / 2**48
