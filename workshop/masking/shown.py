"""Masks what a kernel shows: prints, results, tracebacks, and what is shown anew.

A kernel sends all of it through one door, so whatever shows something goes through it: `print`, a
boto3 answer, an error of AWS that repeats an ARN. What a cell computes with stays as it is.
"""

from collections.abc import Mapping
from typing import Any

from workshop.masking.mask import Mask

# What a notebook keeps, and what its reader sees; the controls of a panel answer to the kernel, and
# have to say what they were told.
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
    session.send = _Masked(send.send if isinstance(send, _Masked) else send, mask)


def masked_content(content: Any, mask: Mask) -> Any:
    """What a message, or a cell's output, holds, with aliases in all of its texts."""
    if isinstance(content, str):
        return mask.text(content)
    if isinstance(content, Mapping):
        return {
            # Pictures come as base64, and lose what they hold beside their pixels.
            name: mask.picture(value)
            if isinstance(value, str) and name in ("image/png", "image/jpeg")
            else masked_content(value, mask)
            for name, value in content.items()
        }
    if isinstance(content, list | tuple):
        return [masked_content(value, mask) for value in content]
    return content


class _Masked:
    """In the place of the kernel's own `send`."""

    def __init__(self, send: Any, mask: Mask) -> None:
        self.send = send
        self._mask = mask

    def __call__(
        self, stream: Any, msg_or_type: Any, content: Any = None, *others: Any, **named: Any
    ) -> Any:
        if isinstance(msg_or_type, Mapping):
            kind = msg_or_type.get("msg_type") or msg_or_type["header"]["msg_type"]
            if kind in _SHOWN:
                masked = masked_content(msg_or_type["content"], self._mask)
                msg_or_type = {**msg_or_type, "content": masked}
        elif msg_or_type in _SHOWN:
            content = masked_content(content, self._mask)
        return self.send(stream, msg_or_type, content, *others, **named)
