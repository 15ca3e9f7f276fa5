"""Exports of stacks: each name once in a Region, and held by the stacks that import it.

ministack lets an update take an export away, or change its value, under the eyes of who imports it,
and one stack take another's.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
DeleteStack takes the call, and the stack is then again in the state that it was in:
https://github.com/boto/boto3/issues/4192, https://github.com/aws/aws-sdk/issues/383
"""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.cloudformation.templates.checks import duplicates
from localaws.emulator.seams import replace

# Of stacks that are not there, or of which nothing was left.
_GONE = frozenset({"DELETE_COMPLETE", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"})
# Of a value that is exported.
_MOST_BYTES = 1024

# Of a stack's record: the state that a deletion found it in.
BEFORE_DELETION = "_status_before_deletion"

# Which stacks import an export of a stack (its name): their names, or "".
FindImporters = Callable[[str, str], str]

_Outputs = tuple[list[dict[str, Any]], dict[str, dict[str, str]]]


def hold_exports(handlers: ModuleType, stacks: ModuleType, records: ModuleType) -> FindImporters:
    """Let stacks keep to what they export, as AWS makes them.

    Returns:
        Who imports an export of a stack (by its name): names of stacks, or "".

    Args:
        handlers: ministack's module that answers requests.
        stacks: its module that makes and changes stacks.
        records: its module that holds them and their exports.
    """
    resolve_outputs: Callable[..., _Outputs] = stacks._resolve_stack_outputs
    delete = handlers._ACTION_HANDLERS["DeleteStack"]
    imported = handlers._imported_export_names

    is_deletion_asked = False

    def imports(stack: Mapping[str, Any], name: str) -> set[str]:
        # What keeps a stack is told by its events, not by DeleteStack.
        is_silent = is_deletion_asked or stack["StackStatus"] in _GONE
        return set() if is_silent else imported(stack, name)

    def importers(export: str, exporter: str) -> str:
        return ", ".join(
            name
            for name, stack in records._stacks.items()
            if name != exporter and export in imports(stack, name)
        )

    def outputs_of(*given: Any) -> _Outputs:
        *_, name, stack_id = given
        outputs, new = resolve_outputs(*given)
        if problem := duplicates(one["ExportName"] for one in outputs if "ExportName" in one):
            raise ValueError(problem)
        for one in outputs:
            # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/cloudformation
            if "ExportName" in one and (size := len(one["OutputValue"].encode())) > _MOST_BYTES:
                raise ValueError(
                    f"Cannot export output {one['OutputKey']} with length {size}. Max length of "
                    f"{_MOST_BYTES} exceeded."
                )
        for export in new:
            if records._exports.get(export, {}).get("StackId", stack_id) != stack_id:
                other = records._exports[export]["StackId"].split("/")[1]
                raise ValueError(f"Export with name {export} is already exported by stack {other}.")
        old = {key: one for key, one in records._exports.items() if one["StackId"] == stack_id}
        changed = [key for key, one in old.items() if new.get(key) != one]
        for export in changed:
            if users := importers(export, name):
                raise ValueError(
                    not_updated(export, users) if export in new else kept(export, users)
                )
        # Once its outputs are known, nothing keeps an update from its end.
        for export in old.keys() - new.keys():
            records._exports.pop(export)
        return outputs, new

    def deleted(params: Any) -> Any:
        nonlocal is_deletion_asked
        if stack := handlers._resolve_stack(handlers._p(params, "StackName")):
            stack[BEFORE_DELETION] = stack["StackStatus"]
        is_deletion_asked = True
        try:
            return delete(params)
        finally:
            is_deletion_asked = False

    replace(handlers, "_imported_export_names", imports)
    replace(stacks, "_resolve_stack_outputs", outputs_of)
    handlers._ACTION_HANDLERS["DeleteStack"] = deleted
    return importers


def kept(export: str, users: str) -> str:
    """What AWS says of an export that would go, though stacks import it."""
    return f"Delete canceled. Cannot delete export {export} as it is in use by {users}."


def not_updated(export: str, users: str) -> str:
    """What AWS says of an export that would change, though stacks import it."""
    return f"Cannot update export {export} as it is in use by {users}."


def kept_by(stack: Mapping[str, Any], importers: FindImporters) -> str | None:
    """Why a stack is not deleted that stacks import from; None where none does."""
    for output in stack.get("Outputs", ()):
        export = output.get("ExportName")
        if export and (users := importers(export, stack["StackName"])):
            return kept(export, users)
    return None


def restore_exports(records: ModuleType, stack: Mapping[str, Any]) -> None:
    """Let a stack export what its outputs say, after an update that was done is taken back."""
    stack_id, exports = stack["StackId"], records._exports
    for name in [name for name, one in exports.items() if one["StackId"] == stack_id]:
        del exports[name]
    for output in stack["Outputs"]:
        if name := output.get("ExportName"):
            value = output["OutputValue"]
            exports[name] = {"StackId": stack_id, "Name": name, "Value": value}
