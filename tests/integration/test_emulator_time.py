"""The emulator's services read the machine's clock, which is moved to the embedded AWS's."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

_SKEWS = """
import asyncio, pathlib, tempfile, time
from localaws.embedded_aws import EmbeddedAws
from localaws.words.identity import Identity

async def skews(folder):
    aws = EmbeddedAws(Identity("000000000000", "us-east-1"), 1, folder)
    clock = aws._time.clock
    before = time.time() - clock.now_s()
    clock.skip_to(clock.now_s() + 100)
    return before, time.time() - clock.now_s()

with tempfile.TemporaryDirectory() as folder:
    print(*asyncio.run(skews(pathlib.Path(folder))))
"""


def test_ministack_reads_the_time_of_the_clock() -> None:
    # Given an embedded AWS, in a process of its own because the machine's clock is moved
    run = subprocess.run(
        [sys.executable, "-c", _SKEWS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    # Then both read the same, before time was skipped and after it
    for skew_s in map(float, run.stdout.split()):
        assert abs(skew_s) < 0.01
