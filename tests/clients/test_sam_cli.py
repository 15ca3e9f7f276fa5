"""The SAM CLI: a template deployed, and a bad message through each of its two ways."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.clients.programs import Programs
from tests.scenarios.account import HANDLERS, Account
from tests.scenarios.queues import Queue

pytestmark = pytest.mark.embedded("the tools are set up for the embedded AWS")

TEMPLATE = Path(__file__).parent / "sam_template.yaml"


def deploy(tools: Programs, stack: str) -> dict[str, str]:
    """Deploy the template as `sam deploy` does it by default; the stack's outputs."""
    folder = tools.home / "app"
    (folder / "code").mkdir(parents=True)
    shutil.copy(TEMPLATE, folder / "template.yaml")
    shutil.copy(HANDLERS / "orders.py", folder / "code")
    arguments = ("--stack-name", stack, "--resolve-s3", "--capabilities", "CAPABILITY_IAM")
    template = ("--template", str(folder / "template.yaml"))
    printed = tools.sam("deploy", *template, *arguments, "--no-progressbar")
    assert f"Successfully created/updated stack - {stack} in us-east-1" in printed
    told = tools.sam("list", "stack-outputs", "--stack-name", stack, "--output", "json")
    return {output["OutputKey"]: output["OutputValue"] for output in json.loads(told)}


def only_message(account: Account, url: str) -> dict[str, Any]:
    """The one message that a queue will have, with all of its attributes."""
    queue = Queue(account.client("sqs"), url, "", account.time)
    account.time.until(lambda: queue.holds(1))
    [message] = queue.receive()
    return message


def test_a_bad_message_goes_into_the_dlq_of_either_way(tools: Programs, account: Account) -> None:
    # Given what the SAM CLI has made of a template
    stack = account.unique("stack")
    outputs = deploy(tools, stack)
    # When it sends a bad message to the queue
    bad = ("--event", '{"raise": "bad"}')
    sent = json.loads(invoked(tools, "SourceQueue", stack, *bad))
    # Then that is received twice and moved
    message = only_message(account, outputs["SourceQueueDlqUrl"])
    assert message["MessageId"] == sent["MessageId"]
    assert message["Body"] == '{"raise": "bad"}'
    assert message["Attributes"]["ApproximateReceiveCount"] == "3"
    # When it invokes the function asynchronously
    invoked(tools, "Function", stack, *bad, "--parameter", "InvocationType=Event")
    # Then after three attempts the event is in the function's own DLQ, with the reason
    message = only_message(account, outputs["FunctionDlqUrl"])
    attempts = account.attempts(outputs["FunctionName"])
    assert len(attempts) == 2 + 3
    assert json.loads(message["Body"]) == {"raise": "bad"}
    told = {name: one["StringValue"] for name, one in message["MessageAttributes"].items()}
    request_id = attempts[-1].request_id
    assert told == {"RequestID": request_id, "ErrorCode": "200", "ErrorMessage": "bad"}


def invoked(tools: Programs, resource: str, stack: str, *arguments: str) -> str:
    """What `sam remote invoke` prints of the answer."""
    return tools.sam("remote", "invoke", resource, "--stack-name", stack, *arguments)
