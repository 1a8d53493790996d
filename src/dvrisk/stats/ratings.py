"""Ratings as small whole numbers: rows are raters, columns are cases, levels are ranks from 0, -1 is not rated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dvrisk.errors import DataError, got
from dvrisk.stats.checks import as_row, counted, got_number, is_whole

MOST_LEVELS = 127
"""Ranks have to fit in one signed byte."""

NOT_RATED = -1

_BLOCK = 65_536
"""Cells that are read at a time, so that a large table is never copied whole."""

_ROWS = "one row a rater, one column a case"
_LEVELS_EXPECTED = f"expected 2 to {MOST_LEVELS} levels: their number, or their ids in a list or tuple, lowest first"

Codes = NDArray[np.int8]
Levels = int | Sequence[str] | None


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Checked ratings of the same cases by several people.

    Attributes
    ----------
    codes : int8 array, shape (raters, cases)
        Rank of the level, 0 for the lowest; -1 where a rater did not rate a case.
    n_levels : int
        Number of declared levels, used or not.
    level_ids : tuple of str or None
        Ids of the levels, lowest first, where they were given.
    """

    codes: Codes
    n_levels: int
    level_ids: tuple[str, ...] | None = None


def as_ratings(ratings: object, levels: Levels = None, *, where: str = "ratings") -> Ratings:
    """Check ratings and bring them into one form.

    Parameters
    ----------
    ratings : array-like, shape (raters, cases), or Ratings
        Ranks of levels with NaN, None or (whole-number arrays) -1 for not rated; or ids of levels with None or NaN for
        not rated. Anything that NumPy can read: nested lists, arrays, masked arrays, data frames.
    levels : int or sequence of str, optional
        The number of declared levels, or their ids, lowest first, in a list or tuple. Declared levels count even if
        nobody used one. Without it the levels are 0 to the highest rank found, and at least two. Text needs the ids,
        unless every column of a data frame has the same ordered categories.
    where : str, default "ratings"
        What the table is called in an error.

    Returns
    -------
    Ratings

    Raises
    ------
    DataError
        Fewer than two raters or cases, a rater without a rating, text without declared levels, or values that are not
        levels. All problems are named at once; no value is ever dropped or replaced.

    Examples
    --------
    >>> as_ratings([["low", "high"], ["low", None]], ["low", "medium", "high"]).codes
    array([[ 0,  2],
           [ 0, -1]], dtype=int8)
    """
    if isinstance(ratings, Ratings):
        return _same_levels(ratings, levels, where)
    n_declared, ids = _declared(_ordered_categories(ratings) if levels is None else levels, where)
    table = as_table(ratings, where)
    if table.dtype.kind not in "bifuOUST":
        raise DataError(where, [f"got values of type {table.dtype}, expected ranks of levels, or ids of levels."])
    problems = too_small(table)
    codes = _coded(table, n_declared, ids, problems)
    if codes is not None:
        problems += _empty_raters(codes)
    if codes is None or problems:
        raise DataError(where, problems)
    n_levels = n_declared or max(2, int(codes.max()) + 1)
    return Ratings(codes, n_levels, ids)


def as_reference(reference: object, n_cases: int, levels: Levels = None) -> Codes:
    """Return the rank of each case's reference, coded like ratings; -1 where there is none.

    Raises
    ------
    DataError
        It is not a row of levels, one for each case, or no case has one.
    """
    where, expected = "reference", f"expected a level for each of {n_cases} cases, in their order"
    row = as_row(reference)
    if row is None:
        raise DataError(where, [f"{got_number(reference)}, {expected}."])
    if len(row) != n_cases:
        raise DataError(where, [f"got {counted(len(row), 'level')}, {expected}."])
    problems: list[str] = []
    codes = _coded(as_table([row], where), *_declared(levels, where), problems)
    if codes is None:
        raise DataError(where, problems)
    if (codes < 0).all():
        raise DataError(where, ["no case has a reference level. Leave it out, or give some."])
    only: Codes = codes[0]
    return only


def level_rank(level: object, ratings: Ratings, where: str = "level") -> int:
    """Return the rank of a level that is given by rank or id, or raise DataError."""
    ids = ratings.level_ids or ()
    if isinstance(level, str):
        if level in ids:
            return ids.index(level)
        raise DataError(where, [f"{got(level, ids)}, expected one of the declared ids, or a rank."])
    if not is_whole(level) or not 0 <= level < ratings.n_levels:
        raise DataError(where, [f"{got_number(level)}, expected a rank from 0 (lowest) to {ratings.n_levels - 1}."])
    return int(level)


