"""Buttons that send messages. Everything a button does is shown as code, and its result stays."""

from typing import Any

from workshop.lab import Lab


def send_panel(lab: Lab, pattern: str) -> Any:
    """Controls to send good, flaky and bad messages to a pattern.

    Beside the controls the equivalent boto3 code is shown, and after sending a static table of
    what was sent, which stays in the notebook and in the exported guide.
    """
    raise NotImplementedError
