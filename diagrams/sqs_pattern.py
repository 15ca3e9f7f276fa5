"""Pattern 1 as a picture: a source queue and its dead-letter queue.

Cards stand for resources, arrows for the properties that connect them, and every number comes from
the template. Where a property is missing the picture cannot be drawn: that is how a change of the
stack is noticed here.
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
class Pattern:
    """The parts of the template that the picture is about."""

    mapping: Properties
    source_queue: Properties
    source_queue_dlq: Properties
    function: Properties
    alarm: Properties

    @classmethod
    def of(cls, template: Template) -> "Pattern":
        mapping = template.the("AWS::Lambda::EventSourceMapping")
        source = template.target(mapping["EventSourceArn"])
        dlq = template.target(source["RedrivePolicy"]["deadLetterTargetArn"])
        function = template.the("AWS::Lambda::Function")
        return cls(mapping, source, dlq, function, _alarm_on(template, dlq))

    @property
    def visibility(self) -> str:
        return f"{self.source_queue['VisibilityTimeout']} s"

    @property
    def receives(self) -> int:
        return int(self.source_queue["RedrivePolicy"]["maxReceiveCount"])


def sqs_dlq(template: Template) -> Picture:
    """Pattern 1: source queue, event source mapping, redrive policy, alarm."""
    pattern = Pattern.of(template)
    sender, queue, function, dlq, alarm = cards = _cards(pattern)
    return Picture(
        "SQS with a dead-letter queue",
        "You send an order to the source queue. An event source mapping invokes the function with "
        f"{pattern.mapping['BatchSize']} message at a time. On success Lambda deletes the message. "
        f"On an error or timeout it stays and becomes visible again {pattern.visibility} after the "
        f"receive. After {pattern.receives} receives SQS moves it to the source queue's DLQ, where "
        "an alarm notices it.",
        width=1000,
        height=378,
        groups=(
            *(card.drawn() for card in cards),
            _send(sender, queue),
            _invoke(pattern, queue, function),
            _return(pattern, queue, function),
            _success(function),
            _redrive(pattern, queue, dlq),
            _metric(pattern, dlq, alarm),
        ),
    )


def _cards(pattern: Pattern) -> tuple[Card, Card, Card, Card, Card]:
    source = (f"visibility timeout {pattern.visibility}", _kept(pattern.source_queue))
    watches = (f"{pattern.alarm['Threshold']} or more messages", "tells the alarm topic")
    kept = (_kept(pattern.source_queue_dlq),)
    return (
        Card("notebook", "You", LEFT, UPPER, ("send an order",), "notebook", 156),
        Card("source-queue", "Source queue", MIDDLE, UPPER, source, "queue", 226),
        function_card(pattern.function, RIGHT, UPPER, width=228),
        Card("source-queue-dlq", "Source queue's DLQ", MIDDLE, LOWER, kept, "dead letters", 226),
        Card("alarm", "Alarm", RIGHT, LOWER, watches, "alarm", 228),
    )


def _kept(queue: Properties) -> str:
    return f"keeps messages {retention(queue)}"


def _send(sender: Card, queue: Card) -> Group:
    x, y = (sender.right[0] + queue.left[0]) / 2, sender.right[1]
    labels = label(x, y - 20, "SendMessage")
    return arrow("send", sender.right, queue.left, step=(1, (x, y)), labels=labels)


def _invoke(pattern: Pattern, queue: Card, function: Card) -> Group:
    y = UPPER + 28
    return arrow(
        "event-source-mapping",
        (queue.right[0], y),
        (function.left[0], y),
        step=(2, (GAP_X, y)),
        labels=label(GAP_X, y - 20, "event source mapping")
        + label(
            GAP_X,
            y + 26,
            f"{pattern.mapping['BatchSize']} message per invocation",
            fill=SOFT_INK,
        ),
    )


def _return(pattern: Pattern, queue: Card, function: Card) -> Group:
    bottom, y = queue.bottom[1], queue.bottom[1] + 46
    start_x, end_x = function.x + 60, queue.x + 170
    again = f"visible again {pattern.visibility} after the receive"
    return arrow(
        "return",
        (start_x, bottom),
        (start_x, y),
        (end_x, y),
        (end_x, bottom),
        step=(3, (GAP_X, y)),
        labels=label(GAP_X, y - 18, "error or timeout: not deleted,", fill=VERMILLION_TEXT)
        + label(GAP_X, y + 26, again, fill=VERMILLION_TEXT),
        colour=VERMILLION,
        dashed=True,
    )


def _success(function: Card) -> Group:
    x, bottom = function.x + 160, function.bottom[1]
    words = ("success: Lambda", "deletes the message")
    labels = label(x, bottom + 58, *words, fill=GREEN_TEXT)
    return arrow("success", (x, bottom), (x, bottom + 40), labels=labels, colour=GREEN)


def _redrive(pattern: Pattern, queue: Card, dlq: Card) -> Group:
    x, middle = queue.x + 70, (queue.bottom[1] + dlq.top[1]) / 2
    return arrow(
        "redrive-policy",
        (x, queue.bottom[1]),
        (x, dlq.top[1]),
        step=(4, (x, middle)),
        labels=label(
            x - 20,
            middle - 12,
            f"received {pattern.receives} times, still there:",
            "SQS moves it to the DLQ",
            f"(maxReceiveCount {pattern.receives})",
            fill=VERMILLION_TEXT,
            anchor="end",
        ),
        colour=VERMILLION,
    )


def _metric(pattern: Pattern, dlq: Card, alarm: Card) -> Group:
    y = dlq.right[1]
    labels = label(GAP_X, y - 20, "visible messages") + label(
        GAP_X, y + 26, f"checked every {pattern.alarm['Period']} s", fill=SOFT_INK
    )
    return arrow("metric", dlq.right, alarm.left, step=(5, (GAP_X, y)), labels=labels)


def _alarm_on(template: Template, queue: Properties) -> Properties:
    for alarm in template.properties("AWS::CloudWatch::Alarm"):
        if any(template.target(dimension["Value"]) == queue for dimension in alarm["Dimensions"]):
            return alarm
    raise LookupError("no alarm watches the source queue's DLQ")
