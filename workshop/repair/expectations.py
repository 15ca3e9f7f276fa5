"""What the handler expects of a payload: asked from the handler's own code."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workshop.handlers import FOLDER

Expectation = Callable[[Any], str | None]

# The patterns whose function is `lambda/orders`.
_TAKE_ORDERS = (
    "SqsDlq",
    "LambdaDestinations",
    "LambdaDlq",
    "WholeBatches",
    "PartialBatches",
    "FifoBatches",
)


def expectation_of(pattern: str | None) -> Expectation | None:
    """What this pattern's handler finds wrong with a payload; None when it does not tell."""
    return orders_expectation() if pattern in _TAKE_ORDERS else None


def orders_expectation(folder: Path = FOLDER / "orders") -> Expectation:
    """The rules of `lambda/orders`: the code that is deployed is the code that is asked.

    `lambda` is a keyword, so the file is loaded by its path; it needs the standard library only.
    """
    spec = importlib.util.spec_from_file_location("orders_handler", folder / "handler.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def expects(payload: Any) -> str | None:
        try:
            module.parse_order(payload)
        except module.InvalidOrderError as error:
            return str(error)
        return None

    return expects
