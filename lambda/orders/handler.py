"""Takes orders, and fails on purpose when an order says so.

Not a model for production code: it carries its own faults, so that every failure of the workshop
can be ordered, repeated and told apart. An order is JSON:

    {"order_id": "A-17", "pass": true}
    {"order_id": "A-18", "pass": false}
    {"order_id": "A-19", "fault": {"kind": "timeout", "until_attempt": 3}}

`pass: false` always raises. `fault` names a kind of failure (see `FAULTS`); with `until_attempt: n`
the attempts before the n-th fail and the n-th succeeds, without it every attempt fails. An order
that breaks these rules raises `InvalidOrderError`, as a real function would refuse bad input.

The same handler serves three callers: an SQS event source mapping (one or more records), an SNS
subscription (one record) and a direct `Invoke`, where the payload is the order itself.

**Which attempt is this?** Lambda does not tell the function, so we find out as follows:

- SQS: `ApproximateReceiveCount` of the record. It counts receives, which are attempts unless Lambda
  was throttled.
- SNS: the age of the notification, against Lambda's retry schedule: the first retry comes about 1
  minute after the first failure, the second about 2 minutes after the second. This needs no memory
  and survives a timeout, which ends the process. It is wrong for events that Lambda held back
  because it was throttled.
- Direct `Invoke`: the request id stays the same for all attempts of an asynchronous event, so we
  count it in this process. A fault that ends the process (`timeout`, `exit`, `memory`) ends the
  count too, and every attempt looks like the first; publish to the topic to see such an order
  recover.

For each record the function prints one line of JSON, which CloudWatch Logs keeps.
"""

import json
import os
import time
from collections import Counter
from datetime import datetime

# Halfway between the moments at which attempts start: 0 s, about 60 s, about 180 s.
SECOND_ATTEMPT_FROM_S = 30
THIRD_ATTEMPT_FROM_S = 120

# Attempts seen by this execution environment, by request id. Module state lives as long as the
# process: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
attempts_here = Counter()


class InvalidOrderError(ValueError):
    """The message is not an order; trying again cannot help."""


class OrderRejectedError(Exception):
    """The order says `pass: false`."""


class InjectedError(Exception):
    """The order asked for an exception."""


class DependencyUnavailableError(ConnectionError):
    """The order asked for another service to be down."""


def handler(event, context):
    """Process every order of the event; the first one that fails ends the invocation."""
    answers = []
    for record in records_of(event, context):
        answers.append(process(record, context))
    return {"orders": answers}


def process(record, context):
    """Process one order and print the line about it."""
    facts = {**record, "request_id": context.aws_request_id, "order_id": None, "fault": None}
    body = facts.pop("body")
    try:
        # Before the order is checked: what is refused can be found by its id, too.
        facts["order_id"] = order_id_of(body)
        order = parse_order(body)
        answer = {
            "order_id": facts["order_id"],
            "status": "processed",
            "attempt": record["attempt"],
        }
        fault = order.get("fault")
        if fault and record["attempt"] < fault.get("until_attempt", float("inf")):
            facts["fault"] = fault["kind"]
            FAULTS[fault["kind"]](facts, context, answer)
        if order.get("pass") is False:
            raise OrderRejectedError(f"order {facts['order_id']} says pass: false")
    except Exception as error:
        write_line(facts, type(error).__name__, str(error))
        raise
    write_line(facts)
    return answer


def pass_over(record, context):
    """Print that a record came and was not tried: else no line would tell of this receive."""
    facts = {**record, "request_id": context.aws_request_id}
    facts["order_id"] = order_id_of(facts.pop("body"))
    print(json.dumps({**facts, "outcome": "not tried"}))  # noqa: T201 - as in write_line


def write_line(facts, error_type=None, error_message=None):
    """Print what happened to one record as one line of JSON."""
    error = {"outcome": "error", "error_type": error_type, "error_message": error_message}
    line = {**facts, **(error if error_type else {"outcome": "ok"})}
    print(json.dumps(line))  # noqa: T201 - Lambda sends stdout to CloudWatch Logs


# --- What arrived -------------------------------------------------------------------------------


def records_of(event, context):
    """Yield, for each order of the event, its body and what is known about it."""
    if not (isinstance(event, dict) and "Records" in event):
        attempts_here[context.aws_request_id] += 1
        attempt = attempts_here[context.aws_request_id]
        yield {
            "record": 0,
            "source": "invoke",
            "message_id": None,
            "attempt": attempt,
            "body": event,
        }
        return
    for position, record in enumerate(event["Records"]):
        source = record.get("eventSource") or record.get("EventSource")
        if source not in READERS:
            raise InvalidOrderError(
                f"no reader for records of {source!r}, only for {sorted(READERS)}"
            )
        yield {"record": position, **READERS[source](record)}


