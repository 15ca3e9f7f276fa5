"""Event source mappings between two lessons: who polls, what that costs, off and on again."""

from collections.abc import Mapping

from workshop import html
from workshop.cleanup import cost
from workshop.cleanup.resources import POLLING, set_enabled
from workshop.lab import Lab
from workshop.prices import SQS_FIFO, dollars, sqs_price
from workshop.target.waiting import wait_briefly

_SETTLED = ("Enabled", "Disabled")


class Polling:
    """Which patterns' mappings poll; shows itself with the price of letting them.

    Attributes:
        states: pattern -> its mapping's state, in AWS's words.
        idle: what those that poll cost in a month in which nobody sends anything.
    """

    def __init__(self, states: Mapping[str, str], queues: Mapping[str, str], is_free: bool) -> None:
        self.states = dict(states)
        requests = dict.fromkeys(map(sqs_price, queues.values()), 0.0)
        for pattern in self.on:
            requests[sqs_price(queues[pattern])] += cost.idle_requests(1, days=cost.DAYS_PER_MONTH)
        self.idle = cost.Estimate("idle", {price: n for price, n in requests.items() if n})
        self._is_free = is_free

    @property
    def on(self) -> list[str]:
        """The patterns whose mappings poll."""
        return [pattern for pattern, state in self.states.items() if state in POLLING]

    def _told(self) -> list[str]:
        if not self.on:
            return [
                f"{', '.join(self.states)}: nobody polls. Messages wait, and nothing is processed "
                "until cleanup.polling(lab, on=True).",
                f"On an account: {cost.KEPT[0].lower()}{cost.KEPT[1:]}",
            ]
        prices = " and ".join(
            f"{row['price']} to {'FIFO' if row['item'] == SQS_FIFO.item else 'standard'} queues"
            for row in self.idle.table.to_dict("records")
        )
        where = "on a real account; here nothing is charged" if self._is_free else "here"
        return [
            f"{', '.join(self.on)}: polled day and night, also when nobody sends anything.",
            f"That costs {dollars(self.idle.total_usd)} in {cost.DAYS_PER_MONTH} days {where} "
            f"({cost.POLLERS} pollers each, {prices}). on=False stops it.",
        ]

    def __repr__(self) -> str:
        return "\n".join(self._told())

    def _repr_html_(self) -> str:
        title = "Polling" if self.on else "Off"
        return html.note(html.WAITING if self.on else html.NOT_DONE, title, *self._told())


def polling(lab: Lab, *patterns: str, on: bool | None = None) -> Polling:
    """Who polls, and what it costs; `on=False` stops it between two lessons, `on=True` undoes that.

    Args:
        lab: the target.
        patterns: whose event source mappings; by default of all patterns that have one.
        on: whether they shall poll; None only looks.
    """
    outputs = {one: lab.outputs(one) for one in patterns} if patterns else lab.deployed()
    mappings = {
        pattern: out.EventSourceMappingId
        for pattern, out in outputs.items()
        if "EventSourceMappingId" in out
    }
    client = lab.client("lambda")

    def states() -> dict[str, str]:
        return {
            pattern: client.get_event_source_mapping(UUID=uuid)["State"]
            for pattern, uuid in mappings.items()
        }

    if on is not None:
        # One that is being changed takes no other change.
        wait_briefly(
            lab.clock,
            lambda: all(state in _SETTLED for state in states().values()),
            "no event source mapping is being changed",
            cause="Lambda takes one change of a mapping after the other",
            waits=lab.waits,
        )
        wanted = "Enabled" if on else "Disabled"
        others = [mappings[pattern] for pattern, state in states().items() if state != wanted]
        set_enabled(lab, others, on)
    queues = {pattern: outputs[pattern].SourceQueueUrl for pattern in mappings}
    return Polling(states(), queues, not lab.session.target.is_aws)
