"""One table scored with many variants of an instrument: other points, rules or cut-offs. For research."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dvrisk.assessment import usable_instrument
from dvrisk.catalog import Ref
from dvrisk.cohort import read_cohort
from dvrisk.encoding import Codes
from dvrisk.errors import DataError
from dvrisk.schema import Instrument

if TYPE_CHECKING:
    from dvrisk.kernel import Kernel


def score_weight_sets(
    frame: Any,
    point_sets: Sequence[Mapping[str, tuple[int, ...]]],
    instrument: Ref = "integrated",
    *,
    columns: Mapping[str, str] | None = None,
    codes: Codes = None,
    allow_draft: bool = False,
    training_confirmed: bool = False,
) -> dict[str, Any]:
    """Score one table with many sets of points, for studies of the weights.

    Parameters
    ----------
    frame, instrument, columns, codes, allow_draft, training_confirmed
        As for `score_cohort`.
    point_sets : sequence of mapping of str to tuple of int
        For each set, items with other points than the definition's: one number for each option, never falling.

    Returns
    -------
    dict of str to int array, shape (number of sets, number of cases)
        `score_low`, `score_high`, and the levels as ranks, `rank_low` and `rank_high`. Bands stay as they are; a score
        beyond them has the level of the nearest band.

    Raises
    ------
    DataError
        A set names an unknown item, has another number of points than options, or falls.
    """
    from dvrisk.kernel import Kernel

    definition = usable_instrument(instrument, allow_draft=allow_draft, training_confirmed=training_confirmed)
    problems = [
        problem for number, points in enumerate(point_sets) for problem in _bad_points(number, points, definition)
    ]
    if problems:
        raise DataError("point_sets", problems)
    kernels = (Kernel(definition, points) for points in point_sets)
    return _by_kernel(frame, definition, kernels, len(point_sets), columns, codes)


def score_variants(
    frame: Any,
    variants: Sequence[Instrument],
    instrument: Ref = "integrated",
    *,
    columns: Mapping[str, str] | None = None,
    codes: Codes = None,
    allow_draft: bool = False,
    training_confirmed: bool = False,
) -> dict[str, Any]:
    """Score one table with many variants of an instrument, for studies of its points, rules and cut-offs.

    Parameters
    ----------
    frame, instrument, columns, codes, allow_draft, training_confirmed
        As for `score_cohort`.
    variants : sequence of Instrument
        Definitions with the items and options of the instrument, such as `vary_weights` gives.

    Returns
    -------
    dict of str to int array, shape (number of variants, number of cases)
        As for `score_weight_sets`.

    Raises
    ------
    DataError
        A variant has other items, or other options.
    """
    from dvrisk.kernel import Kernel

    definition = usable_instrument(instrument, allow_draft=allow_draft, training_confirmed=training_confirmed)
    asked = [(item.id, item.codes) for item in definition.items]
    strange = [n for n, each in enumerate(variants) if [(item.id, item.codes) for item in each.items] != asked]
    if strange:
        raise DataError("variants", [f"variant {n}: it does not ask what {definition} asks." for n in strange[:5]])
    return _by_kernel(frame, definition, map(Kernel, variants), len(variants), columns, codes)


def _by_kernel(
    frame: Any,
    definition: Instrument,
    kernels: Iterable[Kernel],
    n_kernels: int,
    columns: Mapping[str, str] | None,
    codes: Codes,
) -> dict[str, Any]:
    """Read a table once, and score it with each kernel."""
    import numpy as np

    coded = read_cohort(frame, definition, columns=columns, codes=codes)
    names = ("score_low", "score_high", "rank_low", "rank_high")
    out = {name: np.empty((n_kernels, coded.n_cases), dtype=np.int32) for name in names}
    for number, kernel in enumerate(kernels):
        done = kernel.score(coded.answers, coded.n_cases)
        for name in names:
            out[name][number] = getattr(done, name)
    return out


def _bad_points(number: int, points: Mapping[str, tuple[int, ...]], definition: Instrument) -> Iterator[str]:
    for item, values in points.items():
        if item not in definition.by_id:
            yield f"set {number}: {item} is not an item of {definition.id}."
        elif len(values) != len(definition.by_id[item].codes) or list(values) != sorted(values):
            codes = ", ".join(definition.by_id[item].codes)
            yield f"set {number}: {item}: expected a number for each of {codes}, never falling."
