"""How a stack's resources are made: with properties as AWS reads them, and no words of Python's.

Every type goes this way, ministack's own too.
"""

import ast
import contextlib
import linecache
import logging
import re
import traceback
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.cloudformation.resources import AlreadyExists
from localaws.cloudformation.templates.properties import UNKNOWN, as_read, is_function, problems
from localaws.emulator.seams import replace
from localaws.emulator.stacks.service_answers import Mistake, handler_error, refusal_in
from localaws.emulator.unserved import unserved

FindMistake = Callable[[str, Mapping[str, Any]], Mistake | None]

_LOG = logging.getLogger("localaws.cloudformation")


def provision_as_aws(stacks: ModuleType, mistake_in: FindMistake) -> None:
    """Let stacks read, check and refuse properties as AWS does.

    Args:
        mistake_in: what a resource's service would say of its type and properties.
    """
    provision, update = stacks._provision_resource, stacks._update_resource
    delete, errors = stacks._delete_resource, stacks._validation_errors

    def provisioned(kind: str, logical_id: str, properties: Any, *rest: Any) -> Any:
        _check(kind, logical_id, properties)
        read = as_read(kind, properties)

        def make() -> Any:
            _refuse(mistake_in(kind, read))
            return provision(kind, logical_id, read, *rest)

        return _in_our_words(kind, logical_id, make)

    def updated(
        kind: str, physical_id: str, old: Any, new: Any, stack: str, logical_id: str, *rest: Any
    ) -> Any:
        _check(kind, logical_id, new)
        was, now = as_read(kind, old), as_read(kind, new)

        def change() -> Any:
            _refuse(mistake_in(kind, now))
            return update(kind, physical_id, was, now, stack, logical_id, *rest)

        return _in_our_words(kind, logical_id, change)

    def deleted(kind: str, physical_id: str, properties: Any, *rest: Any) -> Any:
        read = as_read(kind, properties)
        return _in_our_words(kind, physical_id, lambda: delete(kind, physical_id, read, *rest))

    def found(resources: Mapping[str, Any], ordered: list[str], *rest: Any, **named: Any) -> Any:
        return [*errors(resources, ordered, *rest, **named), *_before(resources, ordered)]

    replace(stacks, "_provision_resource", provisioned)
    replace(stacks, "_update_resource", updated)
    replace(stacks, "_delete_resource", deleted)
    replace(stacks, "_validation_errors", found)


def _before(resources: Mapping[str, Any], ordered: list[str]) -> list[tuple[str, ...]]:
    """What can be told before anything is made, as ministack notes it for DescribeEvents.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
    """
    found: list[tuple[str, ...]] = []
    for logical_id in ordered:
        kind = resources[logical_id]["Type"]
        properties = _with_unknowns(resources[logical_id].get("Properties", {}))
        for problem in [*problems(kind, properties), *unserved(kind, properties)]:
            place, _, reason = problem.partition(": ")
            path = f"/Resources/{logical_id}/Properties{place[1:]}"
            found.append((logical_id, kind, "PROPERTY_VALIDATION", path, reason))
    return found


def _with_unknowns(node: Any) -> Any:
    """Functions, which may be anything, or nothing: AWS::NoValue."""
    if is_function(node):
        return UNKNOWN
    if isinstance(node, Mapping):
        return {name: _with_unknowns(value) for name, value in node.items()}
    return [_with_unknowns(item) for item in node] if isinstance(node, list) else node


def _check(kind: str, logical_id: str, properties: Any) -> None:
    if found := [*problems(kind, properties), *unserved(kind, properties)]:
        message = "\n".join(found)
        raise ValueError(
            f"Properties validation failed for resource {logical_id} with message:\n{message}"
        )


def _refuse(mistake: Mistake | None) -> None:
    if mistake:
        raise handler_error(mistake)


def _in_our_words(kind: str, name: str, work: Callable[[], Any]) -> Any:
    """Do it; a failure that nobody put into words gets some."""
    try:
        return work()
    except Exception as error:
        if answer := _answer_in(str(error)):
            raise handler_error(answer) from error
        if _is_meant(error):
            if kind == _NESTED or _BY_CLOUDFORMATION.match(str(error)):
                raise
            raise handler_error(_read(kind, str(error))) from error
        _LOG.debug("%s (%s) failed", name, kind, exc_info=True)
        raise handler_error(
            (
                "InvalidRequest",
                f"Invalid request provided: the properties of {name} are not those of an {kind}.",
            )
        ) from error


_NESTED = "AWS::CloudFormation::Stack"
# What no service says, but CloudFormation itself, stays as it is.
_BY_CLOUDFORMATION = re.compile(
    "Resource handler returned|Properties validation failed|CloudFormation cannot|Template"
)
# What ministack begins with: the type, and what it was about; then the service's code, or not.
_TOLD = re.compile(
    r"(?:AWS::\w+::\w+ [\w ]*(?:: |failed: ))?(?:([A-Z]\w*[a-z][A-Z]\w*): )?(.*)", re.DOTALL
)
_EXISTS = re.compile(r"\w+ already exists: (\S+)|(\S+) already exists")


def _read(kind: str, told: str) -> Mistake:
    """Code and message of what ministack tells of a resource in its own words."""
    if found := _EXISTS.fullmatch(told):
        error = AlreadyExists.of(kind, found[1] or found[2])
        return error.code, error.message
    code, message = _TOLD.fullmatch(told).groups()  # type: ignore[union-attr] # it always does
    is_absent = re.search("not found|does not exist|cannot be found", message)
    return code or ("NotFound" if is_absent else "InvalidRequest"), message


# How ministack tells what another of its services answered: the body, as Python writes bytes.
_BODY = re.compile(r""": (b(?:'.*'|".*"))""", re.DOTALL)


def _answer_in(told: str) -> Mistake | None:
    """Code and message of a service's refusal, where that is what an error tells."""
    found = _BODY.search(told)
    if not found:
        return None
    with contextlib.suppress(ValueError, SyntaxError):
        return refusal_in(ast.literal_eval(found[1]))
    return None


def _is_meant(error: Exception) -> bool:
    """Whether somebody raised it to be read: ministack and we do with ValueError, Python too."""
    if not isinstance(error, ValueError):
        return False
    *_, last = traceback.extract_tb(error.__traceback__)
    line = linecache.getline(last.filename, last.lineno or 0)
    return line.strip().startswith("raise ")
