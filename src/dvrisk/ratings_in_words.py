"""Every statistic on ratings, said in one or two plain sentences; a verdict only where its interval allows one.

`estimate` is what `dvrisk.stats` returns. Every function takes `lang`: the language, by default English; an unknown one
is an InstrumentError. Ends of intervals are rounded outwards, and a verdict goes by what is printed; coefficients carry
no verdict and are rounded as usual.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from dvrisk.errors import DataError, InstrumentError
from dvrisk.language_files import languages, shared_words

if TYPE_CHECKING:  # to say a statistic takes no numpy
    from dvrisk.stats.apart import Apart
    from dvrisk.stats.change import Change, Repeat
    from dvrisk.stats.estimate import Estimate
    from dvrisk.stats.items import ItemAgreement, SplitItem
    from dvrisk.stats.planning import DetectionPlan, WidthPlan

Sample = Literal["raters", "cases"]
Against = Literal["others", "reference"]
Texts = Mapping[str, str]

MOST_FACTS = 3
"""Facts that explain a split: no more are said."""

_NAMES = {
    "alpha": "name_alpha",
    "kappa": "name_kappa",
    "Cohen kappa": "name_cohen",
    "Fleiss kappa": "name_fleiss",
    "Conger kappa": "name_conger",
    "Brennan-Prediger": "name_brennan",
}
_AS_IT_IS = re.compile(r"AC[12]|ICC\([1AC],[1k]\)")
_CHANGES = {
    "agreement": ("chance that two people", "change_of_100"),
    "deviation": ("size of a rater's deviation", "change_levels"),
    "reference": ("distance to the reference", "change_levels"),
}
_LOWER_HIGHER = ("range_lower", "range_higher", "range_both")
_LESS_MORE = ("range_less", "range_more", "range_less_more")
_REASONS = {
    "no case has two ratings": "no_pair",
    "is the same level": "one_level",
    "nobody gave level": "level_unused",
    "levels no two are": "few_levels",
    "no disagreement is possible": "no_disagreement",
    "fewer than two cases were rated": "few_shared",
    "the cases do not differ": "cases_alike",
    "in one round at most": "one_round",
    "rated by anybody else": "alone",
    "nothing to compare this rater with": "alone",
    "of this rater can be compared": "alone",
    "of this rater has a reference": "no_reference",
    "marked this item": "few_marked",
    "left this item open": "side_open",
    "was rated both times": "not_both",
    "rated the same case twice": "not_twice",
    "no simulated exercise": "no_exercise",
    "asked for": "not_asked",
    "it takes 3 raters": "few_people",
    "it takes 3 cases": "few_cases",
    "fewer than three raters, or no rater": "few_or_alike",
    "without one of the": "hangs",
    "the same without any one": "steady",
    "only one case": "one_case",
    "same difference on every case": "same_difference",
    "too few cases, or no scatter": "no_spread",
}
"""What stands in the reason that a statistic gives, and under which name (after `why_`) the languages say it."""


# ------------------------------------------------------------------------------------------------------- the group


def say_agreement(estimate: Estimate, *, sample: Sample, goal: float | None = 0.80, lang: str = "en") -> str:
    """Say how often two people give a case the same level, and whether the goal is reached.

    Parameters
    ----------
    estimate : Estimate
        From `percent_agreement`.
    sample : {'raters', 'cases'}
        What its interval generalises to.
    goal : float or None, default 0.80
        A house goal, from 0 to 1; it is reached or missed only if the whole interval says so. With None no goal is
        spoken of.
    lang : str, default 'en'

    Returns
    -------
    str

    Raises
    ------
    DataError
        The goal is not from 0 to 1, or the interval generalises to something else than `sample`.
    InstrumentError
        There are no words in this language.

    Examples
    --------
    >>> from dvrisk.stats.estimate import Estimate
    >>> print(say_agreement(Estimate(0.75, 0.6, 0.79), sample="raters"))  # doctest: +NORMALIZE_WHITESPACE
    Two of these people give the same case the same level in about 75 of 100 cases. With other people on these cases it
    might be 60 to 79. Even the high end of this range is below the goal of 80 of 100.
    """
    texts = _texts(lang)
    if estimate.value is None:
        return _none("agreement", estimate, texts)
    said = texts["agreement"].format(share=_of_100(estimate.value))
    verdict = "" if goal is None else _against_goal(estimate, goal, texts)
    return _sentences(said, _might_be(estimate, sample, texts), verdict)


def say_level_agreement(
    estimate: Estimate, level_name: str, *, sample: Sample, goal: float = 0.75, lang: str = "en"
) -> str:
    """Say how often, if one person gives this level, another gives it too, and whether the goal is reached.

    Parameters
    ----------
    estimate : Estimate
        From `specific_agreement`.
    level_name : str
        The level in the words of the language.
    sample, goal, lang
        As for `say_agreement`.

    Returns
    -------
    str

    Examples
    --------
    >>> from dvrisk.stats.estimate import Estimate
    >>> print(say_level_agreement(Estimate(0.62, 0.41, 0.83), "high", sample="raters"))
    ... # doctest: +NORMALIZE_WHITESPACE
    If one person says “high”, another one says “high” in about 62 of 100 times. With other people on these cases it
    might be 41 to 83. These are too few people or cases to say whether the goal of 75 of 100 is reached.
    """
    texts = _texts(lang)
    if estimate.value is None:
        return _none("level_agreement", estimate, texts, level=level_name)
    said = texts["level_agreement"].format(level=level_name, share=_of_100(estimate.value))
    return _sentences(said, _might_be(estimate, sample, texts), _against_goal(estimate, goal, texts))


def say_splits(estimate: Estimate, *, sample: Sample, lang: str = "en") -> str:
    """Say how often two people are two levels apart on a case, or more.

    Parameters
    ----------
    estimate : Estimate
        From `serious_splits` with two steps.
    sample, lang
        As for `say_agreement`.

    Returns
    -------
    str

    Examples
    --------
    >>> from dvrisk.stats.estimate import Estimate
    >>> print(say_splits(Estimate(0.04, 0.01, 0.07), sample="cases"))  # doctest: +NORMALIZE_WHITESPACE
    Two of these people are two levels apart, or more, in about 4 of 100 cases. With these people on other cases it
    might be 1 to 7.
    """
    texts = _texts(lang)
    if estimate.value is None:
        return _none("splits", estimate, texts)
    return _sentences(texts["splits"].format(share=_of_100(estimate.value)), _might_be(estimate, sample, texts))


def say_coefficient(name: str, estimate: Estimate, *, sample: Sample, lang: str = "en") -> str:
    """Say a coefficient and what its scale means, without words such as good or poor.

    Parameters
    ----------
    name : str
        AC1, AC2, alpha, kappa, Cohen kappa, Fleiss kappa, Conger kappa, Brennan-Prediger, or ICC(1,1), ICC(A,1),
        ICC(C,1), ICC(1,k), ICC(A,k), ICC(C,k).
    estimate : Estimate
    sample, lang
        As for `say_agreement`. For an ICC, what the interval generalises to follows from its name.

    Returns
    -------
    str
        For alpha on fewer than 8 cases with two ratings it says that they are too few for a verdict.

    Raises
    ------
    DataError
        The name is none of these.

    Examples
    --------
    >>> from dvrisk.stats.estimate import Estimate
    >>> print(say_coefficient("AC2", Estimate(0.82, 0.74, 0.9), sample="raters"))  # doctest: +NORMALIZE_WHITESPACE
    AC2: 0.82. This is agreement beyond what chance would give: 1 means always, 0 no more than by chance. With other
    people on these cases it might be 0.74 to 0.90.
    """
    texts = _texts(lang)
    if name not in _NAMES and not _AS_IT_IS.fullmatch(name):
        raise DataError(
            "name", [f"expected one of AC1, AC2, {', '.join(_NAMES)}, ICC(1,1), ICC(A,1), ICC(C,1), ...k)."]
        )
    called = texts[_NAMES[name]] if name in _NAMES else name
    if estimate.value is None:
        return _none("coefficient", estimate, texts, name=called)
    value = _number(estimate.value, 2, texts)
    if name.startswith("ICC"):
        return _sentences(texts["icc"].format(name=called, value=value), *_icc_sentences(name, estimate, texts))
    said = texts["coefficient"].format(name=called, value=value)
    few = _too_few_for_alpha(estimate, texts) if name == "alpha" else ""
    return _sentences(said, _might_be(estimate, sample, texts, decimals=2), few)


# ------------------------------------------------------------------------------------ one rater: for the trainer only


def say_rater(apart: Apart, *, unit: Literal["logit", "level"] = "logit", lang: str = "en") -> str:
    """Say whether one rater stands apart, and that this is no verdict. For the trainer, and for this rater, alone.

    Parameters
    ----------
    apart : Apart
        From `raters_apart`.
    unit : {'logit', 'level'}, default 'logit'
        Logits, with items; level steps, with levels alone.
    lang : str, default 'en'

    Returns
    -------
    str

    Raises
    ------
    DataError
        The lean is in the other unit.

    Examples
    --------
    >>> from dvrisk.stats.apart import Apart
    >>> from dvrisk.stats.estimate import Estimate
    >>> print(say_rater(Apart(True, "lower", Estimate(-1.9, -2.6, -1.2))))  # doctest: +NORMALIZE_WHITESPACE
    This rater rates lower than the others: by about 1.9 (between 1.2 and 2.6, on the logit scale). That is more than is
    usual in this group, and more than chance explains. It is no verdict: whoever differs may be right. It helps to
    ask first which facts decided.
    """
    texts, estimate = _texts(lang), apart.estimate
    _one_of("unit", unit, ("logit", "level"))
    if {"logit": "level steps", "level": "logits"}[unit] in estimate.method:
        raise DataError("unit", [f"got {unit}, but the lean is in the other unit."])
    in_unit = texts[f"unit_{unit}"]
    if estimate.value is None:
        return _none("rater", estimate, texts)
    ends = _ends(estimate, 1)
    if not apart.apart or ends is None:
        reach = texts["rater_reach"].format(range=_range(ends, 1, texts), unit=in_unit) if ends else ""
        return _sentences(texts["rater_usual"], reach)
    low, high = (_number(end, 1, texts) for end in sorted(map(abs, ends)))
    size = _number(abs(estimate.value), 1, texts)
    said = texts[f"rater_{apart.direction}"].format(size=size, low=low, high=high, unit=in_unit)
    why = texts["rater_by_facts" if unit == "logit" else "rater_by_levels"]
    return _sentences(said, why, texts["rater_no_verdict"])


def say_deviation(estimate: Estimate, *, against: Against = "others", lang: str = "en") -> str:
    """Say how many levels one rater is above or below the others, or a reference, on average.

    Parameters
    ----------
    estimate : Estimate
        From `rater_deviation`.
    against : {'others', 'reference'}, default 'others'
    lang : str, default 'en'

    Returns
    -------
    str
        It never says that a rater stands apart: with forty raters two intervals in forty lie beside 0 by chance. Ask
        `raters_apart`.

    Examples
    --------
    >>> from dvrisk.stats.estimate import Estimate
    >>> print(say_deviation(Estimate(-0.7, -1.62, 0.22)))  # doctest: +NORMALIZE_WHITESPACE
    On average this rater rates 0.7 levels lower than the others on the same cases. On other cases like these it might
    be 1.7 lower to 0.3 higher. These are too few cases to say whether that is more than chance.
    """
    return _one_rater("deviation", estimate, against, _texts(lang))


def say_drift(estimate: Estimate, *, against: Against = "others", lang: str = "en") -> str:
    """Say whether one rater rates higher, or lower, from round to round.

    Parameters
    ----------
    estimate : Estimate
        From `rater_drift`.
    against : {'others', 'reference'}, default 'others'
    lang : str, default 'en'

    Returns
    -------
    str

    Examples
    --------
    >>> from dvrisk.stats.estimate import Estimate
    >>> print(say_drift(Estimate(-0.4, -0.7, -0.1)))  # doctest: +NORMALIZE_WHITESPACE
    Compared with the others on the same cases, this rater rates 0.4 levels lower with each round. On other cases like
    these it might be 0.1 to 0.7 lower.
    """
    return _one_rater("drift", estimate, against, _texts(lang))


# ------------------------------------------------------------------------------------------------------- the facts


def say_item(agreement: ItemAgreement, label: str, *, lang: str = "en") -> str:
    """Say how often two people give one item the same answer, and how often it was left open.

    Parameters
    ----------
    agreement : ItemAgreement
        From `item_agreement`.
    label : str
        The item in the words of the language.
    lang : str, default 'en'

    Returns
    -------
    str

    Examples
    --------
    >>> from dvrisk.stats.estimate import Estimate
    >>> from dvrisk.stats.items import ItemAgreement
    >>> found = ItemAgreement(Estimate(0.64, 0.55, 0.73), (), Estimate(0.05, counts={"open": 8, "marks": 160}))
    >>> print(say_item(found, "threat to kill"))  # doctest: +NORMALIZE_WHITESPACE
    “threat to kill”: two of these people give the same answer in about 64 of 100 cases. With other people on these
    cases it might be 55 to 73. Left open: 8 of 160 answers.
    """
    texts, estimate, counts = _texts(lang), agreement.agreement, agreement.open.counts
    left = texts["item_open"].format(open=counts["open"], marks=counts["marks"]) if counts.get("open") else ""
    if estimate.value is None:
        return _sentences(_none("item", estimate, texts, item=label), left)
    said = texts["item"].format(item=label, share=_of_100(estimate.value))
    return _sentences(said, _might_be(estimate, "raters", texts), left)


def say_item_split(items: Sequence[SplitItem], labels: Sequence[str], level_name: str, *, lang: str = "en") -> str:
    """Say which facts those saw differently who rated one case high and low.

    Parameters
    ----------
    items : sequence of SplitItem
        From `explain_split`, the most different first.
    labels : sequence of str
        All items in the words of the language, in the order of the marks.
    level_name : str
        The level that divides the two sides.
    lang : str, default 'en'

    Returns
    -------
    str
        At most three facts. Of 100: for yes and no, the share of yes; otherwise the mean mark as a
        share of the highest.

    Examples
    --------
    >>> from dvrisk.stats.estimate import Estimate
    >>> from dvrisk.stats.items import SplitItem
    >>> found = [SplitItem(1, 0.9, 0.25, Estimate(0.65)), SplitItem(0, 1.0, 1.0, Estimate(0.0))]
    >>> print(say_item_split(found, ["threat to kill", "firearm"], "high"))  # doctest: +NORMALIZE_WHITESPACE
    Some gave this case the level “high” or a higher one, the others a lower one. They differ most on these facts:
    “firearm” (average mark 90 of 100 on the higher side, 25 of 100 on the lower side). This shows what goes together;
    what decided, only the people themselves can say.
    """
    texts = _texts(lang)
    known = [item for item in items if item.difference.value is not None]
    if not known:
        why = texts["why_side_open"]
        return texts["split_none"].format(level=level_name, why=why)
    facts = [_split_fact(item, labels, texts) for item in known if _differs(item)][:MOST_FACTS]
    if not facts:
        return texts["split_alike"].format(level=level_name)
    return _sentences(texts["split"].format(level=level_name, facts="; ".join(facts)), texts["split_together"])


# ------------------------------------------------------------------------------------------------ before and after


def say_change(
    change: Change, *, of: Literal["agreement", "deviation", "reference"] = "agreement", lang: str = "en"
) -> str:
    """Say a statistic before and after, and whether it changed by more than chance.

    Parameters
    ----------
    change : Change
    of : {'agreement', 'deviation', 'reference'}, default 'agreement'
        Which it is: from `change_in_agreement`, `change_in_deviation` or `change_against_reference`.
    lang : str, default 'en'

    Returns
    -------
    str

    Raises
    ------
    DataError
        The change is of another statistic.

    Examples
    --------
    >>> from dvrisk.stats.change import Change
    >>> from dvrisk.stats.estimate import Estimate
    >>> print(say_change(Change(Estimate(0.6), Estimate(0.74), Estimate(0.14, -0.03, 0.31), 0.11)))
    ... # doctest: +NORMALIZE_WHITESPACE
    Two of these people gave the same case the same level in about 60 of 100 cases before, and in about 74 of 100 after.
    With other people on these cases the difference might be 3 less to 31 more (of 100). These are too few people or
    cases to say whether anything has changed.
    """
    texts, difference = _texts(lang), change.difference
    _check_change(change, of)
    before, after = change.before.value, change.after.value
    if before is None or after is None or difference.value is None:
        return _none("change", difference, texts)
    said = texts[f"change_{of}"].format(before=_changed(before, of, texts), after=_changed(after, of, texts))
    scale, digits = (100, 0) if of == "agreement" else (1, 1)
    ends = _ends(difference, digits, scale)
    if ends is None:
        return _sentences(said, _no_range(difference, texts), texts["no_verdict"])
    reach = texts[_CHANGES[of][1]].format(range=_range(ends, digits, texts, _LESS_MORE))
    verdict = {1: f"change_{of}_up", -1: f"change_{of}_down", 0: "change_open"}[_side(ends)]
    return _sentences(said, reach, texts[verdict])


def say_repeat(repeat: Repeat, *, lang: str = "en") -> str:
    """Say how often people give a case the same level a second time, and whether they then rate higher or lower.

    Parameters
    ----------
    repeat : Repeat
        From `repeat_consistency`.
    lang : str, default 'en'

    Returns
    -------
    str

    Examples
    --------
    >>> from dvrisk.stats.change import Repeat
    >>> from dvrisk.stats.estimate import Estimate
    >>> print(say_repeat(Repeat((), Estimate(0.8, 0.7, 0.9), Estimate(0.02, -0.1, 0.14))))
    ... # doctest: +NORMALIZE_WHITESPACE
    These people give a case the same level a second time in about 80 of 100 cases. With other people on these cases it
    might be 70 to 90. On average they rate about as high the second time as the first.
    """
    texts, everyone, shift = _texts(lang), repeat.everyone, repeat.shift
    if everyone.value is None or shift.value is None:
        return _none("repeat", everyone, texts)
    said = texts["repeat"].format(share=_of_100(everyone.value))
    way, size = _way(shift.value), _number(abs(shift.value), 1, texts)
    moved = texts[f"repeat_{way}"].format(size=size)
    surely = "" if way == "same" else _signed(shift, "raters", texts)
    return _sentences(said, _might_be(everyone, "raters", texts), moved, surely)


# ------------------------------------------------------------------------------------------------------- the plan


def say_width(plan: WidthPlan, *, lang: str = "en") -> str:
    """Say how wide the intervals of a planned exercise will be.

    Parameters
    ----------
    plan : WidthPlan
        From `plan_width`.
    lang : str, default 'en'

    Returns
    -------
    str
        'Mostly' is the middle 80 of 100 simulated exercises.

    Examples
    --------
    >>> from dvrisk.stats.estimate import Estimate
    >>> from dvrisk.stats.planning import WidthPlan
    >>> raters, cases = Estimate(0.15, 0.1, 0.21), Estimate(0.39, 0.26, 0.53)
    >>> print(say_width(WidthPlan(raters, cases, Estimate(0.34), Estimate(0.6))))  # doctest: +NORMALIZE_WHITESPACE
    With this plan, the range around agreement will be about 15 of 100 wide for other people on the same cases (mostly
    10 to 21), and about 39 of 100 wide for the same people on other cases (mostly 26 to 53). For alpha, the two
    widths will be about 0.34 and 0.60.
    """
    texts = _texts(lang)
    shares = _part("raters", plan.agreement_raters) | _part("cases", plan.agreement_cases)
    alphas = [plan.alpha_raters, plan.alpha_cases]
    raters, cases = (None if one.value is None else _number(one.value, 2, texts) for one in alphas)
    if len(shares) < 6:
        said = texts["width_none"].format(why=texts["why_no_exercise"])
    else:
        said = texts["width"].format(**shares)
    if raters is None or cases is None:
        return _sentences(said, texts["width_alpha_none"].format(why=texts["why_no_exercise"]))
    return _sentences(said, texts["width_alpha"].format(raters=raters, cases=cases))


def say_detection(plan: DetectionPlan, *, lang: str = "en") -> str:
    """Say how likely a planned exercise is to notice a rater who leans, and to single out somebody else.

    Parameters
    ----------
    plan : DetectionPlan
        From `plan_detection`.
    lang : str, default 'en'

    Returns
    -------
    str

    Examples
    --------
    >>> from dvrisk.stats.estimate import Estimate
    >>> from dvrisk.stats.planning import DetectionPlan
    >>> print(say_detection(DetectionPlan(Estimate(0.94, 0.9, 0.97), Estimate(0.03, 0.01, 0.06))))
    ... # doctest: +NORMALIZE_WHITESPACE
    Somebody who rates lower or higher by the planned amount is noticed in about 94 of 100 such exercises (90 to 97). In
    about 3 of 100, somebody else stands out by chance (1 to 6).
    """
    return _texts(lang)["detection"].format(**_part("found", plan.found), **_part("others", plan.others))


# --------------------------------------------------------------------------------------------- sentences and numbers


def decimal_point(lang: str) -> str:
    """Return the sign before the decimals in a language."""
    return _point(_texts(lang))


def _texts(lang: str) -> Texts:
    if lang not in languages():
        raise InstrumentError(f"ratings: got an unknown language, expected one of {', '.join(languages())}")
    texts: Texts = shared_words("phrases", lang)["ratings"]
    return texts


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _why(reason: str | None, texts: Texts) -> str:
    """Word the reason that a statistic gives; one that is new here is worded in general."""
    names = (name for piece, name in _REASONS.items() if piece in (reason or ""))
    return texts[f"why_{next(names, 'other')}"]


def _none(key: str, estimate: Estimate, texts: Texts, **values: str) -> str:
    return texts[f"{key}_none"].format(why=_why(estimate.undefined, texts), **values)


def _no_range(estimate: Estimate, texts: Texts) -> str:
    return texts["no_range"].format(why=_why(estimate.method.partition("no interval")[2], texts))


def _might_be(
    estimate: Estimate, sample: Literal["raters", "cases", "both"], texts: Texts, *, decimals: int | None = None
) -> str:
    """Say the interval and what it generalises to, of 100 or with decimals, or why there is none."""
    _one_of("sample", sample, ("raters", "cases", "both"))
    other = {"raters": "cases", "cases": "raters"}.get(sample)
    if other and f"interval over {other}" in estimate.method:
        raise DataError("sample", [f"got {sample}, but the interval of this estimate is over {other}."])
    if estimate.low is None or estimate.high is None:
        return _no_range(estimate, texts)
    ends = _ends(estimate, 0, 100) if decimals is None else (estimate.low, estimate.high)
    low, high = (_number(end, decimals or 0, texts) for end in ends or ())
    return texts[f"other_{sample}"].format(low=low, high=high)


def _against_goal(estimate: Estimate, goal: float, texts: Texts) -> str:
    """Give the verdict on a goal, or say that there is none."""
    if not 0 < goal <= 1:
        raise DataError("goal", [f"got {goal:g}, expected a share above 0, up to 1, such as 0.8."])
    ends = _ends(estimate, 0, 100)
    if ends is None:
        return texts["no_verdict"]
    aim = round(100 * goal, 6)
    verdict = "goal_reached" if ends[0] >= aim else "goal_missed" if ends[1] < aim else "goal_open"
    return texts[verdict].format(goal=f"{aim:g}".replace(".", _point(texts)))


def _icc_sentences(name: str, estimate: Estimate, texts: Texts) -> tuple[str, str, str]:
    sample: Literal["cases", "both"] = "cases" if name[4] == "C" else "both"
    order = texts["icc_order"] if name[4] == "C" else ""
    mean = texts["icc_mean"] if name[6] == "k" else ""
    return order, mean, _might_be(estimate, sample, texts, decimals=2)


def _too_few_for_alpha(estimate: Estimate, texts: Texts) -> str:
    from dvrisk.stats.intervals import FEWEST_CASES_FOR_ALPHA  # here, because it takes numpy

    shared = estimate.counts.get("cases", 0) - estimate.counts.get("left_out", 0)
    return texts["few_cases"].format(fewest=FEWEST_CASES_FOR_ALPHA) if shared < FEWEST_CASES_FOR_ALPHA else ""


def _one_rater(key: str, estimate: Estimate, against: Against, texts: Texts) -> str:
    _one_of("against", against, ("others", "reference"))
    if estimate.value is None:
        return _none(key, estimate, texts)
    way, size = _way(estimate.value), _number(abs(estimate.value), 1, texts)
    said = texts[f"{key}_{way}"].format(size=size, against=texts[f"against_{against}"])
    return _sentences(said, _signed(estimate, "cases", texts, is_same=way == "same"))


def _signed(estimate: Estimate, sample: Sample, texts: Texts, *, is_same: bool = False) -> str:
    """Say the interval of a difference; if it holds 0, that this is too little to tell; if there is none, why."""
    ends = _ends(estimate, 1)
    if ends is None:
        return _sentences(_no_range(estimate, texts), texts["no_verdict"])
    reach = texts[f"signed_other_{sample}"].format(range=_range(ends, 1, texts))
    is_open = _side(ends) == 0 and not is_same
    return _sentences(reach, texts["too_few_cases" if sample == "cases" else "too_few_people"] if is_open else "")


def _differs(item: SplitItem) -> bool:
    return abs(item.difference.value or 0.0) >= 0.005


def _split_fact(item: SplitItem, labels: Sequence[str], texts: Texts) -> str:
    above, below = (_of_100(side or 0.0) for side in (item.above, item.below))
    return texts["split_fact"].format(item=labels[item.item], above=above, below=below)


def _check_change(change: Change, of: str) -> None:
    _one_of("of", of, tuple(_CHANGES))
    method = change.before.method
    if any(name != of and piece in method for name, (piece, _) in _CHANGES.items()):
        raise DataError("of", [f"got {of}, but this is the change of another statistic."])


def _changed(value: float, of: str, texts: Texts) -> str:
    if of == "agreement":
        return _of_100(value)
    return _number(abs(value), 1, texts)


def _part(name: str, estimate: Estimate) -> dict[str, str]:
    """Return a share with its two ends, named; nothing if it has no value."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return {}
    low, high = (_of_100(end) for end in (estimate.low, estimate.high))
    return {name: _of_100(estimate.value), f"{name}_low": low, f"{name}_high": high}


