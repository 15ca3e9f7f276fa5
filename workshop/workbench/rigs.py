"""A function with everything around it that one experiment needs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from workshop.evidence import queues
from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.late_logs import settled_attempts
from workshop.stacks import sweep
from workshop.stacks.kinds import Resource
from workshop.target.outputs import END_QUEUES, Outputs
from workshop.workbench.parts import READING, WRITING, QueueAddress, Workbench, tag_list


@dataclass(frozen=True)
class Rig:
    """A function with everything around it that one experiment needs.

    Attributes:
        path: how messages reach the function: "SQS queue", "asynchronous" or "SNS topic".
        function: its name; None when nobody reads the source queue.
        log_group: of the function.
        source: URL of the source queue, ARN of the topic, or the function's name: where to send.
        ends: where messages can end, in AWS's words -> queue URL.
        mapping: UUID of its event source mapping; None where there is none.
        is_own: whether only this experiment uses it, so that its metrics are about nothing else.
        mapping: UUID of the event source mapping, where there is one.
    """

    path: str
    function: str | None
    log_group: str | None
    source: str
    ends: Mapping[str, str] = field(default_factory=dict)
    is_own: bool = True
    mapping: str = ""

    @property
    def role(self) -> str:
        """Name of the function's role: the same as the function's."""
        return str(self.function)

    @property
    def outputs(self) -> Outputs:
        """A rig behind a queue, as `lab` and `workshop.ledger` take it in the place of a pattern.

        So what is shown of a deployed pattern can be shown of it too, e.g.
        `lab.attempts(rig.outputs)`.
        """
        keys = {words: key for key, words in END_QUEUES.items()}
        values = {
            "SourceQueueUrl": self.source,
            "FunctionName": str(self.function),
            "LogGroupName": str(self.log_group),
            "EventSourceMappingId": self.mapping,
            **{keys[words]: url for words, url in self.ends.items()},
        }
        return Outputs(str(self.function), values)


class Bench(Workbench):
    """Makes temporary resources, single ones and whole set-ups, and removes them."""

    def behind_queue(self, name: str, *, receives: int = 3, visibility_s: int = 10,
                     fifo: bool = False, mapping: Mapping[str, Any] | None = None,
                     **function: Any) -> Rig:  # fmt: skip
        """Pattern 1 in small: source queue, its DLQ, a function on a mapping.

        Args:
            name: what it is for.
            receives: maxReceiveCount.
            visibility_s: the source queue's visibility timeout.
            fifo: whether the queues are FIFO.
            mapping: settings of the event source mapping, by AWS's names.
            function: as `function` takes it; its environment also has the `QUEUE_URL`.
        """
        kind: dict[str, Any] = {"FifoQueue": "true"} if fifo else {}
        dlq = self.queue(f"{name}-dlq", **kind)
        source = self.queue(
            f"{name}-source",
            redrive_to=dlq,
            receives=receives,
            VisibilityTimeout=visibility_s,
            **kind,
        )
        environment = {"QUEUE_URL": source.url, **function.pop("environment", {})}
        made = self.function(name, environment=environment, **{"may": READING} | function)
        uuid = self.mapping(source, made, **(mapping or {}))
        rig = self._rig("SQS queue", made, source.url, {"source queue's DLQ": dlq.url})
        return replace(rig, mapping=uuid)

    def asynchronous(
        self,
        name: str,
        *,
        on_failure: QueueAddress | None = None,
        with_dlq: bool = False,
        age_s: int = 3600,
        retries: int = 2,
        **function: Any,
    ) -> Rig:
        """Patterns 2 and 3 in small: a function with an on-failure queue, and a DLQ if wanted."""
        on_failure = on_failure or self.queue(f"{name}-failed")
        dlq = self.queue(f"{name}-dlq") if with_dlq else None
        made = self.function(name, **{"may": WRITING, "dlq": dlq} | function)
        self.patiently(
            self.session.client("lambda").put_function_event_invoke_config,
            FunctionName=made,
            MaximumEventAgeInSeconds=age_s,
            MaximumRetryAttempts=retries,
            DestinationConfig={"OnFailure": {"Destination": on_failure.arn}},
        )
        ends = {"on-failure destination": on_failure.url}
        if dlq:
            ends["function's DLQ"] = dlq.url
        return self._rig("asynchronous", made, made, ends)

    def unread_queue(self, name: str, *, retention_s: int) -> Rig:
        """A source queue with a DLQ, that nobody receives from."""
        dlq = self.queue(f"{name}-dlq")
        source = self.queue(f"{name}-source", redrive_to=dlq, MessageRetentionPeriod=retention_s)
        return Rig("SQS queue", None, None, source.url, {"source queue's DLQ": dlq.url})

    def behind_topic(self, name: str, *, permitted: bool = True, **function: Any) -> Rig:
        """A function subscribed to a topic, with a DLQ of the subscription."""
        sns, made = self.session.client("sns"), self.function(name, **function)
        tags = tag_list(self.tags)
        topic: str = sns.create_topic(Name=self.name(f"{name}-topic"), Tags=tags)["TopicArn"]
        dlq = self.queue(f"{name}-dlq", topic=topic)
        if permitted:
            self.permit(made, topic)
        client = self.session.client("lambda")
        sns.subscribe(
            TopicArn=topic,
            Protocol="lambda",
            Endpoint=client.get_function_configuration(FunctionName=made)["FunctionArn"],
            Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": dlq.arn})},
        )
        return self._rig("SNS topic", made, topic, {"subscription's DLQ": dlq.url})

    def with_outlet(self, rig: Rig, name: str, queue: QueueAddress) -> Rig:
        """The rig with one more place where messages can end."""
        return replace(rig, ends={**rig.ends, name: queue.url})

    def attempts(self, rig: Rig) -> pd.DataFrame:
        """Every attempt of the rig's function, as `attempts_table` has them.

        Where logs are late they are read again while an attempt is not known yet, for 33 s at most.
        """
        return settled_attempts(self.session, rig.log_group or "")

    def arrivals(self, rig: Rig) -> pd.DataFrame:
        """What lies where the rig's messages end, as `arrivals_table` has it."""
        found = {name: queues.look(self.session, url) for name, url in rig.ends.items()}
        return arrivals_table(found)

    def clear(self) -> str:
        """Remove everything that was made under this name, now or in earlier runs; says how much.

        The last words are what a second look found: "0 left".
        """
        found = sweep.find(self.session, [self.prefix])
        sweep.delete(self.session, found.deletable)
        left = sweep.look_again(self.session, self.left)
        told = f"{len(found.deletable)} temporary resources removed, {len(left)} left"
        kept = [f"{one.name} is used by {by}" for one, by in found.needed.items()]
        return "\n".join([told, *kept])

    def left(self) -> list[Resource]:
        """What there is of ours under this name, of this run and of earlier ones."""
        return list(sweep.find(self.session, [self.prefix]).ours)

    def _rig(self, path: str, function: str, source: str, ends: dict[str, str]) -> Rig:
        rig = Rig(path, function, f"/aws/lambda/{function}", source, ends)
        self.session.waits.belong(function, rig.outputs.looked_at)
        return rig
