"""An interruption ends a command, also one that arrives where Python drops exceptions."""

import io
import signal
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import ModuleType

import pytest

from tests.guides import notebook
from tests.unit.workshop.fake_aws import fake_session
from workshop import __main__ as workshop_main
from workshop.cli import guides
from workshop.cli.interruption import Interruption
from workshop.cli.progress import Progress
from workshop.masking.mask import Mask
from workshop.stacks import cloud_assembly, deployment, interrupted, ownership, recovery
from workshop.target.commands import start_command
from workshop.target.target import Target


class Response(io.BufferedIOBase):
    """Like an HTTP response that nobody refers to any more: Python closes it, and drops errors."""

    def close(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.fixture
def interruption() -> Iterator[Interruption]:
    kept = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    found = Interruption(look_every_s=0.01)
    found.install()
    yield found
    found.ended()
    for number, handler in kept.items():
        signal.signal(number, handler)


def work_until(seconds: float) -> None:
    """What takes time in the main thread: a sleep would be interrupted by nothing but a signal."""
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        pass


# What Python says of the one that it drops is what this is about.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_that_a_finalizer_swallows_is_told_again(interruption: Interruption) -> None:
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - when it comes is not known
        # As a command does, which then has ended: nobody is to be told any more.
        try:
            Response()
            work_until(10)
        finally:
            interruption.ended()


def test_clean_up_is_not_interrupted_once_more(interruption: Interruption) -> None:
    cleaned = False

    @contextmanager
    def cleaning() -> Iterator[None]:
        nonlocal cleaned
        try:
            yield
        finally:
            work_until(0.1)
            cleaned = True

    with pytest.raises(KeyboardInterrupt), cleaning():
        signal.raise_signal(signal.SIGTERM)
    assert cleaned
    assert not [one for one in threading.enumerate() if one.name == "interruption"]


def test_a_command_in_the_background_ends_too() -> None:
    kept = signal.signal(signal.SIGINT, signal.SIG_IGN)
    found = Interruption()
    try:
        found.install()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        found.ended()
        signal.signal(signal.SIGINT, kept)


def test_an_interruption_is_passed_on_where_nobody_reads_what_is_said() -> None:
    def gone(text: str) -> None:
        raise BrokenPipeError

    with pytest.raises(KeyboardInterrupt), interrupted.told(gone, "again"):
        raise KeyboardInterrupt


def test_the_last_words_of_a_stopped_command_are_what_it_leaves_and_how_to_go_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stopped() -> int:
        try:
            with interrupted.told(lambda _: None, "python3 start.py destroy") as so_far:
                so_far.has_begun()
                raise KeyboardInterrupt
        finally:
            # Ctrl-C once more, while the first one is on its way out
            raise KeyboardInterrupt

    assert workshop_main._guarded(stopped) == 130
    assert capsys.readouterr().err.splitlines()[1:] == [
        "Stopped.",
        "CloudFormation goes on with what has begun; run this again, it waits for that and does "
        "the rest:",
        "  python3 start.py destroy",
    ]


@pytest.mark.parametrize(
    "target", [Target(), Target("aws", "p", "us-east-1", "123456789012")], ids=str
)
def test_stopped_guides_say_at_which_cell_they_were_and_what_may_be_changed(
    tmp_path: Path, target: Target
) -> None:
    place = guides.RunPlace()
    place.at = "cell 7 of 20 of 01.ipynb"
    with pytest.raises(KeyboardInterrupt) as caught, place.told(tmp_path, target):
        raise KeyboardInterrupt
    notes = caught.value.__notes__
    assert notes[0].startswith("It was at cell 7 of 20 of 01.ipynb. No page was written")
    # An embedded AWS of its own has gone, and nothing is left changed
    changed = [one for one in notes if "`lab.put_back()`" in one]
    assert bool(changed) is not target.is_embedded
    assert all(start_command(target, "doctor") in one for one in changed)
    # And before the first cell no lesson has begun
    with pytest.raises(KeyboardInterrupt) as early, guides.RunPlace().told(tmp_path, target):
        raise KeyboardInterrupt
    assert early.value.__notes__ == [f"No page was written: what is in {tmp_path} stays as it was."]
    # Of a folder that is not there nothing is said
    out = tmp_path / "not-there"
    with pytest.raises(KeyboardInterrupt) as first, guides.RunPlace().told(out, target):
        raise KeyboardInterrupt
    assert first.value.__notes__ == ["No page was written."]


def test_guides_know_their_place_while_a_cell_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def execute(path: Path, *, on_cell: Callable[[int, int], None], **_: object) -> None:
        on_cell(2, 3)
        raise KeyboardInterrupt

    @contextmanager
    def kernels(*_: object, **__: object) -> Iterator[object]:
        yield lambda: nullcontext({})

    monkeypatch.setattr("workshop.cli.guide_kernels.kernels", kernels)
    monkeypatch.setattr("workshop.guides.execute.execute", execute)
    path = notebook.write(
        tmp_path / "01-x.ipynb", notebook.markdown("# X\n\nA."), notebook.code("1")
    )
    options = Namespace(variant=None, executed=[], lateness=None)
    place, stopped = guides.RunPlace(), pytest.raises(KeyboardInterrupt)
    parts = options, Target(), [path], [path], Progress(), Mask(), place
    with stopped, guides._runner(*parts) as run_one:
        run_one(path)
    assert place.at == "cell 2 of 3 of 01-x.ipynb"


class Mappings:
    """CloudFormation of one stack with two event source mappings."""

    def __init__(self, _: object) -> None:
        pass

    def status(self, name: str) -> str:
        return "CREATE_COMPLETE"

    def ids(self, name: str, resource_type: str = "") -> set[str]:
        return {"m-1", "m-2"}


@pytest.mark.parametrize(
    ("module", "step", "told"),
    [
        (ownership, "deployment_of", "nothing had been changed yet"),
        (
            deployment,
            "_stop_polling",
            "no stack was deleted, but of 2 event source mappings some or",
        ),
        (recovery, "remove", "CloudFormation goes on with what has begun"),
    ],
)
def test_an_interrupted_removal_says_what_had_begun(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str, told: str
) -> None:
    monkeypatch.setattr(deployment, "CloudFormation", Mappings)
    monkeypatch.setattr(ownership, "deployment_of", lambda _: None)
    monkeypatch.setattr(recovery, "wait_until_idle", lambda *_: {})
    monkeypatch.setattr(deployment, "_stop_polling", lambda *_: None)
    monkeypatch.setattr(recovery, "remove", lambda *_: None)
    monkeypatch.setattr(module, step, ctrl_c)
    said: list[str] = []
    with pytest.raises(KeyboardInterrupt) as caught:
        deployment.destroy(fake_session(), ["SqsDlq"], on_progress=said.append)
    assert told in said[-1]
    # And once more as the last words, with the command
    assert caught.value.__notes__ == [
        f"{said[-1].removeprefix('interrupted: ')}:\n  {start_command(Target(), 'destroy')}"
    ]


def test_a_removal_that_waits_for_cloudformation_says_that_it_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def waiting(_: object, __: object, say: Callable[[str], None], *___: object) -> None:
        say("A is DELETE_IN_PROGRESS: CloudFormation is still at work, waiting for it")
        raise KeyboardInterrupt

    monkeypatch.setattr(deployment, "CloudFormation", Mappings)
    monkeypatch.setattr(ownership, "deployment_of", lambda _: None)
    monkeypatch.setattr(recovery, "wait_until_idle", waiting)
    said: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        deployment.destroy(fake_session(), ["SqsDlq"], on_progress=said.append)
    assert "CloudFormation goes on with what has begun" in said[-1]


@pytest.mark.parametrize(
    "target", [Target(), Target("aws", "p", "us-east-1", "000000000000")], ids=str
)
def test_a_deployment_that_is_interrupted_before_it_began_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, target: Target
) -> None:
    monkeypatch.setattr(cloud_assembly, "synthesized", ctrl_c)
    monkeypatch.setattr(ownership, "tags", lambda _: {})
    monkeypatch.setattr(recovery, "settle", lambda *_: None)
    said: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        deployment.deploy(
            fake_session(target), ["SqsDlq"], on_progress=said.append, project=tmp_path
        )
    assert "nothing had been changed yet" in said[-1]


def ctrl_c(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
