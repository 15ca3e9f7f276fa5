"""The type of the control plane's operations."""

from collections.abc import Awaitable, Callable
from typing import Any

from localaws.words.http import Caller

# Takes and returns boto3-shaped dicts; nobody waits here but for a large package.
LambdaOperation = Callable[[dict[str, Any], Caller], dict[str, Any] | Awaitable[dict[str, Any]]]
