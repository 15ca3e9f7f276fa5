"""The commands of `start.py` as sentences name them: whole, so that they do what the sentence says.

Without arguments a command works on the embedded AWS, or on the project's own target, whatever the
sentence before it was about. `tests/test_commands_in_one_place.py` finds commands anywhere else.
"""

import shlex
from dataclasses import replace
from pathlib import Path

from workshop.errors import TargetValueError
from workshop.target.folders import IS_INSTALLED, PROJECT, home_of
from workshop.target.target import TARGET_FILE, Target

# A wheel brings no start.py along.
_START = "python3 -m workshop" if IS_INSTALLED else "python3 start.py"
# Stands for the account id, which no screen, log or page of ours shows. Pasted as it is, it is
# refused: nothing happens on an account whose id nobody wrote.
_ID = "ID"


def start_command(target: Target, name: str, *more: str, project: Path = PROJECT) -> str:
    """A command that works on this target, whole but for the account id.

    Args:
        target: where it is to work.
        name: of the command, such as "deploy".
        more: its own arguments.
        project: the folder in which it will be run.
    """
    return " ".join([_START, name, *more, *_arguments(target, project)])


def remaking(target: Target) -> str:
    """What makes all stacks of this target anew, as the beginning of a sentence."""
    return f"Run `{start_command(target, 'destroy')}`, then `{start_command(target, 'deploy')}`"


def _arguments(target: Target, project: Path) -> list[str]:
    own = _own(project)
    whose = ["--participant", target.participant] if target.participant else []
    if own is not None and target in (own, replace(own, participant=target.participant)):
        return [] if target == own else whose
    if target.is_embedded:
        return ["--target", "embedded", *whose]
    given = ["--target", "aws", "--profile", str(target.profile), "--region", str(target.region)]
    given += ["--account", _ID, *whose]
    given += ["--endpoint-url", target.endpoint_url] if target.endpoint_url else []
    return [shlex.quote(one) for one in given]


def _own(project: Path) -> Target | None:
    """The target of a command without arguments; None when it can have none.

    Not the one that this process was started with: whoever reads a command types it elsewhere.
    """
    file = home_of(project) / TARGET_FILE
    try:
        return Target.load(file) if file.exists() else Target()
    except TargetValueError:
        return None
