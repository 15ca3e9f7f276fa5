"""What depends on a resource of ours without being ours: a reason to leave the resource."""

from collections.abc import Iterator, Set

from workshop.stacks.kinds import Resource, name_in, pages
from workshop.target.session import Session


class Dependants:
    """Foreign event source mappings, subscriptions, redrive policies and functions.

    Args:
        session: the target.
        ours: all resources that are ours.
    """

    def __init__(self, session: Session, ours: Set[Resource]) -> None:
        self._session = session
        self._handles = {one.handle for one in ours}
        self._connections: list[tuple[str, tuple[str, ...]]] | None = None

    def foreign(self, resource: Resource) -> str:
        """What depends on a resource, in words; "" when nothing foreign does."""
        match resource.kind:
            case "SQS queue":
                found = [*self._connected(resource), *self._redriven_to(resource)]
            case "Lambda function" | "SNS topic" | "IAM role":
                found = list(self._connected(resource))
            case _:
                found = []
        return ", ".join(sorted(found))

    def _connected(self, resource: Resource) -> Iterator[str]:
        if self._connections is None:
            self._connections = list(self._foreign_connections())
        for told, arns in self._connections:
            if any(arn == resource.arn or arn.startswith(f"{resource.arn}:") for arn in arns):
                yield told

    def _foreign_connections(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        client = self._session.client("lambda")
        for one in pages(client, "list_event_source_mappings", "EventSourceMappings"):
            if one["UUID"] not in self._handles:
                ends = (one.get("EventSourceArn", ""), one["FunctionArn"])
                yield f"event source mapping {one['UUID']}", ends
        for one in pages(self._session.client("sns"), "list_subscriptions", "Subscriptions"):
            if one["SubscriptionArn"] not in self._handles:
                ends = (one["TopicArn"], one.get("Endpoint", ""))
                yield f"subscription of topic {name_in(one['TopicArn'])}", ends
        for one in pages(client, "list_functions", "Functions"):
            if one["FunctionName"] not in self._handles:
                dlq = one.get("DeadLetterConfig", {}).get("TargetArn", "")
                yield f"function {one['FunctionName']}", (one["Role"], dlq)

    def _redriven_to(self, queue: Resource) -> Iterator[str]:
        client = self._session.client("sqs")
        sources = pages(
            client, "list_dead_letter_source_queues", "queueUrls", QueueUrl=queue.handle
        )
        for url in sources:
            if url not in self._handles:
                yield f"redrive policy of queue {url.rpartition('/')[2]}"
