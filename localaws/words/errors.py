"""The one error that becomes an AWS error response."""

from collections.abc import Mapping
from typing import Any


class AwsError(Exception):
    """What AWS answers to a request that it refuses.

    Domain code raises subclasses named after AWS's error shapes; the wire layer turns them into
    the service's protocol.

    Args:
        message: the exact text of the answer.
        code: the error's shape name, default the class name (`ResourceNotFoundException`).
        status: HTTP status.
        query_code: the code that SDKs show where a service moved from the query protocol to JSON
            and the two differ (`AWS.SimpleQueueService.NonExistentQueue`); default `code`.
        fields: further members of the error's shape (`{"Type": "User"}`).
    """

    status = 400
    query_code: str | None = None

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        status: int | None = None,
        query_code: str | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).__name__
        self.status = status if status is not None else type(self).status
        self.query_code = query_code or type(self).query_code or self.code
        self.fields = dict(fields or {})
