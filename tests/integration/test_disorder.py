"""`--disorder` reaches every Python that a test starts, and changes only who comes first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import disorder

CHILD = """
import asyncio, sys
from concurrent.futures import ThreadPoolExecutor

async def both():
    return await asyncio.gather(asyncio.to_thread(str, 1), asyncio.sleep(0, "2"))

with ThreadPoolExecutor(4) as threads:
    print([*threads.map(abs, [-1, -2, -3]), *asyncio.run(both())], sys.getswitchinterval() < 1e-4)
"""


@pytest.fixture
def seed(monkeypatch: pytest.MonkeyPatch) -> str:
    """A seed as `begin` leaves it to children, and not in this process."""
    monkeypatch.setenv("WORKSHOP_DISORDER", "7")
    monkeypatch.setenv("PYTHONPATH", str(Path(disorder.__file__).parent))
    return os.environ["WORKSHOP_DISORDER"]


def told_by_child() -> str:
    done = subprocess.run([sys.executable, "-P", "-c", CHILD], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_python_that_is_started_meanwhile_is_in_disorder_and_right(seed: str) -> None:
    assert told_by_child() == "[1, 2, 3, '1', '2'] True"


def test_without_a_seed_there_is_none(seed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKSHOP_DISORDER")
    assert told_by_child() == "[1, 2, 3, '1', '2'] False"


def test_who_has_it_from_its_parent_begins_only_once(seed: str) -> None:
    path = os.environ["PYTHONPATH"]
    disorder.begin(8)
    assert (os.environ["WORKSHOP_DISORDER"], os.environ["PYTHONPATH"]) == (seed, path)
