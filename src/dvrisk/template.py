"""An answer sheet to fill in, and the JSON Schema of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from dvrisk.schema import NOT_APPLICABLE, OPEN_STATES, Instrument, Item
from dvrisk.words import Words

_WIDTH = 110


def answer_template(instrument: Instrument, words: Words) -> str:
    """Write an answer sheet in TOML: each item with its question and its answers, all of them `not_asked`."""
    return "\n".join(_lines(instrument, words))


def answer_schema(instrument: Instrument) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the answers that an instrument takes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Answers for {instrument}",
        "type": "object",
        "additionalProperties": False,
        "properties": {item.id: _answer_schema(item) for item in instrument.items},
    }


def _answer_schema(item: Item) -> dict[str, Any]:
    states = [*OPEN_STATES, *([NOT_APPLICABLE] if item.applies_if else [])]
    forms: list[dict[str, Any]] = [{"enum": [*item.codes, *states]}, {"type": "null"}, {"type": "string", "pattern": r"^\s*$"}]
    if {"yes", "no"} <= set(item.codes):
        forms.append({"type": "boolean"})
    detailed = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"answer": {"anyOf": forms}, "source": {}, "date": {}},
    }
    return {"anyOf": [*forms, detailed]}


def _lines(instrument: Instrument, words: Words) -> Iterator[str]:
    yield f"# Answers for {instrument}: {words.instrument['title']}"
    yield "#"
    yield "# One sheet is about one possible perpetrator. Write one of the listed codes for each item, or leave what stands there."
    yield f"# Open answers, never read as a no: {', '.join(OPEN_STATES)}."
    yield "# Times count back from the day this case first became known. A fact whose date is not known is a yes."
    yield "# No names, no addresses: this sheet needs none."
    area = ""
    for item in instrument.items:
        if item.area != area:
            area = item.area
            yield f"\n# ---- {_area(area, words)}"
        yield ""
        yield from _item(item, words)
    yield ""


def _area(area: str, words: Words) -> str:
    return str(words.areas.get(area, area))


def _item(item: Item, words: Words) -> Iterator[str]:
    worded = words.items[item.id]
    yield from _comment(worded["question"])
    for key in ("includes", "excludes"):
        if key in worded:
            yield from _comment(worded[key])
    options = "; ".join(f"{code} = {worded['options'][code]}" for code in item.codes)
    yield from _comment(f"{options}.")
    yield f'{item.id} = "not_asked"'


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, _WIDTH)]
