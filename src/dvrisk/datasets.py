"""Write invented cases into a folder: answers and a datasheet, and apart from them the truth."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dvrisk._files import engine_version
from dvrisk.errors import DataError, MissingExtraError
from dvrisk.recipe_schema import WHOLE, Gap

if TYPE_CHECKING:
    import pandas as pd

    from dvrisk.simulation import InventedCases

SUFFIXES = {"csv": ".csv", "parquet": ".parquet", "json": ".jsonl"}
"""Endings of the tables' files by format; JSON has one object a line."""

_MECHANISMS = {
    "by_chance": "by chance alone (`by_chance`, missing completely at random)",
    "by_circumstance": "by another recorded answer (`by_circumstance`, missing at random)",
    "by_answer": "by the true answer itself, which is not the least risky one (missing not at random)",
}
_READS = {
    "not_asked": "reads *not asked*",
    "unknown": "reads *unknown*",
    "declined": "reads *declined*",
    "undated": "is there, its date reads *not known*",
    "least": "reads as the least risky option, although it is not",
}


def write(cases: InventedCases, folder: Path, format: str) -> None:
    """Write everything, or nothing."""
    if format not in SUFFIXES:
        raise DataError("write", [f"got another format, expected one of {', '.join(SUFFIXES)}."])
    with whole_folder(folder) as unfinished:
        _write_all(cases, unfinished, SUFFIXES[format])


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, which takes the name in the end, or is removed if anything goes wrong."""
    check_is_free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as problem:
        raise DataError("write", [f"the folder can't be made: {problem.strerror}. Choose another."]) from None
    try:
        yield unfinished
        check_is_free(folder)
        if folder.exists():
            folder.rmdir()
        unfinished.chmod(0o755)
        unfinished.rename(folder)
    except OSError as problem:
        raise DataError("write", [f"the files can't be written: {problem.strerror}. Nothing was kept."]) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def check_is_free(folder: Path) -> None:
    """Refuse a folder that holds something, or a file in its place."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problem = (
            f"{folder.name} holds other data, expected a new or an empty folder. Nothing was written; name another."
        )
        raise DataError("write", [problem])


def _write_all(cases: InventedCases, folder: Path, suffix: str) -> None:
    truth = folder / "truth"
    truth.mkdir()
    _write_table(cases.answers, folder / f"answers{suffix}")
    for name in ("cases", "answers", "why_missing", "days_ago"):
        _write_table(getattr(cases.truth, name), truth / f"{name}{suffix}")
    (truth / "made-from.json").write_text(_made_from(cases), encoding="utf-8", newline="\n")
    (folder / "DATASHEET.md").write_text(datasheet(cases), encoding="utf-8", newline="\n")


def _write_table(table: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".csv":
        table.to_csv(path, index=False, lineterminator="\n")
    elif path.suffix == ".parquet":
        try:
            table.to_parquet(path, index=False)
        except ImportError:
            raise MissingExtraError("frames", "pyarrow") from None
    else:
        dates = table.select_dtypes("datetime").columns
        plain = table.assign(**{name: table[name].dt.strftime("%Y-%m-%d") for name in dates})
        plain.to_json(path, orient="records", lines=True)


def _made_from(cases: InventedCases) -> str:
    made: dict[str, Any] = {
        "recipe": f"{cases.recipe.id}@{cases.recipe.version}",
        "sha256": cases.recipe.sha256,
        "seed": cases.seed,
        "first": cases.first,
        "n": len(cases),
        "dvrisk": engine_version(),
        "whole_recipe": cases.recipe.model_dump(mode="json", by_alias=True),
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def datasheet(cases: InventedCases) -> str:
    """Describe invented cases for whoever is handed them: what they are, how they came about, what they are not for.

    It names no seed: with recipe and seed the truth can be made again.
    """
    recipe, columns = cases.recipe, cases.answers.shape[1] - 2
    gaps = "\n".join(_gap_line(gap) for gap in recipe.gaps if gap.per_10000)
    return f"""# Datasheet: {len(cases):,} invented cases ({recipe})

**Every case is invented. Nobody in it is real.** {recipe.about}

## What is in it

- `answers`: one row a case. `case` is an id that says that the case is invented, `reported_on` an invented date, and
  {columns} columns are items, named by their ids. Values are option codes, `not_applicable`, and the open states
  `unknown`, `declined` and `not_asked`. None of the open states is a no.
- `truth`, a folder of its own: what is true of each case (`cases`: latent severity, and what happens within a year;
  `answers`; `days_ago`), why each answer is not what is true (`why_missing`), and from what the cases were made
  (`made-from.json`). `tendency` in `cases` runs from 0 to 15; at a high one many facts come together. **Keep the truth
  from people who are to rate or score the cases**, and the seed with it: whoever has the seed can make the truth again.

## How it was made

By dvrisk {engine_version()} from the recipe {recipe}, SHA-256 {recipe.sha256}.
No real case went into it: the rates are published figures, each with its source in the recipe, or assumed and marked
so. Most are assumed.

Answers go missing in these ways; a cell can fall to one of them only. `why_missing` says of each cell which kind it
was.

{gaps or "none: every answer is recorded as it is."}

## What it is for, and what not

- For trying out software, for training, and for studying what instruments, gaps and raters do to results.
- Not for saying how common anything is, how dangerous anybody is, or whether an instrument is valid: agreement and
  calibration on invented cases test software and training.
- The severities are what the generator started from. They are no finding of an instrument, and no standard to mark
  people by.

## Licence

CC BY 4.0, the dvrisk contributors.
"""


def _gap_line(gap: Gap) -> str:
    share = f"{100 * gap.per_10000 / WHOLE:g} %"
    named = [f"`{item}`" for item in gap.items]
    named += [f"the areas {' and '.join(gap.areas)}"] if gap.areas else []
    of = f"of {', '.join(named)}" + (f", but not {', '.join(gap.but)}" if gap.but else "")
    where = f", where `{gap.when.item}` is recorded as {' or '.join(gap.when.among)}" if gap.when else ""
    return f"- `{gap.id}`: {share} {of}{where}: {_MECHANISMS[gap.mechanism]}; the answer {_READS[gap.reads]}."
