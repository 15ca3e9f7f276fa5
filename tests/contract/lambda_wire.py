"""Lambda's data plane as boto3 calls it, and messages as the recorded tests saw them."""

import json
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel

from localaws.wire import ServiceSkin
from tests.unit.lambda_.world import World
from tests.unit.wire.client import CALLER, WireClient


class Wire:
    """The world's Lambda, called as boto3 calls it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._skin = ServiceSkin("lambda", world.operations)
        self._client = WireClient(self._skin, "lambda")
        model = Loader().load_service_model("lambda", "service-2")
        self._model = ServiceModel(model, "lambda")

    async def call(self, operation: str, **params: Any) -> dict[str, Any]:
        request = self._client.request(operation, **params)
        response = await self._skin.handle(request, CALLER)
        answer = self._client.parse(self._model.operation_model(operation), response)
        if hasattr(answer.get("LastModified"), "isoformat"):
            answer["LastModified"] = answer["LastModified"].isoformat()
        return answer


def as_recorded(message: Any) -> dict[str, Any]:
    """A message as the recorded tests received it, its body parsed."""
    received = {
        "Body": json.loads(message.body),
        "MD5OfBody": message.md5_of_body,
        "MessageId": message.message_id,
        "ReceiptHandle": message.receipt_handle,
    }
    if message.message_attributes:
        received["MessageAttributes"] = dict(message.message_attributes)
        received["MD5OfMessageAttributes"] = message.md5_of_message_attributes
    return received
