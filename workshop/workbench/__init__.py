"""Temporary resources of an experiment: made in one line each, named and tagged alike, removed.

An experiment that breaks things does so on things of its own. `Bench` makes small functions with
a handler of `lambda/`, queues and topics, and `clear()` removes them all, also those that
an interrupted run left behind: it finds them by the beginning of their names.
"""

from workshop.workbench.parts import READING, WRITING, QueueAddress, prefix_of
from workshop.workbench.rigs import Bench, Rig

__all__ = ["READING", "WRITING", "Bench", "QueueAddress", "Rig", "prefix_of"]
