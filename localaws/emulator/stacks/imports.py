"""Existing resources that a stack takes over (`ChangeSetType`: `IMPORT`).

ministack looks for queues, topics, log groups and functions among its own, of which there are none.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from types import ModuleType
from typing import Any, TypeVar

from localaws.cloudformation import Importer
from localaws.emulator.seams import replace
from localaws.words.errors import AwsError

_Answer = TypeVar("_Answer")
_NOT_FOUND = "Resource of type '{type}' with identifier '{value}' was not found."


def import_with(
    change_sets: ModuleType, table: MutableMapping[str, Any], importers: Mapping[str, Importer]
) -> None:
    """Let stacks import the resources of our services, and refuse what can not be imported.

    Args:
        change_sets: ministack's module.
        table: its handlers by resource type.
        importers: ours, by resource type.
    """
    lookups = change_sets._IMPORT_LOOKUPS
    for kind, importer in importers.items():
        _, theirs = lookups.get(kind, (None, None))
        lookups[kind] = (importer.identifier,), _problem_of(importer, theirs or _not_found(kind))
        table[kind] |= {"import": _importing(importer)}
    changes_of = change_sets._import_changes

    def changes(resources: list[dict[str, Any]], *rest: Any) -> Any:
        found = changes_of(resources, *rest)
        kinds = {resource["ResourceType"] for resource in resources}
        if absent := sorted(kind for kind in kinds if "import" not in table.get(kind, {})):
            raise ValueError(
                f"Import of {', '.join(absent)} is not part of the embedded AWS. Use a real "
                "account for it, or let a stack make the resource."
            )
        return found

    replace(change_sets, "_import_changes", changes)


def _importing(importer: Importer) -> Callable[[Mapping[str, str]], Any]:
    return lambda identifier: at_once(importer.find(identifier[importer.identifier]))


def _problem_of(
    importer: Importer, absent: Callable[[str], str | None]
) -> Callable[[str], str | None]:
    """Why a value names nothing, or None.

    Args:
        absent: ministack's words for it, which are AWS's.
    """

    def problem(value: str) -> str | None:
        try:
            at_once(importer.find(value))
        except AwsError:
            return absent(value)
        return None

    return problem


def _not_found(kind: str) -> Callable[[str], str]:
    return lambda value: _NOT_FOUND.format(type=kind, value=value)


def at_once(work: Awaitable[_Answer]) -> _Answer:
    """The answer of what waits for nothing: ministack imports on the loop's thread.

    Raises:
        RuntimeError: it does wait.
    """
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as end:
        answer: _Answer = end.value
        return answer
    raise RuntimeError("a resource to import is looked for by an operation that waits")
