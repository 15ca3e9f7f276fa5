"""Whose stacks there are on a target: for who asked for those of nobody, or for everybody's."""

import re
from collections import defaultdict

from botocore.exceptions import ClientError

from workshop.stacks.kinds import pages
from workshop.stacks.ownership import ABOUT
from workshop.target.session import Session
from workshop.target.target import PATTERNS, Target

_NOBODY = "deployed without --participant"

_NAME = re.compile(rf"FailureWorkshop-(?:(?P<participant>.+)-)?(?:{'|'.join(PATTERNS)})")


def whose(target: Target) -> str:
    """Of whom a target's stacks are, in words."""
    return f"participant {target.participant!r}" if target.participant else "the workshop"


def stacks_by_participant(session: Session) -> dict[str | None, list[str]]:
    """The names of all stacks of the workshop in the session's account and Region, by participant.

    A stack is the workshop's when it is called as one is and carries the workshop's tag, which is
    in the templates: somebody else's may be called so too. None stands for those that were deployed
    without a participant.

    Raises:
        ClientError: the caller may not list stacks.
    """
    found = defaultdict[str | None, list[str]](list)
    for stack in pages(session.client("cloudformation"), "describe_stacks", "Stacks"):
        tags = {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])}
        name = _NAME.fullmatch(stack["StackName"])
        if name and tags.get(ABOUT[0]) == ABOUT[1]:
            found[name["participant"]].append(stack["StackName"])
    return {one: sorted(found[one]) for one in sorted(found, key=lambda one: one or "")}


def owners(session: Session) -> list[str]:
    """Of whom stacks are there, in words: each participant, and those of no participant.

    None where that may not be asked.
    """
    try:
        found = stacks_by_participant(session)
    except ClientError:
        return []
    return [f"of participant {one!r}" if one else _NOBODY for one in found]
