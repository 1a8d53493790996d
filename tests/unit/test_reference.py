"""Base rates are ranges with sources, the survey keeps its traps, and a programme lowers nothing."""

import re

import pytest
import shipped

from dvrisk import DataError, assess, load_instrument
from dvrisk.catalog import item_bank
from dvrisk.reference import (
    BaseRate,
    Figure,
    as_percent,
    base_rates,
    left_out_rates,
    pool_indicators,
    programme_indicator,
    programmes,
    survey_2021,
)
from dvrisk.weights import load_evidence

RATES = {rate.id: rate for rate in base_rates()}
FIGURES = [figure for rate in base_rates() for figure in rate.figures]
SURVEY = survey_2021()
FILES = ("base-rates", "survey-2021", "programmes")
TOLD = {
    "measures": "no violence",
    "denominator_is": "men who finished",
    "period": "6 months after",
    "source": "invented",
}


@pytest.fixture(params=FILES)
def text(request, repo):
    return (repo / f"instruments/reference/{request.param}.toml").read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------------- base rates


@pytest.mark.parametrize("rate", base_rates(), ids=lambda rate: rate.id)
def test_a_base_rate_is_a_range_with_definition_source_and_reason(rate):
    assert 0 <= rate.low <= rate.high <= 1
    assert len(rate.what) > 30
    assert len(rate.note) > 60
    for figure in rate.figures:
        assert all((figure.of, figure.place, figure.years, figure.source))
        assert figure.low <= figure.high
        assert figure.url is None or figure.url.startswith("https://")


def test_the_ranges_are_those_of_the_figures():
    assert str(RATES["judged_risky"]) == "68.1 to 73.8 per 100"
    assert str(RATES["women_killed_per_report"]) == "6.3 to 9.9 per 10,000"
    assert (RATES["killed_reported_before"].low, RATES["killed_reported_before"].high) == (3 / 24, 8 / 16)
    assert (RATES["firearm_as_means"].low, RATES["firearm_as_means"].high) == (0.20, 0.4571)
    assert (RATES["killed_around_separation"].low, RATES["killed_around_separation"].high) == (37 / 91, 0.81)
    assert str(RATES["potentially_lethal_attack"]) == "11.0 per 100"
    assert str(RATES["emergency_order_broken"]) == "9.1 per 100"


def test_one_to_five_in_ten_thousand_reports_concern_somebody_killed_later():
    killed, before = RATES["women_killed_per_report"], RATES["killed_reported_before"]
    assert round(10_000 * killed.low * before.low) == 1
    assert round(10_000 * killed.high * before.high) == 5


def test_printed_counts_give_the_printed_percentage_to_its_digits():
    both = [figure for figure in FIGURES if figure.numerator is not None and figure.percent]
    assert {figure.percent for figure in both} == {"73.8", "41"}
    for figure in both:
        digits = len(figure.percent.partition(".")[2])
        assert f"{100 * figure.numerator / figure.denominator:.{digits}f}" == figure.percent


def test_counts_that_do_not_give_the_printed_percentage_are_refused():
    made = {"of": "cases", "place": "nowhere", "years": "2020", "source": "invented", "read": "seed"}
    assert Figure(**made, numerator=1, denominator=3, percent="33").low == 1 / 3
    for wrong in (
        {"numerator": 1, "denominator": 3, "percent": "33.4"},
        {"denominator": 3},
        {"percent": "a third"},
        {},
    ):
        with pytest.raises(ValueError, match="Figure"):
            Figure(**made, **wrong)
    with pytest.raises(ValueError, match="needs the address"):
        Figure(**{**made, "read": "source"}, percent="33")
    with pytest.raises(ValueError, match="not outside"):
        BaseRate(id="x", what="x", unit="per 100", note="x", figures=(Figure(**made, percent="3", outside="x"),))


def test_a_figure_with_another_definition_is_shown_and_does_not_widen_the_range():
    before = RATES["killed_reported_before"]
    (official,) = [figure for figure in before.figures if figure.percent == "3"]
    assert official.outside
    assert official.low < before.low
    assert {figure.of for figure in before.figures if not figure.outside} >= {
        "women killed who had reported violence in the family",
        "perpetrators of killings who had been reported",
    }
    windows = [figure.outside for figure in RATES["repeat_within_a_year"].figures if figure.outside]
    assert len(windows) == 4


def test_over_ninety_percent_is_about_abuse_and_not_about_killings():
    rate = RATES["abuse_after_separation"]
    assert (rate.low, rate.high) == (0.9, 1.0)
    assert "not killings" in rate.note
    assert any("Over 90 %" in left.what for left in left_out_rates())


