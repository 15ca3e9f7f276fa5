"""Parameters of the right type and any content: SQS answers or refuses, and never breaks."""

import inspect
from contextlib import suppress
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localaws.words.errors import AwsError
from tests.unit.sqs.world import SENDER, SqsWorld

MODEL = ServiceModel(Loader().load_service_model("sqs", "service-2"), "sqs")
ARN = "arn:aws:sqs:us-east-1:123456789012"
URL = "http://127.0.0.1:4566/123456789012"

# Half of all values are ones that lead deeper than the first check.
PLAUSIBLE: dict[str, list[Any]] = {
    "QueueUrl": [f"{URL}/q", f"{URL}/q.fifo", f"{URL}/dlq", "http://[", "q"],
    "SourceArn": [f"{ARN}:dlq", f"{ARN}:q"],
    "DestinationArn": [f"{ARN}:q", f"{ARN}:dlq"],
    "QueueName": ["q", "new", "new.fifo"],
    "MessageBody": ["x", "\ud800"],
    "DataType": ["String", "Number", "Binary", "String.x"],
    "RedrivePolicy": ["[" * 10_000, '{"maxReceiveCount": 1}', "[]"],
    "Policy": ['{"Statement": ["x"]}', '{"Statement": {}}', "[" * 10_000],
    "Actions": ["SendMessage"],
    "AWSAccountIds": ["123456789012"],
    "Id": ["a", "b"],
    "WaitTimeSeconds": [0],
}
ATTRIBUTE_NAMES = ["RedrivePolicy", "RedriveAllowPolicy", "Policy", "DelaySeconds", "FifoQueue"]
ANY_TEXT = st.text(st.characters(), max_size=20)


def values(shape: Shape, name: str = "") -> st.SearchStrategy[Any]:
    """Values of a shape as the wire layer hands them over.

    What is within the request's members may lack anything: the operations tell of it.
    """
    kind = shape.type_name
    if kind == "structure":
        needed = [] if name else shape.required_members
        required = {m: values(s, m) for m, s in shape.members.items() if m in needed}
        others = {m: values(s, m) for m, s in shape.members.items() if m not in required}
        some = st.fixed_dictionaries(required, optional=others)
    elif kind == "list":
        some = st.lists(values(shape.member, name), max_size=3)
    elif kind == "map":
        key = st.sampled_from(ATTRIBUTE_NAMES) if name == "Attributes" else ANY_TEXT
        some = st.dictionaries(key | ANY_TEXT, values(shape.value, "RedrivePolicy"), max_size=3)
    else:
        some = {
            "string": ANY_TEXT,
            "blob": st.binary(max_size=20),
            "boolean": st.booleans(),
        }.get(kind, st.integers(-(2**31), 2**31))
        return st.sampled_from(PLAUSIBLE[name]) | some if name in PLAUSIBLE else some
    return some


def prepared() -> SqsWorld:
    world = SqsWorld()
    queue, _ = world.queue_with_dlq()
    world.queue("q.fifo")
    queue.send("x", sender_id=SENDER)
    return world


@pytest.mark.parametrize("operation", MODEL.operation_names)
def test_any_parameters(operation: str) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(values(MODEL.operation_model(operation).input_shape))
    def check(params: dict[str, Any]) -> None:
        world = prepared()
        with suppress(AwsError):
            answer = world.operations[operation](params, world.caller)
            if inspect.iscoroutine(answer):
                answer.close()
        world.pass_time(61)

    check()
