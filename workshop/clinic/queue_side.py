"""Exercises 1 to 3: faults of a queue in front of a function."""

import json
from dataclasses import replace

from botocore.exceptions import ClientError

from workshop import gallery
from workshop.clinic import queue_rules, reading
from workshop.clinic.exercise import Exercise
from workshop.clinic.found import SourceSettings
from workshop.clinic.verdict import Judgement
from workshop.evidence import queues
from workshop.workbench import READING, WRITING, Rig

_RECEIVES = "maxReceiveCount is a whole number from 1 to 1,000, and the DLQ has to exist."


class VisibilityTimeout(Exercise[SourceSettings]):
    """1. An event source mapping that AWS refuses.

    Attributes:
        queue: the queue.
        function: name of the function.
        refusal: what AWS said when the mapping was to be made.
    """

    what = "an order in the queue is processed once, also when the function is throttled"
    expected = "a connection with the reserve that AWS advises, and one run for one order"
    evidence = "sqs get-queue-attributes, lambda get-function-configuration, the function's log"
    values = "A visibility timeout is a whole number of seconds from 0 to 43200 (12 hours)."

    def _set_up(self) -> None:
        self.queue = self._bench.queue("one-source", VisibilityTimeout=10)
        self.function = self._bench.function("one", may=READING, timeout_s=20)
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

    def _read(self) -> SourceSettings:
        refusal = self._connect() if self._mapping is None else ""
        return reading.source_queue(
            self._lab, self.queue.url, self.function, mapping=self._mapping, refusal=refusal
        )

    def _judge(self, found: SourceSettings) -> Judgement:
        return queue_rules.visibility(found)

    def _try(self, found: SourceSettings) -> gallery.Case | None:
        if found.mapping != "Enabled":
            return None
        group = f"/aws/lambda/{self.function}"
        rig = Rig("SQS queue", self.function, group, self.queue.url)
        wait_s = 30 + found.window_s
        order = self._order(**{"pass": True})
        return self._after(rig, order, wait_s, "the order is fetched, and its log line is shown")

    def _told(self, found: SourceSettings) -> str:
        told = f"visibility timeout {found.visibility_s} s, function timeout {found.timeout_s} s"
        return f"{told}; AWS says: {found.refusal}" if found.refusal else told


class ThrottledQueue(Exercise[SourceSettings]):
    """2. A good order in the DLQ, after more than a minute without capacity.

    Attributes:
        rig: the function with its source queue and the source queue's DLQ.
        redrive_policy: of the source queue, to be changed and set again.
    """

    # Four receives, at 0, 20, 40 and 60 s, are for nothing; the fifth is surely not.
    what = "a good order survives 78 s without capacity, and a bad one does not stay for ever"
    expected = "one run without an error, once there is capacity again"
    evidence = "sqs get-queue-attributes, the function's log, messages in the source queue's DLQ"
    values = _RECEIVES
    outage_s = 78.0

    def _set_up(self) -> None:
        self.rig = self._bench.behind_queue("two", receives=1, visibility_s=20)
        found = queues.attributes(self._lab.session, self.rig.source)
        self.redrive_policy: dict[str, str] = json.loads(found["RedrivePolicy"])

    def _read(self) -> SourceSettings:
        function = str(self.rig.function)
        return reading.source_queue(self._lab, self.rig.source, function, mapping=self.rig.mapping)

    def _judge(self, found: SourceSettings) -> Judgement:
        return queue_rules.throttling(found, self.outage_s)

    def _try(self, found: SourceSettings) -> gallery.Case:
        order = self._order(**{"pass": True})
        if found.reserved:
            # Nobody else can use it up: then the other team does no harm.
            return self._after(self.rig, order, 30, "the order is fetched, and its log line shown")
        client, function = self._client("lambda"), self.rig.function
        client.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
        try:
            sent = self._send(self.rig, order)
            self._lab.clock.sleep(self.outage_s, "the outage: reserved concurrency 0")
        finally:
            client.delete_function_concurrency(FunctionName=function)
        # The first receive that finds capacity comes within one visibility timeout.
        self._lab.clock.sleep(
            self._bearable_s(found.visibility_s + 60),
            f"the message shows again after its visibility timeout of {found.visibility_s} s",
        )
        return self._look(sent)

    def _told(self, found: SourceSettings) -> str:
        return f"{_policy(found)}, visibility timeout {found.visibility_s} s"


class FunctionDlq(Exercise[SourceSettings]):
    """3. A bad order that comes back again and again, and a DLQ that stays empty.

    Attributes:
        queue: the source queue.
        dlq: the queue that should keep what is given up.
    """

    what = "a bad order leaves the source queue for a DLQ"
    expected = "some runs, then the order in a DLQ"
    evidence = "sqs get-queue-attributes, messages in the DLQ, the function's log"
    values = _RECEIVES

    def _set_up(self) -> None:
        self.dlq = self._bench.queue("three-dlq")
        self.queue = self._bench.queue("three-source", VisibilityTimeout=20)
        function = self._bench.function("three", may=(*READING, *WRITING), dlq=self.dlq)
        self._mapping = self._bench.mapping(self.queue, function)
        ends = {"DLQ": self.dlq.url}
        self.rig = Rig("SQS queue", function, f"/aws/lambda/{function}", self.queue.url, ends)

    def _read(self) -> SourceSettings:
        function = str(self.rig.function)
        return reading.source_queue(self._lab, self.queue.url, function, mapping=self._mapping)

    def _judge(self, found: SourceSettings) -> Judgement:
        return queue_rules.redrive(found, self.dlq.arn)

    def _try(self, found: SourceSettings) -> gallery.Case:
        # Wherever the policy of now leads, if there is such a queue.
        url = reading.url_of(self._lab, found.dlq_arn) if found.dlq_arn != found.arn else ""
        rig = replace(self.rig, ends={"DLQ": url}) if url else self.rig
        receives = found.receives or 3
        return self._after(
            rig,
            self._order(**{"pass": False}),
            self._bearable_s((receives + 1) * found.visibility_s + 20),
            f"each receive hides the order for {found.visibility_s} s",
        )

    def _went_well(self, case: gallery.Case) -> bool:
        return case.ended == "DLQ"

    def _told(self, found: SourceSettings) -> str:
        return f"{_policy(found)}, visibility timeout {found.visibility_s} s"


def _policy(found: SourceSettings) -> str:
    if found.receives is None:
        return "no redrive policy"
    return f"maxReceiveCount {found.receives}, DLQ {found.dlq_arn.rpartition(':')[2]}"
