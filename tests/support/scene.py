"""The scene: one of twenty people sees less danger than the others. How often does the trainer's page name that person?"""

from dvrisk import Rater
from dvrisk.exercise.leans import Leans
from dvrisk.exercise.making import Wanted, make
from dvrisk.exercise.rehearsal import fill_in
from dvrisk.exercise.results import Results, as_round


def right(shift: float, exercises: int) -> int:
    """Count the exercises that name the first person alone, or with no shift nobody; seeds from 0 on."""
    made = make(Wanted(recipe="training-mix", n_cases=8, people=20))
    expected = [0] if shift else []
    raters = [Rater(severity=shift), *[Rater()] * 19]
    found = 0
    for seed in range(exercises):
        given = as_round(fill_in(made, raters, seed), made.exercise)
        found += Leans(Results(made.exercise, made.key, given)).apart == expected
    return found
