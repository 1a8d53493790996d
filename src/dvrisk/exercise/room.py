"""The page for the projector: cases and facts in chapters that are closed until opened; no codes, no small agencies."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import numpy as np

from dvrisk.exercise.parts import bar, page
from dvrisk.exercise.printing import numbered
from dvrisk.exercise.results import Results, Split, with_ratings
from dvrisk.exercise.texts import Texts
from dvrisk.html_parts import bullets, closed, paragraphs, table
from dvrisk.ratings_in_words import MOST_FACTS, say_agreement, say_change
from dvrisk.stats.change import change_in_agreement
from dvrisk.stats.coefficients import percent_agreement

_MOST_SENTENCES = 4
_FEWEST = 3
"""Below so many people or cases nothing is said about agreement."""


def room_page(results: Results, lang: str) -> str:
    """Return the page for the projector."""
    texts = Texts(results.exercise, lang)
    title = texts.raw("room", "title", id=results.exercise.id)
    reference = "chapter_reference" if results.has_panel else "chapter_reference_instrument"
    chapters = {
        "chapter_spread": _spread(results, texts),
        "chapter_split": _splits(results, texts),
        "chapter_bar": _danger_and_measure(results, texts),
        "chapter_agreement": paragraphs([_most_agreed(results, texts), agreement_said(results, texts)], "said"),
        "chapter_change": change_said(results, texts),
        reference: _reference(results, texts),
    }
    body = [
        f"<p class='running'>{texts.say('', 'invented')}</p><h1>{escape(title)}</h1>",
        paragraphs([texts.say("room", "how"), _waits(texts)]),
        *(closed(texts.say("room", name), inner) for name, inner in chapters.items()),
        paragraphs([texts.say("room", "end")], "small"),
    ]
    return page(title, lang, "\n".join(body))


# ------------------------------------------------------------------------------------------------------------ chapters


def _spread(results: Results, texts: Texts) -> str:
    parts = []
    for case, letter in enumerate(results.exercise.letters):
        rows = [[escape(texts.level(level)), cell] for level, cell in _levels(results, case, texts)]
        parts.append(closed(texts.say("room", "case", letter=letter), _text(results, case, texts) + table((), rows)))
    return "".join(parts) + _agencies(results, texts)


def _levels(results: Results, case: int, texts: Texts) -> Iterator[tuple[str, str]]:
    counts = results.counts(case)
    for level, count in zip(results.exercise.levels, counts, strict=True):
        yield level, bar(count, sum(counts), texts.say("room", "counts", count=count, all=sum(counts)))


def _text(results: Results, case: int, texts: Texts) -> str:
    """Return the case itself, closed: somebody will want to look at a sentence again."""
    return closed(
        texts.say("room", "text"), f"<p>{numbered(results.exercise.rated[case].words[texts.lang].sentences)}</p>"
    )


def _agencies(results: Results, texts: Texts) -> str:
    highest = texts.level(results.exercise.levels[-1])
    if not results.agency_groups:
        return paragraphs([texts.say("room", "agencies_hidden") if results.agencies else ""], "small")
    top = len(results.exercise.levels) - 1
    rows = []
    for agency, places in results.agency_groups.items():
        given = results.before.levels[list(places)]
        count, of = int((given == top).sum()), int(np.isfinite(given).sum())
        said = texts.say("room", "counts", count=count, all=of)
        rows.append([escape(texts.agency(agency)) or texts.say("room", "others"), bar(count, of, said)])
    heading = texts.say("room", "by_agency", level=highest)
    return closed(heading, table((), rows) + paragraphs([texts.say("room", "agencies_hidden")], "small"))


def _splits(results: Results, texts: Texts) -> str:
    if not results.splits:
        return paragraphs([texts.say("room", "no_split")])
    parts = [paragraphs([texts.say("room", "split_order")])]
    for split in results.splits:
        letter = results.exercise.letters[split.case]
        said = texts.say("room", "split_share", share=round(100 * split.share))
        inner = (
            _text(results, split.case, texts) + _split_facts(results, split, texts) + _leaned_on(results, split, texts)
        )
        inner += paragraphs([texts.say("room", "ask")], "said")
        parts.append(
            closed(
                f"{texts.say('room', 'case', letter=letter)}: {counts_said(results, split.case, texts)}",
                f"<p>{said}</p>{inner}",
            )
        )
    return "".join(parts)


def counts_said(results: Results, case: int, texts: Texts) -> str:
    """Return how many gave a case each level, highest first; levels that nobody gave are left out."""
    counts = results.counts(case)
    named = zip(reversed(results.exercise.levels), reversed(counts), strict=True)
    said = [
        texts.say("room", "count_of", level=texts.level(level), count=n, all=sum(counts)) for level, n in named if n
    ]
    return ", ".join(said)


def _sides(results: Results, split: Split, texts: Texts) -> tuple[str, str]:
    level = texts.level(results.exercise.levels[split.level])
    is_top = split.level == len(results.exercise.levels) - 1
    above = texts.say("room", "side_top" if is_top else "side_above", level=level, count=len(split.above))
    return above, texts.say("room", "side_below", count=len(split.below))


def _split_facts(results: Results, split: Split, texts: Texts) -> str:
    marks, rows, told = results.before.saw[:, split.case], [], []
    for fact in split.facts[:MOST_FACTS]:
        if not fact.difference.value:
            continue
        item = results.exercise.items[fact.item]
        cells = [_said_yes(marks[list(side), fact.item], texts) for side in (split.above, split.below)]
        rows.append([escape(texts.label(item)), *cells])
        told.append(_in_text(results, split.case, item, texts))
    if not rows:
        return ""
    heads = (texts.say("room", "fact"), *_sides(results, split, texts))
    in_text = closed(texts.say("room", "in_text"), bullets(told))
    return f"<h2>{texts.say('room', 'facts_table')}</h2>{table(heads, rows, 'even')}{in_text}"


def _in_text(results: Results, case: int, item: str, texts: Texts) -> str:
    """Say what the text tells about an item; closed at first, since the group may rate again."""
    answer = results.key.cases[results.exercise.letters[case]].facts.get(item)
    if answer is None:
        return texts.say("room", "key_open", item=texts.label(item))
    return texts.say("room", "key_said", fact=texts.fact(item, answer), numbers=results.sentences(case, item))


def _said_yes(marks: np.ndarray, texts: Texts) -> str:
    known = marks[np.isfinite(marks)]
    if not len(known):
        return texts.say("room", "nothing_said")
    yes = int((known == 1).sum())
    return bar(yes, len(known), texts.say("room", "counts", count=yes, all=len(known)))


def _leaned_on(results: Results, split: Split, texts: Texts) -> str:
    sentences = results.exercise.rated[split.case].words[texts.lang].sentences
    rows = [
        [f"<sup>{number}</sup>{escape(sentences[number - 1])}", str(above), str(below)]
        for number, above, below in split.sentences[:_MOST_SENTENCES]
    ]
    inner = (
        table(("", *_sides(results, split, texts)), rows) if rows else paragraphs([texts.say("room", "no_sentences")])
    )
    return f"<h2>{texts.say('room', 'leaned_on')}</h2>{inner}"


def _danger_and_measure(results: Results, texts: Texts) -> str:
    top = texts.level(results.exercise.levels[-1])
    highest = len(results.exercise.levels) - 1
    is_top = results.before.levels == highest
    parts = [paragraphs([texts.say("room", "bar_how")])]
    for case, letter in enumerate(results.exercise.letters):
        given = results.before.levels[:, case]
        rows = [
            [texts.say("room", "bar_level", level=top), _share(_is_top(given, highest), texts)],
            [texts.say("room", "bar_danger"), _share(results.before.danger[:, case], texts)],
            [texts.say("room", "bar_measure"), _share(results.before.measure[:, case], texts)],
        ]
        asked = is_top[:, case] & np.isfinite(results.before.measure[:, case])
        would_not = int((results.before.measure[asked, case] == 0).sum())
        gap = texts.say(
            "room", "bar_gap" if would_not else "bar_no_gap", level=top, all=int(asked.sum()), count=would_not
        )
        inner = table((), rows) + paragraphs([gap if asked.any() else "", _not_urgent(results, case, texts)], "said")
        parts.append(closed(texts.say("room", "case", letter=letter), inner))
    return "".join(parts)


def _not_urgent(results: Results, case: int, texts: Texts) -> str:
    """Say how many would order a measure and saw no immediate danger: another question that is easily mixed up."""
    would = results.before.measure[:, case] == 1
    calm = int((results.before.danger[would, case] == 0).sum())
    return texts.say("room", "bar_urgent", all=int(would.sum()), count=calm) if calm else ""


def _share(yes: np.ndarray, texts: Texts) -> str:
    known = yes[np.isfinite(yes)]
    count = int((known == 1).sum())
    return bar(count, len(known), texts.say("room", "counts", count=count, all=len(known)))


def _most_agreed(results: Results, texts: Texts) -> str:
    """Name the case on which the largest share gave one level."""
    counts = [results.counts(case) for case in range(len(results.exercise.letters))]
    shares = [max(one) / sum(one) if sum(one) else 0.0 for one in counts]
    best = shares.index(max(shares))
    said = counts_said(results, best, texts)
    return texts.say("room", "most_agreed", letter=results.exercise.letters[best], counts="\0").replace("\0", said)


def agreement_said(results: Results, texts: Texts) -> str:
    """Return how far people agree, with its interval, or why that can't be said."""
    (levels,) = with_ratings(results.before.levels)
    if min(levels.shape) < _FEWEST:
        return texts.say("room", "too_few")
    found = percent_agreement(levels, levels=len(results.exercise.levels))
    return escape(say_agreement(found, sample="raters", goal=None, lang=texts.lang))


