"""The picture of notebook 04: the four ways on which a bad message ends."""

from diagrams.async_patterns import RETRY_WAITS
from diagrams.parts import MOVED_BELOW, Card, arrow, label, moved_by_sqs
from diagrams.shapes import Group, Picture
from infra.template import Properties, Template
from workshop.palette import SOFT_INK, VERMILLION, VERMILLION_TEXT

# What the lesson calls them; beside each other their cards say it.
PATHS = (
    "1. Queue and function",
    "2. Function with destinations",
    "3. Function with a DLQ",
    "4. Function that SNS may not invoke",
)
HEIGHT, STEP, TOP = 74, 104, 20
SENDER_X, SOURCE_X, FUNCTION_X, END_X = 16, 196, 446, 762
SOURCE_WIDTH, FUNCTION_WIDTH, END_WIDTH = 166, 136, 226


def four_paths(templates: dict[str, Template]) -> Picture:
    """One bad message, four endings; each row from the template that makes it."""
    receives, seconds = _receives(templates["SqsDlq"])
    destinations = templates["LambdaDestinations"].the("AWS::Lambda::EventInvokeConfig")
    attempts = destinations["MaximumRetryAttempts"] + 1
    own = templates["LambdaDlq"]
    own_attempts = own.the("AWS::Lambda::EventInvokeConfig")["MaximumRetryAttempts"] + 1
    for needed in (destinations["DestinationConfig"]["OnFailure"], _dlq_of(own), _last_dlq(own)):
        assert needed
    waits = f"waits {' and '.join(RETRY_WAITS)}"
    rows = (
        _queue_row(f"after {receives} receives {seconds} s apart SQS moves it to the DLQ"),
        _row(1, "Topic", f"{attempts} attempts:", waits, "On-failure destination"),
        _row(2, "Topic", f"{own_attempts} attempts:", waits, "Function's DLQ"),
        _row(3, "Topic", "SNS may not", "invoke the function", "Subscription's DLQ"),
    )
    sender = Card(
        "notebook", "You", SENDER_X, _y(1) + STEP / 2, ("one bad order",), "notebook", 152
    )
    return Picture(
        "Four paths of a bad message",
        f"The same bad order on four paths. Queue and function: {receives} receives {seconds} s "
        "apart, then SQS moves the message from the queue to the source queue's DLQ. Topic and "
        f"function with destinations: {attempts} attempts with waits of {' and '.join(RETRY_WAITS)}"
        f", then the on-failure destination. Topic and function with a DLQ: {own_attempts} "
        "attempts with the same waits, then the function's DLQ. Topic that may not invoke the "
        "function: no attempt, the subscription's DLQ.",
        width=1000,
        height=_y(4),
        headings=tuple((f"source-{number}", told) for number, told in enumerate(PATHS)),
        groups=(sender.drawn(), *_sent(sender), *(group for row in rows for group in row)),
    )


def _y(number: int) -> float:
    """Where a row begins; below the first one an arrow goes."""
    return TOP + number * STEP + (MOVED_BELOW if number else 0)


def _queue_row(words: str) -> tuple[Group, ...]:
    first, last = _ends(0, "Queue", "Source queue's DLQ")
    moved = moved_by_sqs("given-up-0", first, last, words)
    return (first.drawn(), *_function(0, _y(0)), last.drawn(), moved)


def _ends(number: int, source: str, end: str) -> tuple[Card, Card]:
    contents = ("the message itself", "an invocation record", "the event", "the notification")
    y, kind = _y(number), source.lower()
    first = Card(f"source-{number}", source, SOURCE_X, y, (), kind, SOURCE_WIDTH, HEIGHT)
    last = Card(
        f"end-{number}", end, END_X, y, (contents[number],), "dead letters", END_WIDTH, HEIGHT
    )
    return first, last


def _row(number: int, source: str, words: str, more: str, end: str) -> tuple[Group, ...]:
    y, reached = _y(number), number < 3
    first, last = _ends(number, source, end)
    middle = y + HEIGHT / 2
    start = (FUNCTION_X + FUNCTION_WIDTH) if reached else (SOURCE_X + SOURCE_WIDTH)
    x = (start + END_X) / 2
    labels = label(x, middle - 10, words, fill=VERMILLION_TEXT)
    labels += label(x, middle + 20, more, fill=VERMILLION_TEXT)
    step = (start, middle), (END_X, middle)
    given_up = arrow(f"given-up-{number}", *step, labels=labels, colour=VERMILLION)
    reading = _function(number, y) if reached else ()
    return (first.drawn(), *reading, last.drawn(), given_up)


def _function(number: int, y: float) -> tuple[Group, ...]:
    card = Card(
        f"function-{number}", "Function", FUNCTION_X, y, (), "function", FUNCTION_WIDTH, HEIGHT
    )
    start = (SOURCE_X + SOURCE_WIDTH, y + HEIGHT / 2)
    return (card.drawn(), arrow(f"invoke-{number}", start, card.left))


def _sent(sender: Card) -> tuple[Group, ...]:
    x = (sender.right[0] + SOURCE_X) / 2
    return tuple(
        arrow(
            f"send-{number}",
            sender.right,
            (x, sender.right[1]),
            (x, _y(number) + HEIGHT / 2),
            (SOURCE_X, _y(number) + HEIGHT / 2),
            colour=SOFT_INK,
        )
        for number in range(4)
    )


def _receives(template: Template) -> tuple[int, int]:
    source = template.target(template.the("AWS::Lambda::EventSourceMapping")["EventSourceArn"])
    return int(source["RedrivePolicy"]["maxReceiveCount"]), int(source["VisibilityTimeout"])


def _dlq_of(template: Template) -> Properties:
    return template.target(template.the("AWS::Lambda::Function")["DeadLetterConfig"]["TargetArn"])


def _last_dlq(template: Template) -> Properties:
    policy = template.the("AWS::SNS::Subscription")["RedrivePolicy"]
    return template.target(policy["deadLetterTargetArn"])
