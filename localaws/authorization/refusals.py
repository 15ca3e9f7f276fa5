"""How AWS refuses a caller: the same sentence everywhere, spelled and coded as each service does.

`User: ... is not authorized to perform: sqs:sendmessage on resource: ... because no identity-based
policy allows the sqs:sendmessage action`
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from collections.abc import Callable

from localaws.authorization.needs import Need
from localaws.wire.refusals import WireError
from localaws.words.denials import reason_of
from localaws.words.errors import AwsError
from localaws.words.http import Caller
from localaws.words.ports import Verdict


class AccessDeniedException(WireError):
    """The caller's policies or the resource's policy do not let it; SQS and Logs say so."""

    status = 403
    query_code = "AccessDenied"


def refusal(service: str, caller: Caller, need: Need, verdict: Verdict) -> AwsError:
    """The answer to a caller who may not."""
    action = _SPELLINGS.get(need.action.partition(":")[0], str)(need.action)
    reason = reason_of(verdict, action)
    message = (
        f"User: {caller.arn} is not authorized to perform: {action} "
        f"on resource: {need.resource_arn} {reason}"
    )
    if service == "sns":
        return AwsError(message, code="AuthorizationErrorException", status=403)
    if service == "lambda":
        return AwsError(message, code="AccessDeniedException", status=403)
    return AccessDeniedException(message, status=400 if service == "logs" else 403)


def _with_capital_prefix(action: str) -> str:
    prefix, _, name = action.partition(":")
    return f"{prefix.upper()}:{name}"


_SPELLINGS: dict[str, Callable[[str], str]] = {"sqs": str.lower, "sns": _with_capital_prefix}
