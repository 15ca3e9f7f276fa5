"""The AWS SDK for JavaScript 3: what it sends comes to the DLQs, and what it reads is there."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from localaws import EndpointInfo, launch
from tests.clients.programs import Programs
from tests.scenarios.account import Account
from tests.scenarios.pattern import sqs_pattern

pytestmark = pytest.mark.embedded("the tools are set up for the embedded AWS")

SCRIPT = Path(__file__).parent / "messages.mjs"
AGO_S = 7200.0


@pytest.fixture(scope="module")
def endpoint() -> Iterator[EndpointInfo]:
    """Time stands, as in notebooks, and has long been another one than the machine's."""
    with launch(time="skip", start_s=time.time() - AGO_S) as running:
        yield running.info


def test_a_bad_message_goes_into_the_dlq_of_either_way(tools: Programs, account: Account) -> None:
    # Given a queue with a DLQ whose function fails, and a function with a DLQ of its own
    pattern = sqs_pattern(account, receives=2)
    function_dlq = account.queue()
    function = account.function(DeadLetterConfig={"TargetArn": function_dlq.arn})
    # When a script sends a bad message to either, and waits for it in the DLQ
    told = tools.javascript(
        SCRIPT,
        sourceUrl=pattern.source.url,
        sourceDlqUrl=pattern.dlq.url,
        functionName=function,
        functionDlqUrl=function_dlq.url,
        body='{"raise": "bad"}',
    )
    # Then the first was received twice and moved, with what it had and where it came from
    moved = told["moved"]
    assert len(account.attempts(pattern.function)) == 2
    assert moved["MessageId"] == told["sent"]
    assert moved["Body"] == '{"raise": "bad"}'
    assert moved["MessageAttributes"] == {"kind": {"DataType": "String", "StringValue": "order"}}
    assert moved["Attributes"]["ApproximateReceiveCount"] == "3"
    assert moved["Attributes"]["DeadLetterQueueSourceArn"] == pattern.source.arn
    # And the second failed three times, and has the three attributes that say why
    assert told["accepted"] == 202
    attempts = account.attempts(function)
    assert len(attempts) == 3
    assert json.loads(told["givenUp"]["Body"]) == {"raise": "bad"}
    assert told["givenUp"]["MessageAttributes"] == {
        "RequestID": {"StringValue": attempts[0].request_id, "DataType": "String"},
        "ErrorCode": {"StringValue": "200", "DataType": "Number"},
        "ErrorMessage": {"StringValue": "bad", "DataType": "String"},
    }
    # And an error is one answer, not taken for one of a wrong clock
    assert told["missing"] == {"name": "ResourceNotFoundException", "attempts": 1}
