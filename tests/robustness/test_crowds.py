"""Many clients at once, and clients that go away: every message is in exactly one place."""

import json
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.robustness.client import Target
from tests.robustness.handlers import account_of
from tests.scenarios.account import Account

CLIENTS = 200


@pytest.fixture
def account(target: Target) -> Iterator[Account]:
    account = account_of(target)
    yield account
    account.close()


def test_two_hundred_clients_send_and_receive_at_once(target: Target) -> None:
    sqs = target.client("sqs", max_pool_connections=CLIENTS)
    queue_url = sqs.create_queue(QueueName="crowd", Attributes={"VisibilityTimeout": "43200"})[
        "QueueUrl"
    ]

    def send(client: int) -> list[str]:
        return [
            sqs.send_message(QueueUrl=queue_url, MessageBody=f"{client}-{number}")["MessageId"]
            for number in range(3)
        ]

    def receive(_client: int) -> list[str]:
        got: list[str] = []
        while messages := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=3).get(
            "Messages"
        ):
            for message in messages:
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
                got.append(message["MessageId"])
        return got

    with ThreadPoolExecutor(CLIENTS) as clients:
        sent = [message_id for ids in clients.map(send, range(CLIENTS)) for message_id in ids]
        received = [m for ids in clients.map(receive, range(CLIENTS)) for m in ids]

    assert Counter(received) == Counter(sent)
    assert len(sent) == CLIENTS * 3


def test_a_crowd_sends_while_a_function_takes(account: Account, target: Target) -> None:
    dlq = account.queue()
    queue = account.queue(redrive_to=dlq, receives=2, VisibilityTimeout=30)
    name = account.function()
    account.mapping(queue, name, BatchSize=10)
    sqs = target.client("sqs", max_pool_connections=CLIENTS)

    def send(client: int) -> str:
        body = json.dumps({"raise": "bad"} if client % 10 == 0 else {"order": client})
        message_id: str = sqs.send_message(QueueUrl=queue.url, MessageBody=body)["MessageId"]
        return message_id

    with ThreadPoolExecutor(CLIENTS) as clients:
        sent = list(clients.map(send, range(CLIENTS)))
    account.time.until(lambda: queue.counts() == (0, 0, 0))

    dead = []
    while messages := dlq.receive():
        dead += [message["MessageId"] for message in messages]
    # A bad message takes the good ones of its batch with it, never one twice.
    assert len(dead) == len(set(dead)) >= CLIENTS // 10
    assert set(dead) <= set(sent)


def test_clients_that_go_away_from_a_long_poll_take_no_message(
    account: Account, target: Target
) -> None:
    queue = account.queue(VisibilityTimeout=600)
    poll = target.signing(
        "sqs",
        json.dumps({"QueueUrl": queue.url, "WaitTimeSeconds": 20}).encode(),
        headers={
            "X-Amz-Target": "AmazonSQS.ReceiveMessage",
            "Content-Type": "application/x-amz-json-1.0",
        },
    )
    account.time.clock(mode="real")  # otherwise nobody waits long
    try:
        polls = [socket.create_connection(("127.0.0.1", target.port)) for _ in range(50)]
        for connection in polls:
            connection.sendall(poll)
        assert target.is_alive()  # served after they were
        for connection in polls:
            connection.close()
        assert target.is_alive()
        sent = queue.send_all(*map(str, range(10)))
        received: list[Any] = []
        while messages := queue.receive():
            received += messages
    finally:
        account.time.clock(mode="skip")

    assert sorted(message["MessageId"] for message in received) == sorted(sent)
    assert {m["Attributes"]["ApproximateReceiveCount"] for m in received} == {"1"}


def test_a_caller_that_goes_away_leaves_its_invocation_to_end(
    account: Account, target: Target
) -> None:
    name = account.function()
    invoke = target.signing(
        "lambda",
        b'{"order": "left alone"}',
        path=f"/2015-03-31/functions/{name}/invocations",
    )
    with socket.create_connection(("127.0.0.1", target.port)) as caller:
        caller.sendall(invoke)
        assert target.is_alive()  # served after it was
    assert account.invoke(name, {"order": "next"})["Payload"] == {"processed": 1}
    assert target.is_alive()