def test_what_is_left_out_has_a_reason():
    assert len(left_out_rates()) >= 5
    assert all(len(left.reason) >= 9 for left in left_out_rates())


def test_every_row_is_in_the_evidence_table_and_was_read_in_the_same_way():
    studies = load_evidence().studies
    rows = [figure for figure in FIGURES if figure.row]
    assert len(rows) > 15
    assert all(studies[figure.row].read == figure.read for figure in rows)


def test_nothing_recalled_is_shipped(text):
    assert "recalled" not in text
    assert not re.search(r'read = "(?!source|secondary|seed)', text)


# ----------------------------------------------------------------------------------------------------- survey


def test_the_survey_has_six_countries_in_every_row_and_a_right_reading_for_every_trap():
    countries = list(SURVEY.samples)
    assert countries == ["AL", "BA", "XK", "ME", "MK", "RS"]
    assert all(list(row.printed) == countries for row in (*SURVEY.table1, *SURVEY.table2))
    assert (len(SURVEY.table1), len(SURVEY.percentages)) == (3, 48)
    assert all(0 <= percent <= 100 for percent in SURVEY.percentages.values())
    assert [trap.id for trap in SURVEY.traps] == [
        "table_3_has_429",
        "percentages_of_429",
        "mean_over_414",
        "montenegro_housing",
        "decimal_comma",
        "base_not_printed",
        "no_average_of_six",
        "not_random",
        "official_plans_serbia",
        "table_1_is_a_finding",
    ]


def test_table_3_adds_to_429_and_the_samples_to_476():
    assert sum(SURVEY.satisfaction) + SURVEY.no_answer == 429
    assert sum(SURVEY.samples.values()) == 476


def test_the_mean_is_over_the_414_who_gave_a_score():
    mean = SURVEY.satisfaction_mean()
    assert mean.value == 1264 / 414
    assert mean.counts == {"answered": 414, "no_answer": 15}
    assert mean.low is None
    assert "no interval" in mean.method


def test_a_share_says_its_base():
    answered, table = SURVEY.satisfaction_share(4), SURVEY.satisfaction_share(4, of="table")
    assert (answered.counts["of"], table.counts["of"]) == (414, 429)
    assert answered.value == 126 / 414
    assert answered.low < answered.value < answered.high
    assert "no random sample" in answered.method
    assert sum(SURVEY.satisfaction_share(score).value for score in range(1, 6)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("score", "of"), [(0, "answered"), (6, "answered"), ("4", "answered"), (True, "answered"), (4, "asked")]
)
def test_a_share_of_all_who_were_asked_is_refused(score, of):
    with pytest.raises(DataError):
        SURVEY.satisfaction_share(score, of=of)


def test_the_table_says_46_67_for_housing_in_montenegro():
    assert SURVEY.percentages["emergency_housing", "ME"] == 46.67
    (trap,) = [trap for trap in SURVEY.traps if trap.id == "montenegro_housing"]
    assert "50 %" in trap.wrong
    assert f"{100 * 7 / 15:.2f}" in trap.right


def test_a_decimal_comma_is_read_as_a_point():
    assert as_percent("28,95") == as_percent("28.95") == 28.95


def test_only_albania_tracks_data():
    rows = {row.id: row.printed for row in SURVEY.table1}
    assert [country for country, found in rows["data_tracking"].items() if found == "yes"] == ["AL"]
    assert set(rows["adequate_budget"].values()) == set(rows["adequate_case_management"].values()) == {"no"}


FIT = {"long_term_housing": 32, "employment": 112}


@pytest.mark.parametrize("row", [row.id for row in SURVEY.table2])
def test_most_rows_can_not_rest_on_the_printed_samples(row):
    if row in FIT:
        assert SURVEY.pooled(row, SURVEY.samples).counts == {"count": FIT[row], "of": 476}
    else:
        with pytest.raises(DataError, match="base in the source"):
            SURVEY.pooled(row, SURVEY.samples)


def test_no_count_of_91_women_or_fewer_gives_57_2_percent():
    assert SURVEY.percentages["informed_of_rights", "XK"] == 57.2
    assert "57.2" not in {f"{100 * count / of:.1f}" for of in range(1, 92) for count in range(of + 1)}


def test_countries_are_not_pooled_without_their_cases():
    with pytest.raises(DataError) as caught:
        SURVEY.pooled("employment", {"AL": 91, "BA": 0, "XK": True, "ME": "66"})
    assert len(caught.value.problems) == 5
    with pytest.raises(DataError, match="did you mean employment"):
        SURVEY.pooled("employmnt", SURVEY.samples)
    weighted = SURVEY.pooled("employment", SURVEY.samples)
    assert weighted.value == 112 / 476
    assert weighted.low is None
    assert "no random sample" in weighted.method


