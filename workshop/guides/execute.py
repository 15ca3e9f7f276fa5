"""Run a notebook from its first to its last cell, and say exactly where it fails."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from workshop.errors import WorkshopError
from workshop.lessons.menus import UNATTENDED_VARIABLE
from workshop.lessons.store import PROGRESS_FILE_VARIABLE
from workshop.lessons.unset_names import NOTEBOOK_VARIABLE
from workshop.progress import WAITING_SIGN
from workshop.target.announcement import announced
from workshop.target.clock import CALL_LIMIT_S
from workshop.target.commands import start_command
from workshop.target.target import Target

# More lines of a failing cell or of its error than this help nobody find the mistake.
SHOWN_LINES = 15
# No limit for a cell: a wait on an account takes the time it takes, ends by its own limit, and
# writes its line anew each second. What shows nothing for longer than one call may take is stuck.
SILENCE_LIMIT_S = CALL_LIMIT_S
KILL_LIMIT_S = 10
_LOOK_EVERY_S = 2.0
# How a kernel shows something, and shows it anew.
_DISPLAYS = ("display_data", "update_display_data")


class NotebookError(WorkshopError):
    """A cell of a notebook failed; the message shows which one, its code and its error."""


def execute(
    path: Path,
    *,
    environment: Mapping[str, str],
    on_cell: Callable[[int, int], None] = lambda number, total: None,
    on_wait: Callable[[str], None] = lambda line: None,
    look: Callable[[], None] = lambda: None,
    typed: Callable[[str], str] = str,
    silence_s: float = SILENCE_LIMIT_S,
) -> NotebookNode:
    """Run a notebook in a new kernel in its own folder.

    A cell tagged `raises-exception` may fail; its error is then part of the result.

    Args:
        path: the notebook; the file is not changed.
        environment: the kernel's environment variables.
        on_cell: called with the number of each code cell before it runs (from 1), and their total.
        on_wait: called with the line of a wait, each time that it is written anew.
        look: called now and then while a cell runs; what it raises ends the run.
        typed: makes of a text that a kernel shows one for its owner's terminal, whose commands can
            be copied.
        silence_s: a cell that shows nothing for longer than this has failed.

    Returns:
        The notebook with its outputs.

    Raises:
        NotebookError: a cell failed.
    """
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if _runs(cell)]
    numbers = {cell.id: number for number, cell in enumerate(cells, start=1)}

    def on_cell_start(cell: NotebookNode, cell_index: int) -> None:
        if cell.get("id") in numbers:
            on_cell(numbers[cell.id], len(cells))

    kernel = _native_kernel()
    client = _Listener(notebook, km=kernel, timeout=None, on_cell_start=on_cell_start)
    client.on_wait = lambda line: on_wait(typed(line))
    try:
        asyncio.run(_run(client, kernel, environment, path, silence_s, look))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        if not cells:
            raise NotebookError(f"{path.name}: it has no code, and its kernel died.") from None
        cell, target = _failed_cell(cells), announced(environment) or Target()
        raise NotebookError(
            typed(_described(path, cell, numbers.get(cell.id, 0), len(cells), error)),
            f"Open {path.name} with `{start_command(target, 'lab')}` and run its cells up to this "
            "one.",
        ) from None
    return notebook


class _Listener(NotebookClient):
    """Remembers when a cell last gave a sign of life, and passes on what it waits for."""

    heard_s = 0.0
    on_wait: Callable[[str], None]

    def process_message(self, msg: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        self.heard_s = time.monotonic()
        if msg["msg_type"] in _DISPLAYS:
            shown = msg["content"].get("data", {}).get("text/plain", "")
            if shown.startswith(WAITING_SIGN):
                self.on_wait(shown.removeprefix(WAITING_SIGN).strip())
        return super().process_message(msg, *args, **kwargs)


async def _run(
    client: _Listener,
    kernel: AsyncKernelManager,
    environment: Mapping[str, str],
    path: Path,
    silence_s: float,
    look: Callable[[], None],
) -> None:
    """Start the kernel, execute, and let nothing of the kernel outlive it.

    Not `client.execute()`: that one takes Ctrl-C for itself, and reports it as a dead kernel.
    """
    scratch = TemporaryDirectory()
    try:
        # A run by program is nobody's progress.
        progress = {PROGRESS_FILE_VARIABLE: str(Path(scratch.name) / "progress.json")}
        notebook = {NOTEBOOK_VARIABLE: str(path), UNATTENDED_VARIABLE: "1"}
        await kernel.start_kernel(env={**environment, **progress, **notebook}, cwd=str(path.parent))
        try:
            await client.async_start_new_kernel_client()
        except RuntimeError as error:  # it ended, or said nothing, before its first cell
            raise NotebookError(
                f"{path.name}: its kernel did not start ({error}).",
                f"`{start_command(Target(), 'doctor')}` says what this machine lacks.",
            ) from None
        for index, cell in enumerate(client.nb.cells):
            number = client.code_cells_executed + 1
            execution = client.async_execute_cell(cell, index, execution_count=number)
            await _unless_silent(client, execution, cell, silence_s, look)
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        if kernel.provisioner is not None:
            await kernel.shutdown_kernel(now=True)
            await asyncio.wait_for(kernel.provisioner.wait(), KILL_LIMIT_S)
        kernel.context.destroy(linger=0)
        scratch.cleanup()


async def _unless_silent(
    client: _Listener,
    execution: Coroutine[Any, Any, Any],
    cell: NotebookNode,
    silence_s: float,
    look: Callable[[], None],
) -> None:
    """Let a cell run as long as it shows something now and then.

    Raises:
        CellTimeoutError: it did not.
        Exception: what `look` raises.
    """
    client.heard_s = time.monotonic()
    task = asyncio.ensure_future(_or_cancelled(execution))
    try:
        while not task.done():
            left_s = client.heard_s + silence_s - time.monotonic()
            if left_s <= 0:
                raise CellTimeoutError.error_from_timeout_and_cell(
                    "It showed nothing any more.", int(silence_s), cell
                )
            await asyncio.wait({task}, timeout=min(left_s, _LOOK_EVERY_S))
            if not task.done():
                look()
        task.result()
    finally:
        if not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _or_cancelled(execution: Coroutine[Any, Any, Any]) -> Any:
    """A cell's execution, which when it is cancelled says so.

    nbclient takes that for a dead kernel; asyncio would show it to whoever pressed Ctrl-C.
    """
    try:
        return await execution
    except DeadKernelError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from None
        raise


def _runs(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def _native_kernel() -> AsyncKernelManager:
    """A kernel of this very interpreter, whatever kernels the person has installed."""
    specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
    return AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=specs, transport_encryption="auto"
    )


def _failed_cell(cells: list[NotebookNode]) -> NotebookNode:
    """The cell that ran last: the first failure ends a run."""
    ran = [cell for cell in cells if "shell.execute_reply" in cell.metadata.get("execution", {})]
    started = [cell for cell in cells if cell.metadata.get("execution")]
    return (started or ran or cells)[-1]


def _described(path: Path, cell: NotebookNode, number: int, total: int, error: Exception) -> str:
    lines = [f"{path.name}: code cell {number} of {total} failed.", ""]
    lines += [f"    {line}" for line in _shortened(cell.source.splitlines())]
    return "\n".join([*lines, "", *_shortened(_reason(error, cell), keep_end=True), ""])


def _reason(error: Exception, cell: NotebookNode) -> list[str]:
    if isinstance(error, CellTimeoutError):
        return ["It did not end in time."]
    if isinstance(error, DeadKernelError):
        return ["The kernel died while it ran."]
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            return _plain("\n".join(output.traceback)).splitlines()
    return str(error).splitlines()


def _plain(text: str) -> str:
    from nbconvert.filters import strip_ansi

    return str(strip_ansi(text))


def _shortened(lines: list[str], *, keep_end: bool = False) -> list[str]:
    if len(lines) <= SHOWN_LINES:
        return lines
    if keep_end:
        return ["...", *lines[-SHOWN_LINES:]]
    return [*lines[: SHOWN_LINES - 1], "..."]
