"""Temporary resources of an experiment: made in one line each, named and tagged alike, removed.

An experiment that breaks things does so on things of its own. `Bench` makes small functions, by
default with the handler of `lambda/orders`, queues, topics and tables. `clear()` removes them all,
also those that an interrupted run left behind: it finds them by how their names begin.
"""

from workshop.workbench.package import package
from workshop.workbench.parts import (
    BACKING_OFF,
    KEEPING,
    READING,
    WRITING,
    QueueAddress,
    prefix_of,
)
from workshop.workbench.rigs import Bench, Rig

__all__ = [
    "BACKING_OFF",
    "KEEPING",
    "READING",
    "WRITING",
    "Bench",
    "QueueAddress",
    "Rig",
    "package",
    "prefix_of",
]
