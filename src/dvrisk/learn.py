"""Scores as features for scikit-learn: answers in, four whole numbers a case out. Needs the extra `research`."""

# ruff: noqa: N803 - scikit-learn names the table X, and passes it by that name

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Self

from dvrisk.assessment import usable_instrument
from dvrisk.catalog import Ref
from dvrisk.cohort import CohortColumns, cohort_columns, missing_said
from dvrisk.encoding import Codes, encoded
from dvrisk.errors import DataError, MissingExtraError, named
from dvrisk.schema import Instrument
from dvrisk.tables import as_arrow, kind_of, names_of

try:
    import numpy as np
    from numpy.typing import NDArray
    from sklearn.base import BaseEstimator, TransformerMixin

    from dvrisk.kernel import BLOCK, kernel_for
except ImportError:
    raise MissingExtraError("research", "sklearn") from None

FEATURES = ("score_low", "score_high", "rank_low", "rank_high")
"""The four columns that come out, in this order; ranks count the instrument's levels from 0, the lowest."""

_ARRAY_KINDS = "OUbiuf"
"""NumPy's letters for objects, text, booleans, whole numbers and floats (whole numbers with gaps)."""


class InstrumentScores(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn tables of answers into both scores and both levels of an instrument.

    It gives no probability. A probability needs a calibration that names its country, year, outcome, follow-up and
    number of cases: see `dvrisk.stats.calibration.fit_calibration`.

    Parameters
    ----------
    instrument : str, pathlib.Path or Instrument, default "integrated"
    columns : mapping of str to str, optional
        Item to the name of its column, where it has another name.
    codes : mapping of str to mapping, or "ranks", optional
        What values mean, as for `score_cohort`.
    items : sequence of str, optional
        For NumPy arrays only, which have no names: the item that each column is, in order. A table is read by its own
        names.
    unusable : {'error', 'open'}, default 'error'
        What to do with values that mean nothing: refuse the table, or count them, warn, and leave them open.
    allow_draft, training_confirmed : bool, default False
        As for `assess`.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns in `fit`.
    feature_names_in_ : array of str, shape (n_features_in_,)
        Their names; of an array, `items`.
    items_in_ : tuple of str
        The items among them, in the instrument's order.

    Notes
    -----
    Nothing is learned from cases, so `transform` works without `fit`. `fit` notes which items have a column, and
    `transform` then refuses a table with more or fewer of them: a model would take an item that nobody was asked
    about for one that everybody left open. The order of the columns does not matter, and columns that are no item are
    ignored.

    An open answer (unknown, declined, not asked, None, NaN) is never read as no: it widens the bounds.

    *Not applicable* stands only beside an answer that makes it so (no children: no threats to them), and anything else
    is refused. Whoever shuffles single columns, as `permutation_importance` does, first makes these values null: the
    scores stay the same, and a shuffled gate leaves its dependents open.

    Examples
    --------
    Somebody with no other sign broke in, or did not, or nobody knows:

    >>> import pandas as pd
    >>> from dvrisk import load_instrument
    >>> least = {item.id: item.codes[0] for item in load_instrument("stalking").items}
    >>> sheets = pd.DataFrame([least | {"break_in_or_damage": answer} for answer in ("yes", "no", "unknown")])
    >>> InstrumentScores("stalking").fit_transform(sheets)[:, :2].tolist()
    [[2, 2], [0, 0], [0, 2]]
    """

    def __init__(
        self,
        instrument: Ref = "integrated",
        *,
        columns: Mapping[str, str] | None = None,
        codes: Codes = None,
        items: Sequence[str] | None = None,
        unusable: Literal["error", "open"] = "error",
        allow_draft: bool = False,
        training_confirmed: bool = False,
    ) -> None:
        # scikit-learn copies an estimator by these arguments, so they are kept as they come and read in use
        self.instrument = instrument
        self.columns = columns
        self.codes = codes
        self.items = items
        self.unusable = unusable
        self.allow_draft = allow_draft
        self.training_confirmed = training_confirmed

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn passes y to every step
        """Note which items have a column; the answers are not read.

        Parameters
        ----------
        X : pandas.DataFrame, polars.DataFrame, pyarrow.Table or NumPy array of shape (n_cases, n_columns)
            One row a case, one column an item; an array needs `items`.
        y : ignored

        Returns
        -------
        InstrumentScores

        Raises
        ------
        DataError
            X is no such table, or none of its columns is an item; `columns` or `items` don't fit it.
        InstrumentError
            There is no such instrument, or it needs leave.

        Warns
        -----
        UserWarning
            Items without a column: they are not asked in any case.
        """
        definition, table = self._definition(), self._table(X)
        found = _found(table, definition, self.columns)
        _say_missing(found, definition, stacklevel=2)
        names = names_of(table, kind_of(table))
        self.n_features_in_ = len(names)
        self.feature_names_in_ = np.asarray(names, dtype=object)
        self.items_in_ = tuple(found.used)
        return self

    def transform(self, X: Any) -> NDArray[np.int32]:
        """Score every case.

        Parameters
        ----------
        X : table or array
            As for `fit`.

        Returns
        -------
        int32 array, shape (n_cases, 4)
            `score_low`, `score_high`, `rank_low` and `rank_high`, row by row those of `assess`; a table with these
            names after `set_output`.

        Raises
        ------
        DataError
            As for `fit`; or other items have a column than in `fit`; or values mean nothing.
        InstrumentError
            As for `fit`.

        Warns
        -----
        UserWarning
            Values left open; and without `fit`, items without a column.
        """
        definition, table = self._definition(), self._table(X)
        found = _found(table, definition, self.columns)
        if hasattr(self, "items_in_"):
            self._refuse_other_items(found)
        else:
            _say_missing(found, definition, stacklevel=3)  # one more: scikit-learn wraps `transform`
        return self._scored(table, found, definition)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002 - as above
        """Return the names of the four columns; `input_features` is ignored."""
        return np.asarray(FEATURES, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.string = tags.input_tags.categorical = tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = []
        return tags

    def _more_tags(self) -> dict[str, object]:
        """Say the same to scikit-learn 1.5, which asks in this way."""
        kinds = ["2darray", "string", "categorical"]
        return {"requires_fit": False, "stateless": True, "allow_nan": True, "preserves_dtype": [], "X_types": kinds}

    def _definition(self) -> Instrument:
        leave = {"allow_draft": self.allow_draft, "training_confirmed": self.training_confirmed}
        return usable_instrument(self.instrument, **leave)

    def _table(self, X: Any) -> Any:
        """Return a table as it is, a lazy one read, and an array as a table; refuse anything else."""
        if isinstance(X, np.ndarray):
            return self._of_array(X)
        try:
            return X.collect() if kind_of(X) == "polars lazy" else X
        except DataError:
            expected = "a table of pandas, Polars or PyArrow, or a NumPy array (not a sparse one) and items="
            raise DataError("InstrumentScores", [f"got a {type(X).__name__}, expected {expected}."]) from None

    def _of_array(self, array: NDArray[Any]) -> Any:
        import pandas as pd

        problems = list(self._array_problems(array))
        if problems:
            raise DataError("InstrumentScores", problems)
        return pd.DataFrame(array, columns=list(self.items or ()))

    def _array_problems(self, array: NDArray[Any]) -> Iterator[str]:
        if array.ndim != 2:
            yield f"got an array of shape {array.shape}, expected a row a case, a column an item. Reshape your data."
            return
        if array.dtype.kind not in _ARRAY_KINDS:
            yield f"got an array of {array.dtype}, expected text, objects, booleans or numbers."
        if self.items is None:
            yield "an array has no column names. Say with items= which item each column is, or give a table."
            return
        known = self._definition().by_id
        yield from (f"items: {named(name, known)} is not an item." for name in self.items if name not in known)
        yield from (f"items: {name} stands more than once." for name in known if list(self.items).count(name) > 1)
        if array.shape[1] != len(self.items):
            yield f"got {array.shape[1]} columns, expected {len(self.items)}: one for each of items."

    def _scored(self, table: Any, found: CohortColumns, definition: Instrument) -> NDArray[np.int32]:
        chosen = as_arrow(_only(table, found), kind_of(table))
        arrays = encoded(chosen, definition, found.used, self.codes, self.unusable)
        return _scores(arrays, chosen.num_rows, definition)

    def _refuse_other_items(self, found: CohortColumns) -> None:
        """Refuse a table in which other items have a column than in the one that a model was made from."""
        gone = [f"{item} has no column and had one in fit." for item in self.items_in_ if item not in found.used]
        new = [f"{item} has a column and had none in fit." for item in found.used if item not in self.items_in_]
        if gone or new:
            raise DataError("InstrumentScores", [*gone, *new])


def _found(table: Any, definition: Instrument, columns: Mapping[str, str] | None) -> CohortColumns:
    found = cohort_columns(table, definition, columns)
    if not found.used:
        raise DataError("InstrumentScores", [f"no column is an item of {definition.id}. Name them with columns=."])
    return found


def _say_missing(found: CohortColumns, definition: Instrument, *, stacklevel: int) -> None:
    if found.missing:
        warnings.warn(missing_said(found, definition), stacklevel=stacklevel + 1)


def _only(table: Any, found: CohortColumns) -> Any:
    """Return the columns of items alone: what else a table holds may be of any kind."""
    names = list(found.used.values())
    return table.select(names) if kind_of(table) == "pyarrow" else table[names]


def _scores(arrays: Mapping[str, Any], n_cases: int, definition: Instrument) -> NDArray[np.int32]:
    kernel, out = kernel_for(definition), np.empty((n_cases, len(FEATURES)), dtype=np.int32)
    for start in range(0, n_cases, BLOCK):
        part = slice(start, min(start + BLOCK, n_cases))
        block = {item: column[part] for item, column in arrays.items()}
        done = kernel.score(block, part.stop - start, rules=False)
        out[part] = np.column_stack([getattr(done, name) for name in FEATURES])
    return out
