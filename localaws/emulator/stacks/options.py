"""What an operation on a stack may ask for beside its template: done, told, or refused.

ministack takes policies and alarms of stacks, which would keep nothing back, roles that nobody has,
and looks for drift in services that are not its own, where it finds nothing.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
"""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

from localaws.emulator.stacks.time_limits import TimeLimits

# Without them ministack says that it does not have the operation, and the front who does.
_ABSENT = (
    "SetStackPolicy",
    "DetectStackDrift",
    "DescribeStackDriftDetectionStatus",
    "DetectStackResourceDrift",
    "DescribeStackResourceDrifts",
)
_WITH_ROLES = ("CreateStack", "UpdateStack", "CreateChangeSet", "DeleteStack")
_POLICIES = (
    "StackPolicyBody",
    "StackPolicyURL",
    "StackPolicyDuringUpdateBody",
    "StackPolicyDuringUpdateURL",
)
_MONITORING = "RollbackConfiguration.MonitoringTimeInMinutes"
_TRIGGERS = "RollbackConfiguration.RollbackTriggers.member"
# Of a stack: what DescribeStacks tells, as requests name it.
_TOLD = ("RoleARN", "TimeoutInMinutes")
_KEPT = "_asked"


def keep_to_options(
    handlers: ModuleType, records: ModuleType, roles: Mapping[str, Any], limits: TimeLimits
) -> None:
    """Let CloudFormation do what it is asked, or say that it does not.

    Args:
        handlers: ministack's module that answers requests.
        records: its module that holds the stacks.
        roles: IAM's, by their names.
        limits: ends what takes longer than its TimeoutInMinutes.
    """
    table = handlers._ACTION_HANDLERS
    for name in _ABSENT:
        del table[name]
    for name in _WITH_ROLES:
        table[name] = _asking(table[name], handlers, roles, limits)
    table["DescribeStacks"] = _telling(table["DescribeStacks"], records)


def unserved_option(params: Mapping[str, Any]) -> str | None:
    """What nobody here would act on; None where all has an effect."""
    if named := [name for name in _POLICIES if name in params]:
        return (
            f"{named[0]}: stack policies are not part of the embedded AWS. Use a real account for "
            "them."
        )
    if any(name.startswith(_TRIGGERS) for name in params):
        return (
            "RollbackConfiguration: rollback triggers are not part of the embedded AWS. Use a real "
            "account for them."
        )
    if (params.get(_MONITORING) or ["0"])[0] != "0":
        return (
            "RollbackConfiguration: a time of monitoring is not part of the embedded AWS: no stack "
            "waits for it. Leave MonitoringTimeInMinutes out, or use a real account."
        )
    return None


def _asking(
    theirs: Callable[[Any], Any],
    handlers: ModuleType,
    roles: Mapping[str, Any],
    limits: TimeLimits,
) -> Callable[[Any], Any]:
    def handle(params: Any) -> Any:
        asked = {name: value for name in _TOLD if (value := handlers._p(params, name))}
        problem = unserved_option(params)
        if not problem and "RoleARN" in asked:
            arn = asked["RoleARN"]
            if arn not in {role["Arn"] for role in roles.values()}:
                problem = f"Role {arn} is invalid or cannot be assumed"
        if problem:
            return handlers._error("ValidationError", problem)
        answer = theirs(params)
        stack = handlers._resolve_stack(handlers._p(params, "StackName"))
        if answer[0] == 200 and stack:
            # A role stays with a stack until another one is named.
            stack[_KEPT] = stack.get(_KEPT, {}) | asked
            if "TimeoutInMinutes" in asked:  # CreateStack alone has it
                limits.begin(stack, float(asked["TimeoutInMinutes"]))
        return answer

    return handle


def _telling(theirs: Callable[[Any], Any], records: ModuleType) -> Callable[[Any], Any]:
    def handle(params: Any) -> Any:
        status, headers, body = theirs(params)
        for stack in records._stacks.values():
            asked = stack.get(_KEPT, {})
            told = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in asked.items())
            place = f"<StackId>{stack['StackId']}</StackId>"
            body = body.replace(place.encode(), (place + told).encode())
        return status, headers, body

    return handle
