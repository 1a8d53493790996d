"""The table of docs/law.md: what Serbian law and the Istanbul Convention name among the facts that are asked.

python docs/studies/law.py
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from dvrisk.catalog import item_bank
from dvrisk.checklists import load_checklist
from dvrisk.language_files import checklist_words

FILE = Path(__file__).parents[2] / "instruments" / "legal-basis.toml"


def by_item() -> str:
    """Write the legal basis of each item, in Markdown."""
    basis = tomllib.loads(FILE.read_text(encoding="utf-8"))["items"]
    lines = ["| item | Article 16 | Istanbul Convention | note |", "|---|---|---|---|"]
    for item in item_bank():
        entry = basis[item]
        article, convention = ", ".join(entry["article_16"]), ", ".join(entry["istanbul_51"])
        if not article and not convention:
            article = "not named in the law"
        lines.append(f"| `{item}` | {article} | {convention} | {entry.get('note', '')} |")
    return "\n".join(lines)


def by_circumstance() -> str:
    """Write, for each circumstance of Article 16, which facts speak for it and how, in Markdown."""
    words, _ = checklist_words("article-16", "en")
    lines = ["| no. | circumstance | our facts stand to it | facts | why |", "|---|---|---|---|---|"]
    for row in load_checklist("article-16").rows:
        facts = ", ".join(f"`{fact.item}`" for fact in row.facts)
        lines.append(f"| {row.id} | {words['rows'][row.id]['text']} | {row.match} | {facts} | {row.why} |")
    return "\n".join(lines)


def counts() -> str:
    """Count the items that the law names, in a sentence."""
    basis = tomllib.loads(FILE.read_text(encoding="utf-8"))["items"].values()
    named = sum(bool(entry["article_16"] or entry["istanbul_51"]) for entry in basis)
    return f"Of {len(basis)} items, {named} are named; {len(basis) - named} are not named in the law."


if __name__ == "__main__":
    print(counts(), by_item(), by_circumstance(), sep="\n\n")
