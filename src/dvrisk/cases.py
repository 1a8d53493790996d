"""Cases to look at: two invented ones, and three published accounts coded as facts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dvrisk._files import SYNTHETIC, read_toml
from dvrisk.errors import DataError

PUBLISHED = Path(__file__).parent / "published-accounts.toml"
INVENTED = SYNTHETIC / "demo-cases.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Case(_Strict):
    """A case as facts.

    Attributes
    ----------
    id, title : str
    statements : dict of str to str
        What the account states, in our own words, by a short id.
    answers : dict of str to str
    rests_on : dict of str to list of str
        For each answer, the statements it rests on.
    """

    id: str
    title: str
    note: str | None = None
    statements: dict[str, str]
    answers: dict[str, str]
    rests_on: dict[str, list[str]]


class CaseFile(_Strict):
    """Cases with where they come from and what to know before reading them."""

    content_note: str
    source: str
    cases: Annotated[list[Case], Field(min_length=1)]


def load_cases(path: Path) -> CaseFile:
    """Load a case file; every answer has to rest on a statement of its case."""
    cases = CaseFile.model_validate(read_toml(path, DataError))
    problems = [
        f"{case.id}.{item}: rests on no statement of the case."
        for case in cases.cases
        for item in case.answers
        if not case.rests_on.get(item) or not set(case.rests_on[item]) <= set(case.statements)
    ]
    if problems:
        raise DataError(path.name, problems)
    return cases
