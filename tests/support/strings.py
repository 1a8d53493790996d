"""Every string that a person could read: data files, docs, and what the library says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

REPO = Path(__file__).parents[2]
PROMISES = re.compile(
    r"(?<!B-)\b(un)?safe(ly|r|st)?\b|\bno[- ]risks?\b|\bwithout (any )?risk\b|\brisk[- ]free\b|\bharmless\b", re.I
)
"""Words that promise the absence of danger."""
BLAME = re.compile(
    r"\bsubjects?\b|\bbatter(ed|er)\b|\ballege[sd]?\b|\bclaims? (that )?(she|he)\b|\brefuses to cooperate\b", re.I
)
"""Words that hurt or doubt."""

PROMISES_IN = {
    "sr": re.compile(
        r"\bbez(bedn|opasn)\w*\b(?<!bezbednosti)|(?<!su )\bsigurn(a|o|i|u|e|oj)?\b(?! kuć)|\b(nema|bez) (rizika|opasnosti)\b"
        r"|\bopasnost ne postoji\b",
        re.I,
    ),
    "sq": re.compile(r"\b[ie] sigurt\b|\bpa rrezik\b|(?<!konstatim se )\bnuk ka rrezik\b|\bs['’]ka rrezik\b", re.I),
}
BLAME_IN = {
    "sr": re.compile(r"\bnasilni[kc]\w*|\bnavodn\w*|\boptužen\w*|\btvrdi da\b", re.I),
    "sq": re.compile(r"\bdhunues\w*|\bgjoja\b|\bpretendon\b|\bi akuzuar\w*", re.I),
}
"""The same in the languages of the translations."""


def in_data() -> Iterator[tuple[str, str]]:
    """Every string in every data file, with where it stands."""
    for folder in ("instruments", "synthetic", "src"):
        for path in sorted((REPO / folder).rglob("*.toml")):
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
        for path in sorted(REPO.glob(pattern)):
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
