"""What a service refuses of a resource's properties, for templates. Pure.

ministack makes some resources of a template past the checks of its own services.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from localaws.emulator.bucket_policies import mistake_in_bucket_policy
from localaws.emulator.events.alarm_limits import mistake_in_alarm
from localaws.emulator.events.rule_limits import mistake_in_bus, mistake_in_rule
from localaws.emulator.events.target_limits import (
    MOST_TARGETS,
    TOO_MANY_TARGETS,
    mistake_in_targets,
)
from localaws.emulator.iam.rules import IamRules
from localaws.emulator.key_rules import is_reserved, mistake_in_key
from localaws.emulator.parameter_rules import mistake_in_parameter
from localaws.emulator.stacks.property_requests import requests_of
from localaws.emulator.stacks.service_answers import Mistake
from localaws.emulator.table_rules import mistake_in_table
from localaws.words.errors import AwsError
from localaws.words.json_text import compact

Properties = Mapping[str, Any]
Check = Callable[[str, str, Mapping[str, Any]], None]


# By the HTTP status of IAM's refusal.
_HANDLER_CODES = {400: "InvalidRequest", 404: "NotFound", 409: "ServiceLimitExceeded"}


class Mistakes:
    """Finds a resource's first mistake.

    Args:
        pattern_error: why a rule's pattern (JSON) is none; None of one that is.
        check: holds the parameters of a service's operation against its model; raises AwsError.
        is_bucket_name: whether a bucket may have a name.
        iam: what IAM refuses.
        account_id: the account that the stacks are in.
    """

    def __init__(
        self,
        pattern_error: Callable[[Any], str | None],
        check: Check,
        is_bucket_name: Callable[[str], bool],
        iam: IamRules,
        account_id: str,
    ) -> None:
        self._pattern_error = pattern_error
        self._check = check
        self._is_bucket_name = is_bucket_name
        self._iam = iam
        self._account_id = account_id
        self._looks = {
            "AWS::CloudWatch::Alarm": _of_alarm,
            "AWS::DynamoDB::Table": _of_table,
            "AWS::Events::EventBus": _of_bus,
            "AWS::Events::Rule": self._of_rule,
            "AWS::KMS::Alias": _of_alias,
            "AWS::KMS::Key": self._of_key,
            "AWS::S3::Bucket": self._of_bucket,
            "AWS::S3::BucketPolicy": _of_bucket_policy,
            "AWS::SSM::Parameter": _of_parameter,
        }

    def __call__(self, kind: str, properties: Properties) -> Mistake | None:
        """What the service of a resource type says of its properties, or None.

        Args:
            properties: as AWS reads them, without functions.
        """
        for service, operation, params in requests_of(kind, properties):
            try:
                self._check(service, operation, params)
            except AwsError as error:
                return error.code, error.message
        if look := self._looks.get(kind):
            return look(properties)
        refusal = self._iam.of_template(kind, properties)
        return (_HANDLER_CODES[refusal.status], refusal.message) if refusal else None

    def _of_bucket(self, bucket: Properties) -> Mistake | None:
        """CloudFormation has words of its own for some names.

        https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/s3
        """
        name = bucket.get("BucketName")
        if name is None:
            return None
        if ".." in name:
            return "InvalidRequest", "Bucket name should not contain two adjacent periods"
        if re.fullmatch(r"\d+(\.\d+){3}", name):
            return "InvalidRequest", "Bucket name must not be formatted as an IP Address"
        if name.endswith("--x-s3"):
            return "InvalidRequest", "Unrecognized S3Express bucket name format."
        if self._is_bucket_name(name):
            return None
        return "InvalidBucketName", "The specified bucket is not valid."

    def _of_key(self, key: Properties) -> Mistake | None:
        mistake = mistake_in_key(key, self._account_id)
        return ("InvalidRequest", mistake) if mistake else None

    def _of_rule(self, rule: Properties) -> Mistake | None:
        pattern, targets = rule.get("EventPattern") or "", rule.get("Targets") or []
        given = compact(pattern) if isinstance(pattern, Mapping) else pattern
        # The name that CloudFormation makes up is not known yet.
        if mistake := mistake_in_rule({"Name": "\N{HORIZONTAL ELLIPSIS}", **rule}, given):
            return "InvalidRequest", mistake
        if reason := self._pattern_error(given):
            return "InvalidRequest", f"Event pattern is not valid. Reason: {reason}"
        if mistake := mistake_in_targets(targets):
            return "InvalidRequest", mistake
        if len(targets) > MOST_TARGETS:
            return "ServiceLimitExceeded", TOO_MANY_TARGETS
        return None


def _of_alias(alias: Properties) -> Mistake | None:
    """The handler keeps KMS's words to itself, as another one does SSM's.

    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/kms
    """
    if not is_reserved(alias["AliasName"]):
        return None
    return "InvalidRequest", "Error occurred during operation 'CreateAlias'."


def _of_bucket_policy(policy: Properties) -> Mistake | None:
    mistake = mistake_in_bucket_policy(policy["PolicyDocument"], policy["Bucket"])
    return ("InvalidRequest", mistake) if mistake else None


def _of_parameter(parameter: Properties) -> Mistake | None:
    if mistake_in_parameter(parameter) is None:
        return None
    return "InvalidRequest", "Error occurred during operation 'PutParameter'."


def _of_table(table: Properties) -> Mistake | None:
    mistake = mistake_in_table(table)
    return ("InvalidRequest", mistake) if mistake else None


def _of_bus(bus: Properties) -> Mistake | None:
    mistake = mistake_in_bus(bus)
    return ("InvalidRequest", mistake) if mistake else None


def _of_alarm(alarm: Properties) -> Mistake | None:
    mistake = mistake_in_alarm(alarm)
    return ("InvalidRequest", mistake) if mistake else None
