"""Run a notebook from its first to its last cell, and say exactly where it fails."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from workshop.errors import WorkshopError
from workshop.lessons.store import PROGRESS_FILE_VARIABLE
from workshop.lessons.unset_names import NOTEBOOK_VARIABLE

# More lines of a failing cell or of its error than this help nobody find the mistake.
SHOWN_LINES = 15
CELL_TIMEOUT_S = 600
KILL_LIMIT_S = 10


class NotebookError(WorkshopError):
    """A cell of a notebook failed; the message shows which one, its code and its error."""


def execute(
    path: Path,
    *,
    environment: Mapping[str, str],
    on_cell: Callable[[int, int], None] = lambda number, total: None,
    timeout_s: float = CELL_TIMEOUT_S,
) -> NotebookNode:
    """Run a notebook in a new kernel in its own folder.

    A cell tagged `raises-exception` may fail; its error is then part of the result.

    Args:
        path: the notebook; the file is not changed.
        environment: the kernel's environment variables.
        on_cell: called with the number of each code cell before it runs (from 1), and their total.
        timeout_s: a cell that runs longer has failed.

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
    client = NotebookClient(
        notebook,
        km=kernel,
        timeout=int(timeout_s),
        on_cell_start=on_cell_start,
    )
    try:
        asyncio.run(_run(client, kernel, environment, path))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        cell = _failed_cell(cells)
        raise NotebookError(
            _described(path, cell, numbers.get(cell.id, 0), len(cells), error),
            f"Open {path.name} with `python3 start.py lab` and run its cells up to this one.",
        ) from None
    return notebook


async def _run(
    client: NotebookClient,
    kernel: AsyncKernelManager,
    environment: Mapping[str, str],
    path: Path,
) -> None:
    """Start the kernel, execute, and let nothing of the kernel outlive it.

    Not `client.execute()`: that one takes Ctrl-C for itself, and reports it as a dead kernel.
    """
    scratch = TemporaryDirectory()
    try:
        # A run by program is nobody's progress.
        progress = {PROGRESS_FILE_VARIABLE: str(Path(scratch.name) / "progress.json")}
        notebook = {NOTEBOOK_VARIABLE: str(path)}
        await kernel.start_kernel(env={**environment, **progress, **notebook}, cwd=str(path.parent))
        await client.async_start_new_kernel_client()
        for index, cell in enumerate(client.nb.cells):
            number = client.code_cells_executed + 1
            await client.async_execute_cell(cell, index, execution_count=number)
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        if kernel.provisioner is not None:
            await kernel.shutdown_kernel(now=True)
            await asyncio.wait_for(kernel.provisioner.wait(), KILL_LIMIT_S)
        kernel.context.destroy(linger=0)
        scratch.cleanup()


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
