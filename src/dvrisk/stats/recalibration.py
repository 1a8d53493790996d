"""From a score to a probability, only ever by a calibration that has a name. Needs the extra `research`.

No instrument gives a probability. One is had by fitting outcomes on scores, and it holds for the country, the years,
the outcome and the time that it was fitted on. So the numbers here never go without these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, ndtri

from dvrisk.errors import DataError, MissingExtraError
from dvrisk.stats.checks import confidence_level, counted, refuse, whole_number
from dvrisk.stats.outcome_checks import Flags, Floats, as_given_row, as_outcome, as_scores


@dataclass(frozen=True, slots=True)
class Setting:
    """What outcomes are outcomes of: without it a rate or a probability says nothing.

    Parameters
    ----------
    country, years : str
        Where, and when the people were assessed.
    outcome : str
        What was counted as the event, and who recorded it.
    follow_up : str
        For how long.

    Raises
    ------
    DataError
        One of them is blank.

    Examples
    --------
    >>> print(Setting("nowhere, invented", "2022", "any repeat, as recorded", "365 days"))
    any repeat, as recorded, within 365 days; nowhere, invented, 2022
    """

    country: str
    years: str
    outcome: str
    follow_up: str

    def __post_init__(self) -> None:
        said = {name: getattr(self, name) for name in self.__slots__}
        blank = [name for name, text in said.items() if not isinstance(text, str) or not any(map(str.isalnum, text))]
        if blank:
            raise DataError(
                "setting", [f"{name}: say it in words; a rate holds for its setting only." for name in blank]
            )

    def __str__(self) -> str:
        return f"{self.outcome}, within {self.follow_up}; {self.country}, {self.years}"


@dataclass(frozen=True, slots=True)
class CalibrationName:
    """What probabilities have to carry: where they come from.

    Attributes
    ----------
    setting : Setting
    n, events : int
        People that the calibration was fitted on, and how many of them had the event.
    method : str
    """

    setting: Setting
    n: int
    events: int
    method: str

    def __str__(self) -> str:
        return f"{self.method}: {self.setting}; {counted(self.events, 'event')} among {self.n:,} people"


@dataclass(frozen=True, slots=True)
class NamedProbabilities:
    """Probabilities, and the name of the calibration that they come from.

    Attributes
    ----------
    values : array of probabilities, length n
    low, high : array of probabilities, length n
        The interval of each that comes from the size of the sample alone; empty where there is none.
    name : CalibrationName
    """

    values: Floats
    low: Floats
    high: Floats
    name: CalibrationName


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted way from scores to probabilities, with its name.

    Attributes
    ----------
    name : CalibrationName
    lowest, highest : float
        Scores that it was fitted on.
    """

    name: CalibrationName
    lowest: float
    highest: float
    _scale: tuple[float, float]
    _coefficients: Floats
    _covariance: Floats

    def __str__(self) -> str:
        return str(self.name)

    def probabilities(self, scores: ArrayLike, *, confidence: float = 0.95) -> NamedProbabilities:
        """Return probabilities for scores of people from the same setting, with intervals (Wald, on the logit scale).

        Raises
        ------
        DataError
            A score lies outside those that the calibration was fitted on: nobody knows what it means.
        """
        refuse("probabilities", confidence_level(confidence))
        new = _numbers(scores)
        outside = int(((new < self.lowest) | (new > self.highest)).sum())
        if outside:
            raise DataError(
                "scores",
                [
                    f"{counted(outside, 'score')} outside {self.lowest:g} to {self.highest:g}, which the calibration "
                    "was fitted on. It says nothing about them; leave them out, or fit it on more people."
                ],
            )
        design = _design(new, self._scale)
        eta = design @ self._coefficients
        half = float(ndtri(0.5 + confidence / 2)) * np.sqrt(np.einsum("ij,jk,ik->i", design, self._covariance, design))
        return NamedProbabilities(expit(eta), expit(eta - half), expit(eta + half), self.name)


def fit_calibration(scores: ArrayLike, outcome: ArrayLike, setting: Setting) -> Calibration:
    """Fit outcomes on scores, for new people of the same setting.

    Parameters
    ----------
    scores : array, length n
    outcome : array of 0 and 1, length n
    setting : Setting

    Returns
    -------
    Calibration

    Raises
    ------
    DataError
        There are fewer than 10 events, or 10 people without one; all scores are the same, or separate the two; higher
        scores went with fewer events, so that a riskier answer would lower a probability; or an input can't be used.

    Notes
    -----
    logit P(event) = a + b score, by scikit-learn's `LogisticRegression` without penalty. Its probabilities for the
    people that it was fitted on look better than they are; use `cross_fit` to evaluate.

    Examples
    --------
    >>> setting = Setting("nowhere, invented", "2022", "any repeat, as recorded", "365 days")
    >>> found = fit_calibration([0, 1, 2] * 20, [0, 0, 1] * 10 + [0, 1, 0] * 10, setting)
    >>> print(found)
    logistic calibration: any repeat, as recorded, within 365 days; nowhere, invented, 2022; 20 events among 60 people
    >>> given = found.probabilities([2])
    >>> given.values.round(2), given.low.round(2), given.high.round(2)
    (array([0.6]), array([0.4]), array([0.78]))
    """
    check_setting(setting)
    flags = as_outcome(outcome)
    known = _numbers(scores, flags)
    problem = _why_not(known, flags)
    if problem:
        raise DataError("fit_calibration", [problem])
    scale = (float(known.mean()), float(known.std()))
    coefficients = _fitted(known, flags, scale)
    if coefficients[1] < 0:
        why = "higher scores went with fewer events here, so a riskier answer would lower a probability. None is given."
        raise DataError("fit_calibration", [why])
    design = _design(known, scale)
    p = expit(design @ coefficients)
    covariance = np.linalg.inv((design * (p * (1 - p))[:, None]).T @ design)
    name = CalibrationName(setting, len(flags), int(flags.sum()), "logistic calibration")
    return Calibration(name, float(known.min()), float(known.max()), scale, coefficients, covariance)


