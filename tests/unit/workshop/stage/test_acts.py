"""How scenes begin: what is told of it has room, and names say what belongs together."""

from typing import Any, cast

import pytest

from workshop.stage.acts import ACTS
from workshop.stage.performance import Performance

# Two lines of the stage beside the longest wait of a message group.
MOST_LETTERS = 84


class FakePerformance:
    """Notes what was sent."""

    def __init__(self, name: str) -> None:
        self.paths, self.note = ACTS[name].paths, ""
        self.sent: list[tuple[str, str]] = []

    def send(self, _path: str, order: dict[str, Any], *, group: str = "") -> None:
        self.sent.append((order["order_id"], group))


def begun(name: str) -> FakePerformance:
    scene = FakePerformance(name)
    ACTS[name].begin(cast(Performance, scene))
    return scene


@pytest.mark.parametrize("name", ["sqs", "destinations", "function-dlq", "batches", "fifo"])
def test_a_note_has_room_beside_what_is_waited_for(name: str) -> None:
    assert 0 < len(begun(name).note) <= MOST_LETTERS


def test_an_order_of_a_fifo_queue_is_named_by_its_group() -> None:
    sent = begun("fifo").sent
    assert [group for _, group in sent] == ["customer-A", "customer-A", "customer-B"]
    for order_id, group in sent:
        assert order_id.startswith(group.removeprefix("customer-"))
