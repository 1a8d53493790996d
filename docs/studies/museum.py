"""The museum of wrong instruments as a page: for each rule of the linter the edit that breaks it, and what is found."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from dvrisk import Finding, lint_instrument

MUSEUM = Path(__file__).parents[2] / "tests" / "museum"


def tour() -> str:
    """Write one section for each exhibit, in Markdown."""
    return "\n\n".join("\n".join(_section(exhibit)) for exhibit in exhibits())


def exhibits() -> list[dict[str, str]]:
    """Return the exhibits: rule, story, edit and finding."""
    found: list[dict[str, str]] = tomllib.loads((MUSEUM / "exhibits.toml").read_text(encoding="utf-8"))["exhibits"]
    return found


def _section(exhibit: dict[str, str]) -> Iterator[str]:
    finding = next(finding for finding in findings(exhibit) if exhibit["finding"] in str(finding))
    yield f"### {exhibit['rule']}"
    yield ""
    yield exhibit["story"]
    yield ""
    yield f"```diff\n# {exhibit['file']}"
    yield from (f"- {line}" for line in exhibit["old"].strip("\n").split("\n"))
    yield from (f"+ {line}" for line in exhibit["new"].strip("\n").split("\n") if exhibit["new"])
    yield "```"
    yield ""
    yield f"> {finding.severity}: {finding}"


def findings(exhibit: dict[str, str]) -> tuple[Finding, ...]:
    """Lint a copy of the sound twin with the edit of one exhibit."""
    with tempfile.TemporaryDirectory() as folder:
        twin = Path(folder) / "twin"
        shutil.copytree(MUSEUM / "twin", twin)
        shutil.copy(MUSEUM / "lock.toml", folder)
        file = twin / exhibit["file"]
        text = file.read_text(encoding="utf-8").replace(exhibit["old"], exhibit["new"], 1)
        file.write_text(text, encoding="utf-8")
        return lint_instrument(twin / "1.0.toml")
