"""Who asked for what ministack is doing, as the records of S3's events name them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html: a
principal and the owner of a bucket have ids. In the records that people published the principal's
is `AWS:` and IAM's unique id (`AWS:AIDA...`, a role's with its session), the owner's fourteen
letters and digits that begin with an A and tell nothing of the account.
"""

import base64
import contextlib
import hashlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from localaws.sqs.senders import sender_id
from localaws.words.identity import Identity, unique_id
from localaws.words.ports import UniqueIds


class Requester:
    """Knows the caller of the request that is being answered.

    Args:
        identity: whose buckets there are, and who acts where no request tells.
        unique_ids: IAM's ids of users and roles.
    """

    def __init__(self, identity: Identity, unique_ids: UniqueIds) -> None:
        self._identity = identity
        self._unique_ids = unique_ids
        self._arn = ContextVar("caller", default=identity.administrator_arn)

    @contextlib.contextmanager
    def acting(self, arn: str) -> Iterator[None]:
        """What is done meanwhile is done by this principal."""
        token = self._arn.set(arn)
        try:
            yield
        finally:
            self._arn.reset(token)

    def sign(self, record: dict[str, Any]) -> dict[str, Any]:
        """A record of an S3 event, with who caused it, and with ids of S3's form."""
        owner = unique_id("", self._identity.account_id, "customer")[:13]
        answer = record["responseElements"]
        request_id: str = answer["x-amz-request-id"]
        host_id = hashlib.sha384(request_id.encode()).digest()
        bucket = record["s3"]["bucket"] | {"ownerIdentity": {"principalId": f"A{owner}"}}
        return record | {
            "userIdentity": {"principalId": self._principal_id()},
            "responseElements": {
                "x-amz-request-id": request_id.replace("-", "")[:16].upper(),
                "x-amz-id-2": base64.b64encode(host_id).decode(),
            },
            "s3": record["s3"] | {"bucket": bucket},
        }

    def _principal_id(self) -> str:
        return f"AWS:{sender_id(self._arn.get(), self._unique_ids)}"
