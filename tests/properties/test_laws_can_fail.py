"""Each law's check finds an engine that breaks the law: a check that can't fail checks nothing."""

from random import Random

import laws
import made
import pytest

from dvrisk.schema import Instrument
from dvrisk.scoring import End, Scorer


class FallsWithRisk(Scorer):
    """Breaks law 1: many points give the lowest level."""

    def rank(self, score, fired):
        rank = super().rank(score, fired)
        return 0 if rank == len(self.instrument.levels) - 1 else rank


class UnknownIsNo(Scorer):
    """Breaks laws 2 and 3: an open item adds nothing on the high side either."""

    def outcome(self, answers):
        found = super().outcome(answers)
        return found._replace(high=found.low) if any(code in laws.OPEN for code in found.codes.values()) else found


class NoBonus(Scorer):
    """Breaks law 3: the high side forgets the rules."""

    def end(self, total):
        found = super().end(total)
        return End(found.total, found.score, 0, super().rank(found.score, 0))


class LosesARow(Scorer):
    """Breaks law 4: one contribution with points is missing."""

    def contributions(self, outcome):
        rows = super().contributions(outcome)
        with_points = [row for row in rows if row.high]
        return tuple(row for row in rows if not with_points or row is not with_points[0])


class SaysNothing(Scorer):
    """Breaks law 5: a level without a reason."""

    def contributions(self, outcome):
        return ()

    def fired(self, total):
        return 0


class RewardsOneWay(Scorer):
    """Breaks law 6: an earlier record that is absent takes a point off."""

    def score(self, total):
        absent = [item for item in self.instrument.items if item.one_way]
        return super().score(total) - len(absent)


class RemembersCalls(Scorer):
    """Breaks law 7: the result depends on how often the engine was asked before."""

    calls = 0

    def contributions(self, outcome):
        RemembersCalls.calls += 1
        return tuple(row._replace(high=row.high + RemembersCalls.calls) for row in super().contributions(outcome))


BROKEN = [
    (laws.law_1_a_riskier_answer_never_lowers, FallsWithRisk),
    (laws.law_2_an_open_state_never_narrows, UnknownIsNo),
    (laws.law_3_the_bounds_are_least_and_greatest, UnknownIsNo),
    (laws.law_3_the_bounds_are_least_and_greatest, NoBonus),
    (laws.law_4_contributions_add_up, LosesARow),
    (laws.law_5_a_level_names_its_reasons, SaysNothing),
    (laws.law_6_a_one_way_item_never_lowers, RewardsOneWay),
    (laws.law_7_the_same_bytes, RemembersCalls),
]


@pytest.mark.parametrize(("law", "engine"), BROKEN, ids=[f"{law.__name__}-{engine.__name__}" for law, engine in BROKEN])
def test_the_check_of_a_law_finds_an_engine_that_breaks_it(law, engine, monkeypatch):
    monkeypatch.setattr(laws, "Scorer", engine)
    with pytest.raises(AssertionError):
        for seed in range(300):
            source = Random(seed)
            instrument = made.instrument(source)
            law(engine(instrument), made.sheet(source, instrument), source)


def test_law_1_finds_a_definition_whose_points_fall():
    raw = _with_falling_points()
    with pytest.raises(AssertionError):
        for seed in range(300):
            source = Random(seed)
            laws.law_1_a_riskier_answer_never_lowers(Scorer(raw), made.sheet(source, raw), source)


def _with_falling_points() -> Instrument:
    """A definition that loading would refuse, built past the checks."""
    sound = next(i for i in map(made.instrument, map(Random, range(99))) if sum(item.is_scored for item in i.items) > 2)
    items = [item.model_copy(update={"options": _reversed(item.options)}) for item in sound.items]
    return sound.model_copy(update={"items": tuple(items), "groups": (), "caps": (), "rules": ()})


def _reversed(options):
    points = sorted((abs(option.points) for option in options), reverse=True)
    return tuple(option.model_copy(update={"points": p}) for option, p in zip(options, points, strict=True))
