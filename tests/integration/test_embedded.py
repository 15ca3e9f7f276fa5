"""The embedded AWS of a project: one for all, kept alive by those who use it."""

import os
import stat
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

import localaws
from tests.copied_project import end_embedded
from workshop.errors import EndpointError
from workshop.target import embedded, keeper, locks
from workshop.target.clock import EmbeddedClock
from workshop.target.folders import HUB_USER_VARIABLE, SHARE_VARIABLE, share
from workshop.target.run_state import RunState

INFO = {"clock_url": "http://127.0.0.1:9/_clock", "aws_secret_access_key": "secret"}


def test_the_details_are_for_this_user_only_and_replaced_in_one_step(tmp_path: Path) -> None:
    state = RunState(tmp_path)
    state.write(INFO)
    state.write(INFO)
    if sys.platform != "win32":
        assert stat.S_IMODE(state.info_file.stat().st_mode) == 0o600
    assert [file.name for file in state.folder.iterdir()] == ["embedded.json"]


def test_what_a_dead_keeper_left_behind_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = RunState(tmp_path)
    state.write(INFO)
    monkeypatch.setattr(EmbeddedClock, "answers", lambda _: True)
    # Nobody holds the keeper's lock
    assert state.read() is None
    # With a keeper it is believed, unless the endpoint does not answer
    with state.keeping():
        assert state.read() == INFO
        monkeypatch.setattr(EmbeddedClock, "answers", lambda _: False)
        assert state.read() is None


def test_an_address_where_nobody_listens_does_not_answer() -> None:
    assert not EmbeddedClock(INFO["clock_url"], "secret").answers()


def test_users_are_counted_by_what_they_hold(tmp_path: Path) -> None:
    state = RunState(tmp_path)
    assert not state.has_users()
    first, second = state.use(), state.use()
    first.lock.release()
    assert state.has_users()
    second.lock.release()
    assert not state.has_users()
    assert list(state.users.iterdir()) == []


def test_two_who_look_for_users_do_not_take_each_other_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given what a user left behind that has ended, and an owner that looks whether it lives, while
    # its keeper, which was told to end, does the same: it has come as far as it can
    RunState(tmp_path).use().lock.release()
    try_acquire = locks.try_acquire
    as_far_as_it_can = threading.Event()
    keepers: list[Future[bool]] = []

    def slow(path: Path, timeout_s: float = 0) -> locks.HeldLock | None:
        if not keepers:
            held = try_acquire(path, timeout_s)
            if path.parent.name == "users":
                keepers.append(thread.submit(RunState(tmp_path).has_users))
                keepers[0].add_done_callback(lambda _: as_far_as_it_can.set())
                assert as_far_as_it_can.wait(LIMIT_S)
            return held
        if timeout_s:  # it waits for the owner
            as_far_as_it_can.set()
        return try_acquire(path, timeout_s)

    monkeypatch.setattr(locks, "try_acquire", slow)
    with ThreadPoolExecutor() as thread:
        assert not RunState(tmp_path).has_users()
        # Then each of them finds nobody
        assert not keepers[0].result()


def test_who_becomes_a_user_is_not_forgotten_by_who_looks_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a user whose file is made and not locked yet, while a keeper comes as far as it can in
    # its look for users
    try_acquire = locks.try_acquire
    as_far_as_it_can = threading.Event()
    keepers: list[Future[bool]] = []

    def slow(path: Path, timeout_s: float = 0) -> locks.HeldLock | None:
        if path.parent.name == "users" and not keepers:
            path.parent.mkdir(parents=True)
            path.touch()
            keepers.append(thread.submit(RunState(tmp_path).has_users))
            keepers[0].add_done_callback(lambda _: as_far_as_it_can.set())
            assert as_far_as_it_can.wait(LIMIT_S)
            assert path.exists()
        elif keepers and timeout_s:  # it waits for the user
            as_far_as_it_can.set()
        return try_acquire(path, timeout_s)

    monkeypatch.setattr(locks, "try_acquire", slow)
    with ThreadPoolExecutor() as thread:
        user = RunState(tmp_path).use()
        # Then it is found
        assert keepers[0].result()
    user.lock.release()


