"""Whose account this is, and how its resources are named."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """The account and Region that the embedded AWS plays."""

    account_id: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and Region, e.g. `arn("sqs", queue_name)`."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"

    @property
    def root_arn(self) -> str:
        """The account itself as a caller, who may do everything."""
        return f"arn:aws:iam::{self.account_id}:root"
