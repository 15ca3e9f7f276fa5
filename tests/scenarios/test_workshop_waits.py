"""Waiting for the end of an order: by its id, with nothing that disturbs what is shown later."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

import workshop
from tests.scenarios.test_workshop_package import BAD, FLAKY, GOOD, send
from workshop import connection
from workshop.errors import DataError, WaitTimeoutError
from workshop.lab import Lab
from workshop.target import embedded
from workshop.target.clock import RealClock
from workshop.target.lateness import LATE
from workshop.target.session import Session

PATTERNS = {
    "SqsDlq": ("SourceQueueDlqUrl", 90),
    "LambdaDestinations": ("OnFailureQueueUrl", 180),
    "LambdaDlq": ("FunctionDlqUrl", 180),
}
ENDS = {"processed", "given up"}


@pytest.fixture(scope="module", params=[None, 17], ids=["punctual", "late"])
def lab(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A lab on an embedded AWS of its own: one that is punctual, and one that is late as AWS is."""
    project = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch, embedded.own(project, lateness=request.param):
        patch.setattr(connection, "PROJECT", project)
        yield workshop.connect()


def foreign(lab: Lab, url: str, name: str) -> None:
    """Somebody else's message lies in a queue."""
    body = json.dumps({"order_id": name, "pass": False})
    lab.client("sqs").send_message(QueueUrl=url, MessageBody=body)


def receives(lab: Lab, url: str) -> dict[str, int]:
    """Order id -> ApproximateReceiveCount, this look included."""
    found = {}
    for message in lab.messages(url):
        count = int(message["Attributes"]["ApproximateReceiveCount"])
        body = message["Body"]
        name = next((n for n in ("bad", "other") if n in body), body)
        found[name] = count
    return found


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_end_of_an_order_is_found_by_its_id_and_raises_no_receive_count(
    lab: Lab, pattern: str
) -> None:
    # Given somebody else's messages where failed ones end: one before, one while we wait
    key, due_s = PATTERNS[pattern]
    url = lab.outputs(pattern)[key]
    foreign(lab, url, "other")
    orders = send(
        lab, pattern, **{f"good-{pattern}": GOOD, f"flaky-{pattern}": FLAKY, f"bad-{pattern}": BAD}
    )
    # When somebody waits for the end of ours
    waited = lab.wait_for_end(pattern, orders)
    # Then each is known by its own id, when AWS's rules say so
    good, flaky, bad = orders
    assert waited.value == {good: "processed", flaky: "processed", bad: "given up"}
    assert due_s - 1 <= waited.aws_s <= due_s + 10 + lab.session.lateness.longest_s
    # And the message shows what the lesson says: its receives, and this one look
    was_received = 3 if pattern == "SqsDlq" else 0
    if lab.session.lateness.longest_s:
        lab.clock.sleep(60)
    assert receives(lab, url) == {"bad": was_received + 1, "other": 1}
    # And a second wait for the same costs no time worth speaking of, and tells the same story
    again = lab.wait_for_end(pattern, orders)
    assert again.during_s <= lab.session.lateness.longest_s + 10
    assert again.aws_s == pytest.approx(waited.aws_s, abs=3 + lab.session.lateness.longest_s)
    lab.client("sqs").purge_queue(QueueUrl=url)
    lab.clock.sleep(61)


def test_a_message_that_comes_meanwhile_is_not_taken_for_ours(lab: Lab) -> None:
    url = lab.outputs("SqsDlq").SourceQueueDlqUrl
    (bad,) = send(lab, "SqsDlq", **{"bad-alone": BAD})
    lab.clock.sleep(20)
    foreign(lab, url, "other")
    waited = lab.wait_for_end("SqsDlq", bad)
    assert waited.during_s >= 69
    lab.client("sqs").purge_queue(QueueUrl=url)
    lab.clock.sleep(61)


