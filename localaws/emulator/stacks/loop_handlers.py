"""Our handlers of resource types, as ministack's CloudFormation calls them."""

import asyncio
from collections.abc import Callable, Container, Coroutine
from typing import Any

from localaws.cloudformation import ResourceHandler, as_told
from localaws.words.errors import AwsError


def or_one_of(types: Container[str], theirs: Callable[[str], bool]) -> Callable[[str], bool]:
    """Their answer to a question about a resource type, and yes for ours."""
    return lambda resource_type: resource_type in types or theirs(resource_type)


def on_loop(handler: ResourceHandler, loop: asyncio.AbstractEventLoop) -> dict[str, Any]:
    """CloudFormation works in threads of its own; our services live on the loop's thread."""

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return asyncio.run_coroutine_threadsafe(work, loop).result()
        except AwsError as error:
            raise ValueError(as_told(error.message, error.code)) from None

    def create(logical_id: str, properties: Any, stack_name: str) -> Any:
        return run(handler.create(logical_id, properties, stack_name))

    def update(physical_id: str, old: Any, new: Any, stack_name: str, logical_id: str) -> Any:
        return run(handler.update(physical_id, old, new, stack_name, logical_id))

    def delete(physical_id: str, properties: Any) -> None:
        run(handler.delete(physical_id, properties))

    return {"create": create, "update": update, "update_with_logical_id": True, "delete": delete}
