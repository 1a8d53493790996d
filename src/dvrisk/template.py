"""An answer sheet to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from dvrisk.schema import OPEN_STATES, Instrument, Item
from dvrisk.words import Words

_WIDTH = 110


def answer_template(instrument: Instrument, words: Words) -> str:
    """Write an answer sheet in TOML: each item with its question and its answers, all of them `not_asked`."""
    return "\n".join(_lines(instrument, words))


def _lines(instrument: Instrument, words: Words) -> Iterator[str]:
    yield from _comment(words.say("template", "title", instrument=instrument, title=words.instrument["title"]))
    yield "#"
    if words.awaits_review:
        yield from _comment(words.phrases["awaiting_review"])
    states = "; ".join(f"{state} = {words.phrases['states'][state]}" for state in OPEN_STATES)
    for text in words.phrases["template"]["about"]:
        yield from _comment(text.format(states=states))
    area = ""
    for item in instrument.items:
        if item.area != area:
            area = item.area
            yield f"\n# ---- {_area(area, words)}"
        yield ""
        yield from _item(item, instrument, words)
    yield ""


def _area(area: str, words: Words) -> str:
    return str(words.areas.get(area, area))


def _item(item: Item, instrument: Instrument, words: Words) -> Iterator[str]:
    worded = words.items[item.id]
    for text in (worded["question"], *words.what_counts(item.id, instrument)):
        yield from _comment(text)
    yield from _comment("; ".join(_option(code, worded["options"][code]) for code in item.codes) + ".")
    yield f'{item.id} = "not_asked"'


def _option(code: str, label: str) -> str:
    return code if code == label else f"{code} = {label}"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, _WIDTH)]
