"""Calls to an embedded AWS that is gone, or hangs: a sentence with the way back."""

import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
)
from botocore.exceptions import ConnectionError as NoConnection
from IPython.core.interactiveshell import InteractiveShell

from workshop.errors import EndpointError
from workshop.lessons.gone import load_ipython_extension
from workshop.target.unanswered import AGAIN, speaking, unanswered

HERE = "http://127.0.0.1:4566/"


def client(port: int, attempts: int = 1, read_timeout: float = 60) -> Any:
    config = Config(retries={"total_max_attempts": attempts}, read_timeout=read_timeout, proxies={})
    return speaking(
        boto3.client(
            "sqs",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
            config=config,
        )
    )


@pytest.fixture
def nobody() -> Iterator[int]:
    """A port on which nobody listens, and nobody else can."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])


@pytest.fixture
def mute() -> Iterator[int]:
    """A port of somebody who never answers, as a stopped process does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.mark.parametrize("attempts", [1, 5])
def test_a_client_says_that_its_aws_has_ended(nobody: int, attempts: int) -> None:
    sqs = client(nobody, attempts)
    sent: list[object] = []
    sqs.meta.events.register("before-send", lambda **_: sent.append(1))

    with pytest.raises(EndpointError, match="has ended, and its messages with it") as raised:
        sqs.list_queues()

    assert raised.value.remedy == AGAIN
    # Asking again would only make the reader wait.
    assert len(sent) == 1


def test_a_client_whose_aws_hangs_does_not_say_that_it_has_ended(mute: int) -> None:
    with pytest.raises(EndpointError, match=r"does not answer \(Read timeout") as raised:
        client(mute, read_timeout=0.05).list_queues()

    assert "has ended" not in str(raised.value)
    assert "stopped" in raised.value.remedy


def test_no_sentence_has_an_address_in_it() -> None:
    for error in (
        EndpointConnectionError(endpoint_url=HERE, error="refused"),
        ConnectionClosedError(endpoint_url=HERE),
        ReadTimeoutError(endpoint_url=HERE),
    ):
        assert "127.0.0.1" not in str(unanswered(error))


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """A shell with the extension, which goes with it."""
    for kind in (NoConnection, HTTPClientError):
        monkeypatch.setattr(kind, "_render_traceback_", None, raising=False)
    shell = InteractiveShell()
    load_ipython_extension(shell)
    return shell


def rendered(error: Any) -> str:
    try:
        raise error
    except type(error) as caught:
        return "\n".join(caught._render_traceback_())  # type: ignore[attr-defined]


def test_a_client_of_one_s_own_is_shown_the_way_back(shell: InteractiveShell) -> None:
    shown = rendered(EndpointConnectionError(endpoint_url=HERE, error="refused"))

    assert shown.splitlines()[-1] == AGAIN
    assert "Traceback" not in shown


def test_an_account_that_cannot_be_reached_keeps_its_own_words(shell: InteractiveShell) -> None:
    far = "https://sqs.us-east-1.amazonaws.com/"

    assert "Traceback" in rendered(EndpointConnectionError(endpoint_url=far, error="refused"))
