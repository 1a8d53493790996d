"""The command line: arguments in, text or JSON out, and an exit code (0 done, 1 a finding, 2 bad input)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dvrisk import console, explain
from dvrisk._files import engine_version, must_be_new, path_or_id
from dvrisk.answers import read_answer_file
from dvrisk.assessment import Assessment, assess
from dvrisk.card import card, item_table
from dvrisk.cases import INVENTED, PUBLISHED, Case, load_cases
from dvrisk.catalog import list_instruments, load_instrument
from dvrisk.checklists import checklist_page, checklist_text, fill_checklist, list_checklists
from dvrisk.datasets import check_is_free
from dvrisk.errors import DataError, DvriskError
from dvrisk.exercise_commands import add_exercise
from dvrisk.facts import answers_for
from dvrisk.interview import start_interview
from dvrisk.json_schema import answer_schema
from dvrisk.language_files import languages
from dvrisk.lint import lint_instrument
from dvrisk.others import Named, others_in
from dvrisk.recipes import list_recipes, load_recipe
from dvrisk.schema import OPEN_STATES, Instrument
from dvrisk.simulation import simulate
from dvrisk.table_commands import add_evaluate, add_score
from dvrisk.template import answer_template
from dvrisk.words import load_words


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; bad input gives one message on standard error and exit code 2."""
    options = _parser().parse_args(arguments)
    options.exit_code = 0
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a file gets UTF-8; a console with few characters must not stop the output
            stream.reconfigure(errors="replace", **({} if stream.isatty() else {"encoding": "utf-8"}))
    try:
        print(options.run(options), flush=True)
    except DvriskError as error:
        print(f"dvrisk: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, `head` for one, has seen enough
        sys.stderr.close()
    except OSError as error:
        print(f"dvrisk: the output could not be written: {error.strerror} ({error.filename}).", file=sys.stderr)
        return 2
    return int(options.exit_code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dvrisk", description="Explainable domestic-violence risk checklists.")
    parser.add_argument("--version", action="version", version=f"dvrisk {engine_version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="show two invented cases, or the published accounts")
    demo.add_argument("--published", action="store_true", help="the accounts of a study, content note first")
    demo.set_defaults(run=_demo)

    listing = commands.add_parser("list", help="list the instruments")
    listing.add_argument("--json", action="store_true", help="for machines")
    listing.add_argument("--lang", default="en", choices=languages())
    listing.set_defaults(run=_list)

    for name, run, text in (
        ("show", _show, "show the items, points, rules and the basis of each weight"),
        ("template", _template, "write an answer sheet to fill in"),
        ("card", _card, "show what an instrument is for, for whom, and what it can't do"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("instrument", metavar="ID", help="an id, id@version, or the path of a definition file")
        command.add_argument("--json", action="store_true", help="for machines")
        command.add_argument("--lang", default="en", choices=languages())
        command.set_defaults(run=run)

    checklist = commands.add_parser("checklist", help="show or print a checklist without points")
    checklist.add_argument("checklist", metavar="ID", help=f"one of {', '.join(list_checklists())}")
    checklist.add_argument("--answers", type=Path, metavar="FILE", help="shared facts, or answers for its rows")
    output = checklist.add_mutually_exclusive_group()
    output.add_argument("--html", type=Path, metavar="FILE", help="write a page to print to a new file")
    output.add_argument("--json", action="store_true", help="for machines")
    checklist.add_argument("--lang", default="en", choices=languages())
    checklist.set_defaults(run=_checklist)

    lint = commands.add_parser("lint", help="check a definition, its texts and its vectors")
    lint.add_argument("instrument", metavar="PATH", help="the path of a definition file, or an id")
    lint.add_argument("--json", action="store_true", help="for machines")
    lint.set_defaults(run=_lint)

    ask = commands.add_parser("ask", help="ask only what matters, one question at a time")
    ask.add_argument("--instrument", default="first-look", metavar="ID", help="an id, id@version, or a path")
    ask.add_argument("--answers", type=Path, metavar="FILE", help="what is already known")
    ask.add_argument("--out", type=Path, metavar="FILE", help="write the answers to a new file (JSON)")
    ask.add_argument("--training-confirmed", action="store_true", help="you hold the training it asks for")
    ask.add_argument("--allow-draft", action="store_true", help="ask with a rule that was not checked")
    ask.add_argument("--jurisdiction", choices=("RS", "XK"), help="whose duties to list")
    ask.add_argument("--lang", default="en", choices=languages())
    ask.set_defaults(run=_ask)

    one = commands.add_parser("assess", help="assess one answer sheet and explain the result")
    one.add_argument("file", type=Path, metavar="FILE", help="answers in TOML or JSON")
    one.add_argument("--instrument", default="integrated", metavar="ID", help="an id, id@version, or a path")
    one.add_argument("--jurisdiction", choices=("RS", "XK"), help="whose duties to list")
    one.add_argument("--lang", default="en", choices=languages())
    form = one.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="for machines")
    form.add_argument("--markdown", action="store_true", help="Markdown in place of plain text")
    form.add_argument("--report", type=Path, metavar="FILE", help="write one page to print to a new file (HTML)")
    form.add_argument(
        "--private", action="store_true", help="her own alert and needs, and nothing else; not for the file"
    )
    one.add_argument("--training-confirmed", action="store_true", help="you hold the training it asks for")
    one.add_argument("--allow-draft", action="store_true", help="score with a rule that was not checked")
    one.set_defaults(run=_assess)

    invented = commands.add_parser("simulate", help="list the recipes of invented cases, or invent cases by one")
    invented.add_argument("recipe", nargs="?", metavar="RECIPE", help="an id, id@version, or the path of a recipe file")
    invented.add_argument("--n", type=int, default=1000, help="how many cases (1000)")
    invented.add_argument("--seed", type=int, default=1, help="the same seed gives the same cases (1)")
    invented.add_argument("--first", type=int, default=1, metavar="NUMBER", help="number of the first case (1)")
    invented.add_argument("--instrument", metavar="ID", help="only what this instrument asks")
    invented.add_argument("--open-percent", type=int, metavar="SHARE", help="leave this share open, by chance alone")
    invented.add_argument("--format", default="csv", choices=("csv", "parquet", "json"), help="of the tables (csv)")
    invented.add_argument("--out", type=Path, metavar="FOLDER", help="a new folder; needed with a recipe")
    invented.set_defaults(run=_simulate)
    add_exercise(commands.add_parser("exercise", help="an exercise for a group: print, type, and see where it splits"))
    add_score(commands.add_parser("score", help="score a table of cases"))
    add_evaluate(commands.add_parser("evaluate", help="compare the answers of many people with what happened to them"))
    return parser


def _instrument(ref: str) -> Instrument:
    """On the command line an existing file may stand for an instrument; in Python a string is never a path."""
    return load_instrument(path_or_id(ref))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


# ------------------------------------------------------------------------------------------------- commands


def _list(options: argparse.Namespace) -> str:
    instruments = [load_instrument(ref) for ref in list_instruments()]
    titles = {each: load_words(each, options.lang).instrument["title"] for each in instruments}
    if options.json:
        shipped = [_listed(each) | {"title": titles[each], "group": _group(each)} for each in instruments]
        checklists = [{"id": name, "group": "checklists"} for name in list_checklists()]
        return _json(
            shipped + checklists + [each.other.model_dump() | {"group": "named"} for each in others_in(options.lang)]
        )
    said = load_words(instruments[0], options.lang).phrases["list"]
    lines = []
    for group in ("own", "published", "draft", "training"):
        lines += [said[group], *(_row(each, titles[each], said) for each in instruments if _group(each) == group), ""]
    lines += [said["checklists"], *(f"  {name}" for name in list_checklists()), ""]
    lines += [
        said["named"],
        *(f"  {named.other.id:<19} {named.other.name}: {named.kind}" for named in others_in(options.lang)),
    ]
    return "\n".join(lines)


def _group(instrument: Instrument) -> str:
    if instrument.published is None:
        return "own"
    if instrument.published.training:
        return "training"
    return "draft" if instrument.status == "draft" else "published"


def _row(instrument: Instrument, title: str, said: Mapping[str, str]) -> str:
    scored = sum(item.is_scored for item in instrument.items)
    return f"  {instrument.id:<19} {instrument.version:<5} {said['scored'].format(count=scored)}  {title}"


def _listed(instrument: Instrument) -> dict[str, object]:
    return {
        "id": instrument.id,
        "version": instrument.version,
        "status": instrument.status,
        "sha256": instrument.sha256,
        "items": len(instrument.items),
    }


def _show(options: argparse.Namespace) -> str:
    for named in others_in(options.lang):
        if named.other.id == options.instrument:
            whole = named.other.model_dump() | {"reason": named.reason, "instead": named.instead}
            return _json(whole) if options.json else "\n".join(_said_of(named))
    instrument = _instrument(options.instrument)
    if options.json:
        return _json(instrument.scoring_definition() | {"sha256": instrument.sha256})
    return item_table(instrument, load_words(instrument, options.lang))


def _said_of(one: Named) -> Iterator[str]:
    """Word an instrument that is named and not shipped."""
    yield f"{one.other.name}: {one.kind} ({one.other.owner})"
    yield one.reason
    yield one.instead
    yield from one.other.sources


def _template(options: argparse.Namespace) -> str:
    instrument = _instrument(options.instrument)
    if options.json:
        return _json(answer_schema(instrument))
    return answer_template(instrument, load_words(instrument, options.lang))


def _card(options: argparse.Namespace) -> str:
    instrument = _instrument(options.instrument)
    words = load_words(instrument, options.lang)
    if options.json:
        return _json(_listed(instrument) | {"card": words.instrument["card"], "rights": instrument.rights.model_dump()})
    return card(instrument, words)


def _checklist(options: argparse.Namespace) -> str:
    must_be_new(options.html)
    filled = fill_checklist(options.checklist, read_answer_file(options.answers) if options.answers else {})
    if options.json:
        known, rows = filled.coverage
        return _json({"checklist": options.checklist, "states": filled.states, "answered": known, "rows": rows})
    if options.html is None:
        return checklist_text(filled, options.lang)
    options.html.write_text(checklist_page(filled, options.lang), encoding="utf-8")
    return load_words(load_instrument(), options.lang).say("report", "written", file=options.html)


def _lint(options: argparse.Namespace) -> str:
    ref = options.instrument
    found = lint_instrument(path_or_id(ref))
    options.exit_code = 1 if found else 0
    if options.json:
        return _json([finding._asdict() for finding in found])
    if not found:
        return f"{ref}: nothing found."
    return "\n".join(f"{finding.severity} {finding.id}: {finding}" for finding in found)


def _assess(options: argparse.Namespace) -> str:
    instrument = _instrument(options.instrument)
    leave = {"allow_draft": options.allow_draft, "training_confirmed": options.training_confirmed}
    result = assess(read_answer_file(options.file), instrument, **leave)
    if options.private:
        section = explain.private_section(result, load_words(instrument, options.lang), options.jurisdiction)
        return explain.as_text((section,))
    if options.report is not None:
        return _write_report(options, result)
    if options.json:
        return _json(result.to_dict())
    return result.explain(options.lang, jurisdiction=options.jurisdiction, markdown=options.markdown)


def _write_report(options: argparse.Namespace, result: Assessment) -> str:
    must_be_new(options.report)
    page = result.report(options.lang, jurisdiction=options.jurisdiction)
    options.report.write_text(page, encoding="utf-8")
    words = load_words(result.definition, options.lang)
    return words.say("report", "written", file=options.report)


def _ask(options: argparse.Namespace) -> str:
    instrument = _instrument(options.instrument)
    words = load_words(instrument, options.lang)
    must_be_new(options.out)
    known = read_answer_file(options.answers) if options.answers else {}
    interview = console.hold(
        start_interview(
            instrument, known, allow_draft=options.allow_draft, training_confirmed=options.training_confirmed
        ),
        words,
        input,
        print,
    )
    result = interview.assessment
    lines = ["", result.explain(options.lang, jurisdiction=options.jurisdiction)]
    if result.private_actions:
        lines += ["", explain.as_text((explain.private_section(result, words, options.jurisdiction),))]
    if options.out is not None:
        shared = {item: code for item, code in interview.answers.items() if not instrument.by_id[item].private}
        options.out.write_text(_json(shared) + "\n", encoding="utf-8")
        lines += ["", words.say("console", "written", file=options.out)]
    return "\n".join(lines)


# ----------------------------------------------------------------------------------------------------- demo


def _demo(options: argparse.Namespace) -> str:
    cases = load_cases(PUBLISHED if options.published else INVENTED)
    note = [cases.content_note]
    if options.published and _at_a_console():
        _let_choose(cases.content_note)
        note = []
    shown = [_demo_case(case) for case in cases.cases]
    limits = explain.limits_section(load_instrument("integrated"), load_words(load_instrument("integrated")))
    return "\n\n".join([*note, f"Source: {cases.source}", *shown, explain.as_text((limits,))])


def _at_a_console() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def _let_choose(content_note: str) -> None:
    """Let a person read the content note first and decide whether to go on; only Enter or y goes on."""
    print(content_note)
    try:
        answer = input("Press Enter to read on, or type n to leave. ")
    except (KeyboardInterrupt, EOFError):
        print()
        answer = "n"
    if answer.strip().lower() not in ("", "y", "yes"):
        sys.exit(0)


def _demo_case(case: Case) -> str:
    results = [
        assess(answers_for(instrument, case.answers), instrument)
        for instrument in (load_instrument("integrated"), load_instrument("first-look"))
    ]
    return "\n".join([_ruled(case.title), "", *_told(case), "", *_explained(case, results[0]), "", *_short(results[1])])


def _ruled(title: str) -> str:
    return f"{title}\n{'=' * len(title)}"


def _told(case: Case) -> Iterator[str]:
    if case.note:
        yield case.note
    yield from (f"[{key}] {text}" for key, text in case.statements.items())


def _explained(case: Case, result: Assessment) -> Iterator[str]:
    words = load_words(result.definition)
    parts = explain.sections(result, words, None)
    limits = words.phrases["headings"]["limits"]
    yield explain.as_text(tuple(part for part in parts if part.heading != limits))
    yield ""
    yield "Where each answer comes from"
    yield ""
    for item, answer in case.answers.items():
        if answer not in OPEN_STATES:
            yield f"{words.fact(item, answer)} [{', '.join(case.rests_on[item])}]"


def _short(result: Assessment) -> Iterator[str]:
    words = load_words(result.definition)
    level, established, *_ = explain.sections(result, words, None)
    yield explain.as_text((level, established))


def _simulate(options: argparse.Namespace) -> str:
    if options.recipe is None:
        return "\n\n".join(f"{ref}\n  {load_recipe(ref).about}" for ref in list_recipes())
    if options.out is None:
        raise DataError("simulate", ["no folder to write to. Name a new one with --out."])
    check_is_free(options.out)
    cases = simulate(
        path_or_id(options.recipe),
        options.n,
        options.seed,
        first=options.first,
        instrument=path_or_id(options.instrument) if options.instrument else None,
        open_percent=options.open_percent,
        progress=_told_how_far if sys.stderr.isatty() else None,
    )
    cases.write(options.out, options.format)
    return (
        f"{len(cases):,} invented cases of {cases.recipe}, seed {options.seed}, are in {options.out}.\n"
        "DATASHEET.md says what they are. Keep the folder truth, and the seed, from people who are to rate the cases."
    )


def _told_how_far(done: int, of: int) -> None:
    print(f"\r{done:,} of {of:,} cases drawn", end="\n" if done == of else "", file=sys.stderr, flush=True)
