"""Draw invented cases from a recipe: integers from a counter-based stream against integer thresholds. Needs NumPy.

Each case and item has one word of 64 bits of its own, found by seed, item and number of the case. So a case comes out
the same alone or among a million, whatever else is drawn, and on any machine. The word's upper half decides about the
fact, the lower half about what goes missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray

from dvrisk.catalog import item_bank
from dvrisk.recipe_schema import WHOLE, Fact, Gap, Recipe, covers
from dvrisk.schema import NOT_APPLICABLE
from dvrisk.thresholds import AREAS, FACT_BITS, STEPS, Table, tables

Words = NDArray[np.uint64]
Codes = NDArray[np.int8]
Mask = NDArray[np.bool_]

BLOCK = 65_536
"""Cases that are drawn at a time: few enough to stay in a processor's cache, and a multiple of four."""
WHY = (
    "as_it_is",
    "by_chance",
    "by_circumstance",
    "by_answer",
    "date_not_known",
    "not_written_down",
    "gate_not_answered",
)
"""Why an answer is, or is not, what is true."""

_GAP_BITS = 15
_READS_WHY = {"undated": "date_not_known", "least": "not_written_down"}


# ------------------------------------------------------------------------------------------------------ the stream


def words(seed: int, stream: str, first: int, n_cases: int) -> Words:
    """Return one word of 64 bits for each case, from the case at place `first` (from 0) on.

    Notes
    -----
    Philox-4x64, whose bits NumPy keeps stable: the key is the seed and the stream's name, the counter a quarter of the
    place of the case.

    References
    ----------
    Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
    """
    name = int.from_bytes(hashlib.sha256(f"dvrisk/{stream}".encode()).digest()[:8], "little")
    key, counter = np.array([seed, name], dtype=np.uint64), np.array([first // 4, 0, 0, 0], dtype=np.uint64)
    skipped = first % 4
    made: Words = Philox(key=key, counter=counter).random_raw(skipped + n_cases)
    return made[skipped:]


def upper(made: Words) -> NDArray[np.uint32]:
    """Return the 31 highest bits of each word."""
    return (made >> np.uint64(64 - FACT_BITS)).astype(np.uint32)


def lower(made: Words) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Return 15 bits each from the two lowest quarters of each word."""
    quarters = made.astype("<u8", copy=False).view("<u2")
    return quarters[0::4] >> np.uint16(1), quarters[1::4] >> np.uint16(1)


def cut(share: int, whole: int, bits: int) -> int:
    """Return the integer below which a draw of so many bits falls with a share of the whole; rounded half up."""
    return (2 * share * (1 << bits) + whole) // (2 * whole)


# ------------------------------------------------------------------------------------------------------- the cases


@dataclass(frozen=True)
class Drawn:
    """Cases as small integers: for each item, the place of the answer in `categories(item)`.

    Attributes
    ----------
    severity, tendency : int8 array, n_cases
        Place in `SEVERITIES`; step of the common tendency, 0 to 15.
    true, recorded, why : dict of str to int8 array
        By item: what is true, what is recorded, and the place in `WHY`.
    """

    severity: Codes
    tendency: Codes
    true: dict[str, Codes] = field(default_factory=dict)
    recorded: dict[str, Codes] = field(default_factory=dict)
    why: dict[str, Codes] = field(default_factory=dict)


def categories(item: str) -> tuple[str, ...]:
    """Return everything that an answer to an item of the bank can be: options, least risky first, and open states."""
    described = item_bank()[item]
    closed = (NOT_APPLICABLE,) if described.get("applies_if") else ()
    return (*described["options"], *closed, "unknown", "declined", "not_asked")


def draw(
    recipe: Recipe, items: Iterable[str], *, seed: int, first: int, n_cases: int, done: Callable[[int], None]
) -> Drawn:
    """Draw cases, a block at a time; `done` is told how many there are after each block."""
    items = tuple(items)
    needed = _needed(recipe, items)
    whole = Drawn(np.empty(n_cases, np.int8), np.empty(n_cases, np.int8))
    for part in (whole.true, whole.recorded, whole.why):
        part.update({item: np.empty(n_cases, np.int8) for item in items})
    for start in range(0, n_cases, BLOCK):
        stop = min(start + BLOCK, n_cases)
        block = _block(recipe, needed, seed, first + start, stop - start)
        whole.severity[start:stop], whole.tendency[start:stop] = block.severity, block.tendency
        for into, part in ((whole.true, block.true), (whole.recorded, block.recorded), (whole.why, block.why)):
            for item in items:
                into[item][start:stop] = part[item]
        done(stop)
    return whole


def _needed(recipe: Recipe, items: tuple[str, ...]) -> list[Fact]:
    """Return the facts that must be drawn for these items: they, and all they hang on, in the recipe's order."""
    wanted, grown = set(items), True
    while grown:
        before = len(wanted)
        wanted |= {other for item in wanted for other in _hangs_on(recipe, item)}
        grown = len(wanted) > before
    return [fact for fact in recipe.facts if fact.item in wanted]


def _hangs_on(recipe: Recipe, item: str) -> Iterator[str]:
    fact, gate = recipe.by_item[item], item_bank()[item].get("applies_if")
    if fact.given:
        yield fact.given.item
    if fact.becomes:
        yield fact.becomes.when.item
    if gate and gate["item"] in recipe.by_item:
        yield gate["item"]
    yield from (gap.when.item for gap in recipe.gaps if gap.when and covers(gap, item))


def _block(recipe: Recipe, facts: list[Fact], seed: int, first: int, n_cases: int) -> Drawn:
    rows = _Rows.drawn(recipe, seed, first, n_cases)
    block = Drawn(rows.severity.astype(np.int8), rows.tendency.astype(np.int8))
    for fact in facts:
        made = words(seed, fact.item, first, n_cases)
        block.true[fact.item] = _true(fact, upper(made), rows, block.true, tables(recipe)[fact.item])
        recorded, why = _recorded(fact.item, made, recipe, block)
        block.recorded[fact.item], block.why[fact.item] = recorded, why
    return block


@dataclass(frozen=True)
class _Rows:
    """The rows of the thresholds' tables in which the cases of a block are looked up."""

    severity: NDArray[np.intp]
    tendency: NDArray[np.intp]
    by_area: dict[str | None, NDArray[np.intp]]

    @classmethod
    def drawn(cls, recipe: Recipe, seed: int, first: int, n_cases: int) -> _Rows:
        """Draw severity and tendencies: 31 bits for the severity, four for each tendency."""
        made = words(seed, "case", first, n_cases)
        mix = recipe.severity
        draws = upper(made)
        above_low = draws >= cut(mix.low, WHOLE, FACT_BITS)
        above_moderate = draws >= cut(mix.low + mix.moderate, WHOLE, FACT_BITS)
        severity = above_low.astype(np.intp) + above_moderate
        steps = [((made >> np.uint64(4 * place)) & np.uint64(STEPS - 1)).astype(np.intp) for place in range(6)]
        common = severity * STEPS + steps[0]
        by_area: dict[str | None, NDArray[np.intp]] = {None: common * STEPS}
        by_area |= {area: common * STEPS + steps[place] for place, area in enumerate(AREAS, start=1)}
        return cls(severity, steps[0], by_area)


def _true(fact: Fact, draws: NDArray[np.uint32], rows: _Rows, true: dict[str, Codes], table: Table) -> Codes:
    """Draw what is true of one fact."""
    row = rows.by_area[table.area] if table.by_tendency else rows.severity
    if fact.given:
        row = 2 * row + _is_among(true[fact.given.item], fact.given.item, fact.given.among)
    found: Codes = (draws < table.columns[0].take(row)).view(np.int8)
    for column in table.columns[1:]:
        found = found + (draws < column.take(row))
    options = item_bank()[fact.item]["options"]
    if table.order != tuple(options):
        found = np.array([options.index(code) for code in table.order], dtype=np.int8)[found]
    if fact.becomes:
        turns = (found == options.index(fact.becomes.option)) & _is_among(
            true[fact.becomes.when.item], fact.becomes.when.item, fact.becomes.when.among
        )
        found = np.where(turns, np.int8(options.index(fact.becomes.to)), found)
    gate = item_bank()[fact.item].get("applies_if")
    if gate and gate["item"] in true:
        found = np.where(_is_closed(true[gate["item"]], gate), np.int8(len(options)), found)
    return found


def _is_among(codes: Codes, item: str, among: tuple[str, ...]) -> Mask:
    return np.array([code in among for code in categories(item)])[codes]


def _is_closed(codes: Codes, gate: dict[str, str]) -> Mask:
    """Whether an answered gate makes the question behind it not applicable."""
    options = item_bank()[gate["item"]]["options"]
    opens_at = options.index(gate["at_least"])
    return np.array([place < opens_at for place in range(len(options))] + [False] * 4)[codes]


# -------------------------------------------------------------------------------------------- what is recorded of it


def _recorded(item: str, made: Words, recipe: Recipe, block: Drawn) -> tuple[Codes, Codes]:
    """Return what is recorded of an item, and why it is not what is true.

    Gaps by chance have a quarter of the word to themselves: where they fall says nothing about anything. The others
    share the next quarter, each with its own part of the scale.
    """
    true = block.true[item]
    recorded, why = true.copy(), np.zeros(len(true), np.int8)
    by_chance, otherwise = lower(made)
    for chance, draws in ((False, otherwise), (True, by_chance)):
        begins = 0
        for gap in (gap for gap in recipe.gaps if covers(gap, item) and (gap.mechanism == "by_chance") is chance):
            ends = begins + cut(gap.per_10000, WHOLE, _GAP_BITS)
            falls = (draws >= begins) & (draws < ends) & _applies(gap, item, block)
            np.copyto(recorded, np.int8(_reads(gap, item)), where=falls)
            np.copyto(why, np.int8(WHY.index(_READS_WHY.get(gap.reads, gap.mechanism))), where=falls)
            begins = ends
    return _behind_its_gate(item, recorded, why, block)


def _applies(gap: Gap, item: str, block: Drawn) -> Mask | np.bool_:
    if gap.when:
        return _is_among(block.recorded[gap.when.item], gap.when.item, gap.when.among)
    if gap.mechanism == "by_answer":
        options = item_bank()[item]["options"]
        return _is_among(block.true[item], item, gap.options or tuple(options[1:]))
    return np.bool_(True)


def _reads(gap: Gap, item: str) -> int:
    code = {"undated": item_bank()[item].get("undated"), "least": item_bank()[item]["options"][0]}.get(gap.reads)
    return categories(item).index(code or gap.reads)


def _behind_its_gate(item: str, recorded: Codes, why: Codes, block: Drawn) -> tuple[Codes, Codes]:
    """Make the record follow its gate: not applicable behind a closed one, not asked where the gate is open itself."""
    gate = item_bank()[item].get("applies_if")
    if not gate or gate["item"] not in block.recorded:
        return recorded, why
    closed = _is_closed(block.recorded[gate["item"]], gate)
    not_applicable = np.int8(categories(item).index(NOT_APPLICABLE))
    unasked = (block.true[item] == not_applicable) & ~closed & (recorded == not_applicable)
    recorded = np.where(unasked, np.int8(len(categories(item)) - 1), recorded)
    why = np.where(unasked, np.int8(WHY.index("gate_not_answered")), why)
    missed = closed & (block.true[item] != not_applicable) & (why == 0)
    return np.where(missed, not_applicable, recorded), np.where(missed, np.int8(WHY.index("gate_not_answered")), why)
