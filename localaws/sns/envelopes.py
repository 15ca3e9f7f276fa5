"""A notification as subscribers receive it: the envelope of queues, the event of functions."""

import json
from typing import Any

from localaws.sns.message_attributes import in_envelope
from localaws.sns.notification import Notification
from localaws.sns.signing import Signer
from localaws.words.arns import region_of

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# Functions get the old version, whatever the topic's is.
_VERSION_FOR_FUNCTIONS = "1"


def queue_envelope(
    notification: Notification, subscription_arn: str, signer: Signer, protocol: str = "sqs"
) -> str:
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
    message = fields["Message"] = notification.text_for(protocol)
    fields["Timestamp"] = notification.timestamp
    if notification.sequence_number is None:  # messages of FIFO topics are not signed
        version = fields["SignatureVersion"] = notification.signature_version
        fields["Signature"] = signer.sign(notification, message, version)
        fields["SigningCertURL"] = signer.certificate_url
    fields["UnsubscribeURL"] = unsubscribe_url(subscription_arn)
    lines = [f"  {_json(name)} : {_json(value)}" for name, value in fields.items()]
    if notification.attributes:
        shown = in_envelope(notification.attributes).items()
        entries = ",\n".join(f"    {_json(name)} : {_json(value)}" for name, value in shown)
        lines.append(f'  "MessageAttributes" : {{\n{entries}\n  }}')
    return "{\n" + ",\n".join(lines) + "\n}"


def function_event(notification: Notification, subscription_arn: str, signer: Signer) -> bytes:
    """The event that a function gets: always one record, with URLs spelt `Url`."""
    message = notification.text_for("lambda")
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
            "Message": message,
            "Timestamp": notification.timestamp,
            "SignatureVersion": _VERSION_FOR_FUNCTIONS,
            "Signature": signer.sign(notification, message, _VERSION_FOR_FUNCTIONS),
            "SigningCertUrl": signer.certificate_url,
            "UnsubscribeUrl": unsubscribe_url(subscription_arn),
            "MessageAttributes": attributes,
        },
    }
    return _json({"Records": [record]}).encode("utf-8", "replace")


def unsubscribe_url(subscription_arn: str) -> str:
    """AWS's address, which does nothing for a topic of the embedded AWS."""
    region = region_of(subscription_arn)
    return (
        f"https://sns.{region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={subscription_arn}"
    )


def _json(value: Any) -> str:
    return _ENCODER.encode(value)
