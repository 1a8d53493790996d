"""Make tests/reference/accuracy.json: what other programs say about drawn and adversarial data.

Run it in an environment of its own: `pip install confidenceinterval MLstatkit model-diagnostics setuptools`, then
`python tests/support/accuracy_oracles.py`. The data are drawn again in the tests, by `samples`.
"""

import json
from pathlib import Path

import numpy as np

STORE = Path(__file__).parents[1] / "reference" / "accuracy.json"


def samples():
    """Name to (first score, second score, outcome): random, tied, unbalanced, tiny, nearly separated."""
    found = {}
    for name, n, rate, ties in (
        ("even", 300, 0.5, None),
        ("rare", 2000, 0.02, None),
        ("three levels", 400, 0.2, 3),
        ("ten levels", 150, 0.3, 10),
        ("small, twelve", 12, 0.4, None),
        ("common", 500, 0.97, 40),
    ):
        source = np.random.default_rng(abs(hash_of(name)))
        outcome = (source.random(n) < rate).astype(int)
        outcome[:2] = [0, 1]
        outcome[2:4] = [0, 1]
        first = 1 / (1 + np.exp(-(source.normal(size=n) + outcome)))
        second = 1 / (1 + np.exp(-(source.normal(size=n) + 0.5 * outcome + np.log(first / (1 - first)) / 2)))
        if ties:
            first, second = (np.floor(score * ties) / ties + 0.5 / ties for score in (first, second))
        found[name] = (first, second, outcome)
    nearly = np.linspace(0.01, 0.99, 60)
    found["nearly separated"] = (nearly, nearly[::-1].copy(), (np.arange(60) > 30).astype(int) ^ (np.arange(60) == 33))
    return found


def hash_of(name):
    """A seed that depends on the name alone."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(name)) % 2**32


def main():
    from confidenceinterval import roc_auc_score
    from MLstatkit import Delong_test
    from model_diagnostics.scoring import SquaredError, decompose

    stored = {}
    for name, (first, second, outcome) in samples().items():
        area, (low, high) = roc_auc_score(outcome, first, confidence_level=0.95)
        z, p = Delong_test(outcome, first, second)[:2]
        terms = decompose(y_obs=outcome, y_pred=first, scoring_function=SquaredError())
        stored[name] = {
            "auc": float(area),
            "low": float(low),
            "high": float(high),
            "z": float(z),
            "p": float(p),
            **{key: float(terms[key][0]) for key in ("miscalibration", "discrimination", "uncertainty", "score")},
        }
    STORE.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