def change_said(results: Results, texts: Texts) -> str:
    """Return what changed after the discussion, or that nobody rated again."""
    if results.after is None:
        return paragraphs([texts.say("room", "change_none")])
    both_times = before, after = _both_times(results)
    moved = np.isfinite(before) & np.isfinite(after) & (before != after)
    rated = int((np.isfinite(before) & np.isfinite(after)).sum())
    up, down = int((after > before)[moved].sum()), int((after < before)[moved].sum())
    said = [texts.say("room", "change_moves", moved=int(moved.sum()), all=rated, up=up, down=down)]
    if moved.any():
        followed = sum(
            _towards_most(before[:, case], after[:, case], len(results.exercise.levels))
            for case in range(before.shape[1])
        )
        said.append(texts.say("room", "change_follow", count=followed, moved=int(moved.sum())))
    both = with_ratings(before, after)
    if min(both[0].shape) >= _FEWEST:
        change = change_in_agreement(both[0], both[1], len(results.exercise.levels))
        said.append(escape(say_change(change, lang=texts.lang)))
    top = len(results.exercise.levels) - 1
    rows = [
        [texts.say("room", "case", letter=letter), *(_share(_is_top(one[:, case], top), texts) for one in both_times)]
        for case, letter in enumerate(results.exercise.letters)
    ]
    level = texts.say("room", "bar_level", level=texts.level(results.exercise.levels[top]))
    heads = (level, texts.say("room", "before"), texts.say("room", "after"))
    return paragraphs(said, "said") + table(heads, rows, "even")


