"""Counts of a queue that are a minute old: nobody concludes from them what is no longer so."""

from typing import Any

import pytest

from tests.unit.workshop.fake_aws import FakeCloudFormation, FakeSqs, fake_lab
from tests.unit.workshop.test_repair import BAD, OUTPUTS, URLS, Logs, dead
from tests.unit.workshop.test_waiting import FakeClock
from workshop.lab import Lab
from workshop.repair.redrive import redrive
from workshop.stage.clearing import clear, emptied
from workshop.target.lateness import LATE, PUNCTUAL, Lateness
from workshop.target.outputs import Outputs

DLQ = "https://example.com/dlq.fifo"
COUNTS = {
    "visible": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
}


class LateSqs(FakeSqs):
    """Shows for a minute what one queue held before."""

    def __init__(self, url: str, old: dict[str, int], **queues: list[dict[str, Any]]) -> None:
        super().__init__(**queues)
        self.url, self.old = url, {COUNTS[name]: str(number) for name, number in old.items()}
        self.lab: Lab | None = None

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:  # noqa: N803
        answer = super().get_queue_attributes(QueueUrl, AttributeNames)
        assert self.lab is not None
        if QueueUrl == self.url and (self.lab.clock.now() - self.began).total_seconds() < 60:
            answer["Attributes"] |= self.old
        answer["ResponseMetadata"] = {"HTTPHeaders": {}}
        return answer

    def receive_message(self, QueueUrl: str, MaxNumberOfMessages: int, **_: Any) -> dict[str, Any]:  # noqa: N803
        # Ten of a message group, and no more while these are held.
        if len(self.hidden) >= 10:
            return {}
        return super().receive_message(QueueUrl, MaxNumberOfMessages)

    def delete_message(self, QueueUrl: str, ReceiptHandle: str) -> None:  # noqa: N803
        """Nothing to do: what was received is hidden."""

    def used_by(self, lab: Lab, lateness: Lateness) -> Lab:
        self.lab, self.began = lab, lab.clock.now()
        lab.session.lateness = lateness
        return lab


@pytest.mark.parametrize(("old", "lying"), [(8, 1), (0, 12)])
def test_what_a_redrive_could_not_see_is_counted_when_the_count_is_right(
    old: int, lying: int
) -> None:
    # Given messages of a FIFO queue's one group, and a count of a minute ago
    letters = [dead(f"o{number}", **BAD) for number in range(lying)]
    for letter in letters:
        letter["Attributes"]["MessageGroupId"] = "one"
    sqs = LateSqs(DLQ, {"visible": old}, **{URLS["SourceQueueUrl"]: [], DLQ: letters})
    stacks = FakeCloudFormation(SqsDlq=OUTPUTS | {"SourceQueueDlqUrl": DLQ})
    lab = sqs.used_by(
        fake_lab(sqs=sqs, logs=Logs(), cloudformation=stacks), Lateness(counts_s=60.0)
    )
    # Then a dry run tells of what there is
    found = redrive(lab, "SqsDlq")
    assert len(found.table) + found.unseen == lying
    assert ("SQS counts" in repr(found)) == (len(found.table) < lying)


@pytest.mark.parametrize(("lateness", "deleted"), [(LATE, 1), (PUNCTUAL, 0)])
def test_a_late_count_hides_nothing_from_an_emptying(lateness: Lateness, deleted: int) -> None:
    # Given a DLQ whose count says that nothing lies there, on an account
    sqs = LateSqs("dlq", {"visible": 0}, dlq=[dead("o1", **BAD)])
    lab = fake_lab(sqs=sqs)
    lab.session.clock = FakeClock(is_virtual=False)
    sqs.used_by(lab, lateness)
    # Then where that can be old, what lies there is deleted all the same
    assert emptied(lab, Outputs("LambdaDlq", {"FunctionDlqUrl": "dlq"})).deleted == deleted


def test_a_stage_without_a_stack_has_nothing_to_empty() -> None:
    lab = fake_lab(cloudformation=FakeCloudFormation())
    lab.session.clock = FakeClock(is_virtual=False)
    assert clear(lab, ["SqsDlq", "LambdaDlq"]).startswith("Reset: 0 messages deleted in ")
