"""Find and delete resources by name prefix and by tag, service by service.

Stacks delete what they made. This is for what stacks do not know: temporary resources of an
experiment, and whatever a deletion left behind. A resource that is found by its name and by its
tag is one resource.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from botocore.exceptions import ClientError

from workshop.target.session import Session

# Every resource of the workshop's stacks carries it (infra/workshop_app.py), and so does every
# temporary one (`workshop.workbench`).
TAG = ("workshop", "lambda-failure")

_LISTED_S, _LOOK_EVERY_S = 90.0, 10.0

# Deleting what is gone already is no failure: another sweep, or a stack, was faster.
_GONE = ("NonExistent", "NotFound", "NoSuchEntity", "QueueDoesNotExist")


@dataclass(frozen=True, order=True)
class Resource:
    """One resource that was found.

    Attributes:
        kind: in words, e.g. "Lambda function".
        name: its name, or its id where AWS gives no name.
        handle: what its API calls take: a name, a URL or an ARN.
    """

    kind: str
    name: str
    handle: str


Finder = Callable[[Session, Sequence[str]], Iterator[tuple[str, str]]]
Remover = Callable[[Session, str], None]


def _mappings(session: Session, prefixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    pages = session.client("lambda").get_paginator("list_event_source_mappings").paginate()
    for mapping in (found for page in pages for found in page["EventSourceMappings"]):
        ends = (
            _name(mapping["FunctionArn"].partition(":function:")[2]),
            _name(mapping["EventSourceArn"]),
        )
        if any(_matches(end, prefixes) for end in ends) and mapping["State"] != "Deleting":
            yield f"{ends[1]} → {ends[0].partition(':')[0]}", mapping["UUID"]


def _delete_mapping(session: Session, uuid: str) -> None:
    client = session.client("lambda")
    try:
        client.delete_event_source_mapping(UUID=uuid)
    except client.exceptions.ResourceInUseException:
        # It is changing its state at this moment.
        session.clock.sleep(20)
        client.delete_event_source_mapping(UUID=uuid)


def _functions(session: Session, prefixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    pages = session.client("lambda").get_paginator("list_functions").paginate()
    for function in (found for page in pages for found in page["Functions"]):
        if _matches(function["FunctionName"], prefixes):
            yield function["FunctionName"], function["FunctionName"]


def _queues(session: Session, prefixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    for prefix in prefixes:
        pages = session.client("sqs").get_paginator("list_queues").paginate(QueueNamePrefix=prefix)
        for url in (url for page in pages for url in page.get("QueueUrls", [])):
            yield url.rpartition("/")[2], url


def _subscriptions(session: Session, prefixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    pages = session.client("sns").get_paginator("list_subscriptions").paginate()
    for found in (found for page in pages for found in page["Subscriptions"]):
        ends = _name(found["TopicArn"]), _name(found.get("Endpoint", ""))
        if found["SubscriptionArn"].startswith("arn:") and any(
            _matches(end, prefixes) for end in ends
        ):
            yield " → ".join(ends), found["SubscriptionArn"]


def _topics(session: Session, prefixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    pages = session.client("sns").get_paginator("list_topics").paginate()
    for arn in (found["TopicArn"] for page in pages for found in page["Topics"]):
        if _matches(_name(arn), prefixes):
            yield _name(arn), arn


def _tables(session: Session, prefixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    pages = session.client("dynamodb").get_paginator("list_tables").paginate()
    for name in (name for page in pages for name in page["TableNames"]):
        if _matches(name, prefixes):
            yield name, name


def _alarms(session: Session, prefixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    for prefix in prefixes:
        pages = session.client("cloudwatch").get_paginator("describe_alarms")
        for page in pages.paginate(AlarmNamePrefix=prefix):
            for alarm in page["MetricAlarms"]:
                yield alarm["AlarmName"], alarm["AlarmName"]


def _log_groups(session: Session, prefixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    # Lambda names the groups that it makes by itself after the function.
    for prefix in [*prefixes, *(f"/aws/lambda/{prefix}" for prefix in prefixes)]:
        pages = session.client("logs").get_paginator("describe_log_groups")
        for page in pages.paginate(logGroupNamePrefix=prefix):
            for group in page["logGroups"]:
                yield group["logGroupName"], group["logGroupName"]


def _roles(session: Session, prefixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    pages = session.client("iam").get_paginator("list_roles").paginate()
    for name in (role["RoleName"] for page in pages for role in page["Roles"]):
        if _matches(name, prefixes):
            yield name, name


def _delete_role(session: Session, name: str) -> None:
    iam = session.client("iam")
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def _stacks(session: Session, prefixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    pages = session.client("cloudformation").get_paginator("describe_stacks").paginate()
    for stack in (found for page in pages for found in page["Stacks"]):
        # Prefixes end with a hyphen; the stack itself is named without it.
        if _matches(f"{stack['StackName']}-", prefixes):
            yield stack["StackName"], stack["StackName"]


def _calling(service: str, operation: str, parameter: str) -> Remover:
    def remove(session: Session, handle: str) -> None:
        getattr(session.client(service), operation)(**{parameter: handle})

    return remove


# In the order in which they are deleted: first what makes calls, in the end what is called.
KINDS: dict[str, tuple[Finder, Remover]] = {
    "CloudFormation stack": (_stacks, _calling("cloudformation", "delete_stack", "StackName")),
    "event source mapping": (_mappings, _delete_mapping),
    "SNS subscription": (_subscriptions, _calling("sns", "unsubscribe", "SubscriptionArn")),
    "Lambda function": (_functions, _calling("lambda", "delete_function", "FunctionName")),
    "SNS topic": (_topics, _calling("sns", "delete_topic", "TopicArn")),
    "SQS queue": (_queues, _calling("sqs", "delete_queue", "QueueUrl")),
    "DynamoDB table": (_tables, _calling("dynamodb", "delete_table", "TableName")),
    "CloudWatch alarm": (
        _alarms,
        lambda session, name: session.client("cloudwatch").delete_alarms(AlarmNames=[name]),
    ),
    "log group": (_log_groups, _calling("logs", "delete_log_group", "logGroupName")),
    "IAM role": (_roles, _delete_role),
}


def find(session: Session, prefixes: Sequence[str], *, tag: bool = False) -> list[Resource]:
    """Everything whose name begins with one of the prefixes, and everything tagged.

    Args:
        session: the target.
        prefixes: beginnings of names, each ending with a hyphen.
        tag: look for the workshop's tag too; of other participants' resources none is taken.

    Returns:
        Sorted by kind in the order of deletion, then by name.
    """
    found = [
        Resource(kind, name, handle)
        for kind, (finder, _) in KINDS.items()
        for name, handle in dict(sorted(finder(session, prefixes))).items()
    ]
    known = {resource.name for resource in found}
    if tag:
        found += [other for other in _tagged(session) if other.name not in known]
    return sorted(found, key=lambda resource: (list(KINDS).index(resource.kind), resource.name))


def delete(session: Session, resources: Iterable[Resource]) -> None:
    """Delete these resources; those that are gone already are passed over."""
    for resource in resources:
        with _gone_is_fine():
            KINDS[resource.kind][1](session, resource.handle)


def look_again(session: Session, look: Callable[[], list[Resource]]) -> list[Resource]:
    """What is left after deletions; on a real account lists show deleted queues for a minute."""
    left, waited_s = look(), 0.0
    while left and not session.clock.is_virtual and waited_s < _LISTED_S:
        session.clock.sleep(_LOOK_EVERY_S)
        left, waited_s = look(), waited_s + _LOOK_EVERY_S
    return left


@contextlib.contextmanager
def _gone_is_fine() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if not any(part in code for part in _GONE):
            raise


# Part of an ARN -> kind. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_BY_ARN = {
    ":sqs:": "SQS queue",
    ":function:": "Lambda function",
    ":sns:": "SNS topic",
    ":log-group:": "log group",
    ":alarm:": "CloudWatch alarm",
    ":table/": "DynamoDB table",
}


def _tagged(session: Session) -> Iterator[Resource]:
    """What carries the workshop's tag and this participant's, or no participant's."""
    client = session.client("resourcegroupstaggingapi")
    wanted = [{"Key": TAG[0], "Values": [TAG[1]]}]
    for page in client.get_paginator("get_resources").paginate(TagFilters=wanted):
        for found in page["ResourceTagMappingList"]:
            tags = {tag["Key"]: tag["Value"] for tag in found["Tags"]}
            arn = found["ResourceARN"]
            kind = next((kind for part, kind in _BY_ARN.items() if part in arn), None)
            if kind and tags.get("participant") == session.target.participant:
                yield from _confirmed(session, kind, _name(arn.removesuffix(":*")))


def _confirmed(session: Session, kind: str, name: str) -> Iterator[Resource]:
    """The resource, if its own service knows it: tags are told for a while after a deletion."""
    name = name.removeprefix("table/")
    for found, handle in KINDS[kind][0](session, [name]):
        if found == name:
            yield Resource(kind, name, handle)


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]


def _matches(name: str, prefixes: Sequence[str]) -> bool:
    return any(name.startswith(prefix) for prefix in prefixes)
