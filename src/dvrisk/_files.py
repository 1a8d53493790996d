"""Where the data files lie, how a file is read (whole, once, with one clear error), and which version this is."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dvrisk.errors import DataError, DvriskError

MAX_BYTES = 1_000_000
"""Largest file that is read. A definition has tens of kilobytes; an answer sheet has fewer."""

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "data"
_ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parents[1]
"""A wheel carries the data inside the package; a checkout has them beside `src`."""

INSTRUMENTS = _ROOT / "instruments"
SYNTHETIC = _ROOT / "synthetic"


def shown(path: Path) -> str:
    """Name a file in a message: from the data folder on if it is ours, else as the caller gave it."""
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else str(path)


def read_toml(path: Path, error: type[DvriskError]) -> dict[str, Any]:
    """Read a TOML file into plain values; `error` is raised, with place and remedy, if it can't be."""
    return _parsed(path, error, tomllib.loads, "TOML")


def read_json(path: Path, error: type[DvriskError]) -> dict[str, Any]:
    """Read a JSON object into plain values, refusing a key that stands twice."""
    return _parsed(path, error, _strict_json, "JSON")


def _parsed(path: Path, error: type[DvriskError], parse: Callable[[str], Any], kind: str) -> dict[str, Any]:
    text = _text(path, error)
    try:
        data = parse(text)
    except RecursionError:
        raise error(shown(path), ["nested too deeply to be read. Flatten it."]) from None
    except ValueError as problem:  # both parsers' errors are ValueErrors that carry the place
        raise error(shown(path), [f"not readable as {kind}: {problem}."]) from None
    if not isinstance(data, dict):
        raise error(shown(path), [f"got a {type(data).__name__}, expected a table of names and values."])
    return data


def _text(path: Path, error: type[DvriskError]) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise error(shown(path), [f"got {size:,} bytes, expected at most {MAX_BYTES:,}. Is it the right file?"])
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise error(shown(path), [f"not text in UTF-8 (byte {problem.start}). Save it as UTF-8."]) from None
    except OSError as problem:
        raise error(shown(path), [f"can't be read: {problem.strerror}."]) from None


def _strict_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for number, (key, value) in enumerate(pairs, start=1):
        if key in table:
            raise ValueError(f"key {number} of an object stands there already; keep one of the two")
        table[key] = value
    return table


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a value; use a code or leave the key out")


def engine_version() -> str:
    """Return the version of dvrisk that computes."""
    from importlib.metadata import PackageNotFoundError, version  # slow to import, and needed for records alone

    try:
        return version("dvrisk")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0+unknown"


def path_or_id(ref: str) -> str | Path:
    """Read what the command line calls an instrument or a recipe: there, unlike in Python, a file may stand for one."""
    if ref.endswith(".toml"):
        return Path(ref)
    if Path(ref).is_dir():
        raise DataError(ref, ["a folder. Give the path of a definition in it, such as 1.0.toml, or an id."])
    return ref


def must_be_new(path: Path | None) -> None:
    """Find out before anything is asked or computed whether a file can be written."""
    if path is None:
        return
    if path.exists():
        raise DataError(str(path), ["it exists already. Choose a new file; nothing was done."])
    if not path.parent.is_dir():
        raise DataError(str(path), ["there is no such folder to write it in. Choose another; nothing was done."])
    if not os.access(path.parent, os.W_OK):
        raise DataError(str(path), ["nothing can be written in its folder. Choose another; nothing was done."])
