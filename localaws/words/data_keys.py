"""Data keys of KMS, as queues and topics use them: asked for, and reused for a while.

A principal that sends or receives makes its service ask KMS once, and not again for some minutes:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html ("reuse period"). So a key that
becomes unusable is noticed when KMS is asked the next time:
https://docs.aws.amazon.com/kms/latest/developerguide/unusable-kms-keys.html
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from localaws.words.errors import AwsError

REUSE_S = 300.0


@dataclass(frozen=True)
class KeyFault:
    """Why KMS does not use a key.

    Attributes:
        code: KMS's own, e.g. `NotFoundException`.
        message: KMS's own.
    """

    code: str
    message: str

    def told(self) -> str:
        """As the service that asked passes it on.

        https://github.com/opensearch-project/data-prepper/issues/2422 has one of SQS.
        """
        return (
            f"{self.message} (Service: AWSKMS; Status Code: 400; Error Code: {self.code}; "
            f"Request ID: {uuid.uuid4()}; Proxy: null)"
        )


# KMS: why a key (its id, its ARN or an alias) cannot be used, None of one that can.
Keys = Callable[[str], KeyFault | None]


def every_key(_key_id: str) -> KeyFault | None:
    """Where there is no KMS, each key is one."""
    return None


class DataKeys:
    """The data keys of one queue or topic.

    Args:
        keys: KMS.
        refusal: the service's own error for what KMS says.
    """

    def __init__(self, keys: Keys, refusal: Callable[[KeyFault], AwsError]) -> None:
        self._keys = keys
        self._refusal = refusal
        self._until_s: dict[tuple[str, str], float] = {}

    def need(
        self, key_id: str | None, principal: str, now_s: float, reuse_s: float = REUSE_S
    ) -> None:
        """Ask KMS for a principal, unless it was asked lately.

        Args:
            key_id: of the queue or topic; without one nothing is asked.
            principal: who sends or receives.
            reuse_s: for how long an answer is good.

        Raises:
            AwsError: the key cannot be used.
        """
        if not key_id or self._until_s.get((key_id, principal), now_s) > now_s:
            return
        if fault := self._keys(key_id):
            raise self._refusal(fault)
        self._until_s = {one: end for one, end in self._until_s.items() if end > now_s}
        self._until_s[key_id, principal] = now_s + reuse_s
