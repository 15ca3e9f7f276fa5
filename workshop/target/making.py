"""The commands that make the stacks of a target: where the CDK is not prepared that comes first."""

from contextlib import suppress

from botocore.exceptions import BotoCoreError, ClientError

from workshop.errors import WorkshopError
from workshop.target.commands import start_command
from workshop.target.session import Session

# Where the CDK notes it: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
_BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"


def bootstrap_version(session: Session) -> str | None:
    """Of the CDK's own stack in the account's Region; None when that was not made yet.

    Raises:
        ClientError: it may not be asked for.
    """
    client = session.client("ssm")
    try:
        return str(client.get_parameter(Name=_BOOTSTRAP)["Parameter"]["Value"])
    except client.exceptions.ParameterNotFound:
        return None


def is_prepared(session: Session) -> bool:
    """Whether stacks can be made there; True also where that may not be asked."""
    if session.target.is_embedded:
        return True
    # A sentence about something else asks this: whoever cannot is told by `deploy`.
    with suppress(BotoCoreError, ClientError, WorkshopError):
        return bootstrap_version(session) is not None
    return True


def making(session: Session) -> str:
    """The commands as they stand in a sentence: "`... bootstrap ...`, then `... deploy ...`"."""
    names = ["deploy"] if is_prepared(session) else ["bootstrap", "deploy"]
    return ", then ".join(f"`{start_command(session.target, name)}`" for name in names)
