"""The people of an evaluation: their answers scored, what happened to them, and their groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dvrisk.assessment import usable_instrument
from dvrisk.catalog import Ref
from dvrisk.cohort import CodedCohort, read_cohort
from dvrisk.encoding import Codes
from dvrisk.errors import DataError, nearest
from dvrisk.kernel import OPEN, Scored, kernel_for
from dvrisk.plain_count import count_facts, counted_from
from dvrisk.schema import Instrument
from dvrisk.stats.groups import group_names
from dvrisk.stats.outcome_checks import Flags, Floats, as_outcome, as_scores, one_class
from dvrisk.tables import arrow_of

MOST_GROUPS = 20
_TEXTS = {"0": False, "0.0": False, "false": False, "1": True, "1.0": True, "true": True}
"""What stands in a file of texts for 0 and 1; a yes may be an answer, so it is not guessed."""


class Columns(NamedTuple):
    """The columns beside the answers."""

    outcome: str
    group: str | None = None
    probability: str | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class People:
    """Everybody who is evaluated.

    Attributes
    ----------
    instrument : Instrument
    names : Columns
    coded : CodedCohort
    scored : Scored
    count : array of int, length n
        How many facts that the instrument makes anything of each person is known to have: the plainest score.
    outcome : array of bool, length n
    groups : array of str, length n; or None
    probability : array of float, length n; or None
    """

    instrument: Instrument
    names: Columns
    coded: CodedCohort
    scored: Scored
    count: NDArray[np.int32]
    outcome: Flags
    groups: NDArray[np.str_] | None
    probability: Floats | None

    @property
    def readings(self) -> tuple[tuple[str, Flags], ...]:
        """The levels as they are shown, each with who has it: a level, at least a level, or undetermined."""
        levels, scored = self.instrument.levels, self.scored
        settled = scored.rank_low == scored.rank_high
        found = []
        for rank, level in enumerate(levels):
            at = scored.rank_low == rank
            if rank == 0:
                found += [(level, at & scored.established), ("undetermined", at & ~scored.established)]
            elif rank < len(levels) - 1:
                found += [(f"at least {level}", at & ~settled), (level, at & settled)]
            else:
                found.append((level, at))
        return tuple(found)

    def open_shares(self) -> dict[str, float]:
        """Return for each item the share of people for whom it is open."""
        answers = self.coded.answers
        return {
            item.id: float((answers[item.id] == OPEN).mean()) if item.id in answers else 1.0
            for item in self.instrument.items
        }

    def riskier(self) -> dict[str, NDArray[np.float64]]:
        """Return for each item that counts whether it was answered from that option on; NaN where it is open."""
        answers = self.coded.answers
        return {
            item: np.where(answers[item] == OPEN, np.nan, answers[item] >= first)
            for item, first in counted_from(self.instrument).items()
            if item in answers
        }

    def without_column(self) -> dict[str, str | None]:
        """Return the items without a column, each with the unused column that has nearly its name."""
        return {item: nearest(item, self.unused(), likeness=0.8) for item in self.coded.columns.missing}

    def unused(self) -> tuple[str, ...]:
        """Return the columns that are no item, and no outcome, group or probability."""
        return tuple(name for name in self.coded.columns.ignored if name not in self.names)


def read_people(
    frame: Any,
    names: Columns,
    instrument: Ref,
    columns: Mapping[str, str] | None,
    codes: Codes,
    *,
    allow_draft: bool,
    training_confirmed: bool,
) -> People:
    """Read a table of answers with outcomes, or raise one DataError."""
    definition = usable_instrument(instrument, allow_draft=allow_draft, training_confirmed=training_confirmed)
    table = arrow_of(frame)
    _check_columns(table.column_names, names, definition, columns)
    flags = _outcomes(table[names.outcome], names.outcome)
    coded = read_cohort(table, definition, columns=columns, codes=codes)
    if not coded.columns.used:
        raise DataError("evaluate", [f"no column is an item of {definition.id}. Name them with columns=."])
    n = coded.n_cases
    return People(
        definition,
        names,
        coded,
        kernel_for(definition).score(coded.answers, n, rules=False),
        count_facts(coded.answers, definition, n),
        flags,
        None if names.group is None else _groups(table[names.group], names.group),
        None if names.probability is None else _probabilities(table[names.probability], names.probability, flags),
    )


def _groups(column: pa.ChunkedArray, name: str) -> NDArray[np.str_]:
    groups = group_names(column.to_pylist(), len(column))
    n = len(np.unique(groups))
    if n > MOST_GROUPS:
        raise DataError(name, [f"{n} groups, expected at most {MOST_GROUPS}. Merge them; ids are no groups."])
    return groups


def _probabilities(column: pa.ChunkedArray, name: str, flags: Flags) -> Floats:
    try:
        numbers = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise DataError(name, ["got other values than numbers, expected probabilities from 0 to 1."]) from None
    return as_scores(numbers, flags, name, is_probability=True)


def _check_columns(there: list[str], names: Columns, definition: Instrument, columns: Mapping[str, str] | None) -> None:
    if not all(isinstance(name, str) for name in (names.outcome, *(name for name in names[1:] if name is not None))):
        raise DataError("evaluate", ["outcome, group and probability: expected names of columns."])
    given = [names.outcome, *(name for name in names[1:] if name is not None)]
    problems = [f"{name} is not a column of the table{_near(name, there)}." for name in given if name not in there]
    items = {(columns or {}).get(item.id, item.id) for item in definition.items}
    if names.outcome in items:
        problems.append(f"{names.outcome} is an item of {definition.id}. An outcome can't be an answer; rename it.")
    if len(set(given)) < len(given):
        problems.append("outcome, group and probability: two of them are the same column.")
    if problems:
        raise DataError("evaluate", problems)


def _near(name: object, names: list[str]) -> str:
    near = nearest(str(name), names)
    return f" (did you mean {near}?)" if near else ""


def _outcomes(column: pa.ChunkedArray, name: str) -> Flags:
    if not len(column):
        raise DataError(name, ["nobody is in the table. An evaluation needs people with and people without the event."])
    if column.null_count:
        missing = column.null_count
        raise DataError(
            name, [f"{missing} missing. Leave out people whose outcome nobody knows, and report how many they are."]
        )
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.float64())
    if any(is_text(column.type) for is_text in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)):
        read = [_TEXTS.get(value.strip().lower()) for value in column.to_pylist()]
        strange = sum(value is None for value in read)
        if strange:
            problem = f"{strange} of {len(read)} values are neither 1 (event) nor 0 (no event). Write 1 and 0."
            raise DataError(name, [problem])
        flags = np.array(read, dtype=np.bool_)
    else:
        flags = as_outcome(column.to_numpy(), name)
    why = one_class(flags)
    if why:
        raise DataError(name, [f"{why}. An evaluation needs people with and people without it."])
    return flags
