"""How firm are the weights: an instrument drawn again from what its points rest on. For research only.

Points follow from estimates by a rule (`dvrisk.weights`). Few estimates were read with an interval; for the others, and
for all that the rule assumes, there is no measured uncertainty. So each draw says which of its parts was varied, and
what was drawn from an interval stays apart from what was drawn from an assumed spread. Nothing here belongs on a page
about a person: each variant is a draft, and no call scores a draft unless it is told to.
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from dvrisk.errors import DataError
from dvrisk.schema import Instrument, Item
from dvrisk.soundness import attainable, breaches
from dvrisk.stats.checks import finite_number, refuse, whole_number
from dvrisk.weights import derive, load_evidence, option_points, weight_of

PARTS = ("read", "assumed", "shrinkage", "rules", "cut-offs")
"""What can be varied: log odds ratios whose interval was read; those without one, and the weights that letters give;
the shrinkage of unadjusted odds ratios; rules that rest on consensus; the cut-offs."""

SPREAD = 0.5
"""Assumed standard deviation of a log odds ratio without an interval: one point's worth, and about twice that of the
odds ratios whose intervals were read (0.26), since most come from one sample and all from other countries."""

SHRINKAGES = (0.3, 1.0)
CUT_OFF_SHARE = 0.2
_Z = 1.959963984540054
_LOG_ODDS_OF = {"I": 1.0, "D": 0.5, "assumed": 0.5}


class Basis(NamedTuple):
    """What an item's weight is drawn from.

    Attributes
    ----------
    letter : str
        The basis letter of docs/weights.md.
    log_odds_ratio : float
        Centre of the draws.
    spread : float
        Standard deviation of the draws.
    is_read : bool
        Whether the spread comes from an interval that was read.
    """

    letter: str
    log_odds_ratio: float
    spread: float
    is_read: bool


def weight_bases(instrument: Instrument, spread: float = SPREAD) -> dict[str, Basis]:
    """Say for every scored item what its weight is drawn from.

    Examples
    --------
    >>> from dvrisk import load_instrument
    >>> bases = weight_bases(load_instrument("integrated"))
    >>> [item for item, basis in bases.items() if basis.is_read]
    ['strangulation', 'violence_in_pregnancy', 'substance_misuse']
    >>> round(bases["strangulation"].spread, 2)
    0.26
    """
    return {item.id: _basis(item, spread) for item in instrument.items if item.is_scored}


def vary_weights(
    instrument: Instrument, n: int, seed: int, *, vary: Collection[str] = PARTS, spread: float = SPREAD
) -> tuple[Instrument, ...]:
    """Draw variants of an instrument whose points follow from the evidence table.

    Parameters
    ----------
    instrument : Instrument
    n : int
        How many variants.
    seed : int
    vary : collection of {'read', 'assumed', 'shrinkage', 'rules', 'cut-offs'}, default all
        What to vary; the rest stays as it is shipped.
    spread : float, default 0.5
        Assumed standard deviation of a log odds ratio without an interval.

    Returns
    -------
    tuple of Instrument
        Drafts, each of them sound: points never fall along an item's options, so a riskier answer never lowers
        anything.

    Raises
    ------
    DataError
        The instrument's points don't follow from the evidence table, or an argument can't be used.

    Notes
    -----
    A log odds ratio is drawn from a normal distribution: around the value that was read, with the standard deviation of
    its interval, or with `spread` where no interval was read; around 1.0 for a weight by the letter I and 0.5 for D and
    assumed ones. The rule of docs/weights.md makes the weight, points, caps; weights stay between 1 and 5. Shrinkage is
    drawn evenly from 0.3 to 1. Each rule whose basis is consensus is left out in half of the draws. Each cut-off moves
    by up to a fifth of the score, evenly.
    """
    unknown = sorted(set(vary) - set(PARTS))
    refuse(
        "vary_weights",
        whole_number("n", n, 1),
        whole_number("seed", seed, 0),
        finite_number("spread", spread, 0),
        [f"vary: expected some of {', '.join(PARTS)}."] if unknown else [],
    )
    if instrument.weights is None:
        raise DataError("vary_weights", [f"the points of {instrument} don't follow from the evidence table."])
    bases, raw = weight_bases(instrument, spread), instrument.model_dump(mode="json", by_alias=True)
    source = random.Random(seed)
    return tuple(_variant(instrument, raw, bases, source, set(vary)) for _ in range(n))


def _basis(item: Item, spread: float) -> Basis:
    found = derive(item.weight, load_evidence())
    estimate = found.estimate
    if estimate is None or found.basis not in "AMB":
        return Basis(found.basis, _LOG_ODDS_OF[found.basis], spread, is_read=False)
    if estimate.low is None or estimate.high is None:
        return Basis(found.basis, estimate.log_odds_ratio, spread, is_read=False)
    ends = [estimate.model_copy(update={"value": end}).log_odds_ratio for end in (estimate.low, estimate.high)]
    return Basis(found.basis, estimate.log_odds_ratio, (ends[1] - ends[0]) / (2 * _Z), is_read=True)


def _variant(
    instrument: Instrument, raw: Mapping[str, Any], bases: Mapping[str, Basis], source: random.Random, vary: set[str]
) -> Instrument:
    # Every number is drawn, whether it is used or not: so what one part does is seen on the same draws of the others.
    drawn = source.uniform(*SHRINKAGES)
    shipped = (instrument.weights.shrinkage_percent if instrument.weights else 0) / 100
    shrinkage = drawn if "shrinkage" in vary else shipped
    changed = set(vary) & {"read", "assumed", "shrinkage"}
    points = {}
    for item_id, basis in bases.items():
        apart = source.gauss(0.0, basis.spread)
        part = "read" if basis.is_read else "assumed"
        if changed:
            logs = basis.log_odds_ratio + (apart if part in vary else 0.0)
            points[item_id] = option_points(instrument.by_id[item_id], weight_of(logs, basis.letter, shrinkage))
    kept = {rule.id: source.random() < 0.5 or rule.basis != "consensus" for rule in instrument.rules}
    shifts = [source.uniform(1 - CUT_OFF_SHARE, 1 + CUT_OFF_SHARE) for _ in instrument.bands[1:]]
    made = dict(raw) | {"status": "draft", "items": [_with_points(item, points) for item in raw["items"]]}
    if points:
        made["caps"] = [cap | {"most": _half_of_reach(cap["items"], points, instrument)} for cap in raw["caps"]]
    if "rules" in vary:
        made["rules"] = [rule for rule in raw["rules"] if kept[rule["id"]]]
    firsts = [
        band.first * (shift if "cut-offs" in vary else 1)
        for band, shift in zip(instrument.bands[1:], shifts, strict=True)
    ]
    return _sound(made, instrument, firsts)


def _with_points(item: Mapping[str, Any], points: Mapping[str, tuple[int, ...]]) -> Mapping[str, Any]:
    if item["id"] not in points:
        return item
    options = [option | {"points": value} for option, value in zip(item["options"], points[item["id"]], strict=True)]
    return {**item, "options": options}


def _half_of_reach(members: list[str], points: Mapping[str, tuple[int, ...]], instrument: Instrument) -> int:
    """Return the cap of docs/weights.md: half of what its members can reach, groups counted once, rounded up."""
    reach, inside = 0, set(members)
    for group in instrument.groups:
        if inside >= set(group.items):
            inside -= set(group.items)
            reach += max(points[member][-1] for member in group.items) + group.bonus
    reach += sum(points[member][-1] for member in inside)
    return -(-reach // 2)


def _sound(made: dict[str, Any], instrument: Instrument, firsts: list[float]) -> Instrument:
    """Lay the bands over what can be reached, and refuse what breaks a law."""
    names = [band.id for band in instrument.bands]
    whole = _read(made | {"bands": [_band(names[0], 0, 0)]})
    low, high = attainable(whole)
    starts = list(_rising([round(first) for first in firsts], low, high))
    ends = [start - 1 for start in starts] + [high]
    bands = [_band(*each) for each in zip(names, [low, *starts], ends, strict=True)]
    variant = _read(made | {"bands": bands})
    problems = breaches(variant)
    if problems:
        raise DataError("vary_weights", list(map(str, problems)))
    return variant


def _read(made: dict[str, Any]) -> Instrument:
    return Instrument.model_validate_json(json.dumps(made | {"critical": None}))


def _band(name: str, first: int, last: int) -> dict[str, Any]:
    return {"id": name, "from": first, "to": last}


def _rising(firsts: list[int], low: int, high: int) -> Iterator[int]:
    """Yield starts of bands that leave at least one score to each."""
    before = low
    for place, first in enumerate(firsts):
        before = min(max(first, before + 1), high - (len(firsts) - 1 - place))
        yield before
