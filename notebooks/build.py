"""Run the notebooks and keep their outputs: `poe notebooks`. With --check, run them and say which read otherwise.

Pictures are compared by their text alternatives, which hold every number; pixels differ between machines.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def notebooks() -> list[Path]:
    """List the notebooks."""
    return sorted(HERE.glob("*.ipynb"))


def executed(path: Path) -> Any:
    """Run a notebook from its own folder and return it with its outputs, without times and counts of runs."""
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(HERE)}}
    # What a cell prints may come in pieces, as many as the machine is slow: they are joined.
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=place, coalesce_streams=True).execute()
    notebook.metadata = {"language_info": {"name": "python"}}
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number}"
        cell.metadata = {}
    return notebook


def said(notebook: Any) -> list[str]:
    """Return what the outputs say in words, pictures by their text alternatives."""
    outputs = (output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs)
    return [output.get("text") or output.data["text/plain"] for output in outputs]


def main() -> int:
    """Rebuild every notebook, or compare."""
    changed = []
    for path in notebooks():
        new = executed(path)
        if said(new) != said(nbformat.read(path, as_version=4)):
            changed.append(path.name)
        if "--check" not in sys.argv:
            nbformat.write(new, path)
    if "--check" in sys.argv and changed:
        print(f"these read otherwise when run again: {', '.join(changed)}. Run `poe notebooks`.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
