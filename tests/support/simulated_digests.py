"""Digests of invented cases, stored so that a change of values on any machine or Python shows.

`python tests/support/simulated_digests.py` prints them; tests/reference/simulated-digests.toml keeps them.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

STORED = Path(__file__).parents[1] / "reference" / "simulated-digests.toml"


def digest(ref: str) -> str:
    """SHA-256 over every value of 5,000 cases and 6 raters, written as text."""
    from dvrisk import Rater, simulate, simulate_ratings

    cases = simulate(ref, n=5_000, seed=20_221_122, first=60_001)
    tables = [cases.answers, cases.truth.cases, cases.truth.answers, cases.truth.why_missing, cases.truth.days_ago]
    raters = [
        Rater(),
        Rater(severity=-2.0, halo=0.7),
        Rater(noise=0.6, anchoring=0.5),
        Rater(careless=0.2, missing=0.1),
    ]
    raters += [Rater(leanings={"stalking": -1.5}, training=0.4), Rater(copies=0, copying=0.5)]
    tables += [simulate_ratings(cases, raters, seed=3, round=2).to_frame()]
    found = hashlib.sha256()
    for table in tables:
        for name in table.columns:
            found.update(f"{name}\n".encode())
            found.update("\n".join(map(str, table[name].tolist())).encode())
    return found.hexdigest()


def stored() -> dict[str, str]:
    """The digests that every machine and Python has to give."""
    return tomllib.loads(STORED.read_text(encoding="utf-8"))["digests"]


if __name__ == "__main__":
    from dvrisk import list_recipes

    print("[digests]")
    for ref in list_recipes():
        print(f'"{ref}" = "{digest(ref)}"')
