"""Read what was typed: tables and lines, in any of the languages; every problem named, nothing dropped in silence."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from dvrisk.errors import DataError
from dvrisk.exercise.codes import one_slip_from
from dvrisk.exercise.plan import PRACTICE, Exercise
from dvrisk.exercise.sheets import (
    BLANK,
    CONSENSUS,
    FIELDS,
    MARKS,
    MOST_FACTS,
    SURENESS,
    Panel,
    Sheet,
    Vote,
    check_number,
)
from dvrisk.exercise.typed import (
    CONSENSUS_WORDS,
    agency_words,
    column_names,
    fold,
    level_words,
    whole_number,
    words_for,
    yes_no,
)
from dvrisk.language_files import shared_words

_T = TypeVar("_T")

MOST_BYTES = 5_000_000
LINE_PARTS = 6
FEWEST_VOTERS = 3
MARKER = "exercise"
"""Name of the column, or beginning of the line, that says of which exercise the sheets are."""
_CELL_SHOWN = 40
_BLANK_CELLS = ("-", ".", "/")
_EMPTY = (*_BLANK_CELLS, "0")


class Problem(NamedTuple):
    """Something that was typed and can't be used as it stands.

    Attributes
    ----------
    file : str
    row : int or None
        As a spreadsheet counts: the first row is 1.
    column : str or None
    what : str
        Key of a sentence in the section `problems`.
    values : dict of str to str
        What fills it: what was understood, and what was expected.
    is_lost : bool
        Whether the row was left out; otherwise the field counts as blank.
    """

    file: str
    row: int | None
    column: str | None
    what: str
    values: Mapping[str, str]
    is_lost: bool = False


class Typed(NamedTuple):
    """What one file holds.

    Attributes
    ----------
    rows : tuple of Row
    problems : tuple of Problem
    """

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


class Row(NamedTuple):
    """A sheet, and where it stood."""

    file: str
    number: int
    sheet: Sheet


class _Log:
    """Gathers the problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, row: int | None, column: str | None, what: str, *, lost: bool = False, **values: object) -> None:
        said = {name: _shown(str(value)) if name == "got" else str(value) for name, value in values.items()}
        self.problems.append(Problem(self.file, row, column, what, said, lost))


def read_sheets(path: Path, exercise: Exercise) -> Typed:
    """Read a file of sheets: lines of digits if its name ends in .txt, else a table.

    Raises
    ------
    DataError
        The file can't be read at all.
    """
    log = _Log(path.name)
    text = _text(path)
    reader = _lines if path.suffix.lower() == ".txt" else _table
    rows = tuple(row for row in reader(text, exercise, log) if not _is_empty(row.sheet))
    for row in rows:
        if row.sheet.level is None and set(row.sheet.marks.values()) <= {BLANK}:
            log.add(row.number, None, "half", code=row.sheet.code, case=row.sheet.case)
    return Typed(rows, tuple(log.problems))


def each_once(rows: Sequence[Row]) -> tuple[tuple[Sheet, ...], tuple[Problem, ...]]:
    """Keep one sheet for each code and case; where two differ, neither counts until somebody has looked."""
    first: dict[tuple[str, str], Row] = {}
    unclear, problems = set(), []
    for row in rows:
        key = (row.sheet.code, row.sheet.case)
        if key not in first:
            first[key] = row
            continue
        other = first[key]
        is_same = other.sheet._replace(is_checked=True) == row.sheet._replace(is_checked=True)
        values = {"code": key[0], "case": key[1], "other": f"{other.file}, {other.number}"}
        problems.append(Problem(row.file, row.number, None, "twice_same" if is_same else "twice", values))
        if not is_same:
            unclear.add(key)
    return tuple(row.sheet for key, row in first.items() if key not in unclear), tuple(problems)


