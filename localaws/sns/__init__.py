"""SNS: topics, subscriptions, and deliveries to functions and queues as AWS makes them."""

from localaws.sns.service import SnsService

__all__ = ["SnsService"]
