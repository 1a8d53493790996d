"""Figures for notebooks and talks, each with its text alternative. Needs the extra `plots` (matplotlib).

No level is told by colour alone: each has its own hatching and its name beside it, so that a copy in black and white
says the same. The undetermined level is never grey or green, which would read as *nothing there*.
"""

from __future__ import annotations

from dvrisk.plots.of_accuracy import plot_completions, plot_estimates, plot_reliability, plot_roc
from dvrisk.plots.of_cases import plot_bounds, plot_contributions, plot_instruments
from dvrisk.plots.of_raters import plot_leans
from dvrisk.plots.of_shares import plot_cumulative, plot_level_shares, plot_lines, plot_ranges
from dvrisk.plots.picture import Picture

__all__ = [
    "Picture",
    "plot_bounds",
    "plot_completions",
    "plot_contributions",
    "plot_cumulative",
    "plot_estimates",
    "plot_instruments",
    "plot_leans",
    "plot_level_shares",
    "plot_lines",
    "plot_ranges",
    "plot_reliability",
    "plot_roc",
]
