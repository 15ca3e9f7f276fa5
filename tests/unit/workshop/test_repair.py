"""Dead letters and redrive on fakes: what is shown, and that an interruption loses nothing."""

import json
from html import unescape
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from tests.unit.workshop.fake_aws import FakeCloudFormation, FakeSqs, fake_lab, message
from workshop.errors import DataError
from workshop.evidence.retry_settings import RetrySettings
from workshop.lab import Lab
from workshop.repair import payloads
from workshop.repair.dead_letters import dead_letters, error_group
from workshop.repair.expectations import orders_expectation
from workshop.repair.redrive import Redrive, redrive
from workshop.target.lateness import LATE

URLS = {"SourceQueueUrl": "https://source", "SourceQueueDlqUrl": "https://dlq"}
OUTPUTS = {**URLS, "LogGroupName": "group", "FunctionName": "function"}


class Sqs(FakeSqs):
    """Can also delete, and remembers the order of what was done."""

    def __init__(self, dead: list[dict[str, Any]]) -> None:
        super().__init__(**{URLS["SourceQueueUrl"]: [], URLS["SourceQueueDlqUrl"]: dead})
        self.done: list[str] = []

    def send_message(self, QueueUrl: str, MessageBody: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        self.done.append("send")
        return super().send_message(QueueUrl, MessageBody)

    def delete_message(self, QueueUrl: str, ReceiptHandle: str) -> None:  # noqa: N803
        self.done.append("delete")
        kept = [m for m in self.queues[QueueUrl] if m["MessageId"] != ReceiptHandle]
        self.queues[QueueUrl][:] = kept


class Logs:
    """No log events."""

    exceptions = SimpleNamespace(ResourceNotFoundException=KeyError)

    def get_paginator(self, _: str) -> Any:
        return SimpleNamespace(paginate=lambda **_: [])


def dead(order_id: str, **order: Any) -> dict[str, Any]:
    letter = message(f"m-{order_id}", json.dumps({"order_id": order_id, **order}))
    letter["Attributes"]["DeadLetterQueueSourceArn"] = "arn"
    return letter


def lab_with(*letters: dict[str, Any]) -> tuple[Lab, Sqs]:
    sqs = Sqs(list(letters))
    return fake_lab(sqs=sqs, logs=Logs(), cloudformation=FakeCloudFormation(SqsDlq=OUTPUTS)), sqs


BAD, ODD = {"pass": False}, {"pass": "yes"}


def test_the_viewer_says_what_the_handler_expects_and_consumes_nothing() -> None:
    lab, sqs = lab_with(dead("a", **BAD), dead("b", **ODD))
    found = dead_letters(lab, "SqsDlq")
    told = found.table.set_index("order_id")["expected"]
    assert pd.isna(told["a"])
    assert "'pass' is true or false" in told["b"]
    assert len(sqs.queues["https://dlq"]) == 2
    assert not sqs.hidden
    assert "consumed nothing" in found.cost
    assert "no error in any log" in repr(found)
    assert "'pass' is true or false" in unescape(found._repr_html_())


@pytest.mark.parametrize(("ending", "usd"), [("", "0.0000012"), (".fifo", "0.0000015")])
def test_on_a_real_account_a_look_says_what_its_requests_cost(ending: str, usd: str) -> None:
    # Given one dead letter: it is received, put back, and a receive finds no more
    url = f"https://dlq{ending}"
    outputs = OUTPUTS | {"SourceQueueDlqUrl": url}
    stacks = FakeCloudFormation(SqsDlq=outputs)
    sqs = FakeSqs(**{URLS["SourceQueueUrl"]: [], url: [dead("a", **BAD)]})
    lab = fake_lab(sqs=sqs, logs=Logs(), cloudformation=stacks)
    lab.clock.is_virtual = False
    # Then the price is that of the queue's kind
    told = dead_letters(lab, url).cost
    assert told.startswith(f"This look took about 3 SQS requests ({usd} USD at list price)")


def test_one_queue_can_be_looked_into_and_an_unknown_one_is_refused() -> None:
    lab, _ = lab_with(dead("a", **BAD))
    assert len(dead_letters(lab, "https://dlq")) == 1
    assert len(dead_letters(lab, "https://dlq", expects=lambda _: "never fits").groups) == 1
    with pytest.raises(DataError, match="No deployed pattern keeps failed messages in unknown"):
        dead_letters(lab, "https://unknown")


def test_errors_that_differ_in_ids_and_numbers_are_one_group() -> None:
    one = error_group("OrderRejectedError", "order A-17 says pass: false")
    assert one == error_group("OrderRejectedError", "order B-8 says pass: false")
    assert one != error_group("InjectedError", "order A-17 says pass: false")


def test_a_group_is_named_by_what_its_errors_have_in_common(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given errors with the same text, errors that differ in a value, and no error at all
    lab, _ = lab_with(*(dead(order_id, **BAD) for order_id in "abcde"))
    missing, odd = ("KeyError", "'amount'"), ("ValueError", "not a number: '{}'")
    last = {"m-a": missing, "m-b": missing}
    last |= {f"m-{order_id}": (odd[0], odd[1].format(order_id)) for order_id in "cd"}
    monkeypatch.setattr("workshop.repair.dead_letters._last_errors", lambda *_: last)
    found = dead_letters(lab, "SqsDlq")
    names = list(found.groups["error_group"])
    assert names[:2] == ["KeyError: 'amount'", "ValueError: not a number: …"]
    assert names[2].startswith("no error in any log")
    # And an age stays in one line
    assert "h</td>" in found._repr_html_()
    assert " h</td>" not in found._repr_html_()


def test_that_no_log_has_an_error_is_said_when_its_last_line_must_be_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a dead letter, and logs that may be late
    lab, _ = lab_with(dead("a", **BAD))
    lab.session.lateness = LATE
    settings = RetrySettings("sqs", 5, 30.0, 3)
    monkeypatch.setattr(lab, "settings", lambda _: settings)
    letter = lab.messages(URLS["SourceQueueDlqUrl"])[0]
    sent_s = lab.clock.now().timestamp()
    letter["Attributes"]["SentTimestamp"] = str(int(sent_s * 1000))
    # Then at first it is left open, and in the end it is said: three visibility timeouts, four
    # timeouts of the function, and what AWS takes to show it
    assert "no error is seen in the log yet" in repr(dead_letters(lab, "SqsDlq"))
    lab.clock.sleep(200)
    assert "no error in any log" in repr(dead_letters(lab, "SqsDlq"))


def test_the_handlers_own_rules_are_asked() -> None:
    expects = orders_expectation()
    assert expects({"order_id": "a", "pass": True}) is None
    assert "is not JSON" in str(expects("no json"))


def test_a_dry_run_changes_nothing() -> None:
    lab, sqs = lab_with(dead("a", **BAD), dead("b", **ODD))
    found = redrive(lab, "SqsDlq", where=["a"])
    assert found.is_dry_run
    assert found.moved == 0
    assert list(found.table["order_id"]) == ["a"]
    assert "nothing was changed" in repr(found)
    assert "◌ Dry run: 1 message would be sent again" in found._repr_html_()
    assert "nothing was changed" in found._repr_html_()
    assert sqs.done == []
    assert not sqs.hidden


@pytest.mark.parametrize(("done", "sign"), [((True, True), "✓ 2"), ((True, False), "✗ 1")])
def test_a_redrive_that_left_messages_behind_is_not_called_good(
    done: tuple[bool, ...], sign: str
) -> None:
    row = dict.fromkeys(("order_id", "place", "to", "how", "queue_message_id"), "x")
    rows = [{**row, "changed": False, "done": is_done} for is_done in done]
    job: Any = SimpleNamespace(lab=None, pattern="SqsDlq", rows=rows, started_at=None)
    job.is_dry_run, job.unseen, job.moved_unseen = False, 0, 0
    shown = Redrive(job)._repr_html_()
    assert f"{sign} of 2 messages sent again." in shown


def test_filtered_messages_are_repaired_sent_and_only_then_deleted() -> None:
    lab, sqs = lab_with(dead("a", **BAD), dead("b", **ODD))
    found = redrive(
        lab, "SqsDlq", False, {"order_id": "b"}, change=lambda order: {**order, "pass": True}
    )
    assert sqs.done == ["send", "delete"]
    (sent,) = sqs.queues["https://source"]
    assert json.loads(sent["Body"]) == {"order_id": "b", "pass": True}
    assert [m["MessageId"] for m in sqs.queues["https://dlq"]] == ["m-a"]
    assert found.moved == 1
    assert found.table["changed"].tolist() == [True]
    # And what was passed over can be received again
    assert "m-a" not in sqs.hidden


def test_an_interruption_between_send_and_delete_loses_nothing_and_names_the_duplicate(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, sqs = lab_with(dead("a", **BAD), dead("b", **BAD))

    def interrupted(**_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sqs, "delete_message", interrupted)
    with pytest.raises(KeyboardInterrupt):
        redrive(lab, "SqsDlq", False, lambda row: True)
    # Then both messages are still in the DLQ and visible, and one of them was sent
    assert len(sqs.queues["https://dlq"]) == 2
    assert not sqs.hidden
    assert len(sqs.queues["https://source"]) == 1
    assert "a was sent and may still lie there: it can come twice" in capsys.readouterr().err


def test_a_filter_by_an_unknown_column_says_which_there_are() -> None:
    lab, _ = lab_with(dead("a", **BAD))
    with pytest.raises(DataError, match="error_type"):
        redrive(lab, "SqsDlq", where={"colour": "red"})
    with pytest.raises(DataError, match="source queue's DLQ"):
        redrive(lab, "SqsDlq", place="function's DLQ")


NOTIFICATION = {"Type": "Notification", "TopicArn": "t", "MessageId": "n", "Message": '{"a": 1}'}
EVENT = {"Records": [{"EventSource": "aws:sns", "Sns": NOTIFICATION}]}


@pytest.mark.parametrize(
    ("letter", "event"),
    [
        ({"Body": json.dumps(NOTIFICATION)}, EVENT["Records"][0]["Sns"]),
        (
            {
                "Body": json.dumps(EVENT),
                "MessageAttributes": {"RequestID": {"StringValue": "r"}},
            },
            NOTIFICATION,
        ),
        (
            {"Body": json.dumps({"requestContext": {"condition": "x"}, "requestPayload": EVENT})},
            NOTIFICATION,
        ),
    ],
    ids=["subscription's DLQ", "function's DLQ", "on-failure destination"],
)
def test_the_original_event_is_found_in_every_kind_of_dead_letter(
    letter: dict[str, Any], event: dict[str, Any]
) -> None:
    found = payloads.event_of(letter)
    assert event.items() <= found["Records"][0]["Sns"].items()
    assert payloads.payload_text(letter) == '{"a": 1}'
    again = payloads.with_payload(found, "new")
    assert again["Records"][0]["Sns"]["Message"] == "new"


def test_a_direct_invocations_event_is_the_payload_itself() -> None:
    letter = {"Body": '{"order_id": "a"}', "MessageAttributes": {"RequestID": {"StringValue": "r"}}}
    assert payloads.payload_text(letter) == '{"order_id": "a"}'
    assert payloads.with_payload(payloads.event_of(letter), '{"b": 2}') == {"b": 2}