def cross_fit(
    scores: ArrayLike, outcome: ArrayLike, setting: Setting, *, folds: int = 10, seed: int = 0
) -> NamedProbabilities:
    """Give everybody the probability that a logistic calibration fitted on the others gives them.

    Parameters
    ----------
    scores : array, length n
    outcome : array of 0 and 1, length n
    setting : Setting
    folds : int, default 10
        Parts that people are dealt into, each with its share of the events.
    seed : int, default 0

    Returns
    -------
    NamedProbabilities
        For an evaluation of what recalibration would do: each part has another fit, so give them to nobody. They say
        how well the score tells people apart (Brier score, log loss, net benefit). They are right in the large and have
        a slope near 1 by construction, so neither says anything.

    Raises
    ------
    DataError
        There are fewer people with, or without, the event than folds; all scores are the same, or separate the two; or
        one of the inputs can't be used.

    Notes
    -----
    scikit-learn does the work: `StratifiedKFold`, shuffled, with `LogisticRegression` without penalty.

    Examples
    --------
    >>> scores = np.repeat([0, 1, 2], 40)
    >>> outcome = np.tile([0, 0, 0, 1], 30)
    >>> given = cross_fit(scores, outcome, Setting("nowhere, invented", "2022", "any repeat, as recorded", "365 days"))
    >>> bool(abs(given.values - 0.25).max() < 0.05)
    True
    """
    check_setting(setting)
    refuse("cross_fit", whole_number("folds", folds, 2), whole_number("seed", seed, 0))
    flags = as_outcome(outcome)
    known = _numbers(scores, flags)
    problem = _why_not(known, flags, folds)
    if problem:
        raise DataError("cross_fit", [problem])
    _sklearn()
    from sklearn.model_selection import StratifiedKFold

    given, scale = np.empty(len(flags)), (float(known.mean()), float(known.std()))
    dealt = StratifiedKFold(folds, shuffle=True, random_state=seed).split(known[:, None], flags)
    for others, part in dealt:
        problem = _why_not(known[others], flags[others], least=1)
        if problem:
            raise DataError("cross_fit", [f"without one of the parts, {problem}"])
        given[part] = expit(_design(known[part], scale) @ _fitted(known[others], flags[others], scale))
    name = CalibrationName(
        setting, len(flags), int(flags.sum()), f"logistic calibration, cross-fitted in {folds} parts"
    )
    return NamedProbabilities(given, np.empty(0), np.empty(0), name)


def check_setting(setting: object) -> None:
    """Refuse anything but a Setting."""
    if not isinstance(setting, Setting):
        raise DataError("setting", ["expected a Setting: country, years, outcome and follow-up."])


def _numbers(scores: ArrayLike, flags: Flags | None = None) -> Floats:
    """Return scores as floats, one for each outcome where these are given; infinite ones can't be fitted."""
    row = as_given_row(scores, "scores")
    like = np.zeros(row.shape[:1] or 1, dtype=np.bool_) if flags is None else flags
    known = as_scores(scores, like)
    if not np.isfinite(known).all():
        raise DataError("scores", ["got infinite ones, expected finite numbers."])
    return known


def _why_not(scores: Floats, flags: Flags, least: int = 10) -> str | None:
    rarer = min(int(flags.sum()), int((~flags).sum()))
    if rarer < least:
        return f"{counted(rarer, 'person')} of the rarer outcome, expected at least {least}. Bring more people."
    if scores.min() == scores.max():
        return "all scores are the same, so nothing can be fitted."
    with_event, without = scores[flags], scores[~flags]
    if with_event.min() >= without.max() or with_event.max() <= without.min():
        return "the scores separate the outcomes, so the fit has no end. Bring more people."
    return None


def _design(scores: Floats, scale: tuple[float, float]) -> Floats:
    """Return columns for intercept and slope; scores are shifted and stretched first, so that any scale will do."""
    mean, spread = scale
    return np.column_stack([np.ones_like(scores), (scores - mean) / spread])


def _fitted(scores: Floats, flags: Flags, scale: tuple[float, float]) -> Floats:
    """Return intercept and slope on that scale."""
    _sklearn()
    from sklearn.linear_model import LogisticRegression

    column = _design(scores, scale)[:, 1:]
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10, max_iter=1000).fit(column, flags)
    return np.array([float(model.intercept_[0]), float(model.coef_[0, 0])])


def _sklearn() -> None:
    try:
        import sklearn  # noqa: F401
    except ImportError:
        raise MissingExtraError("research", "scikit-learn") from None
