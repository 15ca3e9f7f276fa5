"""How the services around Lambda invoke a function asynchronously."""

from typing import Protocol


class AsyncInvoke(Protocol):
    """Accepts an event for a function, as `Invoke` with `InvocationType=Event` does."""

    def __call__(
        self,
        function_arn: str,
        payload: bytes,
        *,
        principal_service: str,
        source_arn: str,
        trace_header: str | None = None,
    ) -> str:
        """Queue the event for the function on behalf of another service.

        Args:
            function_arn: with or without qualifier.
            principal_service: who asks, e.g. `sns.amazonaws.com`; the function's resource policy
                must allow it.
            source_arn: for which resource it asks, e.g. the topic.

        Returns:
            The request id that all attempts of the event share.

        Raises:
            AwsError: not accepted: ResourceNotFoundException, AccessDeniedException and other
                errors with a status below 500 will not change by trying again.
        """
