"""An interview on a terminal: one question at a time, with numbers for answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dvrisk.interview import Interview
from dvrisk.words import Words

Read = Callable[[str], str]
Write = Callable[[str], None]

_STATES = {"u": "unknown", "d": "declined"}
_COMMANDS = ("s", "b", "?", "q")


def hold(interview: Interview, words: Words, read: Read, write: Write) -> Interview:
    """Ask until nothing is left to ask, or the person stops.

    Parameters
    ----------
    interview : Interview
    words : Words
    read : callable
        Takes a prompt and returns a line, as `input` does; the end of the input (EOFError) means stop.
    write : callable
        Takes a line to show.

    Returns
    -------
    Interview
        With every answer that was given.
    """
    write(words.phrases["console"]["start"])
    settled = False
    while group := interview.next_group():
        if not settled and interview.assessment.settled:
            settled = True
            write("\n" + words.phrases["console"]["settled"])
        after = _ask(interview, group[0], words, read, write)
        if after is None:
            return interview
        interview = after
    return interview


def _ask(interview: Interview, item: str, words: Words, read: Read, write: Write) -> Interview | None:
    """Ask one question; None means stop."""
    codes = interview.instrument.by_id[item].codes
    write("")
    for line in _question(interview, item, words):
        write(line)
    while True:
        try:
            given = read(words.phrases["console"]["choose"]).strip().lower()
        except EOFError:
            return None
        if given.isdigit() and 1 <= int(given) <= len(codes):
            return interview.answer(item, codes[int(given) - 1])
        if given in _STATES:
            return interview.answer(item, _STATES[given])
        if given == "?":
            for line in words.what_counts(item, interview.instrument):
                write(line)
        elif given in _COMMANDS:
            return {"s": interview.skip(item), "b": interview.back(), "q": None}[given]
        else:
            choices = ", ".join([*map(str, range(1, len(codes) + 1)), *_STATES, *_COMMANDS])
            write(words.say("console", "wrong", choices=choices))


def _question(interview: Interview, item: str, words: Words) -> Iterator[str]:
    yield words.items[item]["question"]
    if interview.instrument.by_id[item].private:
        yield words.phrases["console"]["private"]
    for number, code in enumerate(interview.instrument.by_id[item].codes, start=1):
        yield f"  {number}  {words.answer(item, code)}"
