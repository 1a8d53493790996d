"""What an instrument is, for whom, on what it rests and what it can't do: its card, and its table of items."""

from __future__ import annotations

from collections.abc import Iterator

from dvrisk.schema import UNDETERMINED, AllOf, AnyOf, AtLeast, Condition, Exactly, Instrument, Item, Rule
from dvrisk.soundness import attainable
from dvrisk.weights import SHRINKAGE, Derivation, derive, load_evidence, option_points
from dvrisk.words import Words

BESIDE = (0.7, 1.0)
"""Shrinkages whose weights are shown beside the shipped one."""


def card(instrument: Instrument, words: Words) -> str:
    """Write the card of an instrument in Markdown."""
    return "\n".join(_card(instrument, words))


def item_table(instrument: Instrument, words: Words) -> str:
    """Write the items with their points, the basis of each weight, and the rules, in Markdown."""
    return "\n".join([*_items(instrument, words), "", *_overlaps(instrument, words), "", *_rules(instrument, words)])


def weight_table(instrument: Instrument) -> str:
    """Write how the weight of each scored item follows from the evidence, in Markdown."""
    lines = ["| item | basis | estimate | weight | at 0.7 | at 1.0 |", "|---|---|---|---|---|---|"]
    evidence = load_evidence()
    for item in instrument.items:
        if item.is_scored:
            derived = [derive(item.weight, evidence, shrinkage) for shrinkage in (SHRINKAGE, *BESIDE)]
            weights = " | ".join(str(each.weight) for each in derived)
            lines.append(f"| `{item.id}` | {derived[0].basis} | {_estimate(derived[0], item)} | {weights} |")
    return "\n".join(lines)


def _estimate(derivation: Derivation, item: Item) -> str:
    estimate = derivation.estimate
    if estimate is None:
        return item.weight.ref or item.weight.why or ""
    interval = f" ({estimate.low:g} to {estimate.high:g})" if estimate.low is not None else ""
    short = {"pooled": "pooled", "nothing": "unadjusted"}
    adjusted = short.get(estimate.adjusted_for, f"adjusted for {estimate.adjusted_for}")
    return f"{estimate.study}: {estimate.measure} {estimate.value:g}{interval}, {adjusted}"


def condition_in_words(condition: Condition, words: Words) -> str:
    """Say a condition in words, items and options by their codes.

    Examples
    --------
    >>> from dvrisk.catalog import load_instrument
    >>> from dvrisk.words import load_words
    >>> first_look = load_instrument("first-look")
    >>> rule = next(rule for rule in first_look.rules if rule.id == "forced_sex")
    >>> condition_in_words(rule.when, load_words(first_look))
    'forced_sex at least yes'
    """
    if isinstance(condition, AtLeast):
        return words.say("table", "at_least", item=condition.item, option=condition.at_least)
    if isinstance(condition, Exactly):
        return words.say("table", "is", item=condition.item, option=condition.option)
    if isinstance(condition, AllOf):
        return words.say("table", "and").join(_inner(part, words) for part in condition.all)
    if isinstance(condition, AnyOf):
        return words.say("table", "or").join(_inner(part, words) for part in condition.any)
    parts = ", ".join(_inner(part, words) for part in condition.of)
    return words.say("table", "count", count=condition.count, parts=parts)


def _inner(condition: Condition, words: Words) -> str:
    said = condition_in_words(condition, words)
    return said if isinstance(condition, AtLeast | Exactly) else f"({said})"


def _card(instrument: Instrument, words: Words) -> Iterator[str]:
    worded, heading = words.instrument["card"], words.phrases["card"]
    yield f"# {words.instrument['title']} (`{instrument.id}` {instrument.version})"
    yield ""
    yield words.instrument["summary"]
    yield ""
    yield f"**{heading['status']}: {heading['statuses'][instrument.status]}.** {words.notice(instrument)}"
    if words.awaits_review:
        yield f"**{words.phrases['awaiting_review']}**"
    if instrument.published and instrument.published.training:
        yield words.say("card", "training", training=words.instrument["training"])
    yield ""
    for key in ("target", "intended_use", "population", "who_may_use"):
        yield f"- **{heading[key]}.** {worded[key]}"
    yield ""
    yield f"## {heading['limits']}"
    yield ""
    yield from (f"- {limit}" for limit in worded["limits"])
    yield ""
    yield from _levels(instrument, words)
    yield ""
    yield from _rights(instrument, words)


