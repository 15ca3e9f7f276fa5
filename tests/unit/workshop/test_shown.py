"""A kernel that works on an account shows aliases, whatever it shows them with."""

from types import SimpleNamespace
from typing import Any

from tests.unit.workshop.test_masking import ACCOUNT
from workshop.masking import known
from workshop.masking.mask import Mask
from workshop.masking.shown import mask_what_is_shown

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
    # The code of a cell, and what a control tells the kernel.
    for kind in ("execute_input", "comm_msg", "kernel_info_reply"):
        assert shown(kind, {"code": ARN}) == {"code": ARN}


def test_connecting_again_masks_once() -> None:
    kernel = FakeKernel()
    mask_what_is_shown(kernel, Mask())
    first = kernel.session.send
    mask_what_is_shown(kernel, Mask(known.of_account(ACCOUNT)))
    assert kernel.session.send.send == first.send
