"""What the linter sees in the vectors of a definition: whether they hold, and reach every edge and rule."""

from __future__ import annotations

from collections.abc import Iterator

from dvrisk.errors import DvriskError
from dvrisk.findings import Finding, breach, doubt
from dvrisk.lint_scoring import attainable_scores
from dvrisk.schema import Instrument
from dvrisk.vectors import Vector, differences, load_vectors, result_of


def vector_findings(instrument: Instrument) -> Iterator[Finding]:
    """Yield vectors that fail, and edges and rules that none of them reaches."""
    try:
        vectors = load_vectors(instrument)
    except DvriskError as error:
        if instrument.path and instrument.path.with_name(f"{instrument.path.stem}.vectors.toml").is_file():
            yield from (breach("vectors-hold", "vectors", text.rstrip("."), "Correct it") for text in error.problems)
        else:
            todo = "Write answers with the results that must come out"
            yield doubt("vectors-cover-edges", "vectors", "there are none", todo)
        return
    broken = list(_failing(vectors, instrument))
    yield from broken or _uncovered(vectors, instrument)


def _failing(vectors: tuple[Vector, ...], instrument: Instrument) -> Iterator[Finding]:
    for vector in vectors:
        try:
            found = differences(vector, instrument)
        except DvriskError as error:
            yield breach("vectors-hold", f"vectors.{vector.id}", str(error).rstrip("."), "Correct its answers")
            continue
        for key, (expected, result) in found.items():
            what = f"{key}: expected {expected}, and the definition gives {result}"
            yield breach("vectors-hold", f"vectors.{vector.id}", what, "Find out which of the two is wrong")


def _uncovered(vectors: tuple[Vector, ...], instrument: Instrument) -> Iterator[Finding]:
    results = [result_of(vector, instrument) for vector in vectors]
    settled = {result.score_low for result in results if result.score_low == result.score_high}
    attainable = attainable_scores(instrument)
    for band in instrument.bands:
        inside = [score for score in attainable if band.first <= score <= band.last]
        for edge in sorted({min(inside), max(inside)} - settled) if inside else []:
            what = f"no vector has the score {edge}, at the edge of {band.id}"
            yield doubt("vectors-cover-edges", "vectors", what, "Add one")
    fired = {rule.id for result in results for rule in result.rules}
    for rule in instrument.rules:
        if rule.id not in fired:
            what = f"no vector makes the rule {rule.id} hold"
            yield doubt("vectors-cover-edges", "vectors", what, "Add one")
    if not any(vector.base == "open" for vector in vectors):
        yield doubt("vectors-cover-edges", "vectors", "no vector leaves items open", "Add one with base = 'open'")
