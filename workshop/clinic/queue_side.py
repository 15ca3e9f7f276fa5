"""Exercises 1 to 3: faults of a queue in front of a function."""

import json

from botocore.exceptions import ClientError

from workshop.clinic import hints
from workshop.clinic.exercise import Exercise, story
from workshop.evidence import queues
from workshop.lessons.checks import Check
from workshop.workbench import READING, WRITING, Rig


class VisibilityTimeout(Exercise):
    """1. An event source mapping that AWS refuses.

    Attributes:
        queue: the queue.
        function: name of the function.
        refusal: what AWS said when the mapping was to be made.
    """

    what = "an order in the queue is processed once"
    timeout_s = 20

    def _set_up(self) -> None:
        self.queue = self._bench.queue("one-source", VisibilityTimeout=10)
        self.function = self._bench.function("one", may=READING, timeout_s=self.timeout_s)
        self._mapping: str | None = None
        # A colleague tried it already; what AWS said then is the symptom.
        self.refusal = self._connect()
        self.refused_by_aws = bool(self.refusal)

    def _connect(self) -> str:
        """Make the mapping; AWS's words when it is refused, else nothing."""
        try:
            self._mapping = self._bench.mapping(self.queue, self.function)
        except ClientError as error:
            return str(error.response["Error"]["Message"])
        return ""

    def _try(self) -> Check:
        found = queues.attributes(self._lab.session, self.queue.url)
        visibility_s = int(found["VisibilityTimeout"])
        hint = hints.visibility(visibility_s, self.timeout_s)
        advised_s = hints.ADVISED_FACTOR * self.timeout_s
        told, evidence = self._processed()
        return self._judged(
            told.startswith("the function ran once") and not hint,
            expected=f"one run, visibility timeout {advised_s} s or more",
            seen=f"visibility timeout {visibility_s} s; {told}",
            evidence=evidence,
            hint=hint,
        )

    def _processed(self) -> tuple[str, str]:
        refusal = self._connect() if self._mapping is None else ""
        if refusal:
            return f"AWS says: {refusal}", "lambda create-event-source-mapping"
        group = f"/aws/lambda/{self.function}"
        rig = Rig("SQS queue", self.function, group, self.queue.url)
        order = self._order(**{"pass": True})
        case = self._after(rig, order, 30, "the order is fetched, and its log line is shown")
        return story(case), "START lines in the function's log"


class ThrottledQueue(Exercise):
    """2. A good order in the DLQ, after more than a minute without capacity.

    Attributes:
        rig: the function with its source queue and the source queue's DLQ.
        redrive_policy: of the source queue, to be changed and set again.
    """

    # Four receives, at 0, 20, 40 and 60 s, are for nothing; the fifth is surely not.
    what = "a good order survives 78 s without capacity"
    visibility_s, outage_s = 20, 78.0

    def _set_up(self) -> None:
        self.rig = self._bench.behind_queue("two", receives=1, visibility_s=self.visibility_s)
        self.redrive_policy = self._policy()

    def _policy(self) -> dict[str, str]:
        found = queues.attributes(self._lab.session, self.rig.source)
        policy: dict[str, str] = json.loads(found.get("RedrivePolicy", "{}"))
        return policy

    def _try(self) -> Check:
        client, function = self._client("lambda"), self.rig.function
        client.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
        sent = self._send(self.rig, self._order(**{"pass": True}))
        self._lab.clock.sleep(self.outage_s, "the outage: reserved concurrency 0")
        client.delete_function_concurrency(FunctionName=function)
        self._lab.clock.sleep(
            3 * self.visibility_s,
            f"the message shows again after its visibility timeout of {self.visibility_s} s",
        )
        case = self._look(sent)
        maximum = int(self._policy().get("maxReceiveCount", 1000))
        hint = hints.receives(maximum, self.visibility_s, self.outage_s)
        return self._judged(
            case.succeeded and not hint,
            expected="one run without an error, once there is capacity again",
            seen=f"maxReceiveCount {maximum}; {story(case)}",
            evidence="the function's log, messages in the source queue's DLQ",
            hint=hint,
        )


class FunctionDlq(Exercise):
    """3. A bad order that comes back again and again, and a DLQ that stays empty.

    Attributes:
        queue: the source queue.
        dlq: the queue that should keep what is given up.
    """

    what = "a bad order leaves the source queue for the DLQ"
    visibility_s, most = 10, 10

    def _set_up(self) -> None:
        self.dlq = self._bench.queue("three-dlq")
        self.queue = self._bench.queue("three-source", VisibilityTimeout=self.visibility_s)
        function = self._bench.function("three", may=(*READING, *WRITING), dlq=self.dlq)
        self._bench.mapping(self.queue, function)
        ends = {"DLQ": self.dlq.url}
        self.rig = Rig("SQS queue", function, f"/aws/lambda/{function}", self.queue.url, ends)

    def _try(self) -> Check:
        found = queues.attributes(self._lab.session, self.queue.url)
        policy = json.loads(found.get("RedrivePolicy") or "{}")
        receives = min(int(policy.get("maxReceiveCount", 3)), self.most)
        case = self._after(
            self.rig,
            self._order(**{"pass": False}),
            (receives + 2) * self.visibility_s,
            f"{receives} receives, each hides the order for {self.visibility_s} s, and two more",
        )
        return self._judged(
            case.ended == "DLQ",
            expected="the order in the DLQ, moved by the queue",
            seen=story(case),
            evidence="sqs get-queue-attributes, messages in the DLQ, the function's log",
            hint=hints.redrive(policy, self.dlq.arn, self.most),
        )
