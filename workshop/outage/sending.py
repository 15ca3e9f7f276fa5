"""Many orders at once into the queues of an experiment."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workshop.lab import Lab
from workshop.workbench import Rig

# The most that one SendMessageBatch takes.
_BATCH = 10


def send_all(lab: Lab, rigs: Iterable[Rig], orders: Sequence[Mapping[str, Any]]) -> None:
    """Send the same orders into the source queue of each rig, ten with a call."""
    sqs = lab.client("sqs")
    for rig in rigs:
        for first in range(0, len(orders), _BATCH):
            entries = [
                {"Id": str(place), "MessageBody": json.dumps(order)}
                for place, order in enumerate(orders[first : first + _BATCH])
            ]
            sqs.send_message_batch(QueueUrl=rig.source, Entries=entries)
