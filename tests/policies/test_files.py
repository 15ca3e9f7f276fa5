"""The files in `docs/policies` are what the table says, and what AWS takes."""

import json
import re

import pytest
from botocore import xform_name

from tests.policies.files import FOLDER, text
from tests.policies.table import (
    INSTRUCTOR,
    ON_INSTRUCTORS_OCCASION,
    ON_OCCASION,
    PARTICIPANT,
    POLICIES,
    STEM,
)

ROOT = FOLDER.parent.parent

# Characters of a managed policy, white space not counted.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST = 6144
# Judged without a resource, or with one that no name tells.
WITHOUT_NAMES = {"Look", "Bootstrap", "NewMappings", "Mappings", "Deploy"}


@pytest.mark.parametrize("name", POLICIES)
def test_a_file_is_what_the_table_says(name: str) -> None:
    stored = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert stored == text(name), "run python -m tests.policies"


def test_there_is_no_other_policy() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(POLICIES)


def test_every_occasion_is_a_call_that_is_made_somewhere() -> None:
    # That of the CDK CLI is its own, that of a waiter boto3's, and tags come with what they are on
    others = {
        "sts:AssumeRole": "cdk",
        "lambda:GetFunction": "function_updated_v2",
        "dynamodb:TagResource": "create_table",
    }
    named = {*ON_OCCASION, *ON_INSTRUCTORS_OCCASION}
    sources = [*(ROOT / "workshop").rglob("*.py"), *(ROOT / "notebooks").glob("*.ipynb")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    names = {one: others.get(one, xform_name(one.partition(":")[2])) for one in named}
    called = {one for one, name in names.items() if re.search(rf"\b{name}\b", text)}
    assert called == named


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_is_short_enough_for_aws(name: str) -> None:
    assert len(re.sub(r"\s", "", text(name))) <= LONGEST


def test_no_action_is_a_pattern_and_every_name_begins_as_ours_do() -> None:
    for grant in INSTRUCTOR:
        assert not [action for action in grant.names() if "*" in action]
        if grant.sid not in WITHOUT_NAMES:
            assert [arn for arn in grant.resources if f"{STEM}-" not in arn] == []


def test_what_is_judged_without_a_name_only_looks_but_for_new_mappings() -> None:
    everywhere = {a for grant in PARTICIPANT if grant.resources == ("*",) for a in grant.names()}
    changing = {a for a in everywhere if not re.search(r":(Describe|Get|List|Simulate)", a)}
    assert changing == {"lambda:CreateEventSourceMapping"}


def test_a_participant_passes_roles_to_lambda_alone_and_changes_temporary_ones_alone() -> None:
    for grant in PARTICIPANT:
        changing = [a for a in grant.names() if re.match("iam:(?!Get|List|Simulate)", a)]
        if changing:
            assert all("Temp-*" in arn for arn in grant.resources)
        if "iam:PassRole" in changing:
            assert json.dumps(grant.condition) == (
                '{"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}'
            )
