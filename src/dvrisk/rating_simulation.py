"""Invented raters of invented cases: how high they rate, how steadily, with which habits. Needs the extra `frames`.

Nobody's profession is in here: a rater has numbers, and they are known, so that a statistic can be tried on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from math import inf, isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

from dvrisk.catalog import item_bank
from dvrisk.errors import DataError, named
from dvrisk.simulation import MOST_SEED, InventedCases, whole_number_problems

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from dvrisk.rating_draws import Hand

    Floats = NDArray[np.float64]

_LEAST_NOISE = 0.01


@dataclass(frozen=True)
class Rater:
    """How an invented rater rates.

    Attributes
    ----------
    severity : float, default 0.0
        In logits, on levels and on items. Above 0: rates higher than others, sees more danger; below 0: lower.
    noise : float, default 1.0
        Spread of the logistic noise, as a multiple of the usual one; at least 0.01.
    leanings : mapping of str to float, optional
        In logits, by area of items: rates these items higher (above 0) or lower than the others.
    halo : float, default 0.0
        In logits: for each step that the own level is above or below the middle one, all items follow by so much.
    anchoring : float, default 0.0
        In logits: for each step that the first case's own level is above or below the middle one, later levels follow
        by so much (above 0), or move the other way (below 0).
    careless : float, default 0.0
        Share of marks made without looking, from 0 to 1: every option as often.
    copies : int, optional
        Place of an earlier rater, from 0, from whom marks are copied, with the share `copying`.
    copying : float, default 0.0
        Share of marks that are copied, from 0 to 1.
    missing : float, default 0.0
        Share of marks that are not made, from 0 to 1, by chance.
    training : float, default 0.0
        From the second round on, severity, leanings, halo, anchoring, carelessness and what noise exceeds 0.01 are
        smaller by this share, from 0 to 1.
    """

    severity: float = 0.0
    noise: float = 1.0
    leanings: Mapping[str, float] = field(default_factory=dict)
    halo: float = 0.0
    anchoring: float = 0.0
    careless: float = 0.0
    copies: int | None = None
    copying: float = 0.0
    missing: float = 0.0
    training: float = 0.0

    def in_round(self, round: int) -> Rater:
        """Return the rater as in a round: the first is before training."""
        if round == 1 or not self.training:
            return self
        left = 1 - self.training
        return Rater(
            severity=self.severity * left,
            noise=_LEAST_NOISE + (self.noise - _LEAST_NOISE) * left,
            leanings={area: lean * left for area, lean in self.leanings.items()},
            halo=self.halo * left,
            anchoring=self.anchoring * left,
            careless=self.careless * left,
            copies=self.copies,
            copying=self.copying,
            missing=self.missing,
        )


@dataclass(frozen=True)
class RatingsTruth:
    """What is true of invented ratings.

    Attributes
    ----------
    levels : array, n_cases
        Ranks of the latent severities, 0 to 2.
    items : array, n_cases x n_items
        Ranks of the true answers.
    raters : tuple of Rater
    """

    levels: Floats = field(repr=False)
    items: Floats = field(repr=False)
    raters: tuple[Rater, ...]


@dataclass(frozen=True, repr=False)
class InventedRatings:
    """Invented ratings, and apart from them what is true.

    Attributes
    ----------
    levels : array, n_raters x n_cases
        Ranks of levels, 0 (lowest) to 2; NaN where a rater did not rate.
    items : array, n_raters x n_cases x n_items
        Ranks of options, 0 (least risky) on; NaN where there is no mark.
    rater_ids, case_ids, item_ids : tuple of str
    truth : RatingsTruth
    """

    levels: Floats
    items: Floats
    rater_ids: tuple[str, ...]
    case_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    truth: RatingsTruth

    def __repr__(self) -> str:
        n_raters, n_cases, n_items = self.items.shape
        return f"<ratings of {n_cases} invented cases by {n_raters} invented raters, {n_items} items>"

    def to_frame(self) -> pd.DataFrame:
        """Return one row a rater and case: `rater`, `case`, `level`, and one column for each item; ranks, or null."""
        import pandas as pd

        n_raters, n_cases, n_items = self.items.shape
        marks = self.items.reshape(n_raters * n_cases, n_items)
        columns = {"level": self.levels.ravel()} | dict(zip(self.item_ids, marks.T, strict=True))
        ranks = {name: pd.array(values, dtype="Int8") for name, values in columns.items()}
        raters = [rater for rater in self.rater_ids for _ in range(n_cases)]
        return pd.DataFrame({"rater": raters, "case": list(self.case_ids) * n_raters, **ranks})


def simulate_ratings(
    cases: InventedCases,
    raters: int | Sequence[Rater] = 20,
    seed: int = 1,
    *,
    items: Sequence[str] | None = None,
    round: int = 1,
    cases_each: int | None = None,
    clarity: float = 2.0,
    spread: float = 3.0,
) -> InventedRatings:
    """Let invented raters rate invented cases.

    Parameters
    ----------
    cases : InventedCases
        As `simulate` gives them.
    raters : int or sequence of Rater, default 20
        A number of ordinary raters, or raters one by one.
    seed : int, default 1
        From 0 to 2**64 - 1. A rater's marks depend on the rater's place, not on how many others there are.
    items : sequence of str, optional
        Items that are marked; by default all that the cases have but those of the frame, the context and the needs.
    round : int, default 1
        From the second round on, training shows; the noise is new in each round.
    cases_each : int, optional
        How many cases each rater rates, in turn: the first rater the first ones, the next rater those that follow, and
        so on, round and round. By default all.
    clarity : float, default 2.0
        In logits: how far a yes, or a no, lies above or below the point of indifference.
    spread : float, default 3.0
        In logits: how far one latent severity lies from the next.

    Returns
    -------
    InventedRatings

    Raises
    ------
    DataError
        An argument or a rater can't be used; the error lists every problem at once.

    Notes
    -----
    With s the rater's severity and b the noise, for a case of latent severity d (0, 1 or 2),
    P(level >= k) = logistic((spread (d - k + 1/2) + s + anchoring (first - 1)) / b), k = 1, 2;
    for an item of truth t, P(mark >= k) = logistic((2 clarity (t - k + 1/2) + s + leaning + halo (level - 1)) / b).
    `first` and `level` are the rater's own. An item that is not applicable counts as its least risky option.

    Examples
    --------
    >>> from dvrisk import simulate
    >>> ratings = simulate_ratings(simulate("training-mix", n=8), raters=20, items=["strangulation", "jealousy"])
    >>> ratings.levels.shape, ratings.items.shape
    ((20, 8), (20, 8, 2))
    """
    _check_kinds(cases, raters, items)
    people = (Rater(),) * raters if isinstance(raters, int) else tuple(raters)
    asked = tuple(items) if items is not None else _asked(cases)
    sitting = _Sitting(seed, round, cases_each, clarity, spread)
    _check(cases, people, asked, sitting)
    return _rated(cases, people, asked, sitting)


def _check_kinds(cases: object, raters: object, items: object) -> None:
    problems = []
    if not isinstance(cases, InventedCases):
        problems.append(f"cases: got {type(cases).__name__}, expected what dvrisk.simulate gives. Pass all of it.")
    listed = isinstance(raters, Sequence) and all(isinstance(rater, Rater) for rater in raters)
    if isinstance(raters, bool) or not (isinstance(raters, int) or listed):
        problems.append("raters: expected a whole number or a list of dvrisk.Rater. Give one.")
    if isinstance(items, str):
        problems.append("items: got one text, expected a list of item ids. Put it into brackets.")
    if problems:
        raise DataError("simulate_ratings", problems)


class _Sitting(NamedTuple):
    """How cases are rated, once for all raters."""

    seed: int
    round: int
    cases_each: int | None
    clarity: float
    spread: float


def _rated(
    cases: InventedCases, raters: tuple[Rater, ...], items: tuple[str, ...], sitting: _Sitting
) -> InventedRatings:
    import numpy as np

    from dvrisk.rating_draws import turn

    severity = cases.truth.cases["severity"].cat.codes.to_numpy().astype(np.int64)
    truth = np.array([_ranks(cases, item) for item in items], dtype=np.int64).reshape(len(items), len(cases))
    shape = (len(raters), 1 + len(items), len(cases))
    marks, made = np.empty(shape, np.int64), np.zeros(shape, np.bool_)  # the first row of a rater is the level
    for place, rater in enumerate(raters):
        turns = turn(place, len(cases), sitting.cases_each)
        stream = f"rating/{sitting.round}/{place}"
        hand = hand_of(rater.in_round(sitting.round), seed=sitting.seed, stream=stream, start=cases.first - 1)
        other: Any = [None] * shape[1] if rater.copies is None else marks[rater.copies]
        marks[place, 0] = hand.levels(severity, sitting.spread, int(turns[0]), other[0])
        for row, item in enumerate(items, start=1):
            marks[place, row] = hand.item(item, truth[row - 1], marks[place, 0], sitting.clarity, other[row])
        made[place][:, turns] = True
        for row, name in enumerate(("level", *items)):
            made[place, row] &= ~hand.left_out(name, len(cases))
    ratings = np.where(made, marks, np.nan)
    return InventedRatings(
        levels=ratings[:, 0].copy(),
        items=ratings[:, 1:].transpose(0, 2, 1).copy(),
        rater_ids=tuple(f"rater-{place + 1}" for place in range(len(raters))),
        case_ids=tuple(cases.answers["case"]),
        item_ids=items,
        truth=RatingsTruth(severity.astype(np.float64), truth.T.astype(np.float64), raters),
    )


def hand_of(rater: Rater, *, seed: int, stream: str, start: int = 0) -> Hand:
    """Return the hand that makes a rater's marks; `stream` names the round and the rater, `start` the first case."""
    from dvrisk.rating_draws import Hand

    own = {name: getattr(rater, name) for name in Hand.__dataclass_fields__ if hasattr(rater, name)}
    return Hand(**own, seed=seed, stream=stream, start=start)


