"""The misconfiguration clinic: six set-ups with one fault each, and a check that tries them out.

    second = clinic.ThrottledQueue(lab, temporary)    # what a colleague left behind
    with second.change():                             # a value that AWS refuses is told by check()
        sqs.set_queue_attributes(...)                 # your change
    second.check()                                    # reads the settings, sends an order

A check reads the settings from AWS (`reading`, into what `found` has), lets pure rules judge them
(`queue_rules`, `permission_rules`, `event_rules`: right, not yet, or dangerous, as a `verdict`),
and sends an order to see what really happens. `exercise` is what the six share; those about a queue
are in `queue_side`, those about asynchronous invocation in `delivery`.
"""

from workshop.clinic.delivery import AliasDestination, EventAge, MissingPermission
from workshop.clinic.exercise import Exercise
from workshop.clinic.queue_side import FunctionDlq, ThrottledQueue, VisibilityTimeout

__all__ = [
    "AliasDestination",
    "EventAge",
    "Exercise",
    "FunctionDlq",
    "MissingPermission",
    "ThrottledQueue",
    "VisibilityTimeout",
]
