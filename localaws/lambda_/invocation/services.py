"""What every way of invoking a function needs."""

from dataclasses import dataclass

from localaws.lambda_.invocation.invoker import Invoker
from localaws.lambda_.invocation.metrics import FunctionMetrics
from localaws.lambda_.neighbours import Functions
from localaws.time.time import Time
from localaws.words.ports import Permissions


@dataclass(frozen=True, kw_only=True)
class InvocationServices:
    """The collaborators that the synchronous path, the event queue and the pollers share."""

    time: Time
    functions: Functions
    permissions: Permissions
    metrics: FunctionMetrics
    invoker: Invoker
