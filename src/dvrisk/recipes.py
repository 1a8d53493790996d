"""Find and load recipes of invented cases: data in `synthetic/<id>/<version>.toml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from dvrisk._files import SYNTHETIC, read_toml, shown
from dvrisk.catalog import read_as
from dvrisk.errors import DataError, nearest
from dvrisk.recipe_checks import breaches
from dvrisk.recipe_schema import Recipe

RecipeRef = str | Path | Recipe
"""How a caller names a recipe: an id, "id@version", the path of a file, or the recipe itself."""


def list_recipes() -> tuple[str, ...]:
    """List the recipes that are shipped, as "id@version", by id and then newest version first.

    Examples
    --------
    >>> "serbia-reports@1.0" in list_recipes()
    True
    """
    return tuple(f"{name}@{version}" for name, versions in _shipped().items() for version in versions)


def load_recipe(ref: RecipeRef = "serbia-reports") -> Recipe:
    """Load a recipe and check that it can be followed.

    Parameters
    ----------
    ref : str, pathlib.Path or Recipe
        An id (its newest version), "id@version", the path of a recipe file, or a recipe, which is returned.

    Returns
    -------
    Recipe

    Raises
    ------
    DataError
        No shipped recipe has this id or version; or the file can't be read, or what it asks for can't be: the error
        lists every problem at once.

    Examples
    --------
    >>> load_recipe("training-mix").severity.high
    1000
    """
    if isinstance(ref, Recipe):
        return ref
    if isinstance(ref, Path):
        return _load(ref)
    if isinstance(ref, str):
        return _load_shipped(ref)
    raise DataError(
        "recipe", [f"got a {type(ref).__name__}, expected an id, 'id@version', a pathlib.Path or a Recipe."]
    )


@cache
def _shipped() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for path in sorted(SYNTHETIC.glob("*/[0-9]*.toml")):
        found.setdefault(path.parent.name, []).append(path.stem)
    return {name: tuple(sorted(versions, key=_as_numbers, reverse=True)) for name, versions in found.items()}


def _as_numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


@cache
def _load_shipped(ref: str) -> Recipe:
    name, _, version = ref.partition("@")
    versions = _shipped().get(name)
    if versions is None:
        near = nearest(name, _shipped())
        hint = f" (did you mean {near}?)" if near else ""
        what = f"no recipe of this name{hint}, expected one of {', '.join(_shipped())}"
        raise DataError("recipe", [f"{what}. For a file, pass pathlib.Path(...)."])
    if version and version not in versions:
        raise DataError(f"recipe {name}", [f"no such version, expected one of {', '.join(versions)}."])
    return _load(SYNTHETIC / name / f"{version or versions[0]}.toml")


def _load(path: Path) -> Recipe:
    raw = _merged(path)
    recipe = read_as(Recipe, raw, path, DataError)
    problems = list(breaches(recipe))
    if problems:
        raise DataError(shown(path), problems)
    return recipe


def _merged(path: Path) -> dict[str, Any]:
    """Read a recipe; where it is based on another one, take from that what it does not say itself."""
    raw = read_toml(path, DataError)
    base = raw.get("based_on")
    if base is None:
        return raw
    name, _, version = str(base).partition("@")
    if version not in _shipped().get(name, ()):
        raise DataError(shown(path), [f"based_on: expected one of {', '.join(list_recipes())}."])
    whole = _merged(SYNTHETIC / name / f"{version}.toml")
    for table, key in (("facts", "item"), ("gaps", "id"), ("outcomes", "id")):
        own = {entry.get(key): entry for entry in raw.pop(table, [])}
        whole[table] = [own.pop(entry[key], entry) for entry in whole.get(table, [])] + list(own.values())
    return {**whole, **raw}
