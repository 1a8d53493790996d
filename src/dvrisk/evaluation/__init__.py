"""Does an instrument deserve trust: answers and outcomes of many people in, a report and a table out.

Needs the extra `research`. docs/evaluate.md says what to bring and how to read what comes out.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dvrisk.catalog import Ref
from dvrisk.datasets import check_is_free, whole_folder
from dvrisk.encoding import Codes
from dvrisk.errors import MissingExtraError

try:
    from dvrisk.evaluation.figures import BASE_RATES, THRESHOLDS, Design, Figures, figures_of
    from dvrisk.evaluation.rows import Row, rows_of
    from dvrisk.evaluation.summary import summary_of
    from dvrisk.stats.groups import LEAST
    from dvrisk.stats.recalibration import Setting
except ModuleNotFoundError as missing:
    raise MissingExtraError("research", missing.name or "a library") from None

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False, eq=False)
class Evaluation:
    """What was found.

    Attributes
    ----------
    figures : Figures
        Every figure, with its interval and what it rests on.
    """

    figures: Figures

    def __repr__(self) -> str:
        people = self.figures.people
        events = int(people.outcome.sum())
        return f"<evaluation of {people.instrument}: {people.coded.n_cases:,} people, {events:,} events>"

    def summary(self) -> tuple[str, ...]:
        """Return what stands first on the page, sentence by sentence."""
        return summary_of(self.figures)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The figures as rows of one long table."""
        return tuple(rows_of(self.figures))

    def table(self) -> pd.DataFrame:
        """Return the figures as one long table, a row a figure."""
        try:
            import pandas as pd
        except ImportError:
            raise MissingExtraError("research", "pandas") from None
        return pd.DataFrame(self.rows, columns=Row._fields)

    def page(self) -> str:
        """Return the report as one HTML page, pictures inside."""
        from dvrisk.evaluation.page import (
            page_of,
        )  # matplotlib takes long to load, and the figures alone do not need it

        return page_of(self.figures)

    def write(self, folder: Path) -> None:
        """Write `report.html` and `figures.csv` into a new folder; everything, or nothing.

        Raises
        ------
        DataError
            The folder holds something already, or can't be written.
        """
        check_is_free(folder)
        page, figures = self.page(), self.table()
        with whole_folder(folder) as unfinished:
            (unfinished / "report.html").write_text(page, encoding="utf-8")
            figures.to_csv(unfinished / "figures.csv", index=False, lineterminator="\n")


def evaluate(
    frame: Any,
    outcome: str,
    setting: Setting,
    instrument: Ref = "integrated",
    *,
    design: Design = "cohort",
    group: str | None = None,
    probability: str | None = None,
    against: Ref | None = None,
    base_rates: Sequence[float] = BASE_RATES,
    thresholds: Sequence[float] = THRESHOLDS,
    least: int = LEAST,
    columns: Mapping[str, str] | None = None,
    codes: Codes = None,
    allow_draft: bool = False,
    training_confirmed: bool = False,
) -> Evaluation:
    """Compare the answers of many people with what happened to them.

    Parameters
    ----------
    frame : pandas.DataFrame, polars.DataFrame, polars.LazyFrame or pyarrow.Table
        One row a person, one column an item, and the outcome.
    outcome : str
        The column with 0 (no event) and 1 (event).
    setting : Setting
        Country, years, what the event is, and for how long people were followed: no rate without it.
    instrument : str, pathlib.Path or Instrument, default "integrated"
    design : {'cohort', 'case-control'}, default 'cohort'
        'case-control' where people were chosen by their outcome: rates and predictive values are left out then.
    group : str, optional
        A column with each person's group, at most 20 of them; figures are given by group then.
    probability : str, optional
        A column with probabilities that somebody gave these people, to be held to what happened.
    against : str, pathlib.Path or Instrument, optional
        Another instrument that asks the same columns, compared on the same people.
    base_rates : sequence of float
        Shares of people with the event for which predictive values are worked out.
    thresholds : sequence of float
        Probabilities from which one would act, for net benefit.
    least : int, default 10
        People with, and people without, the event that a group needs to be shown.
    columns, codes, allow_draft, training_confirmed
        As for `score_cohort`.

    Returns
    -------
    Evaluation

    Raises
    ------
    DataError
        A column is missing, the outcome is also an item, is not 0 and 1, has gaps, or has one value only.

    Warns
    -----
    UserWarning
        Items without a column: they are open for everybody.

    Examples
    --------
    >>> from dvrisk import simulate
    >>> cases = simulate("serbia-reports", n=2000, seed=1)
    >>> table = cases.answers.assign(repeat=cases.truth.cases["repeat_day"].notna().to_numpy())
    >>> setting = Setting("nowhere, invented", "2022", "any repeat, as recorded", "365 days")
    >>> found = evaluate(table, "repeat", setting)
    >>> found
    <evaluation of integrated 1.0: 2,000 people, 293 events>
    >>> print(found.figures.auc, "|", found.figures.auc_range)
    0.59 (0.56 to 0.63) | 0.19 to 0.93 (unknown read as no: 0.59)
    """
    found = figures_of(
        frame,
        outcome,
        setting,
        instrument,
        design=design,
        group=group,
        probability=probability,
        against=against,
        base_rates=base_rates,
        thresholds=thresholds,
        least=least,
        columns=columns,
        codes=codes,
        allow_draft=allow_draft,
        training_confirmed=training_confirmed,
    )
    missing = found.people.without_column()
    if missing:
        hints = [item if near is None else f"{item} (is it {near}?)" for item, near in missing.items()]
        said = ", ".join(hints[:5]) + (" and others" if len(hints) > 5 else "")
        warnings.warn(f"{len(hints)} items have no column and are open for everybody: {said}", stacklevel=2)
    return Evaluation(found)


__all__ = ["Design", "Evaluation", "Figures", "Row", "Setting", "evaluate"]
