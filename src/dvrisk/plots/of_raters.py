"""Figures of raters, for the trainer alone."""

from __future__ import annotations

from collections.abc import Sequence

from dvrisk.errors import DataError
from dvrisk.plots.picture import Picture, new_axes


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
    figure, axes = new_axes(height=1.3 + 0.24 * len(rows), left=0.16)
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