def read_sqs(record):
    """A record of an SQS event source mapping."""
    attributes = record["attributes"]
    receive_count = int(attributes["ApproximateReceiveCount"])
    # A FIFO queue numbers its messages; in any other one a group holds nobody back.
    is_fifo = "SequenceNumber" in attributes
    return {
        "source": "sqs",
        "message_id": record["messageId"],
        **({"message_group_id": attributes["MessageGroupId"]} if is_fifo else {}),
        "sent_at_ms": int(attributes["SentTimestamp"]),
        "receive_count": receive_count,
        "attempt": receive_count,
        "body": record["body"],
    }


def read_sns(record):
    """A record of an SNS notification."""
    notification = record["Sns"]
    published_at_s = datetime.fromisoformat(notification["Timestamp"]).timestamp()
    return {
        "source": "sns",
        "message_id": notification["MessageId"],
        "sent_at_ms": round(published_at_s * 1000),
        "attempt": attempt_at_age(time.time() - published_at_s),
        "body": notification["Message"],
    }


READERS = {"aws:sqs": read_sqs, "aws:sns": read_sns}


def attempt_at_age(age_s):
    """Which attempt runs when the event is this old."""
    return 1 + (age_s >= SECOND_ATTEMPT_FROM_S) + (age_s >= THIRD_ATTEMPT_FROM_S)


def order_id_of(body):
    """What a message calls its order, right or wrong as the rest of it may be; None: nothing."""
    try:
        order = json.loads(body) if isinstance(body, str) else body
    except json.JSONDecodeError:
        return None
    order_id = order.get("order_id") if isinstance(order, dict) else None
    return order_id if isinstance(order_id, str) else None


def parse_order(body):
    """The order in a message body, checked.

    Raises:
        InvalidOrderError: what is wrong with it, and what would be right.
    """
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except json.JSONDecodeError as error:
            raise InvalidOrderError(f"the body is not JSON ({error}): {body[:60]!r}") from None
    if not isinstance(body, dict):
        raise InvalidOrderError(f"an order is a JSON object, not {json.dumps(body)[:60]}")
    if "pass" not in body and "fault" not in body:
        raise InvalidOrderError(f"the order needs 'pass' or 'fault', it has {sorted(body)}")
    if not isinstance(body.get("pass", True), bool):
        raise InvalidOrderError(f"'pass' is true or false, not {json.dumps(body['pass'])}")
    if not isinstance(body.get("order_id", ""), str):
        raise InvalidOrderError(f"'order_id' is a text, not {json.dumps(body['order_id'])}")
    if "fault" in body:
        check_fault(body["fault"])
    return body


def check_fault(fault):
    """Raise InvalidOrderError unless this is a fault that we can inject."""
    kind = fault.get("kind") if isinstance(fault, dict) else None
    if not isinstance(kind, str) or kind not in FAULTS:
        raise InvalidOrderError(
            f"'fault' needs a 'kind' of {sorted(FAULTS)}, not {json.dumps(fault)}"
        )
    until_attempt = fault.get("until_attempt", 1)
    if type(until_attempt) is not int or until_attempt < 1:
        raise InvalidOrderError(f"'until_attempt' is 1, 2, 3 ..., not {json.dumps(until_attempt)}")


# --- Faults -------------------------------------------------------------------------------------


def raise_error(facts, context, answer):
    """An ordinary bug."""
    raise InjectedError(f"order {facts['order_id']} asked for an error")


def run_into_timeout(facts, context, answer):
    """Work that takes too long. Lambda ends the process, so the line is written before."""
    remaining_s = context.get_remaining_time_in_millis() / 1000
    write_line(facts, "Timeout", f"going to sleep with {remaining_s:.0f} s left")
    time.sleep(remaining_s + 1)


def lose_dependency(facts, context, answer):
    """Another service that does not answer; our client gives up after 2 s."""
    time.sleep(2)
    raise DependencyUnavailableError("payments.example.com did not answer within 2 s")


def spoil_answer(facts, context, answer):
    """The work is done, only the answer is not JSON: Lambda cannot encode a Python set."""
    answer["items"] = {"book", "pen"}


def exit_process(facts, context, answer):
    """A crash: the process ends and no Python code can catch it."""
    write_line(facts, "Crash", "exit status 3")
    os._exit(3)


def exhaust_memory(facts, context, answer):
    """More memory than the function has: Lambda ends the process, so the line is written before."""
    limit_mb = int(context.memory_limit_in_mb)
    write_line(facts, "OutOfMemory", f"taking more than {limit_mb} MB")
    # Bounded, in size and in time: without somebody who ends it, it ends as an ordinary error.
    taken = [bytearray(b"x") * 2**20 for _ in range(limit_mb + 64)]
    for _ in range(50):
        for block in taken:
            block.reverse()
    raise MemoryError(f"{len(taken)} MB were taken, and nobody ended the process")


def be_slow(facts, context, answer):
    """Slow, but in time: no failure."""
    time.sleep(context.get_remaining_time_in_millis() / 2000)


FAULTS = {
    "raise": raise_error,
    "timeout": run_into_timeout,
    "dependency": lose_dependency,
    "malformed": spoil_answer,
    "exit": exit_process,
    "memory": exhaust_memory,
    "slow": be_slow,
}
