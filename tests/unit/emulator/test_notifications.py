"""What S3 refuses of a bucket's notifications without a look at their targets."""

from itertools import count
from typing import Any

import pytest

from localaws.emulator.events.notifications import mistake_in

QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
OVERLAP = (
    "Configurations overlap. Configurations on the same bucket cannot share a common event type."
)
AMBIGUOUS = (
    "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the "
    "prefixes are overlapping for the same event type."
)
IDS = count()


def told(*events: str, arn: str = QUEUE, **settings: str) -> dict[str, Any]:
    return {
        "id": f"id-{next(IDS)}",
        "arn": arn,
        "events": list(events),
        "filter_prefix": None,
        **settings,
    }


@pytest.mark.parametrize("kind", ["sqs", "sns"])
def test_a_fifo_target_is_none(kind: str) -> None:
    arn = f"arn:aws:{kind}:us-east-1:123456789012:orders.fifo"
    assert mistake_in([told("s3:ObjectCreated:*"), told("s3:ObjectRemoved:*", arn=arn)]) == (
        f"Unable to validate the following destination configurations: {arn}"
    )


@pytest.mark.parametrize(
    "event", ["s3:Foo", "s3:*", "s3:ObjectCreated", "s3:ObjectAcl:*", "s3:TestEvent", "Put"]
)
def test_an_event_that_s3_does_not_know(event: str) -> None:
    assert mistake_in([told("s3:ObjectCreated:*", event)]) == (
        f"The event is not supported for notifications: {event}"
    )


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
    said = str(mistake_in([told(event)]))
    assert said.startswith(f"{event}: not part of the embedded AWS: ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("s3:ObjectCreated:*"), told("s3:ObjectCreated:*")),
        (told("s3:ObjectCreated:*"), told("s3:ObjectRemoved:*", "s3:ObjectCreated:Put")),
    ],
)
def test_configurations_that_overlap(one: Any, other: Any) -> None:
    assert mistake_in([one, other]) == mistake_in([other, one]) == OVERLAP


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
    assert mistake_in([one, other]) == mistake_in([other, one]) == AMBIGUOUS


@pytest.mark.parametrize(
    "events",
    [
        ("s3:ObjectCreated:*", "s3:ObjectCreated:Put"),
        ("s3:ObjectRemoved:Delete", "s3:ObjectCreated:*", "s3:ObjectRemoved:*"),
        ("s3:ObjectCreated:Put", "s3:ObjectCreated:Put"),
    ],
)
def test_one_configuration_that_overlaps_with_itself(events: tuple[str, ...]) -> None:
    assert mistake_in([told(*events)]) == OVERLAP
    assert mistake_in([told(*reversed(events), filter_prefix="in/")]) == OVERLAP


def test_two_configurations_of_one_id() -> None:
    one, other = (told(f"s3:Object{what}:*", id="orders") for what in ("Created", "Removed"))
    assert mistake_in([one, other]) == (
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
    assert mistake_in([one, other]) is None
