"""SNS taken through recorded tests step by step."""

import json
from collections.abc import Mapping
from typing import Any

from tests.contract.recordings import Comparison, load
from tests.unit.sns.world import SnsWorld

RECORDED = load("sns")
TWO_ATTRIBUTES = {
    "attr1": {"DataType": "Number", "StringValue": "99.12"},
    "attr2": {"DataType": "Number", "StringValue": "109.12"},
}
ONE_ATTRIBUTE = {"attr1": {"DataType": "Number", "StringValue": "19.12"}}

# Members that hold JSON text, which the recordings show as what it says.
JSON_MEMBERS = ("Body", "Policy", "RedrivePolicy", "EffectiveDeliveryPolicy")
SYSTEM = (
    "ApproximateFirstReceiveTimestamp",
    "ApproximateReceiveCount",
    "SenderId",
    "SentTimestamp",
)
FIFO_SYSTEM = (*SYSTEM, "MessageDeduplicationId", "MessageGroupId", "SequenceNumber")


class Replay:
    """One recorded test, and the world that it is replayed in."""

    def __init__(self, name: str) -> None:
        self._content = RECORDED[name]
        self._comparison = Comparison()
        self.world = SnsWorld()

    def check(self, step: str, answer: Any) -> None:
        """Compare an answer with the recorded one."""
        self._comparison.check(self._content[step], _spelt_out(answer), step)

    def call(self, step: str, operation: str, **params: Any) -> dict[str, Any]:
        """Call an operation of SNS and compare its answer."""
        answer = self.world.sns.call(operation, **params)
        self.world.settle()
        self.check(step, answer)
        return answer

    def attributes(self, step: str, subscription: str, within: str | None = "Attributes") -> None:
        """Compare a subscription's attributes."""
        answer = self.world.sns.call("GetSubscriptionAttributes", SubscriptionArn=subscription)
        self.check(step, answer if within else answer["Attributes"])

    def received(self, step: str, queue: str, *system: str, metadata: bool = True) -> None:
        """Compare what a consumer of a queue gets; of the system attributes those named."""
        messages = [only(message, system) for message in self.world.received(queue)]
        answer: dict[str, Any] = {"Messages": messages}
        if metadata:
            answer["ResponseMetadata"] = {"HTTPHeaders": {}, "HTTPStatusCode": 200}
        self.check(step, answer)


def only(message: Mapping[str, Any], system: tuple[str, ...]) -> dict[str, Any]:
    kept = dict(message)
    attributes = {name: kept["Attributes"][name] for name in system}
    return (
        {**kept, "Attributes": attributes}
        if system
        else {name: value for name, value in kept.items() if name != "Attributes"}
    )


def _spelt_out(answer: Any, member: str = "") -> Any:
    if isinstance(answer, Mapping):
        return {name: _spelt_out(value, name) for name, value in answer.items()}
    if isinstance(answer, list):
        return [_spelt_out(item) for item in answer]
    if isinstance(answer, bytes):
        return str(answer)
    if isinstance(answer, str) and member in JSON_MEMBERS and answer.startswith("{"):
        return json.loads(answer)
    return answer


def empty(world: SnsWorld, queue: str) -> None:
    world.queues.queue(queue).purge()
    world.clock.skip_to(world.clock.now_s() + 61)


def entry(number: int, message: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Id": str(number),
        "Message": message,
        "Subject": "Subject",
        "MessageAttributes": attributes,
    }
