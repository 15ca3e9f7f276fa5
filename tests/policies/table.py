"""Who may do what on a real account: what the files in `docs/policies` are made of.

Resources are named by how their names begin. Where a service has no names to go by (event source
mappings), or judges an action without a resource (most lists, metrics), a statement says `*`.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from dataclasses import dataclass, field
from typing import Any

STEM = "FailureWorkshop"
# Temporary resources of an experiment, with or without a participant's name.
TEMPORARY = (f"{STEM}-Temp-*", f"{STEM}-*-Temp-*")


@dataclass(frozen=True)
class Grant:
    """One statement.

    Attributes:
        sid: what it is for, in one word.
        actions: service prefix -> names of actions, parted by spaces.
        resources: ARNs.
        condition: when it holds; always by default.
    """

    sid: str
    actions: dict[str, str]
    resources: tuple[str, ...] = ("*",)
    condition: dict[str, Any] = field(default_factory=dict)

    def names(self) -> list[str]:
        """All its actions, with their prefixes."""
        told = self.actions.items()
        return sorted(f"{prefix}:{name}" for prefix, names in told for name in names.split())

    def statement(self) -> dict[str, Any]:
        """It, as IAM reads it."""
        condition = {"Condition": self.condition} if self.condition else {}
        return {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": self.names(),
            "Resource": list(self.resources),
            **condition,
        }


def _temporary(kind: str) -> tuple[str, ...]:
    return tuple(f"arn:aws:{kind}{name}" for name in TEMPORARY)


PARTICIPANT = (
    Grant(
        "Look",
        {
            "cloudformation": "DescribeStacks",
            "cloudwatch": "DescribeAlarms GetMetricData ListMetrics",
            "dynamodb": "ListTables",
            "iam": "ListRoles SimulatePrincipalPolicy",
            "lambda": "GetAccountSettings ListEventSourceMappings ListFunctions",
            "logs": "DescribeLogGroups GetQueryResults",
            "sns": "ListSubscriptions ListTopics",
            "sqs": "ListQueues",
            "tag": "GetResources",
        },
    ),
    Grant("Bootstrap", {"ssm": "GetParameter"}, ("arn:aws:ssm:*:*:parameter/cdk-bootstrap/*",)),
    Grant(
        "Stacks",
        {"cloudformation": "GetTemplate ListStackResources"},
        (f"arn:aws:cloudformation:*:*:stack/{STEM}-*",),
    ),
    Grant(
        "Queues",
        {
            "sqs": "ChangeMessageVisibility CreateQueue DeleteMessage DeleteQueue "
            "GetQueueAttributes ListDeadLetterSourceQueues ListMessageMoveTasks ListQueueTags "
            "ReceiveMessage SendMessage SetQueueAttributes StartMessageMoveTask TagQueue"
        },
        (f"arn:aws:sqs:*:*:{STEM}-*",),
    ),
    Grant(
        "Topics",
        {
            "sns": "CreateTopic DeleteTopic GetSubscriptionAttributes GetTopicAttributes "
            "ListTagsForResource Publish SetSubscriptionAttributes SetTopicAttributes Subscribe "
            "TagResource Unsubscribe"
        },
        (f"arn:aws:sns:*:*:{STEM}-*",),
    ),
    Grant(
        "Functions",
        {
            "lambda": "AddPermission CreateAlias CreateFunction DeleteFunction "
            "DeleteFunctionConcurrency GetFunction GetFunctionConcurrency GetFunctionConfiguration "
            "GetFunctionEventInvokeConfig GetPolicy InvokeFunction ListFunctionEventInvokeConfigs "
            "ListTags PublishVersion PutFunctionConcurrency PutFunctionEventInvokeConfig "
            "RemovePermission TagResource UpdateFunctionCode UpdateFunctionConfiguration "
            "UpdateFunctionEventInvokeConfig"
        },
        (f"arn:aws:lambda:*:*:function:{STEM}-*",),
    ),
    # Their ids are chance: no name tells whose they are, but their functions' names do.
    Grant(
        "NewMappings",
        {"lambda": "CreateEventSourceMapping"},
        condition={"ArnLike": {"lambda:FunctionArn": f"arn:aws:lambda:*:*:function:{STEM}-*"}},
    ),
    Grant(
        "Mappings",
        {
            "lambda": "DeleteEventSourceMapping GetEventSourceMapping ListTags TagResource "
            "UpdateEventSourceMapping"
        },
        ("arn:aws:lambda:*:*:event-source-mapping:*",),
    ),
    Grant(
        "Logs",
        {
            "logs": "CreateLogGroup DeleteLogGroup FilterLogEvents ListTagsForResource StartQuery "
            "TagResource"
        },
        (
            f"arn:aws:logs:*:*:log-group:{STEM}-*",
            f"arn:aws:logs:*:*:log-group:/aws/lambda/{STEM}-*",
        ),
    ),
    Grant(
        "Alarms",
        {"cloudwatch": "ListTagsForResource"},
        (f"arn:aws:cloudwatch:*:*:alarm:{STEM}-*",),
    ),
    Grant(
        "Table",
        {"dynamodb": "DescribeTable ListTagsOfResource Scan"},
        (f"arn:aws:dynamodb:*:*:table/{STEM}-*",),
    ),
    Grant(
        "TemporaryTables",
        {"dynamodb": "CreateTable DeleteTable TagResource"},
        _temporary("dynamodb:*:*:table/"),
    ),
    Grant("RolesTags", {"iam": "ListRoleTags"}, (f"arn:aws:iam::*:role/{STEM}-*",)),
    Grant(
        "TemporaryRoles",
        {
            "iam": "CreateRole DeleteRole DeleteRolePolicy DetachRolePolicy "
            "ListAttachedRolePolicies ListRolePolicies PutRolePolicy TagRole"
        },
        _temporary("iam::*:role/"),
    ),
    Grant(
        "PassTemporaryRoles",
        {"iam": "PassRole"},
        _temporary("iam::*:role/"),
        {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
    ),
)

# Beside what a participant may. The CDK's own roles create the stacks: whoever deploys assumes
# them. A stack remembers the role that made it, and is deleted with it.
INSTRUCTOR = (
    *PARTICIPANT,
    Grant("Deploy", {"sts": "AssumeRole"}, ("arn:aws:iam::*:role/cdk-*",)),
    Grant(
        "DeleteStacks",
        {"cloudformation": "DeleteStack DescribeStackEvents ListChangeSets"},
        (f"arn:aws:cloudformation:*:*:stack/{STEM}-*",),
    ),
    # What a deletion of a stack left behind; and, for `lab.put_back()`, an alarm that was changed.
    Grant(
        "SweepAlarms",
        {"cloudwatch": "DeleteAlarms PutMetricAlarm"},
        (f"arn:aws:cloudwatch:*:*:alarm:{STEM}-*",),
    ),
    # For `lab.put_back()`, where a function was given another role.
    Grant(
        "PassStacksRoles",
        {"iam": "PassRole"},
        (f"arn:aws:iam::*:role/{STEM}-*",),
        {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
    ),
    Grant("SweepTables", {"dynamodb": "DeleteTable"}, (f"arn:aws:dynamodb:*:*:table/{STEM}-*",)),
    Grant(
        "SweepRoles",
        {
            "iam": "DeleteRole DeleteRolePolicy DetachRolePolicy ListAttachedRolePolicies "
            "ListRolePolicies"
        },
        (f"arn:aws:iam::*:role/{STEM}-*",),
    ),
)

POLICIES = {"participant": PARTICIPANT, "instructor": INSTRUCTOR}

# Actions of a participant that no notebook of `test_series` needs, and what needs them.
ON_OCCASION = {
    "dynamodb:CreateTable": "notebook 10, whose payments and records are in temporary tables",
    "dynamodb:DeleteTable": "notebook 10, whose payments and records are in temporary tables",
    "dynamodb:Scan": "notebooks 06 and 10, which look for double payments",
    "dynamodb:TagResource": "notebook 10, whose payments and records are in temporary tables",
    "iam:DetachRolePolicy": "a clean-up, where a learner attached a policy to a temporary role",
    "iam:SimulatePrincipalPolicy": "`doctor`, on a real account",
    "lambda:GetAccountSettings": "`doctor`, on a real account",
    "lambda:UpdateFunctionConfiguration": "notebooks 05 and 10, which change a handler's settings",
    "logs:GetQueryResults": "CloudWatch Logs Insights: on a real account alone",
    "logs:StartQuery": "CloudWatch Logs Insights: on a real account alone",
    "sqs:DeleteMessage": "notebook 06, which sets messages aside",
    "sqs:ListMessageMoveTasks": "notebooks 06 and 10, which send messages of a DLQ again",
    "sqs:StartMessageMoveTask": "notebooks 06 and 10, which send messages of a DLQ again",
    "sns:SetSubscriptionAttributes": "`lab.put_back()`, where a learner changed a subscription",
    "sns:SetTopicAttributes": "`lab.put_back()`, where a learner changed a topic's policy",
    "ssm:GetParameter": "`doctor`, on a real account",
}

# Actions that an instructor has beyond a participant and no plain deployment and removal needs.
ON_INSTRUCTORS_OCCASION = {
    "cloudformation:ListChangeSets": "`deploy` and `doctor`, where a change set was left",
    "cloudwatch:DeleteAlarms": "`destroy --sweep`, where an alarm outlived its stack",
    "cloudwatch:PutMetricAlarm": "`lab.put_back()`, where somebody changed the alarm",
    "sts:AssumeRole": "`deploy`: the CDK CLI assumes the CDK's roles",
}


def document(name: str) -> dict[str, Any]:
    """The policy of that name, as IAM reads it."""
    statements = [grant.statement() for grant in POLICIES[name]]
    return {"Version": "2012-10-17", "Statement": statements}
