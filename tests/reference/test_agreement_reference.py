"""Agreement against printed tables, other programs, and the faults of other programs.

The tables lie in `agreement/`, each with its source; how numbers of programs that are not installed here were made stands
at the head of their file.
"""

import tomllib
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pingouin
import plain_agreement as plain
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from dvrisk.errors import DataError
from dvrisk.stats import coefficients
from dvrisk.stats.icc import FORMS, all_iccs, icc
from dvrisk.stats.kappas import cohen_kappa, pairwise_kappas

TABLES = {
    path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("agreement/*.toml"))
}
PRINTED = [
    pytest.param(name, expected, id=" ".join(map(str, [name, *expected.values()])))
    for name, table in TABLES.items()
    for expected in table.get("expected", [])
]


def computed(name, statistic, options):
    ratings = TABLES[name]["ratings"]
    if statistic == "icc":
        return icc(ratings, **options)
    return getattr(coefficients, statistic)(ratings, levels=TABLES[name]["levels"], **options)


@pytest.mark.parametrize(("name", "expected"), PRINTED)
def test_printed_numbers_come_out_to_the_last_digit(name, expected):
    options = {key: expected[key] for key in ("weights", "metric", "form") if key in expected}
    found = computed(name, expected["statistic"], options)
    for what in ("value", "low", "high"):
        if what in expected:
            assert getattr(found, what) == pytest.approx(expected[what], abs=0.5001 * 10 ** -expected["digits"])


def test_every_table_is_read_and_has_a_source():
    assert len(TABLES) == 9
    assert all(table["source"] for table in TABLES.values())
    assert len(PRINTED) > 60


def cohen_1968():
    table = TABLES["cohen-1968"]
    times = (np.array(table["shares"]) * table["cases"]).round().astype(int)
    pairs = [(b, a) for b in range(3) for a in range(3) for _ in range(times[b, a])]
    return np.array(pairs).T, table


def test_cohen_1968_without_weights():
    ratings, table = cohen_1968()
    assert cohen_kappa(ratings, levels=3).value == pytest.approx(table["unweighted"], abs=5e-4)


def test_cohen_1968_with_his_own_weights():
    ratings, table = cohen_1968()
    weights = 1 - np.array(table["disagreement"]) / 6
    found = cohen_kappa(ratings, levels=3, weights=weights)
    assert found.value == pytest.approx(table["weighted"], abs=5e-4)
    assert found.method.startswith("Cohen's kappa, own weights")


def drawn_tables(number, seed, missing=(0.0, 0.15, 0.5)):
    source = np.random.default_rng(seed)
    for _ in range(number):
        n_raters, n_cases, n_levels = source.integers(2, 12), source.integers(3, 40), int(source.integers(2, 7))
        yield plain.drawn(source, n_raters, n_cases, n_levels, source.choice(missing)), n_levels


def test_alpha_is_that_of_the_package_krippendorff():
    compared = 0
    for ratings, n_levels in drawn_tables(200, seed=1):
        floats = np.array(ratings, float)
        paired = floats[:, (~np.isnan(floats)).sum(axis=0) >= 2]
        if np.nanmin(paired, initial=9) == np.nanmax(paired, initial=-1) or not paired.size:
            continue
        for metric in ("nominal", "ordinal", "interval"):
            theirs = krippendorff.alpha(floats, level_of_measurement=metric, value_domain=list(range(n_levels)))
            found = coefficients.krippendorff_alpha(ratings, levels=n_levels, metric=metric, interval=None)
            assert found.value == pytest.approx(theirs, abs=1e-9)
            compared += 1
    assert compared > 400


def test_fleiss_and_brennan_prediger_are_those_of_statsmodels():
    compared = 0
    for ratings, n_levels in drawn_tables(150, seed=2, missing=(0.0,)):
        counts = np.array([[case.count(level) for level in range(n_levels)] for case in plain.cases_of(ratings)])
        if (counts.sum(axis=0) > 0).sum() < 2:
            continue
        options = {"levels": n_levels, "interval": None}
        theirs = inter_rater.fleiss_kappa(counts, method="fleiss")
        assert coefficients.fleiss_kappa(ratings, **options).value == pytest.approx(theirs, abs=1e-9)
        theirs = inter_rater.fleiss_kappa(counts, method="randolph")
        assert coefficients.brennan_prediger(ratings, **options).value == pytest.approx(theirs, abs=1e-9)
        compared += 1
    assert compared > 100


@pytest.mark.parametrize("weights", ["identity", "linear", "quadratic"])
def test_kappa_of_pairs_is_that_of_scikit_learn_and_statsmodels(weights):
    compared = 0
    for ratings, n_levels in drawn_tables(25, seed=3):
        floats = np.array(ratings, float)
        found = pairwise_kappas(ratings, levels=n_levels, weights=weights).values
        for one, other in combinations(range(len(ratings)), 2):
            if np.isnan(found[one, other]):
                continue
            both = ~np.isnan(floats[[one, other]]).any(axis=0)
            first, second = floats[one, both].astype(int), floats[other, both].astype(int)
            theirs = cohen_kappa_score(
                first, second, labels=list(range(n_levels)), weights=None if weights == "identity" else weights
            )
            assert found[one, other] == pytest.approx(theirs, abs=1e-9)
            table = np.zeros((n_levels, n_levels))
            np.add.at(table, (first, second), 1)
            wt = None if weights == "identity" else weights
            theirs = inter_rater.cohens_kappa(table, wt=wt, return_results=False)
            assert found[one, other] == pytest.approx(theirs, abs=1e-9)
            compared += 1
    assert compared > 200


