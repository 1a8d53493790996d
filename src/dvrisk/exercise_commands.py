"""The commands of an exercise: `dvrisk exercise new`, `collect`, `report`, `forget`, `demo`."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from dvrisk import exercise
from dvrisk.exercise.folder import PERSONAL
from dvrisk.exercise.plan import load_exercise
from dvrisk.language_files import languages


def add_exercise(parser: argparse.ArgumentParser) -> None:
    """Add the steps to the parser of the command."""
    steps = parser.add_subparsers(required=True, metavar="STEP")
    new = steps.add_parser("new", help="make an exercise: cases, answer sheets, codes, notes, and apart the key")
    new.add_argument("folder", type=Path, metavar="DIR", help="a new folder")
    new.add_argument("--lang", default="en", metavar="LANGS", help=f"one or several of {', '.join(languages())} (en)")
    new.add_argument("--instrument", default="first-look", metavar="ID", help="whose levels and items (first-look)")
    new.add_argument("--cases", default="", metavar="IDS", help="cases written by hand, the practice case first")
    new.add_argument("--recipe", metavar="ID", help="invent the cases by this recipe instead")
    new.add_argument("--n", type=int, default=8, help="how many cases (8)")
    new.add_argument("--tell-again", type=int, default=0, metavar="N", help="tell so many cases twice, in other words")
    new.add_argument("--items", default="", metavar="IDS", help="at most 12 items for the sheet")
    new.add_argument("--people", type=int, default=24, metavar="N", help="how many codes (24)")
    new.add_argument("--seed", type=int, default=1, help="the same seed gives the same exercise (1)")
    new.add_argument("--delete-on", metavar="DATE", help="when what people said is to be deleted, YYYY-MM-DD")
    new.add_argument("--follows", type=Path, metavar="DIR", help="an earlier exercise with the same people")
    new.set_defaults(run=_exercise_new)

    for name, run, text in (
        ("collect", _exercise_collect, "read what was typed, and name every problem"),
        ("report", _exercise_report, "write the pages for the room, the trainer and each person"),
    ):
        step = steps.add_parser(name, help=text)
        step.add_argument("folder", type=Path, metavar="DIR")
        step.add_argument("--lang", choices=languages(), help="of the messages; by default the exercise's first one")
        step.set_defaults(run=run)
        if name == "report":
            step.add_argument("--earlier", type=Path, nargs="+", default=[], metavar="DIR", help="the oldest first")

    forget = steps.add_parser("forget", help="delete what people said; cases and key stay")
    forget.add_argument("folder", type=Path, metavar="DIR")
    forget.add_argument("--yes", action="store_true", help="delete; without it the command says what would be deleted")
    forget.set_defaults(run=_exercise_forget)

    shown = steps.add_parser("demo", help="a whole exercise with invented people")
    shown.add_argument("folder", type=Path, metavar="DIR", help="a new folder")
    shown.add_argument("--lang", default="en", metavar="LANGS", help=f"one or several of {', '.join(languages())} (en)")
    shown.add_argument("--seed", type=int, default=1)
    shown.set_defaults(run=_exercise_demo)


def _listed_in(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _exercise_new(options: argparse.Namespace) -> str:
    wanted = exercise.Wanted(
        instrument=options.instrument,
        languages=_listed_in(options.lang),
        cases=_listed_in(options.cases),
        recipe=options.recipe,
        n_cases=options.n,
        tell_again=options.tell_again,
        items=_listed_in(options.items),
        people=options.people,
        seed=options.seed,
        delete_on=options.delete_on,
    )
    made = exercise.new_exercise(options.folder, wanted, follows=options.follows)
    return (
        f"Exercise {made.id}: {len(made.rated)} cases and a practice case, {len(made.booklets)} booklets, "
        f"{len(made.codes)} codes, in {options.folder}.\n"
        f"Print what is in print/. Keep key/ apart. Type into typed/before.csv or typed/before.txt.\n"
        f"Then: dvrisk exercise report {options.folder}"
    )


def _exercise_collect(options: argparse.Namespace) -> str:
    return _collected(exercise.collect(options.folder), options)


def _exercise_report(options: argparse.Namespace) -> str:
    said = _collected(exercise.report(options.folder, options.earlier), options)
    lang = load_exercise(options.folder).languages[0]
    room, trainer = (options.folder / part / lang / f"{name}.html" for part, name in _PAGES)
    return f"{said}\nFor the projector: {room}\nFor you alone: {trainer}"


_PAGES = (("report", "room"), ("private", "trainer"))


def _collected(found: exercise.Collected, options: argparse.Namespace) -> str:
    plan = load_exercise(options.folder)
    options.exit_code = int(bool(found.problems))
    past = plan.delete_on and plan.delete_on < date.today().isoformat()
    late = f"These data were to be deleted on {plan.delete_on}: dvrisk exercise forget {options.folder} --yes\n"
    return (late if past else "") + exercise.say_collected(found, options.lang or plan.languages[0])


def _exercise_forget(options: argparse.Namespace) -> str:
    if not options.yes:
        parts = ", ".join(f"{name}/" for name in PERSONAL)
        return f"Would delete {parts} in {options.folder}, all that people said. Add --yes to delete."
    return f"{len(exercise.forget(options.folder))} files deleted in {options.folder}. Cases and key are still there."


def _exercise_demo(options: argparse.Namespace) -> str:
    options.lang = _listed_in(options.lang)
    exercise.demo(options.folder, options.lang, options.seed)
    room, trainer = (options.folder / part / options.lang[0] / f"{name}.html" for part, name in _PAGES)
    return (
        "Twenty invented people rated eight invented cases; one of them sees less danger than the others.\n"
        f"For the projector: {room}\nFor the trainer alone: {trainer}"
    )
