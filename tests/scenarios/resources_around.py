"""Resource types of the services around ours, each with all settings and with few.

As in `stack_resources`, which makes one table of both.
"""

import json
from typing import Any

from tests.scenarios.account import TRUST, Account
from tests.scenarios.stack_parts import TAGS, Kind, arn, ref, tags_of

_ASSUME = {"AssumeRolePolicyDocument": TRUST}
_MAY_READ = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*"}],
}
_MAY_SEND = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}],
}
_INLINE = {"PolicyName": "may", "PolicyDocument": _MAY_READ}
_BOUNDARY = "arn:aws:iam::aws:policy/AdministratorAccess"


def _alarm(account: Account, name: str, base: dict[str, str]) -> Any:
    cloudwatch = account.client("cloudwatch")
    [alarm] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    tags = cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    state = ("StateValue", "StateReason", "StateReasonData", "StateTransitionedTimestamp")
    return {key: value for key, value in alarm.items() if key not in state}, _tags(tags)


def _dashboard(account: Account, name: str, base: dict[str, str]) -> Any:
    found = account.client("cloudwatch").get_dashboard(DashboardName=name)
    return json.loads(found["DashboardBody"])


def _table(account: Account, name: str, base: dict[str, str]) -> Any:
    dynamodb = account.client("dynamodb")
    table = dynamodb.describe_table(TableName=name)["Table"]
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    tags = dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    # DynamoDB tells since when a table is paid by request, also of one that is so no more.
    told = (
        "TableClassSummary",
        "DeletionProtectionEnabled",
        "SSEDescription",
        "OnDemandThroughput",
    )
    mode = table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    throughput = table["ProvisionedThroughput"] if mode == "PROVISIONED" else {}
    # One without a key of its own says so, or nothing.
    if table.get("SSEDescription", {}).get("Status") == "DISABLED":
        del table["SSEDescription"]
    return (
        {key: table.get(key) for key in told},
        mode,
        (throughput.get("ReadCapacityUnits"), throughput.get("WriteCapacityUnits")),
        sorted(index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])),
        ttl["TimeToLiveStatus"],
        backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        _tags(tags),
    )


def _repository(account: Account, name: str, base: dict[str, str]) -> Any:
    ecr = account.client("ecr")
    [found] = ecr.describe_repositories(repositoryNames=[name])["repositories"]
    tags = ecr.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"]
    return (
        found["imageTagMutability"],
        found["imageScanningConfiguration"],
        found.get("imageTagMutabilityExclusionFilters"),
        _or_none(
            ecr, lambda: json.loads(ecr.get_repository_policy(repositoryName=name)["policyText"])
        ),
        _or_none(
            ecr,
            lambda: json.loads(
                ecr.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"]
            ),
        ),
        _tags(tags),
    )


def _bus(account: Account, name: str, base: dict[str, str]) -> Any:
    events = account.client("events")
    bus = events.describe_event_bus(Name=name)
    tags = events.list_tags_for_resource(ResourceARN=bus["Arn"])["Tags"]
    told = ("Description", "DeadLetterConfig", "KmsKeyIdentifier", "LogConfig", "Policy")
    return {key: bus.get(key) or None for key in told}, _tags(tags)


def _rule(account: Account, rule: str, base: dict[str, str]) -> Any:
    events = account.client("events")
    bus, _, name = rule.rpartition("|")
    where = {"EventBusName": bus} if bus else {}
    found = events.describe_rule(Name=name, **where)
    tags = events.list_tags_for_resource(ResourceARN=found["Arn"])["Tags"]
    targets = events.list_targets_by_rule(Rule=name, **where)["Targets"]
    told = ("Description", "EventPattern", "State", "RoleArn")
    return {key: found.get(key) or None for key in told}, targets, _tags(tags)


def _profile(account: Account, name: str, base: dict[str, str]) -> Any:
    name = name.rpartition("/")[2]  # Ref gives the ARN here
    found = account.client("iam").get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    return [role["RoleName"] for role in found["Roles"]]


