"""Columns of a table as small integers: 0 for the least risky option, 1 for the next, -1 for every open state."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from dvrisk.errors import DataError, got
from dvrisk.schema import NOT_APPLICABLE, OPEN_STATES, Instrument, Item

if TYPE_CHECKING:
    import pyarrow as pa

Codes = Mapping[str, Mapping[Any, str]] | Literal["ranks"] | None
"""What values mean, by item; or that integers count the options; or nothing, where they are codes already."""
_NOT_APPLICABLE = -2


def encoded(
    table: pa.Table, definition: Instrument, used: dict[str, str], codes: Codes, unusable: str
) -> dict[str, Any]:
    """Turn columns into small integers; every problem is collected before anything is scored."""
    if unusable not in ("error", "open"):
        raise DataError("unusable", ["got another value, expected error or open."])
    books = {} if codes is None or codes == "ranks" else codes
    arrays: dict[str, Any] = {}
    fatal = [f"codes: {item} is not an item of {definition.id}." for item in books if item not in definition.by_id]
    problems: list[str] = []
    for item, name in used.items():
        book = codes if codes == "ranks" or codes is None else codes.get(item)
        reader = _Reader(definition.by_id[item], name, book)
        arrays[item] = reader.read(_in_one_piece(table.column(name)))
        problems += reader.problems
        fatal += reader.fatal
    if fatal or (problems and unusable == "error"):
        raise DataError(str(definition), [*fatal, *problems])
    if problems:
        warnings.warn(f"{definition}: left open: {' '.join(problems)}", stacklevel=5)
    _place_not_applicable(arrays, definition)
    return arrays


def _in_one_piece(column: Any) -> Any:
    """Return a column in one piece; where it is one already, without a copy."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


