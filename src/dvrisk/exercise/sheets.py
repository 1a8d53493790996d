"""One answer sheet as it counts, and the line of digits by which it is typed fast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

ROUNDS = ("before", "after")
"""Alone, and after the discussion; so the files are called into which sheets are typed."""
YES_NO = ("no", "yes")
MARKS = ("no", "unknown", "yes")
"""What is marked for a fact, by its digit from 1 on: no, the text does not tell, yes."""
BLANK = "not_asked"
MOST_FACTS = 3
"""Sentences named as deciding."""
SURENESS = (1, 2, 3, 4, 5)

FIELDS = ("level", "immediate_danger", "measure", "confidence")
"""What comes before the facts on every sheet, in this order."""


class Sheet(NamedTuple):
    """What one person said of one case.

    Attributes
    ----------
    code, case : str
    level : str or None
        None where the field was left blank; so for all that follow.
    immediate_danger, measure : bool or None
        Whether she is in immediate danger; whether this person would order or extend a measure.
    confidence : int or None
        1 (not sure at all) to 5 (very sure).
    marks : dict of str to str
        Item id to yes, no, unknown (the text does not tell) or not_asked (left blank).
    facts : tuple of int
        Numbers of the sentences that decided.
    reason : str
        One line in the person's own words; never shown to others.
    is_checked : bool
        Whether a check number stood on the sheet, and was right.
    """

    code: str
    case: str
    level: str | None
    immediate_danger: bool | None
    measure: bool | None
    confidence: int | None
    marks: Mapping[str, str]
    facts: tuple[int, ...] = ()
    reason: str = ""
    is_checked: bool = False


CONSENSUS = "consensus"
"""Person under whose name the panel's agreement after its discussion is kept."""


class Vote(NamedTuple):
    """One experienced person's rating of a case, given alone; or, of the person “consensus”, what they agreed on."""

    person: str
    case: str
    level: str
    immediate_danger: bool | None
    reason: str


class Panel(NamedTuple):
    """What experienced people found: every vote is kept.

    Attributes
    ----------
    votes : tuple of Vote
        With the consensus, where there is one.
    """

    votes: tuple[Vote, ...] = ()

    def of(self, case: str) -> tuple[Vote, ...]:
        """Return the votes on a case, without the consensus."""
        return tuple(vote for vote in self.votes if vote.case == case and vote.person != CONSENSUS)

    def level(self, case: str) -> str | None:
        """Return what the panel says: its consensus, or what all voted; None where it split or did not vote."""
        agreed = [vote.level for vote in self.votes if vote.case == case and vote.person == CONSENSUS]
        voted = {vote.level for vote in self.of(case)}
        return agreed[0] if agreed else voted.pop() if len(voted) == 1 else None

    def discussed(self, case: str) -> bool:
        """Say whether a consensus after discussion is on record."""
        return any(vote.case == case and vote.person == CONSENSUS for vote in self.votes)

    def reasons(self, case: str) -> tuple[str, ...]:
        """Return the reasons given for a case, the consensus first."""
        given = [vote for vote in self.votes if vote.case == case and vote.reason]
        return tuple(vote.reason for vote in sorted(given, key=lambda vote: vote.person != CONSENSUS))


def digits_of(sheet: Sheet, levels: tuple[str, ...], items: tuple[str, ...]) -> str:
    """Return the digits that stand beside the boxes that were crossed, 0 for a blank: four fields, then the facts."""
    fields = (
        0 if sheet.level is None else levels.index(sheet.level) + 1,
        0 if sheet.immediate_danger is None else sheet.immediate_danger + 1,
        0 if sheet.measure is None else sheet.measure + 1,
        sheet.confidence or 0,
    )
    marks = (MARKS.index(sheet.marks[item]) + 1 if sheet.marks.get(item) in MARKS else 0 for item in items)
    return "".join(map(str, (*fields, *marks)))


def check_number(digits: str) -> int:
    """Return the sum of the digits: what stands at the foot of the sheet. It finds every single digit typed wrongly."""
    return sum(map(int, digits))


def as_line(sheet: Sheet, levels: tuple[str, ...], items: tuple[str, ...]) -> str:
    """Write a sheet as one line: code, case, fields, facts, sentences, check number, reason.

    Examples
    --------
    >>> sheet = Sheet("atlas-metro", "B", "high", True, None, 4, {"jealousy": "yes"}, (3, 8))
    >>> as_line(sheet, ("low", "moderate", "high"), ("jealousy", "strangulation"))
    'atlas-metro B 3204 30 3,8 12'
    """
    digits = digits_of(sheet, levels, items)
    sentences = ",".join(map(str, sheet.facts)) or "-"
    parts = (sheet.code, sheet.case, digits[: len(FIELDS)], digits[len(FIELDS) :], sentences, str(check_number(digits)))
    return " ".join((*parts, sheet.reason) if sheet.reason else parts)
