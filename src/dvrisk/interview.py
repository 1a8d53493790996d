"""Asking only what matters: the next questions, in small groups that can be skipped and come back to.

An interview is a value. Answering, skipping and going back each return a new one, so an app can keep any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dvrisk.answers import read_answers
from dvrisk.assessment import Assessment, assess
from dvrisk.catalog import Ref, load_instrument
from dvrisk.schema import Instrument

MOST_AT_ONCE = 3
HARD_TO_HEAR = 3
"""The burden of items of which at most one stands in a group."""


@dataclass(frozen=True, slots=True)
class Interview:
    """Questions and answers about one possible perpetrator, so far.

    Attributes
    ----------
    instrument : Instrument
    answers : dict of str to str
        Codes and states so far, in the order in which they were given.
    skipped : tuple of str
        Items put off; they come back when nothing else is left to ask.
    allow_draft, training_confirmed : bool
        What the caller states, as for `assess`.

    Examples
    --------
    >>> talk = start_interview("first-look")
    >>> talk.next_group()
    ('relationship', 'asked_alone', 'children')
    >>> talk = talk.answer("relationship", "man_to_woman_partner").answer("asked_alone", "yes").answer("children", "no")
    >>> talk.next_group()
    ('threat_to_kill', 'weapon_other_used_or_threatened', 'signs_of_plan')
    """

    instrument: Instrument
    answers: Mapping[str, str]
    skipped: tuple[str, ...] = ()
    allow_draft: bool = False
    training_confirmed: bool = False

    @property
    def assessment(self) -> Assessment:
        """What the answers so far establish."""
        return assess(
            self.answers, self.instrument, allow_draft=self.allow_draft, training_confirmed=self.training_confirmed
        )

    def next_group(self, most: int = MOST_AT_ONCE) -> tuple[str, ...]:
        """Return the items to ask next: at most `most`, of one area, at most one of them hard to hear.

        First come the frame (what the lowest level needs, and what opens other questions), then what can still change
        the level, then what is asked in every case. An empty group means that nothing is left to ask. An item answered
        with an open state was asked, and is not asked again.
        """
        pools = (self._frame(), self._deciding(), self.assessment.ask_always)
        waiting = [[item for item in pool if item not in self.answers] for pool in pools]
        fresh = [[item for item in pool if item not in self.skipped] for pool in waiting]
        put_off = [sorted(set(pool) & set(self.skipped), key=self.skipped.index) for pool in waiting]
        pool = next((pool for pool in (*fresh, *put_off) if pool), [])
        return self._bearable(pool, most)

    def answer(self, item: str, code: object) -> Interview:
        """Record an answer.

        Raises
        ------
        AnswerError
            The item or the answer is none of this instrument's.
        """
        read = read_answers({**self.answers, item: code}, self.instrument)
        others = {key: value for key, value in read.items() if key != item}
        skipped = tuple(name for name in self.skipped if name != item)
        return replace(self, answers={**others, item: read[item]}, skipped=skipped)

    def skip(self, item: str) -> Interview:
        """Put an item off; it stays not asked, and comes back at the end, after those put off before it."""
        return replace(self, skipped=(*(name for name in self.skipped if name != item), item))

    def back(self) -> Interview:
        """Take the last answer back; the same interview if there is none."""
        return replace(self, answers=dict(list(self.answers.items())[:-1]))

    def _frame(self) -> list[str]:
        needed = [need.item for need in self.instrument.lowest_level.needs]
        gates = [item.applies_if.item for item in self.instrument.items if item.applies_if]
        return [item.id for item in self.instrument.items if item.id in (*needed, *gates)]

    def _deciding(self) -> list[str]:
        return [question.item for question in self.assessment.ask_next]

    def _bearable(self, pool: Iterable[str], most: int) -> tuple[str, ...]:
        group: list[str] = []
        for name in pool:
            item = self.instrument.by_id[name]
            chosen = [self.instrument.by_id[other] for other in group]
            hard = item.burden == HARD_TO_HEAR and any(other.burden == HARD_TO_HEAR for other in chosen)
            if len(group) < most and not hard and all(other.area == item.area for other in chosen):
                group.append(name)
        return tuple(group)


def start_interview(
    instrument: Ref = "integrated",
    answers: Mapping[str, object] | None = None,
    *,
    allow_draft: bool = False,
    training_confirmed: bool = False,
) -> Interview:
    """Start an interview, with what is already known.

    Parameters
    ----------
    instrument : str, pathlib.Path or Instrument, default "integrated"
    answers : mapping, optional
        As for `assess`.
    allow_draft, training_confirmed : bool, default False
        As for `assess`.
    """
    loaded = load_instrument(instrument)
    known = {key: code for key, code in read_answers(answers or {}, loaded).items() if code != "not_asked"}
    interview = Interview(loaded, known, allow_draft=allow_draft, training_confirmed=training_confirmed)
    _ = interview.assessment  # raises at once if the instrument may not score
    return interview
