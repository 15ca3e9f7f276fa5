"""CloudWatch Logs with a clock that stands, and beside it a Lambda that says what it got."""

import base64
import gzip
import json
from typing import Any

from localaws.logs import LogsService
from localaws.wire import ServiceSkin
from localaws.words.errors import AwsError
from localaws.words.http import Caller
from localaws.words.identity import Identity
from tests.unit.metric_sink import MetricSink
from tests.unit.virtual_time import START_S, VirtualTime
from tests.unit.wire.client import REQUEST_ID, WireClient

START_MS = 1_700_000_000_000
USER = Caller("arn:aws:iam::111111111111:user/participant", REQUEST_ID)
GROUP = "/aws/lambda/orders"
STREAM = "2023/11/14/[$LATEST]0123456789abcdef0123456789abcdef"


class LogsWorld(VirtualTime):
    """One account.

    Attributes:
        invocations: function, decoded `awslogs` data and the rest of every invocation.
        refusal: the error that the next invocations meet, if any.
        may_invoke: what a function's policy is held to allow.
    """

    def __init__(self) -> None:
        super().__init__()
        self.metrics = MetricSink()
        self.invocations: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.attempts_s: list[float] = []
        self.refusal: AwsError | None = None
        self.may_invoke = True
        self.service = LogsService(
            clock=self.clock,
            scheduler=self.scheduler,
            identity=Identity("111111111111", "us-east-1"),
            metrics=self.metrics,
            invoke_async=self._invoke,
            may_invoke=lambda function_arn, group_arn: self.may_invoke,
        )
        self.logs = WireClient(ServiceSkin("logs", self.service.operations()), "logs", USER)

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.logs.call(operation, **params)

    def error(self, operation: str, **params: Any) -> tuple[str, str]:
        """Code and message of a call that is refused."""
        error = self.call(operation, **params)["Error"]
        return error["Code"], error["Message"]

    def write(
        self, *messages: str, group: str = GROUP, stream: str = STREAM, at_ms: int = START_MS
    ) -> None:
        """Events a millisecond apart, as another service writes them."""
        events = [(at_ms + place, message) for place, message in enumerate(messages)]
        self.service.put(group, stream, events)

    def found(self, pattern: str = "", **params: Any) -> list[str]:
        """The messages that FilterLogEvents finds, all pages of it."""
        messages: list[str] = []
        token: dict[str, str] = {}
        while True:
            answer = self.call(
                "FilterLogEvents",
                **{"logGroupName": GROUP, "filterPattern": pattern, **params, **token},
            )
            assert "Error" not in answer, answer
            messages += [event["message"] for event in answer["events"]]
            if "nextToken" not in answer:
                return messages
            token = {"nextToken": answer["nextToken"]}

    def query(self, text: str, group: str = GROUP, **params: Any) -> list[dict[str, str]]:
        """The rows of a Logs Insights query, without their pointers."""
        answer = self.finished(text, group, **params)
        rows = [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]
        return [{name: v for name, v in row.items() if name != "@ptr"} for row in rows]

    def finished(self, text: str, group: str = GROUP, **params: Any) -> dict[str, Any]:
        """GetQueryResults of a query that has ended."""
        bounds = {"startTime": int(START_S) - 86_400, "endTime": int(START_S) + 86_400}
        started = self.call(
            "StartQuery", **{"logGroupName": group, "queryString": text, **bounds, **params}
        )
        assert "Error" not in started, started
        self.pass_time(60)
        answer = self.call("GetQueryResults", queryId=started["queryId"])
        assert answer["status"] == "Complete"
        return answer

    # What CloudWatch Logs needs of the services around it.

    def _invoke(self, function_arn: str, payload: bytes, **given: Any) -> str:
        self.attempts_s.append(self.clock.now_s())
        if self.refusal is not None:
            raise self.refusal
        packed = base64.b64decode(json.loads(payload)["awslogs"]["data"])
        self.invocations.append((function_arn, json.loads(gzip.decompress(packed)), given))
        return REQUEST_ID
