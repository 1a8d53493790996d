"""Tables of pandas, Polars and PyArrow, to Arrow and back. Needs the extra `frames`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dvrisk.errors import DataError, MissingExtraError

if TYPE_CHECKING:
    import pyarrow as pa


def kind_of(frame: Any) -> str:
    """Say which kind of table it is; refuse any other."""
    module, name = type(frame).__module__.partition(".")[0], type(frame).__name__
    known = {
        ("pandas", "DataFrame"): "pandas",
        ("polars", "DataFrame"): "polars",
        ("polars", "LazyFrame"): "polars lazy",
        ("pyarrow", "Table"): "pyarrow",
    }
    if (module, name) not in known:
        expected = "a pandas or Polars DataFrame, a Polars LazyFrame or a PyArrow Table"
        raise DataError("score_cohort", [f"got a {name}, expected {expected}."])
    return known[module, name]


def names_of(frame: Any, kind: str) -> list[str]:
    """Return the names of the columns."""
    return [str(name) for name in (frame.column_names if kind == "pyarrow" else frame.columns)]


def as_arrow(frame: Any, kind: str) -> pa.Table:
    """Return a table as Arrow; refuse columns that stand twice or mix kinds of values."""
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtraError("frames", "pyarrow") from None
    names = names_of(frame, kind)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError("score_cohort", [f"column {name} stands more than once. Keep one." for name in twice])
    if kind == "pandas":
        return pa.table({name: _pandas_column(frame[name], name) for name in frame.columns})
    return frame if kind == "pyarrow" else frame.to_arrow()


def _pandas_column(column: Any, name: object) -> pa.Array:
    import pyarrow as pa

    try:
        return pa.Array.from_pandas(column)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        problem = f"column {name} mixes kinds of values. Give it one: text, categories, True and False, or integers."
        raise DataError("score_cohort", [problem]) from None


def joined(frame: Any, kind: str, added: dict[str, Any]) -> Any:
    """Return the table with Arrow columns added, as its own kind."""
    if kind == "pyarrow":
        for name, values in added.items():
            frame = frame.append_column(name, values)
        return frame
    if kind == "pandas":
        import pandas as pd

        new = {name: pd.Series(values.to_pandas().to_numpy(), index=frame.index) for name, values in added.items()}
        return frame.assign(**new)
    import polars as pl

    texts: dict[str, Any] = dict.fromkeys(("level_low", "level_high", "level", "official_result"), pl.String)
    texts["rules"] = pl.List(pl.String)
    columns: list[Any] = [pl.Series(name, pl.from_arrow(values)) for name, values in added.items()]
    return frame.with_columns([column.cast(texts.get(column.name, column.dtype)) for column in columns])


def as_kind(table: pa.Table, kind: str) -> Any:
    """Return an Arrow table as another kind."""
    if kind == "pyarrow":
        return table
    if kind == "pandas":
        return table.to_pandas()
    import polars as pl

    made = pl.from_arrow(table)
    return made.lazy() if kind == "polars lazy" else made