def _managed_policy(account: Account, policy: str, base: dict[str, str]) -> Any:
    iam = account.client("iam")
    version = iam.get_policy(PolicyArn=policy)["Policy"]["DefaultVersionId"]
    found = iam.get_policy_version(PolicyArn=policy, VersionId=version)["PolicyVersion"]
    users = iam.list_entities_for_policy(PolicyArn=policy)
    return (
        found["Document"],
        [role["RoleName"] for role in users["PolicyRoles"]],
        [user["UserName"] for user in users["PolicyUsers"]],
    )


def _inline_policy(account: Account, name: str, base: dict[str, str]) -> Any:
    iam = account.client("iam")
    return (
        iam.list_role_policies(RoleName=base["Role"])["PolicyNames"],
        iam.list_user_policies(UserName=base["User"])["PolicyNames"],
    )


def _role(account: Account, name: str, base: dict[str, str]) -> Any:
    iam = account.client("iam")
    role = iam.get_role(RoleName=name)["Role"]
    told = ("Description", "MaxSessionDuration", "PermissionsBoundary", "AssumeRolePolicyDocument")
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    return (
        {key: role.get(key) or None for key in told},
        iam.list_role_policies(RoleName=name)["PolicyNames"],
        [policy["PolicyArn"] for policy in attached],
        _tags(iam.list_role_tags(RoleName=name)["Tags"]),
    )


def _user(account: Account, name: str, base: dict[str, str]) -> Any:
    iam = account.client("iam")
    user = iam.get_user(UserName=name)["User"]
    attached = iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]
    return (
        user.get("PermissionsBoundary") or None,
        iam.list_user_policies(UserName=name)["PolicyNames"],
        [policy["PolicyArn"] for policy in attached],
        _or_none(iam, lambda: iam.get_login_profile(UserName=name) and True),
        _tags(iam.list_user_tags(UserName=name)["Tags"]),
    )


def _kms_alias(account: Account, name: str, base: dict[str, str]) -> Any:
    found = account.client("kms").describe_key(KeyId=name)["KeyMetadata"]["KeyId"]
    return [logical_id for logical_id, physical_id in base.items() if physical_id == found]


def _key(account: Account, key_id: str, base: dict[str, str]) -> Any:
    kms = account.client("kms")
    found = kms.describe_key(KeyId=key_id)["KeyMetadata"]
    policy = kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]
    rotation = kms.get_key_rotation_status(KeyId=key_id)
    tags = kms.list_resource_tags(KeyId=key_id)["Tags"]
    return (
        found["Description"],
        found["KeyState"],
        sorted(one.get("Sid", "") for one in json.loads(policy)["Statement"]),
        (rotation["KeyRotationEnabled"], rotation.get("RotationPeriodInDays")),
        _tags([{"Key": tag["TagKey"], "Value": tag["TagValue"]} for tag in tags]),
    )


def _bucket(account: Account, name: str, base: dict[str, str]) -> Any:
    s3 = account.client("s3")
    asked = {
        "CorsConfiguration": s3.get_bucket_cors,
        "NotificationConfiguration": s3.get_bucket_notification_configuration,
        "PublicAccessBlockConfiguration": s3.get_public_access_block,
        "WebsiteConfiguration": s3.get_bucket_website,
        "Tags": s3.get_bucket_tagging,
        "Versioning": s3.get_bucket_versioning,
    }
    shown = {}
    for setting, ask in asked.items():
        answer = _or_none(s3, lambda ask=ask: ask(Bucket=name)) or {}
        answer = {key: value for key, value in answer.items() if key != "ResponseMetadata"}
        shown[setting] = _tags(answer.get("TagSet", [])) if setting == "Tags" else answer
    # A bucket that had versions once is Suspended for ever, one that never had says nothing.
    if shown["Versioning"].get("Status") == "Suspended":
        shown["Versioning"] = {}
    return shown


def _bucket_policy(account: Account, name: str, base: dict[str, str]) -> Any:
    s3 = account.client("s3")
    return json.loads(s3.get_bucket_policy(Bucket=base["Bucket"])["Policy"])


