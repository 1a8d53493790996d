"""The pages: what they show runs, and what is made from data is up to date."""

import importlib.util
import re
from pathlib import Path

import pytest

from dvrisk import assess, load_instrument
from dvrisk.cli import main
from dvrisk.vectors import differences, load_vectors

EXAMPLE = re.compile(r'```toml title="(door-check/[^"]+)"\n(.*?)```', re.S)


@pytest.fixture
def door_check(repo, tmp_path) -> Path:
    """The example instrument of docs/format.md, as a reader would write it: by following the page."""
    for name, text in EXAMPLE.findall((repo / "docs/format.md").read_text()):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path / "door-check" / "1.0.toml"


def test_an_instrument_written_by_following_the_page_loads_scores_and_prints_its_card(door_check, capsys):
    instrument = load_instrument(door_check)
    vectors = load_vectors(instrument)
    assert len(vectors) >= 5
    assert [differences(vector, instrument) for vector in vectors] == [{}] * len(vectors)
    a = assess({}, door_check, allow_draft=True)
    assert a.level == "undetermined"
    assert "Draft" in a.explain()
    for command in ("card", "show", "template"):
        assert main([command, str(door_check)]) == 0
        assert "door-check" in capsys.readouterr().out


def test_pages_that_are_made_from_data_are_up_to_date(repo):
    spec = importlib.util.spec_from_file_location("build_docs", repo / "docs/build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    assert build.stale() == []


def test_links_between_pages_lead_somewhere(repo):
    for page in [repo / "README.md", *repo.glob("docs/*.md"), *repo.glob("instruments/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_two_commands_of_the_readme_are_the_ones_that_ci_runs(repo):
    commands = re.findall(r"```sh\n(python3 -m venv .*?)\n```", (repo / "README.md").read_text())
    assert len(commands) == 2
    assert commands[0].endswith(".venv/bin/dvrisk demo && .venv/bin/dvrisk demo --published")
    assert commands[1] in (repo / ".ci/run").read_text()
