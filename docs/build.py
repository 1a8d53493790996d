"""Rebuild the pages that are made from data: `poe docs`. With --check, say which are stale and change nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS / "studies"))

import accuracy_coverage
import apart
import areas
import asking
import blind
import detection
import interval_coverage
import invented
import law
import museum
import published
import published_accuracy
import tellings
import unknowns

from dvrisk import list_instruments, load_instrument
from dvrisk.card import card, item_table, weight_table
from dvrisk.json_schema import answer_schema, assessment_schema, definition_schema, recipe_schema
from dvrisk.words import load_words


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each page with the text that it should have."""
    yield DOCS / "schema/assessment.json", _json(assessment_schema())
    yield DOCS / "schema/definition.json", _json(definition_schema())
    yield DOCS / "schema/recipe.json", _json(recipe_schema())
    for ref in list_instruments():
        instrument = load_instrument(ref)
        words = load_words(instrument)
        yield DOCS / f"schema/answers-{instrument.id}.json", _json(answer_schema(instrument))
        yield (
            DOCS / f"instruments/{instrument.id}.md",
            card(instrument, words) + "\n\n" + item_table(instrument, words) + "\n",
        )
    yield DOCS / "weights.md", _between("weights", weight_table(load_instrument("integrated")))
    yield DOCS / "unknowns.md", _between("unknowns", unknowns.table())
    yield DOCS / "asking.md", _between("asking", f"{asking.from_the_start()}\n\n{asking.after_gaps()}")
    yield DOCS / "invented.md", _between("invented", invented.table())
    yield DOCS / "vignettes.md", _between("vignettes", blind.table())
    told = {"measures": tellings.measures(), "starts": tellings.starts(), "texts": tellings.texts()}
    yield DOCS / "tellings.md", _filled("tellings", told)
    yield DOCS / "agreement.md", _agreement()
    yield DOCS / "accuracy.md", _filled("accuracy", {"accuracy-coverage": accuracy_coverage.table()})
    yield DOCS / "exercises.md", _filled("exercises", {"apart": apart.table()})
    yield DOCS / "areas.md", _between("areas", areas.table())
    yield DOCS / "law.md", _between("law", f"{law.counts()}\n\n{law.by_item()}\n\n{law.by_circumstance()}")
    tables = f"{published.coverage()}\n\n{published.accounts()}\n\n{published.fact_map()}"
    yield DOCS / "published.md", _between("published", tables)
    derived = {"figures": published_accuracy.table(), "missing": published_accuracy.missing()}
    derived["reporting"] = published_accuracy.reporting()
    yield DOCS / "published-accuracy.md", _filled("published-accuracy", derived)
    yield DOCS / "lint.md", _between("lint", museum.tour())


def _agreement() -> str:
    """Return the page on agreement with the tables of its stored studies; the studies themselves take minutes."""
    kept = json.loads(detection.STORE.read_text(encoding="utf-8"))
    tables = {"bars": "bars", "curve": "curve", "found": "invented", "change": "change"}
    made = {mark: detection.as_markdown(kept[table]["rows"]) for mark, table in tables.items()}
    return _filled("agreement", {"coverage": interval_coverage.table(), **made})


def _between(name: str, made: str) -> str:
    """Return the page `name` with what is made from data put between its two marks of that name."""
    return _filled(name, {name: made})


def _filled(page: str, made: dict[str, str]) -> str:
    """Return a page with each piece put between the two marks of its name."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    for name, piece in made.items():
        begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
        before, after = text.split(begin)[0], text.split(end)[1]
        text = before + begin + piece + "\n" + end + after
    return text


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def stale() -> list[str]:
    """Name the pages that differ from what the data gives."""
    return [
        path.relative_to(DOCS).as_posix()
        for path, text in pages()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


if __name__ == "__main__":
    if "--check" in sys.argv:
        found = stale()
        print("\n".join(f"stale: docs/{name}" for name in found) or "every page is up to date")
        sys.exit(bool(found))
    for path, text in pages():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(DOCS))