def _parameter(account: Account, name: str, base: dict[str, str]) -> Any:
    ssm = account.client("ssm")
    [found] = ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": [name]}])[
        "Parameters"
    ]
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
    told = ("Description", "AllowedPattern", "DataType", "Tier", "Type", "Policies")
    value = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    return {key: found.get(key) or None for key in told}, value, _tags(tags)


def _or_none(client: Any, ask: Any) -> Any:
    """What is answered; None where there is nothing of the kind."""
    try:
        return ask()
    except client.exceptions.ClientError as error:
        code = error.response["Error"]["Code"]
        assert "No" in code or "NotFound" in code, code
        return None


def _tags(tags: list[dict[str, str]]) -> dict[str, str]:
    return tags_of({tag["Key"]: tag["Value"] for tag in tags})


_ALARM = {
    "Namespace": "Shop",
    "MetricName": "Failed",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 2,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
}
_TABLE = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
}
_LIFECYCLE = {
    "rules": [
        {
            "rulePriority": 1,
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3},
            "action": {"type": "expire"},
        }
    ]
}
_PULL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}],
}
_KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Mine",
            "Effect": "Allow",
            "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
_PATTERN = {"source": ["shop"]}


def _bucket_statement(action: str) -> Any:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": arn("Role")},
        "Action": action,
        "Resource": {"Fn::Sub": "${Bucket.Arn}/*"},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


