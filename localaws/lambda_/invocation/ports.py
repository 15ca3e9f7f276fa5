"""What every way of invoking a function needs, in one piece."""

from dataclasses import dataclass

from localaws.lambda_.invocation.invoker import Invoker
from localaws.lambda_.invocation.metrics import FunctionMetrics
from localaws.lambda_.ports import Functions
from localaws.time.time import Time
from localaws.words.ports import Permissions


@dataclass(frozen=True, kw_only=True)
class InvocationPorts:
    """Shared by the synchronous path, the event queue and the pollers."""

    time: Time
    functions: Functions
    permissions: Permissions
    metrics: FunctionMetrics
    invoker: Invoker
