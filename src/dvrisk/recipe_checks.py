"""Whether a recipe can be followed: what must hold between its fields."""

from __future__ import annotations

from collections.abc import Iterator

from dvrisk.catalog import item_bank
from dvrisk.errors import nearest
from dvrisk.recipe_schema import HORIZON, SEVERITIES, WHOLE, Fact, Gap, Recipe, covers, share_among


def breaches(recipe: Recipe) -> Iterator[str]:
    """Yield what keeps a recipe from being followed, one sentence each."""
    yield from _sums(recipe)
    seen: list[str] = []
    for fact in recipe.facts:
        yield from _fact_breaches(fact, recipe, seen)
        seen.append(fact.item)
    for gap in recipe.gaps:
        yield from _gap_breaches(gap, recipe)
    yield from _gap_sums(recipe)
    yield from _outcome_breaches(recipe)


def _sums(recipe: Recipe) -> Iterator[str]:
    mix, months, both = recipe.severity, sum(recipe.reported.per_10000), recipe.together
    if mix.low + mix.moderate + mix.high != WHOLE:
        yield f"severity: the shares add up to {mix.low + mix.moderate + mix.high}, expected 10000. Correct one."
    if months != WHOLE:
        yield f"reported.per_10000: the twelve shares add up to {months}, expected 10000. Correct one."
    if both.any_two + both.more_in_one_area >= WHOLE:
        total = both.any_two + both.more_in_one_area
        yield (
            f"together: an impossible correlation; facts of one area would have {total} in 10000, "
            "expected less than 10000. Lower one of the two."
        )
    for number in recipe.numbers:
        if number.item not in recipe.by_item:
            yield f"numbers.{number.id}: {number.item} is not among the facts. Name one."
        if sum(number.per_10000) != WHOLE:
            yield f"numbers.{number.id}: the shares add up to {sum(number.per_10000)}, expected 10000. Correct one."


def _fact_breaches(fact: Fact, recipe: Recipe, seen: list[str]) -> Iterator[str]:
    where, described = f"facts.{fact.item}", item_bank().get(fact.item)
    if described is None:
        near = nearest(fact.item, item_bank())
        yield f"{where}: not in the item bank{f' (did you mean {near}?)' if near else ''}. Name an item of the bank."
        return
    if fact.item in seen:
        yield f"{where}: stands twice. Keep one."
    codes = described["options"]
    named = {code for severity in SEVERITIES for code in fact.per_10000.of(severity)} | set(fact.days_ago)
    named |= {fact.usual or codes[0]} | ({fact.becomes.option, fact.becomes.to} if fact.becomes else set())
    if not named <= set(codes):
        yield f"{where}: {', '.join(sorted(named - set(codes)))} is not an option, expected {', '.join(codes)}."
    for severity in SEVERITIES:
        total = sum(fact.per_10000.of(severity).values())
        if total > WHOLE or (fact.usual or codes[0]) in fact.per_10000.of(severity):
            yield (
                f"{where}.per_10000.{severity}: the shares add up to {total}, expected at most 10000, "
                f"without the usual option {fact.usual or codes[0]}, which has the rest."
            )
    if described.get("area") == "needs":
        yield from _cue(fact, where)
    conditions = [(fact.given.item, fact.given.among)] if fact.given else []
    conditions += [(fact.becomes.when.item, fact.becomes.when.among)] if fact.becomes else []
    for item, among in conditions:
        yield from _condition_breaches(item, among, where, seen)
    if fact.given and item_bank().get(fact.given.item, {}).get("applies_if"):
        yield f"{where}.given: {fact.given.item} is not asked in every case. Let the fact hang on one that is."
    elif fact.given and fact.given.item in seen:
        yield from _impossible(fact, recipe.by_item[fact.given.item], where)


def _cue(fact: Fact, where: str) -> Iterator[str]:
    shares = fact.per_10000
    if not shares.low == shares.moderate == shares.high or fact.together or fact.given:
        yield f"{where}: a need may never hint at the severity. Give one share for all, `together = false`, no `given`."


def _condition_breaches(item: str, among: tuple[str, ...], where: str, seen: list[str]) -> Iterator[str]:
    if item not in seen:
        yield f"{where}: hangs on {item}, which does not stand before it. Put it there."
    elif not set(among) <= set(item_bank().get(item, {}).get("options", ())):
        yield f"{where}: hangs on an answer that {item} does not have. Name its options."


