"""Amazon SQS as a domain: queues, messages and their timers, without HTTP.

`SqsService.operations()` is SQS's API on plain dicts; `Queue` is what other services use.
"""

from localaws.sqs.errors import KeyUnusable
from localaws.sqs.message import Message
from localaws.sqs.queue import Queue
from localaws.sqs.service import SqsService

__all__ = ["KeyUnusable", "Message", "Queue", "SqsService"]
