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


def plot_ranges(rows: Sequence[tuple[str, float, float, float]], title: str) -> Picture:
    """Draw, line by line, a range of shares that is expected, and the share that was found.

    Parameters
    ----------
    rows : sequence of (str, float, float, float)
        A name for the line, the two ends of the range, and what was found; shares between 0 and 1.
    title : str

    Raises
    ------
    DataError
        A value is no share, or a range ends before it begins.
    """
    for name, low, high, found in rows:
        if not (0 <= low <= high <= 1 and 0 <= found <= 1):
            raise DataError("plot_ranges", [f"{name}: expected shares from 0 to 1, the lower end first."])
    figure, axes = _axes(height=1.3 + 0.34 * len(rows), left=0.44)
    for place, (_, low, high, found) in enumerate(rows):
        axes.barh(place, max(high - low, 0.004), left=low, color="#f5c76a", hatch="//", edgecolor="black", height=0.5)
        inside = low <= found <= high
        marker, filled = ("o", "black") if inside else ("X", "#b03a00")
        axes.plot([found], [place], marker=marker, color=filled, markersize=7, markeredgecolor="white")
    axes.set_yticks(range(len(rows)), [name for name, *_ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel("hatched: expected; dot: found inside; cross: found outside")
    axes.set_title(title, fontsize=10, loc="left")
    said = "; ".join(f"{name}: expected {low:.0%} to {high:.0%}, found {found:.0%}" for name, low, high, found in rows)
    return Picture(figure, f"{title}. {said}.")


_LINES = ("-", "--", ":", "-.")


def plot_cumulative(curves: Mapping[str, Sequence[float]], title: str, unit: str) -> Picture:
    """Draw which share of the cases has got there by which number: of questions, of days.

    Parameters
    ----------
    curves : mapping of str to sequence of float
        For each line, one number a case.
    title, unit : str
        `unit` says what is counted.

    Raises
    ------
    DataError
        There is no line, more than four, or a line without cases.
    """
    if not 1 <= len(curves) <= len(_LINES) or not all(len(numbers) for numbers in curves.values()):
        raise DataError("plot_cumulative", [f"expected one to {len(_LINES)} lines, each with at least one case."])
    figure, axes = _axes(height=3.4, left=0.09)
    said = []
    for style, (name, numbers) in zip(_LINES, curves.items(), strict=False):
        ordered = sorted(numbers)
        reached = [(place + 1) / len(ordered) for place in range(len(ordered))]
        axes.step([0, *ordered], [0, *reached], where="post", linestyle=style, color="black", label=name)
        quarter, half, three = (ordered[int(share * (len(ordered) - 1))] for share in (0.25, 0.5, 0.75))
        said.append(f"{name}: a quarter by {quarter:g}, half by {half:g}, three quarters by {three:g}")
    axes.set_ylim(0, 1.02)
    axes.set_xlim(left=0)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel(unit)
    axes.set_title(title, fontsize=10, loc="left")
    figure.legend(ncols=len(curves), fontsize=8, loc="lower center", frameon=False)
    return Picture(figure, f"{title}. Share of cases by {unit}. {'; '.join(said)}.")


def plot_leans(
    rows: Sequence[tuple[str, float, float, float]], title: str, *, band: float, unit: str, apart: Sequence[str] = ()
) -> Picture:
    """Draw how far each rater rates lower or higher than the panel, with intervals and the band that does not matter.

    For the trainer alone: it names codes.

    Parameters
    ----------
    rows : sequence of (str, float, float, float)
        A rater's code, the lean (above 0: higher) and the ends of its interval.
    title : str
    band : float
        Leans up to this size, either way, do not matter in practice.
    unit : str
    apart : sequence of str, optional
        Codes of those who stand apart; they are marked.

    Raises
    ------
    DataError
        There is no rater, or an interval does not hold its value.
    """
    if not rows or not all(low <= value <= high for _, value, low, high in rows):
        raise DataError("plot_leans", ["expected at least one rater, and intervals around their values."])
    figure, axes = _axes(height=1.3 + 0.24 * len(rows), left=0.16)
    axes.axvspan(-band, band, facecolor="white", edgecolor="#777777", hatch="..")
    for place, (code, value, low, high) in enumerate(rows):
        marked = code in apart
        axes.plot([low, high], [place, place], color="black", linewidth=2.4 if marked else 1)
        axes.plot([value], [place], marker="D" if marked else "o", color="black", markersize=8 if marked else 5)
    axes.set_yticks(range(len(rows)), [f"{code}, apart" if code in apart else code for code, *_ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel(f"rates lower  <  {unit}  >  rates higher; dotted: does not matter in practice")
    axes.set_title(title, fontsize=10, loc="left")
    named = ", ".join(f"{code} {value:+.1f} ({low:+.1f} to {high:+.1f})" for code, value, low, high in rows)
    apart_said = f"Apart: {', '.join(apart)}. " if apart else "Nobody stands apart. "
    return Picture(figure, f"{title}. {apart_said}In {unit}, above 0 is higher: {named}.")


def plot_lines(curves: Mapping[str, Sequence[tuple[float, float]]], title: str, *, across: str, up: str) -> Picture:
    """Draw one line for each name through its points; values are shares.

    Parameters
    ----------
    curves : mapping of str to sequence of (float, float)
        For each line its points: a number, and a share between 0 and 1.
    title, across, up : str
        `across` and `up` say what the two axes count.

    Raises
    ------
    DataError
        There is no line, more than five, a line without points, or a value that is no share.
    """
    if not 1 <= len(curves) <= len(_DASHES) or not all(curves.values()):
        raise DataError("plot_lines", [f"expected one to {len(_DASHES)} lines, each with at least one point."])
    if not all(0 <= share <= 1 for points in curves.values() for _, share in points):
        raise DataError("plot_lines", ["expected shares from 0 to 1."])
    figure, axes = _axes(height=3.6, left=0.09)
    for (dashes, marker), (name, points) in zip(_DASHES, curves.items(), strict=False):
        axes.plot(*zip(*points, strict=True), linestyle=dashes, marker=marker, color="black", markersize=5, label=name)
    axes.set_ylim(-0.02, 1.02)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel(f"{across}; upwards: {up}")
    axes.set_title(title, fontsize=10, loc="left")
    figure.legend(ncols=len(curves), fontsize=8, loc="lower center", frameon=False)
    said = "; ".join(
        f"{name}: " + ", ".join(f"{number:g} {share:.0%}" for number, share in points)
        for name, points in curves.items()
    )
    return Picture(figure, f"{title}. {up} by {across}. {said}.")


_DASHES = (("-", "o"), ("--", "s"), (":", "^"), ("-.", "D"), ("-", "x"))


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
