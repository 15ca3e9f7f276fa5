"""The pictures of notebooks 05 and 06: a queue of batches, and a queue that is repaired.

Both begin with the queue, its mapping, its function and its DLQ; what follows differs.
"""

from dataclasses import dataclass

from diagrams.parts import Card, arrow, label
from diagrams.resources import function_card, retention
from diagrams.shapes import Group, Picture
from infra.template import Properties, Template
from workshop.palette import GREEN, GREEN_TEXT, SOFT_INK, VERMILLION, VERMILLION_TEXT

# The two rows, the three columns, and the middle of the gap between the last two.
UPPER, LOWER = 34, 268
LEFT, MIDDLE, RIGHT = 20, 306, 752
GAP_X = 642


@dataclass(frozen=True)
class Parts:
    """What both templates have, as properties and as cards."""

    template: Template
    orders: str

    @property
    def mapping(self) -> Properties:
        return self.template.the("AWS::Lambda::EventSourceMapping")

    @property
    def source(self) -> Properties:
        return self.template.target(self.mapping["EventSourceArn"])

    @property
    def receives(self) -> int:
        return int(self.source["RedrivePolicy"]["maxReceiveCount"])

    @property
    def sender(self) -> Card:
        return Card("notebook", "You", LEFT, UPPER, (f"send {self.orders}",), "notebook", 156)

    @property
    def queue(self) -> Card:
        lines = (f"visibility timeout {self.source['VisibilityTimeout']} s",)
        return Card("source-queue", "Source queue", MIDDLE, UPPER, lines, "queue", 226)

    @property
    def function(self) -> Card:
        function = self.template.the("AWS::Lambda::Function")
        return function_card(function, RIGHT, UPPER, width=228)

    @property
    def dlq(self) -> Card:
        dlq = self.template.target(self.source["RedrivePolicy"]["deadLetterTargetArn"])
        lines = (f"keeps messages {retention(dlq)}",)
        title = "Source queue's DLQ"
        return Card("source-queue-dlq", title, MIDDLE, LOWER, lines, "dead letters", 226)

    def drawn(self) -> tuple[Group, ...]:
        """Cards, and the arrows that both pictures have."""
        cards = (self.sender, self.queue, self.function, self.dlq)
        return (*(card.drawn() for card in cards), self._send(), self._invoke(), self._moved())

    def _send(self) -> Group:
        x, y = (self.sender.right[0] + MIDDLE) / 2, self.sender.right[1]
        labels = label(x, y - 20, "SendMessage")
        return arrow("send", self.sender.right, self.queue.left, step=(1, (x, y)), labels=labels)

    def _invoke(self) -> Group:
        y, size = UPPER + 28, self.mapping["BatchSize"]
        most = "1 message" if size == 1 else f"up to {size} messages"
        return arrow(
            "event-source-mapping",
            (self.queue.right[0], y),
            (RIGHT, y),
            step=(2, (GAP_X, y)),
            labels=label(GAP_X, y - 20, "event source mapping")
            + label(GAP_X, y + 26, f"{most} per invocation", fill=SOFT_INK),
        )

    def _moved(self) -> Group:
        x, middle = self.queue.x + 70, (self.queue.bottom[1] + LOWER) / 2
        words = (f"received {self.receives} times, still there:", "SQS moves it to the DLQ")
        return arrow(
            "redrive-policy",
            (x, self.queue.bottom[1]),
            (x, LOWER),
            step=(4, (x, middle)),
            labels=label(x - 20, middle - 3, *words, fill=VERMILLION_TEXT, anchor="end"),
            colour=VERMILLION,
        )


def batches(template: Template) -> Picture:
    """Notebook 05: the function names the messages that failed."""
    [read] = template.the("AWS::Lambda::EventSourceMapping")["FunctionResponseTypes"]
    parts = Parts(template, "ten orders")
    size = parts.mapping["BatchSize"]
    return Picture(
        "Partial batches",
        "You send ten orders to the source queue. An event source mapping invokes the function "
        f"with up to {size} messages at once. The function answers with the ids of those that "
        f"failed; because of {read} the mapping reads the answer: messages that are named stay in "
        f"the queue, all others are deleted. After {parts.receives} receives SQS moves a message "
        "to the source queue's DLQ.",
        width=1000,
        height=378,
        groups=(*parts.drawn(), _reported(parts, read), _others()),
    )


def _reported(parts: Parts, read: str) -> Group:
    bottom, y = parts.queue.bottom[1], parts.queue.bottom[1] + 46
    start_x, end_x = RIGHT + 60, parts.queue.x + 170
    return arrow(
        "reported",
        (start_x, bottom),
        (start_x, y),
        (end_x, y),
        (end_x, bottom),
        step=(3, (GAP_X, y)),
        labels=label(GAP_X, y - 18, "named as failed: stays", fill=VERMILLION_TEXT)
        + label(GAP_X, y + 26, f"({read})", fill=VERMILLION_TEXT),
        colour=VERMILLION,
        dashed=True,
    )


def _others() -> Group:
    x, bottom = RIGHT + 160, UPPER + 84
    labels = label(x, bottom + 58, "not named: Lambda", "deletes the message", fill=GREEN_TEXT)
    return arrow("success", (x, bottom), (x, bottom + 40), labels=labels, colour=GREEN)


def repair(template: Template) -> Picture:
    """Notebook 06: payments, and the way back from the DLQ."""
    parts = Parts(template, "an order")
    template.the("AWS::DynamoDB::Table")
    table = Card("payments", "Payments", RIGHT, LOWER, ("a DynamoDB table",), "done", 228)
    return Picture(
        "Redrive and repair",
        "You send an order to the source queue. An event source mapping invokes the function with "
        f"{parts.mapping['BatchSize']} message, and the function writes a payment into a table. "
        f"An order that fails is received again; after {parts.receives} receives SQS moves it to "
        "the source queue's DLQ. After the repair a redrive sends it back to the source queue.",
        width=1000,
        height=378,
        groups=(*parts.drawn(), table.drawn(), _payment(parts, table), _redrive(parts)),
    )


def _payment(parts: Parts, table: Card) -> Group:
    x, top, bottom = table.top[0], parts.function.bottom[1], table.top[1]
    y = (top + bottom) / 2
    labels = label(x + 20, y + 4, "takes a payment", fill=GREEN_TEXT, anchor="start")
    points = ((x, top), (x, bottom))
    return arrow("payment", *points, step=(3, (x, y)), labels=labels, colour=GREEN)


def _redrive(parts: Parts) -> Group:
    x, top, bottom = parts.queue.x + 170, parts.queue.bottom[1], parts.dlq.top[1]
    y = (top + bottom) / 2
    labels = label(x + 20, y - 4, "after the repair:", "redrive", anchor="start")
    return arrow("redrive", (x, bottom), (x, top), step=(5, (x, y)), labels=labels)
