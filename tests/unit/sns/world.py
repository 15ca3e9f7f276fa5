"""SNS with a real SQS beside it, a Lambda that only says what it got, and a clock that stands."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from localaws.logs import RoleLogs
from localaws.sns import SnsService
from localaws.sqs import SqsService
from localaws.wire import ServiceSkin
from localaws.words.data_keys import KeyFault
from localaws.words.errors import AwsError
from localaws.words.http import Caller
from localaws.words.identity import Identity
from tests.unit.metric_sink import MetricSink
from tests.unit.virtual_time import VirtualTime
from tests.unit.wire.client import REQUEST_ID, WireClient

IDENTITY = Identity("111111111111", "us-east-1")
USER = Caller(IDENTITY.administrator_arn, REQUEST_ID)
FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:orders"


class SnsWorld(VirtualTime):
    """One account. `allow` is what queues' policies and roles are held to allow.

    Attributes:
        invocations: the event and time of every accepted invocation.
        key_faults: of keys that KMS does not use, by their ids.
        refusal: the error that the function's next invocations meet, if any.
    """

    def __init__(self) -> None:
        super().__init__()
        self.metrics = MetricSink()
        self.invocations: list[tuple[float, dict[str, Any], dict[str, Any]]] = []
        self.attempts_s: list[float] = []
        self.refusal: AwsError | None = None
        self.allow = True
        self.logged: list[tuple[str, str]] = []
        common: dict[str, Any] = {
            "time": self.time,
            "identity": IDENTITY,
            "metrics": self.metrics,
            "base_url": "http://127.0.0.1:1",
        }
        self.key_faults: dict[str, KeyFault] = {}
        common["keys"] = lambda key_id: self.key_faults.get(key_id)
        self.queues = SqsService(**common)
        logs = RoleLogs(_Logs(self), self, IDENTITY)
        self.service = SnsService(
            **common, sqs=self.queues, invoke_async=self._invoke, permissions=self, logs=logs
        )
        self.sns = WireClient(ServiceSkin("sns", self.service.operations()), "sns", USER)
        self.sqs = WireClient(ServiceSkin("sqs", self.queues.operations()), "sqs")

    def topic(self, name: str = "orders", **attributes: str) -> str:
        return str(self.sns.call("CreateTopic", Name=name, Attributes=attributes)["TopicArn"])

    def queue(self, name: str, **attributes: str) -> str:
        """The queue's ARN."""
        self.queues.create_queue(name, attributes)
        return f"arn:aws:sqs:us-east-1:111111111111:{name}"

    def subscribe(self, topic: str, endpoint: str, **attributes: Any) -> str:
        """An endpoint by its ARN; attributes that are no text are written as JSON."""
        texts = {n: v if isinstance(v, str) else json.dumps(v) for n, v in attributes.items()}
        answer = self.sns.call(
            "Subscribe",
            TopicArn=topic,
            Protocol=endpoint.split(":")[2],
            Endpoint=endpoint,
            Attributes=texts,
        )
        return str(answer["SubscriptionArn"])

    def publish(self, topic: str, message: str = "hello", **params: Any) -> dict[str, Any]:
        """Publish, and let happen what happens at once."""
        answer = self.sns.call("Publish", TopicArn=topic, Message=message, **params)
        self.settle()
        return answer

    def received(self, queue_arn: str) -> list[dict[str, Any]]:
        """What a consumer of the queue gets, up to ten messages."""
        url = f"http://127.0.0.1:1/111111111111/{queue_arn.rpartition(':')[2]}"
        answer = self.sqs.call(
            "ReceiveMessage",
            QueueUrl=url,
            MaxNumberOfMessages=10,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return list(answer.get("Messages", []))

    def counted(self, name: str) -> float:
        """The sum of a metric of SNS."""
        points = [p for p in self.metrics.points if (p.namespace, p.name) == ("AWS/SNS", name)]
        return sum(point.value for point in points)

    # What SNS needs of the services around it.

    def role_allows(self, role_arn: str, action: str, resource_arn: str) -> bool:
        return self.allow

    def role_trusts(self, role_arn: str, service: str) -> bool:
        return self.allow

    def has_principal(self, arn: str) -> bool:
        return True

    def resource_policy_allows(
        self,
        policy: Mapping[str, Any] | None,
        *,
        principal_service: str,
        action: str,
        resource_arn: str,
        source_arn: str,
        source_owner: str | None = None,
    ) -> bool:
        return self.allow

    def _invoke(self, function_arn: str, payload: bytes, **given: Any) -> str:
        self.attempts_s.append(self.clock.now_s())
        if self.refusal is not None:
            raise self.refusal
        self.invocations.append((self.clock.now_s(), json.loads(payload), given))
        return "99999999-8888-7777-6666-555555555555"


class _Logs:
    def __init__(self, world: SnsWorld) -> None:
        self._world = world

    def put(self, group: str, stream: str, events: Sequence[tuple[int, str]]) -> None:
        self._world.logged += [(group, text) for _, text in events]

    def missing(self, group: str, stream: str) -> Sequence[str]:
        return ()
