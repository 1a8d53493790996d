"""Tables of pandas, Polars and PyArrow, to Arrow and back. Needs the extra `frames`."""

from __future__ import annotations

from csv import reader
from pathlib import Path
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
        raise DataError("table", [f"got a {name}, expected {expected}."])
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
    if kind == "pandas" and not all(isinstance(name, str) for name in frame.columns):
        raise DataError("table", ["a column has a name that is no text. Name every column by a text."])
    names = names_of(frame, kind)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError("table", [f"column {name} stands more than once. Keep one." for name in twice])
    if kind == "pandas":
        return pa.table({name: _pandas_column(frame[name], name) for name in frame.columns})
    return frame if kind == "pyarrow" else frame.to_arrow()


def arrow_of(frame: Any) -> pa.Table:
    """Return any table as Arrow; a lazy one is evaluated."""
    kind = kind_of(frame)
    return as_arrow(frame.collect() if kind == "polars lazy" else frame, kind.removesuffix(" lazy"))


def _pandas_column(column: Any, name: object) -> pa.Array:
    import pyarrow as pa

    try:
        return pa.Array.from_pandas(column)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        problem = f"column {name} mixes kinds of values. Give it one: text, categories, True and False, or integers."
        raise DataError("table", [problem]) from None


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


def read_table(path: Path) -> pa.Table:
    """Read a file with a table: CSV, whose cells are texts and blanks are null, or Parquet.

    Raises
    ------
    DataError
        It can't be read, or its name ends otherwise.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("frames", "pyarrow") from None
    check_suffix(path)
    try:
        if path.suffix.lower() == ".parquet":
            return parquet.read_table(path)
        return _read_csv(path)
    except FileNotFoundError:
        raise DataError(path.name, ["there is no such file."]) from None
    except UnicodeDecodeError:
        raise DataError(path.name, ["it is not in UTF-8. Save it as CSV in UTF-8, or as Parquet."]) from None
    except (OSError, pa.ArrowInvalid):
        problem = "it can't be read as a table: rows of unequal length, or quotes that are not closed. Save it again."
        raise DataError(path.name, [problem]) from None


def _read_csv(path: Path) -> pa.Table:
    """Read texts; rows in which every cell is empty are left out."""
    import pyarrow as pa
    from pyarrow import compute, csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.read()  # all of it has to be UTF-8
    names = next(reader([first]), [])
    if len(names) == 1 and ";" in first:
        problem = "its cells are separated by semicolons, expected commas. Save it as CSV with commas, or as Parquet."
        raise DataError(path.name, [problem])
    texts = csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    table = csv.read_csv(path, convert_options=texts)
    filled = [compute.is_valid(column) for column in table.columns]
    keep = filled[0]
    for column in filled[1:]:
        keep = compute.or_(keep, column)
    return table.filter(keep)


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as CSV, lists as words with spaces between them, or as Parquet."""
    import pyarrow as pa
    from pyarrow import compute, csv, parquet

    if path.suffix.lower() == ".parquet":
        parquet.write_table(table, path)
        return
    for place, field in enumerate(table.schema):
        column = table[field.name]
        if pa.types.is_list(field.type):
            column = pa.array([" ".join(words) for words in column.to_pylist()])
        elif pa.types.is_dictionary(field.type):
            column = compute.cast(column, pa.string())
        table = table.set_column(place, field.name, column)
    csv.write_csv(table, path)


def check_suffix(path: Path) -> None:
    """Refuse the name of a file that is neither CSV nor Parquet."""
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise DataError(path.name, [f"got a file that ends in {path.suffix or 'nothing'}, expected .csv or .parquet."])
