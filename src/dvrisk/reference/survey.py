"""A survey of women in six countries as a small data set, with what goes wrong in reading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from dvrisk.errors import DataError, named
from dvrisk.reference.printed import as_percent, gives_percent, read_data, share_of
from dvrisk.schema import Id, Strict, Text
from dvrisk.stats.estimate import Estimate

_NOT_RANDOM = "clients of non-governmental organisations, no random sample"


class TableRow(Strict):
    """A row of a table: what stands in it for each country, as printed."""

    id: Id
    what: Text
    printed: dict[str, Text]
    note: Text | None = None


class Trap(Strict):
    """What a reader would get wrong, and the right reading."""

    id: Id
    wrong: Text
    right: Text


class Survey(Strict):
    """A survey on centres for social work in six countries, as printed, with what goes wrong in reading it.

    Attributes
    ----------
    satisfaction : tuple of int
        How many women gave each score from 1 to 5; `no_answer` gave none.
    """

    year: Text
    source: Text
    read: Literal["seed"]
    asked: Text
    satisfaction: Annotated[tuple[int, ...], Field(min_length=5, max_length=5)]
    no_answer: int
    samples: dict[str, int]
    table1: tuple[TableRow, ...]
    table2: tuple[TableRow, ...]
    traps: tuple[Trap, ...]

    @property
    def percentages(self) -> dict[tuple[str, str], float]:
        """Table 2 as numbers, by row and country."""
        return {(row.id, country): as_percent(text) for row in self.table2 for country, text in row.printed.items()}

    def satisfaction_mean(self) -> Estimate:
        """Return the mean score of the women who gave one; without an interval, since nobody was drawn by chance.

        Examples
        --------
        >>> print(survey_2021().satisfaction_mean())
        3.05
        """
        answered = sum(self.satisfaction)
        mean = sum(score * count for score, count in enumerate(self.satisfaction, start=1)) / answered
        numbers = {"answered": answered, "no_answer": self.no_answer}
        return Estimate(mean, method=f"mean of the scores given; no interval: {_NOT_RANDOM}", counts=numbers)

    def satisfaction_share(self, score: int, *, of: Literal["answered", "table"] = "answered") -> Estimate:
        """Return the share of women who gave a score.

        Parameters
        ----------
        score : int, 1 to 5
        of : {'answered', 'table'}
            Of the 414 who gave a score; or of the 429 in the table, which the printed percentages use.

        Raises
        ------
        DataError
            There is no such score or base. A share of all 476 can't be given: 47 women are in no row.
        """
        from dvrisk.stats.checks import refuse, whole_number  # needs numpy, which the data do not

        strange = [] if of in ("answered", "table") else ["of: expected 'answered' or 'table'."]
        refuse("satisfaction_share", whole_number("score", score, 1, 5), strange)
        total = sum(self.satisfaction) + (self.no_answer if of == "table" else 0)
        share = share_of(self.satisfaction[score - 1], total)
        return replace(share, method=f"{share.method}, for chance alone: {_NOT_RANDOM}")

    def pooled(self, row: str, cases: Mapping[str, int]) -> Estimate:
        """Pool a row of Table 2 over the countries, weighted by numbers of cases that you have from the source.

        Parameters
        ----------
        row : str
            The id of a row.
        cases : mapping of country to int
            On how many cases each percentage rests. The table does not print it; most rows do not fit `samples`.

        Returns
        -------
        Estimate
            Without an interval.

        Raises
        ------
        DataError
            There is no such row, a country is missing, or a percentage can't come from so many cases.
        """
        rows = {each.id: each.printed for each in self.table2}
        if not isinstance(row, str) or row not in rows:
            raise DataError("pooled", [f"{named(row, rows)} is not a row of Table 2."])
        counts = {country: _count(text, cases.get(country)) for country, text in rows[row].items()}
        problems = [
            f"{country}: {rows[row][country]} % is no share of the cases given. Look for its base in the source."
            for country, count in counts.items()
            if count is None
        ]
        if problems:
            raise DataError(f"pooled, {row}", problems)
        numbers = {"count": sum(count or 0 for count in counts.values()), "of": sum(cases[each] for each in counts)}
        method = f"share over the countries, if these are the cases; no interval: {_NOT_RANDOM}"
        return Estimate(numbers["count"] / numbers["of"], method=method, counts=numbers)


@cache
def survey_2021() -> Survey:
    """Load the survey of 476 women in six countries; read its `traps` before its numbers.

    Examples
    --------
    >>> survey = survey_2021()
    >>> survey.percentages["emergency_housing", "ME"], sum(survey.samples.values())
    (46.67, 476)
    """
    return read_data(Survey, "survey-2021")


def _count(printed: str, of: object) -> int | None:
    """Return the count that gives a printed percentage of so many cases, if there is one."""
    if not isinstance(of, int) or isinstance(of, bool) or of < 1:
        return None
    nearest = round(as_percent(printed) * of / 100)
    return nearest if gives_percent(nearest, of, printed) else None
