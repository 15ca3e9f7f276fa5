"""The kinds of resources that the workshop makes: how each is listed, told apart and deleted.

A list by name only finds candidates. Whose they are is told by `workshop.stacks.ownership`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workshop.target.session import Session

Candidates = Callable[[Session, Sequence[str]], Iterator["Resource"]]
TagsOf = Callable[[Session, "Resource"], Mapping[str, str]]

STACK = "CloudFormation stack"


@dataclass(frozen=True, order=True)
class Resource:
    """One resource that was found.

    Attributes:
        kind: in words, e.g. "Lambda function".
        name: its name, or what it connects where AWS gives no name.
        handle: what its API calls take: a name, a URL or an ARN.
        arn: where the service tells it.
        ends: ARNs of what it connects: a mapping's queue and function, a subscription's topic and
            endpoint.
    """

    kind: str
    name: str
    handle: str
    arn: str = field(default="", compare=False)
    ends: tuple[str, ...] = field(default=(), compare=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """What CloudFormation may have recorded it as."""
        return tuple(filter(None, (self.handle, self.arn)))


@dataclass(frozen=True)
class Kind:
    """One kind of resource.

    Attributes:
        name: in words.
        candidates: lists those whose names, or ends, begin with one of some prefixes.
        tags: reads the tags of one; None where AWS gives a kind none.
        delete: deletes one.
    """

    name: str
    candidates: Candidates
    tags: TagsOf | None
    delete: Callable[[Session, Resource], None]


def begins(name: str, prefixes: Sequence[str]) -> bool:
    """Whether a name begins with one of these."""
    return name.startswith(tuple(prefixes))


def name_in(arn: str) -> str:
    """The name at the end of an ARN; of a function's version or alias, the function's."""
    if ":function:" in arn:
        return arn.partition(":function:")[2].partition(":")[0]
    return arn.rpartition(":")[2]


def pages(client: Any, operation: str, key: str, **parameters: Any) -> Iterator[Any]:
    """The items of a list that comes in pages."""
    for page in client.get_paginator(operation).paginate(**parameters):
        yield from page.get(key, [])


def _given(**parameters: str) -> dict[str, str]:
    """A prefix for a call; an empty one, which means all, is left out: AWS takes none."""
    return {name: value for name, value in parameters.items() if value}


def _pairs(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def _stacks(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    for stack in pages(session.client("cloudformation"), "describe_stacks", "Stacks"):
        # Prefixes end with a hyphen; the stack itself is named without it.
        if begins(f"{stack['StackName']}-", prefixes):
            yield Resource(STACK, stack["StackName"], stack["StackName"])


def _stack_tags(session: Session, stack: Resource) -> Mapping[str, str]:
    found = session.client("cloudformation").describe_stacks(StackName=stack.handle)
    return _pairs(found["Stacks"][0].get("Tags", []))


def _mappings(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    client = session.client("lambda")
    for one in pages(client, "list_event_source_mappings", "EventSourceMappings"):
        ends = (one.get("EventSourceArn", ""), one["FunctionArn"])
        names = [name_in(end) for end in ends]
        if any(begins(name, prefixes) for name in names) and one["State"] != "Deleting":
            arn = one.get("EventSourceMappingArn", "")
            yield Resource("event source mapping", " → ".join(names), one["UUID"], arn, ends)


def _delete_mapping(session: Session, mapping: Resource) -> None:
    client = session.client("lambda")
    try:
        client.delete_event_source_mapping(UUID=mapping.handle)
    except client.exceptions.ResourceInUseException:
        # It is changing its state at this moment.
        session.clock.sleep(20, "the mapping is changing its state")
        client.delete_event_source_mapping(UUID=mapping.handle)


def _functions(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    for one in pages(session.client("lambda"), "list_functions", "Functions"):
        if begins(one["FunctionName"], prefixes):
            name = one["FunctionName"]
            yield Resource("Lambda function", name, name, one["FunctionArn"])


def _lambda_tags(session: Session, resource: Resource) -> Mapping[str, str]:
    found: dict[str, str] = session.client("lambda").list_tags(Resource=resource.arn)["Tags"]
    return found


def _queues(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    for prefix in prefixes:
        sqs = session.client("sqs")
        for url in pages(sqs, "list_queues", "QueueUrls", **_given(QueueNamePrefix=prefix)):
            name = url.rpartition("/")[2]
            arn = f"arn:aws:sqs:{session.region}:{url.split('/')[-2]}:{name}"
            yield Resource("SQS queue", name, url, arn)


def _queue_tags(session: Session, queue: Resource) -> Mapping[str, str]:
    found = session.client("sqs").list_queue_tags(QueueUrl=queue.handle)
    tags: dict[str, str] = found.get("Tags", {})
    return tags


def _subscriptions(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    for one in pages(session.client("sns"), "list_subscriptions", "Subscriptions"):
        ends = (one["TopicArn"], one.get("Endpoint", ""))
        names = [name_in(end) for end in ends]
        is_confirmed = one["SubscriptionArn"].startswith("arn:")
        if is_confirmed and any(begins(name, prefixes) for name in names):
            arn = one["SubscriptionArn"]
            yield Resource("SNS subscription", " → ".join(names), arn, arn, ends)


def _topics(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    for one in pages(session.client("sns"), "list_topics", "Topics"):
        arn = one["TopicArn"]
        if begins(name_in(arn), prefixes):
            yield Resource("SNS topic", name_in(arn), arn, arn)


def _topic_tags(session: Session, topic: Resource) -> Mapping[str, str]:
    return _pairs(session.client("sns").list_tags_for_resource(ResourceArn=topic.arn)["Tags"])


def _tables(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    client = session.client("dynamodb")
    for name in pages(client, "list_tables", "TableNames"):
        if begins(name, prefixes):
            arn = client.describe_table(TableName=name)["Table"]["TableArn"]
            yield Resource("DynamoDB table", name, name, arn)


def _table_tags(session: Session, table: Resource) -> Mapping[str, str]:
    found = session.client("dynamodb").list_tags_of_resource(ResourceArn=table.arn)
    return _pairs(found["Tags"])


def _alarms(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    client = session.client("cloudwatch")
    for prefix in prefixes:
        for one in pages(
            client, "describe_alarms", "MetricAlarms", **_given(AlarmNamePrefix=prefix)
        ):
            yield Resource("CloudWatch alarm", one["AlarmName"], one["AlarmName"], one["AlarmArn"])


def _alarm_tags(session: Session, alarm: Resource) -> Mapping[str, str]:
    client = session.client("cloudwatch")
    return _pairs(client.list_tags_for_resource(ResourceARN=alarm.arn)["Tags"])


def _log_groups(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    # Lambda names the groups that it makes by itself after the function.
    client = session.client("logs")
    for prefix in [*prefixes, *(f"/aws/lambda/{prefix}" for prefix in prefixes)]:
        asked = _given(logGroupNamePrefix=prefix)
        for one in pages(client, "describe_log_groups", "logGroups", **asked):
            name = one["logGroupName"]
            yield Resource("log group", name, name, one["arn"].removesuffix(":*"))


def _log_group_tags(session: Session, group: Resource) -> Mapping[str, str]:
    found = session.client("logs").list_tags_for_resource(resourceArn=group.arn)
    tags: dict[str, str] = found.get("tags", {})
    return tags


def _roles(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    for role in pages(session.client("iam"), "list_roles", "Roles"):
        if begins(role["RoleName"], prefixes):
            yield Resource("IAM role", role["RoleName"], role["RoleName"], role["Arn"])


def _role_tags(session: Session, role: Resource) -> Mapping[str, str]:
    return _pairs(session.client("iam").list_role_tags(RoleName=role.handle)["Tags"])


def _delete_role(session: Session, role: Resource) -> None:
    iam, name = session.client("iam"), role.handle
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def _calling(service: str, operation: str, parameter: str) -> Callable[[Session, Resource], None]:
    def delete(session: Session, resource: Resource) -> None:
        getattr(session.client(service), operation)(**{parameter: resource.handle})

    return delete


def _delete_alarm(session: Session, alarm: Resource) -> None:
    session.client("cloudwatch").delete_alarms(AlarmNames=[alarm.handle])


# In the order in which they are deleted: first what makes calls, in the end what is called.
KINDS: tuple[Kind, ...] = (
    Kind(
        STACK,
        _stacks,
        _stack_tags,
        _calling("cloudformation", "delete_stack", "StackName"),
    ),
    Kind("event source mapping", _mappings, _lambda_tags, _delete_mapping),
    Kind(
        "SNS subscription", _subscriptions, None, _calling("sns", "unsubscribe", "SubscriptionArn")
    ),
    Kind(
        "Lambda function",
        _functions,
        _lambda_tags,
        _calling("lambda", "delete_function", "FunctionName"),
    ),
    Kind("SNS topic", _topics, _topic_tags, _calling("sns", "delete_topic", "TopicArn")),
    Kind("SQS queue", _queues, _queue_tags, _calling("sqs", "delete_queue", "QueueUrl")),
    Kind("DynamoDB table", _tables, _table_tags, _calling("dynamodb", "delete_table", "TableName")),
    Kind("CloudWatch alarm", _alarms, _alarm_tags, _delete_alarm),
    Kind(
        "log group",
        _log_groups,
        _log_group_tags,
        _calling("logs", "delete_log_group", "logGroupName"),
    ),
    Kind("IAM role", _roles, _role_tags, _delete_role),
)
ORDER = {kind.name: number for number, kind in enumerate(KINDS)}
