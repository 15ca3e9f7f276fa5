"""The misconfiguration clinic: six set-ups with one fault each, and a check that tries them out.

    second = clinic.ThrottledQueue(lab, temporary)    # what a colleague left behind
    sqs.set_queue_attributes(...)                     # your change
    second.check()                                    # sends an order and looks what becomes of it

Each class makes its set-up, broken; `check()` says what AWS did with it, and gives a hint about the
value that it found. `exercise` is what they share; those about a queue are in `queue_side`, those
about asynchronous invocation in `delivery`, and the rules of the hints in `hints` (pure).
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