def read_agencies(path: Path, exercise: Exercise) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Read a table of codes and agencies; those that stand on the sheets are one in every language."""
    log = _Log(path.name)
    agencies: dict[str, str] = {}
    for number, row in _records(_text(path), log, ("code", "agency")):
        code = _code(row["code"], exercise, log, number)
        typed = " ".join(row["agency"].split())
        if code is None or not typed:
            continue
        agency = agency_words().get(fold(typed))
        near = [name for word, name in agency_words().items() if one_slip_from(fold(typed), word)]
        if agency is None and near:
            log.add(number, "agency", "unknown_agency", got=typed, near=near[0])
        agency = agency or typed
        if agencies.setdefault(code, agency) != agency:
            log.add(number, "agency", "agency_twice", code=code)
    return agencies, tuple(log.problems)


def read_panel(path: Path, exercise: Exercise) -> tuple[Panel, tuple[Problem, ...]]:
    """Read a table of votes: person, case, level, immediate danger, reason.

    The person “consensus” stands for what all agreed on after their discussion.
    A panel has three or more people; with fewer there is none, and the problem says so.
    """
    log = _Log(path.name)
    votes: list[Vote] = []
    for number, row in _records(_text(path), log, ("person", "case", "level", "immediate_danger", "reason")):
        case = _case(row["case"], exercise, log, number)
        level = _understood(row["level"], level_words(exercise.levels), log, number, "level")
        if case is None or level is None or not row["person"].strip():
            continue
        person = fold(row["person"])
        vote = Vote(
            CONSENSUS if person in CONSENSUS_WORDS else person,
            case,
            level,
            _understood(row["immediate_danger"], yes_no(), log, number, "immediate_danger"),
            " ".join(row["reason"].split()),
        )
        if any((one.person, one.case) == (vote.person, vote.case) for one in votes):
            log.add(number, None, "vote_twice", lost=True, case=case)
        else:
            votes.append(vote)
    people = {vote.person for vote in votes} - {CONSENSUS}
    if votes and len(people) < FEWEST_VOTERS:
        log.add(None, None, "small_panel", got=len(people), expected=FEWEST_VOTERS)
        votes = []
    return Panel(tuple(votes)), tuple(log.problems)


def say_problem(problem: Problem, lang: str) -> str:
    """Say a problem: where, what was understood, what was expected, and what became of it."""
    texts = shared_words("exercise", lang)["problems"]
    named = _words_of_codes(lang)
    where = problem.file
    if problem.row is not None and problem.column is not None:
        column = named.get(problem.column, problem.column)
        where = texts["cell"].format(file=problem.file, row=problem.row, column=column)
    elif problem.row is not None:
        where = texts["row"].format(file=problem.file, row=problem.row)
    values = dict(problem.values)
    if "expected" in values:
        values["expected"] = ", ".join(named.get(part, part) for part in values["expected"].split(", "))
    if "near" in values:
        values["near"] = texts["near"].format(code=values["near"]) if values["near"] else ""
    became = texts["not_read"] if problem.is_lost else texts["cell_blank"] if problem.what in _BLANKED else ""
    return f"{where}: {texts[problem.what].format(**values)} {became}".strip()


def _words_of_codes(lang: str) -> dict[str, str]:
    """Return how a language calls the columns, the items, the levels and the marks."""
    worded, items = shared_words("exercise", lang), shared_words("items", lang)["items"]
    marks = {mark: worded["sheet"][mark] for mark in MARKS}
    names = {item: described["label"] for item, described in items.items()}
    return {**names, **shared_words("phrases", lang)["level_names"], **marks, **worded["columns"]}


_BLANKED = ("not_understood", "digit", "no_sentence")


# ---------------------------------------------------------------------------------------------------------- one by one


def _is_empty(sheet: Sheet) -> bool:
    said = (sheet.level, sheet.immediate_danger, sheet.measure, sheet.confidence)
    return not (
        any(value is not None for value in said) or set(sheet.marks.values()) - {BLANK} or sheet.facts or sheet.reason
    )


def _code(text: str, exercise: Exercise, log: _Log, number: int) -> str | None:
    code = re.sub(r"[\s_–—-]+", "-", fold(text)).strip("-")
    if code in exercise.codes:
        return code
    near = [known for known in exercise.codes if one_slip_from(code, known)]
    log.add(number, "code", "unknown_code", lost=True, got=text, near=near[0] if len(near) == 1 else "")
    return None


def _case(text: str, exercise: Exercise, log: _Log, number: int) -> str | None:
    letter = fold(text).upper()
    if letter == PRACTICE:
        log.add(number, "case", "practice_case", lost=True)
        return None
    if letter not in exercise.letters:
        log.add(number, "case", "unknown_case", lost=True, got=text, expected=", ".join(exercise.letters))
        return None
    return letter


def _facts(parts: Iterable[str], case: str, exercise: Exercise, log: _Log, number: int) -> tuple[int, ...]:
    words = next(iter(next(one for one in exercise.cases if one.letter == case).words.values()))
    found: list[int] = []
    for part in parts:
        if not part or part in _EMPTY:
            continue
        value = whole_number(part)
        if value is None or not 1 <= value <= len(words.sentences):
            log.add(number, None, "no_sentence", got=part, case=case, expected=len(words.sentences))
        elif value not in found:
            found.append(value)
    if len(found) > MOST_FACTS:
        log.add(number, None, "too_many_facts")
    return tuple(found[:MOST_FACTS])


# --------------------------------------------------------------------------------------------------------------- lines


def _lines(text: str, exercise: Exercise, log: _Log) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip().lstrip("#").strip()
        if not bare:
            continue
        if fold(bare).startswith(MARKER):
            named = fold(bare).removeprefix(MARKER).strip(" :")
            if named != exercise.id:
                log.add(number, None, "other_exercise", lost=True, got=named, expected=exercise.id)
                return
            continue
        if line.lstrip().startswith("#"):
            continue
        sheet = _line(bare, exercise, log, number)
        if sheet:
            yield Row(log.file, number, sheet)


def _line(line: str, exercise: Exercise, log: _Log, number: int) -> Sheet | None:
    parts = re.split(r"[\s;|]+", line, maxsplit=LINE_PARTS)
    if len(parts) < LINE_PARTS:
        log.add(number, None, "short_line", lost=True, got=len(parts), items=len(exercise.items))
        return None
    code, case = _code(parts[0], exercise, log, number), _case(parts[1], exercise, log, number)
    digits = parts[2] + parts[3]
    expected = len(FIELDS) + len(exercise.items)
    if not (digits.isascii() and digits.isdigit()) or len(parts[2]) != len(FIELDS) or len(digits) != expected:
        said = f"{len(FIELDS)} + {len(exercise.items)}"
        log.add(number, None, "digits", lost=True, got=f"{len(parts[2])} + {len(parts[3])}", expected=said)
        return None
    if parts[5] != str(check_number(digits)) and parts[5] not in _EMPTY:
        log.add(number, "check", "check", lost=True, got=parts[5], expected=check_number(digits))
        return None
    if code is None or case is None:
        return None

    def pick(place: int, options: Sequence[_T]) -> _T | None:
        value = int(digits[place])
        if value > len(options):
            log.add(number, None, "digit", place=place + 1, got=digits[place], expected=f"0-{len(options)}")
        return options[value - 1] if 1 <= value <= len(options) else None

    return Sheet(
        code,
        case,
        level=pick(0, exercise.levels),
        immediate_danger=pick(1, (False, True)),
        measure=pick(2, (False, True)),
        confidence=pick(3, SURENESS),
        marks={item: pick(place, MARKS) or BLANK for place, item in enumerate(exercise.items, start=len(FIELDS))},
        facts=_facts(re.split(r"[,+]", parts[4]), case, exercise, log, number),
        reason=parts[LINE_PARTS].strip() if len(parts) > LINE_PARTS else "",
        is_checked=parts[5] not in _EMPTY,
    )


# --------------------------------------------------------------------------------------------------------------- tables


def _table(text: str, exercise: Exercise, log: _Log) -> Iterator[Row]:
    facts = [f"fact_{number}" for number in range(1, MOST_FACTS + 1)]
    columns = ("code", "case", *FIELDS, *exercise.items, *facts, "reason", MARKER)
    for number, row in _records(text, log, columns, needed=("code", "case", *FIELDS, *exercise.items)):
        if row[MARKER].strip() and fold(row[MARKER]) != exercise.id:
            log.add(number, MARKER, "other_exercise", lost=True, got=row[MARKER], expected=exercise.id)
            continue
        if not any(value.strip() for value in row.values()):
            continue
        code, case = _code(row["code"], exercise, log, number), _case(row["case"], exercise, log, number)
        if code is None or case is None:
            continue

        def cell(column: str, words: Mapping[str, _T], row: dict[str, str] = row, number: int = number) -> _T | None:
            return _understood(row[column], words, log, number, column)

        sheet = Sheet(
            code,
            case,
            level=cell("level", level_words(exercise.levels)),
            immediate_danger=cell("immediate_danger", yes_no()),
            measure=cell("measure", yes_no()),
            confidence=cell("confidence", {str(n): n for n in SURENESS}),
            marks={item: cell(item, words_for("yes", "no", "unknown")) or BLANK for item in exercise.items},
            facts=_facts((row[fact].strip() for fact in facts), case, exercise, log, number),
            reason=" ".join(row["reason"].split()),
        )
        yield Row(log.file, number, sheet)


def _records(
    text: str, log: _Log, columns: Sequence[str], needed: Sequence[str] | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row below the heading with its number; the first two columns must be there, others may be missing."""
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    heading = next(rows, [])
    names = column_names(columns)
    places: dict[str, int] = {}
    for place, title in enumerate(heading):
        name = names.get(fold(title))
        if name is None or name in places:
            if title.strip():
                log.add(1, None, "unknown_column", got=title, expected=", ".join(columns))
        else:
            places[name] = place
    if not set(columns[:2]) <= places.keys():
        log.add(1, None, "no_columns", lost=True, expected=", ".join(columns[:2]))
        return
    for name in needed or ():
        if name not in places:
            log.add(1, None, "missing_column", expected=name)
    while True:
        start = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        if any(cell.strip() for cell in row):
            yield start, {name: row[places[name]] if places.get(name, len(row)) < len(row) else "" for name in columns}


