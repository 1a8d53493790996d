"""The linter: whether a definition is sound, honest and complete, with its texts and its vectors.

Loading refuses what breaks the laws of scoring. The linter says the same, each thing under the id of a rule, and looks
at what loading can't see: bands that no score reaches, items called critical that change nothing, a known
instrument's name over other points, texts that promise too much, vectors that miss an edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dvrisk._files import read_toml
from dvrisk.catalog import Ref, inspect_definition, load_instrument
from dvrisk.errors import InstrumentError
from dvrisk.findings import Finding, breach
from dvrisk.lint_scoring import scoring_findings
from dvrisk.lint_texts import text_findings
from dvrisk.lint_vectors import vector_findings
from dvrisk.schema import Instrument


def lint_instrument(ref: Ref) -> tuple[Finding, ...]:
    """Check a definition with its language files, its vectors and its entry in the lock file.

    Parameters
    ----------
    ref : str, pathlib.Path or Instrument
        An id, "id@version", the path of a definition file, or an instrument.

    Returns
    -------
    tuple of Finding
        Errors first; empty if nothing was found. docs/lint.md lists the rules.

    Raises
    ------
    UnknownInstrumentError
        No shipped instrument has this id or version.
    InstrumentError
        There is no such file.

    Examples
    --------
    >>> lint_instrument("first-look")
    ()
    """
    if not isinstance(ref, Path):
        return _checked(load_instrument(ref))
    if not ref.is_file():
        return _checked(load_instrument(ref))  # raises: there is nothing to check
    try:
        instrument, found = inspect_definition(ref)
    except InstrumentError as error:
        return tuple(
            breach("readable", ref.name, problem.rstrip("."), "Correct the file") for problem in error.problems
        )
    return tuple(found) if found or instrument is None else _checked(instrument)


def _checked(instrument: Instrument) -> tuple[Finding, ...]:
    found = [*scoring_findings(instrument), *text_findings(instrument)]
    if instrument.path is not None:
        found += [*vector_findings(instrument), *_lock_findings(instrument, instrument.path)]
    return tuple(sorted(found, key=lambda finding: finding.severity))


def _lock_findings(instrument: Instrument, path: Path) -> Iterator[Finding]:
    """Compare with the hash in lock.toml, beside the folder of the instrument: a released definition never changes."""
    lock = path.parent.parent / "lock.toml"
    if not lock.is_file():
        return
    name = f"{instrument.id}@{instrument.version}"
    locked = read_toml(lock, InstrumentError).get(name)
    if locked is None and instrument.status != "draft":
        todo = f'Add the line "{name}" = "{instrument.sha256}" when it is released'
        yield breach("hash-matches-lock", "lock.toml", f"{name} has no entry", todo)
    elif locked is not None and locked != instrument.sha256:
        what = f"{name} has another scoring than the one that was released"
        yield breach("hash-matches-lock", "lock.toml", what, "Give the change a new version that names the old one")