def test_a_wait_tells_the_time_since_its_own_message_was_sent(lab: Lab) -> None:
    # Given two messages, sent one after the other, and a reader who comes late for both
    (early,) = send(lab, "SqsDlq", **{"bad-early": BAD})
    lab.clock.sleep(60)
    (late,) = send(lab, "SqsDlq", **{"bad-late": BAD})
    lab.clock.sleep(36)
    # When each is waited for, when one has ended already
    told = {order: lab.wait_for_end("SqsDlq", order) for order in (early, late)}
    # Then each tells its own 90 s, however long the wait took
    for waited in told.values():
        assert 88 <= waited.aws_s <= 95 + lab.session.lateness.longest_s
    assert told[early].during_s <= lab.session.lateness.longest_s + 10
    assert "from sending" in str(told[early])


def test_a_message_that_the_function_never_saw_is_looked_for_where_it_ends(lab: Lab) -> None:
    # Given a function that may not run at all
    out, client = lab.outputs("LambdaDlq"), lab.client("lambda")
    client.put_function_concurrency(FunctionName=out.FunctionName, ReservedConcurrentExecutions=0)
    try:
        (order,) = send(lab, "LambdaDlq", **{"good-unseen": GOOD})
        # When somebody waits for its end, then it is found
        waited = lab.wait_for_end("LambdaDlq", order)
        assert waited.value == {order: "given up"}
    finally:
        client.delete_function_concurrency(FunctionName=out.FunctionName)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_an_order_that_the_function_refuses_was_tried_and_not_just_given_up(
    lab: Lab, pattern: str
) -> None:
    # Given an order with a fault that there is not: a text for a number
    fault = {"kind": "raise", "until_attempt": "3"}
    (order,) = send(lab, pattern, **{f"refused-{pattern}": {"fault": fault}})
    # When somebody waits for its end
    out = lab.outputs(pattern)
    waited = lab.wait_for_end(out, order)
    # Then the wait names what was waited for, and the picture has its attempts
    assert waited.value == {order: "given up"}
    assert "without an attempt" not in str(waited)
    attempts = lab.attempts(out, order_ids=[order])
    drawn = workshop.timeline(attempts, lab.arrivals(out, order_ids=[order]))
    assert attempts["error_type"].tolist() == ["InvalidOrderError"] * 3
    assert drawn.finding.startswith("Tried 3 times")


@pytest.mark.parametrize("pattern", ["SqsDlq", "LambdaDlq"])
def test_a_message_that_holds_no_order_is_drawn_by_its_own_id(lab: Lab, pattern: str) -> None:
    # Given a body that is no JSON
    out = lab.outputs(pattern)
    if pattern == "SqsDlq":
        sqs = lab.client("sqs")
        sent = sqs.send_message(QueueUrl=out.SourceQueueUrl, MessageBody="no JSON")
    else:
        sent = lab.client("sns").publish(TopicArn=out.TopicArn, Message="no JSON")
    name = sent["MessageId"]
    # When it is waited for by what sending returned
    assert lab.wait_for_end(out, name).value == {name: "given up"}
    # Then it is drawn by the same, with its three attempts and its end
    attempts, arrivals = (look(out, order_ids=[name]) for look in (lab.attempts, lab.arrivals))
    drawn = workshop.timeline(attempts, arrivals, settings=lab.settings(out))
    assert drawn.finding.startswith("Tried 3 times")
    assert drawn.counts["in flight"] == 0


def test_an_order_that_was_never_sent_is_asked_for(lab: Lab) -> None:
    # When somebody waits for an id that nothing was sent with
    with pytest.raises(WaitTimeoutError) as caught:
        lab.wait_for_end(lab.outputs("SqsDlq"), "never-sent")
    # Then it is asked for, and only what was waited for is named
    told = caught.value.remedy
    assert told.endswith("nothing at all of never-sent: was it sent, and with this id?")
    assert "SqsDlq: the source queue is empty" in told
    assert "WholeBatches" not in told


@pytest.mark.parametrize("ids", [5, None, ["order", 5]])
def test_what_is_no_id_is_told(lab: Lab, ids: Any) -> None:
    out = lab.outputs("SqsDlq")
    for ask in (
        lambda: lab.wait_for_end(out, ids),
        lambda: lab.attempts(out, order_ids=[5]),
        lambda: lab.arrivals(out, order_ids=[5]),
    ):
        with pytest.raises(DataError, match="is no id of an order or a message"):
            ask()