# --------------------------------------------------------------------------------------------------- reading ratings


def _same_levels(ratings: Ratings, levels: Levels, where: str) -> Ratings:
    n_declared, ids = _declared(levels, where)
    if n_declared not in (None, ratings.n_levels) or (ids and ratings.level_ids and ids != ratings.level_ids):
        raise DataError(where, ["checked already, with other levels. Leave `levels` out, or give the plain ratings."])
    return ratings if ids is None else Ratings(ratings.codes, ratings.n_levels, ids)


def _declared(levels: Levels, where: str) -> tuple[int | None, tuple[str, ...] | None]:
    """Return the number of declared levels and their ids, as far as they are given."""
    if levels is None:
        return None, None
    if is_whole(levels):
        number, ids = int(levels), None
    else:
        ids = _declared_ids(levels, where)
        number = len(ids)
    if not 2 <= number <= MOST_LEVELS:
        raise DataError(where, [f"levels: {_LEVELS_EXPECTED}; got {number}."])
    return number, ids


def _declared_ids(levels: object, where: str) -> tuple[str, ...]:
    row = as_row(levels)
    if row is None:  # the order of a set would change from run to run
        raise DataError(where, [f"levels: {_LEVELS_EXPECTED}; {got_number(levels)}."])
    ids = tuple(str(name) for name in row if isinstance(name, str))
    if len(set(ids)) < len(row):
        raise DataError(where, ["levels: expected ids that are text and stand once each, lowest first."])
    return ids


def _ordered_categories(ratings: object) -> Levels:
    """Return the categories that all columns of a data frame share, if they are text in an order."""
    kinds = getattr(ratings, "dtypes", None)
    columns = list(kinds) if isinstance(kinds, Iterable) else []
    if not columns or not all(getattr(kind, "ordered", None) is True for kind in columns):
        return None
    found = {tuple(kind.categories) for kind in columns}
    ids = found.pop()
    return ids if not found and all(isinstance(name, str) for name in ids) else None


def as_array(ratings: object, where: str) -> NDArray[np.generic]:
    """Return ratings as an array in which nothing is hidden and nothing has become text that was not."""
    if isinstance(ratings, np.ma.MaskedArray):  # np.asarray would show what the mask hides
        shown = ratings.data.astype(object)
        shown[np.ma.getmaskarray(ratings)] = None
        ratings = shown
    try:
        table = np.asarray(ratings)
        if table.dtype.kind in "US" and not isinstance(ratings, np.ndarray):  # NaN beside text has become "nan"
            table = np.asarray(ratings, dtype=object)
    except ValueError:
        raise DataError(where, [f"rows of different lengths, expected {_ROWS}."]) from None
    if table.ndim == 1 and not table.size:
        raise DataError(where, [f"got an empty table, expected {_ROWS}."])
    return table


def as_table(ratings: object, where: str) -> NDArray[np.generic]:
    """Return ratings as an array of two dimensions, or raise DataError."""
    table = as_array(ratings, where)
    if table.ndim != 2:
        raise DataError(where, [f"got {counted(table.ndim, 'dimension')}, expected 2: {_ROWS}."])
    return table


def too_small(table: NDArray[np.generic]) -> list[str]:
    """Say what is missing to two raters and two cases."""
    raters, cases = (counted(number, noun) for number, noun in zip(table.shape, ("rater", "case"), strict=True))
    few = []
    if table.shape[0] < 2:
        few.append(f"got {raters}, expected 2 or more. Rows are raters: turn the table if they are cases.")
    if table.shape[1] < 2:
        few.append(f"got {cases}, expected 2 or more. Columns are cases: turn the table if they are raters.")
    return few


def _empty_raters(codes: Codes) -> list[str]:
    empty = np.flatnonzero(codes.max(axis=1) < 0) if codes.size else ()
    return [f"row {row + 1} has no rating. Leave this rater out." for row in empty]


def _coded(
    table: NDArray[np.generic], n_levels: int | None, ids: tuple[str, ...] | None, problems: list[str]
) -> Codes | None:
    """Return the codes, or None after adding to `problems` why there are none."""
    if table.size == 0:
        return np.empty(table.shape, np.int8)
    if table.dtype.kind in "OUST":
        cells = table.astype(object)
        if any(isinstance(value, str) for value in cells.flat):
            return _from_text(cells, ids, problems)
        table = _as_numbers(cells, problems)
    convert = _from_floats if table.dtype.kind == "f" else _from_integers
    codes = convert(table, n_levels or MOST_LEVELS)
    if codes is not None:
        return codes
    problems += _unusable_numbers(np.asarray(table, float), n_levels, whole_numbers=table.dtype.kind != "f")
    return None


