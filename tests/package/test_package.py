"""The wheel and the source archive carry exactly the data files, and a wheel installed elsewhere does the whole job."""

import os
import re
import subprocess
import sys
import tarfile
import zipfile

import pytest

import dvrisk

DATA = {"instruments", "synthetic"}


@pytest.fixture(scope="module")
def built(repo, tmp_path_factory):
    """A wheel and a source archive, built without network from this checkout."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(repo)]
    subprocess.run(command, check=True, capture_output=True)
    return out


def tracked_data(repo):
    listed = subprocess.run(["git", "ls-files", *DATA], cwd=repo, capture_output=True, text=True, check=True)
    return set(listed.stdout.split())


@pytest.mark.needs("git")
def test_wheel_and_source_archive_carry_exactly_the_data_files(built, repo):
    tracked = tracked_data(repo)
    (wheel,) = built.glob("*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("dvrisk/data/")}
    assert {name.removeprefix("dvrisk/data/") for name in inside} == tracked
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    assert tracked <= names
    assert "dvrisk/py.typed" in zipfile.ZipFile(wheel).namelist()


def test_a_wheel_installed_elsewhere_finds_its_data_and_a_new_instrument(built, repo, tmp_path):
    (wheel,) = built.glob("*.whl")
    target = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    new = written_by_the_page(repo, tmp_path)
    code = f"""
import dvrisk, pathlib, sys
from dvrisk.cli import main
assert dvrisk.__file__.startswith({str(target)!r})
leave = dict(allow_draft=True, training_confirmed=True)
for ref in dvrisk.list_instruments():
    definition = dvrisk.load_instrument(ref)
    most = {{item.id: item.codes[-1] for item in definition.items}}
    assert dvrisk.assess(most, ref, **leave).level == definition.levels[-1]
    assert dvrisk.assess({{}}, ref, **leave).explain("sq")
assert dvrisk.assess({{}}, pathlib.Path({str(new)!r}), allow_draft=True).level == "undetermined"
print(dvrisk.load_instrument("integrated").sha256)
sys.exit(main(["card", {str(new)!r}]))
"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=True,
    )
    first, _, printed = run.stdout.partition("\n")
    assert first == dvrisk.load_instrument("integrated").sha256
    assert "door-check" in printed


@pytest.mark.in_ci("needs an index of packages")
def test_a_folder_of_wheels_installs_without_an_index_and_runs_an_exercise(repo, tmp_path):
    """As the trainer's guide says: wheels on a stick, no internet in the room."""
    wheels, room = tmp_path / "wheels", tmp_path / "učionica"
    pip = [sys.executable, "-m", "pip"]
    made = subprocess.run(
        [*pip, "wheel", "--quiet", "--wheel-dir", str(wheels), f"{repo}[stats]"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    subprocess.run([sys.executable, "-m", "venv", str(room)], check=True)
    python = room / ("Scripts" if os.name == "nt" else "bin") / "python"
    offline = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    offline |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    install = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--find-links",
        str(wheels),
        "dvrisk[stats]",
    ]
    subprocess.run(install, check=True, capture_output=True, env=offline)
    command = [str(python), "-m", "dvrisk", "exercise", "demo", "vežba", "--lang", "sr"]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env=offline | {"PYTHONIOENCODING": "cp1250"})
    assert (tmp_path / "vežba/report/sr/room.html").exists()


def written_by_the_page(repo, folder):
    """The example instrument of docs/format.md, written to a folder; return the path of its definition."""
    for name, text in re.findall(
        r'```toml title="(door-check/[^"]+)"\n(.*?)```', (repo / "docs/format.md").read_text(), re.S
    ):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder / "door-check" / "1.0.toml"


def test_the_public_names_are_these():
    assert dvrisk.__all__ == sorted(dvrisk.__all__)
    assert dvrisk.__all__ == [
        "AnswerError",
        "Assessment",
        "DataError",
        "DvriskError",
        "Finding",
        "Instrument",
        "InstrumentError",
        "Interview",
        "InventedCases",
        "InventedRatings",
        "Item",
        "MissingExtraError",
        "Option",
        "Rater",
        "Recipe",
        "RecordError",
        "UnknownInstrumentError",
        "assess",
        "assess_all",
        "cohort_columns",
        "cohort_contributions",
        "contradictions",
        "fill_checklist",
        "lint_instrument",
        "list_checklists",
        "list_instruments",
        "list_recipes",
        "load_instrument",
        "load_recipe",
        "read_answer_file",
        "score_cohort",
        "score_weight_sets",
        "simulate",
        "simulate_ratings",
        "start_interview",
    ]


def test_the_core_needs_pydantic_alone_and_reads_no_clock_and_no_network():
    code = """
import sys, socket, time
def refused(*_): raise AssertionError("not from the core")
socket.socket = refused
import dvrisk
clock, time.time = time.time, refused
dvrisk.assess({"strangulation": "yes"}).to_json()
third_party = {"numpy", "pandas", "rich", "click", "matplotlib", "yaml", "jinja2", "requests"} & set(sys.modules)
assert not third_party, third_party
"""
    subprocess.run([sys.executable, "-c", code], check=True)
