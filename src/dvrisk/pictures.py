"""Pictures of a result as inline SVG, in black and white, each with a text alternative."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dvrisk.words import Words

if TYPE_CHECKING:
    from dvrisk.assessment import Assessment
    from dvrisk.schema import Band, Instrument

_WIDTH, _HEIGHT = 720, 58
_TOP, _BAR = 18, 20
_EDGE = 0.04

_HATCH = (
    '<defs><pattern id="possible" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line x1="0" y1="0" x2="0" y2="6" stroke="#000" stroke-width="2"/></pattern></defs>'
)


def level_scale(a: Assessment, words: Words) -> str:
    """Draw the bands side by side, each equally wide, with the score that is established and what is still possible.

    Returns
    -------
    str
        An `svg` element; its title says the same in words.
    """
    bands = a.definition.bands
    levels = a.definition.levels
    width = _WIDTH / len(levels)
    has_score = bands[-1].last > bands[0].first
    if has_score:
        low, high = (round(width * place_in_bands(score, bands)) for score in (a.score_low, a.score_high))
    else:  # levels by rules alone: what is possible is a run of whole levels
        low, high = round(width * levels.index(a.level_low)), round(width * (levels.index(a.level_high) + 1))
    parts = [_HATCH, *(_segment(index, a, words) for index in range(len(levels)))]
    if high > low:
        parts.append(
            f'<rect x="{low}" y="{_TOP + 6}" width="{high - low}" height="8" fill="url(#possible)" stroke="#000"/>'
        )
    if has_score:
        parts.append(f'<rect x="0" y="{_TOP + 6}" width="{low}" height="8" fill="#000"/>')
    parts.append(f'<text x="0" y="{_HEIGHT - 4}" font-size="11">{escape(words.phrases["report"]["scale_key"])}</text>')
    ranges = ". ".join(level_range(level, a.definition, words) for level in levels)
    alternative = words.say(
        "report",
        "scale_alt",
        level=words.level(a.level),
        low=a.score_low,
        high=a.score_high,
        first=bands[0].first,
        most=bands[-1].last,
        bands=ranges,
    )
    return _svg(_WIDTH, _HEIGHT, alternative, "".join(parts))


def points_bar(points: int, widest: int, alternative: str) -> str:
    """Draw a bar for the points of one row: black for what is added, an empty frame for what is taken off."""
    width = round(118 * abs(points) / widest)
    fill = "#000" if points > 0 else "#fff"
    return _svg(120, 8, alternative, f'<rect x="1" y="1" width="{width}" height="6" fill="{fill}" stroke="#000"/>')


def level_range(level: str, definition: Instrument, words: Words) -> str:
    """Name a level with the scores that give it, or say that rules alone reach it."""
    band = next((band for band in definition.bands if band.id == level), None)
    if band is None:
        return words.say("report", "scale_rule", level=words.level(level))
    return words.say("report", "scale_band", level=words.level(level), first=band.first, last=band.last)


def _segment(index: int, a: Assessment, words: Words) -> str:
    level, width = a.definition.levels[index], _WIDTH / len(a.definition.levels)
    frame = 3 if level == a.level else 1
    inset = frame / 2
    label = level_range(level, a.definition, words)
    return (
        f'<rect x="{index * width + inset:g}" y="{_TOP + inset:g}" width="{width - frame:g}" height="{_BAR - frame:g}" '
        f'fill="#fff" stroke="#000" stroke-width="{frame}"/>'
        f'<text x="{index * width + 3:g}" y="{_TOP - 5}" font-size="12">{escape(label)}</text>'
    )


def place_in_bands(score: int, bands: tuple[Band, ...]) -> float:
    """Return where a score stands when every band is drawn one unit wide: in proportion, a little off the edges.

    Bands are of very different sizes (0 to 3, 12 to 62). Drawn to scale, the lowest ones could not be read.
    """
    index, band = next((i, band) for i, band in enumerate(bands) if score <= band.last)
    share = (score - band.first) / (band.last - band.first) if band.last > band.first else 0.5
    return index + _EDGE + (1 - 2 * _EDGE) * share


def _svg(width: int, height: int, alternative: str, inner: str) -> str:
    said = escape(alternative)
    return (
        f'<svg role="img" viewBox="0 0 {width} {height}" aria-label="{said}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{said}</title>{inner}</svg>"
    )
