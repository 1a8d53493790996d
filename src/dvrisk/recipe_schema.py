"""What a recipe of invented cases is: the models that every recipe file must fit.

Every rate stands in a recipe with its source, or marked as assumed. Shares are whole numbers in 10,000, so that nothing
about them depends on a machine.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from dvrisk.catalog import item_bank
from dvrisk.schema import Id, Strict, Text, canonical

SEVERITIES = ("low", "moderate", "high")
"""The latent severities: what the generator starts from, which is not what any instrument finds."""
WHOLE = 10_000
HORIZON = 365
"""Days after the report in which outcomes are counted."""

PerTenThousand = Annotated[int, Field(ge=0, le=WHOLE)]
PerMillion = Annotated[int, Field(ge=0, le=1_000_000)]
Days = Annotated[tuple[int, int], Field(description="from and to, both included, before the report")]


class Among(Strict):
    """Ask whether the answer to another item is one of these options."""

    item: Id
    among: Annotated[tuple[Id, ...], Field(min_length=1)]


class Shares(Strict):
    """One share in 10,000 for each latent severity."""

    low: PerTenThousand
    moderate: PerTenThousand
    high: PerTenThousand

    def of(self, severity: str) -> int:
        """Return the share of one severity."""
        return int(getattr(self, severity))


class InAMillion(Strict):
    """One share in a million for each latent severity."""

    low: PerMillion
    moderate: PerMillion
    high: PerMillion

    def of(self, severity: str) -> int:
        """Return the share of one severity."""
        return int(getattr(self, severity))


class OptionShares(Strict):
    """For each latent severity, the shares in 10,000 of the options; the rest falls to the usual option."""

    low: dict[Id, PerTenThousand]
    moderate: dict[Id, PerTenThousand]
    high: dict[Id, PerTenThousand]

    def of(self, severity: str) -> dict[str, int]:
        """Return the shares of one severity."""
        return dict(getattr(self, severity))


class Given(Strict):
    """How a fact hangs on another one: the share that has it among the cases where the other answer is one of these.

    Without a share, the fact is found only there.
    """

    item: Id
    among: Annotated[tuple[Id, ...], Field(min_length=1)]
    per_10000: Shares | None = None


class Becomes(Strict):
    """An option that turns into another one where another answer is one of these."""

    option: Id
    to: Id
    when: Among


class Fact(Strict):
    """How often a fact is there, and what it hangs on."""

    item: Id
    per_10000: OptionShares
    usual: Id | None = Field(default=None, description="the option of all other cases; the least risky one by default")
    together: bool = Field(default=True, description="whether the fact comes together with others (`together`)")
    given: Given | None = None
    becomes: Becomes | None = None
    days_ago: dict[Id, Days] = Field(default={})
    origin: Text = Field(alias="from")


class Together(Strict):
    """Tetrachoric correlation, in 10,000, between any two facts of cases of one severity; more within one area."""

    any_two: PerTenThousand
    more_in_one_area: PerTenThousand
    origin: Text = Field(alias="from")


class Gap(Strict):
    """One way in which answers go missing, or are recorded otherwise than they are.

    `by_chance` depends on nothing (MCAR), `by_circumstance` on a recorded answer to another item (MAR), `by_answer` on
    the true answer itself (MNAR): by default on any but the usual option.
    """

    id: Id
    mechanism: Literal["by_chance", "by_circumstance", "by_answer"]
    items: tuple[Id, ...] = ()
    areas: tuple[Id, ...] = ()
    but: tuple[Id, ...] = ()
    when: Among | None = None
    options: tuple[Id, ...] = ()
    per_10000: PerTenThousand
    reads: Literal["not_asked", "unknown", "declined", "undated", "least"]
    origin: Text = Field(alias="from")


class Months(Strict):
    """When reports are made."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    per_10000: Annotated[tuple[PerTenThousand, ...], Field(min_length=12, max_length=12)]
    origin: Text = Field(alias="from")


class Number(Strict):
    """How many there are, where there are any: shares in 10,000 of one, two, three and so on."""

    item: Id
    id: Id
    per_10000: Annotated[tuple[PerTenThousand, ...], Field(min_length=1)]
    origin: Text = Field(alias="from")


class Detail(Strict):
    """Something known about an outcome once it has happened, drawn on its own."""

    id: Id
    per_10000: PerTenThousand
    origin: Text = Field(alias="from")


class ByDay(Strict):
    """Share in 10,000 of those outcomes that have happened by this day."""

    day: Annotated[int, Field(ge=1, le=HORIZON)]
    per_10000: PerTenThousand


class Outcome(Strict):
    """What happens within a year of the report. Each outcome is one of the cases of the outcome before it."""

    id: Id
    means: Text
    per_million: InAMillion
    by_day: Annotated[tuple[ByDay, ...], Field(min_length=1)]
    details: tuple[Detail, ...] = ()
    origin: Text = Field(alias="from")


class SeverityMix(Strict):
    """Shares in 10,000 of the latent severities."""

    low: PerTenThousand
    moderate: PerTenThousand
    high: PerTenThousand
    origin: Text = Field(alias="from")


class Recipe(Strict):
    """A recipe that can be followed: all that decides what is drawn is in here and under its hash."""

    id: Id
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+$")]
    based_on: str | None = None
    about: Text
    severity: SeverityMix
    reported: Months
    together: Together
    numbers: tuple[Number, ...] = ()
    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]
    gaps: tuple[Gap, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    @cached_property
    def by_item(self) -> dict[str, Fact]:
        """The facts by their item, in file order."""
        return {fact.item: fact for fact in self.facts}

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of all that decides what is drawn: the rates, and what the item bank says of the items."""
        rates = _without_words(self.model_dump(mode="json", by_alias=True, exclude={"based_on", "about"}))
        used = ("options", "area", "look_back", "applies_if", "undated")
        bank = {name: {key: item_bank()[name].get(key) for key in used} for name in self.by_item}
        return hashlib.sha256(canonical([rates, bank]).encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipe) and other.sha256 == self.sha256

    def __str__(self) -> str:
        return f"{self.id} {self.version}"


def _without_words(value: Any) -> Any:
    """Leave out what only explains: where rates come from, and what outcomes mean."""
    if isinstance(value, dict):
        return {key: _without_words(part) for key, part in value.items() if key not in ("from", "means")}
    return [_without_words(part) for part in value] if isinstance(value, list) else value


def share_among(fact: Fact, among: tuple[str, ...], severity: str) -> int:
    """Return the share in 10,000 of the cases of a severity in which the answer is one of these options."""
    shares = fact.per_10000.of(severity)
    usual = fact.usual or item_bank()[fact.item]["options"][0]
    rest = WHOLE - sum(shares.values()) if usual in among else 0
    return rest + sum(share for code, share in shares.items() if code in among)


def covers(gap: Gap, item: str) -> bool:
    """Whether a gap may fall on an item."""
    named = item in gap.items or item_bank().get(item, {}).get("area") in gap.areas
    return named and item not in gap.but
