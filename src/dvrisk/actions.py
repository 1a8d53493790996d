"""What now: prompts that follow from established facts, as data, for each jurisdiction with duty-holder and source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from dvrisk._files import INSTRUMENTS, read_toml
from dvrisk.errors import InstrumentError
from dvrisk.rules import facts_for, holds_for
from dvrisk.schema import Condition, Instrument, Source


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Duty(_Strict):
    """Who does it in one jurisdiction (ISO 3166 code; XK for Kosovo), and the source that says so."""

    jurisdiction: Literal["RS", "XK"]
    holder: str
    sources: Annotated[tuple[str, ...], Field(min_length=1)]


class Prompt(_Strict):
    """One prompt: the facts, or the level, that call for it."""

    id: str
    when: Condition | None = None
    level: str | None = None
    urgency: Literal["today", "before the next contact", "in the plan"]
    private: bool = False
    duties: Annotated[tuple[Duty, ...], Field(min_length=1)]


class Action(NamedTuple):
    """A prompt that the answers call for, in one jurisdiction.

    Attributes
    ----------
    id, urgency, jurisdiction, holder : str
    facts : tuple of str
        The items that call for it; empty if the level does.
    sources : tuple of str
    """

    id: str
    urgency: str
    jurisdiction: str
    holder: str
    facts: tuple[str, ...]
    sources: tuple[str, ...]


class ActionFile(_Strict):
    """The prompts, the most urgent first, and the texts that they cite."""

    sources: tuple[Source, ...]
    actions: tuple[Prompt, ...]

    @cached_property
    def citations(self) -> dict[str, str]:
        """The citation of each source, by its id."""
        return {source.id: source.citation for source in self.sources}


@cache
def load_actions() -> ActionFile:
    """Load the shipped prompts."""
    return ActionFile.model_validate_json(json.dumps(read_toml(INSTRUMENTS / "actions.toml", InstrumentError)))


def actions_for(states: Mapping[str, str], instrument: Instrument, level: str, *, private: bool) -> tuple[Action, ...]:
    """List the prompts that known facts and the level call for.

    Parameters
    ----------
    states : mapping of str to str
        A code or state for each item.
    instrument : Instrument
    level : str
        The established level.
    private : bool
        Whether to list her own prompts (her suicidality, her needs) or the others. They never come together.
    """
    return tuple(
        Action(prompt.id, prompt.urgency, duty.jurisdiction, duty.holder, facts, duty.sources)
        for prompt in load_actions().actions
        if prompt.private is private and _calls(prompt, states, instrument, level)
        for facts in [facts_for(prompt.when, states, instrument) if prompt.when else ()]
        for duty in prompt.duties
    )


def _calls(prompt: Prompt, states: Mapping[str, str], instrument: Instrument, level: str) -> bool:
    if prompt.when is not None:
        return holds_for(prompt.when, states, instrument)
    return prompt.level == level
