"""Quick draws of answer sheets from the shares in the item bank. Assumed, seeded, and not a validation of anything.

A case has a severity, drawn from a mix, and one shared factor that makes its facts come together (correlation .2 on the
normal scale). Each fact is present with the bank's share for that severity. A present fact of an item with more than
two options takes the riskiest one half of the time, else one of the middle ones. The frame is the favourable one: asked
alone, inside the population, nothing in the unscored items. Two thirds of the women have children (assumed).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from math import sqrt
from statistics import NormalDist

from dvrisk.schema import Instrument, Item

CORRELATION = 0.2
WITH_CHILDREN = 2 / 3
REPORTS = {"low": 0.82, "moderate": 0.16, "high": 0.02}
"""An assumed mix of all reports that reach the police."""
TRAINING = {"low": 0.60, "moderate": 0.30, "high": 0.10}
"""An assumed mix of the cases that are brought to a training."""

_NORMAL = NormalDist()


def draw(
    instrument: Instrument, n_cases: int, *, mix: Mapping[str, float], open_share: float = 0.0, seed: int = 1
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the severity and the answers of each case; each answer outside the frame is unknown by `open_share`."""
    source = random.Random(seed)
    for _ in range(n_cases):
        severity = source.choices(list(mix), list(mix.values()))[0]
        yield severity, _sheet(instrument, severity, open_share, source)


def _sheet(instrument: Instrument, severity: str, open_share: float, source: random.Random) -> dict[str, str]:
    shared = source.gauss(0, 1)
    answers = {}
    for item in instrument.items:
        answer = _answer(item, severity, shared, source)
        open_ = source.random() < open_share and item.share_percent is not None
        answers[item.id] = "unknown" if open_ else answer
    if "children" in answers and source.random() < WITH_CHILDREN:
        answers["children"] = "yes"
    elif "children" in answers:
        answers.update({item.id: "not_applicable" for item in instrument.items if item.applies_if})
    return answers


def _answer(item: Item, severity: str, shared: float, source: random.Random) -> str:
    if item.share_percent is None:
        return item.codes[0]
    share = getattr(item.share_percent, severity) / 100
    own = source.gauss(0, 1)
    present = sqrt(CORRELATION) * shared + sqrt(1 - CORRELATION) * own < _NORMAL.inv_cdf(share)
    if not present:
        return item.codes[0]
    middle = item.codes[1:-1]
    return item.codes[-1] if not middle or source.random() < 0.5 else source.choice(middle)
