"""What S3 refuses of a bucket's notifications, before it looks at their targets. Pure.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
Its words: https://github.com/minio/minio/issues/2472 (overlaps without filters),
https://github.com/aws/aws-cli/issues/2387 (with one),
https://github.com/aws-solutions/aws-waf-security-automations/issues/174 (ids); of FIFO targets,
Regions, events and filters: https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/s3.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

from localaws.words.arns import region_of, service_of

_CREATED = ("Put", "Post", "Copy", "CompleteMultipartUpload")
_REMOVED = ("Delete", "DeleteMarkerCreated")
_REPLICATED = (
    "OperationFailedReplication",
    "OperationMissedThreshold",
    "OperationNotTracked",
    "OperationReplicatedAfterThreshold",
)
# Whether it happens here -> family -> what of it. A family without parts is an event itself.
_FAMILIES: dict[bool, dict[str, tuple[str, ...]]] = {
    True: {
        "ObjectCreated": _CREATED,
        "ObjectRemoved": _REMOVED,
        "ObjectAnnotation": ("Put", "Delete"),
    },
    False: {
        "ObjectRestore": ("Post", "Completed", "Delete"),
        "ObjectTagging": ("Put", "Delete"),
        "ObjectAcl": ("Put",),
        "ObjectRetention": ("Put",),
        "Replication": _REPLICATED,
        "LifecycleExpiration": _REMOVED,
        "LifecycleTransition": (),
        "IntelligentTiering": (),
        "ReducedRedundancyLostObject": (),
    },
}


_OVERLAP = (
    "Configurations overlap. Configurations on the same bucket cannot share a common event type."
)
_AMBIGUOUS = (
    "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the "
    "prefixes are overlapping for the same event type."
)

_FIFO_QUEUE = "FIFO SQS queues are not supported."
_NO_TOPIC = (
    "The ARN failed to satisfy constraint: Member must satisfy regular expression pattern: "
    r"^arn:aws[\p{Alpha}\-]*:sns:[\p{Alnum}\-]+:[\p{Digit}]{12}:[\p{Alnum}\-_]{1,256}$"
)
_ELSEWHERE = (
    "The notification destination service region is not valid for the bucket location constraint"
)


def _names(*, happens: bool) -> frozenset[str]:
    names = set()
    for family, parts in _FAMILIES[happens].items():
        every = ("*",) if len(parts) > 1 else ()
        names |= {f"s3:{family}:{part}" for part in (*parts, *every)} or {f"s3:{family}"}
    return frozenset(names)


_HAPPEN = _names(happens=True)
_ABSENT = _names(happens=False)


def mistake_in(configurations: Sequence[Mapping[str, Any]], region: str) -> str | None:
    """The message of the InvalidArgument with which they are refused, or None.

    Args:
        configurations: each with `id`, `arn`, `events` and, of its filter's rules,
            `filter_prefix` and `filter_suffix`, which may be None.
        region: the bucket's.
    """
    for arn in (one["arn"] for one in configurations):
        if arn.endswith(".fifo"):
            return _FIFO_QUEUE if service_of(arn) == "sqs" else _NO_TOPIC
        if region_of(arn) not in ("", region):
            return _ELSEWHERE
    for event in (event for one in configurations for event in one["events"]):
        if event in _ABSENT:
            return (
                f"{event}: not part of the embedded AWS: buckets tell of objects that are "
                "created, removed or annotated. Use a real account for it."
            )
        if event not in _HAPPEN:
            return "The event is not supported for notifications"
    if any(times > 1 for times in Counter(one["id"] for one in configurations).values()):
        return "Same ID used for multiple configurations. IDs must be unique."
    for one in configurations:
        if any(_overlap(event, other) for event, other in combinations(one["events"], 2)):
            return _OVERLAP
    for one, other in combinations(configurations, 2):
        if _share_an_event(one["events"], other["events"]) and _share_a_key(one, other):
            return _AMBIGUOUS if _has_filter(one) or _has_filter(other) else _OVERLAP
    return None


def mistake_in_filters(body: bytes) -> str | None:
    """The message with which the filters of a PutBucketNotificationConfiguration are refused."""
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return None  # what S3 says of such a body is not about its filters
    for given in root.iterfind(".//{*}S3Key"):
        names = [
            (name.text or "").strip().lower() for name in given.iterfind("{*}FilterRule/{*}Name")
        ]
        for end in ("prefix", "suffix"):
            if names.count(end) > 1:
                return f"Cannot specify more than one {end} rule in a filter."
    return None


def unreachable(arns: Sequence[str]) -> str:
    """What is said of targets that S3 cannot use."""
    return f"Unable to validate the following destination configurations: {', '.join(arns)}"


def _share_an_event(events: Sequence[str], others: Sequence[str]) -> bool:
    return any(_overlap(event, other) for event in events for other in others)


def _overlap(event: str, other: str) -> bool:
    event, other = event.removesuffix("*"), other.removesuffix("*")
    if event.endswith(":") or other.endswith(":"):
        return event.startswith(other) or other.startswith(event)
    return event == other


def _has_filter(configuration: Mapping[str, Any]) -> bool:
    return any(configuration.get(f"filter_{end}") for end in ("prefix", "suffix"))


def _share_a_key(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether an object's key may pass both filters."""
    prefixes = [configuration.get("filter_prefix") or "" for configuration in (one, other)]
    suffixes = [configuration.get("filter_suffix") or "" for configuration in (one, other)]
    short, long = sorted(prefixes, key=len)
    brief, lengthy = sorted(suffixes, key=len)
    return long.startswith(short) and lengthy.endswith(brief)
