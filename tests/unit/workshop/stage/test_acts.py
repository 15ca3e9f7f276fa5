"""How scenes begin: what is told of it has room, and names say what belongs together."""

import copy
from typing import Any, cast

import pytest

from tests.unit.workshop.player.runs import three_orders
from workshop.player.places import FUNCTION, ON_SUCCESS, QUEUE
from workshop.stage.acts import ACTS
from workshop.stage.performance import Performance, as_shown

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


def test_the_picture_of_an_outage_shows_that_the_function_may_not_run() -> None:
    [path] = ACTS["outage"].paths.values()
    run = copy.deepcopy(three_orders()["runs"][0])
    as_shown(run, path)
    told = {place["id"]: place["told"] for place in run["places"]}
    assert told[FUNCTION] == "reserved concurrency 0"
    arrows = {(one["from"], one["to"]): one for one in run["arrows"]}
    assert arrows[QUEUE, FUNCTION]["kind"] == "broken"
    assert arrows[QUEUE, FUNCTION]["why"] == "throttled"
    # And what the scene does not set is as the stack says
    assert told[QUEUE] == "visibility timeout 30 s"


def test_where_nothing_goes_any_more_it_is_said_why() -> None:
    paths = [path for act in ACTS.values() for path in act.paths.values() if path.breaks]
    assert len(paths) == 3
    assert all(path.why for path in paths)


def test_each_way_of_the_comparison_has_a_place_for_success_and_a_title_that_is_no_place() -> None:
    paths = ACTS["compare"].paths
    places = {"on-failure destination", "function's DLQ", "subscription's DLQ"}
    assert not {title.lower() for title in paths} & {place.lower() for place in places}
    assert all(ON_SUCCESS not in path.hides for path in paths.values())