def _way(value: float) -> str:
    """Say which side of 0 a number is on, as printed with one decimal."""
    return "same" if round(abs(value), 1) == 0 else "lower" if value < 0 else "higher"


def _ends(estimate: Estimate, digits: int, scale: int = 1) -> tuple[float, float] | None:
    """Return the interval, rounded outwards to so many decimals."""
    if estimate.low is None or estimate.high is None:
        return None
    steps = 10**digits
    low, high = (round(end * scale * steps, 6) for end in (estimate.low, estimate.high))
    return math.floor(low) / steps, math.ceil(high) / steps


def _side(ends: tuple[float, float]) -> int:
    """Return 1 or -1 if an interval lies above or below 0, and 0 if it holds 0."""
    return int(ends[0] > 0) - int(ends[1] < 0)


def _range(ends: tuple[float, float], digits: int, texts: Texts, keys: tuple[str, str, str] = _LOWER_HIGHER) -> str:
    """Say an interval in words instead of signs; on one side of 0, the end nearest to 0 first."""
    low, high = ends
    below, above, both = keys
    key = above if low >= 0 else below if high <= 0 else both
    first, last = (high, low) if key == below else (low, high)
    return texts[key].format(low=_number(abs(first), digits, texts), high=_number(abs(last), digits, texts))


def _of_100(share: float) -> str:
    return f"{100 * share:.0f}"


def _number(value: float, digits: int, texts: Texts) -> str:
    """Write a number as the language does, with a true minus."""
    size = f"{abs(value):.{digits}f}".replace(".", _point(texts))
    return f"\N{MINUS SIGN}{size}" if round(value, digits) < 0 else size


def _point(texts: Texts) -> str:
    return texts["number"][1]


def _one_of(name: str, value: str, expected: tuple[str, ...]) -> None:
    if value not in expected:
        raise DataError(name, [f"got another word, expected one of {', '.join(expected)}."])
