"""One case, many instruments: which facts feed which items, and which facts contradict each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dvrisk.answers import Answers, code_of
from dvrisk.assessment import Assessment, assess
from dvrisk.catalog import item_bank, list_instruments, load_instrument
from dvrisk.errors import AnswerError, DataError, got, named
from dvrisk.reasons import Pair, Warn, contradictory_pairs
from dvrisk.schema import NOT_APPLICABLE, OPEN_STATES, FactRef, Instrument, Item, RestsOn


def answers_for(instrument: Instrument, answers: Answers) -> dict[str, Any]:
    """Pick the answers that an instrument asks for, out of the facts of a case.

    Only the same fact is passed on. A wider item (any access to a firearm) takes the riskiest answer of itself and its
    narrower ones; by the narrower ones alone it is a no only when each of them was answered with no. An item of a
    published instrument takes the answer of the shared facts that it rests on, if they are the same fact.

    Raises
    ------
    AnswerError
        An answer to a wider item, or to one of its narrower ones, can't be used.
    """
    picked = {key: value for key, value in answers.items() if key in instrument.by_id}
    for item in instrument.items:
        if any(key in answers for key in item.wider_than):
            picked[item.id] = _from_narrower(item, answers, instrument)
        elif item.rests_on and item.rests_on.match == "same" and _plain(answers.get(item.id)) not in item.codes:
            fed = _from_facts(item.rests_on, answers)
            if fed is not None:
                picked[item.id] = fed
    return picked


def assess_all(
    answers: Answers, *, allow_draft: bool = False, training_confirmed: Collection[str] = ()
) -> dict[str, Assessment]:
    """Assess the facts of a case on every shipped instrument that they feed.

    Parameters
    ----------
    answers : mapping of str to answer
        As for `assess`; shared facts, and items of single instruments. Each instrument takes what it asks for.
    allow_draft : bool, default False
        Whether to include definitions whose rule has not been checked against its source.
    training_confirmed : collection of str, default ()
        Ids of instruments for which the caller confirms the training that they ask for.

    Returns
    -------
    dict of str to Assessment
        By "id@version" of the newest versions that at least one known answer feeds. Drafts are left out, and
        instruments that ask for a training that was not confirmed.

    Raises
    ------
    AnswerError
        An answer belongs to no instrument, or can't be used.

    Examples
    --------
    >>> {ref: a.level for ref, a in assess_all({"strangulation": "yes", "animal_harm": "yes"}).items()}
    {'escalation@1.0': 'high', 'first-look@1.0': 'high', 'integrated@1.0': 'high', 'lap@1.0': 'undetermined'}
    """
    if not isinstance(answers, Mapping):
        raise AnswerError("assess_all", [f"got a {type(answers).__name__}, expected a mapping of item ids to answers."])
    every = {ref: load_instrument(ref) for ref in _newest()}
    known = {*item_bank(), *(item for each in every.values() for item in each.by_id)}
    ids = {each.id for each in every.values()}
    if isinstance(training_confirmed, str | bool) or not set(training_confirmed) <= ids:
        raise DataError("training_confirmed", ["expected a list of ids of shipped instruments."])
    stray = [key for key in answers if key not in known]
    if stray:
        raise AnswerError("assess_all", [f"{named(key, known)} is an item of no shipped instrument." for key in stray])
    usable = {
        ref: each
        for ref, each in every.items()
        if (allow_draft or each.status != "draft") and (not _training(each) or each.id in training_confirmed)
    }
    picked = {ref: answers_for(each, answers) for ref, each in usable.items()}
    return {
        ref: assess(of, usable[ref], allow_draft=allow_draft, training_confirmed=usable[ref].id in training_confirmed)
        for ref, of in picked.items()
        if any(code_of(value, usable[ref].by_id[item]) not in OPEN_STATES for item, value in of.items())
    }


def check_facts(where: str, answers: Answers) -> None:
    """Refuse facts that are not in the item bank, and answers that they can't have.

    Raises
    ------
    AnswerError
        It lists every problem.
    """
    problems = []
    for key, value in answers.items():
        options = item_bank().get(key, {}).get("options") if isinstance(key, str) else None
        plain = _plain(value)
        if options is None:
            problems.append(f"{named(key, item_bank())} is not a shared fact.")
        elif plain not in (*options, *OPEN_STATES, NOT_APPLICABLE, None, ""):
            problems.append(f"{key}: {got(plain, options)}, expected one of {', '.join(options)}.")
    if problems:
        raise AnswerError(where, problems)


def contradictions(answers: Answers) -> tuple[Warn, ...]:
    """Find facts of a case that can't be true together; each answer stands until somebody has checked.

    Parameters
    ----------
    answers : mapping of str to answer
        Shared facts, as for `assess_all`.

    Examples
    --------
    >>> contradictions({"firearm_access": "no", "firearm_owned": "yes"})
    (Warn(code='contradiction', items=('firearm_access', 'firearm_owned')),)
    """
    if not isinstance(answers, Mapping):
        raise AnswerError(
            "contradictions", [f"got a {type(answers).__name__}, expected a mapping of facts to answers."]
        )
    pairs = [(pair.first.item, pair.second.item) for pair in _contradictory(answers)]
    return tuple(Warn("contradiction", pair) for pair in dict.fromkeys([*pairs, *_against_a_form(answers)]))


# ------------------------------------------------------------------------------------------------- inside


def _against_a_form(answers: Answers) -> Iterator[tuple[str, str]]:
    """Yield items that were answered on a published form otherwise than the same shared fact."""
    for instrument in map(load_instrument, _newest()):
        for item in instrument.items:
            own = _plain(answers.get(item.id))
            if item.rests_on and item.rests_on.match == "same" and own in item.codes:
                fed = _from_facts(item.rests_on, answers)
                if fed in item.codes and fed != own:
                    yield item.id, item.rests_on.facts[0].item


def _contradictory(answers: Answers) -> Iterator[Pair]:
    for pair in contradictory_pairs():
        if all(_plain(answers.get(part.item)) in part.among for part in (pair.first, pair.second)):
            yield pair


def _plain(value: object) -> object:
    value = value.get("answer") if isinstance(value, Mapping) else value
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def _training(instrument: Instrument) -> str | None:
    return instrument.published.training if instrument.published else None


def _newest() -> tuple[str, ...]:
    newest: dict[str, str] = {}
    for ref in list_instruments():
        newest.setdefault(ref.partition("@")[0], ref)
    return tuple(newest.values())


def _from_narrower(item: Item, answers: Answers, instrument: Instrument) -> str:
    codes = {key: code_of(answers[key], item) for key in (item.id, *item.wider_than) if key in answers}
    unusable = [f"{key}: got an answer that {item.id} can't use." for key in codes if codes[key] is None]
    if unusable:
        raise AnswerError(str(instrument), unusable)
    return _widest(item, codes.get(item.id), [codes[key] for key in item.wider_than if key in codes])


def _widest(item: Item, own: str | None, narrower: list[str | None]) -> str:
    known = [code for code in (own, *narrower) if code in item.codes]
    riskiest = max(known, key=item.codes.index, default=None)
    all_narrower = len([code for code in narrower if code in item.codes]) == len(item.wider_than)
    if riskiest is not None and (riskiest != item.codes[0] or all_narrower or own == riskiest):
        return riskiest
    return "unknown" if "unknown" in (own, *narrower) else "not_asked"


def _from_facts(rests_on: RestsOn, answers: Answers) -> str | None:
    """Answer a yes/no item from shared facts: any of them makes a yes, all of them a no, and else it is open."""
    readings = [fact_reading(fact, answers) for fact in rests_on.facts]
    if "yes" in readings:
        return "yes"
    if all(reading == "no" for reading in readings):
        return "no"
    return next((state for state in ("unknown", "declined") if state in readings), None)


def fact_reading(fact: FactRef, answers: Answers) -> str | None:
    """Read one shared fact as yes or no; between the two, or asked and not known, it is unknown; None: not asked."""
    options, value = item_bank()[fact.item]["options"], _plain(answers.get(fact.item))
    if value not in options:
        return str(value) if value in ("unknown", "declined") else None
    place = options.index(value)
    if place >= options.index(fact.yes_from):
        return "yes"
    return "no" if place <= options.index(fact.no_to) else "unknown"
