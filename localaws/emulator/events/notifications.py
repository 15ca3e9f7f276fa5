"""What S3 refuses of a bucket's notifications, before it looks at their targets. Pure.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
Its words: https://github.com/minio/minio/issues/2472 (overlaps without filters),
https://github.com/aws/aws-cli/issues/2387 (with one),
https://github.com/aws-solutions/aws-waf-security-automations/issues/174 (ids).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

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


def _names(*, happens: bool) -> frozenset[str]:
    names = set()
    for family, parts in _FAMILIES[happens].items():
        every = ("*",) if len(parts) > 1 else ()
        names |= {f"s3:{family}:{part}" for part in (*parts, *every)} or {f"s3:{family}"}
    return frozenset(names)


_HAPPEN = _names(happens=True)
_ABSENT = _names(happens=False)


def mistake_in(configurations: Sequence[Mapping[str, Any]]) -> str | None:
    """The message of the InvalidArgument with which they are refused, or None.

    Args:
        configurations: each with `id`, `arn`, `events` and, of its filter's rules,
            `filter_prefix` and `filter_suffix`, which may be None.
    """
    fifo = [one["arn"] for one in configurations if one["arn"].endswith(".fifo")]
    if fifo:
        return unreachable(fifo)
    for event in (event for one in configurations for event in one["events"]):
        if event in _ABSENT:
            return (
                f"{event}: not part of the embedded AWS: buckets tell of objects that are "
                "created, removed or annotated. Use a real account for it."
            )
        if event not in _HAPPEN:
            return f"The event is not supported for notifications: {event}"
    if any(times > 1 for times in Counter(one["id"] for one in configurations).values()):
        return "Same ID used for multiple configurations. IDs must be unique."
    for one in configurations:
        if any(_overlap(event, other) for event, other in combinations(one["events"], 2)):
            return _OVERLAP
    for one, other in combinations(configurations, 2):
        if _share_an_event(one["events"], other["events"]) and _share_a_key(one, other):
            return _AMBIGUOUS if _has_filter(one) or _has_filter(other) else _OVERLAP
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
