"""What IAM is asked about where a call to one of ministack's services names no resource. Pure.

Taken from refusals that people published, but for event buses, which follow rules. What is not here
is asked about as `*`.
"""

from localaws.words.identity import Identity

# Of the account and Region.
_PARTS = {
    "cloudformation:DescribeStacks": "stack/*/*",
    "cloudformation:ListStacks": "stack/*/*",
    "dynamodb:ListTables": "table/*",
    "ecr:DescribeRepositories": "repository/*",
    "events:ListEventBuses": "event-bus/*",
    "events:ListRules": "rule/*",
    "ssm:DescribeParameters": "*",
}
# Of the account: IAM has no Regions.
_PATHS = {
    "iam:ListGroups": "group/",
    "iam:ListInstanceProfiles": "instance-profile/",
    "iam:ListRoles": "role/",
    "iam:ListUsers": "user/",
}
_WORDS = {"iam:ListPolicies": "policy path /"}

# Whose refusals then say nothing of a resource.
_SILENT = frozenset({"cloudformation", "cloudwatch", "s3", "sts", "tag"})


def asked_about(action: str, identity: Identity) -> str:
    """The resource of an action that names none: an ARN, words, or `*`."""
    service = action.partition(":")[0]
    if part := _PARTS.get(action):
        return identity.arn(service, part)
    if path := _PATHS.get(action):
        return f"arn:aws:iam::{identity.account_id}:{path}"
    return _WORDS.get(action, "*")


def is_told(action: str, resource: str) -> bool:
    """Whether a refusal says `on resource:`."""
    return resource != "*" or action.partition(":")[0] not in _SILENT
