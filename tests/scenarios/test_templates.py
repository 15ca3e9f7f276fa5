"""What CloudFormation makes of templates: refused before, read generously, tried again."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE = {"Type": "AWS::SQS::Queue"}
SAM = "AWS::Serverless-2016-10-31"
BOTH = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


@pytest.mark.parametrize(
    ("resources", "options", "code", "words"),
    [
        (
            {"It": QUEUE | {"Properties": {"QueueName": {"Ref": "Nope"}}}}, {},
            "ValidationError",
            "Unresolved resource dependencies [Nope] in the Resources block of the template",
        ),
        (
            {"It": QUEUE}, {"Parameters": [{"ParameterKey": "Nope", "ParameterValue": "1"}]},
            "ValidationError", "Parameters: [Nope] do not exist in the template",
        ),
        (
            {"It": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}}, {},
            "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]",
        ),
    ],
    ids=["reference", "parameter", "capability"],
)  # fmt: skip
def test_nothing_is_made_of_a_wrong_template(
    stack: TemplatedStack, resources: dict[str, Any], options: dict[str, Any], code: str, words: str
) -> None:
    with pytest.raises(ClientError) as caught:
        stack.send("create", resources, **options)
    assert caught.value.response["Error"]["Code"] == code
    assert words in caught.value.response["Error"]["Message"]
    with pytest.raises(ClientError, match="does not exist"):
        stack.told()


@pytest.mark.embedded("AWS's own wording was not recorded")
def test_nothing_is_made_of_properties_that_there_are_not(stack: TemplatedStack) -> None:
    resources = {"First": QUEUE, "Wrong": QUEUE | {"Properties": {"Foo": 1, "Tags": "x"}}}
    assert stack.send("create", resources) == "ROLLBACK_COMPLETE"
    events = stack.cloudformation.describe_stack_events(StackName=stack.name)["StackEvents"]
    assert {event["LogicalResourceId"] for event in events} == {stack.name}
    told = stack.cloudformation.describe_events(StackName=stack.name)["OperationEvents"]
    assert {event["ValidationStatusReason"] for event in told if "ValidationPath" in event} == {
        "extraneous key [Foo] is not permitted",
        "expected type: JSONArray, found: String",
    }


def test_values_are_read_generously(account: Account, stack: TemplatedStack) -> None:
    properties = {
        "Handler": "index.handler",
        "Runtime": "python3.13",
        "Role": account.role(),
        "Code": {
            "ZipFile": "import os\ndef handler(*_): return [os.environ[n + '1'] for n in 'ABC']"
        },
        "Timeout": {"Ref": "Size"},
        "Environment": {"Variables": {"A1": 1, "B1": True, "C1": {"Ref": "Size"}}},
    }
    parameters = {"Parameters": {"Size": {"Type": "Number", "Default": "7"}}}
    resources = {"It": {"Type": "AWS::Lambda::Function", "Properties": properties}}
    assert stack.send("create", resources, sections=parameters) == "CREATE_COMPLETE"
    lambda_ = account.client("lambda")
    name = stack.physical_id("It")
    assert lambda_.get_function_configuration(FunctionName=name)["Timeout"] == 7
    answer = lambda_.invoke(FunctionName=name)
    assert json.load(answer["Payload"]) == ["1", "true", "7"]


@pytest.mark.parametrize(
    ("kind", "its_name"),
    [("AWS::SQS::Queue", "QueueName"), ("AWS::SNS::Topic", "TopicName")],
)
def test_two_resources_of_one_name_are_one_too_many(
    account: Account, stack: TemplatedStack, kind: str, its_name: str
) -> None:
    one = {"Type": kind, "Properties": {its_name: account.unique("same")}}
    resources = {"First": one, "Second": one | {"DependsOn": "First"}}
    assert stack.send("create", resources) == "ROLLBACK_COMPLETE"
    assert "already exists" in stack.reasons()


@pytest.mark.parametrize("begins", ["create", "update"])
def test_what_was_not_rolled_back_is_tried_again(stack: TemplatedStack, begins: str) -> None:
    def resources(delay_s: int) -> dict[str, Any]:
        late = QUEUE | {"DependsOn": "First", "Properties": {"DelaySeconds": delay_s}}
        return {"First": QUEUE, "Late": late}

    # Given a stack that failed half way, and keeps what was made
    if begins == "update":
        stack.send("create", {"First": QUEUE})
    failed = f"{begins.upper()}_FAILED"
    assert stack.send(begins, resources(100_000), DisableRollback=True) == failed
    first = stack.physical_id("First")
    # When the same is tried again, then it fails again
    assert stack.send("update", resources(100_000), DisableRollback=True) == "UPDATE_FAILED"
    # When it is mended, then it is complete, with what had been made
    assert stack.send("update", resources(1), DisableRollback=True) == "UPDATE_COMPLETE"
    assert stack.physical_id("First") == first


@pytest.fixture
def bucket(account: Account) -> str:
    return outlets.bucket(account)


def lying_in(account: Account, bucket: str, resources: dict[str, Any]) -> str:
    """The address of a template, as buckets have it since 2020."""
    key = f"{uuid.uuid4().hex}.json"
    s3 = account.client("s3")
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps({"Resources": resources}))
    return f"https://{bucket}.s3.{account.session.region_name}.amazonaws.com/{key}"


def test_a_nested_stack_tells_of_what_changes_in_it(
    account: Account, stack: TemplatedStack, bucket: str
) -> None:
    def nested(delay_s: int) -> dict[str, Any]:
        queues = {"Stays": QUEUE, "Changes": QUEUE | {"Properties": {"DelaySeconds": delay_s}}}
        its = {"TemplateURL": lying_in(account, bucket, queues)}
        return {"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": its}}

    assert stack.send("create", nested(1)) == "CREATE_COMPLETE"
    its = TemplatedStack(account, stack.physical_id("Nested"))
    seen = len(its.events())
    assert stack.send("update", nested(2)) == "UPDATE_COMPLETE"

    told = [(one["LogicalResourceId"], one["ResourceStatus"]) for one in its.events()[seen:]]
    of_queues = [one for one in told if one[0] in ("Stays", "Changes")]
    assert of_queues == [("Changes", "UPDATE_IN_PROGRESS"), ("Changes", "UPDATE_COMPLETE")]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://example.com/template.json", "TemplateURL must be a supported URL."),
        ("https://{bucket}.s3.amazonaws.com/none", "S3 error: The specified key does not exist."),
    ],
)
def test_an_address_without_a_template_is_refused(
    stack: TemplatedStack, bucket: str, address: str, told: str
) -> None:
    with pytest.raises(ClientError, match=told) as refused:
        stack.cloudformation.create_stack(
            StackName=stack.name, TemplateURL=address.format(bucket=bucket)
        )
    assert refused.value.response["Error"]["Code"] == "ValidationError"


FUNCTION = {
    "Type": "AWS::Serverless::Function",
    "Properties": {
        "Handler": "index.handler",
        "InlineCode": "import os\ndef handler(*_): return os.environ['A1']",
        "Events": {
            "Orders": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["Queue", "Arn"]}}}
        },
    },
}
GLOBALS = {"Function": {"Runtime": "python3.13", "Environment": {"Variables": {"A1": 1}}}}


def test_a_sam_template_becomes_resources(account: Account, stack: TemplatedStack) -> None:
    pytest.importorskip("samtranslator", reason="the locked packages are not all installed")
    state = stack.send(
        "create",
        {"Queue": QUEUE, "Function": FUNCTION},
        sections={"Transform": SAM, "Globals": GLOBALS},
        Capabilities=BOTH,
    )
    assert state == "CREATE_COMPLETE"
    answer = account.client("lambda").invoke(FunctionName=stack.physical_id("Function"))
    assert json.load(answer["Payload"]) == "1"
    assert account.mapping_state(stack.physical_id("FunctionOrders")) == "Enabled"


def test_a_sam_template_that_is_wrong_says_where(stack: TemplatedStack) -> None:
    pytest.importorskip("samtranslator", reason="the locked packages are not all installed")
    wrong = {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "index.handler"}}
    with pytest.raises(ClientError) as caught:
        stack.send("create", {"It": wrong}, sections={"Transform": SAM}, Capabilities=BOTH)
    message = caught.value.response["Error"]["Message"]
    assert f"Transform {SAM} failed with: Invalid Serverless Application" in message
    assert "Resource with id [It] is invalid." in message


@pytest.mark.embedded("an account has these types")
def test_what_sam_makes_of_an_api_is_refused_by_name(stack: TemplatedStack) -> None:
    pytest.importorskip("samtranslator", reason="the locked packages are not all installed")
    event = {"Type": "Api", "Properties": {"Path": "/", "Method": "get"}}
    properties = FUNCTION["Properties"] | {"Events": {"Web": event}}  # type: ignore[operator]
    resources = {"It": FUNCTION | {"Properties": properties}}
    sections = {"Transform": SAM, "Globals": GLOBALS}
    with pytest.raises(ClientError, match=r"not part of the embedded AWS: .*AWS::ApiGateway::"):
        stack.send("create", resources, sections=sections, Capabilities=BOTH)


EXPANDED = ["CAPABILITY_AUTO_EXPAND"]


def including(location: str) -> dict[str, Any]:
    return {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": location}}}


@pytest.mark.embedded("an account may have macros, and has AWS's")
@pytest.mark.parametrize(
    ("resources", "sections", "told"),
    [
        ({"It": QUEUE}, {"Transform": "MyMacro"}, r"No transform named \d{12}::MyMacro found\."),
        ({"It": QUEUE}, {"Transform": ["AWS::Foo-2020"]}, "No transform named AWS::Foo-2020 found"),
        (
            {"It": QUEUE}, {"Transform": "AWS::CodeDeployBlueGreen"},
            "AWS::CodeDeployBlueGreen is not part of the embedded AWS",
        ),
        (
            {"It": QUEUE | {"Properties": {"Fn::Transform": {"Name": "MyMac"}}}}, {},
            r"No transform named \d{12}::MyMac found\.",
        ),
        ({"Fn::Transform": "AWS::Include"}, {}, "Every transform must have a Name"),
        (
            including("s3://no-such-bucket-anywhere/part.yaml"), {},
            "Transform AWS::Include failed with: The S3 object s3://no-such-bucket-anywhere/",
        ),
    ],
    ids=["macro", "unknown", "absent", "in properties", "nameless", "nothing to include"],
)  # fmt: skip
def test_a_transform_that_cannot_be_done_is_refused(
    stack: TemplatedStack, resources: dict[str, Any], sections: dict[str, Any], told: str
) -> None:
    with pytest.raises(ClientError, match=told) as refused:
        stack.send("create", resources, sections=sections, Capabilities=EXPANDED)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    with pytest.raises(ClientError, match="does not exist"):
        stack.told()


def test_a_snippet_is_included(account: Account, stack: TemplatedStack, bucket: str) -> None:
    account.client("s3").put_object(Bucket=bucket, Key="part.json", Body=b'{"DelaySeconds": 7}')
    its = {"It": QUEUE | {"Properties": including(f"s3://{bucket}/part.json")}}
    assert stack.send("create", its, Capabilities=EXPANDED) == "CREATE_COMPLETE"
    attributes = account.client("sqs").get_queue_attributes(
        QueueUrl=stack.physical_id("It"), AttributeNames=["DelaySeconds"]
    )["Attributes"]
    assert attributes["DelaySeconds"] == "7"


def test_a_template_that_includes_a_resource_is_valid(stack: TemplatedStack) -> None:
    its = including("s3://bucket/part.json") | {"It": QUEUE}
    told = stack.cloudformation.validate_template(TemplateBody=json.dumps({"Resources": its}))
    assert told["Parameters"] == []


@pytest.mark.embedded("an account does transforms in nested stacks, too")
def test_a_nested_stack_has_no_transform(
    account: Account, stack: TemplatedStack, bucket: str
) -> None:
    macro = {"It": QUEUE | {"Properties": {"Fn::Transform": {"Name": "MyMac"}}}}
    its = {"TemplateURL": lying_in(account, bucket, macro)}
    nested = {"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": its}}
    assert stack.send("create", nested, Capabilities=EXPANDED) == "ROLLBACK_COMPLETE"
    assert "A transform in a nested stack is not part of the embedded AWS" in stack.reasons()
