"""Notebooks run as programs: in order, in their folder, and a failure is told exactly."""

import asyncio
import os
from pathlib import Path

import pytest
from nbclient.exceptions import DeadKernelError

from tests.guides.notebook import code, markdown, write
from workshop.cli.jupyter import jupyter_environment
from workshop.errors import EndpointError
from workshop.guides.execute import NotebookError, execute
from workshop.target.target import PROJECT


def run(path: Path, **options: float) -> list[str]:
    """The texts that a notebook printed."""
    done = execute(path, environment=os.environ, **options)  # type: ignore[arg-type]
    return [output.text for cell in done.cells for output in cell.get("outputs", [])]


def test_runs_in_the_notebooks_folder_with_the_given_environment(tmp_path: Path) -> None:
    path = write(
        tmp_path / "notebooks" / "00.ipynb",
        code("import os; print(os.getcwd(), os.environ['COLOUR'])"),
    )
    done = execute(path, environment={**os.environ, "COLOUR": "green"})
    assert done.cells[0].outputs[0].text == f"{path.parent} green\n"


def test_tells_each_cell_before_it_runs(tmp_path: Path) -> None:
    path = write(tmp_path / "00.ipynb", markdown("# A"), code("x = 1"), code(""), code("x"))
    seen: list[tuple[int, int]] = []
    execute(path, environment=os.environ, on_cell=lambda cell, cells: seen.append((cell, cells)))
    assert seen == [(1, 2), (2, 2)]


def test_a_failing_cell_is_named_with_its_code_and_error(tmp_path: Path) -> None:
    path = write(tmp_path / "01-broken.ipynb", code("x = 1"), code("print(x)\nx / 0"), code("x"))
    with pytest.raises(NotebookError) as caught:
        execute(path, environment=os.environ)
    told = str(caught.value)
    assert "01-broken.ipynb: code cell 2 of 3 failed." in told
    assert "    x / 0" in told
    assert "ZeroDivisionError: division by zero" in told
    assert "\x1b" not in told


def test_what_is_looked_at_meanwhile_may_end_the_run(tmp_path: Path) -> None:
    path = write(tmp_path / "00.ipynb", code("import time; time.sleep(600)"))

    def look() -> None:
        raise EndpointError("It has ended.")

    with pytest.raises(EndpointError, match="It has ended"):
        execute(path, environment=os.environ, look=look)


def test_a_kernel_that_does_not_start_is_told_with_what_to_do(tmp_path: Path) -> None:
    # Given a variable with which no Python starts
    path = write(tmp_path / "00.ipynb", code("x = 1"))
    environment = {**os.environ, "PYTHONHASHSEED": "no number"}
    with pytest.raises(NotebookError, match="its kernel did not start"):
        execute(path, environment=environment)


def test_a_cell_may_fail_when_it_says_so(tmp_path: Path) -> None:
    path = write(
        tmp_path / "00.ipynb",
        code("raise ValueError('as planned')", tags=["raises-exception"]),
        code("print('on it goes')"),
    )
    done = execute(path, environment=os.environ)
    assert done.cells[0].outputs[0].ename == "ValueError"
    assert done.cells[1].outputs[0].text == "on it goes\n"


def test_a_cell_that_does_not_end(tmp_path: Path) -> None:
    path = write(tmp_path / "00.ipynb", code("import threading; threading.Event().wait()"))
    with pytest.raises(NotebookError, match="did not end in time"):
        execute(path, environment=os.environ, silence_s=1)


def test_a_cell_that_waits_and_says_so_may_take_any_time(tmp_path: Path) -> None:
    # Given a cell that takes longer than the limit, and says five times that it goes on
    source = "import threading\nfor n in range(5):\n    threading.Event().wait(0.4)\n    print(n)"
    path = write(tmp_path / "00.ipynb", code(source))
    # When it runs, then it ends as it should
    done = execute(path, environment=os.environ, silence_s=1.5)
    assert "".join(out.text for out in done.cells[0].outputs) == "0\n1\n2\n3\n4\n"


def test_what_a_cell_waits_for_is_passed_on_as_it_goes(tmp_path: Path) -> None:
    source = (
        "from workshop.progress import ProgressLine\n"
        "now_s = iter(range(9))\n"
        "line = ProgressLine(now_s.__next__)\n"
        "line.update('waiting: 20 s left')\n"
        "line.update('waiting: 10 s left')\n"
        "line.finish('it is there')"
    )
    path, waits = write(tmp_path / "00.ipynb", code(source)), list[str]()
    execute(path, environment=jupyter_environment(PROJECT), on_wait=waits.append)
    assert waits == ["waiting: 20 s left", "waiting: 10 s left"]


def test_a_notebook_without_code_whose_kernel_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object) -> None:
        raise DeadKernelError

    monkeypatch.setattr("workshop.guides.execute._run", die)
    with pytest.raises(NotebookError, match="no code"):
        execute(write(tmp_path / "00.ipynb", markdown("# A")), environment=os.environ)


def test_a_kernel_that_dies(tmp_path: Path) -> None:
    path = write(tmp_path / "00.ipynb", code("import os; os._exit(1)"))
    with pytest.raises(NotebookError, match="kernel died"):
        execute(path, environment=os.environ)


def test_ctrl_c_shows_no_traceback_of_what_it_ended(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / "00.ipynb", code("import threading; threading.Event().wait()"))

    def interrupt() -> None:
        raise KeyboardInterrupt

    def soon(*_: int) -> None:
        # As a signal does: in the midst of the event loop
        asyncio.get_running_loop().call_later(1, interrupt)

    with pytest.raises(KeyboardInterrupt):
        execute(path, environment=os.environ, on_cell=soon)
    assert [record.getMessage() for record in caplog.records] == []


def test_the_file_stays_as_it_was(tmp_path: Path) -> None:
    path = write(tmp_path / "00.ipynb", code("print(1)"))
    before = path.read_bytes()
    assert run(path) == ["1\n"]
    assert path.read_bytes() == before


def test_a_cell_that_misses_a_name_says_where_it_is_set(tmp_path: Path) -> None:
    # Given a kernel as `lab` and `guides` start it, and a cell that has not run
    path = write(
        tmp_path / "00.ipynb",
        markdown("## A good message"),
        code("if False:\n    good = 1"),
        code("print(good)", tags=["raises-exception"]),
    )
    done = execute(path, environment=jupyter_environment(tmp_path) | {"PYTHONPATH": str(PROJECT)})
    # Then the ordinary error comes first, and one line of help after it
    error, told = done.cells[2].outputs
    assert error.ename == "NameError"
    assert told.text.startswith('`good` is set in the section "A good message"')


def test_what_a_kernel_says_is_told_in_words_that_can_be_copied(tmp_path: Path) -> None:
    # Given a kernel that masks what it shows
    source = "raise ValueError('start.py deploy --profile PROFILE-1')"
    path = write(tmp_path / "00.ipynb", code(source))
    with pytest.raises(NotebookError, match=r"ValueError: start\.py deploy --profile firm"):
        execute(path, environment=os.environ, typed=lambda text: text.replace("PROFILE-1", "firm"))
    # And help names no menu where nobody has opened JupyterLab
    path = write(tmp_path / "01.ipynb", code("import os; print(os.environ['WORKSHOP_UNATTENDED'])"))
    assert run(path) == ["1\n"]
