"""The rules of published instruments, written again from their prose. Nothing here knows how dvrisk scores.

Each rule takes answers by the number of the question ("yes", "no" or None for missing) and what else the form asks for, and
returns what the form's own rule gives. `bounds` tries the rule with every missing answer as no, and as yes.
"""


def lap(yes, belief, automatic=(1, 2, 3)):
    """LAP: any of questions 1 to 3; or four of 4 to 11; or belief. LAP 2.0 has other questions in the first block."""
    rest = [number for number in range(1, 12) if number not in automatic]
    if any(yes[number] for number in automatic):
        return "high-danger"
    if sum(yes[number] for number in rest) >= 4:
        return "high-danger"
    return "high-danger" if belief else "not-screened-in"


def dvsat(yes, partner, judged):
    """DVSAT: one yes is at threat; twelve with a partner, or judgement, is at serious threat."""
    count = sum(yes.values())
    if judged or (partner and count >= 12):
        return "at-serious-threat"
    return "at-threat" if count >= 1 else "no-level-by-count"


def da5(yes):
    """DA-5: one point each, three or more."""
    return "at-the-cut-off-or-above" if sum(yes.values()) >= 3 else "below-the-cut-off"


def danger_assessment(yes, never_lived_together):
    """Danger Assessment: one point each for 1 to 19, extra points for some, three off if they never lived together."""
    base = sum(yes[number] for number in range(1, 20))
    extra = {2: 4, 3: 3, 4: 3, 5: 2, 6: 2, 7: 2, 8: 1, 9: 1}
    total = base + sum(points for number, points in extra.items() if yes[number]) - 3 * never_lived_together
    if total < 8:
        return total, "variable"
    if total <= 13:
        return total, "increased"
    return total, "severe" if total <= 17 else "extreme"


def odara_bin(score):
    if score <= 4:
        return f"bin-{score}"
    return "bin-5-6" if score <= 6 else "bin-7-13"


def odara(answers):
    """ODARA: one point each; up to five missing are scaled in proportion (a stand-in), more are not scorable."""
    raw = sum(answer == "yes" for answer in answers.values())
    missing = sum(answer is None for answer in answers.values())
    if missing == 0:
        return raw, odara_bin(raw)
    if missing > 5:
        return None, None
    exact = raw * 13 / (13 - missing)
    score = int(exact + 0.5)
    return score, odara_bin(score)


def dash(yes, judgement, escalation, repeat):
    """DASH RIC: 14 ticks, or professional judgement, or escalation, or a repeat."""
    return "refer" if sum(yes.values()) >= 14 or judgement or escalation or repeat else "no-referral-by-rule"


def bounds(rule, answers):
    """The rule with every missing answer as no, and as yes."""
    low = {key: answer == "yes" for key, answer in answers.items()}
    high = {key: answer in ("yes", None) for key, answer in answers.items()}
    return rule(low), rule(high)