def _ranks(cases: InventedCases, item: str) -> np.ndarray:
    """Return the places of the true answers among the options; what is not applicable counts as the least risky one."""
    import numpy as np

    codes = cases.truth.answers[item].cat.codes.to_numpy().astype(np.int64)
    return np.where(codes < len(item_bank()[item]["options"]), codes, 0)


def _asked(cases: InventedCases) -> tuple[str, ...]:
    apart = ("frame", "context", "needs")
    return tuple(item for item in cases.truth.answers.columns[1:] if item_bank()[item]["area"] not in apart)


def _check(cases: InventedCases, raters: tuple[Rater, ...], items: tuple[str, ...], sitting: _Sitting) -> None:
    problems = [] if raters else ["raters: got none, expected at least 1. Give a number or some Rater."]
    known = list(cases.truth.answers.columns[1:])
    if not items or len(set(items)) < len(items):
        problems.append("items: expected at least one item, and none twice. Correct the list.")
    problems += [f"items: the cases have no {named(item, known)}. Leave it out." for item in items if item not in known]
    each = len(cases) if sitting.cases_each is None else sitting.cases_each
    problems += whole_number_problems(
        ("seed", sitting.seed, 0, MOST_SEED), ("round", sitting.round, 1, 1000), ("cases_each", each, 1, len(cases))
    )
    for name, value in (("clarity", sitting.clarity), ("spread", sitting.spread)):
        if not (isfinite(value) and value >= 0):
            problems.append(f"{name}: got {value}, expected a number of logits from 0 on. Give one.")
    for place, rater in enumerate(raters):
        problems += [f"raters[{place}].{problem}" for problem in _rater_problems(rater, place)]
    if problems:
        raise DataError("simulate_ratings", problems)