def _impossible(fact: Fact, other: Fact, where: str) -> Iterator[str]:
    """Whether the shares of both facts leave room for the link between them."""
    given = fact.given
    assert given is not None  # only called for facts that hang on another one
    for severity in SEVERITIES:
        has, base = sum(fact.per_10000.of(severity).values()), share_among(other, given.among, severity)
        if max(has, base) > WHOLE:
            continue  # that is said where the shares stand
        shares = f"{fact.item} is there in {has} of 10000 cases, and what it hangs on ({other.item}) in {base}"
        what = f"{where}.given: an impossible correlation for severity {severity}; {shares}"
        todo = "Change one of them; a fact that does not stand in the file is inherited from its base."
        if given.per_10000 is None:
            if has > base:
                yield f"{what}, which is too few, since it is found only there. {todo}"
        elif base:
            got, most = given.per_10000.of(severity), min(WHOLE, has * WHOLE // base)
            least = max(0, -((WHOLE - base - has) * WHOLE // base))  # the other cases have room for no more than all
            if not least <= got <= most:
                yield f"{what}; of these, {least} to {most} in 10000 can have it, got {got}. {todo}"


def _gap_breaches(gap: Gap, recipe: Recipe) -> Iterator[str]:
    where = f"gaps.{gap.id}"
    named = (*gap.items, *gap.but, *([gap.when.item] if gap.when else []))
    unknown = [item for item in named if item not in recipe.by_item]
    areas = sorted({entry["area"] for entry in item_bank().values()})
    if unknown:
        yield f"{where}: {', '.join(unknown)} is not among the facts. Name items that are."
    if not set(gap.areas) <= set(areas):
        yield f"{where}.areas: not an area, expected some of {', '.join(areas)}."
    if (gap.when is not None) != (gap.mechanism == "by_circumstance"):
        yield f"{where}: `when` says by which circumstance, and only there. Add or remove it."
    if gap.options and gap.mechanism != "by_answer":
        yield f"{where}: `options` says by which answers, and only there. Remove it."
    if not unknown:
        yield from _covered_breaches(gap, recipe, where)


def _covered_breaches(gap: Gap, recipe: Recipe, where: str) -> Iterator[str]:
    """Yield what is wrong between a gap and the items it may fall on."""
    order = list(recipe.by_item)
    if gap.when:
        yield from _condition_breaches(gap.when.item, gap.when.among, where, order)
        late = [item for item in order[: order.index(gap.when.item) + 1] if covers(gap, item)]
        if late:
            what = f"{', '.join(late)} stands before {gap.when.item}, on which it would hang"
            yield f"{where}: {what}. Move it or leave it out."
    for item in (item for item in order if covers(gap, item)):
        if not set(gap.options) <= set(item_bank()[item]["options"]):
            yield f"{where}: {item} does not have all of {', '.join(gap.options)}. Name options that it has."
        if gap.reads == "undated" and not item_bank()[item].get("undated"):
            yield f"{where}: {item} has no option for a date that is not known. Leave it out."


def _gap_sums(recipe: Recipe) -> Iterator[str]:
    for item in recipe.by_item:
        for chance in (True, False):
            of_this = [gap for gap in recipe.gaps if (gap.mechanism == "by_chance") is chance]
            total = sum(gap.per_10000 for gap in of_this if covers(gap, item))
            if total > WHOLE:
                yield f"gaps: those of {item} add up to {total} in 10000. Lower one."


def _outcome_breaches(recipe: Recipe) -> Iterator[str]:
    above = dict.fromkeys(SEVERITIES, 1_000_000)
    for outcome in recipe.outcomes:
        where = f"outcomes.{outcome.id}"
        here = {severity: outcome.per_million.of(severity) for severity in SEVERITIES}
        if any(here[severity] > above[severity] for severity in SEVERITIES):
            yield f"{where}.per_million: more than the outcome before it, of whose cases it is a part. Lower it."
        days = [0, *(point.day for point in outcome.by_day)]
        shares = [0, *(point.per_10000 for point in outcome.by_day)]
        if days != sorted(set(days)) or shares != sorted(shares) or (days[-1], shares[-1]) != (HORIZON, WHOLE):
            yield f"{where}.by_day: expected rising days and shares up to day {HORIZON} with 10000. Correct it."
        above = here
