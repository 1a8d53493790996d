"""Would a result change with somebody's background: job, means, family form, ethnicity, disability, place or age.

Needs the extra `frames`. Figures by group, and items that work differently in a group, are in `dvrisk.stats.fairness`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dvrisk.assessment import usable_instrument
from dvrisk.catalog import Ref
from dvrisk.cohort import CodedCohort, read_cohort
from dvrisk.encoding import Codes
from dvrisk.schema import Instrument
from dvrisk.tellings import background_facts

if TYPE_CHECKING:
    from dvrisk.kernel import Scored


@dataclass(frozen=True, slots=True)
class Swap:
    """What exchanging one detail of everybody's background does to results.

    Attributes
    ----------
    background : str
    items : tuple of str
        The instrument's items that ask for it; none where it asks for nothing of the kind, and nothing can change.
    cases : int
    changed_scores, changed_levels : int
        Cases in which an end of the score, or of the level, is another one.
    most_points : int
        The largest difference in an end of the score.
    """

    background: str
    items: tuple[str, ...]
    cases: int
    changed_scores: int
    changed_levels: int
    most_points: int


def swap_backgrounds(
    frame: Any,
    instrument: Ref = "integrated",
    *,
    columns: Mapping[str, str] | None = None,
    codes: Codes = None,
    allow_draft: bool = False,
    training_confirmed: bool = False,
) -> tuple[Swap, ...]:
    """Score every case with each detail of the background at its least and at its most risky option, the rest the same.

    Parameters
    ----------
    frame, instrument, columns, codes, allow_draft, training_confirmed
        As for `score_cohort`.

    Returns
    -------
    tuple of Swap
        For each detail that must not change a level. In a published instrument an item counts that rests on the same
        shared fact, or on a wider or narrower one.

    Examples
    --------
    >>> import pandas as pd
    >>> sheets = pd.DataFrame({"strangulation": ["yes", "no"], "unemployed": ["no", "yes"]})
    >>> [(swap.background, swap.items) for swap in swap_backgrounds(sheets) if swap.items]
    [('disability', ('need_access',)), ('job', ('unemployed',)), ('family_form', ('stepchild_in_home',))]
    >>> sum(swap.changed_scores for swap in swap_backgrounds(sheets))
    0
    """
    definition = usable_instrument(instrument, allow_draft=allow_draft, training_confirmed=training_confirmed)
    coded = read_cohort(frame, definition, columns=columns, codes=codes)
    asked = {name: _items(facts, definition) for name, facts in background_facts().items()}
    return tuple(_swapped(name, items, coded, definition) for name, items in asked.items())


def _items(facts: tuple[str, ...], definition: Instrument) -> tuple[str, ...]:
    return tuple(
        item.id
        for item in definition.items
        if item.id in facts or (item.rests_on and any(fact.item in facts for fact in item.rests_on.facts))
    )


def _swapped(background: str, items: tuple[str, ...], coded: CodedCohort, definition: Instrument) -> Swap:
    import numpy as np

    n = coded.n_cases
    if not items:
        return Swap(background, items, n, 0, 0, 0)
    least = {item: np.zeros(n, dtype=np.int8) for item in items}
    most = {item: np.full(n, len(definition.by_id[item].codes) - 1, dtype=np.int8) for item in items}
    one, other = (_scored(coded, given, definition) for given in (least, most))
    apart = [np.abs(getattr(other, end) - getattr(one, end)) for end in ("score_low", "score_high")]
    scores = apart[0] | apart[1]
    levels = (one.rank_low != other.rank_low) | (one.rank_high != other.rank_high)
    most_points = max(int(part.max(initial=0)) for part in apart)
    return Swap(background, items, n, int((scores != 0).sum()), int(levels.sum()), most_points)


def _scored(coded: CodedCohort, given: Mapping[str, Any], definition: Instrument) -> Scored:
    from dvrisk.kernel import kernel_for

    return kernel_for(definition).score({**coded.answers, **given}, coded.n_cases, rules=False)
