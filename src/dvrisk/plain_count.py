"""The plainest score there is: how many facts are known that an instrument makes anything of. For evaluations."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from dvrisk.schema import AtLeast, Instrument
from dvrisk.soundness import atoms


def count_facts(answers: Mapping[str, NDArray[np.int8]], instrument: Instrument, n_cases: int) -> NDArray[np.int32]:
    """Count the known facts of each case that the instrument makes anything of.

    Parameters
    ----------
    answers : mapping of str to int8 array, length n_cases
        As `read_cohort` gives them; -1 is open, and counts as nothing.
    instrument : Instrument
    n_cases : int

    Returns
    -------
    int array, length n_cases
        Items whose answer has points, or is what a rule asks for; without weights, groups, caps or rules.

    Examples
    --------
    >>> from dvrisk import load_instrument
    >>> sheet = {"strangulation": np.array([1, 0, -1], dtype=np.int8), "jealousy": np.array([2, 1, 0], dtype=np.int8)}
    >>> count_facts(sheet, load_instrument("integrated"), 3)
    array([2, 1, 0], dtype=int32)
    """
    total = np.zeros(n_cases, dtype=np.int32)
    for item, first in counted_from(instrument).items():
        if item in answers:
            total += answers[item] >= first
    return total


def counted_from(instrument: Instrument) -> dict[str, int]:
    """Return for each item that the instrument makes anything of from which option on it counts.

    Examples
    --------
    >>> from dvrisk import load_instrument
    >>> counted_from(load_instrument("lap"))["strangulation"]
    1
    """
    found = {
        item.id: next(place for place, option in enumerate(item.options) if option.points > 0)
        for item in instrument.items
        if item.options[-1].points > 0
    }
    for rule in instrument.rules:
        for atom in atoms(rule.when):
            if isinstance(atom, AtLeast):
                place = instrument.by_id[atom.item].codes.index(atom.at_least)
                found[atom.item] = min(place, found.get(atom.item, place))
    return found
