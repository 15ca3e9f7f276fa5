"""The SenderId attribute: IAM's unique id of whoever sent a message."""

from localaws.words.arns import account_of
from localaws.words.identity import unique_id
from localaws.words.ports import UniqueIds

# As whom AWS's services send in us-east-1: users and roles of theirs, the same for every customer.
# AWS documents none; these are in messages that many people published, SNS's since 2019,
# EventBridge's since 2023, S3's since 2024 (a user before).
_SERVICES = {
    "events.amazonaws.com": "AIDAJXNJGGKNS7OSV23OI",
    "s3.amazonaws.com": "AROA4R74ZO52XAB5OD7T4:S3-PROD-END",
    "sns.amazonaws.com": "AIDAIT2UOQQY3AUEKVGXU",
}


def sender_id(caller_arn: str, unique_ids: UniqueIds) -> str:
    """`AIDA...` for a user, `AROA...:session` for an assumed role, the account id for root."""
    account_id, resource = account_of(caller_arn), caller_arn.rpartition(":")[2]
    kind, _, name = resource.partition("/")
    if kind == "assumed-role":
        role, _, session = name.partition("/")
        return f"{unique_ids('AROA', account_id, f'role/{role}')}:{session}"
    if kind == "user":
        return unique_ids("AIDA", account_id, resource)
    return account_id


def service_sender_id(service: str) -> str:
    """As whom a service sends in its own name, by its principal, e.g. `sns.amazonaws.com`."""
    return _SERVICES.get(service) or unique_id("AIDA", service, "user/sender")
