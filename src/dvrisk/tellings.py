"""Cases told as texts: whole sentences about invented people, each sentence for one fact, and a key of what was told.

A text tells a part of a case. What it does not tell is not asked: it stands in no key. Sentences are data
(`synthetic/tellings/rehearsal/<version>.<language>.toml`); which are taken, and in which order, follows from the seed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, permutations, product
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from dvrisk._files import SYNTHETIC, read_toml, shown
from dvrisk.catalog import item_bank, read_as
from dvrisk.errors import DataError, named, nearest
from dvrisk.language_files import AWAITING, Review, case_words
from dvrisk.reasons import contradictory_pairs
from dvrisk.schema import NOT_APPLICABLE, Id, Strict, Text

FOLDER = SYNTHETIC / "tellings" / "rehearsal"
VERSION = "1.0"

_TOLD_OPEN = ("unknown", "declined")
"""Open states that a text can tell; what is not asked is not told."""
_OF_THREE = 2
"""So many of three facts, beyond those of every text, are above the least risky answer, where the case has them."""

Texts = Annotated[tuple[Text, ...], Field(min_length=1)]


class Sentence(NamedTuple):
    """One sentence of a text.

    Attributes
    ----------
    text : str
    item, answer : str or None
        The fact that it tells; None for the opening, the wish at the end and details that are no fact of the bank.
    """

    text: str
    item: str | None = None
    answer: str | None = None


class Telling(NamedTuple):
    """A case told as a text.

    Attributes
    ----------
    language : str
    awaits_review : bool
        Whether the sentences are a translation that no native speaker has reviewed.
    sentences : tuple of Sentence
        In the order of the text.
    """

    language: str
    awaits_review: bool
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The whole text, to read."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def key(self) -> dict[str, str]:
        """The facts that the text tells, as `assess` takes them; everything else is not asked."""
        return {told.item: told.answer for told in self.sentences if told.item and told.answer}

    def without(self, item: str) -> Telling:
        """Return the text without the sentence that tells a fact; the other sentences stay as they are."""
        if item not in self.key:
            raise DataError("telling", [f"got {named(item, self.key)}, expected one of {', '.join(self.key)}."])
        return self._replace(sentences=tuple(told for told in self.sentences if told.item != item))


class _Plan(Strict):
    version: Text
    always: tuple[Id, ...]
    only_alone: tuple[Id, ...]
    not_told: dict[Id, tuple[Id, ...]]
    sums_up: dict[Id, tuple[Id, ...]]
    backgrounds: dict[Id, dict[Id, dict[Id, Id]]]


class _Wordings(Strict):
    sentences: Texts
    clauses: tuple[Text, ...] = ()


class _ItemTexts(Strict):
    topic: Text
    voice: Literal["any", "hers", "file"] = "any"
    answers: dict[Id, _Wordings]


class _Frames(Strict):
    hers: Texts
    file: Texts


class _Bank(Strict):
    language: Text
    review: Review
    scenes: Texts
    wishes: Texts
    unknown: Texts
    declined: Texts
    frames: _Frames
    backgrounds: dict[Id, dict[Id, Texts]]
    items: dict[Id, _ItemTexts]


class _Wording(NamedTuple):
    """A sentence that can be taken: its text, and of what it is made."""

    text: str
    core: str
    frame: str | None


# ------------------------------------------------------------------------------------------------------ what is told


def tell_cases(
    cases: Sequence[Mapping[str, str]],
    lang: str = "en",
    seed: int = 1,
    *,
    facts: int = 14,
    among: Collection[str] | None = None,
    first: Sequence[str] = (),
) -> tuple[Telling, ...]:
    """Tell invented cases as texts.

    Parameters
    ----------
    cases : sequence of mappings of str to str
        Item id to option or open state, a mapping a case. Items that are not in the bank are left out.
    lang : {'en', 'sr', 'sr-Cyrl', 'sq'}, default 'en'
        The same facts in the same order in every language.
    seed : int, default 1
        The same seed gives the same texts.
    facts : int, default 14
        How many facts a text tells, where the case has so many: always the relationship, whether there are children
        and whether she was asked alone; of the others two thirds that are above the least risky answer.
    among : collection of str, optional
        Items that may be told, for instance those of one instrument; by default all.
    first : sequence of str, optional
        Items that are told before any others, for instance those that are on an answer sheet.

    Returns
    -------
    tuple of Telling
        No sentence stands in two of them as long as the bank has another one.

    Raises
    ------
    DataError
        A case has no fact to tell or an answer for which there is no sentence, or the language is not known.

    Examples
    --------
    >>> case = {"relationship": "man_to_woman_partner", "strangulation": "no", "jealousy": "constant"}
    >>> (telling,) = tell_cases([case], seed=3)
    >>> sorted(telling.key)
    ['jealousy', 'relationship', 'strangulation']
    """
    chosen = [choose_facts(case, f"{seed}/{place}", facts, among, first) for place, case in enumerate(cases, start=1)]
    return _told(chosen, lang, [f"{seed}/{place}" for place in range(1, len(cases) + 1)])


def vary_fact(
    case: Mapping[str, str], item: str, lang: str = "en", seed: int = 1, *, facts: int = 14
) -> dict[str, Telling]:
    """Tell a case once for every answer to one item, and keep the rest as it is, word for word.

    Parameters
    ----------
    case : mapping of str to str
    item : str
    lang, seed, facts
        As for `tell_cases`.

    Returns
    -------
    dict of str to Telling
        By option code, from the least risky one on. Facts that could not stand beside one of them are not told.

    Raises
    ------
    DataError
        As for `tell_cases`, or the item is not in the bank.
    """
    if item not in item_bank():
        near = nearest(item, item_bank())
        raise DataError("vary_fact", [f"got an unknown item{f' (did you mean {near}?)' if near else ''}."])
    options = [option for option in item_bank()[item]["options"] if option not in _plan().not_told.get(item, ())]
    base = _beside(choose_facts(case, f"{seed}/1", facts), {item: options})
    (telling,) = _told([base | {item: options[0]}], lang, [f"{seed}/1"])
    place = [sentence.item for sentence in telling.sentences].index(item)
    told = {option: _by_draw(_wordings(_bank(lang), item, option), seed) for option in options}
    return {option: _with(telling, place, place + 1, Sentence(text, item, option)) for option, text in told.items()}


def vary_background(
    case: Mapping[str, str], background: str, lang: str = "en", seed: int = 1, *, facts: int = 14
) -> dict[str, Telling]:
    """Tell a case once for every variant of a detail that must not change a level, and keep the rest, word for word.

    Parameters
    ----------
    case : mapping of str to str
    background : {'ethnicity', 'disability', 'place', 'age', 'job', 'means', 'family_form'}
    lang, seed, facts
        As for `tell_cases`.

    Returns
    -------
    dict of str to Telling
        By variant.

    Raises
    ------
    DataError
        As for `tell_cases`, or the background is not known, or it speaks of children and the case has none.
    """
    variants = _plan().backgrounds.get(background)
    if variants is None:
        known = ", ".join(_plan().backgrounds)
        raise DataError("vary_background", [f"got an unknown background, expected one of {known}."])
    exchanged = {item: [answers[item] for answers in variants.values()] for item in next(iter(variants.values()))}
    chosen = choose_facts(case, f"{seed}/1", facts)
    base = _beside(chosen, exchanged)
    if set(_plan().always) & chosen.keys() - base.keys():
        raise DataError("vary_background", [f"{background} can't be told of a case without children."])
    (telling,) = _told([base], lang, [f"{seed}/1"])
    told = _bank(lang).backgrounds[background]
    facts_told = {variant: next(iter(answers.items()), (None, None)) for variant, answers in variants.items()}
    return {
        variant: _with(telling, 1, 1, Sentence(_by_draw(_plain(told[variant]), seed), *facts_told[variant]))
        for variant in variants
    }


def list_backgrounds() -> dict[str, tuple[str, ...]]:
    """List the details that must not change a level, each with its variants."""
    return {name: tuple(variants) for name, variants in _plan().backgrounds.items()}


def background_facts() -> dict[str, tuple[str, ...]]:
    """List, for each of these details, the shared facts that its variants answer; most are told and are no fact.

    Examples
    --------
    >>> background_facts()["job"], background_facts()["ethnicity"]
    (('unemployed',), ())
    """
    plan = _plan().backgrounds
    return {name: tuple(next(iter(variants.values()))) for name, variants in plan.items()}


def choose_facts(
    case: Mapping[str, str], draw: str, facts: int, among: Collection[str] | None = None, first: Sequence[str] = ()
) -> dict[str, str]:
    """Choose which facts of a case are told; `draw` names the draw.

    Raises
    ------
    DataError
        The case has no fact that can be told.
    """
    if isinstance(facts, bool) or not isinstance(facts, int) or facts < 1:
        raise DataError("tell_cases", ["facts: expected a whole number from 1 on."])
    tellable = {
        item: case[item]
        for item in _shuffled(set(case) & set(item_bank()), draw, "facts")
        if case[item] not in ("not_asked", NOT_APPLICABLE) and (among is None or item in among)
        if case.get("asked_alone") != "no" or item not in _plan().only_alone
    }
    if not tellable:
        raise DataError("tell_cases", ["a case has no fact to tell. Give an answer to at least one item."])
    chosen = [item for item in _plan().always if item in tellable]
    others = [item for item in tellable if item not in chosen]
    raised = [item for item in others if tellable[item] not in (*_TOLD_OPEN, item_bank()[item]["options"][0])]
    n_raised = -(-(facts - len(chosen)) * _OF_THREE // 3)
    least = [item for item in others if item not in raised]
    for item in (*first, *raised[:n_raised], *least, *raised[n_raised:]):
        if item in tellable and item not in chosen and len(chosen) < facts and not set(_rivals(item)) & set(chosen):
            chosen.append(item)
    return {item: tellable[item] for item in chosen}


def _beside(facts: Mapping[str, str], exchanged: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Leave out the facts that are exchanged, and those that could not stand beside one of the answers."""
    out = set(exchanged)
    for item, answers in exchanged.items():
        out.update(_rivals(item))
        out.update(other for other in facts if (item_bank()[other].get("applies_if") or {}).get("item") == item)
        for one, other in chain.from_iterable(permutations((p.first, p.second)) for p in contradictory_pairs()):
            if one.item == item and set(one.among) & set(answers) and facts.get(other.item) in other.among:
                out.add(other.item)
    return {item: answer for item, answer in facts.items() if item not in out}


