"""What a check finds: which rule is broken, how grave that is, where, what is wrong and what to do."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Finding(NamedTuple):
    """One thing that a check of a definition found.

    Attributes
    ----------
    id : str
        The rule that is broken, such as `bands-cover-range`; docs/lint.md lists them.
    severity : {'error', 'warning'}
        An error makes the instrument wrong or unusable; a warning asks for a second look.
    where : str
        A place in the files of the instrument.
    what, todo : str
        What is wrong, and what to do; whole sentences.
    """

    id: str
    severity: Literal["error", "warning"]
    where: str
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.todo}" if self.where else f"{self.what} {self.todo}"


def breach(id: str, where: str, what: str, todo: str) -> Finding:
    """Return an error; full stops are added."""
    return Finding(id, "error", where, f"{what}.", f"{todo}.")


def doubt(id: str, where: str, what: str, todo: str) -> Finding:
    """Return a warning; full stops are added."""
    return Finding(id, "warning", where, f"{what}.", f"{todo}.")
