"""What every way of invoking a function needs."""

from dataclasses import dataclass

from localaws.activity import Activity
from localaws.clock import Clock
from localaws.ports import Permissions
from localaws.scheduler import Scheduler

from .function_metrics import FunctionMetrics
from .invoker import Invoker
from .neighbours import Functions


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
