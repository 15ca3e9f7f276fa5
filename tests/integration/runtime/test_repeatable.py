"""In a repeatable run a handler draws the same numbers, and meets no second of this machine."""

from pathlib import Path
from typing import Any

from tests.integration.runtime.world import START_S, running_world, text

SOURCE = """
    import random, time, uuid
    def handler(event, context):
        began_s = time.time()
        sum(range(3_000_000))
        computed_s = time.time()
        time.sleep(2)
        return [
            began_s, computed_s - began_s, time.time() - computed_s,
            str(uuid.uuid4()), random.random(),
        ]
"""


async def told(folder: Path, *events: Any) -> tuple[list[Any], list[str]]:
    folder.mkdir()
    async with running_world(folder, is_repeatable=True) as world:
        function = world.function(SOURCE)
        results = [text(await world.invoke(function, event)) for event in events]
        reports = [line for line in world.logs.messages if "Max Memory Used" in line]
    return results, reports


async def test_two_runs_tell_the_same(tmp_path: Path) -> None:
    first, reports = await told(tmp_path / "a", {"order": 1}, {"order": 1})
    assert await told(tmp_path / "b", {"order": 1}, {"order": 1}) == (first, reports)
    # The same event again is another attempt, and draws other numbers.
    assert first[0][3:] != first[1][3:]
    assert all("Max Memory Used: 64 MB" in report for report in reports)


async def test_time_stands_for_a_handler_but_for_its_sleep(tmp_path: Path) -> None:
    ((began_s, computed_s, slept_s, *_),), _ = await told(tmp_path / "a", None)
    assert began_s < START_S + 1
    assert computed_s == 0
    assert round(slept_s, 3) == 2


async def test_handles_and_request_ids_change_nothing_that_is_drawn(tmp_path: Path) -> None:
    record = {"messageId": "m", "receiptHandle": "1"}
    first, _ = await told(tmp_path / "a", {"Records": [record]})
    other, _ = await told(tmp_path / "b", {"Records": [record | {"receiptHandle": "2"}]})
    assert other == first
