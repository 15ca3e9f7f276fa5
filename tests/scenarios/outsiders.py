"""What others made and stacks may not have: of each type whose template says which one it is."""

import json

from tests.scenarios.account import trust
from tests.scenarios.outsider import Outsider
from tests.scenarios.outsiders_ours import OURS

ALLOWED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}],
}
READABLE = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "<account>"},
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::<bucket>/*",
        }
    ],
}
KEYS = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}
ALARM = {
    "Namespace": "AWS/SQS",
    "MetricName": "NumberOfMessagesSent",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
}
WIDGETS = '{"widgets":[]}'
ROLE_TRUST = trust("lambda.amazonaws.com")
_ALREADY = "Resource of type '{}' with identifier '<{}>' already exists."


def told_of(kind: str) -> str:
    """What CloudFormation says of one that is there."""
    one = OUTSIDERS[kind]
    return one.told or _ALREADY.format(kind, one.identity)


_TABLE = Outsider(
    {"TableName": "<name>", **KEYS},
    ("dynamodb", "create_table", {"TableName": "<name>", **KEYS, "TableClass": "STANDARD"}),
    ("dynamodb", "describe_table", {"TableName": "<name>"}),
    ("dynamodb", "delete_table", {"TableName": "<name>"}),
)

OUTSIDERS: dict[str, Outsider] = {
    "AWS::CloudWatch::Alarm": Outsider(
        {"AlarmName": "<name>", **ALARM},
        ("cloudwatch", "put_metric_alarm", {"AlarmName": "<name>", **ALARM, "Threshold": 9}),
        ("cloudwatch", "describe_alarms", {"AlarmNames": ["<name>"]}),
        ("cloudwatch", "delete_alarms", {"AlarmNames": ["<name>"]}),
    ),
    "AWS::CloudWatch::Dashboard": Outsider(
        {"DashboardName": "<name>", "DashboardBody": WIDGETS},
        (
            "cloudwatch",
            "put_dashboard",
            {"DashboardName": "<name>", "DashboardBody": '{"start":"-PT9H","widgets":[]}'},
        ),
        ("cloudwatch", "get_dashboard", {"DashboardName": "<name>"}),
        ("cloudwatch", "delete_dashboards", {"DashboardNames": ["<name>"]}),
    ),
    "AWS::DynamoDB::GlobalTable": Outsider(
        _TABLE.properties | {"Replicas": [{"Region": {"Ref": "AWS::Region"}}]},
        _TABLE.make,
        _TABLE.look,
        _TABLE.undo,
    ),
    "AWS::DynamoDB::Table": _TABLE,
    "AWS::ECR::Repository": Outsider(
        {"RepositoryName": "<name>"},
        (
            "ecr",
            "create_repository",
            {"repositoryName": "<name>", "imageTagMutability": "IMMUTABLE"},
        ),
        ("ecr", "describe_repositories", {"repositoryNames": ["<name>"]}),
        ("ecr", "delete_repository", {"repositoryName": "<name>"}),
    ),
    "AWS::Events::EventBus": Outsider(
        {"Name": "<name>"},
        ("events", "create_event_bus", {"Name": "<name>", "Description": "theirs"}),
        ("events", "describe_event_bus", {"Name": "<name>"}),
        ("events", "delete_event_bus", {"Name": "<name>"}),
    ),
    "AWS::Events::Rule": Outsider(
        {"Name": "<name>", "EventPattern": {"source": ["orders"]}},
        ("events", "put_rule", {"Name": "<name>", "EventPattern": '{"source":["theirs"]}'}),
        ("events", "describe_rule", {"Name": "<name>"}),
        ("events", "delete_rule", {"Name": "<name>"}),
    ),
    "AWS::IAM::InstanceProfile": Outsider(
        {"InstanceProfileName": "<name>", "Roles": []},
        ("iam", "create_instance_profile", {"InstanceProfileName": "<name>", "Path": "/theirs/"}),
        ("iam", "get_instance_profile", {"InstanceProfileName": "<name>"}),
        ("iam", "delete_instance_profile", {"InstanceProfileName": "<name>"}),
    ),
    "AWS::IAM::ManagedPolicy": Outsider(
        {"ManagedPolicyName": "<name>", "PolicyDocument": ALLOWED},
        (
            "iam",
            "create_policy",
            {
                "PolicyName": "<name>",
                "PolicyDocument": json.dumps(ALLOWED),
                "Description": "theirs",
            },
        ),
        ("iam", "get_policy", {"PolicyArn": "arn:aws:iam::<account>:policy/<name>"}),
        ("iam", "delete_policy", {"PolicyArn": "arn:aws:iam::<account>:policy/<name>"}),
        "A policy called <name> already exists. Duplicate names are not allowed.",
    ),
    "AWS::IAM::Role": Outsider(
        {"RoleName": "<name>", "AssumeRolePolicyDocument": ROLE_TRUST},
        (
            "iam",
            "create_role",
            {
                "RoleName": "<name>",
                "AssumeRolePolicyDocument": json.dumps(ROLE_TRUST),
                "Description": "theirs",
            },
        ),
        ("iam", "get_role", {"RoleName": "<name>"}),
        ("iam", "delete_role", {"RoleName": "<name>"}),
    ),
    "AWS::IAM::User": Outsider(
        {"UserName": "<name>"},
        ("iam", "create_user", {"UserName": "<name>", "Path": "/theirs/"}),
        ("iam", "get_user", {"UserName": "<name>"}),
        ("iam", "delete_user", {"UserName": "<name>"}),
    ),
    "AWS::KMS::Alias": Outsider(
        {"AliasName": "<name>", "TargetKeyId": {"Fn::GetAtt": ["Key", "Arn"]}},
        ("kms", "create_alias", {"AliasName": "<name>", "TargetKeyId": "<key>"}),
        ("kms", "describe_key", {"KeyId": "<name>"}),
        ("kms", "delete_alias", {"AliasName": "<name>"}),
    ),
    "AWS::S3::Bucket": Outsider(
        {"BucketName": "<name>", "VersioningConfiguration": {"Status": "Enabled"}},
        ("s3", "create_bucket", {"Bucket": "<name>"}),
        ("s3", "get_bucket_versioning", {"Bucket": "<name>"}),
        ("s3", "delete_bucket", {"Bucket": "<name>"}),
    ),
    "AWS::S3::BucketPolicy": Outsider(
        {"Bucket": "<bucket>", "PolicyDocument": READABLE},
        (
            "s3",
            "put_bucket_policy",
            {"Bucket": "<bucket>", "Policy": json.dumps(READABLE).replace("GetObject", "Put*")},
        ),
        ("s3", "get_bucket_policy", {"Bucket": "<bucket>"}),
        ("s3", "delete_bucket_policy", {"Bucket": "<bucket>"}),
        "The bucket policy already exists on bucket <bucket>.",
        "bucket",
    ),
    "AWS::SSM::Parameter": Outsider(
        {"Name": "<name>", "Type": "String", "Value": "ours"},
        ("ssm", "put_parameter", {"Name": "<name>", "Type": "String", "Value": "theirs"}),
        ("ssm", "get_parameter", {"Name": "<name>"}),
        ("ssm", "delete_parameter", {"Name": "<name>"}),
    ),
} | OURS

# Types that take no name from a template that another one could have, and what they do instead.
WITHOUT_NAMES = {
    "AWS::CDK::Metadata": "nothing is made of it",
    "AWS::CloudFormation::Stack": "CloudFormation names it",
    "AWS::CloudFormation::WaitConditionHandle": "CloudFormation names it",
    "AWS::IAM::Policy": "PutRolePolicy writes over one of the same name",
    "AWS::KMS::Key": "KMS names it",
    "AWS::Lambda::EventSourceMapping": "Lambda names it, and refuses a second one for a queue",
    "AWS::Lambda::LayerVersion": "a name that is there gets its next version",
    "AWS::Lambda::LayerVersionPermission": "CloudFormation names it",
    "AWS::Lambda::Permission": "CloudFormation names it",
    "AWS::Lambda::Version": "Lambda numbers it",
    "AWS::Logs::ResourcePolicy": "its handler calls PutResourcePolicy alone, which writes over one",
    "AWS::SNS::Subscription": "its handler calls Subscribe alone, which answers with the one there",
    "AWS::SNS::TopicPolicy": "every topic has one, which is written over",
    "AWS::SQS::QueuePolicy": "SetQueueAttributes writes over it",
}