def _is_top(levels: np.ndarray, top: int) -> np.ndarray:
    """Say of each rating whether it is the highest level: how one person moved among the others stays unseen."""
    return np.where(np.isfinite(levels), levels == top, np.nan)


def _both_times(results: Results) -> tuple[np.ndarray, np.ndarray]:
    """Return the levels that were given both times, row for row the same people."""
    assert results.after is not None
    both = [code for code in results.before.codes if code in results.after.codes]
    before, after = (one.levels[[one.codes.index(code) for code in both]] for one in (results.before, results.after))
    twice = np.isfinite(before) & np.isfinite(after)
    return np.where(twice, before, np.nan), np.where(twice, after, np.nan)


def _towards_most(before: np.ndarray, after: np.ndarray, n_levels: int) -> int:
    """Count who came nearer to the level that most people had given before."""
    counts = [int((before == rank).sum()) for rank in range(n_levels)]
    most = counts.index(max(counts))
    return int((np.abs(after - most) < np.abs(before - most)).sum())


def _reference(results: Results, texts: Texts) -> str:
    parts = [] if results.has_panel else [paragraphs([texts.say("room", "instrument_note")])]
    one = _panel_case if results.has_panel else _instrument_case
    for case, letter in enumerate(results.exercise.letters):
        parts.append(closed(texts.say("room", "case", letter=letter), one(results, case, texts)))
    return "".join(parts)


def _panel_case(results: Results, case: int, texts: Texts) -> str:
    letter = results.exercise.letters[case]
    votes, level = results.panel.of(letter), results.panel.level(letter)
    if not votes:
        return paragraphs([texts.say("room", "no_votes")])
    named = [(name, sum(vote.level == name for vote in votes)) for name in reversed(results.exercise.levels)]
    said = ", ".join(f"{texts.level(name)} {count}" for name, count in named if count)
    parts = [paragraphs([texts.say("room", "panel_votes", count=len(votes), votes=said)])]
    if level is None:
        parts.append(paragraphs([texts.say("room", "panel_split")], "said"))
    else:
        rank = results.exercise.levels.index(level)
        counts = results.counts(case)
        below, same, above = sum(counts[:rank]), counts[rank], sum(counts[rank + 1 :])
        against = texts.say("room", "group_against", below=below, same=same, above=above)
        agreed = "panel_consensus" if results.panel.discussed(letter) else "panel_unanimous"
        parts.append(paragraphs([texts.say("room", agreed, level=texts.level(level)), against], "said"))
    reasons = [escape(reason) for reason in results.panel.reasons(letter)]
    if reasons:
        parts.append(f"<p>{texts.say('room', 'panel_reason')}</p>{bullets(reasons)}")
    return "".join(parts) + _key_reasons(results, letter, texts)


def _key_reasons(results: Results, letter: str, texts: Texts) -> str:
    key = results.key.cases[letter]
    if texts.lang not in key.reasons:
        return ""
    said = texts.say("room", "key_reasons", level=texts.level(key.level))
    return f"<p>{said}</p>{bullets(map(escape, key.reasons[texts.lang]))}"


def _instrument_case(results: Results, case: int, texts: Texts) -> str:
    key = results.key.cases[results.exercise.letters[case]]
    way = "instrument_level" if key.level == key.level_high else "instrument_range"
    said = texts.say("room", way, level=texts.level(key.level), highest=texts.level(key.level_high))
    return paragraphs([said], "said") + _key_reasons(results, results.exercise.letters[case], texts)


def _waits(texts: Texts) -> str:
    return texts.say("", "awaiting_review") if texts.awaits_review else ""
