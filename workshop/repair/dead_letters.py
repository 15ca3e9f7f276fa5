"""The dead-letter viewer."""

from collections.abc import Callable

import pandas as pd

from workshop.lab import Lab

Expectation = Callable[[object], str | None]


class DeadLetters:
    """What lies in the DLQs and on-failure destinations that were looked into.

    Attributes:
        table: one row per message, oldest first: `order_id`, `place`, `why`, `error_type`,
            `error_message`, `error_group`, `age_s`, `receive_count`, `expected` (what the handler
            finds wrong with the payload; missing when it fits), `payload`, `message_id`,
            `queue_message_id`, `queue_url`, `sent_at`.
        groups: one row per error group: `error_group`, `messages`, `oldest_s`, `example`.
        cost: what this look cost, a sentence.
    """

    table: pd.DataFrame
    groups: pd.DataFrame
    cost: str


def dead_letters(
    lab: Lab,
    where: str,
    *,
    expects: Expectation | None = None,
    at_most: int = 1000,
) -> DeadLetters:
    """Look at dead letters without consuming them.

    Args:
        lab: the target.
        where: a pattern (all its DLQs and its on-failure destination) or one queue's URL.
        expects: payload -> what is wrong with it, or None; default the deployed handler's own
            rules for an order.
        at_most: messages per queue.
    """
    raise NotImplementedError
