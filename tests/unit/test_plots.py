"""Figures say in words what they show."""

import pytest

from dvrisk import DataError, MissingExtraError, assess, assess_all
from dvrisk.plots import (
    Picture,
    plot_bounds,
    plot_contributions,
    plot_cumulative,
    plot_instruments,
    plot_leans,
    plot_level_shares,
    plot_lines,
    plot_ranges,
)

pytest.importorskip("matplotlib")


def texts(picture):
    (axes,) = picture.figure.axes
    return {text.get_text() for text in (*axes.texts, *axes.get_yticklabels())}


def test_contributions_draw_one_bar_for_each_row_with_its_points():
    a = assess({"strangulation": "yes", "jealousy": "constant", "control_of_daily_life": "most"})
    picture = plot_contributions(a)
    (axes,) = picture.figure.axes
    assert sorted(bar.get_width() for bar in axes.patches) == sorted(row.low for row in a.contributions if row.low)
    assert "Strangulation or suffocation: yes, 2 points" in picture.alt
    assert picture.png().startswith(b"\x89PNG")


def test_contributions_speak_the_language_asked_for():
    assert "bodovi: 2" in plot_contributions(assess({"strangulation": "yes"}), "sr").alt


def test_without_points_there_is_nothing_to_draw():
    with pytest.raises(DataError, match="no known answer has points"):
        plot_contributions(assess({}))


def test_bounds_draw_every_step_with_its_level():
    steps = {"before": assess({}, "first-look"), "after": assess({"threat_to_kill": "vague"}, "first-look")}
    picture = plot_bounds(steps, "A title")
    assert {"undetermined", "at least moderate", "before", "after"} <= texts(picture)
    assert "before: 0 to 34, undetermined; after: 2 to 33, at least moderate" in picture.alt


@pytest.mark.parametrize("steps", [{}, {"a": assess({}), "b": assess({}, "firearms")}])
def test_bounds_need_steps_on_one_instrument(steps):
    with pytest.raises(DataError, match="one instrument"):
        plot_bounds(steps, "A title")


def test_one_case_on_many_instruments_has_a_line_for_each_on_its_own_levels():
    results = assess_all({"strangulation": "yes"})
    picture = plot_instruments(results, "A title")
    for ref, result in results.items():
        assert f"{ref}: " in picture.alt
        assert {level.replace("-", " ") for level in result.definition.levels} <= texts(picture)
    assert set(results) <= texts(picture)
    assert "lap@1.0: undetermined, from not-screened-in to high-danger" in picture.alt
    with pytest.raises(DataError, match="one result"):
        plot_instruments({}, "A title")


def test_shares_fill_each_line_and_are_told():
    picture = plot_level_shares([("one", {"high": 0.25, "undetermined": 0.75})], "A title")
    (axes,) = picture.figure.axes
    drawn = [bar for bar in axes.patches if bar.get_y() > -1]
    assert sum(bar.get_width() for bar in drawn) == pytest.approx(1)
    assert "undetermined 75%" in picture.alt
    assert "high 25%" in picture.alt


@pytest.mark.parametrize("shares", [{"high": 0.5}, {"severe": 1.0}])
def test_shares_that_do_not_add_up_or_are_unknown_are_refused(shares):
    with pytest.raises(DataError, match="add up to 1"):
        plot_level_shares([("one", shares)], "A title")


def test_a_notebook_gets_the_picture_with_its_words():
    picture = plot_level_shares([("one", {"high": 1.0})], "A title")
    data, metadata = picture._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == picture.alt == repr(picture)
    assert isinstance(picture, Picture)
    assert data["image/png"]


def test_a_missing_library_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match=r"dvrisk\[plots\]"):
        plot_level_shares([("one", {"high": 1.0})], "A title")


def test_ranges_say_what_is_expected_and_what_was_found():
    picture = plot_ranges([("repeated", 0.14, 0.35, 0.2), ("strangled", 0.4, 0.5, 0.23)], "Checks")
    assert picture.alt == (
        "Checks. repeated: expected 14% to 35%, found 20%; strangled: expected 40% to 50%, found 23%."
    )
    assert picture.png().startswith(b"\x89PNG")


@pytest.mark.parametrize("row", [("x", 0.5, 0.4, 0.4), ("x", 0.1, 0.2, 1.2)])
def test_a_range_that_is_none_is_refused(row):
    with pytest.raises(DataError, match="x: expected shares from 0 to 1"):
        plot_ranges([row], "Checks")


def test_cumulative_lines_say_when_a_quarter_a_half_and_three_quarters_are_there():
    picture = plot_cumulative({"best": [1, 2, 3, 4, 5], "file": [2, 4, 6, 8, 10]}, "Settled", "questions")
    assert "best: a quarter by 2, half by 3, three quarters by 4" in picture.alt
    assert "file: a quarter by 4, half by 6, three quarters by 8" in picture.alt


@pytest.mark.parametrize("curves", [{}, {"x": []}, {key: [1] for key in "abcde"}])
def test_lines_that_can_not_be_drawn_are_refused(curves):
    with pytest.raises(DataError, match="expected one to 4 lines"):
        plot_cumulative(curves, "Settled", "questions")


def test_leans_name_who_stands_apart_and_every_number():
    picture = plot_leans(
        [("a1", -1.9, -2.6, -1.2), ("b2", 0.1, -0.4, 0.6)], "Private", band=0.5, unit="logits", apart=["a1"]
    )
    assert picture.alt == (
        "Private. Apart: a1. In logits, above 0 is higher: a1 -1.9 (-2.6 to -1.2), b2 +0.1 (-0.4 to +0.6)."
    )
    assert "Nobody stands apart" in plot_leans([("b2", 0.1, -0.4, 0.6)], "Private", band=0.5, unit="logits").alt


@pytest.mark.parametrize("rows", [[], [("a1", 0.5, 0.6, 0.7)]])
def test_leans_without_raters_or_outside_their_interval_are_refused(rows):
    with pytest.raises(DataError, match="expected at least one rater"):
        plot_leans(rows, "Private", band=0.5, unit="logits")


def test_lines_say_every_point():
    picture = plot_lines({"20 people": [(1, 0.25), (2, 0.9)]}, "Found", across="logits low", up="share")
    assert picture.alt == "Found. share by logits low. 20 people: 1 25%, 2 90%."


@pytest.mark.parametrize("curves", [{}, {"x": []}, {"x": [(1, 1.5)]}])
def test_lines_without_points_or_with_values_that_are_no_shares_are_refused(curves):
    with pytest.raises(DataError, match="plot_lines: expected"):
        plot_lines(curves, "Found", across="logits", up="share")
