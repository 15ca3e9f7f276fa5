"""A notification as subscribers receive it: the envelope of queues, the event of functions. Pure.

Signatures have AWS's shape, but no key of AWS's stands behind them: they cannot be verified.
"""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from .message_attributes import in_envelope
from .notification import Notification

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SIGNATURE_BYTES = 256  # as a 2048-bit RSA key makes them


def queue_envelope(notification: Notification, subscription_arn: str, protocol: str = "sqs") -> str:
    """The JSON text that a queue without raw message delivery gets, laid out as AWS does.

    The subscription's DLQ gets the same, whatever the protocol of the subscription is: no trace
    of what went wrong is in it.
    """
    fields: dict[str, Any] = {"Type": "Notification", "MessageId": notification.message_id}
    if notification.sequence_number is not None:
        fields["SequenceNumber"] = notification.sequence_number
    fields["TopicArn"] = notification.topic_arn
    if notification.subject is not None:
        fields["Subject"] = notification.subject
    fields["Message"] = notification.text_for(protocol)
    fields["Timestamp"] = timestamp(notification.published_at_s)
    if notification.sequence_number is None:  # messages of FIFO topics are not signed
        fields["SignatureVersion"] = notification.signature_version
        fields["Signature"] = signature(notification)
        fields["SigningCertURL"] = signing_cert_url(notification.topic_arn)
    fields["UnsubscribeURL"] = unsubscribe_url(subscription_arn)
    lines = [f"  {_json(name)} : {_json(value)}" for name, value in fields.items()]
    if notification.attributes:
        shown = in_envelope(notification.attributes).items()
        entries = ",\n".join(f"    {_json(name)} : {_json(value)}" for name, value in shown)
        lines.append(f'  "MessageAttributes" : {{\n{entries}\n  }}')
    return "{\n" + ",\n".join(lines) + "\n}"


def function_event(notification: Notification, subscription_arn: str) -> bytes:
    """The event that a function gets: always one record, with URLs spelt `Url`."""
    attributes = in_envelope(notification.attributes)
    for shown in attributes.values():
        # Seen on AWS: functions get numbers and arrays as type String.
        shown["Type"] = "Binary" if shown["Type"].startswith("Binary") else "String"
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription_arn,
        "Sns": {
            "Type": "Notification",
            "MessageId": notification.message_id,
            "TopicArn": notification.topic_arn,
            "Subject": notification.subject,
            "Message": notification.text_for("lambda"),
            "Timestamp": timestamp(notification.published_at_s),
            "SignatureVersion": "1",  # whatever the topic's version is
            "Signature": signature(notification),
            "SigningCertUrl": signing_cert_url(notification.topic_arn),
            "UnsubscribeUrl": unsubscribe_url(subscription_arn),
            "MessageAttributes": attributes,
        },
    }
    return _json({"Records": [record]}).encode("utf-8", "replace")


def timestamp(when_s: float) -> str:
    """ISO 8601 with milliseconds, as in all of SNS's texts."""
    moment = datetime.fromtimestamp(when_s, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def signature(notification: Notification) -> str:
    """Base64 of as many bytes as AWS's signatures have, the same for the same message."""
    seed = f"{notification.message_id}{notification.topic_arn}".encode()
    return base64.b64encode(hashlib.shake_256(seed).digest(_SIGNATURE_BYTES)).decode("ascii")


def signing_cert_url(topic_arn: str) -> str:
    """Where AWS keeps a Region's certificate; this one does not exist."""
    region = topic_arn.split(":")[3]
    name = hashlib.shake_128(region.encode()).hexdigest(16)
    return f"https://sns.{region}.amazonaws.com/SimpleNotificationService-{name}.pem"


def unsubscribe_url(subscription_arn: str) -> str:
    """AWS's address, which does nothing for a topic of the embedded AWS."""
    region = subscription_arn.split(":")[3]
    return (
        f"https://sns.{region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={subscription_arn}"
    )


def _json(value: Any) -> str:
    return _ENCODER.encode(value)
