"""A kernel that works on an account shows aliases, whatever it shows them with."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import ipywidgets
import pytest
from comm.base_comm import BaseComm

from tests.unit.workshop.test_masking import ACCOUNT
from workshop.masking import known
from workshop.masking.mask import Mask
from workshop.masking.shown import mask_what_is_shown
from workshop.player.widget import Player

ARN = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:Q"


class FakeKernel:
    """Remembers what it sent."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.session = SimpleNamespace(send=self.send)

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, **named: Any) -> None:
        self.sent.append(msg_or_type["content"] if isinstance(msg_or_type, dict) else content)


def shown(kind: str, content: dict[str, Any], *, whole: bool = False) -> Any:
    kernel = FakeKernel()
    mask_what_is_shown(kernel, Mask(known.of_account(ACCOUNT)))
    if whole:
        message = {"header": {"msg_type": kind}, "msg_type": kind, "content": content}
        kernel.session.send("iopub", message)
    else:
        kernel.session.send("iopub", kind, content, parent={})
    return kernel.sent[0]


def test_prints_results_and_tracebacks() -> None:
    assert shown("stream", {"name": "stdout", "text": ARN})["text"].endswith(":ACCOUNT-1:Q")
    assert shown("error", {"traceback": [ARN]}) == {
        "traceback": ["arn:aws:sqs:eu-west-1:ACCOUNT-1:Q"]
    }
    result = shown("execute_result", {"data": {"text/html": f"<b>{ARN}</b>"}}, whole=True)
    assert result == {"data": {"text/html": "<b>arn:aws:sqs:eu-west-1:ACCOUNT-1:Q</b>"}}


def test_what_is_no_output_stays_as_it_is() -> None:
    for kind in ("execute_input", "comm_close", "kernel_info_reply"):
        assert shown(kind, {"code": ARN}) == {"code": ARN}


def test_connecting_again_masks_once() -> None:
    kernel = FakeKernel()
    mask_what_is_shown(kernel, Mask())
    first = kernel.session.send
    mask_what_is_shown(kernel, Mask(known.of_account(ACCOUNT)))
    assert kernel.session.send.send == first.send


SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYplantedKEY"
PLANTED = [*known.of_account(ACCOUNT), *known.of_keys(secret_key=SECRET)]
PLANTED += known.of_endpoint("http://127.0.0.1:4566")


def told_to(widgets: Callable[[], Any]) -> list[Any]:
    """The messages that real widgets send on an account."""
    kernel = FakeKernel()
    mask_what_is_shown(kernel, Mask(PLANTED))

    class Comm(BaseComm):
        def publish_msg(self, msg_type: str, data: Any = None, **named: Any) -> None:
            content = {"comm_id": self.comm_id, "data": data or {}}
            named = {name: value for name, value in named.items() if "target" in name}
            kernel.session.send("iopub", msg_type, content | named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("comm.create_comm", lambda *a, **k: Comm(*a, **k))
        widgets()
    return kernel.sent


def test_what_widgets_show_is_masked_and_stays_json() -> None:
    arn = f"{ARN} {SECRET} http://127.0.0.1:4566/{ACCOUNT}/Q"

    def widgets() -> None:
        panel = ipywidgets.HTML(f"<b>{arn}</b>")
        panel.value = arn
        ipywidgets.Dropdown(options=[arn, "none"])
        Player(facts={"runs": [{"names": {"TopicArn": arn}, "log": [f'{{"q": "{arn}"}}']}]})

    sent = told_to(widgets)
    text = json.dumps(sent)
    for secret in (ACCOUNT, SECRET, "127.0.0.1:4566"):
        assert secret not in text
    # The same has the same alias as in what cells print
    assert "arn:aws:sqs:eu-west-1:ACCOUNT-1:Q SECRET-1 http://ENDPOINT-1/ACCOUNT-1/Q" in text
    # Log lines that are JSON themselves can still be read as such
    [facts] = [one["data"]["state"]["facts"] for one in sent if "facts" in str(one.get("data"))]
    assert json.loads(facts["runs"][0]["log"][0])["q"].startswith("arn:aws:sqs")
    # And widgets find each other and their code
    assert "IPY_MODEL_" in text
    assert next(one for one in sent if "_esm" in str(one))["data"]["state"]["_esm"] == Player._esm


def test_what_comes_back_to_the_kernel_is_not_an_alias() -> None:
    def typed() -> None:
        ipywidgets.Text(value=ARN)
        ipywidgets.Textarea().value = ARN

    # What a browser would send back as it got it, and what it sent itself
    assert json.dumps(told_to(typed)).count(ARN) == 2
    echo = {"comm_id": "a", "data": {"method": "echo_update", "state": {"value": ARN}}}
    assert shown("comm_msg", echo) == echo
    custom = {"comm_id": "a", "data": {"method": "custom", "content": {"told": ARN}}}
    assert ACCOUNT not in str(shown("comm_msg", custom))
    asked = {"comm_id": "a", "data": {"states": {"b": {"state": {"value": ARN}}}}}
    assert ACCOUNT not in str(shown("comm_msg", asked))
