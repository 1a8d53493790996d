"""Many cases at once: the numbers of `assess` for a table with one row a case. Needs the extra `frames`.

One kernel of array operations does the work, with Arrow columns between it and the table libraries. A table of pandas,
Polars (eager or lazy) or PyArrow comes back as the same kind of table, with columns added.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from dvrisk.assessment import usable_instrument
from dvrisk.catalog import Ref, load_instrument
from dvrisk.encoding import Codes, encoded
from dvrisk.errors import DataError
from dvrisk.schema import UNDETERMINED, Instrument
from dvrisk.tables import arrow_of, as_arrow, as_kind, joined, kind_of, names_of

if TYPE_CHECKING:
    import pyarrow as pa

ADDED = ("score_low", "score_high", "level_low", "level_high", "level", "settled", "rules")
"""Columns that scoring adds; `official_score` and `official_result` too where an instrument has its own rule."""

SLICE = 1_048_576
"""Cases that are turned into bytes at a time."""


class CohortColumns(NamedTuple):
    """How the columns of a table stand to an instrument.

    Attributes
    ----------
    used : dict of str to str
        Item to column.
    missing : tuple of str
        Items without a column: not asked in any case.
    ignored : tuple of str
        Columns that are no item.
    """

    used: dict[str, str]
    missing: tuple[str, ...]
    ignored: tuple[str, ...]


def score_cohort(
    frame: Any,
    instrument: Ref = "integrated",
    *,
    columns: Mapping[str, str] | None = None,
    codes: Codes = None,
    unusable: Literal["error", "open"] = "error",
    rules: bool = True,
    allow_draft: bool = False,
    training_confirmed: bool = False,
) -> Any:
    """Score a table of cases.

    Parameters
    ----------
    frame : pandas.DataFrame, polars.DataFrame, polars.LazyFrame or pyarrow.Table
        One row a case, one column an item: codes as text or categories, True and False, or small integers (see
        `codes`). Null means not asked.
    instrument : str, pathlib.Path or Instrument, default "integrated"
    columns : mapping of str to str, optional
        Item to the name of its column, where it has another name.
    codes : mapping of str to mapping, or "ranks", optional
        For each item, what its values mean: value to option code or open state. "ranks": integers count the options
        from the least risky one, 0, 1, ...; null is open.
    unusable : {'error', 'open'}, default 'error'
        What to do with values that mean nothing: refuse the table, or count them, warn, and leave them open.
    rules : bool, default True
        Whether to add the ids of the rules that hold, as a list.
    allow_draft, training_confirmed : bool, default False
        As for `assess`.

    Returns
    -------
    table of the same kind
        With `score_low`, `score_high`, `level_low`, `level_high`, `level`, `settled` and `rules`; row by row they equal
        `assess`. A lazy table stays lazy, and reports its errors when it is first evaluated. The instrument with its
        hash and the maps of columns and codes are kept with the table: in `attrs` of pandas, in the schema metadata of
        PyArrow; Polars has no place for them.

    Raises
    ------
    DataError
        A column stands twice, is of a mixed or unknown kind, has values that mean nothing, or would be written over.
    MissingExtraError
        NumPy or PyArrow is not installed.

    Warns
    -----
    UserWarning
        Once a call: items without a column, and values left open.
    """
    definition = usable_instrument(instrument, allow_draft=allow_draft, training_confirmed=training_confirmed)
    kind = kind_of(frame)
    if kind == "polars lazy":
        return _lazily(frame, definition, columns, codes, unusable, rules=rules)
    table = as_arrow(frame, kind)
    added = _scored(table, definition, columns, codes, unusable, rules=rules)
    return _recorded(joined(frame, kind, added), kind, definition, columns, codes)


def cohort_contributions(
    frame: Any,
    instrument: Ref = "integrated",
    *,
    columns: Mapping[str, str] | None = None,
    codes: Codes = None,
    unusable: Literal["error", "open"] = "error",
    allow_draft: bool = False,
    training_confirmed: bool = False,
) -> Any:
    """Say for every case of a table what adds up to its scores, in long form.

    Parameters
    ----------
    frame, instrument, columns, codes, unusable, allow_draft, training_confirmed
        As for `score_cohort`; a lazy table is evaluated.

    Returns
    -------
    table of the same kind
        With `row` (the place of the case, from 0), `kind` (item, overlap or cap), `id`, `low` and `high`; rows that add
        nothing on either side are left out. By case, `low` and `high` add up to `score_low` and `score_high`.
    """
    import numpy as np
    import pyarrow as pa

    from dvrisk.kernel import kernel_for

    definition = usable_instrument(instrument, allow_draft=allow_draft, training_confirmed=training_confirmed)
    coded = read_cohort(frame, definition, columns=columns, codes=codes, unusable=unusable)
    schema = pa.schema([("row", pa.int64()), ("kind", pa.string()), ("id", pa.string())])
    schema = schema.append(pa.field("low", pa.int32())).append(pa.field("high", pa.int32()))
    parts = [schema.empty_table()]
    for what, name, low, high in kernel_for(definition).contributions(coded.answers, coded.n_cases):
        rows = np.flatnonzero((low != 0) | (high != 0))
        parts.append(pa.table([rows, [what] * len(rows), [name] * len(rows), low[rows], high[rows]], schema=schema))
    whole = pa.concat_tables(parts)
    return as_kind(whole.sort_by("row"), kind_of(frame))


class CodedCohort(NamedTuple):
    """A table of cases as the kernel takes it.

    Attributes
    ----------
    columns : CohortColumns
    answers : dict of str to int8 array, length n_cases
        For each item with a column its options as 0, 1, ..., and -1 where it is open.
    n_cases : int
    """

    columns: CohortColumns
    answers: dict[str, Any]
    n_cases: int


def read_cohort(
    frame: Any,
    instrument: Ref = "integrated",
    *,
    columns: Mapping[str, str] | None = None,
    codes: Codes = None,
    unusable: Literal["error", "open"] = "error",
) -> CodedCohort:
    """Read the answers of a table; columns that are no item are left aside. As for `score_cohort`, without scoring."""
    definition, table = load_instrument(instrument), arrow_of(frame)
    found = _columns(table.column_names, definition, columns)
    return CodedCohort(found, encoded(table, definition, found.used, codes, unusable), table.num_rows)


def cohort_columns(
    frame: Any, instrument: Ref = "integrated", columns: Mapping[str, str] | None = None
) -> CohortColumns:
    """Say which columns of a table an instrument uses, which items have none, and which columns are ignored."""
    definition, kind = load_instrument(instrument), kind_of(frame)
    names = frame.collect_schema().names() if kind == "polars lazy" else names_of(frame, kind)
    return _columns(names, definition, columns)


def _recorded(frame: Any, kind: str, definition: Instrument, columns: Mapping[str, str] | None, codes: Codes) -> Any:
    """Keep with the table what it was scored with, where its library has a place for that."""
    named = codes if codes is None or codes == "ranks" else {item: dict(book) for item, book in codes.items()}
    record = {
        "instrument": f"{definition.id}@{definition.version}",
        "sha256": definition.sha256,
        "columns": dict(columns or {}),
        "codes": named,
    }
    if kind == "pandas":
        frame.attrs = {**frame.attrs, "dvrisk": record}
    if kind == "pyarrow":
        old = frame.schema.metadata or {}
        return frame.replace_schema_metadata({**old, b"dvrisk": json.dumps(record, default=str).encode()})
    return frame


def _lazily(
    frame: Any, definition: Instrument, columns: Mapping[str, str] | None, codes: Codes, unusable: str, *, rules: bool
) -> Any:
    """Score at the first evaluation, in one piece, so that the same rows come out at every reading."""
    import polars as pl

    def scored(part: Any) -> Any:
        return joined(
            part, "polars", _scored(as_arrow(part, "polars"), definition, columns, codes, unusable, rules=rules)
        )

    kinds: dict[str, Any] = {"score_low": pl.Int32, "score_high": pl.Int32, "settled": pl.Boolean}
    kinds |= dict.fromkeys(("level_low", "level_high", "level"), pl.String)
    kinds |= {"rules": pl.List(pl.String), "official_score": pl.Int32, "official_result": pl.String}
    schema = dict(frame.collect_schema())
    schema |= {name: kinds[name] for name in _added(definition, rules=rules)}
    return frame.map_batches(scored, schema=schema)


# ------------------------------------------------------------------------------------------------------ scoring


def missing_said(found: CohortColumns, definition: Instrument) -> str:
    """Say how many items have no column, and which come first."""
    said = ", ".join(found.missing[:5]) + (" and others" if len(found.missing) > 5 else "")
    return f"{definition}: {len(found.missing)} items have no column and are not asked: {said}"


def _added(definition: Instrument, *, rules: bool) -> list[str]:
    names = [name for name in ADDED if name != "rules" or rules]
    return [*names, *(["official_score", "official_result"] if definition.missing_rule else [])]


def _scored(
    table: pa.Table,
    definition: Instrument,
    columns: Mapping[str, str] | None,
    codes: Codes,
    unusable: str,
    *,
    rules: bool,
) -> dict[str, Any]:
    over = sorted(set(_added(definition, rules=rules)) & set(table.column_names))
    if over:
        raise DataError(
            "score_cohort", [f"column {name} is there already and would be lost. Rename it." for name in over]
        )
    found = _columns(table.column_names, definition, columns)
    if found.missing:
        warnings.warn(missing_said(found, definition), stacklevel=4)
    if table.num_rows <= SLICE:
        return _results(
            encoded(table, definition, found.used, codes, unusable), table.num_rows, definition, rules=rules
        )
    try:
        return _slice_by_slice(table, definition, found.used, codes, rules=rules)
    except DataError:  # read again in one piece, so that every problem is counted over the whole table
        arrays = encoded(table, definition, found.used, codes, unusable)
        return _results(arrays, table.num_rows, definition, rules=rules)


def _slice_by_slice(
    table: pa.Table, definition: Instrument, used: dict[str, str], codes: Codes, *, rules: bool
) -> dict[str, Any]:
    """Score a long table in slices, so that only one of them is held as bytes at a time."""
    import pyarrow as pa

    pieces = [table.slice(start, SLICE) for start in range(0, table.num_rows, SLICE)]
    done = [
        _results(encoded(piece, definition, used, codes, "error"), piece.num_rows, definition, rules=rules)
        for piece in pieces
    ]
    return {name: pa.chunked_array([part[name] for part in done]) for name in done[0]}


def _columns(names: list[str], definition: Instrument, columns: Mapping[str, str] | None) -> CohortColumns:
    renamed = dict(columns or {})
    problems = [f"{item} is not an item of {definition.id}." for item in renamed if item not in definition.by_id]
    problems += [f"{name}: there is no such column." for name in renamed.values() if name not in names]
    if problems:
        raise DataError("columns", problems)
    used = {item.id: renamed.get(item.id, item.id) for item in definition.items}
    used = {item: name for item, name in used.items() if name in names}
    missing = tuple(item.id for item in definition.items if item.id not in used)
    return CohortColumns(used, missing, tuple(name for name in names if name not in used.values()))


def _results(arrays: dict[str, Any], n_cases: int, definition: Instrument, *, rules: bool) -> dict[str, Any]:
    import numpy as np
    import pyarrow as pa

    from dvrisk.kernel import BLOCK, kernel_for

    kernel = kernel_for(definition)
    out = {name: np.empty(n_cases, dtype=np.int32) for name in ("score_low", "score_high")}
    out |= {name: np.empty(n_cases, dtype=np.int8) for name in ("level_low", "level_high", "level")}
    fired = np.empty(n_cases, dtype=np.int64)
    official = (np.empty(n_cases, dtype=np.int32), np.empty(n_cases, dtype=np.int8))
    undetermined = np.int8(len(definition.levels))
    for start in range(0, n_cases, BLOCK):
        part = slice(start, min(start + BLOCK, n_cases))
        block = {item: column[part] for item, column in arrays.items()}
        done = kernel.score(block, part.stop - start, rules=rules or definition.missing_rule is not None)
        out["score_low"][part], out["score_high"][part] = done.score_low, done.score_high
        out["level_low"][part], out["level_high"][part] = done.rank_low, done.rank_high
        out["level"][part] = np.where(done.established, done.rank_low, undetermined)
        fired[part] = done.rules
        if definition.missing_rule:
            official[0][part], official[1][part] = kernel.official(block, done)
    levels = pa.array([*definition.levels, UNDETERMINED])
    added = {name: pa.array(out[name]) for name in ("score_low", "score_high")}
    added |= {
        name: pa.DictionaryArray.from_arrays(pa.array(out[name]), levels)
        for name in ("level_low", "level_high", "level")
    }
    added["settled"] = pa.array(out["level_low"] == out["level_high"])
    if rules:
        added["rules"] = _rule_lists(fired, definition)
    if definition.missing_rule:
        added |= _official_columns(official, definition)
    return {name: added[name] for name in _added(definition, rules=rules)}


def _rule_lists(fired: Any, definition: Instrument) -> Any:
    """Turn bits into lists of ids, in the order in which `assess` lists them: floors first, then raises."""
    import numpy as np
    import pyarrow as pa

    ordered = sorted(range(len(definition.rules)), key=lambda place: definition.rules[place].raises is not None)
    held = np.empty((len(fired), len(ordered)), dtype=np.bool_)
    for column, place in enumerate(ordered):
        held[:, column] = fired >> place & 1
    ends = np.zeros(len(fired) + 1, dtype=np.int32)
    np.cumsum(held.sum(axis=1, dtype=np.int32), out=ends[1:])
    ids = pa.array([definition.rules[place].id for place in ordered], pa.string())
    which = np.broadcast_to(np.arange(len(ordered), dtype=np.int8), held.shape)[held]
    return pa.ListArray.from_arrays(pa.array(ends), pa.DictionaryArray.from_arrays(pa.array(which), ids))


def _official_columns(official: tuple[Any, Any], definition: Instrument) -> dict[str, Any]:
    import numpy as np
    import pyarrow as pa

    scores, results = official
    assert definition.missing_rule is not None
    names = pa.array([*definition.levels, definition.missing_rule.then or ""])
    unscored = (results < 0) | (results == len(definition.levels))
    coded = pa.array(np.where(results < 0, 0, results), mask=results < 0)
    return {
        "official_score": pa.array(scores, mask=unscored),
        "official_result": pa.DictionaryArray.from_arrays(coded, names),
    }
