"""Answers with the expected result, shipped beside each definition: running them shows that it scores as meant."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from dvrisk._files import read_toml, shown
from dvrisk.assessment import Assessment, assess
from dvrisk.catalog import form_problems
from dvrisk.errors import InstrumentError
from dvrisk.schema import Instrument


class Vector(BaseModel):
    """Answers with the expected result.

    Attributes
    ----------
    base : {"least", "most", "open"}
        What the items that are not named get: their least or most risky option, or nothing.
    expect : dict
        Any of `level`, `level_low`, `level_high`, `score_low`, `score_high`, `settled`, `rules` (ids).
    expect_official : dict
        What the instrument's own missing-data rule gives: any of the fields of `Official`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    id: str
    about: str
    source: str
    base: Literal["least", "most", "open"]
    answers: dict[str, str]
    expect: dict[Literal["level", "level_low", "level_high", "score_low", "score_high", "settled", "rules"], Any]
    expect_official: dict[str, Any] = {}


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    vectors: tuple[Vector, ...]


def load_vectors(instrument: Instrument) -> tuple[Vector, ...]:
    """Load the vectors that lie beside a definition."""
    if instrument.path is None:
        raise InstrumentError(f"{instrument}: it was not loaded from a file, so its vectors can't be found beside it")
    path = instrument.path.with_name(f"{instrument.path.stem}.vectors.toml")
    raw = read_toml(path, InstrumentError)
    try:
        return _File.model_validate(raw).vectors
    except ValidationError as error:
        raise InstrumentError(shown(path), map(str, form_problems(error, raw))) from None


def differences(vector: Vector, instrument: Instrument) -> dict[str, tuple[Any, Any]]:
    """Run one vector; return what differs, as expected and found. Empty means that it holds."""
    result = result_of(vector, instrument)
    found = {"rules": [rule.id for rule in result.rules]}
    found |= {key: getattr(result, key) for key in vector.expect if key != "rules"}
    wanted = vector.expect | ({"rules": sorted(vector.expect["rules"])} if "rules" in vector.expect else {})
    found["rules"].sort()
    differing = {str(key): (wanted[key], found[key]) for key in vector.expect if wanted[key] != found[key]}
    official = result.official._asdict() if result.official else {}
    return differing | {
        f"official {key}": (value, official.get(key))
        for key, value in vector.expect_official.items()
        if official.get(key) != value
    }


def result_of(vector: Vector, instrument: Instrument) -> Assessment:
    """Assess the answers of a vector, those of its base included."""
    return assess(_base(vector, instrument) | vector.answers, instrument, allow_draft=True, training_confirmed=True)


def _base(vector: Vector, instrument: Instrument) -> dict[str, str]:
    if vector.base == "open":
        return {}
    end = 0 if vector.base == "least" else -1
    return {item.id: item.codes[end] for item in instrument.items}
