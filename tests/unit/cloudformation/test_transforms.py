"""Three transforms can be done; each other one is refused by its name."""

from typing import Any

import pytest

from localaws.cloudformation.templates.transforms import unfit_transform

ACCOUNT = "123456789012"
SERVED = ["AWS::LanguageExtensions", {"Name": "AWS::Serverless-2016-10-31"}, "AWS::Include"]


@pytest.mark.parametrize("declared", [None, [], SERVED, *SERVED])
def test_what_can_be_done_is_fit(declared: Any) -> None:
    snippet = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}}
    template = {"Transform": declared, "Resources": {"It": {"Properties": [snippet]}}}
    assert unfit_transform(template, ACCOUNT) is None


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("Mine", f"No transform named {ACCOUNT}::Mine found."),
        ({"Name": "AWS::Foo"}, "No transform named AWS::Foo found."),
        ("AWS::CodeDeployBlueGreen", "AWS::CodeDeployBlueGreen is not part of the embedded AWS."),
        (7, "Every transform must have a Name"),
        ({"Name": ["Mine"]}, "Every transform must have a Name"),
    ],
)
def test_what_cannot_be_done_is_unfit_wherever_it_is_called(call: Any, told: str) -> None:
    assert told in str(unfit_transform({"Transform": [*SERVED, call]}, ACCOUNT))
    embedded = {"Fn::Transform": {"Name": call} if isinstance(call, str) else call}
    template = {"Resources": {"It": {"Properties": {"Tags": [embedded]}}}}
    assert told in str(unfit_transform(template, ACCOUNT))


def test_a_snippet_for_a_whole_template_is_refused() -> None:
    declared = {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/key"}}
    assert "for a whole template is not part of the" in str(
        unfit_transform({"Transform": declared}, ACCOUNT)
    )
