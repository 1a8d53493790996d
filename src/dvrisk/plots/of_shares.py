"""Figures of many cases: shares, ranges, and lines through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dvrisk.errors import DataError
from dvrisk.plots.picture import PERCENT, Picture, new_axes

_STYLES = {
    "low": ("#56b4e9", ".."),
    "undetermined": ("#ffffff", "xx"),
    "at least moderate": ("#f5c76a", "//"),
    "moderate": ("#e69f00", ""),
    "high": ("#b03a00", ""),
}
"""Colour and hatching of each reading of a level, from the palette of Okabe and Ito."""


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
    figure, axes = new_axes(height=1.7 + 0.4 * len(rows), left=0.26)
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
    axes.set_xticks(*PERCENT)
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
    figure, axes = new_axes(height=1.3 + 0.34 * len(rows), left=0.44)
    for place, (_, low, high, found) in enumerate(rows):
        axes.barh(place, max(high - low, 0.004), left=low, color="#f5c76a", hatch="//", edgecolor="black", height=0.5)
        inside = low <= found <= high
        marker, filled = ("o", "black") if inside else ("X", "#b03a00")
        axes.plot([found], [place], marker=marker, color=filled, markersize=7, markeredgecolor="white")
    axes.set_yticks(range(len(rows)), [name for name, *_ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.set_xticks(*PERCENT)
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
    figure, axes = new_axes(height=3.4, left=0.09)
    said = []
    for style, (name, numbers) in zip(_LINES, curves.items(), strict=False):
        ordered = sorted(numbers)
        reached = [(place + 1) / len(ordered) for place in range(len(ordered))]
        axes.step([0, *ordered], [0, *reached], where="post", linestyle=style, color="black", label=name)
        quarter, half, three = (ordered[int(share * (len(ordered) - 1))] for share in (0.25, 0.5, 0.75))
        said.append(f"{name}: a quarter by {quarter:g}, half by {half:g}, three quarters by {three:g}")
    axes.set_ylim(0, 1.02)
    axes.set_xlim(left=0)
    axes.set_yticks(*PERCENT)
    axes.set_xlabel(unit)
    axes.set_title(title, fontsize=10, loc="left")
    figure.legend(ncols=len(curves), fontsize=8, loc="lower center", frameon=False)
    return Picture(figure, f"{title}. Share of cases by {unit}. {'; '.join(said)}.")


def plot_lines(
    curves: Mapping[str, Sequence[tuple[float, float]]], title: str, *, across: str, up: str, logarithmic: bool = False
) -> Picture:
    """Draw one line for each name through its points; values are shares.

    Parameters
    ----------
    curves : mapping of str to sequence of (float, float)
        For each line its points: a number, and a share between 0 and 1.
    title, across, up : str
        `across` and `up` say what the two axes count.
    logarithmic : bool, default False
        Whether both axes are: for shares from one in ten thousand to nearly all. All numbers have to be above 0 then.

    Raises
    ------
    DataError
        There is no line, more than five, a line without points, or a value that is no share.
    """
    if not 1 <= len(curves) <= len(_DASHES) or not all(curves.values()):
        raise DataError("plot_lines", [f"expected one to {len(_DASHES)} lines, each with at least one point."])
    if not all(0 <= share <= 1 for points in curves.values() for _, share in points):
        raise DataError("plot_lines", ["expected shares from 0 to 1."])
    if logarithmic and not all(min(point) > 0 for points in curves.values() for point in points):
        raise DataError("plot_lines", ["expected numbers above 0: a logarithmic axis has no 0."])
    figure, axes = new_axes(height=3.6, left=0.09)
    for (dashes, marker), (name, points) in zip(_DASHES, curves.items(), strict=False):
        axes.plot(*zip(*points, strict=True), linestyle=dashes, marker=marker, color="black", markersize=5, label=name)
    if logarithmic:
        axes.set_xscale("log")
        axes.set_yscale("log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
    else:
        axes.set_ylim(-0.02, 1.02)
        axes.set_yticks(*PERCENT)
    axes.set_xlabel(f"{across}; upwards: {up}")
    axes.set_title(title, fontsize=10, loc="left")
    figure.legend(ncols=len(curves), fontsize=8, loc="lower center", frameon=False)
    said = "; ".join(
        f"{name}: "
        + ", ".join(f"{number:g} {share:.2g}" if logarithmic else f"{number:g} {share:.0%}" for number, share in points)
        for name, points in curves.items()
    )
    return Picture(figure, f"{title}. {up} by {across}. {said}.")


_DASHES = (("-", "o"), ("--", "s"), (":", "^"), ("-.", "D"), ("-", "x"))
