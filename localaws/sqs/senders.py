"""The SenderId attribute: IAM's unique id of whoever sent a message."""

from localaws.words.identity import unique_id


def sender_id(caller_arn: str, account_id: str) -> str:
    """`AIDA...` for a user, `AROA...:session` for an assumed role, the account id for root."""
    resource = caller_arn.rpartition(":")[2]
    kind, _, name = resource.partition("/")
    if kind == "assumed-role":
        role, _, session = name.partition("/")
        return f"{unique_id('AROA', account_id, f'role/{role}')}:{session}"
    if kind == "user":
        return unique_id("AIDA", account_id, resource)
    return account_id
