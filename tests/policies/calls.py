"""Which actions of IAM a call needs.

Most calls are judged as the action of their own name; the others are listed here.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

# botocore's name of a service -> the prefix of its actions.
_PREFIXES = {"resourcegroupstaggingapi": "tag"}

_OTHER_NAMES = {
    "lambda:Invoke": ["lambda:InvokeFunction"],
    "s3:HeadBucket": ["s3:ListBucket"],
    "s3:ListObjectsV2": ["s3:ListBucket"],
    "sqs:ChangeMessageVisibilityBatch": ["sqs:ChangeMessageVisibility"],
    "sqs:DeleteMessageBatch": ["sqs:DeleteMessage"],
    "sqs:SendMessageBatch": ["sqs:SendMessage"],
}

# What a call needs besides, because of what the workshop asks of it: tags, and a role.
_BESIDES = {
    "dynamodb:CreateTable": ["dynamodb:TagResource"],
    "iam:CreateRole": ["iam:TagRole"],
    "lambda:CreateEventSourceMapping": ["lambda:TagResource"],
    "lambda:CreateFunction": ["lambda:TagResource", "iam:PassRole"],
    "logs:CreateLogGroup": ["logs:TagResource"],
    "sns:CreateTopic": ["sns:TagResource"],
    "sqs:CreateQueue": ["sqs:TagQueue"],
    "sqs:StartMessageMoveTask": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:SendMessage"],
}

# Everybody who has credentials may.
_FREE = {"sts:GetCallerIdentity"}


def actions(service: str, operation: str) -> set[str]:
    """The actions that a call needs.

    Args:
        service: botocore's name.
        operation: AWS's name, such as "SendMessageBatch".
    """
    call = f"{_PREFIXES.get(service, service)}:{operation}"
    return {*_OTHER_NAMES.get(call, [call]), *_BESIDES.get(call, [])} - _FREE