# What ends, ends long before; a busy machine is given its time.
LIMIT_S = 60
LOOKS_OF_GRACE = 5


class FakeRunning:
    """An endpoint that lives until it is told to stop, or dies by itself."""

    def __init__(self) -> None:
        self.stopped = False
        self.dead = False
        self.process = SimpleNamespace(poll=self._poll, pid=os.getpid())
        self._looks = 0
        self.outlived_its_grace = threading.Event()

    def _poll(self) -> int | None:
        self._looks += 1
        if self._looks == 4 * LOOKS_OF_GRACE:
            self.outlived_its_grace.set()
        return 1 if self.dead else None

    def stop(self) -> None:
        self.stopped = True


def keep_in_thread(
    state: RunState, running: FakeRunning, owner: int | None = None
) -> threading.Thread:
    thread = threading.Thread(
        target=keeper.keep,
        args=(state, lambda: (running, INFO)),
        kwargs={"owner": owner},
        daemon=True,
    )
    thread.start()
    return thread


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(keeper, "_GRACE_S", LOOKS_OF_GRACE * 0.01)


def test_the_keeper_ends_after_its_last_user(tmp_path: Path, fast: None) -> None:
    # Given somebody who uses it
    state, running = RunState(tmp_path), FakeRunning()
    user = state.use()
    thread = keep_in_thread(state, running)
    assert running.outlived_its_grace.wait(LIMIT_S)
    assert thread.is_alive()
    assert state.info_file.exists()
    # When that process ends
    user.lock.release()
    # Then the endpoint is stopped and no longer published
    thread.join(timeout=LIMIT_S)
    assert not thread.is_alive()
    assert running.stopped
    assert not state.info_file.exists()
    assert not state.has_keeper()


@pytest.fixture
def owner_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = threading.Event()
    gone.set()
    monkeypatch.setattr(keeper, "_owner_gone", lambda: gone)


def test_an_owner_takes_it_along_whatever_it_still_holds(tmp_path: Path, owner_gone: None) -> None:
    state, running = RunState(tmp_path), FakeRunning()
    with state.use():
        keep_in_thread(state, running, owner=os.getpid()).join(timeout=LIMIT_S)
        assert running.stopped


def test_those_who_joined_its_owner_keep_it(tmp_path: Path, fast: None, owner_gone: None) -> None:
    # Given an owner that has gone, and somebody else who uses it
    state, running = RunState(tmp_path), FakeRunning()
    user = state.use()
    thread = keep_in_thread(state, running, owner=os.getpid() + 1)
    assert running.outlived_its_grace.wait(LIMIT_S)
    assert thread.is_alive()
    # When that process ends too, then it ends
    user.lock.release()
    thread.join(timeout=LIMIT_S)
    assert running.stopped


def test_the_keeper_ends_when_its_endpoint_has_died(tmp_path: Path, fast: None) -> None:
    state, running = RunState(tmp_path), FakeRunning()
    with state.use():
        running.dead = True
        thread = keep_in_thread(state, running)
        thread.join(timeout=LIMIT_S)
    assert not thread.is_alive()
    assert not state.info_file.exists()


def test_start_find_share_and_end(tmp_path: Path) -> None:
    """The real thing, once: started for a block, found from outside, gone afterwards."""
    told: list[str] = []
    # Given an owner, the first one here
    with embedded.own(tmp_path, tell=told.append) as info:
        # When somebody connects, or another command wants one
        assert embedded.find_or_start(tmp_path) == info
        with embedded.own(tmp_path) as joined:
            assert joined == info
        # Then it is the same one, and it is still there after the second has left
        assert EmbeddedClock(info["clock_url"], info["aws_secret_access_key"]).answers()
    # And when its owner leaves, nothing is left
    assert not EmbeddedClock(info["clock_url"], info["aws_secret_access_key"]).answers()
    assert RunState(tmp_path).read() is None
    assert told == []
    # And whoever starts the next one hears that it knows nothing of the first
    with embedded.own(tmp_path, tell=told.append):
        assert "its messages with it" in told[0]


