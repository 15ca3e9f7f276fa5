"""Who caused an S3 event, as its record says."""

from typing import Any

from localaws.emulator.iam.requester import Requester
from localaws.words.identity import Identity

IDENTITY = Identity("123456789012", "us-east-1")


def signed(requester: Requester) -> dict[str, Any]:
    return requester.sign(
        {
            "eventName": "ObjectCreated:Put",
            "userIdentity": {"principalId": "EXAMPLE"},
            "responseElements": {
                "x-amz-request-id": "0e6f6bd9-3d5c-4f0b-9a58-3d1f2d1c9f6e",
                "x-amz-id-2": "EXAMPLE",
            },
            "s3": {
                "bucket": {"name": "orders", "ownerIdentity": {"principalId": "EXAMPLE"}},
                "object": {"key": "1"},
            },
        }
    )


def test_the_caller_and_their_ids_are_named() -> None:
    requester = Requester(IDENTITY, lambda prefix, account_id, name: f"{prefix}-{name}")
    with requester.acting("arn:aws:iam::123456789012:user/ann"):
        record = signed(requester)
    assert record["userIdentity"] == {"principalId": "AWS:AIDA-user/ann"}
    with requester.acting("arn:aws:sts::123456789012:assumed-role/orders/fn"):
        assert signed(requester)["userIdentity"] == {"principalId": "AWS:AROA-role/orders:fn"}
    # Afterwards nobody's request is answered any more
    assert signed(requester)["userIdentity"] == {"principalId": "AWS:AIDA-user/workshop"}


def test_nothing_is_left_of_an_example_and_the_rest_stays() -> None:
    record = signed(Requester(IDENTITY, lambda *_: "AIDAEXA"))
    owner = record["s3"]["bucket"].pop("ownerIdentity")["principalId"]
    assert len(owner) == 14
    assert owner.startswith("A")
    assert record["s3"] == {"bucket": {"name": "orders"}, "object": {"key": "1"}}
    assert record["responseElements"]["x-amz-request-id"] == "0E6F6BD93D5C4F0B"
    assert len(record["responseElements"]["x-amz-id-2"]) == 64
