"""Tables for docs/published.md: what is shipped, what feeds it, one case on many instruments.

python docs/studies/published.py
"""

from __future__ import annotations

from collections.abc import Iterator

from dvrisk import Assessment, assess_all, list_instruments, load_instrument
from dvrisk.cases import PUBLISHED, load_cases
from dvrisk.catalog import item_bank
from dvrisk.schema import Instrument
from dvrisk.words import load_words

ORDER = ("integrated", "first-look", "lap", "lap-2", "da-5-revised", "danger-assessment", "odara", "dash-ric")


def instruments() -> list[Instrument]:
    """Return the shipped rules that others made."""
    every = [load_instrument(ref) for ref in list_instruments()]
    return [each for each in every if each.published is not None]


def fact_map() -> str:
    """Say for each item which shared facts it rests on, and how exactly, in Markdown."""
    lines = ["| instrument | item | stands to our facts | facts | why |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *(row for each in instruments() for row in _map_rows(each))])


def _map_rows(instrument: Instrument) -> Iterator[str]:
    for item in instrument.items:
        if item.id in item_bank():
            yield f"| `{instrument.id}` | `{item.id}` | same | `{item.id}` | One id, asked once. |"
        elif item.rests_on is None:
            yield f"| `{instrument.id}` | `{item.id}` | none | | Asked on the form alone. |"
        elif instrument.id != "dvsat":
            facts = ", ".join(f"`{fact.item}` from {fact.yes_from}" for fact in item.rests_on.facts)
            yield f"| `{instrument.id}` | `{item.id}` | {item.rests_on.match} | {facts} | {item.rests_on.why} |"


def coverage() -> str:
    """Count, by instrument, how many items our facts feed, in Markdown."""
    lines = ["| instrument | status | asks for a training | items | fed by our facts |", "|---|---|---|---|---|"]
    for each in instruments():
        fed = sum(
            item.id in item_bank() or (item.rests_on is not None and item.rests_on.match == "same")
            for item in each.items
        )
        training = "yes" if each.published and each.published.training else "no"
        lines.append(f"| `{each.id}` | {each.status} | {training} | {len(each.items)} | {fed} |")
    return "\n".join(lines)


def accounts() -> str:
    """Assess the published accounts on every instrument that their facts feed, in Markdown."""
    cases = load_cases(PUBLISHED).cases
    confirmed = [each.id for each in instruments()]
    results = [assess_all(case.answers, allow_draft=True, training_confirmed=confirmed) for case in cases]
    lines = [
        "| instrument | " + " | ".join(case.title.split(":")[0] for case in cases) + " |",
        "|---|" + "---|" * len(cases),
    ]
    for name in ORDER:
        cells = " | ".join(_reading(result.get(f"{name}@1.0")) for result in results)
        lines.append(f"| `{name}` | {cells} |")
    return "\n".join(lines)


def _reading(a: Assessment | None) -> str:
    if a is None:
        return "not fed"
    words = load_words(a.definition)
    fed = sum(state in a.definition.by_id[item].codes for item, state in a.states.items())
    level = (
        f"at least {words.level(a.level)}" if a.at_least and a.level in a.definition.levels else words.level(a.level)
    )
    open_ = "" if a.settled else f", {words.level(a.level_high)} possible"
    return f"{level}{open_} ({fed} of {len(a.states)} items known)"


if __name__ == "__main__":
    print(coverage(), fact_map(), accounts(), sep="\n\n")
