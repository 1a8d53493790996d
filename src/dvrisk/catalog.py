"""Find, load, pin and hash a definition."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from dvrisk import soundness
from dvrisk._files import INSTRUMENTS, read_toml, shown
from dvrisk.errors import DvriskError, InstrumentError, UnknownInstrumentError, nearest
from dvrisk.findings import Finding, breach
from dvrisk.schema import OPEN_STATES, Instrument

_Model = TypeVar("_Model", bound=BaseModel)

Ref = str | Path | Instrument
"""How a caller names an instrument: an id, "id@version", a path, or the instrument itself. A string is never a path."""


def list_instruments() -> tuple[str, ...]:
    """List what is shipped, as "id@version", by id and then newest version first.

    Examples
    --------
    >>> "integrated@1.0" in list_instruments()
    True
    """
    return tuple(f"{name}@{version}" for name, versions in _shipped().items() for version in versions)


def load_instrument(ref: Ref = "integrated") -> Instrument:
    """Load a definition and check that it is sound.

    Parameters
    ----------
    ref : str, pathlib.Path or Instrument
        An id (its newest version), "id@version", the path of a definition file, or an instrument, which is returned.

    Returns
    -------
    Instrument

    Raises
    ------
    UnknownInstrumentError
        No shipped instrument has this id or version.
    InstrumentError
        The file can't be read or breaks a law; the error lists every problem at once.

    Examples
    --------
    >>> load_instrument("first-look").levels
    ('low', 'moderate', 'high')
    """
    if isinstance(ref, Instrument):
        return ref
    if isinstance(ref, Path):
        return _load(ref)
    if isinstance(ref, str):
        return _load_shipped(ref)
    raise UnknownInstrumentError(
        f"got a {type(ref).__name__}, expected an id, 'id@version', a pathlib.Path or an Instrument"
    )


@cache
def _shipped() -> dict[str, tuple[str, ...]]:
    folders = sorted(folder for folder in INSTRUMENTS.iterdir() if folder.is_dir())
    return {folder.name: found for folder in folders if (found := _versions(folder))}


def _versions(folder: Path) -> tuple[str, ...]:
    names = [path.stem for path in folder.glob("*.toml")]
    versions = [name for name in names if name.replace(".", "", 1).isdigit()]
    return tuple(sorted(versions, key=lambda name: [int(part) for part in name.split(".")], reverse=True))


@cache
def _load_shipped(ref: str) -> Instrument:
    name, _, version = ref.partition("@")
    versions = _shipped().get(name)
    if versions is None:
        raise UnknownInstrumentError(_not_shipped(name))
    if version and version not in versions:
        raise UnknownInstrumentError(f"{name}: no version {version[:20]!r}, expected one of {', '.join(versions)}")
    return _load(INSTRUMENTS / name / f"{version or versions[0]}.toml")


def _not_shipped(name: str) -> str:
    named = {row["id"] for row in read_toml(INSTRUMENTS / "others.toml", InstrumentError)["others"]}
    if name in named:
        return f"{name} is named and not shipped: `dvrisk show {name}` says why, and what is open instead"
    near = nearest(name, _shipped())
    listed = ", ".join(_shipped())
    if "/" in name or "\\" in name or name.endswith(".toml"):
        return f"a string names a shipped instrument ({listed}). For a file, pass pathlib.Path(...)"
    return f"no instrument {name[:60]!r}" + (f" (did you mean {near}?)" if near else "") + f", expected one of {listed}"


def _load(path: Path) -> Instrument:
    instrument, found = inspect_definition(path)
    if instrument is None or found:
        raise InstrumentError(shown(path), map(str, found))
    return instrument


def inspect_definition(path: Path) -> tuple[Instrument | None, list[Finding]]:
    """Read a definition, and list what keeps it from loading.

    Returns
    -------
    tuple of (Instrument or None, list of Finding)
        None if its form is wrong. With any finding, the instrument may not be used.

    Raises
    ------
    InstrumentError
        The file can't be read as TOML.
    """
    raw = read_toml(path, InstrumentError)
    found = [*_merge_defaults(raw), *_merge_bank(raw)]
    if found:
        return None, found
    try:
        # By way of JSON, so that the strict models take TOML's arrays for their tuples and nothing else for anything.
        instrument = Instrument.model_validate_json(json.dumps(raw, default=str))
    except ValidationError as error:
        return None, form_problems(error, raw)
    instrument._path = path
    return instrument, [*_names_itself(instrument, path), *_facts(instrument), *soundness.breaches(instrument)]


def _names_itself(instrument: Instrument, path: Path) -> Iterator[Finding]:
    """In the catalogue, folder and file name say which instrument it is; the file has to agree."""
    if path.is_relative_to(INSTRUMENTS) and (instrument.id, instrument.version) != (path.parent.name, path.stem):
        what = f"got {instrument}, expected {path.parent.name} {path.stem}, as the file is named"
        yield breach("ids-resolve", "id and version", what, "Make both agree")


def _facts(instrument: Instrument) -> Iterator[Finding]:
    """Check that what items rest on are facts of the bank, and that only yes/no items are fed."""
    for item in instrument.items:
        if item.rests_on is None:
            continue
        where = f"items.{item.id}.rests_on"
        if item.rests_on.match == "same" and (not item.rests_on.facts or item.codes != ("no", "yes")):
            what = "only an item with the options no and yes is fed, and only by facts that are named"
            yield breach("ids-resolve", where, what, "Name the facts, or another match")
        for fact in item.rests_on.facts:
            options = item_bank().get(fact.item, {}).get("options", [])
            if not {fact.yes_from, fact.no_to} <= set(options) or (
                options.index(fact.no_to) >= options.index(fact.yes_from)
            ):
                what = f"{fact.item} with no up to {fact.no_to} and yes from {fact.yes_from} is not in the item bank"
                yield breach(
                    "ids-resolve", where, what, "Name a fact of the bank and two of its options, no before yes"
                )


# ------------------------------------------------------------------------------------------ the item bank


@cache
def item_bank() -> dict[str, dict[str, Any]]:
    """Return the item bank as plain values, by id, in file order."""
    return {entry["id"]: entry for entry in read_toml(INSTRUMENTS / "items.toml", InstrumentError)["items"]}


_OF_THE_INSTRUMENT = {"id", "points", "source"}


def _merge_defaults(raw: dict[str, Any]) -> Iterator[Finding]:
    """Complete each item entry that is not in the bank from `item_defaults`."""
    defaults = raw.pop("item_defaults", {})
    if not isinstance(defaults, dict):
        yield breach("well-formed", "item_defaults", "expected a table", "Give what the items have in common")
    elif isinstance(raw.get("items"), list):
        for entry in raw["items"]:
            if isinstance(entry, dict) and entry.get("id") not in item_bank():
                entry.update({key: value for key, value in defaults.items() if key not in entry})


def _merge_bank(raw: dict[str, Any]) -> Iterator[Finding]:
    """Complete each item entry from the bank, and turn its table of points into options; yield what is wrong."""
    entries = raw.get("items")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        yield breach("well-formed", "items", "expected [[items]] tables, one for each item", "Add them")
        return
    for index, entry in enumerate(entries):
        name = entry.get("id")
        where = f"items.{name}" if isinstance(name, str) else f"items[{index}]"
        described = item_bank().get(name, {}) if isinstance(name, str) else {}
        yield from _overridden(where, entry, described)
        entry.update({key: value for key, value in described.items() if key not in entry})
        if "source" not in entry and isinstance(raw.get("points_source"), str):
            entry["source"] = raw["points_source"]
        yield from _options(where, entry)
    raw.pop("points_source", None)


def _overridden(where: str, entry: dict[str, Any], described: dict[str, Any]) -> Iterator[Finding]:
    taken = sorted(set(entry) - _OF_THE_INSTRUMENT) if described else []
    if taken:
        what, todo = f"the item bank already says its {', '.join(taken)}", "Remove them here, or choose another id"
        yield breach("one-source-of-truth", where, what, todo)


def _options(where: str, entry: dict[str, Any]) -> Iterator[Finding]:
    codes, points = entry.get("options"), entry.pop("points", None)
    points = dict(points) if isinstance(points, dict) else points  # a table of defaults is shared
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        near = nearest(str(entry.get("id", "")), item_bank())
        hint = f" (did you mean {near}?)" if near else ""
        what = f"not in the item bank{hint}, so it needs its options"
        yield breach("direction-declared", where, what, "List its codes from least to most risky")
        return
    if not isinstance(points, dict):
        what = f"expected a number for each option: {', '.join(codes)}"
        yield breach("well-formed", f"{where}.points", what, "Give 0 where an option has none")
        return
    for code in points:
        if code in OPEN_STATES:
            yield breach("states-not-scored", f"{where}.points.{code}", "an open state has no points", "Remove it")
        elif code not in codes:
            yield breach("ids-resolve", f"{where}.points.{code}", "not an option", f"Expected {', '.join(codes)}")
    missing = [code for code in codes if code not in points]
    if missing:
        what = f"no points for {', '.join(missing)}"
        yield breach("well-formed", f"{where}.points", what, "Give 0 where an option has none")
    entry["options"] = [{"code": code, "points": points.get(code, 0)} for code in codes]


# -------------------------------------------------------------------------------- from pydantic to sentences

_WHAT = {
    "missing": ("is missing", "Add it"),
    "extra_forbidden": ("is not a known key", "Remove or correct it; docs/schema lists the keys"),
    "int_type": ("expected a whole number without quotes", "Correct it"),
    "int_from_float": ("expected a whole number", "Round it, and give the bands in the same units"),
    "string_type": ("expected a text in quotes", "Add the quotes"),
    "bool_type": ("expected true or false", "Correct it"),
}
_NO_NOT = ("a rule may not use 'not', or a riskier answer could lower the level", "Ask for what is there")


def read_as(model: type[_Model], raw: dict[str, Any], path: Path, error: type[DvriskError]) -> _Model:
    """Take what a data file holds as a strict model; if it isn't, `error` is raised with every problem and its place.

    By way of JSON, so that the models take TOML's arrays for their tuples and nothing else for anything.
    """
    try:
        return model.model_validate_json(json.dumps(raw, default=str))
    except ValidationError as problem:
        raise error(shown(path), map(str, form_problems(problem, raw))) from None


def form_problems(error: ValidationError, raw: dict[str, Any]) -> list[Finding]:
    """Say what a model found wrong: one finding for each problem, with its place as a reader of the file names it."""
    problems = error.errors(include_url=False)
    return [_form_problem(problem, raw) for problem in problems if not _follows(problem, problems)]


def _follows(problem: Any, problems: list[Any]) -> bool:
    """Whether a list is only found too short because of a problem inside it."""
    place = problem["loc"]
    inside = (other for other in problems if len(other["loc"]) > len(place) and other["loc"][: len(place)] == place)
    return problem["type"] == "too_short" and any(inside)


def _form_problem(problem: Any, raw: dict[str, Any]) -> Finding:
    where, kind, value = _place(problem["loc"], raw), problem["type"], problem["input"]
    if kind == "condition":
        has_not = isinstance(value, dict) and "not" in value
        return breach(
            "rules-only-raise", where, *(_NO_NOT if has_not else (problem["msg"], "Write one of these forms"))
        )
    what, todo = _WHAT.get(kind, (problem["msg"][:1].lower() + problem["msg"][1:], "Correct it"))
    if kind not in ("missing", "extra_forbidden"):
        shape = repr(value) if isinstance(value, str | int | float | bool) else f"a {type(value).__name__}"
        what = f"got {shape[:60]}, {what}"
    return breach(_FORM_RULES.get((where.rpartition(".")[2], kind), "well-formed"), where, what, todo)


_FORM_RULES = {
    ("version", "string_type"): "version-is-string",
    **dict.fromkeys(
        ((key, kind) for key in ("points", "from", "to") for kind in ("int_type", "int_from_float")),
        "integer-bands-fractional-points",
    ),
    ("rights", "missing"): "rights-evidence",
}
"""The rule behind a wrong form, by the last name of the place and the kind of problem; else it is `well-formed`."""


def _place(loc: tuple[str | int, ...], raw: Any) -> str:
    """Write a place as a reader of the file would: entries by their id, and without the models' own names."""
    place, here = "", raw
    for step, key in enumerate(loc):
        if isinstance(here, list) and isinstance(key, int):
            here = here[key]
            name = (
                next((here[word] for word in ("id", "code", "item") if word in here), None)
                if isinstance(here, dict)
                else None
            )
            place += f".{name}" if name else f"[{key}]"
        elif isinstance(here, dict) and (key in here or step == len(loc) - 1):
            here = here.get(str(key))
            place += f".{key}"
    return place.lstrip(".")
