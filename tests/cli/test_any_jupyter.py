"""A notebook that no command of ours has started: from any folder, in whatever Jupyter."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from setting_up.project import KERNEL, write_kernel_spec
from tests.copied_project import copy_templates, end_embedded
from workshop.lessons.extensions import EXTENSIONS
from workshop.target.environment import without_accounts
from workshop.target.folders import HOME_VARIABLE, PROJECT

CELLS = (
    "import workshop\n\nlab = workshop.connect()\nlab",
    "panel = workshop.send_panel(lab, 'SqsDlq')\npanel",
    "panel.send('good', 1)\nlab.wait_for_end('SqsDlq', [one['order_id'] for one in panel.sent])",
    "attempts, arrivals = lab.attempts('SqsDlq'), lab.arrivals('SqsDlq')\n"
    "workshop.timeline(attempts, arrivals, settings=lab.settings('SqsDlq'))",
    "sorted(get_ipython().extension_manager.loaded)",
)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a notebook, far from the project, of somebody with an AWS of their own."""
    home = tmp_path / "home"
    copy_templates(home)  # which makes them in the project's own folder if nobody has yet
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    folder = tmp_path / "some where"
    folder.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "mine.ipynb")
    yield folder
    end_embedded(PROJECT)


def page_of(folder: Path, kernel: str, to: str, jupyter: Path) -> str:
    """What plain nbconvert makes of the notebook."""
    convert = [sys.executable, "-P", "-m", "nbconvert", "--execute", "--to", to, "--stdout"]
    chosen = f"--ExecutePreprocessor.kernel_name={kernel}"
    environment = without_accounts(os.environ) | {"JUPYTER_PATH": str(jupyter)}
    if has_project():
        # As in a terminal of whoever has not started start.py.
        environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [*convert, chosen, "mine.ipynb"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def has_project() -> bool:
    """Whether this environment was made by start.py, which installs the project into it."""
    found = [sys.executable, "-I", "-c", "import workshop"]
    return subprocess.run(found, cwd="/", capture_output=True).returncode == 0


@pytest.mark.parametrize(("kernel", "to"), [(KERNEL, "html"), ("python3", "markdown")])
def test_plain_nbconvert_finds_or_starts_an_aws_and_shows_figures(
    elsewhere: Path, tmp_path: Path, kernel: str, to: str
) -> None:
    write_kernel_spec(sys.executable, tmp_path / "jupyter")
    page = page_of(elsewhere, kernel, to, tmp_path / "jupyter")
    assert "the embedded AWS on this machine" in page
    # The still figure, and where controls would be a sentence: no widget, and no source of one
    assert "<figure" in page
    assert "Here are controls, for whoever has the notebook open." in page
    for source in ("Box(children", "Button(", "_esm", "model_id", "Nothing happens at a click"):
        assert source not in page, source
    # And what helps after an error is there
    assert all(extension in page for extension in EXTENSIONS)