class _Reader:
    """Reads one column of one item: `problems` are values that mean nothing, `fatal` a column that can't be read."""

    def __init__(self, item: Item, name: str, book: Any) -> None:
        self.item, self.name, self.problems, self.fatal = item, name, list[str](), list[str]()
        self.meaning: dict[Any, int] = {code: rank for rank, code in enumerate(item.codes)}
        self.meaning |= dict.fromkeys((*OPEN_STATES, ""), -1)
        if item.applies_if:
            self.meaning[NOT_APPLICABLE] = _NOT_APPLICABLE
        if {"yes", "no"} <= set(item.codes):
            self.meaning |= {True: item.codes.index("yes"), False: item.codes.index("no")}
        self.ranks = book == "ranks"
        if isinstance(book, Mapping):
            words = [code for code in self.meaning if isinstance(code, str)]
            wrong = [code for code in book.values() if code not in words]
            self.fatal += [f"codes of {item.id}: {got(code, words)}." for code in wrong]
            self.meaning = {value: self.meaning.get(code, -1) for value, code in book.items()}
            self.booked = True
        else:
            self.booked = False

    def read(self, array: Any) -> Any:
        import numpy as np
        import pyarrow as pa

        if pa.types.is_dictionary(array.type) and not pa.types.is_string(array.type.value_type):
            array = array.dictionary_decode()  # numbers as categories are read as numbers
        kind = array.type
        if array.null_count == len(array):
            return np.full(len(array), -1, dtype=np.int8)
        if pa.types.is_floating(kind) and (self.ranks or self.booked):  # pandas makes integers with gaps into floats
            array, kind = self._as_integers(array), pa.int64()
        if pa.types.is_integer(kind) and self.ranks:
            return self._ranked(array)
        if pa.types.is_integer(kind) and not self.booked:
            self.fatal.append(f"column {self.name} is of an integer kind. Say what they mean with codes=.")
            return np.full(len(array), -1, dtype=np.int8)
        if pa.types.is_floating(kind) or pa.types.is_nested(kind):
            self.fatal.append(f"column {self.name} is of the kind {kind}. Give text, categories, booleans or integers.")
            return np.full(len(array), -1, dtype=np.int8)
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            found = self._text(array)
            if found is not None:
                return found
        return self._looked_up(array if pa.types.is_dictionary(kind) else array.dictionary_encode())

    def _text(self, array: Any) -> Any:
        """Read text that is known to the letter; None if anything else is in it, which is looked at value by value."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        known = {value: meaning for value, meaning in self.meaning.items() if isinstance(value, str)}
        places = pc.index_in(array, value_set=pa.array(list(known), array.type))
        if places.null_count != array.null_count:
            return None
        table = np.array([*known.values(), -1], dtype=np.int8)  # the last one is where a gap's place, -1, points
        return table.take(_bytes_with_gaps(places), mode="wrap")

    def _as_integers(self, array: Any) -> Any:
        import pyarrow as pa

        try:
            return array.cast(pa.int64())
        except pa.ArrowInvalid:
            self.fatal.append(f"column {self.name} is of a kind with fractions. Give whole numbers.")
            return pa.nulls(len(array), pa.int64())

    def _ranked(self, array: Any) -> Any:
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        if array.type != pa.int8():  # values that no byte holds become one that no item has
            inside = pc.less_equal(array, pa.scalar(126, array.type))
            if pa.types.is_signed_integer(array.type):
                inside = pc.and_(inside, pc.greater_equal(array, pa.scalar(-1, array.type)))
            array = pc.if_else(inside, array, pa.scalar(127, array.type)).cast(pa.int8())
        values = _bytes_with_gaps(array)
        most = len(self.item.codes) - 1
        if values.max() > most or values.min() < -1:
            outside = (values > most) | (values < -1)
            self.problems.append(f"column {self.name}: {int(outside.sum())} ranks are outside 0 to {most}.")
            values = np.where(outside, np.int8(-1), values)
        return values

    def _looked_up(self, array: Any) -> Any:
        """Look each different value up once, and place what it means."""
        import numpy as np
        import pyarrow.compute as pc

        values = array.dictionary.to_pylist()
        table = np.array([self.meaning.get(self._plain(value), -3) for value in values] + [-1], dtype=np.int8)
        places = pc.fill_null(array.indices, len(values)).to_numpy(zero_copy_only=False)
        found = table[places]
        strange = [place for place, meaning in enumerate(table) if meaning == -3]
        if strange:
            counts = np.bincount(places, minlength=len(values) + 1)
            said = [(values[place], int(counts[place])) for place in strange if counts[place]]
            expected = ", ".join(self.item.codes)
            self.problems += [
                f"column {self.name}: {_named(value, self.item)}, {count} times; expected {expected}."
                for value, count in said[:5]
            ]
            if len(said) > 5:
                self.problems.append(f"column {self.name}: and {len(said) - 5} other values.")
            found = np.where(found == -3, np.int8(-1), found)
        return found

    @staticmethod
    def _plain(value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value


def _bytes_with_gaps(array: Any) -> Any:
    """Return a column of small integers as bytes, -1 for null, from its buffers: values, and one bit where one is."""
    import numpy as np

    validity, data = array.buffers()
    wide = np.frombuffer(data, dtype=array.type.to_pandas_dtype())[array.offset : array.offset + len(array)]
    values = wide.astype(np.int8, copy=False)
    if validity is None or not array.null_count:
        return values
    there = np.unpackbits(np.frombuffer(validity, dtype=np.uint8), count=array.offset + len(array), bitorder="little")
    return values | (there[array.offset :].view(np.int8) - np.int8(1))  # 1 - 1 = 0 keeps a value; 0 - 1 = -1 is a gap


def _named(value: Any, item: Item) -> str:
    """Name a value that means nothing: a number as it is, a text only if it looks like a code."""
    return f"got {value}" if isinstance(value, int) else got(value, item.codes)


def _place_not_applicable(arrays: dict[str, Any], definition: Instrument) -> None:
    """Take not_applicable for the least risky option, where an answered gate says so; elsewhere it is an error."""
    import numpy as np

    for item in definition.items:
        if item.applies_if is None or item.id not in arrays or not (arrays[item.id] == _NOT_APPLICABLE).any():
            continue
        gate, column = definition.by_id[item.applies_if.item], arrays[item.id]
        answers = arrays.get(gate.id)
        opens_at = gate.codes.index(item.applies_if.at_least)
        closed = np.zeros(len(column), np.bool_) if answers is None else (answers >= 0) & (answers < opens_at)
        wrong = int(((column == _NOT_APPLICABLE) & ~closed).sum())
        if wrong:
            problem = f"{item.id}: not_applicable {wrong} times without an answer of {gate.id} that makes it so."
            raise DataError(str(definition), [problem])
        arrays[item.id] = np.where(column == _NOT_APPLICABLE, np.int8(0), column)