def _rivals(item: str) -> tuple[str, ...]:
    """Return the facts that are not told beside this one, since it sums them up or they it."""
    sums_up = _plan().sums_up
    return (*sums_up.get(item, ()), *(whole for whole, parts in sums_up.items() if item in parts))


# ------------------------------------------------------------------------------------------------------- how it is told


def _told(
    cases: Sequence[Mapping[str, str]],
    lang: str,
    draws: Sequence[str],
) -> tuple[Telling, ...]:
    bank = _bank(lang)
    problems = sorted(set(chain.from_iterable(_untold(case, bank) for case in cases)))
    if problems:
        raise DataError(f"telling in {lang}", problems)
    taken: Counter[str] = Counter()
    return tuple(_telling(case, bank, draw, taken) for case, draw in zip(cases, draws, strict=True))


def _untold(case: Mapping[str, str], bank: _Bank) -> Iterator[str]:
    for item, answer in case.items():
        if answer not in (*_TOLD_OPEN, *bank.items[item].answers):
            told = ", ".join((*bank.items[item].answers, *_TOLD_OPEN))
            yield f"{item}: there is no sentence for this answer, expected one of {told}."


def _telling(case: Mapping[str, str], bank: _Bank, draw: str, taken: Counter[str]) -> Telling:
    framed: Counter[str] = Counter()

    def take(name: str, wordings: Sequence[_Wording]) -> str:
        """Take the wording that was taken least, by draw; in the frame that this text has least."""

        def rank(wording: _Wording) -> tuple[int, int, bytes, int, bytes]:
            text, core, frame = wording
            by_draw = _word(draw, name, core), _word(draw, name, text)
            return taken[text], taken[core], by_draw[0], framed[frame or core], by_draw[1]

        best = min(wordings, key=rank)
        taken.update({best.text, best.core})
        framed[best.frame or best.core] += 1
        return best.text

    told = [Sentence(take("scene", _plain(bank.scenes)))]
    told += [
        Sentence(take(item, _wordings(bank, item, case[item])), item, case[item]) for item in _in_order(case, draw)
    ]
    told.append(Sentence(take("wish", _plain(bank.wishes))))
    return Telling(bank.language, bank.review == AWAITING, tuple(told))