def test_those_who_joined_keep_it_when_its_owner_ends(tmp_path: Path) -> None:
    # Given an owner that is connected itself, and another process that joined
    code = (
        "import gc, sys; from pathlib import Path; from workshop.target import embedded, run_state;"
        "project = Path(sys.argv[1]); lease = run_state.RunState(project).use();"
        "owning = embedded.own(project); owning.__enter__(); print('owned', flush=True);"
        "sys.stdin.read(); owning.__exit__(None, None, None); del owning; gc.collect();"
        "print('left', flush=True);"
    )
    command, pipe = [sys.executable, "-W", "always", "-c", code, str(tmp_path)], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as owner:
        assert owner.stdin is not None
        assert owner.stdout is not None
        assert owner.stderr is not None
        assert owner.stdout.readline() == "owned\n"
        with embedded.own(tmp_path) as joined:
            clock = EmbeddedClock(joined["clock_url"], joined["aws_secret_access_key"])
            # When the owner leaves
            owner.stdin.close()
            assert owner.stdout.readline() == "left\n"
            # Then it is still there, and a process that goes on is not left with a dead child
            assert clock.answers()
            assert "is still running" not in owner.stderr.read()
            assert end_embedded(tmp_path)


@pytest.fixture
def mute_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that are started from now on never say a word."""
    if sys.platform == "win32":
        pytest.skip("a shell script")
    mute = tmp_path / "mute"
    mute.write_text("#!/bin/sh\nexec sleep 1000\n")
    mute.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(mute))


def test_a_keeper_that_hangs_is_ended_and_its_log_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mute_python: None
) -> None:
    monkeypatch.setattr(embedded, "START_LIMIT_S", 0.1)
    with pytest.raises(EndpointError, match=r"no word[^$]*embedded\.log"), embedded.own(tmp_path):
        pass


def test_an_endpoint_that_hangs_is_ended_and_its_log_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mute_python: None
) -> None:
    monkeypatch.setattr(sys.modules["localaws.launch"], "_START_LIMIT_S", 0.1)
    with pytest.raises(localaws.LaunchError, match=r"no word.*the\.log"):
        localaws.launch(log=tmp_path / "the.log")


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with embedded.own(tmp_path / "a") as info:
        port = int(info["endpoint_url"].rpartition(":")[2])
        with (
            pytest.raises(EndpointError, match=f"Port {port} of 127.0.0.1"),
            embedded.own(tmp_path / "b", port=port),
        ):
            pass


def test_users_of_a_hub_have_an_aws_each_and_share_one_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given one copy of the code, and users whom the system takes for one
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv(SHARE_VARIABLE, "")
    found = {}
    try:
        for user in ("ada", "grace"):
            monkeypatch.setenv(HUB_USER_VARIABLE, user)
            found[user] = embedded.find_or_start(project)
        assert found["ada"]["endpoint_url"] != found["grace"]["endpoint_url"]
        assert found["ada"]["aws_secret_access_key"] != found["grace"]["aws_secret_access_key"]
        # When both want the same one
        share("pair")
        shared = embedded.find_or_start(project)
        monkeypatch.setenv(HUB_USER_VARIABLE, "ada")
        assert embedded.find_or_start(tmp_path) == shared
        assert shared not in found.values()
    finally:
        end_embedded(project)
        monkeypatch.setenv(SHARE_VARIABLE, "")
        for user in found:
            monkeypatch.setenv(HUB_USER_VARIABLE, user)
            end_embedded(project)
