"""JSON Schemas (2020-12) of what goes in and what comes out, for programs that check before they call."""

from __future__ import annotations

from typing import Any

from dvrisk.assessment import FORMAT
from dvrisk.recipe_schema import Recipe
from dvrisk.schema import NOT_APPLICABLE, OPEN_STATES, Instrument, Item

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string"}
_WHOLE: Schema = {"type": "integer"}
_YES_NO: Schema = {"type": "boolean"}


def definition_schema() -> Schema:
    """Return the JSON Schema of a definition, as it is after the item bank was filled in."""
    return {"$schema": _DIALECT, **Instrument.model_json_schema(by_alias=True)}


def recipe_schema() -> Schema:
    """Return the JSON Schema of a recipe of invented cases, as it is after its base was filled in."""
    return {"$schema": _DIALECT, **Recipe.model_json_schema(by_alias=True)}


def answer_schema(instrument: Instrument) -> Schema:
    """Return the JSON Schema (2020-12) of the answers that an instrument takes."""
    return {
        "$schema": _DIALECT,
        "title": f"Answers for {instrument}",
        "type": "object",
        "additionalProperties": False,
        "properties": {item.id: _answer_schema(item) for item in instrument.items},
    }


def _answer_schema(item: Item) -> Schema:
    states = [*OPEN_STATES, *([NOT_APPLICABLE] if item.applies_if else [])]
    forms: list[Schema] = [{"enum": [*item.codes, *states]}, {"type": "null"}, {"type": "string", "pattern": r"^\s*$"}]
    if {"yes", "no"} <= set(item.codes):
        forms.append({"type": "boolean"})
    detailed = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"answer": {"anyOf": forms}, "source": {}, "date": {}},
    }
    return {"anyOf": [*forms, detailed]}


def assessment_schema() -> Schema:
    """Return the JSON Schema of what `Assessment.to_dict` gives."""
    contribution = _object(
        kind={"enum": ["item", "overlap", "cap"]},
        id=_TEXT,
        answer={"type": ["string", "null"]},
        low=_WHOLE,
        high=_WHOLE,
        source={"type": ["string", "null"]},
    )
    rule = _object(
        id=_TEXT, effect=_TEXT, level_before=_TEXT, level_after=_TEXT, sources=_list(_TEXT), facts=_list(_TEXT)
    )
    answer = _object(level=_TEXT, settled=_YES_NO)
    question = _object(
        item=_TEXT,
        state={"enum": list(OPEN_STATES)},
        answers={"type": "object", "additionalProperties": answer},
        who_knows=_list(_TEXT),
    )
    action = _object(
        id=_TEXT, urgency=_TEXT, jurisdiction=_TEXT, holder=_TEXT, facts=_list(_TEXT), sources=_list(_TEXT)
    )
    official = _object(
        rule={"enum": ["as no", "prorate"]},
        basis={"enum": ["published", "assumed"]},
        scorable=_YES_NO,
        score={"type": ["integer", "null"]},
        result={"type": ["string", "null"]},
        missing=_WHOLE,
        why={"enum": ["complete", "within the rule", "too many missing", "nothing answered"]},
    )
    whole = _object(
        format={"const": FORMAT},
        engine=_TEXT,
        instrument=_object(
            id=_TEXT, version=_TEXT, sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"}, status=_TEXT
        ),
        notice=_TEXT,
        training_confirmed={"type": ["boolean", "null"]},
        answers={"type": "object", "additionalProperties": _TEXT},
        level=_TEXT,
        level_label=_TEXT,
        at_least=_YES_NO,
        settled=_YES_NO,
        level_low=_TEXT,
        level_high=_TEXT,
        score_low=_WHOLE,
        score_high=_WHOLE,
        work_as=_TEXT,
        undetermined_because=_list(_TEXT),
        contributions=_list(contribution),
        rules=_list(rule),
        rules_possible=_list(_TEXT),
        ask_next=_list(question),
        ask_always=_list(_TEXT),
        actions=_list(action),
        official={"anyOf": [official, {"type": "null"}]},
        missing=_object(**dict.fromkeys(OPEN_STATES, _WHOLE)),
        review_within_days={"type": ["integer", "null"]},
        warnings=_list(_object(code=_TEXT, items=_list(_TEXT))),
    )
    return {"$schema": _DIALECT, "title": "Assessment", **whole}


def _object(**properties: Schema) -> Schema:
    """Return the schema of an object that has just these properties, all of them."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}
