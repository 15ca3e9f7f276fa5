"""Why the CDK CLI failed, by what it printed, and what to do about it. Pure."""

import re

from workshop.target.commands import start_command
from workshop.target.target import Target

_BUSY = re.compile(
    r"ChangeSetNotFound|InvalidChangeSetStatus|ChangeSet \[.*\] (does not exist|already exists)"
    r"|_IN_PROGRESS state|OperationInProgress|REVIEW_IN_PROGRESS|AlreadyExistsException: Stack"
)
# https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-troubleshoot.html
_NOT_PREPARED = re.compile(
    r"cdk bootstrap|cdk-bootstrap/|not (been )?bootstrapped|assumed role .* does not exist"
    r"|No bucket named|Is account \S+ bootstrapped",
    re.IGNORECASE,
)
_OVER = re.compile(r"ExpiredToken|token .*(is|has) expired|InvalidClientTokenId|UnrecognizedClient")
_DENIED = re.compile(r"AccessDenied|not authorized to perform|Unauthorized|Forbidden")
_OFFLINE = re.compile(r"ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ECONNRESET|EAI_AGAIN|socket hang up")


def is_collision(said: str) -> bool:
    """Whether another command worked on the same stacks meanwhile."""
    return bool(_BUSY.search(said))


def remedy(said: str, target: Target, command: str) -> str:
    """What to do, chosen by what the CLI said.

    Args:
        said: its last lines.
        target: where it was at work.
        command: of `start.py`, which had it started: "deploy" or "bootstrap".
    """
    again = f"`{start_command(target, command)}`"
    if is_collision(said):
        return (
            "Somebody else works on the same stacks: another deploy or destroy, perhaps on another "
            f"machine. Wait for its end, then run {again}: it does what is left."
        )
    if _OVER.search(said):
        return f"The credentials have ended meanwhile: log in again, then run {again}."
    if _DENIED.search(said):
        look = start_command(target, "doctor")
        return f"A permission is missing: `{look}` lists all that are needed. Then run {again}."
    # After permissions: who may not read what bootstrapping left is told its name as well.
    if command != "bootstrap" and _NOT_PREPARED.search(said):
        prepare = start_command(target, "bootstrap")
        return f"Prepare the Region for the CDK, once, with `{prepare}`, then run {again}."
    if _OFFLINE.search(said):
        return f"The connection was lost: see that you are online, then run {again}."
    return f"Its reason is above; correct that, then run {again}."
