"""What every way of invoking a function needs."""

from dataclasses import dataclass

from localaws.activity import Activity
from localaws.clock import Clock
from localaws.lambda_.invocation.invoker import Invoker
from localaws.lambda_.invocation.metrics import FunctionMetrics
from localaws.lambda_.neighbours import Functions
from localaws.ports import Permissions
from localaws.scheduler import Scheduler


@dataclass(frozen=True, kw_only=True)
class InvocationServices:
    """The collaborators that the synchronous path, the event queue and the pollers share."""

    clock: Clock
    scheduler: Scheduler
    activity: Activity
    functions: Functions
    permissions: Permissions
    metrics: FunctionMetrics
    invoker: Invoker
