"""What other services reach here, as the one who receives sees it."""

import re
from typing import Any

import pytest

from localaws.sqs.senders import service_sender_id
from localaws.targets.reach import OnBehalf, Reach
from tests.unit.sqs.world import SqsWorld

USER_OR_SESSION = re.compile(r"AIDA[A-Z2-7]{17}|AROA[A-Z2-7]{17}:[\w+=,.@-]+")


class Allowing:
    def resource_policy_allows(self, *_: Any, **__: Any) -> bool:
        return True


@pytest.mark.parametrize("service", ["events.amazonaws.com", "s3.amazonaws.com"])
def test_a_service_sends_as_a_user_or_a_role_s_session_of_its_own(service: str) -> None:
    world = SqsWorld()
    queue = world.queue()
    other: Any = None
    reach = Reach(
        invoke_async=other, may_invoke=other, sqs=world.service, sns=other, permissions=Allowing()
    )

    reach.send(queue.arn, "event", OnBehalf(service, "arn:aws:s3:::bucket"))

    got = world.call("ReceiveMessage", QueueUrl=queue.url, AttributeNames=["SenderId"])
    sender = got["Messages"][0]["Attributes"]["SenderId"]
    assert USER_OR_SESSION.fullmatch(sender)
    assert sender == service_sender_id(service)


def test_each_service_has_its_own_sender() -> None:
    services = ("events", "s3", "sns", "another")
    senders = {service_sender_id(f"{service}.amazonaws.com") for service in services}
    assert len(senders) == len(services)
    assert all(map(USER_OR_SESSION.fullmatch, senders))
    # What has been seen of S3, whose role the others have none like.
    assert service_sender_id("s3.amazonaws.com").endswith(":S3-PROD-END")
