"""Figures of an evaluation: rates with their intervals, ranges over open answers, the ROC and the reliability curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dvrisk.errors import DataError
from dvrisk.plots.picture import PERCENT, Picture, new_axes
from dvrisk.stats.completions import Range
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.outcome_checks import Counts
from dvrisk.stats.probabilities import Reliability

_LINES = ("-", "--", ":")


def plot_estimates(rows: Sequence[tuple[str, Estimate]], title: str, *, across: str) -> Picture:
    """Draw shares with their intervals, line by line; what is undefined is said in words.

    Parameters
    ----------
    rows : sequence of (str, Estimate)
        A name for the line, and a share between 0 and 1.
    title, across : str
        `across` says what is counted.

    Raises
    ------
    DataError
        There is no line, or a value is no share.
    """
    if not rows or not all(figure.value is None or 0 <= figure.value <= 1 for _, figure in rows):
        raise DataError("plot_estimates", ["expected at least one line, and shares from 0 to 1."])
    figure, axes = new_axes(height=1.3 + 0.36 * len(rows), left=0.3)
    most = max([end for _, one in rows for end in (one.value, one.high) if end is not None], default=1.0)
    for place, (_, one) in enumerate(rows):
        if one.value is None:
            axes.text(0, place, f"  {one.undefined}", fontsize=8, va="center", style="italic")
            continue
        if one.low is not None and one.high is not None:
            axes.plot([one.low, one.high], [place, place], color="black", linewidth=1.6)
        axes.plot([one.value], [place], marker="o", color="black", markersize=6)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(-0.01 * most, min(1.02, 1.08 * most))
    axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:g} %")
    has_lines = any(one.low is not None for _, one in rows)
    axes.set_xlabel(f"{across}; line: interval" if has_lines else across)
    axes.set_title(title, fontsize=10, loc="left")
    said = "; ".join(f"{name}: {_share(one)}" for name, one in rows)
    return Picture(figure, f"{title}. {across}. {said}.")


def plot_completions(rows: Sequence[tuple[str, Range]], title: str) -> Picture:
    """Draw what open answers leave possible, and what reading every unknown as a no would claim.

    Parameters
    ----------
    rows : sequence of (str, Range)
        A name for the line, and a figure between 0 and 1 over all completions.
    title : str

    Raises
    ------
    DataError
        There is no line that has a value.
    """
    drawn = [(name, one) for name, one in rows if one.low is not None and one.high is not None]
    if not drawn:
        raise DataError("plot_completions", ["expected at least one figure that has a value."])
    figure, axes = new_axes(height=1.4 + 0.36 * len(drawn), left=0.36)
    for place, (_, one) in enumerate(drawn):
        low, high = one.low or 0.0, one.high or 0.0
        axes.barh(place, max(high - low, 0.004), left=low, color="#f5c76a", hatch="//", edgecolor="black", height=0.5)
        if one.naive is not None:
            axes.plot([one.naive], [place], marker="D", color="black", markersize=7, markeredgecolor="white")
    axes.set_yticks(range(len(drawn)), [name for name, _ in drawn])
    axes.set_ylim(len(drawn) - 0.4, -0.6)
    axes.set_xlim(-0.01, 1.01)
    axes.set_xticks(*PERCENT)
    axes.set_xlabel("hatched: possible, whatever the open answers are; diamond: every unknown read as a no", fontsize=8)
    axes.set_title(title, fontsize=10, loc="left")
    said = "; ".join(f"{name}: {_range(one)}" for name, one in drawn)
    return Picture(figure, f"{title}. Possible range, and what reading every unknown as a no would claim. {said}.")


def plot_roc(curves: Mapping[str, Counts], title: str) -> Picture:
    """Draw ROC curves: at every score, the share of events found against the share of others flagged.

    Parameters
    ----------
    curves : mapping of str to Counts
        For each line people counted by score, as `count_by_score` gives them; one to three lines.
    title : str

    Raises
    ------
    DataError
        There is no line, or more than three, or a line without both kinds of people.
    """
    if not 1 <= len(curves) <= len(_LINES) or not all(one.n_events and one.n_others for one in curves.values()):
        raise DataError("plot_roc", [f"expected one to {len(_LINES)} lines, each with and without events."])
    figure, axes = new_axes(height=4.4, left=0.12)
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=0.8)
    said = []
    for dashes, (name, one) in zip(_LINES, curves.items(), strict=False):
        found = [0.0, *(one.events[::-1].cumsum() / one.n_events).tolist()]
        flagged = [0.0, *(one.others[::-1].cumsum() / one.n_others).tolist()]
        axes.plot(flagged, found, linestyle=dashes, color="black", label=name)
        half = next(f for f, hit in zip(flagged, found, strict=True) if hit >= 0.5)
        said.append(f"{name}: to find half of the events, {half:.0%} of the others are flagged")
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.01)
    axes.set_xticks(*PERCENT)
    axes.set_yticks(*PERCENT)
    axes.set_xlabel("others who are flagged; upwards: events found; thin line: chance")
    axes.set_title(title, fontsize=10, loc="left")
    axes.legend(fontsize=8, loc="lower right", frameon=False)
    return Picture(figure, f"{title}. {'; '.join(said)}.")


def plot_reliability(curve: Reliability, title: str) -> Picture:
    """Draw the CORP reliability curve with its band, and below it how many people have each probability.

    Parameters
    ----------
    curve : Reliability
    title : str
    """
    figure, axes = new_axes(height=5.4, left=0.12)
    left, below, width, height = axes.get_position().bounds
    axes.set_position((left, below + 0.22 * height, width, 0.78 * height))
    strip = figure.add_axes((left, below, width, 0.14 * height), sharex=axes)
    most = min(1.0, 1.1 * float(max(curve.probability[-1], curve.recalibrated[-1], 0.01)))
    axes.plot([0, most], [0, most], color="#999999", linewidth=0.8)
    if len(curve.band_low):
        axes.fill_between(curve.probability, curve.band_low, curve.band_high, facecolor="#eeeeee", edgecolor="#777777")
    axes.plot(curve.probability, curve.recalibrated, color="black", marker=".", markersize=4)
    strip.vlines(curve.probability, 0, curve.people, color="black", linewidth=1)
    strip.set_yticks([])
    for side in ("top", "right", "left"):
        strip.spines[side].set_visible(False)
    axes.set_xlim(-0.02 * most, 1.02 * most)
    axes.set_ylim(0, 1.05 * most)
    axes.tick_params(labelbottom=False)
    strip.tick_params(labelsize=8)
    for axis in (strip.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
    strip.set_xlabel("probability given; upwards: share of events; grey: if they were right; below: people", fontsize=8)
    axes.set_title(title, fontsize=10, loc="left")
    ends = [0, len(curve.probability) // 2, len(curve.probability) - 1]
    said = "; ".join(f"at {curve.probability[at]:.0%} the curve is at {curve.recalibrated[at]:.0%}" for at in ends)
    terms = f"miscalibration {curve.miscalibration:.4f}, discrimination {curve.discrimination:.4f}"
    return Picture(figure, f"{title}. Share of events by probability given: {said}. Brier score terms: {terms}.")


def _share(one: Estimate) -> str:
    if one.value is None:
        return f"undefined, {one.undefined}"
    ends = "" if one.low is None or one.high is None else f" ({one.low:.1%} to {one.high:.1%})"
    return f"{one.value:.1%}{ends}"


def _range(one: Range) -> str:
    naive = "undefined" if one.naive is None else f"{one.naive:.0%}"
    return f"{one.low:.0%} to {one.high:.0%}, read as no {naive}"
