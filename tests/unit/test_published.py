"""Printed figures follow from printed inputs, or are said not to; whole numbers that were not printed are the only ones."""

from math import exp, log, sqrt
from random import Random

import pytest
from pydantic import ValidationError
from scipy.stats import binomtest

from dvrisk.reference import PublishedFigure, Study, not_derivable, published_figures
from dvrisk.reference.derivations import FORMULAS
from dvrisk.stats.accuracy import at_base_rate

FIGURES = {each.id: each for each in published_figures()}
STUDY = Study(id="made", instrument="none", citation="Invented 2020", url="https://example.org", read="source")


def made(**changes):
    given = {"id": "made", "study": STUDY, "what": "an invented share", "formula": "share"}
    return PublishedFigure(**given | {"inputs": {"count": "1", "of": "3"}, "printed": "33%"} | changes)


def rounds_to(share, percent, digits=0):
    return abs(100 * share - percent) <= 0.5 / 10**digits + 1e-9


# ------------------------------------------------------------------------------------------------ what is in the data


def test_ids_are_unique_and_every_formula_is_used_by_a_figure():
    assert len(FIGURES) == len(published_figures()) == 38
    assert {each.formula for each in FIGURES.values()} == set(FORMULAS)


def test_every_verdict_is_the_expected_one():
    by_verdict = {verdict: set() for verdict in ("same digits", "within rounding", "differs", None)}
    for each in FIGURES.values():
        by_verdict[each.verdict].add(each.id)
    assert by_verdict["within rounding"] == {"viogen_2021_or"}
    assert by_verdict["differs"] == {
        "strangulation_attempted",
        "strangulation_completed",
        "odara_used",
        "dorset_false_share",
        "viogen_2021_ppv",
        "viogen_2021_npv",
        "viogen_2021_correct",
    }
    assert by_verdict[None] == {
        "odara_shares",
        "odara_base_rate",
        "odara_area",
        "viogen_2016_ppv",
        "viogen_2016_npv",
    }


def test_a_figure_that_differs_or_stands_on_solved_numbers_has_a_note_with_its_study():
    for each in FIGURES.values():
        if each.verdict == "differs":
            assert each.note
        if each.inputs_are == "solved":
            assert any(other.note for other in FIGURES.values() if other.study == each.study)


def test_every_instrument_has_an_entry_of_what_cannot_be_derived():
    named = {each.instrument for each in not_derivable()}
    assert named == {"Danger Assessment", "LAP", "ODARA", "DASH", "DVSAT", "VioGén", "several"}
    assert {each.study.instrument for each in FIGURES.values()} == named - {"LAP", "DVSAT"}


def test_the_file_blames_nobody_and_says_that_group_rates_are_no_probability(repo):
    text = (repo / "instruments/reference/published-accuracy.toml").read_text(encoding="utf-8")
    assert "Nothing here is a probability for a person" in text
    assert text.count("many men were in each band is not on the slide") >= 2
    assert not any(word in text.lower() for word in ("error", "mistake", "wrong", "false claim", "misleading"))


# ----------------------------------------------------------------------------------------------- verdicts and ranges


@pytest.mark.parametrize(
    ("printed", "verdict"), [("33%", "same digits"), ("33.3%", "same digits"), (".34", "differs"), (None, None)]
)
def test_counts_are_exact_and_leave_only_the_rounding_of_the_result(printed, verdict):
    figure = made(printed=printed)
    assert figure.derived.low == figure.derived.value == figure.derived.high == 1 / 3
    assert figure.verdict == verdict


def test_rounded_inputs_leave_a_range_that_their_ends_span():
    figure = made(formula="odds ratio", inputs={"cases": "50%", "controls": "20%"}, printed="3.8")
    low, high = (a / (1 - a) / (b / (1 - b)) for a, b in ((0.495, 0.205), (0.505, 0.195)))
    assert figure.derived.value == pytest.approx(4)
    assert (figure.derived.low, figure.derived.high) == pytest.approx((low, high))
    assert figure.verdict == "within rounding"
    assert made(formula="odds ratio", inputs=figure.inputs, printed="3.7").verdict == "differs"


