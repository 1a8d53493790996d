"""Do invented cases look as published figures say? One check after the other, those that fail included.

python docs/studies/invented.py
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from unknowns import scored

from dvrisk import InventedCases, simulate

N_CASES = 200_000
SEED = 1


class Check(NamedTuple):
    """A published figure, the range in which the invented cases should have it, and what they have."""

    what: str
    source: str
    low: float
    high: float
    found: float

    @property
    def holds(self) -> bool:
        """Whether what was found lies in the range."""
        return self.low <= self.found <= self.high


def checks() -> list[Check]:
    """Return every check. A single published figure gets 5 points on both sides, unless its source gives a range."""
    reports, mix, review = (
        simulate(ref, n=N_CASES, seed=SEED) for ref in ("serbia-reports", "training-mix", "femicide-review")
    )
    return [
        *_of_outcomes(reports, mix),
        *_of_killings(review),
        *_of_links(reports),
        *_of_discrimination(reports),
        *_of_discrimination(mix),
    ]


def table() -> str:
    """Return the checks in Markdown."""
    lines = ["| check | source | expected | found | holds |", "|---|---|---|---|---|"]
    for check in checks():
        unit = (10_000, " in 10,000") if check.high < 0.01 else (100, " %")
        low, high = (f"{value * unit[0]:.1f}" for value in (check.low, check.high))
        found = f"{check.found * unit[0]:.1f}"
        holds = "yes" if check.holds else "**no**"
        lines.append(f"| {check.what} | {check.source} | {low} to {high}{unit[1]} | {found}{unit[1]} | {holds} |")
    return "\n".join(lines)


def _near(what: str, source: str, figure: float, found: float) -> Check:
    return Check(what, source, max(figure - 0.05, 0.0), min(figure + 0.05, 1.0), float(found))


def _of_outcomes(reports: InventedCases, mix: InventedCases) -> list[Check]:
    about = reports.truth.cases
    day = about["repeat_day"].dropna()
    repeat = "E140a, E145 to E148"
    killed = float(about["killing_day"].notna().mean())
    return [
        Check(
            "serbia-reports: violence repeated within a year",
            repeat,
            0.14,
            0.35,
            float(about["repeat_day"].notna().mean()),
        ),
        Check(
            "training-mix: violence repeated within a year",
            repeat,
            0.14,
            0.35,
            float(mix.truth.cases["repeat_day"].notna().mean()),
        ),
        _near("of those, within three months", "E150", 0.44, (day <= 91).mean()),
        _near("of those, within six months", "E150", 2 / 3, (day <= 182).mean()),
        Check("killed within a year of a report", "E140b, E141, E142", 0.0001, 0.0005, killed),
        Check("killed, reported before or not, for each report", "E140b, E141", 0.0006, 0.0010, killed),
        _near(
            "judged to be in immediate danger",
            "E140a",
            0.681,
            (reports.truth.answers["immediate_danger"] == "yes").mean(),
        ),
    ]


def _of_killings(review: InventedCases) -> list[Check]:
    about, answers = review.truth.cases, review.truth.answers

    def there(item: str, least: int = 1) -> float:
        return float((answers[item].cat.codes >= least).mean())

    with_access = float((answers["firearm_access"] == "yes").mean())
    return [
        _near("killed: no assault in the last year", "E25", 0.5, about["no_assault_in_last_year"].mean()),
        Check("killed: never reported before", "E142", 0.5, 0.875, 1 - there("earlier_reports")),
        Check(
            "killed: with a firearm", "E49, 29 % in 2024 in the press", 0.15, 0.29, float(about["by_firearm"].mean())
        ),
        Check(
            "killed: he died or tried to",
            "E52, five of nine, exact interval",
            0.21,
            0.86,
            float(about["he_died_or_tried_to_die"].mean()),
        ),
        Check("killed: strangled before", "E09", 0.38, 0.50, there("strangulation")),
        Check("killed: violence in pregnancy", "E10", 0.177, 0.308, there("violence_in_pregnancy")),
        Check("killed: followed or watched", "E12", 0.71, 0.90, there("following_or_watching")),
        _near("killed: substance misuse", "E28", 0.61, there("substance_misuse")),
        _near("killed: his suicidality known", "E28", 0.40, there("suicide_talk")),
        Check("killed: left or leaving", "E93, E94", 0.36, 0.81, there("separation")),
        _near("killed: a new partner", "E06", 0.118, there("new_partner")),
        _near("killed: firearm within reach, as in the United States", "E04", 0.65, with_access),
    ]


def _of_links(reports: InventedCases) -> list[Check]:
    answers = reports.truth.answers
    grave = reports.truth.cases["severity"] == "high"

    def share(item: str, given: str) -> float:
        return float((answers[item][grave & (answers[given].cat.codes > 0)].cat.codes > 0).mean())

    return [
        _near("high severity, animals harmed: strangled", "E116", 0.76, share("strangulation", "animal_harm")),
        _near("high severity, animals harmed: forced sex", "E116", 0.26, share("forced_sex", "animal_harm")),
        _near(
            "high severity, firearm at home: used against her",
            "E44",
            2 / 3,
            share("firearm_used_or_threatened", "firearm_in_dwelling"),
        ),
    ]


def _of_discrimination(cases: InventedCases) -> Iterator[Check]:
    about, name = cases.truth.cases, cases.recipe.id
    field = "E160 to E164"
    for answers, how in ((cases.truth.answers, "all known"), (cases.answers, "as recorded")):
        score = scored(answers, "integrated")["score_low"].to_numpy()
        repeat, severe = (about[f"{outcome}_day"].notna().to_numpy() for outcome in ("repeat", "severe"))
        yield Check(f"{name}: AUC for any repeat, {how}", field, 0.60, 0.70, auc(score, repeat))
        yield Check(f"{name}: AUC for severe violence, {how}", field, 0.65, 0.75, auc(score, severe))


def auc(scores: np.ndarray, happened: np.ndarray) -> float:
    """Return the chance that a case where it happened has the higher score than one where it did not."""
    ranks = pd.Series(scores).rank().to_numpy()
    n_yes, n_no = int(happened.sum()), int((~happened).sum())
    return float((ranks[happened].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))


if __name__ == "__main__":
    print(table())
