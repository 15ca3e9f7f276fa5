"""Every operation of CloudFormation's API works, or says in one sentence that it is not here."""

import re
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StringShape, StructureShape

from tests.scenarios.account import Account

MODEL = ServiceModel(Loader().load_service_model("cloudformation", "service-2"), "cloudformation")
PAGE = Path(__file__).parents[2] / "docs/not-imitated.md"
HERE = frozenset(
    re.findall(
        r"[A-Z]\w+",
        PAGE.read_text(encoding="utf-8")
        .partition("Of CloudFormation's API there are ")[2]
        .partition(". ")[0],
    )
)

# One of these is what a text is to look like.
TEXTS = (
    "none",
    "123456789012",
    "AWS::SQS::Queue",
    "00000000-0000-0000-0000-000000000000",
    "arn:aws:cloudformation:us-east-1:123456789012:stack/none/1",
    "arn:aws:cloudformation:us-east-1:123456789012:type/resource/none",
)


def is_for(shape: StringShape, text: str) -> bool:
    pattern, limits = shape.metadata.get("pattern"), shape.metadata
    fits = limits.get("min", 0) <= len(text) <= limits.get("max", len(text))
    return fits and (pattern is None or re.fullmatch(pattern, text) is not None)


def smallest(shape: Shape) -> Any:
    """What a request needs at least for the model to take it."""
    if isinstance(shape, StructureShape):
        return {name: smallest(shape.members[name]) for name in shape.required_members}
    if isinstance(shape, ListShape):
        # The query protocol has no empty ones, nor empty structures in them.
        member = shape.member
        named = member.members if isinstance(member, StructureShape) else {}
        return [smallest(member) or {name: smallest(one) for name, one in [*named.items()][:1]}]
    if isinstance(shape, StringShape):
        return shape.enum[0] if shape.enum else next(t for t in TEXTS if is_for(shape, t))
    if isinstance(shape, MapShape):
        return {smallest(shape.key): smallest(shape.value)}
    return {"boolean": False, "integer": 1}[shape.type_name]


def answer_to(account: Account, operation: str) -> dict[str, Any]:
    """What is wrong with the smallest request; nothing where it is answered."""
    shape = MODEL.operation_model(operation).input_shape
    call = getattr(account.client("cloudformation"), xform_name(operation))
    try:
        call(**(smallest(shape) if shape else {}))
    except ClientError as error:
        return dict(error.response["Error"])
    return {}


def test_what_is_here_is_named_in_the_documents() -> None:
    assert HERE
    assert set(MODEL.operation_names) > HERE


@pytest.mark.embedded("an account has all of them")
@pytest.mark.parametrize("operation", MODEL.operation_names)
def test_an_operation_is_here_or_says_that_it_is_not(account: Account, operation: str) -> None:
    told = answer_to(account, operation)
    if operation in HERE:
        assert told.get("Code") not in ("NotImplemented", "InternalFailure", "InvalidAction"), told
    else:
        assert (told.get("Code"), told.get("Message")) == (
            "NotImplemented",
            f"cloudformation:{operation} is not part of the embedded AWS. Use a real account for "
            "it.",
        )
