"""Patterns 2 and 3 as pictures: asynchronous invocation through a topic."""

from diagrams.parts import Card, arrow, frame, label
from diagrams.resources import duration, function_card, retention
from diagrams.shapes import Group, Picture, Text
from infra.template import Properties, Template
from workshop.palette import GREEN, GREEN_TEXT, SHADE, VERMILLION, VERMILLION_TEXT

# Lambda's own waits between the attempts of an asynchronous event, not a setting of the stack:
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
RETRY_WAITS = ("1 min", "2 min")
# What AWS takes where the template says nothing.
DEFAULT_EVENT_AGE_S = 21_600

# The two rows, and where the columns begin.
UPPER, LOWER = 60, 246
SENDER_X, TOPIC_X, LAMBDA_X, TARGET_X = 16, 172, 426, 760
LAMBDA_WIDTH, TARGET_WIDTH = 240, 232
LAMBDA_RIGHT = LAMBDA_X + LAMBDA_WIDTH
# The middle of the gap between Lambda and the targets.
GAP_X = 724


def lambda_destinations(template: Template) -> Picture:
    """Pattern 2: asynchronous invocation with destinations."""
    config = template.the("AWS::Lambda::EventInvokeConfig")
    destinations = config["DestinationConfig"]
    attempts = config["MaximumRetryAttempts"] + 1
    on_failure = template.target(destinations["OnFailure"]["Destination"])
    on_success = template.target(destinations["OnSuccess"]["Destination"])
    failed = _target("on-failure-queue", "On-failure destination", UPPER, on_failure, "record")
    succeeded = _target("on-success-queue", "On-success destination", LOWER, on_success, "record")
    return Picture(
        "Lambda destinations",
        f"{_story(attempts)} An invocation record of each event goes to the on-success "
        f"destination or, after {attempts} failed attempts, to the on-failure destination.",
        width=1000,
        height=372,
        groups=(
            *_asynchronous(template, config),
            failed.drawn(),
            succeeded.drawn(),
            _given_up(failed, attempts),
            _success(label(GAP_X, succeeded.left[1] - 10, "success", fill=GREEN_TEXT)),
        ),
    )


def lambda_dlq(template: Template) -> Picture:
    """Pattern 3: asynchronous invocation with a DLQ on the function."""
    config = template.the("AWS::Lambda::EventInvokeConfig")
    target = template.the("AWS::Lambda::Function")["DeadLetterConfig"]["TargetArn"]
    attempts = config["MaximumRetryAttempts"] + 1
    dlq = _target("function-dlq", "Function's DLQ", UPPER, template.target(target), "event")
    words = ("success: the event is done,", "nothing is kept")
    done = label(TARGET_X + 8, LOWER + 40, *words, fill=GREEN_TEXT, anchor="start")
    return Picture(
        "Lambda dead-letter queue",
        f"{_story(attempts)} After {attempts} failed attempts the event itself goes to the "
        "function's DLQ, with three attributes about the error.",
        width=1000,
        height=372,
        groups=(
            *_asynchronous(template, config),
            dlq.drawn(),
            _given_up(dlq, attempts),
            _success(done),
        ),
    )


# --- What both share -----------------------------------------------------------------------------


def _story(attempts: int) -> str:
    return (
        "You publish an order to the topic. SNS invokes the function asynchronously: Lambda puts "
        "the event into its event queue and runs the function. After an error or timeout it tries "
        f"again, {attempts} attempts in all, with {' and '.join(RETRY_WAITS)} between. "
        "When SNS cannot reach the function, the notification goes to the subscription's DLQ."
    )


def _asynchronous(template: Template, config: Properties) -> tuple[Group, ...]:
    """The topic, its subscription, Lambda's event queue and the function."""
    sender = Card("notebook", "You", SENDER_X, UPPER, (), "notebook", 100)
    topic = Card("topic", "Topic", TOPIC_X, UPPER, (), "topic", 124)
    undelivered = _subscription_dlq(template)
    waiting = _event_queue(config)
    function = template.the("AWS::Lambda::Function")
    worker = function_card(function, LAMBDA_X, LOWER, width=LAMBDA_WIDTH)
    cards = (sender, topic, undelivered, waiting, worker)
    return (
        frame("lambda", "AWS Lambda", LAMBDA_X - 20, 16, LAMBDA_WIDTH + 40, 340),
        *(card.drawn() for card in cards),
        _publish(sender, topic),
        _subscription(topic, waiting),
        _undelivered(topic, undelivered),
        _attempt(waiting, worker),
        _retry(waiting, worker),
    )


