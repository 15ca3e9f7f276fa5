"""Whose stacks there are on a target, for somebody who asked for those of nobody."""

import re

from botocore.exceptions import ClientError

from workshop.stacks.kinds import pages
from workshop.target.session import Session
from workshop.target.target import PATTERNS, Target

_NOBODY = "deployed without --participant"

_OURS = re.compile(rf"FailureWorkshop-(?:(?P<participant>.+)-)?(?:{'|'.join(PATTERNS)})")


def whose(target: Target) -> str:
    """Of whom a target's stacks are, in words."""
    return f"participant {target.participant!r}" if target.participant else "the workshop"


def owners(session: Session) -> list[str]:
    """Of whom stacks are there, in words: each participant, and those of no participant.

    None where that may not be asked.
    """
    found = set()
    try:
        for stack in pages(session.client("cloudformation"), "describe_stacks", "Stacks"):
            if name := _OURS.fullmatch(stack["StackName"]):
                found.add(name["participant"] or "")
    except ClientError:
        return []
    return [f"of participant {one!r}" if one else _NOBODY for one in sorted(found)]
