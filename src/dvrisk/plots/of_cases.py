"""Figures of one case: what adds up, how the range narrows, what each instrument says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dvrisk import sentences
from dvrisk.assessment import Assessment
from dvrisk.errors import DataError
from dvrisk.pictures import level_range, place_in_bands
from dvrisk.plots.picture import Picture, new_axes
from dvrisk.words import load_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_contributions(a: Assessment, lang: str = "en") -> Picture:
    """Draw what adds up to the established score, the largest first.

    Parameters
    ----------
    a : Assessment
    lang : {'en', 'sr', 'sr-Cyrl', 'sq'}

    Raises
    ------
    DataError
        No known answer has points, so there is nothing to draw.
    """
    words = load_words(a.definition, lang)
    rows = sorted(sentences.counted_rows(a), key=lambda row: row.low)
    if not rows:
        raise DataError("plot_contributions", ["no known answer has points. Draw the bounds instead."])
    names = [sentences.row_name(row, words) for row in rows]
    points = [row.low for row in rows]
    figure, axes = new_axes(height=1.3 + 0.34 * len(rows), left=0.52)
    bars = axes.barh(
        names, points, color=["#e69f00" if value > 0 else "#ffffff" for value in points], edgecolor="black"
    )
    axes.bar_label(bars, padding=3, fontsize=8)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.margins(x=0.08)
    axes.set_xticks([])
    axes.set_title(words.phrases["report"]["points"], fontsize=10, loc="left")
    said = "; ".join(f"{name}, {words.counted(value, 'point')}" for name, value in zip(names, points, strict=True))
    return Picture(figure, f"{words.phrases['report']['points']}: {said}.")


def plot_bounds(steps: Mapping[str, Assessment], title: str) -> Picture:
    """Draw how the range of the score narrows, one line for each step, above the bands of the instrument.

    Parameters
    ----------
    steps : mapping of str to Assessment
        What became known, in order, with the result then; all on one instrument.
    title : str

    Raises
    ------
    DataError
        There are no steps, or they are not all on the same instrument.
    """
    results = list(steps.values())
    if len({result.instrument.sha256 for result in results}) != 1:
        raise DataError("plot_bounds", ["expected one step or more, all of them on one instrument."])
    figure, axes = new_axes(height=1.7 + 0.42 * len(steps), left=0.18)
    definition = results[0].definition
    bands, levels = definition.bands, definition.levels
    for number, level in enumerate(levels):
        axes.axvline(number, color="black", linewidth=0.8, linestyle=":")
        axes.text(number + 0.5, -0.75, level_range(level, definition, load_words(definition)), fontsize=8, ha="center")
    for line, result in enumerate(results):
        low, high = (place_in_bands(score, bands) for score in (result.score_low, result.score_high))
        axes.barh(line, high - low, left=low, height=0.45, color="#f5c76a", hatch="//", edgecolor="black")
        axes.plot(low, line, marker="D", color="black")
        axes.text(len(levels) + 0.03, line, _reading(result), fontsize=8, va="center")
    axes.set_yticks(range(len(results)), list(steps))
    axes.set_ylim(len(results) - 0.4, -1.0)
    axes.set_xlim(0, len(levels) + 0.55)
    axes.set_xticks([])
    axes.set_xlabel("score (each band drawn equally wide); right: the level, rules included", fontsize=8)
    axes.set_title(title, fontsize=10, loc="left")
    said = "; ".join(f"{name}: {r.score_low} to {r.score_high}, {_reading(r)}" for name, r in steps.items())
    return Picture(figure, f"{title}. Range of the score and level at each step. {said}.")


def plot_instruments(results: Mapping[str, Assessment], title: str) -> Picture:
    """Draw one case on many instruments, each on its own levels: black is settled, hatched is still possible.

    Parameters
    ----------
    results : mapping of str to Assessment
        As `assess_all` gives them.
    title : str

    Raises
    ------
    DataError
        There are no results.
    """
    if not results:
        raise DataError("plot_instruments", ["expected one result or more."])
    figure, axes = new_axes(height=1.4 + 0.62 * len(results), left=0.2)
    for line, result in enumerate(results.values()):
        _level_row(axes, line, result)
    axes.set_yticks(range(len(results)), list(results))
    axes.set_ylim(len(results) - 0.3, -0.5)
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    axes.set_xlabel(
        "black: settled; hatched: still possible; levels of different instruments can't be compared", fontsize=8
    )
    axes.set_title(title, fontsize=10, loc="left")
    said = "; ".join(f"{ref}: {_reading(r)}, from {r.level_low} to {r.level_high}" for ref, r in results.items())
    return Picture(figure, f"{title}. What each of {len(results)} instruments leaves possible. {said}.")


def _level_row(axes: Axes, line: int, result: Assessment) -> None:
    """Draw the levels of one instrument side by side, and mark those that are possible."""
    levels = result.definition.levels
    low, high = levels.index(result.level_low), levels.index(result.level_high)
    width = 1 / len(levels)
    for place, level in enumerate(levels):
        possible = low <= place <= high
        colour = "black" if possible and low == high else "#f5c76a" if possible else "white"
        hatch = "//" if possible else ""
        axes.barh(line, width, left=place * width, height=0.5, color=colour, hatch=hatch, edgecolor="black")
        axes.text((place + 0.5) * width, line + 0.44, level.replace("-", " "), fontsize=6.5, ha="center", va="center")


def _reading(result: Assessment) -> str:
    return f"at least {result.level}" if result.at_least and result.level in result.definition.levels else result.level
