"""Every figure by group, with the groups left out that are too small to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isnan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dvrisk.errors import DataError
from dvrisk.stats.checks import as_row, counted, refuse, whole_number
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.outcome_checks import Flags, as_outcome

NOT_RECORDED = "not recorded"
LEAST = 10
"""People with the event, and people without it, that a group needs to be shown."""


def shown_groups(
    groups: Sequence[object],
    outcome: ArrayLike,
    *,
    least: int = LEAST,
    enough: Callable[[Flags], bool] | None = None,
) -> dict[str, Flags | None]:
    """Say which groups can be shown, and who is in them.

    Parameters
    ----------
    groups : sequence, length n
        Each person's group. None and NaN are a group of their own, `not recorded`.
    outcome : array of 0 and 1, length n
    least : int, default 10
        People with the event, and people without it, that a group needs.
    enough : callable, optional
        What else has to hold of a group, given who is in it as an array of bool.

    Returns
    -------
    dict of str to array of bool, or None
        By name; None for a group that is too small. As long as those left out are too small together, the smallest of
        the others is left out as well: otherwise they could be worked out from the whole.

    Raises
    ------
    DataError
        There is not one group for each outcome.

    Examples
    --------
    >>> found = shown_groups(["town"] * 30 + ["village"] * 40 + ["farm"] * 3, [0, 1] * 35 + [0] * 3)
    >>> {name: who is not None for name, who in found.items()}
    {'farm': False, 'town': False, 'village': True}
    """
    refuse("groups", whole_number("least", least, 1))
    flags = as_outcome(outcome)
    names = group_names(groups, len(flags))
    members: dict[str, Flags] = {str(name): names == name for name in np.unique(names)}

    def is_enough(who: Flags) -> bool:
        return _rarer(who, flags) >= least and (enough is None or enough(who))

    small = {name for name, who in members.items() if not is_enough(who)}
    by_size = sorted(members.keys() - small, key=lambda name: (members[name].sum(), name))
    while small and by_size and not is_enough(np.logical_or.reduce([members[name] for name in small])):
        small.add(by_size.pop(0))
    return {name: None if name in small else who for name, who in members.items()}


def by_group(
    figure: Callable[[Flags], Estimate], groups: Sequence[object], outcome: ArrayLike, *, least: int = LEAST
) -> Mapping[str, Estimate]:
    """Compute a figure in every group.

    Parameters
    ----------
    figure : callable
        Given who belongs to the group, as an array of bool of length n, it returns the figure of these people.
    groups, outcome, least
        As for `shown_groups`.

    Returns
    -------
    mapping of str to Estimate
        Undefined, and without counts, where the group is too small.

    Examples
    --------
    >>> from dvrisk.stats.accuracy import roc_auc
    >>> scores, outcome = np.arange(60) % 7, np.arange(60) % 2
    >>> found = by_group(lambda who: roc_auc(scores[who], outcome[who]), ["town", "village"] * 30, outcome)
    >>> found["town"].undefined
    'fewer than 10 people with, or without, the event, or left out so that a smaller group stays hidden'
    """
    why = f"fewer than {least} people with, or without, the event, or left out so that a smaller group stays hidden"
    hidden = Estimate(None, method="not shown", undefined=why)
    shown = shown_groups(groups, outcome, least=least)
    return {name: hidden if who is None else figure(who) for name, who in shown.items()}


def group_names(groups: object, n: int) -> NDArray[np.str_]:
    """Return each person's group as a text without blanks around it; what is missing is `not recorded`.

    Raises
    ------
    DataError
        There is not one for each of n people.
    """
    row = as_row(groups)
    if row is None or len(row) != n:
        got = "no sequence" if row is None else f"{len(row)} of them"
        raise DataError("groups", [f"got {got} for {counted(n, 'outcome')}, expected as many."])
    return np.array([_name(group) for group in row])


def _name(group: object) -> str:
    if group is None or type(group).__name__ == "NAType" or (isinstance(group, float | np.floating) and isnan(group)):
        return NOT_RECORDED
    if isinstance(group, float | np.floating) and float(group).is_integer():
        group = int(group)  # whole numbers come as floats where one of them is missing
    return str(group).strip() or NOT_RECORDED


def _rarer(who: Flags, flags: Flags) -> int:
    events = int((who & flags).sum())
    return min(events, int(who.sum()) - events)