def _with(telling: Telling, start: int, stop: int, sentence: Sentence) -> Telling:
    """Return the text with a sentence in place of those from `start` up to `stop`."""
    return telling._replace(sentences=(*telling.sentences[:start], sentence, *telling.sentences[stop:]))


def _by_draw(wordings: Sequence[_Wording], seed: int) -> str:
    return min((wording.text for wording in wordings), key=lambda text: _word(str(seed), "exchanged", text))


def _in_order(case: Mapping[str, str], draw: str) -> list[str]:
    """Order facts as they are told: the relationship first, then area by area, areas and facts in an order by draw."""
    place = {area: number for number, area in enumerate(_shuffled({_area(item) for item in case}, draw, "areas"))}
    shuffled = _shuffled(case, draw, "order")
    return sorted(shuffled, key=lambda item: (item != "relationship", place[_area(item)]))


def _area(item: str) -> str:
    return str(item_bank()[item]["area"])


def _wordings(bank: _Bank, item: str, answer: str) -> list[_Wording]:
    told = bank.items[item]
    if answer in _TOLD_OPEN:
        patterns = bank.unknown if answer == "unknown" else bank.declined
        return [_Wording(p.format(topic=told.topic), f"{item} {answer}", p) for p in patterns]
    hers, file = bank.frames.hers, bank.frames.file
    words, frames = told.answers[answer], {"any": (*hers, *file), "hers": hers, "file": file}[told.voice]
    framed = [_Wording(f.format(clause=clause), clause, f) for clause, f in product(words.clauses, frames)]
    return [*_plain(words.sentences), *framed]


