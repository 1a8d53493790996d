"""Published instruments that are named and not shipped: why, who owns them, and what is open instead."""

from __future__ import annotations

import json
from functools import cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from dvrisk._files import INSTRUMENTS, read_toml
from dvrisk.errors import InstrumentError
from dvrisk.language_files import shared_words
from dvrisk.schema import Id, Text


class Other(BaseModel):
    """An instrument that is named and not shipped."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", defer_build=True)

    id: Id
    name: Text
    owner: Text
    kind: Literal["stub", "recording only", "not verified", "not shippable"]
    sources: tuple[Text, ...]


class Named(NamedTuple):
    """The same with words: its kind, why it is not shipped, and what is open instead."""

    other: Other
    kind: str
    reason: str
    instead: str


@cache
def load_others() -> tuple[Other, ...]:
    """Load the instruments that are named and not shipped."""
    rows = read_toml(INSTRUMENTS / "others.toml", InstrumentError)["others"]
    return tuple(Other.model_validate_json(json.dumps(row)) for row in rows)


def others_in(lang: str = "en") -> tuple[Named, ...]:
    """Word them in one language."""
    words = shared_words("others", lang)
    return tuple(
        Named(
            other, words["kinds"][other.kind], words["others"][other.id]["reason"], words["others"][other.id]["instead"]
        )
        for other in load_others()
    )
