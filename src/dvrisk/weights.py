"""From the evidence table to whole-number points: the rule by which our own instruments are weighted.

The evidence names, for each item, one *estimate* that was read, or says that none was. The rule turns it into a weight:

=====  =======================================================================  =========================
basis  what was read                                                            weight
=====  =======================================================================  =========================
A      an odds ratio adjusted for other risk factors                            ln(OR) / 0.5
M      a pooled (meta-analytic) odds ratio or correlation                       ln(OR) / 0.5
B      an odds ratio that is unadjusted, or adjusted for demographics alone     shrinkage * ln(OR) / 0.5
I      significant beside other factors; its size could not be read             2
D      described only, or an interval that includes 1                           1
=====  =======================================================================  =========================

Weights are rounded half up and lie between 1 and 5. A correlation r becomes an odds ratio by d = 2r / sqrt(1 - r²) and
ln(OR) = d * pi / sqrt(3) (Borenstein et al. 2009, *Introduction to Meta-Analysis*, ch. 7). *Shrinkage* (0.5) allows for
what an unadjusted odds ratio owes to the factors that come with it.

Points of an item's options: the least risky option has none, the most risky one the weight, a middle one half of it,
rounded up. That half is assumed; no study measured it. `worth` in the item bank says where an item differs.
"""

from __future__ import annotations

from functools import cache
from math import floor, log, pi, sqrt
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from dvrisk._files import INSTRUMENTS, read_toml
from dvrisk.errors import InstrumentError
from dvrisk.schema import Item, Text, Weight

SHRINKAGE = 0.5
LEAST, MOST = 1, 5
_LOG_ODDS_PER_POINT = 0.5


class Study(BaseModel):
    """A row of the evidence table: a text that was read, and what it says."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    id: Annotated[str, Field(pattern=r"^E[0-9]+[a-z]?$")]
    citation: Text
    doi: Text | None = None
    url: Text | None = None
    read: Literal["source", "secondary"]
    outcome: tuple[Text, ...]
    sample: Text
    finding: Text
    limit: Text | None = None


class Estimate(BaseModel):
    """A number that a study gives, with what it was adjusted for."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    id: Text
    study: str
    measure: Literal["odds ratio", "correlation"]
    value: float
    low: float | None = None
    high: float | None = None
    adjusted_for: Literal["risk factors", "demographics", "nothing", "pooled"]
    note: Text | None = None

    @property
    def log_odds_ratio(self) -> float:
        """The natural logarithm of the odds ratio, converted from a correlation where need be."""
        return log(self.value) if self.measure == "odds ratio" else _log_odds_ratio(self.value)

    @property
    def includes_no_effect(self) -> bool:
        """Whether the interval, where one was read, includes an odds ratio of 1 (a correlation of 0)."""
        none = 1.0 if self.measure == "odds ratio" else 0.0
        return self.low is not None and self.high is not None and self.low <= none <= self.high


class Evidence(NamedTuple):
    """The evidence table: studies and estimates by their ids."""

    studies: dict[str, Study]
    estimates: dict[str, Estimate]


class Derivation(NamedTuple):
    """How the weight of an item follows from the evidence."""

    basis: str
    weight: int
    estimate: Estimate | None
    shrinkage: float


@cache
def load_evidence() -> Evidence:
    """Load the evidence table that is shipped with the instruments."""
    raw = read_toml(INSTRUMENTS / "evidence.toml", InstrumentError)
    studies = TypeAdapter(tuple[Study, ...]).validate_python(raw["studies"])
    estimates = TypeAdapter(tuple[Estimate, ...]).validate_python(raw["estimates"])
    return Evidence({study.id: study for study in studies}, {estimate.id: estimate for estimate in estimates})


def derive(weight: Weight, evidence: Evidence, shrinkage: float = SHRINKAGE) -> Derivation:
    """Work out the weight of an item.

    Parameters
    ----------
    weight : Weight
        What the item bank says its weight rests on.
    evidence : Evidence
    shrinkage : float, 0 to 1
        Factor on the log odds ratio of estimates that were not adjusted for other risk factors.

    Returns
    -------
    Derivation
        Weight 0 where the bank says that the item has no points.

    Examples
    --------
    >>> from dvrisk.catalog import load_instrument
    >>> threat = load_instrument("integrated").by_id["threat_to_kill"]
    >>> [derive(threat.weight, load_evidence(), shrinkage).weight for shrinkage in (0.5, 0.7, 1.0)]
    [3, 4, 5]
    """
    if weight.origin == "estimate":
        estimate = evidence.estimates.get(weight.ref or "")
        if estimate is None:
            raise InstrumentError(
                "weight", [f"{weight.ref} is not an estimate of the evidence table. Name one that is."]
            )
        basis = _basis(estimate)
        weight_read = LEAST if basis == "D" else weight_of(estimate.log_odds_ratio, basis, shrinkage)
        return Derivation(basis, weight_read, estimate, shrinkage)
    basis, points = {
        "significant": ("I", 2),
        "described": ("D", 1),
        "assumed": ("assumed", weight.points or 0),
        "none": ("none", 0),
    }[weight.origin]
    return Derivation(basis, points, None, shrinkage)


def option_points(item: Item, weight: int) -> tuple[int, ...]:
    """Spread a weight over the options of an item, least risky first.

    Examples
    --------
    >>> from dvrisk.catalog import load_instrument
    >>> option_points(load_instrument("integrated").by_id["jealousy"], 3)
    (0, 2, 3)
    """
    worth: tuple[str, ...] = item.worth or ("none", *["half"] * (len(item.options) - 2), "full")
    share = {"none": 0, "half": -(-weight // 2), "full": weight, "plus": weight + 1}
    return tuple(share[each] if weight else 0 for each in worth)


def _basis(estimate: Estimate) -> str:
    if estimate.includes_no_effect:
        return "D"
    return {"risk factors": "A", "pooled": "M", "demographics": "B", "nothing": "B"}[estimate.adjusted_for]


def weight_of(log_odds_ratio: float, basis: str, shrinkage: float = SHRINKAGE) -> int:
    """Turn a log odds ratio into a weight: shrunk if the basis is B, half a unit a point, from 1 to 5.

    Examples
    --------
    >>> weight_of(log(7.48), "B")
    2
    """
    factor = shrinkage if basis == "B" else 1.0
    rounded = floor(factor * log_odds_ratio / _LOG_ODDS_PER_POINT + 0.5)
    return min(max(rounded, LEAST), MOST)


def _log_odds_ratio(correlation: float) -> float:
    return 2 * correlation / sqrt(1 - correlation**2) * pi / sqrt(3)
