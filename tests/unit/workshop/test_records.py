"""Messages in DLQs and destinations: told apart, taken apart, put into a table."""

import json
from html import unescape
from typing import Any

import pandas as pd
import pytest

from tests.unit.workshop.log_events import T0_MS
from workshop.errors import DataError
from workshop.evidence.arrivals import COLUMNS, arrivals_table
from workshop.evidence.records import explain

ORDER = '{"order_id": "A-1", "pass": false}'
SNS_EVENT = {
    "Records": [
        {
            "EventSource": "aws:sns",
            "Sns": {"MessageId": "n1", "Message": ORDER, "Timestamp": "2023-11-14T22:13:20.000Z"},
        }
    ]
}


def message(body: Any, **attributes: str) -> dict[str, Any]:
    system = {"SentTimestamp": str(T0_MS + 180_000), "ApproximateReceiveCount": "1"}
    text = body if isinstance(body, str) else json.dumps(body)
    return {"MessageId": "q1", "Body": text, "Attributes": system | attributes}


def invocation_record(condition: str = "RetriesExhausted", event: Any = None) -> dict[str, Any]:
    return {
        "version": "1.0",
        "timestamp": "2023-11-14T22:16:20.000Z",
        "requestContext": {
            "requestId": "r1",
            "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:fn:$LATEST",
            "condition": condition,
            "approximateInvokeCount": 3,
        },
        "requestPayload": SNS_EVENT if event is None else event,
        "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
        "responsePayload": {
            "errorMessage": "no",
            "errorType": "ValueError",
            "requestId": "r1",
            "stackTrace": ["  File"],
        },
    }


def function_dlq_message(code: str | None = "200") -> dict[str, Any]:
    told = {"RequestID": "r1", "ErrorMessage": "no"} | ({"ErrorCode": code} if code else {})
    attributes = {name: {"DataType": "String", "StringValue": v} for name, v in told.items()}
    return message(SNS_EVENT) | {"MessageAttributes": attributes}


DEAD_LETTER = message(
    ORDER,
    SentTimestamp=str(T0_MS),
    ApproximateReceiveCount="4",
    DeadLetterQueueSourceArn="arn:aws:sqs:us-east-1:123456789012:source",
)
NOTIFICATION = message(
    {
        "Type": "Notification",
        "MessageId": "n1",
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:t",
        "Message": ORDER,
        "Timestamp": "2023-11-14T22:13:20.000Z",
    }
)


@pytest.mark.parametrize(
    ("kind", "given", "field", "value"),
    [
        (
            "invocation record",
            message(invocation_record()),
            "requestContext.condition",
            "RetriesExhausted",
        ),
        ("function's DLQ event", function_dlq_message(), "MessageAttributes.ErrorCode", "200"),
        ("dead-lettered message", DEAD_LETTER, "Attributes.ApproximateReceiveCount", "4"),
        ("SNS notification", NOTIFICATION, "Message", ORDER),
    ],
)
def test_each_kind_is_recognised_and_every_field_has_a_meaning(
    kind: str, given: dict[str, Any], field: str, value: str
) -> None:
    table = explain(given)
    assert table.attrs["kind"] == kind
    assert table.set_index("field").loc[field, "value"] == value
    assert (table["meaning"].str.len() > 10).all()


def test_what_a_field_is_said_to_mean_is_true_beyond_the_lessons() -> None:
    given = (message(invocation_record()), DEAD_LETTER)
    arrived, moved = (explain(one).set_index("field")["meaning"] for one in given)
    # The function's log has a traceback, too
    assert arrived["responsePayload.stackTrace"].endswith("of what arrives, only a record has it")
    # The runtime has no id yet while it loads the code
    assert "empty if the code did not load" in arrived["responsePayload.requestId"]
    # And in a FIFO queue a message is enqueued anew when it is moved
    assert "in a standard queue" in moved["Attributes.SentTimestamp"]


@pytest.mark.parametrize("given", [message(invocation_record()), function_dlq_message()])
def test_what_was_published_is_shown_inside_the_event(given: dict[str, Any]) -> None:
    table = explain(given).set_index("field")
    found = [path for path in table.index if path.endswith("Records[0].Sns.Message")]
    assert table.loc[found, "value"].tolist() == [ORDER]


