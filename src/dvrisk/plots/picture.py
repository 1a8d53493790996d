"""A figure with its text alternative, and the axes that every figure is drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dvrisk.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PERCENT = ([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
"""Ticks of an axis of shares."""


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


def new_axes(height: float, left: float) -> tuple[Figure, Axes]:
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
