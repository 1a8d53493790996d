"""Read facts back from texts by patterns that share no sentence with the bank from which the texts are made.

The patterns (`tests/reference/reader.<language>.toml`) were first written from the definitions of the items alone, and then
mended on the sentences; docs/tellings.md has the figures of both.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

REFERENCE = Path(__file__).parents[1] / "reference"


def read_back(text: str, lang: str) -> dict[str, str]:
    """Find the facts that a text tells: item to option or open state, a sentence at a time."""
    found = (read_sentence(sentence, lang) for sentence in split(text))
    return dict(fact for fact in found if fact)


def split(text: str) -> list[str]:
    """Split a text into sentences: after a full stop, a question mark or a closing quotation, before a capital letter."""
    return re.split(r"(?<=[.!?”])\s+(?=[“A-ZÁÇËŠŽČĆĐ])", text)


@cache
def read_sentence(sentence: str, lang: str) -> tuple[str, str] | None:
    """Find the one fact that a sentence tells, if any."""
    patterns, low = _patterns(lang), sentence.lower()
    for state in ("declined", "unknown"):
        if any(re.search(pattern, low) for pattern in patterns["open"][state]):
            for item, topics in patterns["topics"].items():
                if any(re.search(pattern, low) for pattern in topics):
                    return item, state
    for rule in patterns["rules"]:
        wanted, not_wanted = rule["all"], rule.get("none", [])
        if all(re.search(p, low) for p in wanted) and not any(re.search(p, low) for p in not_wanted):
            return rule["item"], rule["answer"]
    return None


@cache
def _patterns(lang: str) -> dict:
    table = tomllib.loads((REFERENCE / f"reader.{lang}.toml").read_text(encoding="utf-8"))
    return _filled(table, table.get("words", {}))


def _filled(value, words):
    """Put stems in place of their names in {braces}."""
    if isinstance(value, str):
        return re.sub(r"\{([a-z_]+)\}", lambda name: f"(?:{words[name[1]]})", value)
    if isinstance(value, dict):
        return {key: _filled(inner, words) for key, inner in value.items()}
    return [_filled(inner, words) for inner in value]