def _understood(text: str, words: Mapping[str, _T], log: _Log, number: int, column: str) -> _T | None:
    folded = fold(text)
    if not folded or folded in _BLANK_CELLS:
        return None
    value = words.get(folded, words.get(str(whole_number(folded))))
    if value is None:
        expected = dict.fromkeys(
            ("no", "yes")[value] if isinstance(value, bool) else str(value) for value in words.values()
        )
        log.add(number, column, "not_understood", got=text, expected=", ".join(expected))
    return value


# ---------------------------------------------------------------------------------------------------------------- files


def _text(path: Path) -> str:
    """Read a file as a spreadsheet saved it: UTF-8, UTF-16 with its mark, else the Windows code page of the region."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError(path.name, [f"larger than {MOST_BYTES:,} bytes. Is it the right file?"])
        raw = path.read_bytes()
    except OSError as problem:
        raise DataError(path.name, [f"can't be read: {problem.strerror}."]) from None
    decoders: tuple[Callable[[], str], ...] = (
        lambda: raw.decode("utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else raw.decode("utf-8-sig"),
        lambda: raw.decode("cp1250"),
    )
    for decode in decoders:
        try:
            return decode()
        except UnicodeDecodeError:
            continue
    raise DataError(path.name, ["not text in UTF-8 or in the code page 1250. Save it as CSV (UTF-8)."])


def _shown(text: str) -> str:
    """Show what stands in a cell, in quotes, on one line, and short."""
    plain = " ".join(text.split())
    return f"“{plain[:_CELL_SHOWN]}{'…' if len(plain) > _CELL_SHOWN else ''}”"
