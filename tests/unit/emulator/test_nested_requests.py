"""Which addresses of nested stacks' templates are none."""

import pytest

from localaws.emulator.stacks.nested_requests import NestedRequests


def test_a_template_is_not_named_as_s3_s_tools_name_objects() -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/cloudformation."""
    modules = dict.fromkeys(("engine", "helpers", "provisioners"), pytest)
    requests = NestedRequests(modules, lambda *_given, **_named: None)
    with pytest.raises(ValueError, match=r"^The location for an Amazon S3 bucket must start"):
        requests.read("orders", {"TemplateURL": "s3://templates/inner.json"})
