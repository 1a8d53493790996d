"""Every notebook runs, says the same again, keeps to the house rules, and its pictures have words."""

import ast
import subprocess
import sys

import nbformat
import pytest

pytest.importorskip("nbclient")

REPO = __import__("pathlib").Path(__file__).parents[2]
NOTEBOOKS = sorted((REPO / "notebooks").glob("*.ipynb"))
PARTS = (
    "**Question.**",
    "**Why it matters.**",
    "## Data",
    "## Result",
    "## Limits",
    "## Things to try next",
    "## Sources",
)


def read(path):
    return nbformat.read(path, as_version=4)


@pytest.mark.in_ci("takes most of a minute")
def test_running_them_again_says_the_same():
    done = subprocess.run(
        [sys.executable, str(REPO / "notebooks/build.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_to_the_house_rules(path):
    notebook = read(path)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) <= 12
    assert max(len(source.splitlines()) for source in code) <= 10
    for source in code:
        assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    places = [text.find(part) for part in PARTS]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_picture_has_its_words(path):
    outputs = [output for cell in read(path).cells if cell.cell_type == "code" for output in cell.outputs]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert pictures
    for picture in pictures:
        alt = picture.metadata["image/png"]["alt"]
        assert alt == picture.data["text/plain"]
        assert len(alt) > 60
        assert any(character.isdigit() for character in alt)
