"""Ten texts a language, and three measures of how much they repeat themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from dvrisk import simulate
from dvrisk.tellings import Telling, tell_cases

RECIPE, SEED, SHOWN = "training-mix", 8, 10
LANGUAGES = {"en": "English", "sr": "Serbian", "sq": "Albanian"}


def tellings(lang: str, n: int = SHOWN) -> tuple[Telling, ...]:
    """Tell the first invented cases of the recipe."""
    answers = simulate(RECIPE, n=n, seed=SEED).answers.drop(columns=["case", "reported_on"])
    return tell_cases(answers.to_dict("records"), lang, SEED)


def repeats(sentences: Sequence[str]) -> int:
    """Count the texts that stand there a second time or more often."""
    return len(sentences) - len(set(sentences))


def measures() -> str:
    """Return the measures for ten texts and for a hundred, as a table."""
    rows = [
        "| language | texts | sentences that stand twice | words: least, median, most | openings that repeat |",
        "|---|---|---|---|---|",
    ]
    for lang, name in LANGUAGES.items():
        for n in (SHOWN, 100):
            told = tellings(lang, n)
            sentences = [sentence.text for telling in told for sentence in telling.sentences]
            words = sorted(len(telling.text.split()) for telling in told)
            openings = [" ".join(telling.text.split()[:3]) for telling in told]
            twice, length = f"{repeats(sentences)} of {len(sentences)}", f"{words[0]}, {median(words):g}, {words[-1]}"
            rows.append(f"| {name} | {n} | {twice} | {length} | {repeats(openings)} of {n} |")
    return "\n".join(rows)


def most_common_start(lang: str, n: int = 100) -> tuple[str, int, int]:
    """Return the two words with which most sentences begin, how many do, and of how many."""
    starts = Counter(" ".join(s.text.split()[:2]) for telling in tellings(lang, n) for s in telling.sentences)
    words, count = starts.most_common(1)[0]
    return words, count, starts.total()


def texts() -> str:
    """Return ten texts a language."""
    parts = []
    for lang, name in LANGUAGES.items():
        parts.append(f"### {name}")
        parts += [f"**{number}.** {telling.text}" for number, telling in enumerate(tellings(lang), start=1)]
    return "\n\n".join(parts)


def starts() -> str:
    """Say with which words most sentences begin."""
    rows = ["| language | most frequent beginning of a sentence, in 100 texts | sentences |", "|---|---|---|"]
    for lang, name in LANGUAGES.items():
        words, count, of = most_common_start(lang)
        rows.append(f"| {name} | {words} ... | {count} of {of} |")
    return "\n".join(rows)
