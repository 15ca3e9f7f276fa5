"""A target made of small fakes, for tests of the workshop package."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from tests.unit.workshop.test_waiting import FakeClock
from workshop.lab import Lab
from workshop.target.session import Session
from workshop.target.target import Target


class FakeSqs:
    """Queues as lists of messages; counts receives and knows what is hidden, as SQS does."""

    def __init__(self, **queues: list[dict[str, Any]]) -> None:
        self.queues = queues
        self.hidden: set[str] = set()
        self.attributes: dict[str, dict[str, str]] = {url: {} for url in queues}

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:  # noqa: N803
        messages = self.queues[QueueUrl]
        hidden = sum(message["MessageId"] in self.hidden for message in messages)
        counted = {
            "ApproximateNumberOfMessages": str(len(messages) - hidden),
            "ApproximateNumberOfMessagesNotVisible": str(hidden),
            "ApproximateNumberOfMessagesDelayed": "0",
            "VisibilityTimeout": "30",
        }
        return {"Attributes": counted | self.attributes[QueueUrl]}

    def receive_message(self, QueueUrl: str, MaxNumberOfMessages: int, **_: Any) -> dict[str, Any]:  # noqa: N803
        visible = [m for m in self.queues[QueueUrl] if m["MessageId"] not in self.hidden]
        taken = visible[:MaxNumberOfMessages]
        for message in taken:
            self.hidden.add(message["MessageId"])
            count = int(message["Attributes"]["ApproximateReceiveCount"])
            message["Attributes"]["ApproximateReceiveCount"] = str(count + 1)
        return {"Messages": [dict(m) for m in taken]} if taken else {}

    def change_message_visibility_batch(
        self,
        QueueUrl: str,  # noqa: N803
        Entries: list[dict[str, Any]],  # noqa: N803
    ) -> dict[str, Any]:
        assert len(Entries) <= 10
        for entry in Entries:
            assert entry["VisibilityTimeout"] == 0
            self.hidden.discard(entry["ReceiptHandle"])
        return {}

    def send_message(self, QueueUrl: str, MessageBody: str) -> dict[str, Any]:  # noqa: N803
        sent = message(f"sent-{len(self.queues[QueueUrl])}", MessageBody)
        self.queues[QueueUrl].append(sent)
        return {"MessageId": sent["MessageId"]}


def message(message_id: str, body: str = "{}", sent_ms: int = 0) -> dict[str, Any]:
    """A message as SQS returns it; its receipt handle is its id, for the fake's sake."""
    attributes = {"SentTimestamp": str(sent_ms), "ApproximateReceiveCount": "0"}
    return {
        "MessageId": message_id,
        "ReceiptHandle": message_id,
        "Body": body,
        "Attributes": attributes,
    }


class FakeCloudFormation:
    """One stack per pattern with these outputs; no stack for the others."""

    def __init__(self, **outputs: Mapping[str, str]) -> None:
        self._outputs = outputs

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        outputs = self._outputs.get(StackName.rpartition("-")[2])
        if outputs is None:
            error = {"Code": "ValidationError", "Message": f"{StackName} does not exist"}
            raise ClientError({"Error": error}, "DescribeStacks")
        rows = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
        return {"Stacks": [{"StackStatus": "CREATE_COMPLETE", "Outputs": rows}]}


class FakeParameters:
    """SSM, with the CDK's note that the Region is prepared, or with an error in its place."""

    class exceptions:  # noqa: N801 - as boto3 calls it
        ParameterNotFound = KeyError

    def __init__(self, *, is_prepared: bool = True, error: Exception | None = None) -> None:
        self._error = error if is_prepared else KeyError()
        self.asked = 0

    def get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803
        self.asked += 1
        if self._error:
            raise self._error
        return {"Parameter": {"Value": "30"}}


def fake_session(target: Target | None = None, **clients: Any) -> Session:
    """A session whose clients are these objects; its target is the embedded AWS by default."""
    sts = SimpleNamespace(meta=SimpleNamespace(region_name="us-east-1"))
    sts.get_caller_identity = lambda: {"Account": "000000000000"}
    return Session(target or Target(), ({"sts": sts} | clients).__getitem__, FakeClock())


def fake_lab(target: Target | None = None, **clients: Any) -> Lab:
    """A lab on `fake_session`."""
    return Lab(fake_session(target, **clients))
