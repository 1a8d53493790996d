"""What a definition is: the models that every instrument file must fit. `docs/format.md` shows them by example.

The models are strict (a number in quotes is an error), frozen, and refuse unknown keys. They check the form of each
field; what must hold between fields is checked by `dvrisk.soundness`.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PrivateAttr, StringConstraints, Tag

OPEN_STATES = ("not_asked", "unknown", "declined")
"""The three ways in which an item can be open. None of them is a no."""

NOT_APPLICABLE = "not_applicable"
UNDETERMINED = "undetermined"

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1)]
LookBack = Annotated[str, StringConstraints(pattern=r"^(now|ever|unstated|[1-9][0-9]* (days|weeks|months?))$")]
Share = Annotated[int, Field(ge=0, le=100)]


class Strict(BaseModel):
    """The behaviour that every model of a data file shares, which is why they inherit it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


# ---------------------------------------------------------------------------------------------- conditions


class AtLeast(Strict):
    """Ask whether an item's answer is this option or a riskier one."""

    item: Id
    at_least: Id


class Exactly(Strict):
    """Ask whether an item's answer is just this option. For warnings only: a rule of it could fall when risk rises."""

    item: Id
    option: Id = Field(alias="is")


class AllOf(Strict):
    """Ask whether every part holds."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]


class AnyOf(Strict):
    """Ask whether at least one part holds."""

    any: Annotated[tuple[Condition, ...], Field(min_length=1)]


class CountOf(Strict):
    """Ask whether at least `count` of the parts hold."""

    count: Annotated[int, Field(ge=1)]
    of: Annotated[tuple[Condition, ...], Field(min_length=1)]


_FORMS = ("is", "all", "any", "of", "item")


def _form(value: Any) -> str | None:
    if isinstance(value, BaseModel):  # the same question is asked when a model is written out
        keys = [field.alias or name for name, field in type(value).model_fields.items()]
    else:
        keys = list(value) if isinstance(value, dict) else []
    return next((form for form in _FORMS if form in keys), None)


Condition = Annotated[
    Annotated[AtLeast, Tag("item")]
    | Annotated[Exactly, Tag("is")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[CountOf, Tag("of")],
    Discriminator(
        _form,
        custom_error_type="condition",
        custom_error_message=(
            "expected one of { item, at_least }, { all = [...] }, { any = [...] }, { count, of = [...] }"
        ),
    ),
]

# --------------------------------------------------------------------------------------------------- items


class SharePercent(Strict):
    """Share of cases of each severity that have the fact, in percent, and where the figures come from."""

    low: Share
    moderate: Share
    high: Share
    origin: Text = Field(alias="from")


class Weight(Strict):
    """What the points of an item rest on; `dvrisk.weights` turns it into a number."""

    origin: Literal["estimate", "significant", "described", "assumed", "none"] = Field(alias="from")
    ref: str | None = None
    points: Annotated[int, Field(ge=0)] | None = None
    why: Text | None = None


class _Fact(Strict):
    """The fields that describe a fact, whether it stands in the bank or in one instrument only."""

    id: Id
    area: Id
    look_back: LookBack
    nature: Literal["static", "dynamic"]
    undated: Id | None = None
    one_way: bool = False
    private: bool = False
    applies_if: AtLeast | None = None
    wider_than: tuple[Id, ...] = ()
    who_knows: tuple[Id, ...]
    burden: Literal[1, 2, 3]
    share_percent: SharePercent | None = None
    evidence: tuple[str, ...] = ()
    weight: Weight
    worth: tuple[Literal["none", "half", "full", "plus"], ...] | None = None


class BankItem(_Fact):
    """A fact in the item bank: described once, asked under one id by every instrument that needs it."""

    options: Annotated[tuple[Id, ...], Field(min_length=2)]


class Option(Strict):
    """An allowed answer and its points."""

    code: Id
    points: int


class FactRef(Strict):
    """A shared fact: from which of its options on it says yes, and up to which it says no; between, it leaves open."""

    item: Id
    yes_from: Id
    no_to: Id


class RestsOn(Strict):
    """How an item of a published instrument stands to shared facts; any of them makes it a yes.

    Only `same` feeds it. With any other match it is asked in its own words.
    """

    match: Literal["same", "wider", "narrower", "other window", "none"]
    facts: tuple[FactRef, ...] = ()
    why: Text


class Item(_Fact):
    """A fact as one instrument asks it: its options run from least to most risky, each with points."""

    options: Annotated[tuple[Option, ...], Field(min_length=2)]
    source: Id | None = None
    rests_on: RestsOn | None = None

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The option codes, least risky first."""
        return tuple(option.code for option in self.options)

    @property
    def is_scored(self) -> bool:
        """Whether any option carries points."""
        return any(option.points for option in self.options)


# ---------------------------------------------------------------------------------------------- instrument


class Group(Strict):
    """Items that overlap: the largest points count once, plus the bonus when two or more have points."""

    id: Id
    items: Annotated[tuple[Id, ...], Field(min_length=2)]
    bonus: Annotated[int, Field(ge=0)]


