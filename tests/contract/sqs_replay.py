"""SQS, taken through recorded tests step by step, in both of its wire protocols."""

import asyncio
import base64
import json
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from localaws.wire import ServiceSkin
from localaws.wire.query_names import SQS_NAMES
from localaws.words.http import Caller, HttpRequest, HttpResponse
from tests.contract.recordings import Comparison, load
from tests.unit.sqs.world import SqsWorld
from tests.unit.wire.client import REQUEST_ID, WireClient

ACCOUNT_ID = "111111111111"


class SqsClient(WireClient):
    """boto3's serialisers in front of SQS; a long poll lets virtual time pass."""

    def __init__(self, world: SqsWorld, protocol: str) -> None:
        super().__init__(ServiceSkin("sqs", world.operations), "sqs")
        self._world = world
        if protocol == "query":
            self._model = _query_model()
            self._serializer = create_serializer("query", include_validation=False)
            self._parser = create_parser("query")

    def send(self, request: HttpRequest) -> HttpResponse:
        return asyncio.run(self._send(request))

    async def _send(self, request: HttpRequest) -> HttpResponse:
        caller = Caller(f"arn:aws:iam::{ACCOUNT_ID}:user/participant", REQUEST_ID)
        answer: HttpResponse = await self._world.finish(
            asyncio.ensure_future(self._skin.handle(request, caller))
        )
        return answer


class SqsReplay:
    """One recorded test, performed step by step.

    Args:
        test: its name in the recordings; `[sqs_query]` in it chooses the query protocol.
    """

    def __init__(self, area: str, test: str) -> None:
        self._content = load(area)[test]
        self.world = SqsWorld(ACCOUNT_ID)
        self.protocol = "query" if "sqs_query" in test else "json"
        self.client = SqsClient(self.world, self.protocol)
        self._comparison = Comparison()
        self._seen: set[str] = set()

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """One operation that the recording does not show; it must succeed."""
        answer = self.client.call(operation, **params)
        assert "Error" not in answer, answer["Error"]
        return answer

    def step(self, step: str, operation: str, **params: Any) -> dict[str, Any]:
        """Call an operation and compare the answer with the step's."""
        return self.compare(step, self.client.call(operation, **params))

    def compare(self, step: str, answer: Any) -> Any:
        self._seen.add(step)
        recorded = self._content[step]
        if "Error" in answer and "message" not in recorded:
            # boto3's model gave most errors no members of their own when this was recorded.
            answer.pop("message", None)
        self._comparison.check(recorded, answer, step)
        return answer

    def done(self) -> None:
        """Every step was performed."""
        assert self._seen == set(self._content)

    def queue(self, name: str = "queue", **attributes: Any) -> str:
        """A new queue's URL."""
        given = {key: str(value) for key, value in attributes.items()}
        if name.endswith(".fifo"):
            given["FifoQueue"] = "true"
        return str(self.call("CreateQueue", QueueName=name, Attributes=given)["QueueUrl"])

    def send(self, url: str, body: str, **params: Any) -> dict[str, Any]:
        return self.call("SendMessage", QueueUrl=url, MessageBody=body, **params)

    def attributes(self, url: str, step: str) -> None:
        """The step is GetQueueAttributes with all of them."""
        self.step(step, "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])


def arn_of(url: str) -> str:
    """The ARN of a queue of these tests."""
    return f"arn:aws:sqs:us-east-1:{ACCOUNT_ID}:{url.rpartition('/')[2]}"


def decoded(task_handle: str) -> dict[str, str]:
    """What a task handle says."""
    content: dict[str, str] = json.loads(base64.b64decode(task_handle))
    return content


def _query_model() -> ServiceModel:
    """SQS's model as it was before it moved to JSON: with wrappers and names of its own."""
    model = json.loads(json.dumps(Loader().load_service_model("sqs", "service-2")))
    model["metadata"]["protocol"] = "query"
    for shape in model["shapes"].values():
        for member in shape.get("members", {}).values():
            if member["shape"] in SQS_NAMES.flattened:
                member["locationName"] = SQS_NAMES.flattened[member["shape"]]
    for name, entry_name in SQS_NAMES.flattened.items():
        if "member" in model["shapes"][name]:
            model["shapes"][name]["member"]["locationName"] = entry_name
    for name, (key, value) in SQS_NAMES.keys.items():
        model["shapes"][name]["key"]["locationName"] = key
        model["shapes"][name]["value"]["locationName"] = value
    for name, operation in model["operations"].items():
        if "output" in operation:
            operation["output"]["resultWrapper"] = f"{name}Result"
    return ServiceModel(model, "sqs")
