"""The folder of an exercise: make it, collect what was typed, write the report, forget the people."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from dvrisk.datasets import check_is_free
from dvrisk.errors import DataError
from dvrisk.exercise import printing
from dvrisk.exercise.making import Made, Wanted, make
from dvrisk.exercise.plan import KEY, PLAN, Exercise, as_json, load_exercise, load_key
from dvrisk.exercise.reading import (
    MARKER,
    Problem,
    Row,
    each_once,
    read_agencies,
    read_panel,
    read_sheets,
    say_problem,
)
from dvrisk.exercise.sheets import FIELDS, MOST_FACTS, ROUNDS, Panel, Sheet
from dvrisk.language_files import shared_words

PRINT, TYPED, PRIVATE, REPORT = "print", "typed", "private", "report"
PEOPLE, PANEL = "people", "panel"
PERSONAL = (TYPED, PRIVATE, REPORT)
"""Folders that hold what people said; `forget` deletes them."""

_FACTS = tuple(f"fact_{number}" for number in range(1, MOST_FACTS + 1))
_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t")


class Collected(NamedTuple):
    """What was typed for an exercise.

    Attributes
    ----------
    rounds : dict of str to tuple of Sheet
        `before` and `after`, each sheet once.
    panel : Panel
    agencies : dict of str to str
    problems : tuple of Problem
    files : tuple of str
        The files that were read.
    """

    rounds: Mapping[str, tuple[Sheet, ...]]
    panel: Panel
    agencies: Mapping[str, str]
    problems: tuple[Problem, ...]
    files: tuple[str, ...]


def new_exercise(folder: str | Path, wanted: Wanted | None = None, *, follows: str | Path | None = None) -> Exercise:
    """Make an exercise, and write what is printed and what is typed into.

    Parameters
    ----------
    folder : str or pathlib.Path
        Must not exist, or be empty.
    wanted : Wanted, optional
    follows : str or pathlib.Path, optional
        Folder of an earlier exercise: the same people keep their codes, and two of its cases come again.

    Returns
    -------
    Exercise

    Raises
    ------
    DataError
        The folder holds something, or something that is wanted can't be had. Nothing is written then.
    """
    folder = Path(folder)
    check_is_free(folder)
    earlier = None if follows is None else Made(load_exercise(Path(follows)), load_key(Path(follows)))
    exercise, key = make(wanted or Wanted(), earlier)
    files = {PLAN: as_json(exercise), KEY: as_json(key)}
    for lang in exercise.languages:
        for number in range(1, len(exercise.booklets) + 1):
            files[f"{PRINT}/{lang}/booklet-{number}.html"] = printing.booklet(exercise, number, lang)
        files[f"{PRINT}/{lang}/answer-sheets.html"] = printing.answer_sheets(exercise, lang)
        if not exercise.follows:  # otherwise everybody keeps the code of the first exercise
            files[f"{PRINT}/{lang}/codes.html"] = printing.code_slips(exercise, lang)
        files[f"{PRINT}/{lang}/facilitator.html"] = printing.facilitator_notes(exercise, lang)
        files[f"key/{lang}.html"] = printing.key_pages(exercise, key, lang)
    write_files(folder, files | _to_type(exercise))
    return exercise


def collect(folder: str | Path) -> Collected:
    """Read everything that was typed, and write it as one table for the trainer.

    Parameters
    ----------
    folder : str or pathlib.Path

    Returns
    -------
    Collected

    Raises
    ------
    DataError
        The folder holds no exercise, or a file can't be read at all. What can be read is read; every problem is named.

    Notes
    -----
    Reads `typed/before.csv`, `typed/before.txt`, the same for `after`, and `people.csv` and `panel.csv`; whichever are
    there. Writes `private/ratings.csv`.
    """
    folder = Path(folder)
    exercise = load_exercise(folder)
    rounds: dict[str, tuple[Sheet, ...]] = {}
    problems: list[Problem] = []
    files = []
    for name in ROUNDS:
        rows: list[Row] = []
        for path in (folder / TYPED / f"{name}.csv", folder / TYPED / f"{name}.txt"):
            if path.is_file():
                read = read_sheets(path, exercise)
                rows += read.rows
                problems += read.problems
                files += [path.name] if read.rows or read.problems else []
        rounds[name], twice = each_once(rows)
        problems += twice
    agencies: Mapping[str, str] = {}
    panel = Panel()
    if (folder / TYPED / f"{PEOPLE}.csv").is_file():
        agencies, found = read_agencies(folder / TYPED / f"{PEOPLE}.csv", exercise)
        problems += found
    if (folder / TYPED / f"{PANEL}.csv").is_file():
        panel, found = read_panel(folder / TYPED / f"{PANEL}.csv", exercise)
        problems += found
    write_files(folder, {f"{PRIVATE}/ratings.csv": _ratings(exercise, rounds, agencies)})
    return Collected(rounds, panel, agencies, tuple(problems), tuple(files))


def forget(folder: str | Path) -> tuple[str, ...]:
    """Delete what people said: what was typed, the private pages and the report. Cases and key stay.

    Parameters
    ----------
    folder : str or pathlib.Path

    Returns
    -------
    tuple of str
        The files that were deleted.

    Raises
    ------
    DataError
        The folder holds no exercise, or one of its parts leads elsewhere; then nothing is deleted.
    """
    folder = Path(folder)
    load_exercise(folder)
    parts = [folder / name for name in PERSONAL if (folder / name).exists()]
    elsewhere = [part.name for part in parts if part.is_symlink() or not part.is_dir()]
    if elsewhere:
        raise DataError(folder.name, [f"{name} is no folder of its own. Delete it by hand." for name in elsewhere])
    files = (path for part in parts for path in sorted(part.rglob("*")) if path.is_file())
    deleted = tuple(path.relative_to(folder).as_posix() for path in files)
    for part in parts:
        shutil.rmtree(part)
    return deleted


def say_collected(collected: Collected, lang: str) -> str:
    """Say how many sheets were read, from which files, and every problem."""
    texts = shared_words("exercise", lang)["problems"]
    sheets, files = sum(map(len, collected.rounds.values())), ", ".join(collected.files) or "-"
    if not collected.problems:
        return str(texts["none"].format(sheets=sheets, files=files))
    head = texts["some"].format(sheets=sheets, files=files, problems=len(collected.problems))
    return "\n".join([head, *(f"- {say_problem(problem, lang)}" for problem in collected.problems)])


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write files, each whole or not at all."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(path.name + ".part")
        half.write_text(text, encoding="utf-8", newline="\n")
        half.replace(path)


# ------------------------------------------------------------------------------------------------------------- tables


def _to_type(exercise: Exercise) -> dict[str, str]:
    """Return the empty files into which sheets, agencies and votes are typed, headed in the first language."""
    lang = exercise.languages[0]
    head = ["code", "case", *FIELDS, *exercise.items, *_FACTS, "reason", MARKER]
    rows = [
        [code, letter, *[""] * (len(head) - 3), exercise.id] for code in exercise.codes for letter in exercise.letters
    ]
    files = {}
    for name in ROUNDS:
        files[f"{TYPED}/{name}.csv"] = _csv([_titles(head, lang), *rows])
        files[f"{TYPED}/{name}.txt"] = f"{MARKER} {exercise.id}\n"
    files[f"{TYPED}/{PEOPLE}.csv"] = _csv([_titles(["code", "agency"], lang), *([code, ""] for code in exercise.codes)])
    files[f"{TYPED}/{PANEL}.csv"] = _csv([_titles(["person", "case", "level", "immediate_danger", "reason"], lang)])
    return files


def _titles(columns: Iterable[str], lang: str) -> list[str]:
    worded, items = shared_words("exercise", lang)["columns"], shared_words("items", lang)["items"]
    titles = []
    for name in columns:
        if name in _FACTS:
            titles.append(worded["fact"].format(number=name.removeprefix("fact_")))
        else:
            titles.append(items[name]["label"] if name in items else worded.get(name, name))
    return titles


def _ratings(exercise: Exercise, rounds: Mapping[str, Sequence[Sheet]], agencies: Mapping[str, str]) -> str:
    head = ["round", "code", "agency", "case", *FIELDS, *exercise.items, *_FACTS, "reason", "checked"]
    rows = [
        [name, sheet.code, agencies.get(sheet.code, ""), sheet.case, *_fields(sheet, exercise)]
        for name, sheets in rounds.items()
        for sheet in sheets
    ]
    return _csv([head, *rows])


def _fields(sheet: Sheet, exercise: Exercise) -> list[str]:
    said = ["" if value is None else ("no", "yes")[value] for value in (sheet.immediate_danger, sheet.measure)]
    facts = [str(number) for number in sheet.facts]
    return [
        sheet.level or "",
        *said,
        str(sheet.confidence or ""),
        *(sheet.marks[item] for item in exercise.items),
        *facts,
        *[""] * (MOST_FACTS - len(facts)),
        sheet.reason,
        ("no", "yes")[sheet.is_checked],
    ]


def _csv(rows: Iterable[Sequence[str]]) -> str:
    """Write a table as the spreadsheets of the region open it; what looks like a formula stays a text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return _BOM + out.getvalue()
