"""Every statistic says itself in plain words, in every language, and says no more than its interval allows.

`python tests/unit/test_ratings_in_words.py` writes tests/reference/ratings-in-words.toml anew. Read what changes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dvrisk import ratings_in_words as words
from dvrisk.cyrillic import to_cyrillic
from dvrisk.errors import DataError, InstrumentError
from dvrisk.language_files import languages, shared_words
from dvrisk.stats.agreement import (
    Apart,
    Change,
    DetectionPlan,
    Estimate,
    ItemAgreement,
    Repeat,
    SplitItem,
    WidthPlan,
    change_against_reference,
    change_in_agreement,
    change_in_deviation,
    explain_split,
    gwet_ac,
    icc,
    item_agreement,
    krippendorff_alpha,
    percent_agreement,
    plan_detection,
    plan_width,
    rater_deviation,
    rater_drift,
    raters_apart,
    repeat_consistency,
    serious_splits,
    specific_agreement,
)

STORED = Path(__file__).parents[1] / "reference" / "ratings-in-words.toml"

HIGH = {"en": "high", "sr": "visok", "sr-Cyrl": "висок", "sq": "i lartë"}
LABELS = {
    "en": ("threat to kill", "access to a firearm"),
    "sr": ("pretnja ubistvom", "pristup vatrenom oružju"),
    "sr-Cyrl": ("претња убиством", "приступ ватреном оружју"),
    "sq": ("kërcënim me vrasje", "qasje në armë zjarri"),
}
HANGS = Estimate(1.0, method="agreement; no interval: the value is the same without any one rater, so nothing shows")
ONE_LEVEL = Estimate(None, undefined="every rating is the same level")
EIGHT = {"cases": 8, "left_out": 0}
LOGITS, STEPS = "lean about the panel's median, logits", "deviation from the others, level steps"
DIFFERENT = SplitItem(1, 0.9, 0.25, Estimate(0.65))
ALIKE = SplitItem(0, 1.0, 1.0, Estimate(0.0))
OPEN = SplitItem(0, None, 0.5, Estimate(None, undefined="one side left this item open"))
LEFT = Estimate(0.05, counts={"open": 8, "marks": 160})
NONE = Estimate(None, undefined="no simulated exercise has an interval")
WIDTHS = (Estimate(0.15, 0.1, 0.21), Estimate(0.39, 0.26, 0.53))


def changed(before, after, difference, of="agreement", lang="en"):
    return words.say_change(Change(Estimate(before), Estimate(after), difference, 0.1), of=of, lang=lang)


SAID = {
    "agreement_open": lambda lang: words.say_agreement(Estimate(0.75, 0.6, 0.9), sample="raters", lang=lang),
    "agreement_missed": lambda lang: words.say_agreement(Estimate(0.62, 0.5, 0.74), sample="cases", lang=lang),
    "agreement_reached": lambda lang: words.say_agreement(Estimate(0.88, 0.825, 0.935), sample="raters", lang=lang),
    "agreement_without_interval": lambda lang: words.say_agreement(HANGS, sample="raters", lang=lang),
    "agreement_undefined": lambda lang: words.say_agreement(
        Estimate(None, undefined="no case has two ratings"), sample="raters", lang=lang
    ),
    "level_agreement": lambda lang: words.say_level_agreement(
        Estimate(0.62, 0.41, 0.83), HIGH[lang], sample="raters", lang=lang
    ),
    "level_agreement_undefined": lambda lang: words.say_level_agreement(
        Estimate(None, undefined="nobody gave level 2 to a shared case"), HIGH[lang], sample="raters", lang=lang
    ),
    "splits": lambda lang: words.say_splits(Estimate(0.04, 0.01, 0.07), sample="cases", lang=lang),
    "splits_undefined": lambda lang: words.say_splits(
        Estimate(None, undefined="with 2 levels no two are 2 apart"), sample="cases", lang=lang
    ),
    "coefficient": lambda lang: words.say_coefficient("AC2", Estimate(0.82, 0.74, 0.9), sample="raters", lang=lang),
    "coefficient_below_zero": lambda lang: words.say_coefficient(
        "Fleiss kappa", Estimate(-0.103, -0.31, 0.1), sample="cases", lang=lang
    ),
    "alpha_few_cases": lambda lang: words.say_coefficient(
        "alpha", Estimate(0.41, 0.12, 0.7, counts={"cases": 6, "left_out": 0}), sample="raters", lang=lang
    ),
    "alpha_enough_cases": lambda lang: words.say_coefficient(
        "alpha", Estimate(0.41, 0.12, 0.7, counts=EIGHT), sample="raters", lang=lang
    ),
    "coefficient_undefined": lambda lang: words.say_coefficient("kappa", ONE_LEVEL, sample="raters", lang=lang),
    "icc_absolute": lambda lang: words.say_coefficient(
        "ICC(A,1)", Estimate(0.89, 0.6, 0.98), sample="raters", lang=lang
    ),
    "icc_consistent_mean": lambda lang: words.say_coefficient(
        "ICC(C,k)", Estimate(0.96, 0.9, 0.99), sample="cases", lang=lang
    ),
    "rater_lower": lambda lang: words.say_rater(Apart(True, "lower", Estimate(-1.9, -2.6, -1.2, LOGITS)), lang=lang),
    "rater_higher": lambda lang: words.say_rater(
        Apart(True, "higher", Estimate(0.9, 0.55, 1.25, STEPS)), unit="level", lang=lang
    ),
    "rater_usual": lambda lang: words.say_rater(Apart(False, None, Estimate(-0.3, -1.0, 0.4, LOGITS)), lang=lang),
    "rater_undefined": lambda lang: words.say_rater(
        Apart(False, None, Estimate(None, undefined="nothing to compare this rater with")), lang=lang
    ),
    "deviation_lower": lambda lang: words.say_deviation(Estimate(-0.7, -1.2, -0.2), lang=lang),
    "deviation_open": lambda lang: words.say_deviation(Estimate(-0.7, -1.6, 0.2), against="reference", lang=lang),
    "deviation_same": lambda lang: words.say_deviation(Estimate(0.01, -0.3, 0.32), lang=lang),
    "deviation_without_interval": lambda lang: words.say_deviation(
        Estimate(1.0, method="steps; no interval: the same difference on every case"), lang=lang
    ),
    "deviation_undefined": lambda lang: words.say_deviation(
        Estimate(None, undefined="no case of this rater has a reference"), against="reference", lang=lang
    ),
    "item": lambda lang: words.say_item(
        ItemAgreement(Estimate(0.64, 0.55, 0.73), (), LEFT), LABELS[lang][0], lang=lang
    ),
    "item_undefined": lambda lang: words.say_item(
        ItemAgreement(Estimate(None, undefined="fewer than two people marked this item"), (), LEFT),
        LABELS[lang][0],
        lang=lang,
    ),
    "split": lambda lang: words.say_item_split([DIFFERENT, ALIKE, OPEN], LABELS[lang], HIGH[lang], lang=lang),
    "split_alike": lambda lang: words.say_item_split([ALIKE, OPEN], LABELS[lang], HIGH[lang], lang=lang),
    "split_undefined": lambda lang: words.say_item_split([OPEN], LABELS[lang], HIGH[lang], lang=lang),
    "change_open": lambda lang: changed(0.6, 0.74, Estimate(0.14, -0.03, 0.31), lang=lang),
    "change_up": lambda lang: changed(0.6, 0.74, Estimate(0.14, 0.05, 0.23), lang=lang),
    "change_deviation_down": lambda lang: changed(0.8, 0.3, Estimate(-0.5, -0.8, -0.2), "deviation", lang),
    "change_reference_up": lambda lang: changed(0.3, 1.02, Estimate(0.72, 0.3, 1.14), "reference", lang),
    "change_reference_down": lambda lang: changed(0.8, 0.3, Estimate(-0.5, -0.8, -0.2), "reference", lang),
    "change_undefined": lambda lang: words.say_change(
        Change(*[Estimate(None, undefined="no case was rated both times by enough people")] * 3, None), lang=lang
    ),
    "drift_lower": lambda lang: words.say_drift(Estimate(-0.4, -0.7, -0.1), lang=lang),
    "drift_open": lambda lang: words.say_drift(Estimate(0.2, -0.3, 0.7), against="reference", lang=lang),
    "drift_same": lambda lang: words.say_drift(Estimate(0.02, -0.2, 0.24), lang=lang),
    "drift_undefined": lambda lang: words.say_drift(
        Estimate(None, undefined="this rater can be compared in one round at most"), lang=lang
    ),
    "repeat_same": lambda lang: words.say_repeat(
        Repeat((), Estimate(0.8, 0.7, 0.9), Estimate(0.02, -0.1, 0.14)), lang=lang
    ),
    "repeat_lower": lambda lang: words.say_repeat(
        Repeat((), Estimate(0.8, 0.7, 0.9), Estimate(-0.2, -0.5, 0.1)), lang=lang
    ),
    "repeat_undefined": lambda lang: words.say_repeat(
        Repeat((), *[Estimate(None, undefined="nobody rated the same case twice")] * 2), lang=lang
    ),
    "width": lambda lang: words.say_width(WidthPlan(*WIDTHS, Estimate(0.34), Estimate(0.6)), lang=lang),
    "width_undefined": lambda lang: words.say_width(WidthPlan(NONE, NONE, NONE, NONE), lang=lang),
    "detection": lambda lang: words.say_detection(
        DetectionPlan(Estimate(0.94, 0.9, 0.97), Estimate(0.03, 0.01, 0.06)), lang=lang
    ),
}
EVERY = [(name, lang) for name in SAID for lang in HIGH]


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_what_is_said_is_what_was_read_and_kept(name, lang):
    assert SAID[name](lang) == tomllib.loads(STORED.read_text(encoding="utf-8"))[lang][name]


def test_the_languages_are_those_of_the_library():
    assert sorted(HIGH) == sorted(languages())


# -------------------------------------------------------------------------------------------- verdicts are withheld

VERDICTS = ("Even the", "more than chance explains", "is reached", "reaches")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.6, 0.79, "below the goal of 80"),
        (0.6, 0.8, "too few people or cases"),
        (0.796, 0.9, "too few people or cases"),  # is printed as 79, so it holds the goal
        (0.6, 0.797, "too few people or cases"),  # is printed as 80
        (0.8, 0.9, "reaches the goal of 80"),
    ],
)
def test_the_goal_is_reached_or_missed_only_if_the_printed_interval_lies_on_one_side(low, high, expected):
    said = words.say_agreement(Estimate((low + high) / 2, low, high), sample="raters")
    assert expected in said
    assert said.count("goal") == 1


def test_without_an_interval_there_is_no_verdict_and_the_reason_is_said():
    said = words.say_agreement(HANGS, sample="raters")
    assert said.endswith(
        "can't be said: nothing changes when any one person or case is left out. So there is no verdict."
    )
    assert "goal" not in said


def test_what_has_no_value_says_why_and_gives_no_number():
    for name in SAID:
        if name.endswith("_undefined"):
            said = SAID[name]("en")
            assert ": " in said, name
            assert not any(verdict in said for verdict in VERDICTS), name
            assert not re.search(r"\d", said.replace("8 of 160", "")), name


@pytest.mark.parametrize(("low", "high"), [(-0.1, 0.5), (0.0, 0.5), (-0.5, 0.0), (0.004, 0.3)])
def test_a_change_whose_interval_reaches_0_is_no_change_yet(low, high):
    assert "whether anything has changed" in changed(0.5, 0.6, Estimate(0.1, low, high))


@pytest.mark.parametrize("of", ["agreement", "deviation", "reference"])
@pytest.mark.parametrize(("low", "high"), [(0.1, 0.5), (-0.5, -0.1)])
def test_a_change_beside_0_is_said_with_its_direction(of, low, high):
    said = changed(0.5, 0.6, Estimate((low + high) / 2, low, high), of)
    assert "more than chance explains" in said
    pairs = {"agreement": ("more often", "less often"), "deviation": ("further", "closer")}
    assert pairs.get(of, ("further from the reference", "closer to the reference"))[low < 0] in said


@pytest.mark.parametrize(("low", "high"), [(-0.2, 0.8), (0.0, 0.6), (0.03, 0.57)])
def test_a_deviation_whose_printed_interval_reaches_0_may_be_chance(low, high):
    assert "more than chance" in words.say_deviation(Estimate(0.3, low, high))
    assert "more than chance" in words.say_drift(Estimate(0.3, low, high))


def test_a_deviation_beside_0_is_not_called_more_than_chance():
    said = words.say_deviation(Estimate(0.3, 0.1, 0.5))
    assert said.endswith("it might be 0.1 to 0.5 higher.")


def test_only_one_who_stands_apart_is_said_to_and_then_may_be_right():
    apart, usual = SAID["rater_lower"]("en"), SAID["rater_usual"]("en")
    assert "may be right" in apart
    assert "lower than the others" not in usual
    assert "as far as these ratings can tell" in usual


def test_levels_alone_say_nothing_of_what_is_usual():
    assert "usual" not in SAID["rater_higher"]("en")


@pytest.mark.parametrize(("shared", "is_few"), [(7, True), (8, False)])
def test_alpha_counts_the_cases_with_two_ratings(shared, is_few):
    found = Estimate(0.4, 0.1, 0.7, counts={"cases": 10, "left_out": 10 - shared})
    assert ("at least 8 cases" in words.say_coefficient("alpha", found, sample="raters")) == is_few
    assert "at least" not in words.say_coefficient("kappa", found, sample="raters")


# ------------------------------------------------------------------------------------------------ words and numbers


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_every_sentence_ends_with_a_full_stop_and_has_no_gaps(name, lang):
    said = SAID[name](lang)
    assert said.endswith(".")
    assert not re.search(r"[{}]|  | [.,;:]|\.\.|None|nan", said)


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_numbers_are_written_as_the_language_writes_them(name, lang):
    said = SAID[name](lang)
    assert not re.search(r"\d\.\d" if lang != "en" else r"\d,\d", said)
    assert not re.search(r"-\d", said)


def test_a_number_below_0_has_a_true_minus_and_a_comma():
    assert "−0,10" in SAID["coefficient_below_zero"]("sr")
    assert "−0.10" in SAID["coefficient_below_zero"]("en")
    tiny = words.say_coefficient("AC1", Estimate(-0.001, -0.2, 0.2), sample="raters")
    assert tiny.startswith("AC1: 0.00.")


NEVER = {
    "en": r"lenien|sever|strict|harsh|bias|\b(good|poor|fair|moderate|wrong|mistake|error|best|worst|rank)\b|judge|police|prosecut|outlier|\b(he|she|his|her)\b",
    "sr": r"blag|strog|pristras|grešk|pogreš|\b(dobr|loš)|najbolj|najgor|sudij|polic|tužil|\b(on|ona)\b",
    "sq": r"rrept|butë|njëansh|gabim|\b(mirë|keq)\b|gjyqtar|polic|prokuror|devijim|\b(ai|ajo)\b",
}


@pytest.mark.parametrize(("name", "lang"), [(name, lang) for name in SAID for lang in NEVER])
def test_nobody_is_blamed_ranked_or_named_by_profession(name, lang):
    assert not re.search(NEVER[lang], SAID[name](lang), re.I)


def test_cyrillic_is_made_from_latin_letter_by_letter():
    for name, say in SAID.items():
        keep = [*HIGH, "AC2", "ICC", "A", "C", "k"]
        assert say("sr-Cyrl") == to_cyrillic(say("sr"), keep), name


def test_every_phrase_is_used(repo):
    source = (repo / "src/dvrisk/ratings_in_words.py").read_text(encoding="utf-8")
    made = r"(agreement|level_agreement|splits|coefficient|rater|deviation|drift|item|change|repeat)_none|.*_(lower|higher|same|up|down)|other_\w+|against_\w+|signed_other_\w+|unit_\w+|change_\w+|why_\w+"
    for key in shared_words("phrases", "en")["ratings"]:
        assert f'"{key}"' in source or f'"{key.removeprefix("why_")}"' in source or re.fullmatch(made, key), key


# ------------------------------------------------------------------------------------------------------------ errors


def test_an_unknown_language_is_named_with_those_there_are():
    for name, say in SAID.items():
        with pytest.raises((InstrumentError, KeyError)) as caught:
            say("xx")
        assert caught.type is KeyError or "expected one of en, sq, sr, sr-Cyrl" in str(caught.value), name
    with pytest.raises(InstrumentError, match="expected one of en, sq, sr, sr-Cyrl"):
        words.say_agreement(Estimate(None), sample="raters", lang="xx")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: words.say_agreement(Estimate(0.5, 0.4, 0.6), sample="people"), "expected one of raters, cases"),
        (lambda: words.say_agreement(Estimate(0.5, 0.4, 0.6), sample="raters", goal=80), "got 80, expected a share"),
        (lambda: words.say_coefficient("Alpha", Estimate(0.5), sample="raters"), "expected one of AC1"),
        (lambda: words.say_deviation(Estimate(0.5), against="me"), "expected one of others, reference"),
        (lambda: words.say_rater(Apart(False, None, Estimate(0.1)), unit="step"), "expected one of logit, level"),
        (lambda: changed(0.5, 0.6, Estimate(0.1), of="all"), "expected one of agreement"),
    ],
)
def test_a_wrong_word_is_an_error_that_lists_the_right_ones(call, expected):
    with pytest.raises(DataError, match=expected):
        call()


# ----------------------------------------------------------------------------------------- what the statistics give

RATINGS = [[0, 1, 2, 2, 0, 1, 1, 2], [0, 1, 2, 1, 0, 0, 1, 2], [0, 2, 2, 2, 1, 1, 0, 2], [1, 1, 2, 0, 0, 1, 1, 1]]
MARKS = [[[level > 0, level > 1] for level in row] for row in RATINGS]


def test_every_statistic_can_be_said():
    first, second = RATINGS, [row[::-1] for row in RATINGS]
    said = [
        words.say_agreement(percent_agreement(first), sample="raters"),
        words.say_level_agreement(specific_agreement(first, 2, sample="cases"), "high", sample="cases"),
        words.say_splits(serious_splits(first), sample="raters"),
        words.say_coefficient("AC2", gwet_ac(first, weights="quadratic"), sample="raters"),
        words.say_coefficient("alpha", krippendorff_alpha(first, sample="cases"), sample="cases"),
        words.say_coefficient("ICC(A,1)", icc(first), sample="cases"),
        *(words.say_rater(rater, unit="level") for rater in raters_apart(first)),
        *(words.say_rater(rater) for rater in raters_apart([[[*map(float, m)] for m in row] for row in MARKS])),
        *map(words.say_deviation, rater_deviation(first)),
        *(words.say_item(item, "label") for item in item_agreement(MARKS)),
        words.say_item_split(explain_split(MARKS, first, 3, 2), ["one", "two"], "high"),
        words.say_change(change_in_agreement(first, second, n=50)),
        words.say_change(change_in_deviation(first, second, n=50), of="deviation"),
        words.say_change(change_against_reference(first, second, first[0], n=50), of="reference"),
        *map(words.say_drift, rater_drift([first, second])),
        words.say_repeat(repeat_consistency(first, second)),
        words.say_width(plan_width(5, 6, draws=5)),
        words.say_detection(plan_detection(5, 6, None, -1.0, draws=3)),
    ]
    assert all(one.endswith(".") and "do not allow it" not in one for one in said)


def test_the_interval_of_another_question_is_refused():
    over_cases = percent_agreement(RATINGS, sample="cases")
    with pytest.raises(DataError, match="interval of this estimate is over cases"):
        words.say_agreement(over_cases, sample="raters")


def test_a_lean_or_a_change_in_another_unit_is_refused():
    with pytest.raises(DataError, match="other unit"):
        words.say_rater(raters_apart(RATINGS)[0], unit="logit")
    with pytest.raises(DataError, match="another statistic"):
        words.say_change(change_in_deviation(RATINGS, RATINGS[::-1], n=20))


ALONE = [[0, 1, None, None], [None, None, 1, 2]]
HALF_OPEN = [[[1, 1], [0, 0]], [[float("nan"), 1], [float("nan"), 0]]]


@pytest.mark.parametrize(
    "call",
    [
        lambda: percent_agreement(ALONE),
        lambda: krippendorff_alpha([[1, 1], [1, 1], [1, 1]]),
        lambda: krippendorff_alpha([[1, 1, 0], [1, 1, None], [1, 1, None]]),
        lambda: gwet_ac([[1, 1], [1, 1]]),
        lambda: specific_agreement(RATINGS, 3, levels=4),
        lambda: serious_splits([[0, 1], [1, 1]]),
        lambda: icc([[1, 1], [1, 1]]),
        lambda: icc([[1, None, 1.0], [1, 2, None]]),
        lambda: rater_deviation(ALONE)[0],
        lambda: rater_deviation(RATINGS, reference=[None] * 7 + [1])[0],
        lambda: rater_deviation([[0, 1], [0, 1]], reference=[None, 1])[0],
        lambda: rater_deviation([[1, None], [0, 1], [0, 1]], reference=[None, 1])[0],
        lambda: rater_deviation([[0, 1], [1, 2]])[0],
        lambda: raters_apart([[0, None], [None, 1], [None, 1]])[0].estimate,
        lambda: item_agreement(HALF_OPEN)[0].agreement,
        lambda: change_in_agreement([[0, None], [1, None]], [[None, 1], [None, 1]]).difference,
        lambda: change_in_agreement([[0, 1], [1, 0]], [[1, 1], [1, 0]]).difference,
        lambda: repeat_consistency([[0, None]] * 3, [[None, 1]] * 3).everyone,
        lambda: repeat_consistency([[0, None]] * 2 + [[1, 1]], [[None, 1]] * 2 + [[1, 1]]).raters[0],
        lambda: rater_drift([[[0, 1], [1, 1]], [[0, None], [None, 1]]])[0],
        lambda: rater_drift([[[0, 1], [0, 1]], [[0, 1], [0, 1]]])[0],
        lambda: plan_width(3, 3, draws=1).alpha_raters,
        lambda: percent_agreement(RATINGS, interval=None),
        lambda: percent_agreement(RATINGS[:2]),
        lambda: percent_agreement([row[:2] for row in RATINGS], sample="cases"),
        lambda: percent_agreement([[1, 1], [1, 1], [1, 1]]),
        lambda: percent_agreement([[1, 1], [1, None], [None, 1]]),
        lambda: explain_split(HALF_OPEN, [[1, 0], [0, 0]], 0, 1)[-1].difference,
    ],
)
def test_every_reason_that_a_statistic_gives_has_words(call):
    found = call()
    english = shared_words("phrases", "en")["ratings"]
    if found.value is None:
        assert words._why(found.undefined, english) != english["why_other"], found.undefined
    elif found.low is None:
        why = found.method.partition("no interval")[2]
        assert words._why(why, english) != english["why_other"], why


def test_to_say_a_statistic_takes_no_numpy():
    code = "import sys, dvrisk.ratings_in_words; print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def write() -> None:
    """Store everything that is said."""
    lines = ["# What the statistics say of themselves; tests/unit/test_ratings_in_words.py writes and reads it."]
    for lang in HIGH:
        lines += ["", f"[{lang}]", *(f"{name} = {json.dumps(SAID[name](lang), ensure_ascii=False)}" for name in SAID)]
    STORED.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