class Cap(Strict):
    """Items that together count at most this many points, after the groups among them."""

    id: Id
    items: Annotated[tuple[Id, ...], Field(min_length=2)]
    most: Annotated[int, Field(ge=1)]


class Rule(Strict):
    """A reason to lift the level: to at least `floor`, or up by `raise` levels."""

    id: Id
    when: Condition
    floor: Id | None = None
    raises: Annotated[int, Field(ge=1)] | None = Field(default=None, alias="raise")
    basis: Literal["effect size", "consensus", "law", "published rule"]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]


class WarningRule(Strict):
    """Something the worker should see; it changes no level."""

    id: Id
    when: Condition


class Band(Strict):
    """A level and the scores that give it, both ends included."""

    id: Id
    first: int = Field(alias="from")
    last: int = Field(alias="to")


class RuleLevel(Strict):
    """A level above the bands that no score gives: only a rule reaches it."""

    id: Id


class Need(Strict):
    """An answer without which the lowest level is not given, and the warning when it is answered otherwise."""

    item: Id
    option: Id
    warning: Id


class LowestLevel(Strict):
    """What earns the lowest level, and the level to work at until it is earned."""

    needs: tuple[Need, ...] = ()
    work_as: Id


class Critical(Strict):
    """A claim that the linter checks: each of these items alone, at its riskiest option, reaches this level."""

    items: Annotated[tuple[Id, ...], Field(min_length=1)]
    reach: Id


class MissingRule(Strict):
    """What a published instrument itself does with missing answers; shown beside the bounds, never instead of them.

    `as no` counts them as not answered yes; `prorate` scales the score up to what all items could give, if at most
    `most` of the scored items are open. Where all of `unless_all_open` are open, the result is `then` and no level.
    """

    kind: Literal["as no", "prorate"]
    most: Annotated[int, Field(ge=0)] | None = None
    unless_all_open: tuple[Id, ...] = ()
    then: Id | None = None
    basis: Literal["published", "assumed"]
    source: Id


class Published(Strict):
    """An instrument that others made: its name, and what a user has to have in order to use it."""

    name: Text
    edition: Text
    training: Text | None = None


class Rights(Strict):
    """Who owns the definition and what may be done with it."""

    licence: Text
    holder: Text
    status: Literal["own", "permitted", "rule only"]
    note: Text | None = None


class Source(Strict):
    """A text that a number or rule of this instrument rests on."""

    id: Id
    citation: Text
    url: Text | None = None


class WeightRule(Strict):
    """The rule by which the points follow from the evidence table, and its one parameter."""

    rule: Literal["log odds"]
    shrinkage_percent: Annotated[int, Field(ge=0, le=100)]


class Instrument(Strict):
    """A sound definition, whole: everything that decides a result is in here and under its hash."""

    id: Id
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+$")]
    status: Literal["draft", "unvalidated", "verified"]
    replaces: str | None = None
    target: Id
    rights: Rights
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    weights: WeightRule | None = None
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    groups: tuple[Group, ...] = ()
    caps: tuple[Cap, ...] = ()
    rules: tuple[Rule, ...] = ()
    warnings: tuple[WarningRule, ...] = ()
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    rule_levels: tuple[RuleLevel, ...] = ()
    lowest_level: LowestLevel
    always_ask: tuple[Id, ...] = ()
    critical: Critical | None = None
    review_within_days: dict[Id, Annotated[int, Field(ge=1)]] = {}
    missing_rule: MissingRule | None = None
    published: Published | None = None

    _path: Path | None = PrivateAttr(default=None)

    @property
    def path(self) -> Path | None:
        """The file it was loaded from, beside which its texts and vectors lie."""
        return self._path

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The level ids, lowest first."""
        return (*(band.id for band in self.bands), *(level.id for level in self.rule_levels))

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """The items by their ids, in file order."""
        return {item.id: item for item in self.items}

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the canonical scoring definition: comments and wording don't count."""
        return hashlib.sha256(canonical(self.scoring_definition()).encode()).hexdigest()

    def scoring_definition(self) -> dict[str, Any]:
        """Return all that can change a result, as plain values.

        Left out: what only explains where numbers come from (citations, rights, the weights' derivation), and claims
        that are only checked.
        """
        explaining = {"sources", "rights", "weights", "replaces", "critical", "published"}
        whole = self.model_dump(mode="json", by_alias=True, exclude=explaining)
        for key in ("rule_levels", "missing_rule"):
            if not whole[key]:
                del whole[key]
        explains = ("evidence", "weight", "worth", "rests_on")
        whole["items"] = [{key: value for key, value in item.items() if key not in explains} for item in whole["items"]]
        for item in whole["items"]:
            if item["share_percent"]:
                del item["share_percent"]["from"]
        return whole

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instrument) and (other.sha256, other.path) == (self.sha256, self.path)

    def __str__(self) -> str:
        return f"{self.id} {self.version}"


def canonical(value: Any) -> str:
    """Write plain values in one way only: sorted keys, no spaces. There are no floats, so no float formats."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
