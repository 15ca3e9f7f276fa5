"""What S3 refuses of a bucket's notifications without a look at their targets."""

from itertools import count
from typing import Any

import pytest

from localaws.emulator.events.notifications import mistake_in, mistake_in_filters

QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
OVERLAP = (
    "Configurations overlap. Configurations on the same bucket cannot share a common event type."
)
AMBIGUOUS = (
    "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the "
    "prefixes are overlapping for the same event type."
)
IDS = count()


def mistake(configurations: list[dict[str, Any]]) -> str | None:
    return mistake_in(configurations, "us-east-1")


def told(*events: str, arn: str = QUEUE, **settings: str) -> dict[str, Any]:
    return {
        "id": f"id-{next(IDS)}",
        "arn": arn,
        "events": list(events),
        "filter_prefix": None,
        **settings,
    }


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("sqs", "FIFO SQS queues are not supported."),
        (
            "sns",
            "The ARN failed to satisfy constraint: Member must satisfy regular expression pattern: "
            r"^arn:aws[\p{Alpha}\-]*:sns:[\p{Alnum}\-]+:[\p{Digit}]{12}:[\p{Alnum}\-_]{1,256}$",
        ),
    ],
)
def test_a_fifo_target_is_none(kind: str, message: str) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/s3."""
    arn = f"arn:aws:{kind}:us-east-1:123456789012:orders.fifo"
    assert mistake([told("s3:ObjectCreated:*"), told("s3:ObjectRemoved:*", arn=arn)]) == message


def test_a_target_is_in_the_bucket_s_region() -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/s3."""
    assert mistake_in([told("s3:ObjectCreated:*")], "eu-west-1") == (
        "The notification destination service region is not valid for the bucket location "
        "constraint"
    )


@pytest.mark.parametrize("end", ["Prefix", "suffix"])
def test_a_filter_has_each_end_once(end: str) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/s3."""
    rule = f"<FilterRule><Name>{end}</Name><Value>a</Value></FilterRule>"
    xmlns = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'

    def given(*filters: str) -> bytes:
        keys = "".join(f"<Filter><S3Key>{one}</S3Key></Filter>" for one in filters)
        return f"<NotificationConfiguration {xmlns}>{keys}</NotificationConfiguration>".encode()

    assert mistake_in_filters(given(rule * 2)) == (
        f"Cannot specify more than one {end.lower()} rule in a filter."
    )
    assert mistake_in_filters(given(rule, rule)) is None


@pytest.mark.parametrize(
    "event", ["s3:Foo", "s3:*", "s3:ObjectCreated", "s3:ObjectAcl:*", "s3:TestEvent", "Put"]
)
def test_an_event_that_s3_does_not_know(event: str) -> None:
    told_of = mistake([told("s3:ObjectCreated:*", event)])
    assert told_of == "The event is not supported for notifications"


@pytest.mark.parametrize(
    "event",
    [
        "s3:ObjectTagging:*",
        "s3:ObjectTagging:Put",
        "s3:ObjectAcl:Put",
        "s3:ObjectRestore:Completed",
        "s3:Replication:*",
        "s3:LifecycleExpiration:Delete",
        "s3:LifecycleTransition",
        "s3:IntelligentTiering",
        "s3:ReducedRedundancyLostObject",
    ],
)
def test_an_event_that_never_happens_here(event: str) -> None:
    said = str(mistake([told(event)]))
    assert said.startswith(f"{event}: not part of the embedded AWS: ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("s3:ObjectCreated:*"), told("s3:ObjectCreated:*")),
        (told("s3:ObjectCreated:*"), told("s3:ObjectRemoved:*", "s3:ObjectCreated:Put")),
    ],
)
def test_configurations_that_overlap(one: Any, other: Any) -> None:
    assert mistake([one, other]) == mistake([other, one]) == OVERLAP


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("s3:ObjectCreated:Put"), told("s3:ObjectCreated:Put", filter_prefix="in/")),
        (
            told("s3:ObjectCreated:*", filter_prefix="in/", filter_suffix=".json"),
            told("s3:ObjectCreated:*", filter_prefix="in/now/", filter_suffix="json"),
        ),
        (
            told("s3:ObjectCreated:*", filter_prefix="in/"),
            told("s3:ObjectCreated:*", filter_suffix=".json"),
        ),
    ],
)
def test_filters_that_overlap(one: Any, other: Any) -> None:
    assert mistake([one, other]) == mistake([other, one]) == AMBIGUOUS


@pytest.mark.parametrize(
    "events",
    [
        ("s3:ObjectCreated:*", "s3:ObjectCreated:Put"),
        ("s3:ObjectRemoved:Delete", "s3:ObjectCreated:*", "s3:ObjectRemoved:*"),
        ("s3:ObjectCreated:Put", "s3:ObjectCreated:Put"),
    ],
)
def test_one_configuration_that_overlaps_with_itself(events: tuple[str, ...]) -> None:
    assert mistake([told(*events)]) == OVERLAP
    assert mistake([told(*reversed(events), filter_prefix="in/")]) == OVERLAP


def test_two_configurations_of_one_id() -> None:
    one, other = (told(f"s3:Object{what}:*", id="orders") for what in ("Created", "Removed"))
    assert mistake([one, other]) == (
        "Same ID used for multiple configurations. IDs must be unique."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("s3:ObjectCreated:*"), told("s3:ObjectRemoved:*")),
        (told("s3:ObjectCreated:Put"), told("s3:ObjectCreated:Post")),
        (told("s3:ObjectRemoved:Delete"), told("s3:ObjectRemoved:DeleteMarkerCreated")),
        (
            told("s3:ObjectCreated:*", filter_prefix="in/"),
            told("s3:ObjectCreated:*", filter_prefix="out/"),
        ),
        (
            told("s3:ObjectCreated:*", filter_prefix="in/", filter_suffix=".json"),
            told("s3:ObjectCreated:*", filter_prefix="in/", filter_suffix=".xml"),
        ),
    ],
)
def test_configurations_side_by_side(one: Any, other: Any) -> None:
    assert mistake([one, other]) is None
