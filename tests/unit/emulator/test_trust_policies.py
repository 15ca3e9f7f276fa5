"""Who may assume a role: what IAM says of a policy that is none."""

import json
from typing import Any

import pytest

from localaws.emulator.iam.service_principals import is_service
from localaws.emulator.iam.trust_policies import mistake_in_trust_policy

THERE = "arn:aws:iam::123456789012:role/there"
OTHER_ACTION = "AssumeRole policy may only specify STS AssumeRole actions."
NO_PRINCIPAL = "Missing required field Principal cannot be empty!"


def policy(**changes: Any) -> str:
    """A right one with changes of its statement; None takes a member out."""
    lambda_ = {"Service": "lambda.amazonaws.com"}
    whole = {"Effect": "Allow", "Principal": lambda_, "Action": "sts:AssumeRole"} | changes
    statement = {name: value for name, value in whole.items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def mistake(document: str) -> str | None:
    return mistake_in_trust_policy(document, lambda arn: arn == THERE)


def invalid(kind: str, value: str) -> str:
    return f'Invalid principal in policy: "{kind}":"{value}"'


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("{foo", "This policy contains invalid Json"),
        ("", "This policy contains invalid Json"),
        ("[]", "This policy contains invalid Json"),
        ("{}", "Could not parse the policy: Statement is empty!"),
        (
            '{"Version": "2020-01-01", "Statement": {}}',
            "Could not parse the policy: Statement is empty!",
        ),
        (policy().replace("2012", "2020"), "The policy must contain a valid version string"),
        (policy(Effect=None), "Missing required field Effect"),
        (policy(Effect="Maybe"), "Invalid effect: Maybe"),
        (policy(Principal=None), NO_PRINCIPAL),
        (policy(Principal={}), NO_PRINCIPAL),
        (policy(NotPrincipal={"AWS": "*"}), "Allow with NotPrincipal is not allowed."),
        (
            policy(Effect="Deny", NotPrincipal={"AWS": "*"}),
            "AssumeRole policy must not contain NotPrincipal field.",
        ),
        (policy(Action=None), "Missing required field Action"),
        (policy(Action="*"), OTHER_ACTION),
        # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/iam
        (policy(Action="sts:*"), OTHER_ACTION),
        (policy(Action="sts:assumerole"), OTHER_ACTION),
        (policy(Action="sts:GetCallerIdentity"), OTHER_ACTION),
        (
            policy(Principal="*"),
            'AssumeRolepolicy contained an invalid principal: "STAR":"*".',
        ),
        (policy(Action=["sts:AssumeRole", "sqs:SendMessage"]), OTHER_ACTION),
        (policy(Resource="*"), "Has prohibited field Resource"),
        (policy(NotResource="*"), "Has prohibited field NotResource"),
        (policy(Condition={"Foo": {"a": "b"}}), "Syntax errors in policy."),
        (policy(Conditon={}), "Syntax errors in policy."),
        (policy(Principal={"Service": "x"}), invalid("SERVICE", "x")),
        (policy(Principal={"Service": "lambda"}), invalid("SERVICE", "lambda")),
        (
            policy(Principal={"Service": ["lambda.amazonaws.com", "lamda.amazonaws.com"]}),
            invalid("SERVICE", "lamda.amazonaws.com"),
        ),
        (policy(Principal={"AWS": f"{THERE}-gone"}), invalid("AWS", f"{THERE}-gone")),
        (policy(Principal={"AWS": "there"}), invalid("AWS", "there")),
        (policy(Principal={"AWS": f"{THERE[:-5]}*"}), invalid("AWS", f"{THERE[:-5]}*")),
        (policy(Principal={"Canonical": "a"}), 'Invalid principal in policy: "Canonical"'),
    ],
)
def test_what_is_wrong(document: str, told: str) -> None:
    assert mistake(document) == told


@pytest.mark.parametrize(
    "document",
    [
        policy(),
        policy(Principal={"AWS": ["*", "123456789012", "1234-5678-9012", THERE]}),
        policy(
            Principal={"Federated": "accounts.google.com"}, Action="sts:AssumeRoleWithWebIdentity"
        ),
        policy(Action=["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]),
        policy(Condition={"StringEquals": {"sts:ExternalId": "a"}}),
        policy().replace('"Version": "2012-10-17", ', ""),
        json.dumps({"Statement": json.loads(policy())["Statement"][0]}),
    ],
)
def test_what_is_right(document: str) -> None:
    assert mistake(document) is None


@pytest.mark.parametrize(
    ("principal", "known"),
    [
        ("lambda.amazonaws.com", True),
        ("states.us-east-1.amazonaws.com", True),
        ("scheduler.amazonaws.com", True),
        ("ecs-tasks.amazonaws.com", True),
        ("edgelambda.amazonaws.com", True),
        ("delivery.logs.amazonaws.com", True),
        ("custom-resource.application-autoscaling.amazonaws.com", True),
        ("eks.amazonaws.com.cn", False),
        ("codepipeiine.amazonaws.com", False),
        ("nope.amazonaws.com", False),
        (".amazonaws.com", False),
    ],
)
def test_services(principal: str, known: bool) -> None:
    assert is_service(principal) is known
