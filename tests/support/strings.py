"""Every string that a person could read: data files, docs, and what the library says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

REPO = Path(__file__).parents[2]
AVOID = tomllib.loads((REPO / "instruments/avoid.toml").read_text(encoding="utf-8"))
PROMISES_IN = {lang: re.compile(pattern, re.I) for lang, pattern in AVOID["promises"].items()}
"""Words that promise the absence of danger, by language."""
BLAME_IN = {lang: re.compile(pattern, re.I) for lang, pattern in AVOID["blame"].items()}
"""Words that hurt or doubt."""
PROMISES, BLAME = PROMISES_IN["en"], BLAME_IN["en"]


SHOWN_AS_WRONG = {REPO / "instruments/avoid.toml", REPO / "docs/lint.md"}
"""What lists these words in order to keep them out."""


def in_data() -> Iterator[tuple[str, str]]:
    """Every string in every data file, with where it stands."""
    for folder in ("instruments", "synthetic", "src"):
        for path in sorted({*(REPO / folder).rglob("*.toml")} - SHOWN_AS_WRONG):
            for place, text in _strings(tomllib.loads(path.read_text(encoding="utf-8")), ""):
                yield f"{path.relative_to(REPO)}{place}", text


def in_files() -> Iterator[tuple[str, str]]:
    """Every page and every module, line by line."""
    for pattern in (
        "README.md",
        "docs/**/*.md",
        "instruments/**/*.md",
        "synthetic/*.md",
        "src/**/*.py",
        "instruments/**/*.toml",
    ):
        for path in sorted({*REPO.glob(pattern)} - SHOWN_AS_WRONG):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield f"{path.relative_to(REPO)}:{number}", line


def _strings(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield place, key
            yield from _strings(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, f"{place}[{index}]")
