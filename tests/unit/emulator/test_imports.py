"""ministack asks whether there is what a stack imports, and cannot wait for the answer."""

import asyncio
from types import ModuleType
from typing import Any

import pytest

from localaws.cloudformation import Importer
from localaws.emulator.stacks.imports import at_once, import_with
from localaws.words.errors import AwsError

KIND, OTHER = "AWS::SQS::Queue", "AWS::Events::EventBus"


async def _found(url: str) -> tuple[str, dict[str, str]]:
    if url != "there":
        raise AwsError("It does not exist.", code="NotFound", status=404)
    return url, {"QueueName": "it"}


def emulated() -> tuple[Any, dict[str, Any]]:
    """ministack's module, which finds nothing, and its handlers."""
    module, table = ModuleType("changesets"), {KIND: {"create": None}, OTHER: {}}
    vars(module).update(
        _IMPORT_LOOKUPS={KIND: (("QueueUrl",), lambda value: f"no {value}")},
        _import_changes=lambda resources, *_: [f"import {len(resources)}"],
    )
    import_with(module, table, {KIND: Importer("QueueUrl", _found)})
    return module, table


def test_what_is_there_is_found_and_what_is_not_is_told_in_their_words() -> None:
    module, table = emulated()
    members, problem = module._IMPORT_LOOKUPS[KIND]
    assert (members, problem("there"), problem("gone")) == (("QueueUrl",), None, "no gone")
    assert table[KIND]["import"]({"QueueUrl": "there"}) == ("there", {"QueueName": "it"})


def test_a_type_that_cannot_be_imported_is_refused_by_name() -> None:
    module, _ = emulated()
    assert module._import_changes([{"ResourceType": KIND}], {}, []) == ["import 1"]
    with pytest.raises(ValueError, match=f"Import of {OTHER} is not part of the embedded AWS"):
        module._import_changes([{"ResourceType": KIND}, {"ResourceType": OTHER}], {}, [])


def test_an_answer_that_takes_time_is_a_defect() -> None:
    with pytest.raises(RuntimeError, match="waits"):
        at_once(asyncio.sleep(0))