def _event_queue(config: Properties) -> Card:
    retries = config["MaximumRetryAttempts"]
    age = duration(config.get("MaximumEventAgeInSeconds", DEFAULT_EVENT_AGE_S))
    lines = (f"waits {', then '.join(RETRY_WAITS[:retries])}", f"at most {age} in total")
    title = f"Event queue: {retries} retries"
    return Card("event-queue", title, LAMBDA_X, UPPER, lines, "event queue", LAMBDA_WIDTH)


def _subscription_dlq(template: Template) -> Card:
    redrive = template.the("AWS::SNS::Subscription")["RedrivePolicy"]
    queue = template.target(redrive["deadLetterTargetArn"])
    lines = ("the notification,", f"kept {retention(queue)}")
    title = "Subscription's DLQ"
    return Card("subscription-dlq", title, TOPIC_X - 36, LOWER, lines, "dead letters", 212)


def _target(card_id: str, title: str, y: float, queue: Properties, what: str) -> Card:
    contents = {"record": "an invocation record", "event": "the event, 3 attributes"}[what]
    lines = (contents, f"kept {retention(queue)}")
    kind = "done" if card_id == "on-success-queue" else "dead letters"
    return Card(card_id, title, TARGET_X, y, lines, kind, TARGET_WIDTH)


def _publish(sender: Card, topic: Card) -> Group:
    x, y = (sender.right[0] + topic.left[0]) / 2 - 3, topic.left[1]
    labels = label(x, y - 20, "Publish")
    return arrow("publish", sender.right, topic.left, step=(1, (x, y)), labels=labels)


def _subscription(topic: Card, waiting: Card) -> Group:
    x, y = (topic.right[0] + LAMBDA_X - 20) / 2, topic.right[1]
    labels = label(x, y - 20, "asynchronous") + label(x, y + 26, "invocation")
    return arrow("subscription", topic.right, waiting.left, step=(2, (x, y)), labels=labels)


def _undelivered(topic: Card, dlq: Card) -> Group:
    x, top, bottom = topic.bottom[0], topic.bottom[1], dlq.top[1]
    words = ("function deleted, or", "SNS may not invoke it")
    labels = label(x + 14, (top + bottom) / 2 - 3, *words, fill=VERMILLION_TEXT, anchor="start")
    return arrow("undelivered", (x, top), (x, bottom), labels=labels, colour=VERMILLION)


def _attempt(waiting: Card, worker: Card) -> Group:
    x, top, bottom = LAMBDA_X + 72, waiting.bottom[1], worker.top[1]
    y = (top + bottom) / 2 - 3
    labels = label(x - 20, y + 4, "attempt", anchor="end", ground=SHADE)
    points = ((x, top), (x, bottom))
    return arrow("attempt", *points, step=(3, (x, y)), labels=labels, ground=SHADE)


def _retry(waiting: Card, worker: Card) -> Group:
    x, top, bottom = LAMBDA_X + 160, waiting.bottom[1], worker.top[1]
    y = (top + bottom) / 2 - 3
    words = ("error or", "timeout")
    return arrow(
        "retry",
        (x, bottom),
        (x, top),
        step=(4, (x, y)),
        labels=label(x + 20, y - 4, *words, fill=VERMILLION_TEXT, anchor="start", ground=SHADE),
        colour=VERMILLION,
        dashed=True,
        ground=SHADE,
    )


def _given_up(target: Card, attempts: int) -> Group:
    y = target.left[1]
    labels = label(GAP_X, y - 18, f"{attempts} attempts", fill=VERMILLION_TEXT)
    labels += label(GAP_X, y + 26, "failed", fill=VERMILLION_TEXT)
    points = ((LAMBDA_RIGHT, y), target.left)
    return arrow("given-up", *points, step=(5, (GAP_X, y)), labels=labels, colour=VERMILLION)


def _success(labels: tuple[Text, ...]) -> Group:
    y = LOWER + 42
    points = ((LAMBDA_RIGHT, y), (TARGET_X, y))
    return arrow("success", *points, labels=labels, colour=GREEN)
