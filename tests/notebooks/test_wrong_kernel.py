"""A kernel of another Python says what to do, instead of "No module named 'workshop'"."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from workshop.errors import MissingPackageError
from workshop.target.target import PROJECT

GUARD = PROJECT / "notebooks" / "workshop.py"
CHOOSE = 'Choose the kernel "Lambda failure workshop"'

# What IPython does with an error of a cell: it shows the lines that the error gives, if it does.
RUN = """
import sys
sys.path.insert(0, "")
try:
    exec(sys.argv[1])
except Exception as error:
    print(type(error).__name__, *error._render_traceback_(), sep="\\n")
else:
    import workshop
    print(workshop.__file__)
"""


def run(folder: Path, cell: str, *options: str) -> str:
    """What a kernel in this folder shows of a cell; by default one without any package."""
    command = [sys.executable, *(options or ("-I", "-S")), "-c", RUN, cell]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_a_notebook_without_the_project_names_the_kernel(tmp_path: Path) -> None:
    shutil.copy(GUARD, tmp_path)
    kind, *lines = run(tmp_path, "import workshop").splitlines()
    assert kind == "WrongKernel"
    assert lines[0] == f"The workshop is not installed in this kernel's Python, {sys.executable}."
    assert lines[1].startswith(CHOOSE)
    assert len(lines) == 2


def test_a_kernel_without_the_packages_names_the_missing_one_and_the_kernel() -> None:
    told = run(PROJECT / "notebooks", "import workshop\nlab = workshop.connect()")
    kind, happened, remedy = told.splitlines()
    assert kind == "MissingPackageError"
    assert "The package 'boto3' is not installed" in happened
    assert remedy.startswith(CHOOSE)


def test_whatever_a_notebook_imports_first_is_told_alike() -> None:
    first = set[str]()
    for path in sorted((PROJECT / "notebooks").glob("[0-9]*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        lines = "\n".join(c.source for c in cells if c.cell_type == "code").splitlines()
        first |= {line for line in lines if line.startswith(("import workshop", "from workshop"))}
    assert len(first) > 3
    for line in sorted(first):
        told = run(
            PROJECT / "notebooks", f"{line}\nworkshop = __import__('workshop')\nworkshop.Lab"
        )
        assert CHOOSE in told, line


def test_the_package_itself_takes_the_place_of_its_stand_in() -> None:
    told = run(PROJECT / "notebooks", "import workshop; workshop.connect", "-P")
    assert told.strip() == str(PROJECT / "workshop" / "__init__.py")


def test_a_copy_without_the_folder_above_finds_what_is_installed(tmp_path: Path) -> None:
    shutil.copy(GUARD, tmp_path)
    installed = tmp_path / "site" / "workshop"
    installed.mkdir(parents=True)
    (installed / "__init__.py").write_text("")
    here = f"import sys; sys.path.append({str(installed.parent)!r}); import workshop"
    assert run(tmp_path, here).strip() == str(installed / "__init__.py")


def test_both_tell_the_same_way_out() -> None:
    way_out = MissingPackageError("boto3").remedy.partition(" Or ")[0]
    assert way_out.startswith(CHOOSE)
    shown = GUARD.read_text("utf-8")
    told = "".join(line.strip().strip("'\"") for line in shown.splitlines())
    assert way_out in told.replace("'\"", "")
