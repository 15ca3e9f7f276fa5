"""`python -m benchmarks.pages`: what a page of the guides costs beside the run of its notebook.

Each notebook is executed once; then its page is made, masked, read by the gate and searched, and
beside it by nbconvert's own template, in turns. Wanted: less than a second beside the execution,
and pages of less than 1.5 MB.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from nbconvert import HTMLExporter
from nbformat import NotebookNode

from benchmarks.output import show
from workshop.cli.guide_kernels import kernels
from workshop.cli.progress import Progress
from workshop.guides.execute import execute
from workshop.guides.export import export
from workshop.guides.notebooks import notebooks
from workshop.guides.search import sections_of
from workshop.masking import gate
from workshop.masking.mask import Mask
from workshop.target.target import PROJECT, Target

WANTED_S, WANTED_BYTES = 1.0, 1_500_000


def main() -> int:
    """Measure; 1 where a page costs or holds more than is wanted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--notebook", nargs="+", default=["01", "05", "07"], help="which notebooks")
    parser.add_argument("--turns", type=int, default=5, help="how often each page is made")
    options = parser.parse_args()
    paths = notebooks(PROJECT / "notebooks", options.notebook)
    show("notebook                        page    nbconvert   ratio   size")
    good = True
    mask = Mask()
    with kernels(Target(), paths, Progress(), mask) as kernel, TemporaryDirectory() as folder:
        for path in paths:
            with kernel() as environment:
                executed = execute(path, environment=environment)
            good &= _measured(path, executed, Path(folder), mask, options.turns)
    return 0 if good else 1


def _measured(path: Path, executed: NotebookNode, out: Path, mask: Mask, turns: int) -> bool:
    """Both ways in turns, so that what else the machine does meets both; the medians."""
    plain = HTMLExporter(template_name="basic")

    def page() -> None:
        made = export(executed, path, out, mask=mask).path
        gate.check([made], mask.known)
        sections_of(made)

    ours, theirs = [], []
    for _ in range(turns):
        ours.append(_took_s(page))
        theirs.append(_took_s(lambda: plain.from_notebook_node(executed)))
    size = (out / f"{path.stem}.html").stat().st_size
    ours_s, theirs_s = median(ours), median(theirs)
    show(
        f"{path.stem:<28} {ours_s:6.2f} s {theirs_s:9.2f} s {ours_s / theirs_s:7.1f} "
        f"{size / 1e6:6.2f} MB"
    )
    return ours_s < WANTED_S and size < WANTED_BYTES


def _took_s(work: Callable[[], object]) -> float:
    began_s = time.process_time()
    work()
    return time.process_time() - began_s


if __name__ == "__main__":
    sys.exit(main())
