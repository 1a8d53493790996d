"""Printed percentages and counts: read as printed, and checked against each other."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, Field

from dvrisk._files import INSTRUMENTS, read_toml
from dvrisk.catalog import read_as
from dvrisk.errors import InstrumentError
from dvrisk.stats.estimate import Estimate

Percent = Annotated[str, Field(pattern=r"^[0-9]{1,3}([.,][0-9]+)?$")]
"""A percentage with the digits that were printed; a comma is a decimal point."""
_Model = TypeVar("_Model", bound=BaseModel)


def as_percent(printed: str) -> float:
    """Read a printed percentage as a number; a decimal comma counts as a point.

    Examples
    --------
    >>> as_percent("9,5"), as_percent("46.67")
    (9.5, 46.67)
    """
    return float(printed.replace(",", "."))


def gives_percent(count: int, of: int, printed: str) -> bool:
    """Whether a count gives a percentage to its printed digits."""
    digits = len(printed.replace(",", ".").partition(".")[2])
    return abs(100 * count / of - as_percent(printed)) <= 0.5 / 10.0**digits + 1e-9


def share_of(count: int, of: int) -> Estimate:
    """Return a share with Wilson's interval."""
    from dvrisk.stats.cutoffs import proportion  # needs numpy and scipy, which the data do not

    return proportion(count, of, 0.95, "nobody is there")


def read_data(model: type[_Model], name: str) -> _Model:
    """Read a file of `instruments/reference`; InstrumentError lists what is wrong with it."""
    path = INSTRUMENTS / "reference" / f"{name}.toml"
    return read_as(model, read_toml(path, InstrumentError), path, InstrumentError)