@pytest.mark.parametrize("figure", published_figures(), ids=lambda figure: figure.id)
def test_no_inputs_that_round_to_the_printed_ones_leave_the_range(figure):
    random, n = Random(1), sum(1 if isinstance(each, str) else len(each) for each in figure.inputs.values())
    for _ in range(40):
        moved = figure._moved([random.choice([-1, 1, random.uniform(-1, 1)]) for _ in range(n)])
        assert figure.derived.low - 1e-9 <= moved <= figure.derived.high + 1e-9


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"formula": "regression"}, "no such formula"),
        ({"inputs": {"count": "1"}}, "are count, of"),
        ({"inputs": {"count": "one", "of": "3"}}, "pattern"),
        ({"inputs": {"count": "1,000", "of": "3"}}, "pattern"),
        ({"inputs_are": "fitted"}, "solved"),
    ],
)
def test_an_entry_that_cannot_be_derived_as_it_says_is_refused(changes, says):
    with pytest.raises(ValidationError, match=says):
        made(**changes)


# --------------------------------------------------------------------------- whole numbers that were not printed


def viogen_tables():
    """All tables of 407 women that round to sensitivity 85 %, specificity 53.7 % and odds ratio 6.58."""
    for events in range(1, 407):
        others = 407 - events
        hits = [tp for tp in range(1, events) if rounds_to(tp / events, 85)]
        rest = [tn for tn in range(int(0.53 * others), int(0.54 * others) + 1) if rounds_to(tn / others, 53.7, 1)]
        for tp in hits:
            for tn in rest:
                fn, fp = events - tp, others - tn
                if fp and abs(tp * tn / (fn * fp) - 6.58) <= 0.005:
                    yield tp, fn, fp, tn


def woolf(tp, fn, fp, tn):
    middle, half = log(tp * tn / (fn * fp)), 1.959964 * sqrt(1 / tp + 1 / fn + 1 / fp + 1 / tn)
    return exp(middle - half), exp(middle + half)


def test_of_five_tables_one_alone_gives_the_printed_interval():
    tables = list(viogen_tables())
    assert [tp + fn for tp, fn, _, _ in tables] == [20, 100, 180, 260, 340]
    fits = [
        table
        for table in tables
        if abs(woolf(*table)[0] - 1.899) <= 0.0005 and abs(woolf(*table)[1] - 22.835) <= 0.0005
    ]
    assert fits == [(17, 3, 179, 208)]
    names = ("tp", "fn", "fp", "tn")
    of_2016 = [each for each in FIGURES.values() if each.study.id == "lopez_ossorio_2016"]
    assert all(each.inputs == dict(zip(names, map(str, fits[0]), strict=True)) for each in of_2016)
    assert len(of_2016) == 7


def test_one_edge_of_that_table_gives_less_than_the_printed_area():
    sensitivity, specificity = (FIGURES[f"viogen_2016_{name}"].derived.value for name in ("sensitivity", "specificity"))
    assert round((sensitivity + specificity) / 2, 2) == 0.69


def test_48_of_58_alone_gives_the_printed_interval_and_by_the_exact_method_alone():
    fits = []
    for n in range(2, 121):
        for k in range(1, n):
            if rounds_to(k / n, 83):
                half = 1.959964 * sqrt(k / n * (1 - k / n) / n)
                wilson = binomtest(k, n).proportion_ci(method="wilson")
                ends = {
                    "exact": tuple(binomtest(k, n).proportion_ci(method="exact")),
                    "wilson": tuple(wilson),
                    "wald": (k / n - half, k / n + half),
                }
                fits += [
                    (name, k, n)
                    for name, (low, high) in ends.items()
                    if rounds_to(low, 70.6, 1) and rounds_to(high, 91.4, 1)
                ]
    assert fits == [("exact", 48, 58)]
    assert FIGURES["da5_sensitivity"].inputs == {"count": "48", "of": "58"}
    followed = [n for n in range(667) if rounds_to(n / 666, 60)]
    assert {round(0.149 * n) - 58 for n in followed} == {1, 2}


