"""Bounds and questions against trying every combination of answers, on small random instruments."""

from random import Random

import made
import plain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvrisk.asking import ask_next
from dvrisk.scoring import Scorer

thousand = settings(max_examples=1000, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32 - 1)


@thousand
@given(seed=seeds)
def test_bounds_are_the_least_and_greatest_over_every_completion(seed):
    source = Random(seed)
    instrument = made.instrument(source, most_items=5)
    codes = made.sheet(source, instrument)
    _, low, high = Scorer(instrument).outcome(codes)
    assert (low.score, high.score, low.rank, high.rank) == plain.bounds(instrument, codes)


@thousand
@given(seed=seeds)
def test_an_item_is_asked_exactly_when_some_completion_makes_it_decide(seed):
    source = Random(seed)
    instrument = made.instrument(source, most_items=5)
    codes = made.sheet(source, instrument, open_share=0.7)
    scorer = Scorer(instrument)
    questions = ask_next(scorer, scorer.outcome(codes))
    assert {question.item for question in questions} == plain.deciding(instrument, codes)


@thousand
@given(seed=seeds)
def test_each_answer_gives_the_levels_that_are_said(seed):
    source = Random(seed)
    instrument = made.instrument(source, most_items=5)
    codes = made.sheet(source, instrument, open_share=0.7)
    scorer = Scorer(instrument)
    for question in ask_next(scorer, scorer.outcome(codes)):
        for place, code in enumerate(question.codes):
            _, _, low, high = plain.bounds(instrument, codes | {question.item: code})
            assert (question.lows[place], question.highs[place]) == (low, high), (question.item, code)
        assert question.settles == any(map(int.__eq__, question.lows, question.highs))


@thousand
@given(seed=seeds)
def test_questions_come_in_the_promised_order(seed):
    source = Random(seed)
    instrument = made.instrument(source)
    scorer = Scorer(instrument)
    questions = ask_next(scorer, scorer.outcome(made.sheet(source, instrument, open_share=0.8)))
    keys = []
    for question in questions:
        item = instrument.by_id[question.item]
        place = instrument.items.index(item)
        keys.append((question.state == "declined", not question.settles, -item.share_percent.high, item.burden, place))
    assert keys == sorted(keys)