def _plain(sentences: Sequence[str]) -> list[_Wording]:
    return [_Wording(sentence, sentence, None) for sentence in sentences]


def _shuffled(names: Collection[str], draw: str, what: str) -> list[str]:
    return sorted(names, key=lambda name: _word(draw, what, name))


def _word(*names: str) -> bytes:
    """Return a draw that depends on these names alone: the same on any machine."""
    return hashlib.sha256("/".join(names).encode()).digest()


# -------------------------------------------------------------------------------------------------------- the sentences


@cache
def _plan() -> _Plan:
    path = FOLDER / f"{VERSION}.toml"
    return read_as(_Plan, read_toml(path, DataError), path, DataError)


@cache
def _bank(lang: str) -> _Bank:
    bank = case_words(_Bank, FOLDER, VERSION, lang)
    problems = [*_missing_facts(bank), *_missing_details(bank), *_unfilled(bank)]
    if problems:
        raise DataError(f"{shown(FOLDER)} in {lang}", problems)
    return bank


def _missing_facts(bank: _Bank) -> Iterator[str]:
    for item, described in item_bank().items():
        if item not in bank.items:
            yield f"items.{item}: no sentences. Add them, for every option."
            continue
        expected = [option for option in described["options"] if option not in _plan().not_told.get(item, ())]
        for option in expected:
            if option not in bank.items[item].answers:
                yield f"items.{item}.answers.{option}: no sentence. Add one."
        for option in bank.items[item].answers.keys() - set(expected):
            yield f"items.{item}.answers.{option}: not an option that is told, expected {', '.join(expected)}."
    for item in bank.items.keys() - item_bank().keys():
        yield f"items.{item}: not in the item bank. Remove it."


def _missing_details(bank: _Bank) -> Iterator[str]:
    for background, variants in _plan().backgrounds.items():
        for variant in variants.keys() - bank.backgrounds.get(background, {}).keys():
            yield f"backgrounds.{background}.{variant}: no sentence. Add one."


def _unfilled(bank: _Bank) -> Iterator[str]:
    patterns = {"topic": {"unknown": bank.unknown, "declined": bank.declined}, "clause": dict(bank.frames)}
    for place, groups in patterns.items():
        for name, sentences in groups.items():
            for number, sentence in enumerate(sentences, start=1):
                if sentence.count("{") != 1 or f"{{{place}}}" not in sentence:
                    yield f"{name}, sentence {number}: expected {{{place}}} in it, once, and no other brace."
