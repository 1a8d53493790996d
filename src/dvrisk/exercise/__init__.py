"""Exercises: the same invented cases for a whole group, on paper, and a minute later where the group splits.

`new_exercise` writes what is printed and what is typed into, `collect` reads what was typed, `report` writes the pages,
`forget` deletes what people said, `demo` does it all with invented people.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dvrisk.errors import MissingExtraError
from dvrisk.exercise.folder import Collected, collect, forget, new_exercise, say_collected
from dvrisk.exercise.making import Wanted
from dvrisk.exercise.plan import Exercise

__all__ = ["Collected", "Exercise", "Wanted", "collect", "demo", "forget", "new_exercise", "report", "say_collected"]


def report(folder: str | Path, earlier: Sequence[str | Path] = ()) -> Collected:
    """Collect, and write the pages. Needs the extra `stats`.

    Parameters
    ----------
    folder : str or pathlib.Path
    earlier : sequence of str or pathlib.Path
        Folders of earlier exercises with the same people, the oldest first.

    Returns
    -------
    Collected
        What was read, with every problem.

    Raises
    ------
    DataError
        The folder holds no exercise, a file can't be read at all, or no sheet could be read.

    Notes
    -----
    By language: `report/<language>/room.html` and `group.html`; `private/<language>/trainer.html` and `slips.html`.
    """
    try:
        from dvrisk.exercise import reporting
    except ImportError as error:
        raise MissingExtraError("stats", str(error.name)) from None
    return reporting.report(folder, earlier)


def demo(folder: str | Path, languages: Sequence[str] = ("en",), seed: int = 1) -> Collected:
    """Make an exercise, let invented people fill in its sheets, and write the report. Needs the extra `stats`.

    Parameters
    ----------
    folder : str or pathlib.Path
        Must not exist, or be empty.
    languages : sequence of str, default ('en',)
    seed : int, default 1

    Notes
    -----
    Twenty people of four agencies rate alone and after a discussion; one rates 2.5 logits lower than the others. Three
    others are the panel. All of them are invented, as the cases are.
    """
    try:
        from dvrisk.exercise import rehearsal
    except ImportError as error:
        raise MissingExtraError("stats", str(error.name)) from None
    return rehearsal.demo(folder, languages, seed)
