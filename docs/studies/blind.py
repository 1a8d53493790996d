"""Count how many facts of the keys were found again in the texts alone.

python docs/studies/blind.py

One independent reading of the twelve English texts, with the items' definitions and without the keys (blind.json). It
shows whether the texts can be coded; it says nothing about how people agree.
"""

from __future__ import annotations

import json
from pathlib import Path

from dvrisk import assess, load_instrument
from dvrisk.vignettes import list_vignettes, load_vignette

STORED = Path(__file__).with_suffix(".json")


def table() -> str:
    """Return the table in Markdown."""
    read = json.loads(STORED.read_text(encoding="utf-8"))
    lines = [
        "| case | facts in the key | found as in the key | otherwise | found beyond the key | first-look by the key "
        "| by the reading |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_row(name, read[name]["answers"]) for name in list_vignettes())])


def _row(name: str, found: dict[str, str]) -> str:
    key = {item: answer for item, answer in load_vignette(name).answers.items() if answer != "not_asked"}
    same = sum(found.get(item) == answer for item, answer in key.items())
    beyond = [item for item, answer in found.items() if item not in key and answer != "not_asked"]
    levels = (_level(answers) for answers in (key, found))
    return f"| {name} | {len(key)} | {same} | {len(key) - same} | {', '.join(beyond) or '-'} | {' | '.join(levels)} |"


def _level(answers: dict[str, str]) -> str:
    asked = load_instrument("first-look").by_id
    a = assess({item: answer for item, answer in answers.items() if item in asked}, "first-look")
    return f"at least {a.level}" if a.at_least and a.level != "undetermined" else a.level


if __name__ == "__main__":
    print(table())
