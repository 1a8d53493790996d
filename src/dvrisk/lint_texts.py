"""What the linter sees in the words of a definition, in every language that lies beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from dvrisk._files import INSTRUMENTS
from dvrisk.errors import InstrumentError
from dvrisk.findings import Finding, breach, doubt
from dvrisk.language_files import languages, shared_words, source_language
from dvrisk.lint_scoring import avoided
from dvrisk.schema import Instrument, Item
from dvrisk.words import Words, load_words

_LINKS = {"of", "the", "or", "and", "to", "in", "by", "on", "with", "her", "his", "him", "a", "for", "not", "at", "is"}
_SAME = 4
"""Letters at the start by which two words count as kin."""


def text_findings(instrument: Instrument) -> Iterator[Finding]:
    """Yield what is missing or wrong in the texts. English is needed; in the catalogue every language is."""
    for lang in languages():
        if source_language(lang) == lang and (lang == "en" or _has(instrument, lang)):
            yield from _in_one_language(instrument, lang)


def _has(instrument: Instrument, lang: str) -> bool:
    path = instrument.path
    if path is None:
        return False
    return path.is_relative_to(INSTRUMENTS) or path.with_name(f"{path.stem}.{lang}.toml").exists()


def _in_one_language(instrument: Instrument, lang: str) -> Iterator[Finding]:
    try:
        words = load_words(instrument, lang)
    except InstrumentError as error:
        for problem in error.problems or (str(error),):
            yield breach("translations-complete", f"words ({lang})", problem.rstrip("."), "Complete the language file")
        return
    checks = (_promises, _lowest_label, _blame, _labels, _duplicates, _least_answers, _quoted)
    for check in checks:
        yield from check(instrument, words)
    if lang == "en":
        yield from _agreement(instrument, words)
        yield from _windows(instrument, words)


def _said(instrument: Instrument, words: Words) -> Iterator[tuple[str, str]]:
    """Yield every text that this instrument shows, with its place."""
    own = words.instrument
    for key in ("title", "summary"):
        yield key, own[key]
    for section in ("levels", "level_names", "rules", "groups", "caps", "warnings"):
        for name, text in own.get(section, {}).items():
            yield f"{section}.{name}", text
    for item in instrument.items:
        worded = words.items[item.id]
        for key in ("label", "question", "includes", "excludes"):
            if key in worded:
                yield f"items.{item.id}.{key}", worded[key]
        yield from ((f"items.{item.id}.options.{code}", worded["options"][code]) for code in item.codes)


def _found(
    rule: str, kind: str, what: str, todo: str, texts: Iterable[tuple[str, str]], lang: str
) -> Iterator[Finding]:
    pattern = re.compile(avoided()[kind][lang], re.I)
    for place, text in texts:
        match = pattern.search(text)
        if match:
            yield breach(rule, f"{place} ({lang})", f"{match[0]!r} {what}", todo)


def _promises(instrument: Instrument, words: Words) -> Iterator[Finding]:
    what, todo = "promises the absence of danger", "Say what was answered, and what it does not mean"
    yield from _found("no-promises", "promises", what, todo, _said(instrument, words), words.language)


def _lowest_label(instrument: Instrument, words: Words) -> Iterator[Finding]:
    """Our own lowest level says in one line what it does not mean; a published one keeps its name."""
    if instrument.published is not None:
        return
    level = instrument.levels[0]
    label = words.instrument["levels"][level].replace("\n", " ")
    for part in avoided()["lowest_label"][words.language]:
        if part not in label:
            what = f"it does not say “{part}”"
            yield breach("lowest-label-whole", f"levels.{level} ({words.language})", what, "Add it to the same line")


def _blame(instrument: Instrument, words: Words) -> Iterator[Finding]:
    what, todo = "blames or doubts a person", "Name the reported fact"
    yield from _found("no-blame", "blame", what, todo, _said(instrument, words), words.language)


def _labels(instrument: Instrument, words: Words) -> Iterator[Finding]:
    labels = [(f"items.{item.id}.label", words.label(item.id)) for item in instrument.items]
    labels += [(f"rules.{name}", text) for name, text in words.instrument.get("rules", {}).items()]
    what, todo = "tells who acts", "Use a noun: a fact that fits anybody"
    yield from _found("labels-name-facts", "he_or_she", what, todo, labels, words.language)


def _least_answers(instrument: Instrument, words: Words) -> Iterator[Finding]:
    least = [(item.id, item.codes[0]) for item in instrument.items if item.is_scored]
    texts = [(f"items.{item}.options.{code}", f"{code} {words.items[item]['options'][code]}") for item, code in least]
    what, todo = "is taken for the least risky answer", "Leave it to the open states, which every item has"
    yield from _found("unknown-is-not-no", "not_known", what, todo, texts, words.language)


def _duplicates(instrument: Instrument, words: Words) -> Iterator[Finding]:
    """Find two names for one fact: within the instrument, and an own item that the bank already has."""
    said: dict[str, list[str]] = defaultdict(list)
    bank = shared_words("items", words.language)["items"]
    worded = {**bank, **{item.id: words.items[item.id] for item in instrument.items}}
    for item, entry in worded.items():
        for key in ("label", "question"):
            said[f"{key} {entry[key].casefold()}"].append(item)
    for items in said.values():
        named = [item for item in items if item in instrument.by_id]
        if len(items) > 1 and named:
            what = f"{' and '.join(items)} have the same words"
            todo = "Ask a fact once, under one id"
            yield breach("no-duplicate-text", f"items.{named[0]} ({words.language})", what, todo)


def _quoted(instrument: Instrument, words: Words) -> Iterator[Finding]:
    labels = {entry["label"].casefold() for entry in words.items.values()}
    for item in instrument.items:
        worded = words.items[item.id]
        names = labels | {answer.casefold() for answer in worded["options"].values()}
        for key in ("includes", "excludes"):
            for quoted in re.findall(r"“([^”]+)”", worded.get(key, "")):
                if quoted.casefold() not in names:
                    what = f"“{quoted}” is no label and no answer of this item"
                    todo = "Quote the label as it is worded now"
                    yield breach("quoted-names-resolve", f"items.{item.id}.{key} ({words.language})", what, todo)


# ----------------------------------------------------------------------- what the text says, against its code


def _agreement(instrument: Instrument, words: Words) -> Iterator[Finding]:
    """Compare each id with its text; where the words differ, a second reader confirms that they speak of one thing."""
    confirmed = {*shared_words("items", "en")["text_confirmed"], *words.instrument.get("text_confirmed", [])}
    for item in instrument.items:
        if item.id not in confirmed and not _kin(item, words):
            what = "the text shares few words with the id"
            todo = "Correct one of them; or have a second reader confirm it and add it to text_confirmed"
            yield doubt("text-id-agreement", f"items.{item.id} (en)", what, todo)


def _kin(item: Item, words: Words) -> bool:
    worded = words.items[item.id]
    text = re.findall(r"[a-z]+", " ".join(worded.get(key, "") for key in ("label", "question", "includes")).lower())
    named = [word for word in re.split(r"[_-]", item.id) if word not in _LINKS]
    met = [word for word in named if any(word[:_SAME] == other[:_SAME] for other in text)]
    return 2 * len(met) >= len(named)


def _windows(instrument: Instrument, words: Words) -> Iterator[Finding]:
    """Find look-backs that the text does not tell, so that everybody would count differently."""
    for item in instrument.items:
        number, _, unit = item.look_back.partition(" ")
        if not unit:
            continue
        worded = words.items[item.id]
        texts = [worded.get(key, "") for key in ("question", "includes", "excludes")] + [*worded["options"].values()]
        said = " ".join(texts).lower()
        if not re.search(rf"\b{number}\b|\b{_IN_WORDS.get(item.look_back, number)}\b", said):
            what = f"its look-back is {item.look_back}, and the text does not say so"
            yield doubt("look-back-is-said", f"items.{item.id} (en)", what, "Say from when it counts")


_IN_WORDS = {"12 months": "year", "1 month": "month"}
