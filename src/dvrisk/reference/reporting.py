"""What a report on an evaluation has to say by a guideline, and where ours says it."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from dvrisk.reference.printed import read_data
from dvrisk.schema import Strict, Text

SECTIONS = (
    "setting",
    "people",
    "levels",
    "edges",
    "discrimination",
    "unknown",
    "recalibration",
    "calibration",
    "base-rates",
    "groups",
    "items",
    "backgrounds",
    "limits",
)
"""The sections of an evaluation's report that can answer an item."""
_Place = Annotated[str, Field(pattern=rf"^({'|'.join(SECTIONS)}|study|not applicable|docs/[a-z/-]+\.md)$")]


class ReportingItem(Strict):
    """An item of TRIPOD+AI.

    Attributes
    ----------
    asks : str
        What it asks, in our own words.
    applies : {'D', 'E', 'D;E'}
        To the development of a model, to its evaluation, or to both.
    answered_in : str
        A section of our report; a page of `docs`; 'study', where the people who evaluate have to say it themselves; or
        'not applicable'.
    why : str or None
        Why it is not applicable, or what is said there.
    left : str or None
        What the people who evaluate have to add all the same.
    """

    id: Annotated[str, Field(pattern=r"^[1-9][0-9]?[a-g]?$")]
    section: Text
    asks: Text
    applies: Literal["D", "E", "D;E"]
    answered_in: _Place
    why: Text | None = None
    left: Text | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.answered_in == "not applicable" and not self.why:
            raise ValueError("an item that is not applicable needs the reason")
        return self


class _Reporting(Strict):
    items: tuple[ReportingItem, ...]
    unread: tuple[Text, ...]


def reporting_items() -> tuple[ReportingItem, ...]:
    """List the items of TRIPOD+AI, each with the place where it is answered.

    Examples
    --------
    >>> items = {item.id: item for item in reporting_items()}
    >>> items["23a"].answered_in, items["17"].answered_in
    ('discrimination', 'study')
    """
    return _reporting().items


def unread_guidelines() -> tuple[str, ...]:
    """Say which guidelines have items that could not be read, so that none of them is listed."""
    return _reporting().unread


@cache
def _reporting() -> _Reporting:
    return read_data(_Reporting, "reporting-items")
