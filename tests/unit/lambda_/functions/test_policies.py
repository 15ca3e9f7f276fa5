"""Function policies: what they belong to, their revisions and their length."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.lambda_.control_plane import PlaneWorld

FN = {"FunctionName": "fn"}
ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn"
TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"


@pytest.fixture
def plane(tmp_path: Path) -> PlaneWorld:
    plane = PlaneWorld(tmp_path)
    plane.create(Publish=True)
    return plane


def permission(**params: Any) -> dict[str, Any]:
    sns = {"Principal": "sns.amazonaws.com", "SourceArn": TOPIC}
    return {**FN, "StatementId": "s", "Action": "lambda:InvokeFunction", **sns, **params}


def test_policies_belong_to_what_was_named(plane: PlaneWorld) -> None:
    plane.call("CreateAlias", **FN, Name="live", FunctionVersion="1")

    plane.call("AddPermission", **permission(Qualifier="live"))

    assert plane.control_plane.resource_policy("fn", None) is None
    policy = plane.control_plane.resource_policy("fn", "live")
    assert policy is not None
    assert policy["Statement"] == [
        {
            "Sid": "s",
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": f"{ARN}:live",
            "Condition": {"ArnLike": {"AWS:SourceArn": TOPIC}},
        }
    ]


def test_the_last_statement_takes_the_policy_with_it(plane: PlaneWorld) -> None:
    plane.call("AddPermission", **permission())
    assert plane.fail("RemovePermission", **FN, StatementId="other") == (
        "ResourceNotFoundException",
        "Statement other is not found in resource policy.",
        404,
    )

    removed = plane.call("RemovePermission", **FN, StatementId="s")

    assert removed["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert plane.fail("GetPolicy", **FN)[2] == 404
    assert plane.control_plane.resource_policy("fn", None) is None


def test_the_revision_of_a_policy_is_that_of_its_function(plane: PlaneWorld) -> None:
    plane.call("AddPermission", **permission())
    first = plane.call("GetPolicy", **FN)["RevisionId"]
    assert plane.call("GetFunctionConfiguration", **FN)["RevisionId"] == first
    plane.call("AddPermission", **permission(StatementId="t", RevisionId=first))

    stale = permission(StatementId="u", RevisionId=first)
    code, message, _ = plane.fail("AddPermission", **stale)
    removing = plane.fail("RemovePermission", **FN, StatementId="s", RevisionId=first)

    assert code == "PreconditionFailedException"
    assert "Call the GetPolicy API" in message
    assert "Call the GetFunction/GetAlias API" in removing[1]


def test_policies_end_at_20_kilobytes(plane: PlaneWorld) -> None:
    for number in range(200):
        answer = plane.call("AddPermission", **permission(StatementId=f"{number:090d}"))
        if "Error" in answer:
            break

    assert answer["Error"]["Code"] == "PolicyLengthExceededException"
    assert len(plane.call("GetPolicy", **FN)["Policy"]) <= 20_480


@pytest.mark.parametrize(
    ("action", "taken"),
    [
        ("lambda:InvokeFunctionUrl", True),
        ("lambda:InvokeFunction", False),
        ("lambda:*", False),
        ("*", False),
    ],
)
def test_a_url_s_authentication_is_for_urls(plane: PlaneWorld, action: str, taken: bool) -> None:
    url = {"Principal": "*", "Action": action, "FunctionUrlAuthType": "NONE"}

    answer = plane.call("AddPermission", **FN, StatementId="url", **url)

    assert ("Statement" in answer) == taken
    if not taken:
        assert answer["Error"]["Code"] == "InvalidParameterValueException"
        assert answer["Error"]["Message"] == (
            "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action"
        )


@pytest.mark.parametrize("kind", ["role/gone", "user/gone"])
def test_a_principal_that_does_not_exist(plane: PlaneWorld, kind: str) -> None:
    """ "...or the Principal provided within the resource is invalid":

    https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1189
    """
    principal = f"arn:aws:iam::123456789012:{kind}"
    plane.iam.strangers.add(principal)

    assert plane.fail("AddPermission", **permission(Principal=principal)) == (
        "InvalidParameterValueException",
        "The provided principal was invalid. Please check the principal and try again.",
        400,
    )
    plane.iam.strangers.clear()
    assert "Error" not in plane.call("AddPermission", **permission(Principal=principal))


@pytest.mark.parametrize("principal", ["arn:aws:iam:123456789012:role/r", "arn:aws:s3:::b"])
def test_an_arn_that_is_no_principal(plane: PlaneWorld, principal: str) -> None:
    """As in https://github.com/aws/aws-sdk/issues/388, blanks left out as there."""
    assert plane.fail("AddPermission", **permission(Principal=principal)) == (
        "InvalidParameterValueException",
        f"The provided input'{principal}'was invalid. Member must satisfy expression: "
        r"[\w+=,.@-]* Please check your input and try again.",
        400,
    )


def test_calls_through_a_url_alone_may_be_permitted(plane: PlaneWorld) -> None:
    answer = plane.call(
        "AddPermission",
        **FN,
        StatementId="url",
        Principal="*",
        Action="lambda:InvokeFunction",
        InvokedViaFunctionUrl=True,
    )

    condition = json.loads(answer["Statement"])["Condition"]
    assert condition == {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
