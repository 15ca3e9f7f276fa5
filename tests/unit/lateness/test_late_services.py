"""The services themselves when they are late: queues, metrics, stacks."""

import random
from typing import Any

from localaws.lateness import LateAws
from localaws.lateness.throttled_stacks import ThrottledStacks
from localaws.sqs import SqsService
from localaws.words.http import Caller, HttpRequest, HttpResponse
from localaws.words.identity import Identity
from tests.unit.metric_sink import MetricSink
from tests.unit.sqs.world import SqsWorld, bodies
from tests.unit.virtual_time import VirtualTime

SENDER = "AIDAEXAMPLE"
START_S = 6_000.0


class LateSqsWorld(SqsWorld):
    """SQS that is late by seed 7."""

    def __init__(self) -> None:
        super().__init__()
        self.service = SqsService(
            time=self.time,
            identity=Identity("123456789012", "us-east-1"),
            metrics=self.metrics,
            base_url="http://127.0.0.1:4566",
            propagation=LateAws(self.time, 7).queues,
        )
        self.operations = self.service.operations()


def test_a_changed_attribute_is_shown_at_once_and_gone_by_within_a_minute() -> None:
    world = LateSqsWorld()
    queue = world.queue(VisibilityTimeout=300)
    world.call("SetQueueAttributes", QueueUrl=queue.url, Attributes={"VisibilityTimeout": "5"})
    # Given a message that is received before the change takes effect
    assert queue.attributes["VisibilityTimeout"] == "5"
    queue.send("early", sender_id=SENDER)
    assert bodies(queue.receive(1)) == ["early"]
    world.pass_time(60.0)
    # Then it is hidden as before, and one that is received later as changed
    assert queue.counts() == (0, 1, 0)
    queue.send("later", sender_id=SENDER)
    assert bodies(queue.receive(1)) == ["later"]
    world.pass_time(6.0)
    assert queue.counts() == (1, 1, 0)


def test_a_policy_of_a_queue_decides_when_it_takes_effect() -> None:
    world = LateSqsWorld()
    queue = world.queue()
    statement = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",'
        '"Action":"sqs:SendMessage","Resource":"*"}]}'
    )
    queue.set_attributes({"Policy": statement})
    assert queue.attributes["Policy"] == statement
    assert queue.policy is None
    world.pass_time(60.0)
    assert queue.policy == statement


def test_a_purge_swallows_what_is_sent_until_it_happens() -> None:
    world = LateSqsWorld()
    queue = world.queue()
    queue.send("before", sender_id=SENDER)
    world.call("PurgeQueue", QueueUrl=queue.url)
    # Then what was there may still be received
    assert queue.counts() == (1, 0, 0)
    queue.send("within its minute", sender_id=SENDER)
    world.pass_time(60.0)
    assert queue.counts() == (0, 0, 0)
    queue.send("after it", sender_id=SENDER)
    world.pass_time(60.0)
    assert queue.counts() == (1, 0, 0)


def test_a_second_purge_within_the_minute_is_refused_as_ever() -> None:
    world = LateSqsWorld()
    queue = world.queue()
    world.call("PurgeQueue", QueueUrl=queue.url)
    world.pass_time(59.0)
    assert "Only one PurgeQueue" in world.refused("PurgeQueue", QueueUrl=queue.url).message


class Around:
    """The services around, as `LateAws` makes them late."""

    def __init__(self) -> None:
        self.late_by_s: Any = None

    def propagate_roles(self, propagation: Any) -> None: ...

    def refuse_first(self, refuse: Any) -> None: ...

    def expect_late_metrics(self, late_by_s: Any) -> None:
        self.late_by_s = late_by_s


def test_metrics_come_minutes_late_with_their_own_time_and_all_of_a_queue_together() -> None:
    world, sink, around = VirtualTime(START_S), MetricSink(), Around()
    late = LateAws(world.time, 7).metric_sink(sink, around)
    queue = {"QueueName": "q"}
    late.put("AWS/SQS", "NumberOfMessagesSent", 1.0, "Count", queue, at_s=START_S - 1)
    late.put("AWS/SQS", "NumberOfMessagesReceived", 1.0, "Count", queue)
    late.put("AWS/Lambda", "Errors", 1.0, "Count", {"FunctionName": "f"})
    by_s = around.late_by_s("AWS/SQS", queue)
    assert 60.0 <= by_s <= 900.0
    assert 60.0 <= around.late_by_s("AWS/Lambda", {"FunctionName": "f"}) <= 180.0
    world.pass_time(59.0)
    assert sink.points == []
    # When a queue's points come, they come together, with the time at which they happened
    world.pass_time(by_s - 59.0 - 0.001)
    assert {point.namespace for point in sink.points} <= {"AWS/Lambda"}
    world.pass_time(10.0)
    assert sink.values("NumberOfMessagesSent", **queue) == [1.0]
    assert [p.at_s for p in sink.points if p.namespace == "AWS/SQS"] == [START_S - 1, START_S]


def test_late_metrics_are_waited_for_as_far_as_punctual_ones_are() -> None:
    world, around = VirtualTime(START_S), Around()
    late = LateAws(world.time, 7).metric_sink(MetricSink(), around)

    def put() -> None:
        late.put("AWS/SQS", "ApproximateAgeOfOldestMessage", 1.0, "Seconds", {"QueueName": "q"})

    # Given a point that a background action publishes: then nobody waits for its arrival
    world.time.call_at(START_S, put, background=True)
    world.settle()
    assert world.scheduler.next_at_s() is None
    # And given one of a foreground action
    world.time.call_at(START_S, put)
    world.settle()
    assert world.scheduler.next_at_s() is not None


def asked(action: str, service: str = "cloudformation") -> tuple[HttpRequest, str, Caller]:
    body = f"Action={action}&Version=2010-05-15&StackName=s".encode()
    return HttpRequest("POST", "/", "", {}, body), service, Caller("arn", "request-1")


def answers(seed: int, action: str = "DescribeStacks", number: int = 4_000) -> list[Any]:
    throttled = ThrottledStacks(random.Random(seed))
    return [throttled.refuse(*asked(action)) for _ in range(number)]


def test_describe_stacks_is_throttled_now_and_then_never_for_longer_than_a_client_tries() -> None:
    found = answers(3)
    refused = [answer for answer in found if answer is not None]
    assert 100 < len(refused) < 300
    assert isinstance(refused[0], HttpResponse)
    assert refused[0].status == 400
    assert b"<Code>Throttling</Code><Message>Rate exceeded</Message>" in refused[0].body
    runs = "".join("x" if answer else " " for answer in found).split()
    assert max(map(len, runs)) == 2
    assert answers(3, "DescribeStackEvents") == [None] * 4_000
