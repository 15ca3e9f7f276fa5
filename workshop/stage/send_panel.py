"""Buttons that send messages. Everything a button does is shown as code, and its result stays.

Widgets disappear when a notebook is exported or its kernel restarts, so none holds information of
its own: beside the controls stand the code that does the same and a plain table of what was sent.
"""

import functools
import traceback
from collections.abc import Callable
from numbers import Real
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from IPython.display import display

from workshop import html
from workshop.errors import WorkshopError
from workshop.lab import Lab
from workshop.sending import RECIPES, code_for, send_order
from workshop.stage.controls import after_restart, bundle, button, row

_TOOLTIPS = {
    "good": "is processed at the first attempt",
    "flaky": "fails twice, succeeds at the third attempt",
    "bad": "fails at every attempt",
    "timeout": "runs into the function's timeout at every attempt",
}


def shows_errors(callback: Callable[..., None]) -> Callable[..., None]:
    """Make an error in a widget's callback visible; for methods of objects with `show_error`.

    JupyterLab drops what a callback raises. Here it appears in a box beside the control, as one
    sentence where we know the remedy, and stays in the object's `error` for tests.
    """

    @functools.wraps(callback)
    def guarded(self: Any, *arguments: Any) -> None:
        self.error = None
        try:
            callback(self, *arguments)
        except Exception as error:
            self.error = error
            known = isinstance(error, WorkshopError)
            self.show_error(str(error) if known else "".join(traceback.format_exception(error)))

    return guarded


class SendPanel:
    """Controls for one pattern; made by `send_panel`.

    Attributes:
        sent: the orders sent with this panel, newest last.
        error: what the last click raised; None when all went well.
    """

    def __init__(self, lab: Lab, pattern: str) -> None:
        self.sent: list[dict[str, Any]] = []
        self.error: Exception | None = None
        self._lab, self._pattern = lab, pattern
        self._call = code_for(lab, pattern)
        # A field for whole numbers drops a point that is typed: 2.5 would become 25.
        self.number = widgets.BoundedFloatText(
            value=1, min=1, max=100, step=1, description="How many"
        )
        self.buttons = {kind: self._button(kind) for kind in RECIPES}
        self._code, self._result = widgets.HTML(), widgets.HTML()
        self._static: Any = None
        self._shown_kind = next(iter(RECIPES))
        self.number.observe(self._number_changed, names="value")
        self._show_code(self._shown_kind, self._asked)
        controls = row(self.number, *self.buttons.values())
        self.box = widgets.VBox([controls, self._code, self._result])

    def _button(self, kind: str) -> widgets.Button:
        made = button(f"Send {kind}", tooltip=f"This order {_TOOLTIPS[kind]}.")
        made.on_click(functools.partial(self._clicked, kind))
        return made

    @shows_errors
    def _clicked(self, kind: str, _: widgets.Button) -> None:
        self.send(kind, self._asked)

    @property
    def _asked(self) -> float:
        """How many the field says, as one writes it."""
        number: float = self.number.value
        return int(number) if number.is_integer() else number

    def send(self, kind: str, number: float = 1) -> list[dict[str, Any]]:
        """What the buttons do: send `number` orders of a kind ("good", "flaky", "bad", "timeout").

        Faults without a button are kinds, too: "raise", "dependency", "malformed", "exit",
        "memory", "slow".

        Returns:
            The orders that were sent, with their message ids.

        Raises:
            WorkshopError: there is no such kind, or the number is no whole one from 1 on; nothing
                was sent.
        """
        times = _whole(number, kind)
        orders = [send_order(self._lab, self._pattern, kind) for _ in range(times)]
        self.sent += orders
        self._result.value = ""
        self._show_code(kind, times)
        if self._static is not None:
            self._static.update(self._bundle(), raw=True)
        return orders

    def show_error(self, text: str) -> None:
        """A box with what went wrong, beside the controls."""
        self._result.value = html.note(html.BAD, "not sent", html.block(text), is_alert=True)

    def _table(self) -> str:
        if not self.sent:
            return ""
        rows = [
            (order["order_id"], order["kind"], html.code(order["message_id"]))
            for order in self.sent
        ]
        told = html.paragraph("Sent with this panel:")
        return html.joined(told, html.table(("order", "kind", "message id"), rows))

    def _number_changed(self, _: object) -> None:
        self._show_code(self._shown_kind, self._asked)

    def _show_code(self, kind: str, number: float) -> None:
        """What a button does as code: the one that was pressed last, by its name."""
        self._shown_kind = kind
        self._code.value = html.paragraph(
            html.strong(f"Send {kind}"),
            ", as code: ",
            html.code(f'panel.send("{kind}", {number})'),
            ", which is, in boto3, ",
            html.code(self._call),
        )

    def _ipython_display_(self) -> None:
        display(bundle(self.box), raw=True)  # type: ignore[no-untyped-call]
        # For readers of an exported notebook, where the controls are gone.
        self._static = display(self._bundle(), raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def _bundle(self) -> dict[str, str]:
        kinds = [html.joined(html.strong(kind), f" {told}") for kind, told in _TOOLTIPS.items()]
        what = f"Controls to send orders to {self._pattern}: "
        told = html.paragraph(what, html.joined(*kinds, by="; "), ".")
        return {
            "text/html": html.joined(told, self._table(), after_restart()),
            "text/plain": repr(self),
        }

    def __repr__(self) -> str:
        return f"Controls to send orders to {self._pattern}; {len(self.sent)} sent."


def _whole(number: Any, kind: str) -> int:
    """How many orders are meant."""
    is_number = isinstance(number, Real) and not isinstance(number, bool)
    if is_number and number >= 1 and float(number).is_integer():
        return int(number)
    raise WorkshopError(
        f"{number!r} is no number of orders: nothing was sent.",
        f'Write a whole number, 1 or more, such as panel.send("{kind}", 2).',
    )


def send_panel(lab: Lab, pattern: str) -> SendPanel:
    """Controls to send good, flaky, bad and slow orders to a pattern.

    Beside the controls the equivalent code is shown, and after sending a table of what was sent.

    Args:
        lab: the target.
        pattern: "SqsDlq", "LambdaDestinations" or "LambdaDlq".
    """
    return SendPanel(lab, pattern)
