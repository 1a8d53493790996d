"""One person's answers: what is known, and the three ways of not knowing, kept apart.

An answer is an option code of its item. An item is *open* when its answer is `unknown` (asked, not known), `declined`
(she or another source would rather not answer now) or `not_asked`; a missing key, a blank and `None` are `not_asked`.
No open state is ever read as a no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dvrisk._files import read_json, read_toml, shown
from dvrisk.catalog import item_bank
from dvrisk.errors import AnswerError, got, named, nearest
from dvrisk.schema import NOT_APPLICABLE, OPEN_STATES, Instrument, Item

Answers = Mapping[str, Any]
"""Item id to answer, as a caller gives it: a code, a state, True / False, None, or {answer, source, date}."""

_DETAIL_KEYS = {"answer", "source", "date"}


def read_answers(answers: Answers, instrument: Instrument) -> dict[str, str]:
    """Reduce what a caller gives to one code or state for each item that is named.

    Parameters
    ----------
    answers : mapping of str to answer
        See `Answers`. True and False mean yes and no, for items that have both options.
    instrument : Instrument

    Returns
    -------
    dict of str to str
        In the order given. Items that are not named stay out; they are `not_asked`.

    Raises
    ------
    AnswerError
        Lists every answer that can't be used, with the nearest valid code. Values are not repeated unless they are a
        near miss of a valid code.

    Examples
    --------
    >>> from dvrisk.catalog import load_instrument
    >>> read_answers({"strangulation": True, "forced_sex": " "}, load_instrument("first-look"))
    {'strangulation': 'yes', 'forced_sex': 'not_asked'}
    """
    if not isinstance(answers, Mapping):
        raise AnswerError(
            str(instrument), [f"got a {type(answers).__name__}, expected a mapping of item ids to answers."]
        )
    codes: dict[str, str] = {}
    problems: list[str] = []
    for key, value in answers.items():
        item = instrument.by_id.get(key) if isinstance(key, str) else None
        if item is None:
            problems.append(_no_item(key, instrument))
            continue
        code = code_of(value, item)
        if code is None:
            problems.append(_no_option(value, item))
        else:
            codes[item.id] = code
    problems += _misplaced_not_applicable(codes, instrument)
    if problems:
        raise AnswerError(str(instrument), problems)
    return codes


def read_answer_file(path: Path) -> dict[str, Any]:
    """Read an answer sheet (TOML, or JSON if its name ends so): a table of item ids and answers.

    The answers may stand at the top, or under `answers` with whatever else the file records beside them.

    Raises
    ------
    AnswerError
        It can't be read, is not a table, or names a key twice.
    """
    path = Path(path)
    data = (read_json if path.suffix.lower() == ".json" else read_toml)(path, AnswerError)
    inner = data.get("answers")
    if not isinstance(inner, dict):
        return data
    if "format" in data:
        raise AnswerError(shown(path), ["a stored result, not an answer sheet. Read it with Assessment.from_json."])
    beside = sorted(set(data) & set(item_bank()))
    if beside:
        raise AnswerError(shown(path), [f"{', '.join(beside)}: outside [answers], where nobody reads it. Move it in."])
    return inner


def closed_by_gate(item: Item, codes: Mapping[str, str], instrument: Instrument) -> bool:
    """Whether an answered fact says that this item does not apply (no children: no question about threats to them)."""
    if item.applies_if is None:
        return False
    gate = instrument.by_id[item.applies_if.item]
    answer = codes.get(gate.id)
    return answer in gate.codes and gate.codes.index(answer) < gate.codes.index(item.applies_if.at_least)


def code_of(value: object, item: Item) -> str | None:
    """Reduce one value to a code or state of the item; None if that can't be done."""
    if isinstance(value, Mapping):
        inner = value.get("answer")
        return code_of(inner, item) if set(value) <= _DETAIL_KEYS and not isinstance(inner, Mapping) else None
    if value is None:
        return "not_asked"
    if isinstance(value, bool):
        return ("yes" if value else "no") if {"yes", "no"} <= set(item.codes) else None
    if not isinstance(value, str):
        return None
    if not value.strip():
        return "not_asked"
    allowed = value in item.codes or value in OPEN_STATES or (value == NOT_APPLICABLE and item.applies_if)
    return str(value) if allowed else None


def _no_item(key: object, instrument: Instrument) -> str:
    if isinstance(key, str) and key in item_bank():
        return f"{key} is an item that {instrument.id} does not ask. Choose one that asks it, or use `assess_all`."
    near = nearest(key, instrument.by_id) if isinstance(key, str) else None
    hint = "" if near else f"; `dvrisk template {instrument.id}` lists them"
    return f"{named(key, instrument.by_id)} is not an item of {instrument.id}{hint}."


def _no_option(value: object, item: Item) -> str:
    if isinstance(value, Mapping):
        extra = set(value) - _DETAIL_KEYS
        inside = sorted(extra & set(item_bank()))
        if inside:
            return (
                f"{item.id}: {inside[0]} stands inside its table. Write `{item.id} = {{ answer = ... }}`, "
                "and other items outside."
            )
        if extra:
            return f"{item.id}: got a table with other keys than {', '.join(sorted(_DETAIL_KEYS))}. Remove them."
        inner = value.get("answer")
        return (
            f"{item.id}: its answer is a table in a table." if isinstance(inner, Mapping) else _no_option(inner, item)
        )
    if value == NOT_APPLICABLE:
        return f"{item.id}: it always applies. Expected {_expected(item)}."
    return f"{item.id}: {got(value, (*item.codes, *OPEN_STATES))}, expected {_expected(item)}."


def _expected(item: Item) -> str:
    return f"one of {', '.join((*item.codes, *OPEN_STATES))}"


def _misplaced_not_applicable(codes: Mapping[str, str], instrument: Instrument) -> Iterator[str]:
    for key, code in codes.items():
        item = instrument.by_id[key]
        if code == NOT_APPLICABLE and item.applies_if and not closed_by_gate(item, codes, instrument):
            gate = instrument.by_id[item.applies_if.item]
            yield (
                f"{key}: not_applicable needs an answer that makes it so: {gate.id} below {item.applies_if.at_least}. "
                f"Answer {gate.id}, or give an open state."
            )
