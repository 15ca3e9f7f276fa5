"""IAM's requests that break its model, in the words that AWS was recorded with in 2026.

https://github.com/localstack/localstack/blob/3cc59f9404198f1f7da42a0fa4f1ccd108fc1dd1/tests/aws/services/iam/test_iam_roles.snapshot.json
"""

import re
from urllib.parse import urlencode
from xml.sax.saxutils import unescape

import pytest

from localaws.wire import ServiceSkin
from localaws.words.http import Caller, HttpRequest

CALLER = Caller("arn:aws:iam::111111111111:user/participant", "id")
PATTERN = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"
KEYS = (
    "Member must satisfy constraint: [Member must have length less than or equal to 128, "
    "Member must have length greater than or equal to 1, "
    f"Member must satisfy regular expression pattern: {PATTERN}, Member must not be null]"
)


def told(action: str, **form: str) -> str | None:
    """Code and text of the refusal; None of a request that keeps to the model."""
    fields = {"Action": action, "Version": "2010-05-08", "RoleName": "orders"}
    given = {name.replace("__", "."): value for name, value in form.items()}
    headers = {"content-type": "application/x-www-form-urlencoded"}
    request = HttpRequest("POST", "/", "", headers, urlencode(fields | given).encode())
    refused = ServiceSkin("iam", {}).mistake(request, CALLER)
    if refused is None:
        return None
    assert refused.status == 400
    code, text = re.findall(r"<(?:Code|Message)>(.*?)</", refused.body.decode())
    return f"{code}: {unescape(text)}"


def tags(count: int) -> dict[str, str]:
    return {
        f"Tags__member__{number}__{part}": f"{part}{number}"
        for number in range(1, count + 1)
        for part in ("Key", "Value")
    }


@pytest.mark.parametrize(
    ("action", "form", "place", "constraint"),
    [
        ("TagRole", tags(51), "tags", "Member must have length less than or equal to 50"),
        (
            "TagRole",
            tags(1) | {"Tags__member__1__Key": "k" * 129},
            "tags.1.member.key",
            "Member must have length less than or equal to 128",
        ),
        (
            "TagRole",
            tags(1) | {"Tags__member__1__Value": "v" * 257},
            "tags.1.member.value",
            "Member must have length less than or equal to 256",
        ),
        (
            "TagRole",
            tags(1) | {"Tags__member__1__Key": "a?"},
            "tags.1.member.key",
            f"Member must satisfy regular expression pattern: {PATTERN}",
        ),
        ("UntagRole", {"TagKeys__member__1": "k" * 129}, "tagKeys", KEYS),
        ("UntagRole", {"TagKeys__member__1": "a?"}, "tagKeys", KEYS),
        (
            "GetPolicyVersion",
            {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "VersionId": "one"},
            "versionId",
            r"Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?",
        ),
    ],
)
def test_a_broken_request_is_told_without_its_value(
    action: str, form: dict[str, str], place: str, constraint: str
) -> None:
    assert told(action, **form) == (
        f"ValidationError: 1 validation error detected: Value at '{place}' failed to satisfy "
        f"constraint: {constraint}"
    )


@pytest.mark.parametrize("name", ["a b", "a/b"])
def test_a_name_s_pattern_is_left_to_iam_itself(name: str) -> None:
    assert told("GetRole", RoleName=name) is None
    assert told("GetRole", RoleName="r" * 65) is not None
