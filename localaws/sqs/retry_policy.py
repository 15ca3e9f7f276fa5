"""What SQS does next with a message that was received and not deleted: pure decisions, no effects.

SQS knows no failures. It hides a message at each receive, shows it again when the visibility
timeout ends, and counts. Only a receive moves a message to the dead-letter queue, never a timer.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
"""


def shows_at_s(from_s: float, timeout_s: float) -> float:
    """When a message shows again that was hidden for a time: by a receive, or while in flight."""
    return from_s + timeout_s


def is_used_up(receives: int, max_receive_count: int | None) -> bool:
    """Whether the next receive moves the message instead of handing it out.

    Args:
        receives: how often it was handed out.
        max_receive_count: of the queue's redrive policy; None without one.
    """
    return max_receive_count is not None and receives >= max_receive_count


def expires_at_s(enqueued_at_s: float, retention_s: float) -> float:
    """When a message is deleted that nobody deleted, received or not."""
    return enqueued_at_s + retention_s
