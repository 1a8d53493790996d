"""What an instrument is, for whom, on what it rests and what it can't do: its card, and its table of items."""

from __future__ import annotations

from collections.abc import Iterator

from dvrisk.schema import AllOf, AnyOf, AtLeast, Condition, Exactly, Instrument, Item, Rule
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
    return "\n".join([*_items(instrument, words), "", *_overlaps(instrument), "", *_rules(instrument)])


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


def condition_in_words(condition: Condition) -> str:
    """Say a condition in words.

    Examples
    --------
    >>> from dvrisk.catalog import load_instrument
    >>> first_look = load_instrument("first-look")
    >>> rule = next(rule for rule in first_look.rules if rule.id == "forced_sex")
    >>> condition_in_words(rule.when)
    'forced_sex at least yes'
    """
    if isinstance(condition, AtLeast):
        return f"{condition.item} at least {condition.at_least}"
    if isinstance(condition, Exactly):
        return f"{condition.item} is {condition.option}"
    if isinstance(condition, AllOf):
        return " and ".join(_inner(part) for part in condition.all)
    if isinstance(condition, AnyOf):
        return " or ".join(_inner(part) for part in condition.any)
    return f"at least {condition.count} of: " + ", ".join(_inner(part) for part in condition.of)


def _inner(condition: Condition) -> str:
    said = condition_in_words(condition)
    return said if isinstance(condition, AtLeast | Exactly) else f"({said})"


def _card(instrument: Instrument, words: Words) -> Iterator[str]:
    worded = words.instrument["card"]
    yield f"# {words.instrument['title']} (`{instrument.id}` {instrument.version})"
    yield ""
    yield words.instrument["summary"]
    yield ""
    yield f"**Status: {instrument.status}.** {words.notice(instrument.status)}"
    yield ""
    for key, heading in (
        ("target", "The one target it is for"),
        ("intended_use", "Intended use"),
        ("population", "Population"),
        ("who_may_use", "Who may use it"),
    ):
        yield f"- **{heading}.** {worded[key]}"
    yield ""
    yield "## Limits"
    yield ""
    yield from (f"- {limit}" for limit in worded["limits"])
    yield ""
    yield from _levels(instrument, words)
    yield ""
    yield from _rights(instrument, words)


def _levels(instrument: Instrument, words: Words) -> Iterator[str]:
    low, high = attainable(instrument)
    yield "## Levels"
    yield ""
    yield f"Scores run from {low} to {high}. Rules can lift the level; they never change the score."
    yield ""
    yield "| level | score | review within | what it says |"
    yield "|---|---|---|---|"
    days, labels = instrument.review_within_days, words.instrument["levels"]
    for band in instrument.bands:
        yield f"| {band.id} | {band.first} to {band.last} | {days[band.id]} days | {labels[band.id]} |"
    yield f"| undetermined | | {days['undetermined']} days | {labels['undetermined']} |"


def _rights(instrument: Instrument, words: Words) -> Iterator[str]:
    rights = instrument.rights
    yield "## Rights, sources and identity"
    yield ""
    yield f"- Licence {rights.licence}; held by {rights.holder}. {rights.note or ''}".rstrip()
    for source in instrument.sources:
        yield f"- {source.id}: {source.citation}" + (f" <{source.url}>" if source.url else "")
    yield f"- SHA-256 of the scoring: `{instrument.sha256}`"
    yield f"- SHA-256 of the wording ({words.language}): `{words.sha256}`"


def _items(instrument: Instrument, words: Words) -> Iterator[str]:
    yield f"# {instrument}: {words.instrument['title']}"
    yield ""
    yield "Items in file order, options from least to most risky with their points. *Basis*: see docs/weights.md;"
    yield f"the two last columns give the weight at a shrinkage of {BESIDE[0]} and {BESIDE[1]} (shipped: {SHRINKAGE})."
    yield ""
    yield "| item | options and points | times | basis | evidence | weight | at 0.7 | at 1.0 |"
    yield "|---|---|---|---|---|---|---|---|"
    evidence = load_evidence()
    for item in instrument.items:
        options = ", ".join(f"{option.code} {option.points}" for option in item.options)
        derived = [derive(item.weight, evidence, shrinkage) for shrinkage in (SHRINKAGE, *BESIDE)]
        weights = " | ".join(str(each.weight) for each in derived)
        by_rule = option_points(item, derived[0].weight) == tuple(option.points for option in item.options)
        rests_on = f"{derived[0].basis if by_rule else 'not by the rule'} | {', '.join(item.evidence)}"
        yield f"| `{item.id}` {_marks(item)}| {options} | {item.look_back} | {rests_on} | {weights} |"


def _marks(item: Item) -> str:
    marks = [name for name, marked in (("one-way", item.one_way), ("private", item.private)) if marked]
    return f"({', '.join(marks)}) " if marks else ""


def _overlaps(instrument: Instrument) -> Iterator[str]:
    for group in instrument.groups:
        members = ", ".join(group.items)
        yield f"- Overlap `{group.id}`: the largest of {members}, plus {group.bonus} if two or more have points."
    for cap in instrument.caps:
        yield f"- Cap `{cap.id}`: at most {cap.most} from {', '.join(cap.items)}."


def _rules(instrument: Instrument) -> Iterator[str]:
    yield "| rule | effect | when | basis | sources |"
    yield "|---|---|---|---|---|"
    for rule in instrument.rules:
        when = condition_in_words(rule.when)
        yield f"| `{rule.id}` | {_effect(rule)} | {when} | {rule.basis} | {', '.join(rule.sources)} |"


def _effect(rule: Rule) -> str:
    return f"at least {rule.floor}" if rule.floor else f"up by {rule.raises}"