def _rater_problems(rater: Rater, place: int) -> Iterator[str]:
    numbers = {field.name: getattr(rater, field.name) for field in fields(Rater) if field.type == "float"}
    wrong = [name for name, value in numbers.items() if not isinstance(value, Real) or isinstance(value, bool)]
    if wrong:
        yield f"{', '.join(wrong)}: expected numbers. Correct them."
        return
    for name in ("careless", "copying", "missing", "training"):
        if not 0 <= getattr(rater, name) <= 1:
            yield f"{name}: got {getattr(rater, name)}, expected a share from 0 to 1. Correct it."
    for name in ("severity", "halo", "anchoring"):
        if not isfinite(getattr(rater, name)):
            yield f"{name}: expected a number of logits. Correct it."
    if not _LEAST_NOISE <= rater.noise < inf:
        yield f"noise: got {rater.noise}, expected at least {_LEAST_NOISE}. Correct it."
    areas = {entry["area"] for entry in item_bank().values()}
    if not (set(rater.leanings) <= areas and all(map(isfinite, rater.leanings.values()))):
        yield f"leanings: expected a number of logits for some of {', '.join(sorted(areas))}. Correct it."
    if rater.copies is not None and not 0 <= rater.copies < place:
        yield f"copies: got {rater.copies}, expected the place of an earlier rater, from 0. Correct it."
    if rater.copying and rater.copies is None:
        yield "copying: says how much, but not from whom. Give `copies`."