def lethality_tables(sensitivity, npv):
    """All tables of 254 women that round to specificity 21 % and to these."""
    for events in range(1, 254):
        others = 254 - events
        for tn in (tn for tn in range(1, others + 1) if rounds_to(tn / others, 21)):
            for tp in (tp for tp in range(events + 1) if rounds_to(tp / events, sensitivity)):
                if rounds_to(tn / (tn + events - tp), npv):
                    yield tp, events - tp, others - tn, tn


def test_the_figures_of_the_lethality_screen_go_together_in_one_way_only():
    events = {
        pair: sorted({tp + fn for tp, fn, _, _ in lethality_tables(*pair)})
        for pair in ((92, 93), (92, 96), (93, 93), (93, 96))
    }
    assert events[92, 93] == []
    assert events[92, 96] == [24, 25, 26]
    assert events[93, 93] == [45, 46]
    assert events[93, 96]  # possible in itself, but then no outcome is left for the printed 93 %
    said = next(each.follows for each in not_derivable() if each.instrument == "LAP" and each.follows)
    assert "24 to 26 events" in said
    assert "45 or 46 events" in said


# ------------------------------------------------------------------------------------------------ what the notes say


def test_the_cumulative_columns_of_the_odara_slide_follow_from_its_shares():
    shares = [int(share.rstrip("%")) for share in FIGURES["odara_area"].inputs["shares"]]
    assert [sum(shares[:k]) for k in range(7)] == [0, 11, 27, 48, 67, 80, 93]
    assert [sum(shares[k + 1 :]) for k in range(7)] == [89, 73, 52, 33, 20, 7, 0]
    assert FIGURES["odara_area"].inputs == FIGURES["odara_base_rate"].inputs


def test_the_base_rate_and_the_area_of_the_seven_bands_come_out_as_by_hand():
    rates, shares = (
        [int(each.rstrip("%")) for each in FIGURES["odara_area"].inputs[name]] for name in ("rates", "shares")
    )
    events = [rate * share for rate, share in zip(rates, shares, strict=True)]
    others = [(100 - rate) * share for rate, share in zip(rates, shares, strict=True)]
    above = sum(events[i] * others[j] * (1 if i > j else 0.5 if i == j else 0) for i in range(7) for j in range(7))
    assert FIGURES["odara_base_rate"].derived.value == pytest.approx(sum(events) / 10_000)
    assert FIGURES["odara_area"].derived.value == pytest.approx(above / (sum(events) * sum(others)))
    assert f"{FIGURES['odara_base_rate'].derived.value:.3f}" == "0.294"
    assert f"{FIGURES['odara_area'].derived.value:.3f}" == "0.763"


def test_each_odds_ratio_of_strangulation_fits_in_the_place_of_the_other():
    attempted, completed = (FIGURES[f"strangulation_{name}"] for name in ("attempted", "completed"))
    assert attempted.model_copy(update={"printed": completed.printed}).derived.low < 7.48 < attempted.derived.high
    assert completed.derived.low < 6.70 < completed.derived.high


def test_at_about_one_in_ten_both_predictive_values_of_2021_follow_and_not_at_the_printed_base_rate():
    fits = [per_mille for per_mille in range(1, 500) if _both(at_base_rate(0.84, 0.60, per_mille / 1000))]
    assert fits
    assert 1000 * 159 / 2159 < min(fits) <= 100 <= max(fits) < 110


def _both(values):
    return rounds_to(values.ppv, 19) and rounds_to(values.npv, 97)


@pytest.mark.parametrize(
    ("percent", "of", "part"), [(60.3, 142, 85 / 141), (86.3, 159, 69 / 80)], ids=["odara_used", "viogen_2021_correct"]
)
def test_no_whole_number_gives_a_printed_share_that_a_part_of_the_sample_gives(percent, of, part):
    assert not any(rounds_to(k / of, percent, 1) for k in range(of + 1))
    assert rounds_to(part, percent, 1)


def test_one_whole_number_alone_is_55_percent_of_118():
    assert [k for k in range(119) if rounds_to(k / 118, 55)] == [65]
    assert rounds_to(47 / 53, 89)
