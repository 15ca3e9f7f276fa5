"""Exports of stacks: each name once in a Region, and held by the stacks that import it.

ministack lets an update take an export away, or change its value, under the eyes of who imports it,
and one stack take another's.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
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

_Outputs = tuple[list[dict[str, Any]], dict[str, dict[str, str]]]


def hold_exports(
    handlers: ModuleType, stacks: ModuleType, records: ModuleType
) -> Callable[[str, str], str | None]:
    """Let stacks keep to what they export, as AWS makes them.

    Returns:
        Who imports an export of a stack (its name), or None.

    Args:
        handlers: ministack's module that answers requests.
        stacks: its module that makes and changes stacks.
        records: its module that holds them and their exports.
    """
    resolve_outputs: Callable[..., _Outputs] = stacks._resolve_stack_outputs
    delete = handlers._ACTION_HANDLERS["DeleteStack"]
    imported = handlers._imported_export_names

    def imports(stack: Mapping[str, Any], name: str) -> set[str]:
        return set() if stack["StackStatus"] in _GONE else imported(stack, name)

    def importer(export: str, exporter: str) -> str | None:
        found = (
            name
            for name, stack in records._stacks.items()
            if name != exporter and export in imports(stack, name)
        )
        return next(found, None)

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
            if user := importer(export, name):
                verb = "updated" if export in new else "deleted"
                raise ValueError(f"Export {export} cannot be {verb} as it is in use by {user}")
        # Once its outputs are known, nothing keeps an update from its end.
        for export in old.keys() - new.keys():
            records._exports.pop(export)
        return outputs, new

    def deleted(params: Any) -> Any:
        stack = handlers._resolve_stack(handlers._p(params, "StackName"))
        is_there = stack and stack["StackStatus"] not in _GONE
        if is_there and not stack.get("EnableTerminationProtection"):
            for output in stack["Outputs"]:
                export = output.get("ExportName")
                if export and (user := importer(export, stack["StackName"])):
                    return handlers._error(
                        "ValidationError",
                        f"Export {export} cannot be deleted as it is in use by {user}",
                    )
        return delete(params)

    replace(handlers, "_imported_export_names", imports)
    replace(stacks, "_resolve_stack_outputs", outputs_of)
    handlers._ACTION_HANDLERS["DeleteStack"] = deleted
    return importer


def restore_exports(records: ModuleType, stack: Mapping[str, Any]) -> None:
    """Let a stack export what its outputs say, after an update that was done is taken back."""
    stack_id, exports = stack["StackId"], records._exports
    for name in [name for name, one in exports.items() if one["StackId"] == stack_id]:
        del exports[name]
    for output in stack["Outputs"]:
        if name := output.get("ExportName"):
            value = output["OutputValue"]
            exports[name] = {"StackId": stack_id, "Name": name, "Value": value}
