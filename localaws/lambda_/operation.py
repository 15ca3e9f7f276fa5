"""The type of the control plane's operations."""

from collections.abc import Callable
from typing import Any

from localaws.words.http import Caller

# Takes and returns boto3-shaped dicts; nothing here waits.
LambdaOperation = Callable[[dict[str, Any], Caller], dict[str, Any]]