# ------------------------------------------------------------------------------------------------- programmes


def test_every_status_is_an_answer_of_the_item_bank():
    assert [status.id for status in programmes().statuses] == [
        "not_offered",
        "refused",
        "enrolled",
        "dropped_out",
        "completed",
    ]
    item = item_bank()["programme_status"]
    assert {status.option for status in programmes().statuses} == set(item["options"])
    assert item["one_way"]


def sheets(instrument):
    """Nothing known, every least and every most risky answer, and each item alone at its riskiest."""
    others = [item for item in instrument.items if item.id != "programme_status"]
    yield {}
    for place in (0, -1):
        yield {item.id: item.codes[place] for item in others}
    yield from ({item.id: item.codes[-1]} for item in others if item.is_scored)


ASKS = [ref for ref in shipped.OWN if "programme_status" in load_instrument(ref).by_id]


def test_the_integrated_checklist_asks_for_the_programme():
    assert "integrated@1.0" in ASKS


@pytest.mark.parametrize("ref", ASKS)
def test_no_status_lowers_a_level_or_a_score(ref):
    instrument = load_instrument(ref)

    def result(answers):
        a = assess(answers, instrument, **shipped.LEAVE)
        ranks = [instrument.levels.index(level) for level in (a.level_low, a.level_high, a.work_as)]
        return (*ranks, a.score_low, a.score_high)

    for sheet in sheets(instrument):
        without = result(sheet)
        for status in programmes().statuses:
            pairs = zip(without, result({**sheet, "programme_status": status.option}), strict=True)
            assert all(with_it >= before for before, with_it in pairs), (sheet, status.id)


def test_what_was_printed_without_counts_has_no_share():
    indicators = {each.id: each for each in programmes().indicators}
    assert (indicators["kragujevac_admitted"].numerator, indicators["kragujevac_admitted"].denominator) == (17, 25)
    assert (indicators["nis_worked_with"].numerator, indicators["nis_worked_with"].denominator) == (19, 23)
    bare = [each for each in indicators.values() if each.printed]
    assert len(bare) == 4
    for each in bare:
        assert "80 %" in each.printed
        assert each.numerator is each.denominator is None
        assert each.share.value is None
        assert "without counts" in each.share.undefined
    assert [each.id for each in indicators.values() if each.is_target] == ["finish"]
    assert {each.said_by for each in indicators.values()} == {"programme"}


def test_an_indicator_has_a_share_with_an_interval():
    share = programme_indicator(12, 20, **TOLD, said_by="partner").share
    assert share.value == 0.6
    assert (round(share.low, 3), round(share.high, 3)) == (0.387, 0.781)


def test_every_problem_of_an_indicator_is_said_at_once():
    with pytest.raises(DataError) as caught:
        programme_indicator(21, 20, **{**TOLD, "period": " ", "source": None}, said_by="neighbour")
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "numerator",
        "period",
        "source",
        "said_by",
    ]
    assert "neighbour" not in str(caught.value)


@pytest.mark.parametrize(
    ("numerator", "denominator"), [(0, 0), (1, -1), (-1, 5), (6, 5), (True, 5), (1.5, 5), ("1", 5)]
)
def test_counts_that_are_none_are_refused(numerator, denominator):
    with pytest.raises(DataError):
        programme_indicator(numerator, denominator, **TOLD, said_by="police")


def test_indicators_of_the_same_are_added_up():
    made = [
        programme_indicator(12, 20, **{**TOLD, "source": name}, said_by="partner") for name in ("one", "two", "one")
    ]
    pooled = pool_indicators(made)
    assert (pooled.numerator, pooled.denominator, pooled.source) == (36, 60, "one; two")
    assert pooled.said_by == "partner"


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        ("said_by", "perpetrator"),
        ("measures", "arrived"),
        ("denominator_is", "men enrolled"),
        ("period", "3 months after"),
    ],
)
def test_what_differs_is_kept_apart(kind, other):
    facts = {**TOLD, "said_by": "partner"}
    pair = [programme_indicator(12, 20, **facts), programme_indicator(18, 20, **{**facts, kind: other})]
    with pytest.raises(DataError, match=f"{kind}: they differ"):
        pool_indicators(pair)


def test_targets_and_figures_without_counts_are_not_pooled():
    for indicators in ([], [each for each in programmes().indicators if each.printed][:1]):
        with pytest.raises(DataError, match="none of them a target"):
            pool_indicators(indicators)