AROUND: dict[str, Kind] = {
    "alarm": Kind(
        "AWS::CloudWatch::Alarm",
        _ALARM
        | {
            "ActionsEnabled": False,
            "AlarmActions": [ref("Topic")],
            "OKActions": [ref("Topic")],
            "InsufficientDataActions": [ref("Topic")],
            "AlarmDescription": "orders fail",
            "DatapointsToAlarm": 1,
            "Dimensions": [{"Name": "Shop", "Value": "1"}],
            "TreatMissingData": "notBreaching",
            "Unit": "Count",
            "Tags": TAGS,
        },
        _ALARM,
        _alarm,
    ),
    "alarm on a percentile": Kind(
        "AWS::CloudWatch::Alarm",
        {k: v for k, v in _ALARM.items() if k != "Statistic"}
        | {"ExtendedStatistic": "p99", "EvaluateLowSampleCountPercentile": "evaluate"},
        _ALARM,
        _alarm,
    ),
    "dashboard": Kind(
        "AWS::CloudWatch::Dashboard",
        {"DashboardBody": json.dumps({"widgets": [], "start": "-PT1H"})},
        {"DashboardBody": json.dumps({"widgets": []})},
        _dashboard,
    ),
    "table": Kind(
        "AWS::DynamoDB::Table",
        {
            **_TABLE,
            "AttributeDefinitions": [
                *_TABLE["AttributeDefinitions"],
                {"AttributeName": "shop", "AttributeType": "S"},
            ],
            "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 3},
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "by-shop",
                    "KeySchema": [{"AttributeName": "shop", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
                }
            ],
            "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "SSESpecification": {"SSEEnabled": True},
            "TableClass": "STANDARD_INFREQUENT_ACCESS",
            "DeletionProtectionEnabled": True,
            "Tags": TAGS,
        },
        _TABLE,
        _table,
    ),
    "table that is paid by request": Kind(
        "AWS::DynamoDB::Table",
        {k: v for k, v in _TABLE.items() if k != "ProvisionedThroughput"}
        | {"BillingMode": "PAY_PER_REQUEST"},
        _TABLE,
        _table,
    ),
    "repository": Kind(
        "AWS::ECR::Repository",
        {
            "ImageScanningConfiguration": {"ScanOnPush": True},
            "ImageTagMutability": "IMMUTABLE",
            "LifecyclePolicy": {"LifecyclePolicyText": json.dumps(_LIFECYCLE)},
            "RepositoryPolicyText": _PULL,
            "Tags": TAGS,
        },
        {},
        _repository,
    ),
    "event bus": Kind(
        "AWS::Events::EventBus",
        {
            "Name": "orders",
            "Description": "of the shop",
            "DeadLetterConfig": {"Arn": arn("Dlq")},
            "Tags": TAGS,
        },
        {"Name": "orders"},
        _bus,
    ),
    "rule": Kind(
        "AWS::Events::Rule",
        {
            "EventPattern": _PATTERN,
            "Description": "orders",
            "State": "DISABLED",
            "Targets": [{"Id": "dlq", "Arn": arn("Dlq")}, {"Id": "other", "Arn": arn("Other")}],
            "Tags": TAGS,
        },
        {"EventPattern": _PATTERN},
        _rule,
    ),
    "instance profile": Kind(
        "AWS::IAM::InstanceProfile",
        {"Roles": [ref("Role")]},
        {"Roles": [ref("OtherRole")]},
        _profile,
    ),
    "managed policy": Kind(
        "AWS::IAM::ManagedPolicy",
        {"PolicyDocument": _MAY_SEND, "Roles": [ref("Role")], "Users": [ref("User")]},
        {"PolicyDocument": _MAY_READ},
        _managed_policy,
    ),
    "inline policy": Kind(
        "AWS::IAM::Policy",
        {
            "PolicyName": "inline",
            "PolicyDocument": _MAY_SEND,
            "Roles": [ref("Role")],
            "Users": [ref("User")],
        },
        {"PolicyName": "inline", "PolicyDocument": _MAY_READ, "Roles": [ref("Role")]},
        _inline_policy,
    ),
    "role": Kind(
        "AWS::IAM::Role",
        _ASSUME
        | {
            "Description": "of a function",
            "ManagedPolicyArns": [_BOUNDARY],
            "MaxSessionDuration": 7_200,
            "PermissionsBoundary": _BOUNDARY,
            "Policies": [_INLINE],
            "Tags": TAGS,
        },
        _ASSUME,
        _role,
    ),
    "user": Kind(
        "AWS::IAM::User",
        {
            "ManagedPolicyArns": [_BOUNDARY],
            "PermissionsBoundary": _BOUNDARY,
            "Policies": [_INLINE],
            "LoginProfile": {"Password": "a-Long-1-password!"},
            "Tags": TAGS,
        },
        {},
        _user,
    ),
    "alias of a key": Kind(
        "AWS::KMS::Alias",
        {"AliasName": "alias/orders", "TargetKeyId": ref("Key")},
        {"AliasName": "alias/orders", "TargetKeyId": ref("OtherKey")},
        _kms_alias,
    ),
    "key": Kind(
        "AWS::KMS::Key",
        {
            "Description": "of the orders",
            "Enabled": False,
            "KeyPolicy": _KEY_POLICY,
            "Tags": TAGS,
        },
        {},
        _key,
    ),
    "key that rotates": Kind(
        "AWS::KMS::Key",
        {"EnableKeyRotation": True, "RotationPeriodInDays": 100},
        {},
        _key,
    ),
    "bucket": Kind(
        "AWS::S3::Bucket",
        {
            "CorsConfiguration": {
                "CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]
            },
            "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": False},
            "Tags": TAGS,
            "VersioningConfiguration": {"Status": "Enabled"},
            "WebsiteConfiguration": {"IndexDocument": "index.html"},
        },
        {},
        _bucket,
    ),
    "bucket policy": Kind(
        "AWS::S3::BucketPolicy",
        {"Bucket": ref("Bucket"), "PolicyDocument": _bucket_statement("s3:PutObject")},
        {"Bucket": ref("Bucket"), "PolicyDocument": _bucket_statement("s3:GetObject")},
        _bucket_policy,
    ),
    "parameter": Kind(
        "AWS::SSM::Parameter",
        {
            "Type": "String",
            "Value": "2",
            "AllowedPattern": r"\d+",
            "DataType": "text",
            "Description": "how many",
            "Tier": "Standard",
            "Tags": {"kept": "1", "gone": "2"},
        },
        {"Type": "String", "Value": "1"},
        _parameter,
    ),
}
