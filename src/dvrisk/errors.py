"""Every error that dvrisk raises on purpose, by what the caller can do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_MOST_LINES = 20
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class DvriskError(ValueError):
    """Say what is wrong and what to do; the base of every error raised on purpose.

    Parameters
    ----------
    where : str
        What was being read: a file, an instrument, an answer sheet.
    problems : iterable of str, optional
        Every problem that was found, one sentence each. They name ids and codes only, never free text:
        errors end in logs, and the answers are about people.

    Attributes
    ----------
    where : str
    problems : tuple of str
    """

    def __init__(self, where: str, problems: Iterable[str] = ()) -> None:
        self.where = where
        self.problems = tuple(problems)
        super().__init__(self._message())

    def _message(self) -> str:
        if not self.problems:
            return self.where
        if len(self.problems) == 1:
            return f"{self.where}: {self.problems[0]}"
        lines = [f"  - {problem}" for problem in self.problems[:_MOST_LINES]]
        if len(self.problems) > _MOST_LINES:
            lines.append(f"  and {len(self.problems) - _MOST_LINES} more")
        return "\n".join([f"{self.where}: {len(self.problems)} problems", *lines])


class InstrumentError(DvriskError):
    """An instrument, or a file that belongs to one, is not sound: correct the file."""


class UnknownInstrumentError(InstrumentError):
    """No instrument has this id or version: choose one that is listed."""


class AnswerError(DvriskError):
    """Some answers can't be used: correct the answers."""


class DataError(DvriskError):
    """A table, a rating or a number can't be used: correct the data."""


class RecordError(DvriskError):
    """A stored assessment can't be read, or does not follow from its answers: don't rely on it."""


class MissingExtraError(DvriskError, ImportError):
    """A call needs a library that is not installed: install the extra that it names."""

    def __init__(self, extra: str, library: str) -> None:
        super().__init__(f"this call needs {library}, which is not installed. Run: pip install 'dvrisk[{extra}]'")


def named(key: object, valid: Iterable[str]) -> str:
    """Name a key in a message if it is a near miss of a valid id; otherwise say only how long it is."""
    if not isinstance(key, str):
        return f"a key of type {type(key).__name__}"
    near = nearest(key, valid)
    return f"{key} (did you mean {near}?)" if near and _CODE.fullmatch(key) else f"a key of {len(key)} characters"


def got(value: object, valid: Iterable[str]) -> str:
    """Describe a value without repeating it, unless it is a near miss of a valid code.

    A misspelt code helps whoever corrects it. Anything else may be a note or a name, and errors end in logs.
    """
    if not isinstance(value, str):
        return f"got a value of type {type(value).__name__}"
    near = nearest(value, valid)
    if near and _CODE.fullmatch(value):
        return f"got {value!r} (did you mean {near}?)"
    hint = f" (did you mean {near}?)" if near else ""
    return f"got a text of {len(value)} characters that is none of its codes{hint}"


def nearest(word: str, valid: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the valid code most like `word`, if any is like it at all."""
    found = get_close_matches(word.strip().lower().replace(" ", "_"), list(valid), n=1, cutoff=likeness)
    return found[0] if found else None
