"""What a kernel tells its widgets: masked where it is shown, as it is where it comes back.

The messages are those of ipywidgets: a state, a custom content, or the states of all. What a
browser sends to the kernel is never changed.
"""

from collections.abc import Mapping
from typing import Any

from workshop.masking.content import masked_content
from workshop.masking.mask import Mask

WIDGET_KINDS = frozenset({"comm_open", "comm_msg"})
# What a person types into these comes back to the kernel, and with it what the kernel wrote there:
# an alias would be taken for the value.
_TYPED_INTO = frozenset({"TextModel", "TextareaModel", "PasswordModel", "ComboboxModel"})
# A browser's own words, which the kernel repeats for other views of the same control.
_ECHO = "echo_update"


class WidgetMask:
    """Masks the messages to the widgets of one kernel."""

    def __init__(self) -> None:
        self._typed_into: set[str] = set()

    def masked(self, content: Any, mask: Mask) -> Any:
        """What a message holds, with aliases in what a widget shows.

        Ids and the names of models and modules stay: by them a browser finds what belongs together.
        """
        if not isinstance(content, Mapping) or not isinstance(data := content.get("data"), Mapping):
            return content
        if data.get("method") == _ECHO:
            return content
        told = dict(data)
        if isinstance(state := data.get("state"), Mapping):
            told["state"] = self._state(str(content.get("comm_id")), state, mask)
        if isinstance(states := data.get("states"), Mapping):
            told["states"] = {
                name: {**one, "state": self._state(name, one["state"], mask)}
                for name, one in states.items()
            }
        if "content" in data:
            told["content"] = masked_content(data["content"], mask)
        return {**content, "data": told}

    def _state(self, widget: str, state: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
        if state.get("_model_name") in _TYPED_INTO:
            self._typed_into.add(widget)
        return {
            name: value
            # Those with a line before them are code, styles and names of code.
            if (name.startswith("_") and not name.startswith("_options"))
            or (name == "value" and widget in self._typed_into)
            else masked_content(value, mask)
            for name, value in state.items()
        }
