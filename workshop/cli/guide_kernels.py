"""What the kernels of `guides` work on: an account, or an embedded AWS for each notebook.

On the embedded AWS the same notebooks make the same pages, byte for byte: virtual time begins at a
given moment, ids follow from it, and no notebook meets what another one left.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from workshop.cli.guide_stacks import expect_stacks
from workshop.cli.jupyter import jupyter_environment
from workshop.cli.progress import Progress
from workshop.cli.target_use import ready
from workshop.masking.mask import Mask
from workshop.target.announcement import announce
from workshop.target.folders import SHARE_VARIABLE, state_of
from workshop.target.own_values import own_values
from workshop.target.repeatable import SEED_VARIABLE
from workshop.target.run_state import FOLDER_VARIABLE, NO_OTHER_VARIABLE
from workshop.target.target import Target

# A Monday morning; any moment would do that no lesson names.
START_S = datetime(2026, 1, 5, 9, 0, tzinfo=UTC).timestamp()

# Sets have the same order in each run.
_HASHES = "PYTHONHASHSEED"

Environment = dict[str, str]
Kernels = Callable[[], AbstractContextManager[Environment]]


@contextmanager
def kernels(
    target: Target,
    paths: Sequence[Path],
    progress: Progress,
    mask: Mask,
    *,
    lateness: int | None = None,
    words: Collection[str] = (),
) -> Iterator[Kernels]:
    """A context for each notebook, which gives the environment variables of its kernel.

    Args:
        target: where the notebooks work.
        paths: the notebooks.
        progress: is told what is being done.
        mask: learns what must not be given away.
        lateness: the seed with which the embedded AWS is late.
        words: names that are one of these are told by what stands around them.
    """
    if not target.is_embedded:
        progress.step("setting up")
        with ready(target, progress, lateness) as lab, announce(target) as binding:
            progress.done()
            mask.learn(own_values(lab.session, words))
            # To standard error, as all that is no result.
            whose = "AWS" if target.is_aws else "that endpoint"
            took = f"every wait takes as long as {whose} takes"
            print(f"the notebooks run on {target}: {took}", file=sys.stderr, flush=True)
            expect_stacks(lab, paths)
            environment = jupyter_environment(base=lab.session.environment() | binding)

            @contextmanager
            def same() -> Iterator[Environment]:
                yield environment

            yield same
        return

    @contextmanager
    def fresh() -> Iterator[Environment]:
        state = state_of()
        state.mkdir(exist_ok=True)
        with (
            tempfile.TemporaryDirectory(prefix="guides-", dir=state) as folder,
            _set({FOLDER_VARIABLE: folder, SHARE_VARIABLE: "", _HASHES: "0"}),
            ready(target, progress, lateness, start_s=START_S) as lab,
            announce(target) as binding,
        ):
            mask.learn(own_values(lab.session, words))
            base = lab.session.environment() | binding
            own = {SEED_VARIABLE: "guides", NO_OTHER_VARIABLE: "1"}
            yield jupyter_environment(base=base) | own

    yield fresh


@contextmanager
def _set(variables: Mapping[str, str]) -> Iterator[None]:
    """Environment variables of this process, and of those that it starts."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