def _levels(instrument: Instrument, words: Words) -> Iterator[str]:
    low, high = attainable(instrument)
    heading = words.phrases["card"]
    yield f"## {heading['levels']}"
    yield ""
    yield words.say("card", "scores", low=low, high=high)
    yield ""
    yield _row(heading["level"], heading["score"], heading["review"], heading["says"])
    yield "|---|---|---|---|"
    ranges = {band.id: words.say("card", "score_range", first=band.first, last=band.last) for band in instrument.bands}
    by_rule = dict.fromkeys((level.id for level in instrument.rule_levels), heading["by_rule"])
    for level in (*instrument.levels, UNDETERMINED):
        within = instrument.review_within_days.get(level)
        days = words.say("card", "days", days=within) if within else ""
        name = words.level(level)
        named = name if name == level else f"{name} (`{level}`)"
        yield _row(named, {**ranges, **by_rule}.get(level, ""), days, words.instrument["levels"][level])


def _rights(instrument: Instrument, words: Words) -> Iterator[str]:
    rights = instrument.rights
    yield f"## {words.phrases['card']['rights']}"
    yield ""
    licence = words.say("card", "licence", licence=rights.licence, holder=rights.holder)
    yield f"- {licence} {rights.note or ''}".rstrip()
    for source in instrument.sources:
        yield f"- {source.id}: {source.citation}" + (f" <{source.url}>" if source.url else "")
    yield "- " + words.say("card", "scoring_hash", sha256=f"`{instrument.sha256}`")
    yield "- " + words.say("card", "wording_hash", language=words.language, sha256=f"`{words.sha256}`")


def _items(instrument: Instrument, words: Words) -> Iterator[str]:
    heading = words.phrases["table"]
    yield f"# {instrument}: {words.instrument['title']}"
    yield ""
    if words.awaits_review:
        yield words.phrases["awaiting_review"]
        yield ""
    if instrument.published is not None:
        yield from _published_items(instrument, words)
        return
    yield words.say("table", "about", first=BESIDE[0], second=BESIDE[1], shipped=SHRINKAGE)
    yield ""
    named = [heading[key] for key in ("item", "options", "times", "basis", "evidence", "weight")]
    yield _row(*named, *(words.say("table", "weight_at", shrinkage=shrinkage) for shrinkage in BESIDE))
    yield "|---|---|---|---|---|---|---|---|"
    evidence = load_evidence()
    for item in instrument.items:
        options = ", ".join(f"{option.code} {option.points}" for option in item.options)
        derived = [derive(item.weight, evidence, shrinkage) for shrinkage in (SHRINKAGE, *BESIDE)]
        by_rule = option_points(item, derived[0].weight) == tuple(option.points for option in item.options)
        basis = derived[0].basis if by_rule else heading["not_by_rule"]
        weights = (str(each.weight) for each in derived)
        yield _row(
            f"`{item.id}`{_marks(item, words)}", options, item.look_back, basis, ", ".join(item.evidence), *weights
        )


def _published_items(instrument: Instrument, words: Words) -> Iterator[str]:
    """Write the items of a published rule: its points are its own, so no weight of ours stands beside them."""
    heading = words.phrases["table"]
    yield words.notice(instrument)
    yield ""
    yield _row(*(heading[key] for key in ("item", "options", "times")))
    yield "|---|---|---|"
    for item in instrument.items:
        options = ", ".join(f"{option.code} {option.points}" for option in item.options)
        yield _row(f"`{item.id}`{_marks(item, words)}", options, item.look_back)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _marks(item: Item, words: Words) -> str:
    heading = words.phrases["table"]
    marks = [heading[name] for name in ("one_way", "private") if getattr(item, name)]
    return f" ({', '.join(marks)})" if marks else ""


def _overlaps(instrument: Instrument, words: Words) -> Iterator[str]:
    for group in instrument.groups:
        items = ", ".join(group.items)
        yield "- " + words.say("table", "overlap", group=f"`{group.id}`", items=items, bonus=group.bonus)
    for cap in instrument.caps:
        yield "- " + words.say("table", "cap", cap=f"`{cap.id}`", most=cap.most, items=", ".join(cap.items))


def _rules(instrument: Instrument, words: Words) -> Iterator[str]:
    yield _row(*(words.phrases["table"][key] for key in ("rule", "effect", "when", "basis", "sources")))
    yield "|---|---|---|---|---|"
    for rule in instrument.rules:
        when = condition_in_words(rule.when, words)
        yield _row(f"`{rule.id}`", _effect(rule, words), when, rule.basis, ", ".join(rule.sources))


def _effect(rule: Rule, words: Words) -> str:
    if rule.floor:
        return words.say("table", "floor", level=words.level(rule.floor))
    return words.say("table", "raise", steps=words.counted(rule.raises or 0, "step"))
