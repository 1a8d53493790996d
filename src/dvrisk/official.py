"""What a published instrument's own rule for missing answers says: beside the bounds, never instead of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dvrisk.schema import OPEN_STATES, Instrument, MissingRule
from dvrisk.scoring import Outcome, Scorer


class Official(NamedTuple):
    """The result by an instrument's own missing-data rule.

    Attributes
    ----------
    rule : {'as no', 'prorate'}
        Missing answers count as not answered yes, or the score is scaled up to what all items could give.
    basis : {'published', 'assumed'}
        Whether the rule was read, or is a stand-in for a table that was not.
    scorable : bool
    score : int or None
    result : str or None
        A level; or what the rule calls a sheet without any answer; None if it is not scorable.
    missing : int
        Items that count for the result, by points or in a rule, and are open.
    why : {'complete', 'within the rule', 'too many missing', 'nothing answered'}
    """

    rule: str
    basis: str
    scorable: bool
    score: int | None
    result: str | None
    missing: int
    why: str


def official_result(scorer: Scorer, outcome: Outcome, states: Mapping[str, str]) -> Official | None:
    """Apply the instrument's own rule for missing answers; None if it has none.

    Notes
    -----
    Prorating: score * greatest / greatest of the answered items, halves rounded up. With items of one point each that
    is score * items / answered items.
    """
    definition = scorer.instrument
    rule = definition.missing_rule
    if rule is None:
        return None
    open_ = {item.id for item in definition.items if states[item.id] in OPEN_STATES}
    deciding = {
        item.id for item in scorer.table.deciding if rule.kind == "as no" or definition.by_id[item.id].is_scored
    }
    missing = len(open_ & deciding)
    whole = Official(rule.kind, rule.basis, True, outcome.low.score, None, missing, "within the rule")
    nothing = rule.unless_all_open and open_.issuperset(rule.unless_all_open) and not outcome.low.fired
    if nothing:
        return whole._replace(scorable=False, score=None, result=rule.then, why="nothing answered")
    if rule.kind == "prorate" and missing:
        return _prorated(whole, rule, definition, open_, scorer, outcome)
    why = whole.why if missing else "complete"
    return whole._replace(result=definition.levels[outcome.low.rank], why=why)


def _prorated(
    whole: Official, rule: MissingRule, definition: Instrument, open_: set[str], scorer: Scorer, outcome: Outcome
) -> Official:
    greatest = sum(item.options[-1].points for item in definition.items)
    answered = sum(item.options[-1].points for item in definition.items if item.id not in open_)
    if whole.missing > (rule.most or 0) or not answered:
        return whole._replace(scorable=False, score=None, why="too many missing")
    score = (2 * outcome.low.score * greatest + answered) // (2 * answered)
    return whole._replace(score=score, result=definition.levels[scorer.rank(score, outcome.low.fired)])
