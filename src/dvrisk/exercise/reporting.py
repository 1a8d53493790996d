"""Write the report of an exercise: pages for the projector, for the trainer, for each person, and for the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dvrisk.errors import DataError
from dvrisk.exercise.folder import PRIVATE, REPORT, Collected, collect, write_files
from dvrisk.exercise.handouts import group_page, slips
from dvrisk.exercise.plan import load_exercise, load_key
from dvrisk.exercise.reading import say_problem
from dvrisk.exercise.results import Results, as_round, rated_only
from dvrisk.exercise.retest import since
from dvrisk.exercise.room import room_page
from dvrisk.exercise.trainer import trainer_page


def report(folder: str | Path, earlier: Sequence[str | Path] = ()) -> Collected:
    """Collect, and write the pages: see `dvrisk.exercise.report`."""
    folder = Path(folder)
    results, collected = load_results(folder)
    before = [load_results(Path(one))[0] for one in earlier]
    files = {}
    for lang in results.exercise.languages:
        problems = [say_problem(problem, lang) for problem in collected.problems]
        files[f"{REPORT}/{lang}/room.html"] = room_page(results, lang)
        files[f"{REPORT}/{lang}/group.html"] = group_page(results, lang)
        files[f"{PRIVATE}/{lang}/trainer.html"] = trainer_page(results, lang, problems, since([*before, results], lang))
        files[f"{PRIVATE}/{lang}/slips.html"] = slips(results, lang)
    write_files(folder, files)
    return collected


def load_results(folder: Path) -> tuple[Results, Collected]:
    """Collect what was typed, and put it into tables."""
    exercise, collected = load_exercise(folder), collect(folder)
    before, after = (collected.rounds[name] for name in ("before", "after"))
    if not before:
        found = f"{len(collected.problems)} problems were found; `dvrisk exercise collect` lists them"
        raise DataError(
            folder.name, [f"no sheet could be read from typed/before.csv or before.txt ({found}). Type some."]
        )
    exercise = rated_only(exercise, before)
    after = tuple(sheet for sheet in after if sheet.case in exercise.letters)
    results = Results(
        exercise,
        load_key(folder),
        as_round(before, exercise),
        as_round(after, exercise) if after else None,
        collected.panel,
        collected.agencies,
    )
    return results, collected
