"""Invented cases with a known truth. Needs the extra `frames`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dvrisk.catalog import Ref, item_bank, load_instrument
from dvrisk.errors import DataError, MissingExtraError
from dvrisk.recipe_schema import SEVERITIES, WHOLE, Gap, Recipe
from dvrisk.recipes import RecipeRef, load_recipe

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from dvrisk.drawing import Drawn

Format = Literal["csv", "parquet", "json"]

MOST_SEED = 2**64 - 1
_MOST_CASES = 2**53
"""Case numbers up to here are whole numbers in every file format."""


@dataclass(frozen=True, repr=False)
class Truth:
    """What is true of invented cases, apart from what is recorded of them.

    Each table has one row a case, in the same order as the answers, and begins with the column `case`.

    Attributes
    ----------
    cases : pandas.DataFrame
        `severity` (the latent one: low, moderate or high), `tendency` (0 to 15; at a high one many facts come
        together), the numbers of the recipe, and for each outcome the day after the report (`repeat_day` and so on;
        null if it does not happen within 365 days) and what is known about it.
    answers : pandas.DataFrame
        The true answers, complete.
    why_missing : pandas.DataFrame
        For each answer, why it is not what is true: `by_chance`, `by_circumstance` (it depends on another recorded
        answer), `by_answer` (it depends on the true answer), `date_not_known`, `not_written_down` (recorded as the
        least risky option), `gate_not_answered`; or `as_it_is`.
    """

    cases: pd.DataFrame
    answers: pd.DataFrame
    why_missing: pd.DataFrame
    _recipe: Recipe
    _seed: int
    _first: int

    def __repr__(self) -> str:
        return f"<what is true of {len(self.cases):,} invented cases>"

    @cached_property
    def days_ago(self) -> pd.DataFrame:
        """For each fact with a date, how many days before the report it was there last; null where it was not.

        Drawn when it is first asked for.
        """
        import pandas as pd

        from dvrisk import outcomes

        dated = {"case": self.cases["case"]}
        for item in self.answers.columns[1:]:
            fact, codes = self._recipe.by_item[item], self.answers[item].cat.codes.to_numpy()
            if outcomes.has_dates(fact):
                dated[item] = _or_null(outcomes.draw_days_ago(fact, codes, self._seed, self._first - 1))
        return pd.DataFrame(dated, copy=False)


@dataclass(frozen=True, repr=False)
class InventedCases:
    """Invented cases: what is recorded, and apart from it, what is true.

    Attributes
    ----------
    recipe : Recipe
    seed, first : int
        Whoever knows recipe, seed and the number of a case can make its truth again: keep the seed with the truth.
    answers : pandas.DataFrame
        One row a case: `case` (an id that says that it is invented), `reported_on`, and one column for each item, with
        option codes and open states, as `score_cohort` takes them.
    truth : Truth
    """

    recipe: Recipe
    seed: int
    first: int
    answers: pd.DataFrame
    truth: Truth

    def __len__(self) -> int:
        return len(self.answers)

    def __repr__(self) -> str:
        return f"<{len(self):,} invented cases of {self.recipe}>"

    def write(self, folder: str | Path, format: Format = "csv") -> None:
        """Write answers, truth and a datasheet into a new folder.

        Parameters
        ----------
        folder : str or pathlib.Path
            Must not exist, or be empty. The truth, with recipe and seed, goes into its subfolder `truth`, so that
            everything else can be handed out.
        format : {'csv', 'parquet', 'json'}, default 'csv'
            Of the tables; JSON has one object a line.

        Raises
        ------
        DataError
            The folder holds something already, or can't be written. Nothing is written over or left half written.
        """
        from dvrisk.datasets import write

        write(self, Path(folder), format)


def simulate(
    recipe: RecipeRef = "serbia-reports",
    n: int = 1000,
    seed: int = 1,
    *,
    instrument: Ref | None = None,
    first: int = 1,
    open_percent: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> InventedCases:
    """Invent cases by a recipe.

    Parameters
    ----------
    recipe : str, pathlib.Path or Recipe, default "serbia-reports"
        An id, "id@version", the path of a recipe file, or a recipe.
    n : int, default 1000
        How many cases, at least 1.
    seed : int, default 1
        From 0 to 2**64 - 1. The same recipe, seed and number of a case give the same values on any machine.
    instrument : str, pathlib.Path or Instrument, optional
        Draw only what this instrument asks; by default, every fact of the recipe.
    first : int, default 1
        Number of the first case: `simulate(n=1, first=731)` is case 731 alone.
    open_percent : int, optional
        From 0 to 100. Instead of the recipe's gaps, leave this share of all answers open, by chance alone, except those
        of the frame (relationship, asked alone, children and the like).
    progress : callable, optional
        Told after each 65,536 cases how many are drawn, and of how many.

    Returns
    -------
    InventedCases

    Raises
    ------
    DataError
        An argument can't be used, or the recipe can't be followed.
    MissingExtraError
        NumPy or pandas is not installed.

    Notes
    -----
    The same seed gives related cases in different recipes: a fact is there in both where its share allows. That makes
    comparisons sharper; for independent cases, take another seed.

    Examples
    --------
    >>> cases = simulate("training-mix", n=3)
    >>> list(cases.answers["case"])
    ['invented-1', 'invented-2', 'invented-3']
    """
    recipe = load_recipe(recipe)
    problems = whole_number_problems(
        ("n", n, 1, _MOST_CASES),
        ("seed", seed, 0, MOST_SEED),
        ("first", first, 1, _MOST_CASES),
        ("open_percent", 0 if open_percent is None else open_percent, 0, 100),
    )
    if problems:
        raise DataError("simulate", problems)
    try:
        from dvrisk import drawing
    except ImportError:
        raise MissingExtraError("frames", "numpy") from None
    if open_percent is not None:
        # Made anew and not copied: a copy would keep the hash of the recipe with its own gaps.
        parts = {name: getattr(recipe, name) for name in Recipe.model_fields}
        recipe = Recipe.model_validate({**parts, "gaps": (_open_by_chance(open_percent),)})
    items = _items(recipe, instrument)

    def done(so_far: int) -> None:
        if progress:
            progress(so_far, n)

    drawn = drawing.draw(recipe, items, seed=seed, first=first - 1, n_cases=n, done=done)
    return _as_tables(recipe, seed, first, drawn)


def whole_number_problems(*limits: tuple[str, object, int, int]) -> list[str]:
    """Say which of some arguments (name, value, least, most) is no whole number between its limits."""
    problems = []
    for name, value, least, most in limits:
        if not isinstance(value, Integral) or isinstance(value, bool):  # NumPy's whole numbers are Integral, too
            problems.append(f"{name}: got {type(value).__name__}, expected a whole number. Give one.")
        elif not least <= int(value) <= most:
            problems.append(f"{name}: got {value}, expected {least} to {most}. Give one in between.")
    return problems


def _open_by_chance(percent: int) -> Gap:
    areas = sorted({entry["area"] for entry in item_bank().values()} - {"frame"})
    return Gap.model_validate(
        {
            "id": "open_by_chance",
            "mechanism": "by_chance",
            "areas": tuple(areas),
            "per_10000": percent * WHOLE // 100,
            "reads": "unknown",
            "from": "asked for by the caller",
        }
    )


def _items(recipe: Recipe, instrument: Ref | None) -> list[str]:
    if instrument is None:
        return list(recipe.by_item)
    asked = load_instrument(instrument)
    missing = [item.id for item in asked.items if item.id not in recipe.by_item]
    if missing:
        listed = ", ".join(missing[:5]) + (" and others" if len(missing) > 5 else "")
        raise DataError(str(recipe), [f"does not say how often {listed} is there, which {asked} asks. Add it."])
    return [item for item in recipe.by_item if item in asked.by_id]


def _as_tables(recipe: Recipe, seed: int, first: int, drawn: Drawn) -> InventedCases:
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtraError("frames", "pandas") from None
    import numpy as np

    from dvrisk import drawing, outcomes

    n_cases = len(drawn.severity)
    ids = pd.Series(np.arange(first, first + n_cases)).astype(str).radd("invented-")
    reported = outcomes.draw_reported(recipe, seed, first - 1, n_cases).astype("datetime64[s]")

    def table(columns: Mapping[str, object]) -> pd.DataFrame:
        return pd.DataFrame({"case": ids, **columns}, copy=False)

    def coded(columns: Mapping[str, np.ndarray]) -> dict[str, pd.Categorical]:
        return {item: pd.Categorical.from_codes(codes, drawing.categories(item)) for item, codes in columns.items()}

    why = {item: pd.Categorical.from_codes(codes, drawing.WHY) for item, codes in drawn.why.items()}
    truth = Truth(
        cases=table(_about(recipe, seed, first - 1, drawn)),
        answers=table(coded(drawn.true)),
        why_missing=table(why),
        _recipe=recipe,
        _seed=seed,
        _first=first,
    )
    return InventedCases(recipe, seed, first, table({"reported_on": reported, **coded(drawn.recorded)}), truth)


def _about(recipe: Recipe, seed: int, start: int, drawn: Drawn) -> dict[str, object]:
    """Return what is true of each case as a whole, and what happens to it."""
    import pandas as pd

    from dvrisk import outcomes

    about: dict[str, object] = {
        "severity": pd.Categorical.from_codes(drawn.severity, SEVERITIES, ordered=True),
        "tendency": drawn.tendency,
    }
    for number in recipe.numbers:
        if number.item in drawn.true:
            about[number.id] = outcomes.draw_number(number, drawn.true[number.item] > 0, seed, start)
    for name, values in outcomes.draw_outcomes(recipe, drawn.severity, seed, start).items():
        about[name] = _or_null(values) if name.endswith("_day") else values
    return about


def _or_null(days: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Return days as whole numbers with nulls where there are none."""
    import pandas as pd

    return pd.arrays.IntegerArray(days, days < 0)
