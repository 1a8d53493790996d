"""Make an exercise: choose cases and items, tell or take the texts, set the orders, and work out the key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from dvrisk.assessment import assess
from dvrisk.catalog import item_bank, load_instrument
from dvrisk.errors import DataError, named
from dvrisk.exercise.codes import make_codes
from dvrisk.exercise.plan import PRACTICE, Case, CaseKey, CaseWords, Exercise, Key
from dvrisk.language_files import languages as all_languages
from dvrisk.schema import OPEN_STATES, Instrument
from dvrisk.simulation import simulate, whole_number_problems
from dvrisk.tellings import Telling, tell_cases
from dvrisk.vignettes import list_vignettes, load_vignette, load_vignette_words

DEFAULT_CASES = (
    "the-form-at-the-door",
    "the-spare-key",
    "a-sunday-lunch",
    "the-notebook",
    "the-empty-classroom",
    "the-bus-stop",
    "two-photographs",
    "first-grade",
    "the-second-statement",
)
"""The practice case and those that come first: clear, contested, with a fact planted late; each tells many facts."""

MOST_ITEMS = 12
_POOL = 12
"""Invented cases to choose from, for each case that is wanted."""
_FACTS_TOLD = 16
_NEW_CASES = 4
"""New cases at most, in an exercise that follows another one."""
_SEEN_AGAIN = 2
"""Cases of the earlier exercise that come again."""
_APART = ("frame", "context", "needs")
"""Areas whose items are not put on the sheet: they are no facts of danger."""


@dataclass(frozen=True)
class Wanted:
    """What an exercise is made of.

    Attributes
    ----------
    instrument : str, default "first-look"
    languages : tuple of str, default ('en',)
        Booklets and pages in each; one exercise, one report.
    cases : tuple of str
        Cases that were written by hand, the practice case first. By default as many as `n_cases` says; for an exercise
        that follows another one, those that were not read yet.
    recipe : str or None
        In place of `cases`: a recipe, by which cases are invented and told.
    n_cases : int, default 8
        How many there are, the practice case not counted, where `cases` does not say.
    tell_again : int, default 0
        How many cases are told a second time in other words.
    items : tuple of str
        At most twelve. By default those that differ most between the cases.
    people : int, default 24
        How many codes are made.
    seed : int, default 1
    delete_on : str or None
    """

    instrument: str = "first-look"
    languages: tuple[str, ...] = ("en",)
    cases: tuple[str, ...] = ()
    recipe: str | None = None
    n_cases: int = 8
    tell_again: int = 0
    items: tuple[str, ...] = ()
    people: int = 24
    seed: int = 1
    delete_on: str | None = None


class Made(NamedTuple):
    """An exercise and its key."""

    exercise: Exercise
    key: Key


class _Told(NamedTuple):
    """A case with its key, before it has a letter; `tells_again` is the place of another one."""

    source: str
    words: dict[str, CaseWords]
    facts: dict[str, str]
    said_in: dict[str, tuple[int, ...]]
    reasons: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    common_errors: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    tells_again: int | None = None
    seen_before: str | None = None


def make(wanted: Wanted, earlier: Made | None = None) -> Made:
    """Make an exercise and its key.

    Parameters
    ----------
    wanted : Wanted
    earlier : Made, optional
        An exercise that this one follows: its codes and items stay, and its first two cases come again, at the end.

    Raises
    ------
    DataError
        Something that is wanted can't be had; the error lists every problem at once.
    """
    instrument = load_instrument(wanted.instrument)
    n_cases = min(wanted.n_cases, _NEW_CASES) if earlier else wanted.n_cases
    names = wanted.cases or _default_cases(earlier)[: n_cases + 1]
    problems = list(_problems(wanted, names, instrument, earlier))
    if problems:
        raise DataError("exercise", problems)
    told = _invented(wanted, instrument) if wanted.recipe else [_written(name, wanted.languages) for name in names]
    told += [_again(told[place], wanted, place) for place in range(1, 1 + wanted.tell_again)]
    told += _seen(wanted, earlier) if earlier else []
    letters = [PRACTICE, *"ABCDEFGHIJKLMNOQRSTUVWXYZ"[: len(told) - 1]]
    items = earlier.exercise.items if earlier else wanted.items
    exercise = Exercise(
        id=_id(wanted, earlier),
        instrument=f"{instrument.id}@{instrument.version}",
        levels=tuple(instrument.levels),
        languages=wanted.languages,
        items=items or _most_different([case.facts for case in told], instrument),
        cases=tuple(_case(letter, case, letters) for letter, case in zip(letters, told, strict=True)),
        booklets=balanced_orders(letters[1:]),
        codes=earlier.exercise.codes if earlier else make_codes(wanted.people, wanted.seed),
        follows=earlier.exercise.id if earlier else None,
        delete_on=wanted.delete_on,
    )
    keys = {letter: _key(case, instrument) for letter, case in zip(letters, told, strict=True)}
    return Made(exercise, Key(exercise=exercise.id, cases=keys))


def _case(letter: str, case: _Told, letters: Sequence[str]) -> Case:
    again = None if case.tells_again is None else letters[case.tells_again]
    return Case(letter=letter, source=case.source, tells_again=again, seen_before=case.seen_before, words=case.words)


def _default_cases(earlier: Made | None) -> tuple[str, ...]:
    """Return all cases in the order in which they are taken; of one that follows, what was not read yet."""
    everything = tuple(dict.fromkeys((*DEFAULT_CASES, *list_vignettes())))
    if earlier is None:
        return everything
    read = [case.source.split()[0] for case in earlier.exercise.cases]
    practice = read[0] if read[0] in everything else everything[0]
    return practice, *(name for name in everything if name not in (*read, practice))


def balanced_orders(letters: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return orders in which each case stands at each place equally often, and follows each other case equally often.

    Notes
    -----
    A Williams square: the first order is 0, 1, n-1, 2, n-2, ..., each next one adds one. For an odd number of
    cases every order is followed by its reverse, which makes the succession even.

    References
    ----------
    Williams, E. J. (1949). Experimental designs balanced for the estimation of residual effects of treatments.
    Australian Journal of Scientific Research A 2, 149-168.

    Examples
    --------
    >>> ["".join(order) for order in balanced_orders("ABCD")]
    ['ABDC', 'BCAD', 'CDBA', 'DACB']
    """
    n = len(letters)
    first = [0] + [place // 2 + 1 if place % 2 == 0 else n - place // 2 - 1 for place in range(n - 1)]
    orders = [[(place + shift) % n for place in first] for shift in range(n)]
    if n % 2 and n > 1:
        orders = [order for one in orders for order in (one, one[::-1])]
    return tuple(tuple(letters[place] for place in order) for order in orders)


# ------------------------------------------------------------------------------------------------------ what is wanted


def _problems(wanted: Wanted, names: Sequence[str], instrument: Instrument, earlier: Made | None) -> Iterator[str]:
    if not wanted.languages or set(wanted.languages) - set(all_languages()):
        yield f"languages: expected some of {', '.join(all_languages())}."
    lacking = set(wanted.languages) - set(earlier.exercise.languages) if earlier else ()
    if lacking:
        yield f"languages: the earlier exercise was not in {', '.join(sorted(lacking))}."
    yield from whole_number_problems(("n_cases", wanted.n_cases, 2, 20), ("seed", wanted.seed, 0, 2**64 - 1))
    if not wanted.recipe:
        if not (wanted.cases or earlier) and len(names) <= wanted.n_cases:
            most = len(names) - 1
            yield f"n_cases: got {wanted.n_cases}, expected at most {most}: no more were written. Name a recipe."
        if len(names) < 3 or len(set(names)) < len(names):
            yield "cases: expected a practice case and at least two others, none twice."
        for name in sorted(set(names) - set(list_vignettes())):
            yield f"cases: there is no {named(name, list_vignettes())}; expected some of {', '.join(list_vignettes())}."
    count = wanted.n_cases if wanted.recipe else len(names) - 1
    yield from whole_number_problems(("tell_again", wanted.tell_again, 0, max(count, 0)))
    if len(wanted.items) > MOST_ITEMS or len(set(wanted.items)) < len(wanted.items):
        yield f"items: expected at most {MOST_ITEMS}, none twice: more does not fit one sheet and five minutes."
    for item in set(wanted.items) - set(_markable(instrument)):
        yield f"items: {instrument} has no {named(item, _markable(instrument))} that could be marked."
    if any(item not in item_bank() for item in instrument.by_id):
        yield f"instrument: {instrument} asks items of its own, for which there are no cases. Choose one of our own."


def _markable(instrument: Instrument) -> list[str]:
    return [item.id for item in instrument.items if item_bank().get(item.id, {}).get("area", "frame") not in _APART]


def _id(wanted: Wanted, earlier: Made | None) -> str:
    """Name the exercise by what it is made of: the same wishes give the same name."""
    follows = earlier.exercise.id if earlier else ""
    return hashlib.sha256(f"{wanted!r} {follows}".encode()).hexdigest()[:6]


# ----------------------------------------------------------------------------------------------------------- the cases


def _written(name: str, languages: Sequence[str]) -> _Told:
    """Take a case that was written by hand."""
    vignette = load_vignette(name)
    worded = {lang: load_vignette_words(name, lang) for lang in languages}
    places = {sentence: place for place, sentence in enumerate(next(iter(worded.values())).sentences, start=1)}
    return _Told(
        source=f"{name} {vignette.version}",
        words={
            lang: CaseWords(
                content_note=words.content_note,
                sentences=tuple(words.sentences.values()),
                awaits_review=words.awaits_review,
            )
            for lang, words in worded.items()
        },
        facts=vignette.answers,
        said_in={item: tuple(places[name] for name in told.said_in) for item, told in vignette.facts.items()},
        reasons={lang: words.reasons for lang, words in worded.items()},
        common_errors={lang: words.common_errors for lang, words in worded.items()},
    )


def _invented(wanted: Wanted, instrument: Instrument) -> list[_Told]:
    """Invent more cases than are wanted, and take them so that every level of the key comes in turn."""
    assert wanted.recipe is not None
    n = wanted.n_cases + 1
    cases = simulate(wanted.recipe, n=n * _POOL, seed=wanted.seed)
    answers = cases.answers.drop(columns=["case", "reported_on"]).to_dict("records")
    plain = [{item: str(answer) for item, answer in row.items()} for row in answers]
    items = wanted.items or _most_different(plain, instrument)
    told = {
        lang: tell_cases(plain, lang, wanted.seed, facts=_FACTS_TOLD, among=instrument.by_id, first=items)
        for lang in wanted.languages
    }
    by_language = [dict(zip(told, tellings, strict=True)) for tellings in zip(*told.values(), strict=True)]
    pool = [
        _from_tellings(f"{cases.recipe}, seed {wanted.seed}, case {place}", by_lang)
        for place, by_lang in enumerate(by_language, start=1)
    ]
    return _level_by_level(sorted(pool, key=lambda case: -_both_ways(case.facts, items)), n, instrument)


def _both_ways(facts: Mapping[str, str], items: Sequence[str]) -> int:
    """Count the facts that are there or those that are absent, whichever are fewer: high where a case has both."""
    found = [is_there(item, facts.get(item)) for item in items]
    return min(found.count(True), found.count(False))


def _level_by_level(pool: Sequence[_Told], n: int, instrument: Instrument) -> list[_Told]:
    """Take cases so that every level comes in turn, those that come first in the pool before others."""
    waiting: dict[str, list[_Told]] = {level: [] for level in reversed((*instrument.levels, "undetermined"))}
    for case in pool:
        waiting[_key(case, instrument).level].append(case)
    chosen: list[_Told] = []
    while len(chosen) < n:
        chosen += [cases.pop(0) for cases in waiting.values() if cases]
    return chosen[:n]


def _again(case: _Told, wanted: Wanted, place: int) -> _Told:
    """Tell the facts of a case in other words."""
    draw = wanted.seed + 1_000_003 + place
    told = {lang: tell_cases([case.facts], lang, draw, facts=len(case.facts))[0] for lang in wanted.languages}
    return _from_tellings(f"the facts of {case.source}, told again", told)._replace(tells_again=place)


def _seen(wanted: Wanted, earlier: Made) -> list[_Told]:
    """Take the first cases of the earlier exercise, as they were."""
    again = []
    for case in earlier.exercise.rated[:_SEEN_AGAIN]:
        key, words = earlier.key.cases[case.letter], {lang: case.words[lang] for lang in wanted.languages}
        told = _Told(
            case.source, words, key.facts, key.said_in, key.reasons, key.common_errors, seen_before=case.letter
        )
        again.append(told)
    return again


def _from_tellings(source: str, told: Mapping[str, Telling]) -> _Told:
    one = next(iter(told.values()))
    return _Told(
        source=source,
        words={
            lang: CaseWords(sentences=tuple(s.text for s in telling.sentences), awaits_review=telling.awaits_review)
            for lang, telling in told.items()
        },
        facts=one.key,
        said_in={s.item: (place,) for place, s in enumerate(one.sentences, start=1) if s.item},
    )


def _key(case: _Told, instrument: Instrument) -> CaseKey:
    a = assess({item: answer for item, answer in case.facts.items() if item in instrument.by_id}, instrument)
    return CaseKey(
        facts=case.facts,
        said_in=case.said_in,
        level=a.level,
        at_least=a.at_least,
        level_high=a.level_high,
        reasons=dict(case.reasons),
        common_errors=dict(case.common_errors),
    )


# ----------------------------------------------------------------------------------------------------------- the items


def is_there(item: str, answer: str | None) -> bool | None:
    """Say whether a fact is there; None where the answer is open or there is none."""
    options = item_bank()[item]["options"]
    return None if answer is None or answer in OPEN_STATES or answer not in options else answer != options[0]


def _most_different(cases: Sequence[Mapping[str, str]], instrument: Instrument) -> tuple[str, ...]:
    """Choose the items that are there in some cases and absent in others: on them people can differ."""

    def spread(item: str) -> tuple[int, int]:
        found = [is_there(item, facts.get(item)) for facts in cases]
        return min(found.count(True), found.count(False)), found.count(True)

    items = _markable(instrument)
    chosen = set(sorted(items, key=lambda item: (spread(item), -items.index(item)), reverse=True)[:MOST_ITEMS])
    return tuple(item for item in items if item in chosen)