def test_a_record_of_success_shows_what_was_returned() -> None:
    record = invocation_record("Success") | {"responsePayload": [1, 2]}
    assert explain(message(record)).set_index("field").loc["responsePayload", "value"] == "[1, 2]"


def test_an_event_is_to_be_sent_again_only_where_it_failed() -> None:
    told = {
        condition: explain(message(invocation_record(condition)))
        .set_index("field")
        .loc["requestPayload", "meaning"]
        for condition in ("RetriesExhausted", "Success")
    }
    assert told["RetriesExhausted"] == "the event, complete: what to send again after the repair"
    assert told["Success"] == "the event, complete: what the function was given"


def test_the_count_of_a_success_is_not_explained_as_attempts() -> None:
    told = {}
    for condition in ("RetriesExhausted", "Success"):
        table = explain(message(invocation_record(condition))).set_index("field")
        told[condition] = table["meaning"]["requestContext.approximateInvokeCount"]
    assert told["RetriesExhausted"] == "attempts, not retries: 3 attempts are 2 retries"
    assert told["Success"].startswith("no number of attempts here")


def test_whole_values_are_shown_in_a_notebook() -> None:
    shown = unescape(explain(function_dlq_message())._repr_html_())
    assert "first 1,024 bytes, no stack trace" in shown
    assert "function's DLQ event" in shown


def test_an_ordinary_message_is_refused_with_the_remedy() -> None:
    with pytest.raises(DataError, match=r"lab\.messages"):
        explain(message(ORDER))


def test_one_row_per_message_wherever_it_lies() -> None:
    # Given the same order in each kind of end
    table = arrivals_table(
        {
            "source queue's DLQ": [DEAD_LETTER],
            "on-failure destination": [message(invocation_record())],
            "function's DLQ": [function_dlq_message()],
            "subscription's DLQ": [NOTIFICATION],
        }
    ).set_index("target")
    # Then the business key is found in all of them, and the first message id
    assert set(table["order_id"]) == {"A-1"}
    assert table["message_id"].to_dict() == {
        "source queue's DLQ": "q1",
        "on-failure destination": "n1",
        "function's DLQ": "n1",
        "subscription's DLQ": "n1",
    }
    assert table["reason"].to_dict() == {
        "source queue's DLQ": "maxReceiveCount",
        "on-failure destination": "RetriesExhausted",
        "function's DLQ": "function error, ErrorCode 200",
        "subscription's DLQ": "SNS could not invoke the function",
    }
    # And the moment of a move by SQS is not known: it keeps the first SentTimestamp
    assert table["arrived_at"].isna().to_dict()["source queue's DLQ"]
    waited = table["arrived_at"] - table["sent_at"]
    assert waited["on-failure destination"] == pd.Timedelta(seconds=180)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("429", "throttled until too old, ErrorCode 429"),
        ("404", "function deleted, ErrorCode 404"),
        ("503", "ErrorCode 503"),
        (None, "ZeroReservedConcurrency"),
    ],
)
def test_the_error_code_of_a_function_dlq_is_put_into_words(code: str | None, reason: str) -> None:
    assert arrivals_table({"x": [function_dlq_message(code)]})["reason"].tolist() == [reason]


def test_a_direct_invocation_is_known_by_its_request_id() -> None:
    given = message(invocation_record(event={"order_id": "C-1"}))
    row = arrivals_table({"x": [given]}).iloc[0]
    assert (row["message_id"], row["order_id"]) == ("r1", "C-1")


def test_a_body_that_is_not_json_has_no_order() -> None:
    assert arrivals_table({"x": [message("hello")]})["order_id"].isna().all()


def test_columns_and_dtypes_are_as_documented_with_and_without_rows() -> None:
    for table in (arrivals_table({}), arrivals_table({"x": [DEAD_LETTER]})):
        assert {name: str(dtype) for name, dtype in table.dtypes.items()} == COLUMNS
