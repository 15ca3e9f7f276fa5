"""Texts within what Jupyter sends and stores."""

from collections.abc import Mapping
from typing import Any

from workshop.masking.mask import Mask


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
