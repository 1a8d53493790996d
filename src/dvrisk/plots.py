"""Figures for notebooks and talks, each with its text alternative. Needs the extra `plots` (matplotlib).

No level is told by colour alone: each has its own hatching and its name beside it, so that a copy in black and white
says the same. The undetermined level is never grey or green, which would read as *nothing there*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dvrisk import sentences
from dvrisk.assessment import Assessment
from dvrisk.errors import DataError, MissingExtraError
from dvrisk.pictures import level_range, place_in_bands
from dvrisk.words import load_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STYLES = {
    "low": ("#56b4e9", ".."),
    "undetermined": ("#ffffff", "xx"),
    "at least moderate": ("#f5c76a", "//"),
    "moderate": ("#e69f00", ""),
    "high": ("#b03a00", ""),
}
"""Colour and hatching of each reading of a level, from the palette of Okabe and Ito."""


@dataclass(frozen=True)
class Picture:
    """A figure with its text alternative; a notebook shows the one and keeps the other beside it.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    alt : str
        What the figure shows, in words and numbers.
    """

    figure: Figure
    alt: str

    def __repr__(self) -> str:
        return self.alt

    def png(self) -> bytes:
        """Return the figure as a PNG file."""
        buffer = BytesIO()
        self.figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
        return buffer.getvalue()

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"image/png": self.png()}, {"image/png": {"alt": self.alt}}


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
    figure, axes = _axes(height=1.3 + 0.34 * len(rows), left=0.52)
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
    figure, axes = _axes(height=1.7 + 0.42 * len(steps), left=0.18)
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
    figure, axes = _axes(height=1.4 + 0.62 * len(results), left=0.2)
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


def plot_level_shares(rows: Sequence[tuple[str, Mapping[str, float]]], title: str) -> Picture:
    """Draw, line by line, which share of the cases has which reading of the level.

    Parameters
    ----------
    rows : sequence of (str, mapping of str to float)
        A name for the line, and shares between 0 and 1 that add up to 1, by `low`, `undetermined`,
        `at least moderate`, `moderate` and `high`.
    title : str

    Raises
    ------
    DataError
        A share is unknown or the shares of a line don't add up to 1.
    """
    for name, shares in rows:
        if set(shares) - set(_STYLES) or abs(sum(shares.values()) - 1) > 1e-9:
            expected = ", ".join(_STYLES)
            raise DataError("plot_level_shares", [f"{name}: expected shares of {expected} that add up to 1."])
    figure, axes = _axes(height=1.7 + 0.4 * len(rows), left=0.26)
    for place, (_, shares) in enumerate(rows):
        start = 0.0
        for reading, (colour, hatch) in _STYLES.items():
            share = shares.get(reading, 0.0)
            axes.barh(place, share, left=start, color=colour, hatch=hatch, edgecolor="black", height=0.7)
            if share >= 0.06:
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
                axes.text(start + share / 2, place, f"{share:.0%}", ha="center", va="center", fontsize=8, bbox=box)
            start += share
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel("share of cases")
    axes.set_title(title, fontsize=10, loc="left")
    keys = [
        axes.barh(-9, 0, color=colour, hatch=hatch, edgecolor="black", label=reading)
        for reading, (colour, hatch) in _STYLES.items()
    ]
    figure.legend(handles=keys, ncols=len(keys), fontsize=8, loc="lower center", frameon=False)
    said = "; ".join(
        f"{name}: " + ", ".join(f"{reading} {shares.get(reading, 0):.0%}" for reading in _STYLES)
        for name, shares in rows
    )
    return Picture(figure, f"{title}. Share of cases at each level. {said}.")


def _reading(result: Assessment) -> str:
    return f"at least {result.level}" if result.at_least and result.level in result.definition.levels else result.level


def _axes(height: float, left: float) -> tuple[Figure, Axes]:
    """Make a figure of its own, apart from pyplot's global state."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("plots", "matplotlib") from None
    figure = Figure(figsize=(8.0, height))
    below = 0.75 / height
    axes = figure.add_axes((left, below, 0.97 - left, 1 - below - 0.35 / height))
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes
