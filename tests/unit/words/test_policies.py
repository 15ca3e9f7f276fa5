"""What becomes of a policy that somebody gives."""

import json
from typing import Any

import pytest

from localaws.words.policies import completed, names_principals

ROOT = "arn:aws:iam::111122223333:root"


def statement(principal: Any, member: str = "Principal") -> dict[str, Any]:
    return {"Effect": "Allow", member: principal, "Action": "sqs:SendMessage", "Resource": "*"}


@pytest.mark.parametrize("member", ["Principal", "NotPrincipal"])
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"AWS": "111122223333"}, {"AWS": ROOT}),
        ({"AWS": ["111122223333", "*"]}, {"AWS": [ROOT, "*"]}),
        ({"AWS": "111122223333", "Service": "s"}, {"AWS": ROOT, "Service": "s"}),
        ({"AWS": ROOT}, {"AWS": ROOT}),
        ({"AWS": "11112222333"}, {"AWS": "11112222333"}),
        ({"Service": "111122223333"}, {"Service": "111122223333"}),
        ("*", "*"),
    ],
)
def test_an_account_as_principal_is_its_root(member: str, given: Any, kept: Any) -> None:
    policy = {"Version": "2012-10-17", "Statement": [statement(given, member)]}

    made = json.loads(completed(json.dumps(policy)))

    assert made == {"Version": "2012-10-17", "Statement": [statement(kept, member)]}


def test_a_policy_without_version_has_the_first_one() -> None:
    made = completed(json.dumps({"Id": "i", "Statement": statement("*")}))

    assert list(json.loads(made).items()) == [
        ("Version", "2008-10-17"),
        ("Id", "i"),
        ("Statement", statement("*")),
    ]


@pytest.mark.parametrize("version", ["2008-10-17", "2012-10-17"])
def test_a_policy_without_a_gap_stays_as_it_was_written(version: str) -> None:
    text = json.dumps({"Statement": [statement({"AWS": ROOT})], "Version": version}, indent=2)

    assert completed(text) == text


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "*"},
        {"AWS": ["111122223333", ROOT]},
        {"AWS": "arn:aws:sts::111122223333:assumed-role/orders/session"},
        {"AWS": "AROAEXAMPLEEXAMPLE123"},
        {"Service": "events.amazonaws.com"},
    ],
)
@pytest.mark.parametrize("member", ["Principal", "NotPrincipal"])
def test_what_a_principal_may_be(principal: Any, member: str) -> None:
    assert names_principals(statement(principal, member))


@pytest.mark.parametrize(
    "principal",
    [
        "nope",
        ["*"],
        {"AWS": "nope"},
        {"AWS": [ROOT, "nope"]},
        {"AWS": "arn:aws:iam::123:root"},
        {"AWS": "arn:aws:iam::111122223333:role/*"},
        {"Nobody": "*"},
    ],
)
def test_what_no_principal_is(principal: Any) -> None:
    assert not names_principals(statement(principal))