def test_the_spread_of_cohens_kappa_is_near_its_large_sample_error():
    source = np.random.default_rng(4)
    cases = source.integers(0, 3, 2_000)
    ratings = [np.where(source.random(2_000) < 0.7, cases, source.integers(0, 3, 2_000)) for _ in range(2)]
    table = np.zeros((3, 3))
    np.add.at(table, tuple(ratings), 1)
    found, theirs = cohen_kappa(ratings, levels=3), inter_rater.cohens_kappa(table)
    assert (found.high - found.low) / 2 / 1.961 == pytest.approx(theirs.std_kappa, rel=0.01)


def long_form(scores):
    rater, case = np.indices(scores.shape)
    return pd.DataFrame({"rater": rater.ravel(), "case": case.ravel(), "score": scores.ravel()})


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # pingouin's use of pandas
def test_intraclass_correlations_are_those_of_pingouin():
    source = np.random.default_rng(5)
    for _ in range(30):
        shape = source.integers(2, 8), source.integers(3, 12)
        scores = source.normal(0, 1.5, shape[1]) + source.normal(0, 0.7, (shape[0], 1)) + source.normal(size=shape)
        theirs = pingouin.intraclass_corr(long_form(scores), targets="case", raters="rater", ratings="score")
        theirs = theirs.set_index("Type")
        for form, found in all_iccs(scores).items():
            assert found.value == pytest.approx(theirs.loc[f"ICC({form})", "ICC"], abs=1e-9)
            if found.low > -1:  # pingouin rounds limits to two digits
                limits = theirs.loc[f"ICC({form})", "CI95"]
                assert (found.low, found.high) == pytest.approx(tuple(limits), abs=5.001e-3), form


# Faults of other programs, where ours has to be right.


def test_text_has_to_come_with_its_order_because_the_alphabet_turns_agreement_round():
    levels = ["low", "medium", "high"]
    ratings = [["high", "medium", "high", "medium", "low", "low"], ["medium", "high", "medium", "high", "low", "low"]]
    right = cohen_kappa(ratings, levels=levels, weights="quadratic").value
    alphabetical = cohen_kappa_score(*ratings, weights="quadratic")
    assert right == pytest.approx(cohen_kappa_score(*ratings, labels=levels, weights="quadratic"))
    assert right == pytest.approx(0.5)
    assert alphabetical == pytest.approx(-1)
    with pytest.raises(DataError, match="its order is unknown"):
        cohen_kappa(ratings, weights="quadratic")


def test_alpha_of_complete_data_from_six_raters_has_the_right_correction_for_size():
    """R irr 0.84.1 takes each case's pairs as that many ratings, and prints 0.4309 here."""
    ratings = np.array(TABLES["fleiss-1971"]["ratings"])
    counts = np.array([[(case == level).sum() for level in range(5)] for case in ratings.T])
    pairs = counts.T @ counts - np.diag(counts.sum(axis=0))
    number = pairs.sum(axis=0)
    apart = ~np.eye(5, dtype=bool)
    of_irr = 1 - (number.sum() - 1) * pairs[apart].sum() / np.outer(number, number)[apart].sum()
    assert of_irr == pytest.approx(0.4309, abs=5e-5)
    found = coefficients.krippendorff_alpha(ratings, levels=5, metric="nominal").value
    assert found == pytest.approx(krippendorff.alpha(ratings, level_of_measurement="nominal"), abs=1e-9)
    assert found == pytest.approx(0.4334, abs=5e-5)


def test_limits_of_the_mean_rating_are_the_step_up_from_those_of_one():
    """R irr 0.84.1 prints 0.039 to 0.929 for "A,k" of this table."""
    found = all_iccs(TABLES["shrout-fleiss-1979"]["ratings"])
    for one, mean in zip(FORMS[:3], FORMS[3:], strict=True):
        for end in ("low", "high"):
            single = getattr(found[one], end)
            assert getattr(found[mean], end) == pytest.approx(4 * single / (1 + 3 * single))
    assert (found["A,k"].low, found["A,k"].high) == pytest.approx((0.071, 0.927), abs=5e-4)


def test_ratings_of_one_level_are_undefined_and_neither_nan_nor_one_nor_an_error():
    same = np.full((4, 6), 1)
    for name in ("fleiss_kappa", "conger_kappa", "brennan_prediger", "gwet_ac", "krippendorff_alpha"):
        found = getattr(coefficients, name)(same, levels=3)
        assert (found.value, found.low, found.undefined) == (None, None, "every rating is the same level")
    assert coefficients.percent_agreement(same, levels=3).value == 1
