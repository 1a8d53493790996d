"""The commands on tables: `dvrisk score` adds results, `dvrisk evaluate` sets answers beside outcomes."""

from __future__ import annotations

import argparse
import json
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from dvrisk._files import must_be_new, path_or_id
from dvrisk.catalog import load_instrument
from dvrisk.cohort import ADDED, score_cohort
from dvrisk.datasets import check_is_free
from dvrisk.schema import UNDETERMINED
from dvrisk.tables import check_suffix, read_table, write_table

if TYPE_CHECKING:
    import pyarrow as pa


def add_score(parser: argparse.ArgumentParser) -> None:
    """Add the arguments to the parser of `score`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="one row a case, one column an item; .csv or .parquet")
    _add_instrument(parser)
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--out", type=Path, metavar="FILE", help="a new file with the results added; .csv or .parquet")
    output.add_argument(
        "--json", action="store_true", help="print the results for machines, a list with one entry a case"
    )
    parser.set_defaults(run=_score)


def add_evaluate(parser: argparse.ArgumentParser) -> None:
    """Add the arguments to the parser of `evaluate`."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="one row a person: answers and outcome; .csv or .parquet"
    )
    parser.add_argument("--outcome", required=True, metavar="COLUMN", help="the column with 0 (no event) and 1 (event)")
    parser.add_argument("--country", required=True, help="where")
    parser.add_argument("--years", required=True, help="when people were assessed")
    parser.add_argument("--event", required=True, help="what was counted as the event, and who recorded it")
    parser.add_argument("--follow-up", required=True, metavar="TIME", help="for how long")
    _add_instrument(parser)
    parser.add_argument("--against", metavar="ID", help="another instrument on the same people")
    parser.add_argument("--group", metavar="COLUMN", help="give every figure by group as well")
    parser.add_argument(
        "--probability", metavar="COLUMN", help="hold probabilities that people were given to the outcome"
    )
    parser.add_argument("--case-control", action="store_true", help="people were chosen by their outcome")
    output = parser.add_mutually_exclusive_group(required=True)
    output.add_argument("--out", type=Path, metavar="FOLDER", help="a new folder for report.html and figures.csv")
    output.add_argument("--json", action="store_true", help="print the figures for machines")
    parser.set_defaults(run=_evaluate)


def _add_instrument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--instrument", default="integrated", metavar="ID", help="an id, id@version, or a path")
    parser.add_argument("--allow-draft", action="store_true", help="score with a rule that was not checked")
    parser.add_argument("--training-confirmed", action="store_true", help="you hold the training it asks for")


def _score(options: argparse.Namespace) -> str:
    if options.out is not None:
        check_suffix(options.out)
        must_be_new(options.out)
    table = read_table(options.file)
    with warnings.catch_warnings(record=True) as caught:  # told in the output, not as a warning of Python
        warnings.simplefilter("always")
        scored = score_cohort(
            table,
            load_instrument(path_or_id(options.instrument)),
            allow_draft=options.allow_draft,
            training_confirmed=options.training_confirmed,
        )
    said = [str(warning.message) for warning in caught]
    if options.json:
        return json.dumps(_results(scored).to_pylist(), indent=1)
    if options.out is not None:
        write_table(scored, options.out)
        said.append(f"Written: {options.out}")
    counts = Counter(map(_reading, scored["level"].to_pylist(), scored["settled"].to_pylist()))
    return "\n".join(
        [f"{scored.num_rows:,} cases: {', '.join(f'{level} {n:,}' for level, n in counts.items())}", *said]
    )


def _reading(level: str, settled: bool) -> str:
    return level if settled or level == UNDETERMINED else f"at least {level}"


def _results(scored: pa.Table) -> pa.Table:
    return scored.select(
        [name for name in scored.column_names if name in (*ADDED, "official_score", "official_result")]
    )


def _evaluate(options: argparse.Namespace) -> str:
    from dvrisk.evaluation import Setting, evaluate  # it needs an extra, which the other commands do not

    if options.out is not None:
        check_is_free(options.out)
    setting = Setting(options.country, options.years, options.event, options.follow_up)
    with warnings.catch_warnings():  # items without a column stand in the summary
        warnings.simplefilter("ignore", UserWarning)
        found = evaluate(
            read_table(options.file),
            options.outcome,
            setting,
            path_or_id(options.instrument),
            design="case-control" if options.case_control else "cohort",
            group=options.group,
            probability=options.probability,
            against=path_or_id(options.against) if options.against else None,
            allow_draft=options.allow_draft,
            training_confirmed=options.training_confirmed,
        )
    if options.json:
        return json.dumps([row._asdict() for row in found.rows], ensure_ascii=False, indent=1)
    found.write(options.out)
    where = (f"The report: {options.out / 'report.html'}", f"Every figure: {options.out / 'figures.csv'}")
    return "\n".join((*found.summary(), *where))
