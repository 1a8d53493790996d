"""What is handed out: a slip for each person alone, and the group's page for the file."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import numpy as np

from dvrisk.exercise.leans import Leans
from dvrisk.exercise.parts import page
from dvrisk.exercise.results import Floats, Results
from dvrisk.exercise.room import agreement_said, change_said
from dvrisk.exercise.texts import Texts
from dvrisk.html_parts import bullets, paragraphs


def slips(results: Results, lang: str) -> str:
    """Return a page for each person: two strengths, the own direction, the facts that were missed."""
    texts, leans = Texts(results.exercise, lang), Leans(results)
    pages = []
    for person, code in enumerate(results.before.codes):
        none = [texts.say("slip", "none_missed")]
        missed, beyond = (list(_differently(results, person, told, texts)) or none for told in (True, False))
        pages.append(
            f"<section class='sheet'><p class='running'>{texts.say('', 'invented')}</p>"
            f"<h1>{texts.say('slip', 'title', code=code)}</h1>"
            f"<h2>{texts.say('slip', 'strengths')}</h2>{bullets(_strengths(results, person, texts))}"
            f"<h2>{texts.say('slip', 'direction')}</h2>{paragraphs(_direction(results, leans, person, texts))}"
            f"<h2>{texts.say('slip', 'facts_missed')}</h2>{bullets(missed)}"
            f"<h2>{texts.say('slip', 'facts_denied')}</h2>{bullets(beyond)}"
            f"{paragraphs([texts.say('slip', 'note'), texts.say('slip', 'yours')], 'small')}</section>"
        )
    title = texts.raw("slip", "pages", id=results.exercise.id)
    return page(title, lang, "\n".join(pages), "print")


def group_page(results: Results, lang: str) -> str:
    """Return one page about the group, for the file: no codes, no agencies."""
    texts = Texts(results.exercise, lang)
    title = texts.raw("group", "title", id=results.exercise.id)
    numbers = {
        "people": len(results.before.codes),
        "cases": len(results.exercise.letters),
        "facts": len(results.exercise.items),
    }
    top = results.exercise.levels[-1]
    rows = [
        texts.say(
            "group",
            "split_row",
            letter=results.exercise.letters[split.case],
            counts=texts.raw(
                "room",
                "count_of",
                level=texts.level(top),
                count=results.counts(split.case)[-1],
                all=sum(results.counts(split.case)),
            ),
        )
        for split in results.splits
    ]
    split = bullets(rows) if rows else paragraphs([texts.say("room", "no_split")])
    body = (
        f"<p class='running'>{texts.say('', 'invented')}</p><h1>{escape(title)}</h1>"
        f"<p>{texts.say('group', 'people', **numbers)}</p>"
        f"<h2>{texts.say('group', 'agreed')}</h2>{paragraphs([agreement_said(results, texts)])}"
        f"<h2>{texts.say('group', 'splits')}</h2>{split}"
        f"<h2>{texts.say('group', 'change')}</h2>{change_said(results, texts)}"
        f"{paragraphs([texts.say('group', 'limits'), texts.say('', 'not_real')], 'small')}"
    )
    return page(title, lang, body, "print")


def _strengths(results: Results, person: int, texts: Texts) -> list[str]:
    """Return two strengths, by what was found: facts first, then levels, then that the work was done."""
    said = [*_facts_found(results, person, texts), *_levels_shared(results, person, texts)]
    n_rated, n_marked = (int(np.isfinite(one[person]).sum()) for one in (results.before.levels, results.before.marks))
    said += [texts.say("slip", "rated_alone", count=n_rated)] if n_rated else []
    said += [texts.say("slip", "marked_facts", count=n_marked)] if n_marked else []
    return said[:2]


def _facts_found(results: Results, person: int, texts: Texts) -> Iterator[str]:
    """Yield the case in which most of the facts that the text tells were found."""
    best = None
    for case, letter in enumerate(results.exercise.letters):
        there = [place for place, item in enumerate(results.exercise.items) if results.told(case, item)]
        found = sum(results.before.marks[person, case, place] == 1 for place in there)
        if found and (best is None or (found / len(there), found) > best[:2]):
            best = (found / len(there), int(found), len(there), letter)
    if best:
        key = "all_facts" if best[0] == 1 else "most_facts"
        yield texts.say("slip", key, letter=best[3], count=best[1], all=best[2])


def _levels_shared(results: Results, person: int, texts: Texts) -> Iterator[str]:
    """Yield a case on which the panel, or most of the group, gave the same level."""
    own = results.before.levels[person]
    for case, letter in enumerate(results.exercise.letters):
        if results.reference[case] and own[case] == results.exercise.levels.index(str(results.reference[case])):
            yield texts.say("slip", "same_panel", letter=letter)
            return
    for case, letter in enumerate(results.exercise.letters):
        counts = results.counts(case)
        if np.isfinite(own[case]) and counts[int(own[case])] * 2 > sum(counts):
            yield texts.say("slip", "same_level", letter=letter)
            return


def _direction(results: Results, leans: Leans, person: int, texts: Texts) -> list[str]:
    """Return where the person's levels lie beside the group's and the panel's, and whether the marks lie apart."""
    middle = np.array([_median(column) for column in results.before.levels.T])
    said = [_beside("beside_group", results.before.levels[person], middle, texts)]
    if results.has_panel:
        ranks = [results.exercise.levels.index(level) if level else np.nan for level in results.reference]
        said.append(_beside("beside_panel", results.before.levels[person], np.array(ranks, dtype=float), texts))
    one = leans.found[person]
    if one is None or one.estimate.value is None:
        return [*said, texts.say("slip", "cannot")]
    if not one.apart:
        return [*said, texts.say("slip", "like_most")]
    labels = [texts.label(results.exercise.items[fact.item]) for fact in leans.facts_of(person)]
    on = texts.say("slip", "most_on", items=", ".join(labels)) if labels else ""
    return [*said, texts.say("slip", one.direction or "lower"), on]


def _beside(key: str, own: Floats, other: Floats, texts: Texts) -> str:
    off = own - other
    lower, same, higher = (int(test.sum()) for test in (off < 0, off == 0, off > 0))
    return texts.say("slip", key, lower=lower, same=same, higher=higher, all=lower + same + higher)


def _median(column: Floats) -> float:
    known = column[np.isfinite(column)]
    return float(np.median(known)) if len(known) else np.nan


def _differently(results: Results, person: int, told: bool, texts: Texts) -> Iterator[str]:
    """Yield the facts that a text tells and that were not marked; or, with `told` False, those it denies and were."""
    for case, letter in enumerate(results.exercise.letters):
        own = results.before.marks[person, case]
        if np.isnan(own).all() and np.isnan(results.before.levels[person, case]):
            continue
        for place, item in enumerate(results.exercise.items):
            if results.told(case, item) is told and bool(own[place] == 1) is not told:
                values = {"letter": letter, "numbers": results.sentences(case, item)}
                yield texts.say("slip", "missed", item=texts.label(item), **values)
