"""Masks what a kernel shows: prints, results, tracebacks, and what is shown anew.

A kernel sends all of it through one door, so whatever shows something goes through it: `print`, a
boto3 answer, an error of AWS that repeats an ARN. What a cell computes with stays as it is.
"""

from collections.abc import Mapping
from typing import Any

from workshop.masking.content import masked_content
from workshop.masking.mask import Mask
from workshop.masking.widgets import WIDGET_KINDS, WidgetMask

# What a notebook keeps, and what its reader sees.
_SHOWN = frozenset(
    {"stream", "display_data", "update_display_data", "execute_result", "error", "execute_reply"}
)


def mask_what_is_shown(kernel: Any, mask: Mask) -> None:
    """From now on this kernel shows aliases; a second time only the mask changes.

    Args:
        kernel: an ipykernel, as `get_ipython().kernel`.
        mask: replaces what nobody gives away.
    """
    session = kernel.session
    send = session.send
    if isinstance(send, _Masked):
        # What was learned of widgets that are open stays.
        session.send = _Masked(send.send, mask, send.widgets)
    else:
        session.send = _Masked(send, mask, WidgetMask())


class _Masked:
    """In the place of the kernel's own `send`."""

    def __init__(self, send: Any, mask: Mask, widgets: WidgetMask) -> None:
        self.send = send
        self.widgets = widgets
        self._mask = mask

    def __call__(
        self, stream: Any, msg_or_type: Any, content: Any = None, *others: Any, **named: Any
    ) -> Any:
        if isinstance(msg_or_type, Mapping):
            kind = msg_or_type.get("msg_type") or msg_or_type["header"]["msg_type"]
            masked = self._masked(kind, msg_or_type["content"])
            msg_or_type = {**msg_or_type, "content": masked}
        else:
            content = self._masked(msg_or_type, content)
        return self.send(stream, msg_or_type, content, *others, **named)

    def _masked(self, kind: str, content: Any) -> Any:
        if kind in _SHOWN:
            return masked_content(content, self._mask)
        return self.widgets.masked(content, self._mask) if kind in WIDGET_KINDS else content