def _from_text(cells: NDArray[np.object_], ids: tuple[str, ...] | None, problems: list[str]) -> Codes | None:
    if ids is None:
        problems.append("got text, and its order is unknown. Give the ids of the levels, lowest first, as `levels`.")
        return None
    ranks: dict[object, int] = {name: rank for rank, name in enumerate(ids)}
    wrong = [(place, value) for place, value in np.ndenumerate(cells) if not (is_missing(value) or value in ids)]
    if wrong:
        (row, column), value = wrong[0]
        first = f"first in {_place(row, column, len(cells))}: {got(value, ids)}"
        problems.append(f"{_values(len(wrong))} not a declared level; {first}. Expected one of {', '.join(ids)}.")
        return None
    flat = [NOT_RATED if is_missing(value) else ranks[value] for value in cells.flat]
    return np.array(flat, np.int8).reshape(cells.shape)


def is_missing(value: object) -> bool:
    """Whether this stands for no rating: None, NaN, or the missing value of pandas."""
    # The missing value of pandas is known by its name, so that pandas need not be installed.
    return (
        value is None or type(value).__name__ == "NAType" or (isinstance(value, float | np.floating) and value != value)
    )


def _as_numbers(cells: NDArray[np.object_], problems: list[str]) -> NDArray[np.float64]:
    numbers = (int, float, np.integer, np.floating, np.bool_)
    strange = {type(value).__name__ for value in cells.flat if not (is_missing(value) or isinstance(value, numbers))}
    if strange:
        problems.append(f"got values of type {', '.join(sorted(strange))}, expected ranks or ids of levels, or None.")
    flat = [float(value) if isinstance(value, numbers) and not is_missing(value) else np.nan for value in cells.flat]
    return np.array(flat).reshape(cells.shape)


def _from_integers(table: NDArray[np.generic], n_levels: int) -> Codes | None:
    if table.min() < NOT_RATED or table.max() >= n_levels:
        return None
    return np.ascontiguousarray(table, np.int8)


def _from_floats(table: NDArray[np.generic], n_levels: int) -> Codes | None:
    """Convert in blocks of columns, which are quick to read whether rows or columns lie together in memory."""
    codes = np.empty(table.shape, np.int8)
    width = max(1, _BLOCK // table.shape[0])
    for first in range(0, table.shape[1], width):
        block = table[:, first : first + width]
        filled = np.fmax(block, NOT_RATED)  # of a number and NaN, the number
        with np.errstate(invalid="ignore"):
            whole = filled.astype(np.int8)
        negative = np.count_nonzero(whole < 0) != np.count_nonzero(np.isnan(block))
        if negative or whole.max() >= n_levels or not np.array_equal(whole, filled):
            return None
        codes[:, first : first + width] = whole
    return codes


def _unusable_numbers(table: NDArray[np.float64], n_levels: int | None, *, whole_numbers: bool) -> list[str]:
    """Say what is wrong with numbers that are not ranks."""
    rated = ~np.isnan(table) & ~((table == NOT_RATED) & whole_numbers)
    infinite = np.isinf(table)
    broken = rated & ~infinite & (table != np.floor(table))
    top = (n_levels or MOST_LEVELS) - 1
    outside = rated & ~infinite & ~broken & ((table < 0) | (table > top))
    kinds = [(infinite, "infinite"), (broken, "not a whole number"), (outside, "outside the levels")]
    expected = (
        f"expected ranks 0 (lowest level) to {top}, and {'NaN, None or -1' if whole_numbers else 'NaN'} for not rated"
    )
    return [f"{_first_of(table, wrong, kind)}, {expected}." for wrong, kind in kinds if wrong.any()]


def _first_of(table: NDArray[np.float64], wrong: NDArray[np.bool_], kind: str) -> str:
    row, column = np.argwhere(wrong)[0]
    place = _place(int(row), int(column), len(table))
    return f"{_values(int(wrong.sum()))} {kind}; first in {place}: got {table[row, column]:g}"


def _place(row: int, column: int, n_rows: int) -> str:
    return f"row {row + 1}, column {column + 1}" if n_rows > 1 else f"place {column + 1}"


def _values(number: int) -> str:
    return "1 value is" if number == 1 else f"{number} values are"