def test_an_order_that_is_sent_again_is_known_by_its_new_message(lab: Lab) -> None:
    (order,) = send(lab, "SqsDlq", **{"twice": {"fault": {"kind": "raise", "until_attempt": 2}}})
    lab.wait_for_end("SqsDlq", order)
    since = lab.clock.now()
    lab.clock.sleep(1)
    send(lab, "SqsDlq", **{"twice": BAD})
    assert lab.wait_for_end("SqsDlq", order, since=since).value == {order: "given up"}
    assert lab.clock.now() - since >= timedelta(seconds=89)


# A class in one account, and what AWS answers there per second: see docs/your-own-account.md.
CLASS, WINDOW_S = 30, 15
LOGS_PER_S, LAMBDA_PER_S = 5, 15
OF_LAMBDA = (
    "lambda.GetFunctionConfiguration",
    "lambda.GetEventSourceMapping",
    "lambda.GetFunctionEventInvokeConfig",
)


class Account:
    """The same AWS without a clock that skips: time passes only as somebody waits, and waits poll.

    Attributes:
        lab: it, as a real account is seen.
        sent: what was sent between two pauses, with AWS's time of the later one.
    """

    def __init__(self, lab: Lab) -> None:
        self._clock, self._requests = lab.clock, lab.waits.requests
        self.sent: list[tuple[float, Counter[str]]] = []
        self._before = self._requests.by_operation.copy()
        session = Session(
            lab.session.target,
            lab.session.client,
            RealClock(self._pause, lab.clock.now),
            lateness=LATE,
            waits=lab.waits,
        )
        self.lab = Lab(session)

    def _pause(self, seconds: float) -> None:
        now = self._requests.by_operation.copy()
        self.sent.append((self._clock.now().timestamp(), now - self._before))
        self._before = now
        self._clock.sleep(seconds)

    def per_second(self, *operations: str) -> float:
        """How many of these a whole class sends per second, at the busiest moment of a wait."""
        sent = [(at_s, sum(some[one] for one in operations)) for at_s, some in self.sent]
        most = max(
            sum(number for other_s, number in sent if at_s <= other_s < at_s + WINDOW_S)
            for at_s, _ in sent
        )
        return CLASS * most / WINDOW_S


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_class_that_waits_in_one_account_stays_below_awss_quotas(lab: Lab, pattern: str) -> None:
    # Given a target that really polls, and a lesson's three orders beside somebody else's message
    account = Account(lab)
    key, due_s = PATTERNS[pattern]
    url = lab.outputs(pattern)[key]
    foreign(lab, url, "other")
    orders = send(
        account.lab,
        pattern,
        **{f"good-a-{pattern}": GOOD, f"flaky-a-{pattern}": FLAKY, f"bad-a-{pattern}": BAD},
    )
    # When they are waited for
    waited = account.lab.wait_for_end(pattern, orders)
    assert waited.aws_s >= due_s - 1
    # Then 30 people who do the same at the same moment stay below what AWS answers
    assert 0 < account.per_second("cloudwatch-logs.FilterLogEvents") <= LOGS_PER_S
    assert 0 < account.per_second(*OF_LAMBDA) <= LAMBDA_PER_S
    # And nothing was received, stacks were described once, and the sentence says what was sent
    sent = sum((some for _, some in account.sent), Counter[str]())
    assert sent["sqs.ReceiveMessage"] == 0
    assert sent["cloudformation.DescribeStacks"] == 3, "two of this test's own, one of the wait"
    assert f"{waited.requests} requests" in str(waited)
    assert 0 < waited.requests <= 60
    # And so the message shows the receives of the lesson, and one look
    account.lab.clock.sleep(60)
    was_received = 3 if pattern == "SqsDlq" else 0
    assert receives(lab, url)["bad"] == was_received + 1
    lab.client("sqs").purge_queue(QueueUrl=url)
    lab.clock.sleep(61)
