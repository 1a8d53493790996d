"""assess(): one call, one frozen result that explains itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from dvrisk import explain
from dvrisk._files import engine_version
from dvrisk.actions import Action, actions_for
from dvrisk.answers import Answers
from dvrisk.asking import Question, ask_next
from dvrisk.catalog import Ref, load_instrument
from dvrisk.errors import AnswerError, InstrumentError, RecordError
from dvrisk.official import Official, official_result
from dvrisk.reasons import FiredRule, Warn, fired_rules, unmet_needs, warnings
from dvrisk.report import one_page
from dvrisk.schema import OPEN_STATES, UNDETERMINED, Instrument, Need
from dvrisk.scoring import Contribution, Outcome, Scorer, scorer_for
from dvrisk.words import load_words

FORMAT = "dvrisk.assessment/1"
_RESULT = (
    *("level", "at_least", "settled", "level_low", "level_high", "score_low", "score_high", "work_as"),
    *("undetermined_because", "contributions", "rules", "rules_possible", "missing", "review_within_days"),
    *("official", "training_confirmed"),
)
"""What a record must have in common with a new assessment of its answers."""
_T = TypeVar("_T")


class InstrumentRef(NamedTuple):
    """Which definition gave a result: its id, version, the hash of its scoring, and how far it has been checked."""

    id: str
    version: str
    sha256: str
    status: str


class Assessment:
    """What the answers about one possible perpetrator establish, on one instrument. It never changes.

    Made by `assess`; read back from a record with `Assessment.from_dict` or `from_json`. What takes long
    (contributions, questions, text) is worked out when it is first read.
    """

    __slots__ = ("_confirmed", "_lazy", "_outcome", "_scorer")

    def __init__(self, scorer: Scorer, outcome: Outcome, confirmed: bool | None = None) -> None:
        self._scorer = scorer
        self._outcome = outcome
        self._confirmed = confirmed
        self._lazy: dict[str, Any] = {}

    # ----------------------------------------------------------------------------------------- the result

    @property
    def instrument(self) -> InstrumentRef:
        """The definition that was used."""
        definition = self.definition
        return InstrumentRef(definition.id, definition.version, definition.sha256, definition.status)

    @property
    def training_confirmed(self) -> bool | None:
        """Whether the caller confirmed the training that the instrument asks for; None where it asks for none."""
        return self._confirmed

    @property
    def definition(self) -> Instrument:
        """The whole definition that was used."""
        return self._scorer.instrument

    @property
    def score_low(self) -> int:
        """The least score that the open answers leave possible."""
        return self._outcome.low.score

    @property
    def score_high(self) -> int:
        """The greatest score that the open answers leave possible."""
        return self._outcome.high.score

    @property
    def level_low(self) -> str:
        """The lowest level that the open answers leave possible."""
        return self.definition.levels[self._outcome.low.rank]

    @property
    def level_high(self) -> str:
        """The highest level that the open answers leave possible."""
        return self.definition.levels[self._outcome.high.rank]

    @property
    def settled(self) -> bool:
        """Whether no open answer can change the bounds: `level_low` equals `level_high`."""
        return self._outcome.low.rank == self._outcome.high.rank

    @property
    def at_least(self) -> bool:
        """Whether a higher level is still possible, so that the level reads *at least*."""
        return not self.settled

    @property
    def level(self) -> str:
        """What the known facts already establish; `undetermined` where the lowest level is not earned."""
        if self._outcome.low.rank or not self.undetermined_because:
            return self.level_low
        return UNDETERMINED

    @property
    def undetermined_because(self) -> tuple[str, ...]:
        """Why the lowest level is not given: `open_answers`, and the items that it needs answered otherwise.

        Empty unless the level is `undetermined`.
        """
        if self._outcome.low.rank:
            return ()
        unmet = tuple(need.item for need in self._unmet)
        return unmet if self.settled else ("open_answers", *unmet)

    @property
    def work_as(self) -> str:
        """The level to work at: the level itself, or the one that the definition names while it is undetermined."""
        return self.definition.lowest_level.work_as if self.level == UNDETERMINED else self.level

    @property
    def review_within_days(self) -> int | None:
        """Days within which to look at the case again; None where a published instrument says nothing of it."""
        return self.definition.review_within_days.get(self.level)

    @property
    def official(self) -> Official | None:
        """What the instrument's own missing-data rule says, beside the bounds; None where it has none."""
        return official_result(self._scorer, self._outcome, self._states)

    # ---------------------------------------------------------------------------------------- why, and what else

    @property
    def states(self) -> dict[str, str]:
        """A code or open state for every item that is not private, in file order."""
        return {item: state for item, state in self._states.items() if not self.definition.by_id[item].private}

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """What adds up to `score_low` and `score_high`: items, then overlap and cap adjustments. Rules are apart."""
        return self._once("contributions", lambda: self._scorer.contributions(self._outcome))

    @property
    def rules(self) -> tuple[FiredRule, ...]:
        """The rules that hold for what is known, floors first, each with the level before and after it."""
        return self._once("rules", lambda: tuple(fired_rules(self._scorer, self._outcome, self._states)))

    @property
    def rules_possible(self) -> tuple[str, ...]:
        """The rules that don't hold yet and still could."""
        possible = self._outcome.high.fired & ~self._outcome.low.fired
        return tuple(rule.id for index, rule in enumerate(self._scorer.table.rules) if possible >> index & 1)

    @property
    def ask_next(self) -> tuple[Question, ...]:
        """The open items that can still change the level, the best question first; empty exactly when settled."""
        return self._once(
            "ask_next", lambda: ask_next(self._scorer, self._outcome, frozenset(need.item for need in self._unmet))
        )

    @property
    def ask_always(self) -> tuple[str, ...]:
        """The items that are asked in every case, whatever the level, and are open without having been declined.

        Private ones are always named: a reminder that says nothing about her answer.
        """
        by_id, states = self.definition.by_id, self._states
        return tuple(
            item
            for item in self.definition.always_ask
            if by_id[item].private or states[item] in ("not_asked", "unknown")
        )

    @property
    def actions(self) -> tuple[Action, ...]:
        """Prompts that the facts and the level call for, in every jurisdiction that is covered."""
        return self._once("actions", lambda: self._actions(private=False))

    @property
    def private_actions(self) -> tuple[Action, ...]:
        """Her own alert and her needs: for the person who spoke with her. In no record and no explanation."""
        return self._actions(private=True)

    @property
    def missing(self) -> dict[str, int]:
        """How many items are open, by state; private items are not counted."""
        states = list(self.states.values())
        return {state: states.count(state) for state in OPEN_STATES}

    @property
    def warnings(self) -> tuple[Warn, ...]:
        """What to look at; none of it changes the level."""
        return tuple(warnings(self._outcome, self._states, self.definition))

    def level_label(self, lang: str = "en") -> str:
        """Return the level in words, the lowest one with what it does not mean."""
        return str(load_words(self.definition, lang).instrument["levels"][self.level])

    def explain(self, lang: str = "en", *, jurisdiction: str | None = None, markdown: bool = False) -> str:
        """Explain the result in words.

        Parameters
        ----------
        lang : str, default "en"
        jurisdiction : {"RS", "XK"}, optional
            Whose duties to list under *What now*; all that are covered if left out.
        markdown : bool, default False
            Markdown in place of plain text.

        Returns
        -------
        str
            What is established and by what, what is open, what to ask next, what to do now, and what the instrument
            cannot say. Her suicidality and needs are left out.

        Examples
        --------
        >>> print(assess({"strangulation": "yes"}, "first-look").explain().splitlines()[2])
        High level: the facts named here call for protection now and for agencies to act together.
        """
        sections = explain.sections(self, load_words(self.definition, lang), jurisdiction)
        return explain.as_markdown(sections) if markdown else explain.as_text(sections)

    def report(self, lang: str = "en", *, jurisdiction: str | None = None) -> str:
        """Write the result on one A4 page to print, as an HTML document in black and white.

        Parameters
        ----------
        lang : {'en', 'sr', 'sr-Cyrl', 'sq'}
        jurisdiction : {'RS', 'XK'}, optional
            Whose duties to list; without it those of both places.

        Returns
        -------
        str
            The document. It names nobody and leaves out her suicidality and needs.
        """
        words = load_words(self.definition, lang)
        return one_page(self, words, jurisdiction, version=engine_version())

    def _repr_html_(self) -> str:
        return explain.as_html(explain.sections(self, load_words(self.definition, "en"), None))

    def __repr__(self) -> str:
        reading = f"at least {self.level}" if self.at_least and self.level != UNDETERMINED else self.level
        return f"<Assessment {self.definition}: {reading}, score {self.score_low} to {self.score_high}>"

    # ---------------------------------------------------------------------------------------------- records

    def to_dict(self) -> dict[str, Any]:
        """Return the whole result as plain values, without private items (`docs/schema/assessment.json`)."""
        states = self.states
        return {
            "format": FORMAT,
            "engine": engine_version(),
            "instrument": self.instrument._asdict(),
            "notice": load_words(self.definition).notice(self.definition),
            "training_confirmed": self.training_confirmed,
            "answers": {item: state for item, state in states.items() if state != OPEN_STATES[0]},
            "level": self.level,
            "level_label": self.level_label(),
            "at_least": self.at_least,
            "settled": self.settled,
            "level_low": self.level_low,
            "level_high": self.level_high,
            "score_low": self.score_low,
            "score_high": self.score_high,
            "work_as": self.work_as,
            "undetermined_because": list(self.undetermined_because),
            "contributions": [row._asdict() for row in self.contributions],
            "rules": [_plain(rule) for rule in self.rules],
            "rules_possible": list(self.rules_possible),
            "ask_next": [question.to_dict() for question in self.ask_next],
            "ask_always": list(self.ask_always),
            "actions": [_plain(action) for action in self.actions],
            "official": self.official._asdict() if self.official else None,
            "missing": self.missing,
            "review_within_days": self.review_within_days,
            "warnings": [_plain(warning) for warning in self.warnings],
        }

    def to_json(self) -> str:
        """Return the result as JSON: the same bytes for the same definition, answers and engine version."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any], instrument: Ref | None = None) -> Assessment:
        """Read a result back, by assessing its answers again and comparing the result with what the record says.

        Wording, questions and prompts may have changed since; they come from the library that reads.

        Parameters
        ----------
        record : mapping
            As `to_dict` gave it.
        instrument : str, pathlib.Path or Instrument, optional
            The definition, if it is not a shipped one.

        Raises
        ------
        RecordError
            The record has another form, names another definition, or does not follow from its answers.
        """
        return _read_back(record, instrument)

    @classmethod
    def from_json(cls, text: str, instrument: Ref | None = None) -> Assessment:
        """Read a result back from JSON; see `from_dict`."""
        try:
            record = json.loads(text)
        except (TypeError, ValueError, RecursionError):
            raise RecordError("record", ["not readable as JSON."]) from None
        return _read_back(record, instrument)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Assessment):
            return NotImplemented
        return self.instrument == other.instrument and self.states == other.states

    def __hash__(self) -> int:
        return hash((self.instrument, tuple(self.states.items())))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.definition, self.states, self.training_confirmed)

    # ----------------------------------------------------------------------------------------------- inside

    def _once(self, name: str, make: Callable[[], _T]) -> _T:
        if name not in self._lazy:
            self._lazy[name] = make()
        made: _T = self._lazy[name]
        return made

    @property
    def _states(self) -> dict[str, str]:
        return self._once("states", lambda: self._scorer.states(self._outcome.codes))

    @property
    def _unmet(self) -> tuple[Need, ...]:
        return unmet_needs(self._states, self.definition)

    def _actions(self, *, private: bool) -> tuple[Action, ...]:
        return actions_for(self._states, self.definition, self.level, private=private)


def assess(
    answers: Answers, instrument: Ref = "integrated", *, allow_draft: bool = False, training_confirmed: bool = False
) -> Assessment:
    """Assess the answers about one possible perpetrator.

    Parameters
    ----------
    answers : mapping of str to answer
        Item id to option code or open state (`unknown`, `declined`, `not_asked`); None, a blank and a missing key mean
        `not_asked`; True and False mean yes and no for items that have both. A value may also be
        `{"answer": ..., "source": ..., "date": ...}`.
    instrument : str, pathlib.Path or Instrument, default "integrated"
        An id, "id@version", the path of a definition, or an instrument.
    allow_draft : bool, default False
        Whether a definition whose rule has not been checked against its source may score.
    training_confirmed : bool, default False
        Whether the caller confirms the training that a published instrument asks for. The record keeps it.

    Returns
    -------
    Assessment

    Raises
    ------
    AnswerError
        Some answers can't be used; every problem is listed at once.
    InstrumentError
        The definition can't be used.

    Examples
    --------
    >>> a = assess({"firearm_owned": "yes", "threat_to_kill": "explicit_recent"})
    >>> a.level, a.settled
    ('high', True)
    >>> assess({}).level, assess({}).level_high
    ('undetermined', 'high')
    """
    scorer = scorer_for(load_instrument(instrument))
    check_leave(scorer.instrument, allow_draft=allow_draft, training_confirmed=training_confirmed)
    published = scorer.instrument.published
    confirmed = training_confirmed if published and published.training else None
    return Assessment(scorer, scorer.outcome(answers), confirmed)


def usable_instrument(ref: Ref, *, allow_draft: bool, training_confirmed: bool) -> Instrument:
    """Load an instrument that the caller may use; InstrumentError says which leave is missing."""
    definition = load_instrument(ref)
    check_leave(definition, allow_draft=allow_draft, training_confirmed=training_confirmed)
    return definition


def check_leave(instrument: Instrument, *, allow_draft: bool, training_confirmed: bool) -> None:
    """Refuse a draft, and an instrument that asks for a training, unless the caller states what it needs.

    Raises
    ------
    InstrumentError
        It says what to state.
    """
    if instrument.status == "draft" and not allow_draft:
        raise InstrumentError(f"{instrument}: a draft scores only with allow_draft=True (--allow-draft)")
    if not isinstance(training_confirmed, bool):
        raise InstrumentError(f"{instrument}: training_confirmed is True or False")
    if instrument.published and instrument.published.training and not training_confirmed:
        raise InstrumentError(
            f"{instrument}: its rule is for people with {instrument.published.training}. If that is so, confirm it "
            "with training_confirmed=True (--training-confirmed); the record keeps the confirmation"
        )


def _again(definition: Instrument, codes: dict[str, str], confirmed: bool | None = None) -> Assessment:
    return assess(codes, definition, allow_draft=True, training_confirmed=bool(confirmed))


def _read_back(record: object, ref: Ref | None) -> Assessment:
    if not isinstance(record, Mapping) or record.get("format") != FORMAT:
        raise RecordError("record", [f"not an assessment. Expected an object whose format is {FORMAT}."])
    named, answers = record.get("instrument"), record.get("answers")
    if not isinstance(named, Mapping) or not isinstance(answers, Mapping):
        raise RecordError("record", ["expected an instrument and its answers as objects."])
    definition = load_instrument(ref if ref is not None else f"{named.get('id')}@{named.get('version')}")
    if definition.sha256 != named.get("sha256"):
        raise RecordError("record", [f"made with another text of {definition} than the one that is loaded."])
    try:
        again = _again(definition, dict(answers), record.get("training_confirmed") is True)
    except AnswerError as error:
        raise RecordError("record", error.problems) from None
    except InstrumentError as error:
        raise RecordError("record", [f"{error}."]) from None
    now = json.loads(again.to_json())
    differing = [key for key in _RESULT if now[key] != record.get(key)]
    if differing:
        raise RecordError("record", [f"does not follow from its answers in: {', '.join(differing)}. Don't rely on it."])
    return again


def _plain(row: Any) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in row._asdict().items()}
