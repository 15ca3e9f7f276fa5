"""Where things are: the project's code, and what a person has of their own.

Whose project's folder it is has everything in it: working copies, progress, how the embedded AWS
is reached. Where the code is shared (a classroom's folder, an installed package, one clone for all
users of a hub), each person has a folder of their own instead, for each copy of the code: so one
AWS per person. To share one on purpose has a name, and that is shown.
"""

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from workshop.errors import UsageError, WorkshopError

_PACKAGE = Path(__file__).resolve().parents[1]
# A wheel brings along what lies beside the packages in the project's folder.
_CARRIED = _PACKAGE / "project"
IS_INSTALLED = _CARRIED.is_dir()
PROJECT = _CARRIED if IS_INSTALLED else _PACKAGE.parent

APPLICATION = "lambda-failure-workshop"
# Names a person's own folder, where the usual one is none; in it is what `home_of` tells.
HOME_VARIABLE = "WORKSHOP_HOME"
# The name of an embedded AWS that several share on purpose; `--share` sets it for its kernels.
SHARE_VARIABLE = "WORKSHOP_SHARE"
# A hub starts a server for each of its users, whom the system may take for one.
HUB_USER_VARIABLE = "JUPYTERHUB_USER"

STATE = ".workshop"
# In a folder that was made to be carried, the packages that it brings along: nothing else is asked
# for any. setting_up/telling.py has the same.
WHEELS = "wheels"


def home_of(project: Path = PROJECT, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of this person's working copies, and of `.workshop` with all that is remembered.

    Args:
        project: the copy of the code.
        environment: may name a folder, and the user of a hub.

    Raises:
        WorkshopError: this person has no folder that may be written to.
    """
    if named := environment.get(HOME_VARIABLE):
        return _made(Path(named).absolute())
    hub_user = environment.get(HUB_USER_VARIABLE, "")
    if not hub_user and is_own(project):
        return project
    # Imported late: `--help` must work where no package is installed yet.
    import platformdirs

    whose = f"{project.resolve()}\n{hub_user}".encode()
    key = f"{project.resolve().name}-{hashlib.sha256(whose).hexdigest()[:12]}"
    return _made(platformdirs.user_data_path(APPLICATION, appauthor=False) / key)


def state_of(project: Path = PROJECT) -> Path:
    """The folder in which this machine remembers things for this person."""
    return home_of(project) / STATE


def is_own(project: Path) -> bool:
    """Whether the code lies in a folder of this person's own, who may write into it.

    And what is remembered there was not made by somebody else, such as the system's administrator.
    """
    if project == _CARRIED or not os.access(project, os.W_OK):
        return False
    made = [folder for folder in (project, project / STATE) if folder.exists()]
    return os.name == "nt" or all(folder.stat().st_uid == os.geteuid() for folder in made)


def share(name: str | None) -> None:
    """Let this process, and what it starts, share an embedded AWS with all who give this name.

    Raises:
        UsageError: it cannot be a name.
    """
    if name is None:
        return
    if not re.fullmatch(r"[A-Za-z0-9-]{1,20}", name):
        raise UsageError(
            f"An embedded AWS cannot be shared as {name!r}.",
            "Use letters, digits and hyphens, at most 20 characters.",
        )
    os.environ[SHARE_VARIABLE] = name


def shared_as(environment: Mapping[str, str] = os.environ) -> str:
    """The name of the embedded AWS that this process shares; "" when it has one of its own."""
    return environment.get(SHARE_VARIABLE, "")


def embedded_folder(project: Path = PROJECT) -> Path:
    """Where the embedded AWS is found: in the state of this person, or where it is shared.

    That is a folder of this user of the system alone, whoever names it: who may use the endpoint
    may run code as its user.

    Raises:
        WorkshopError: somebody else has a folder there.
    """
    name = shared_as()
    if not name:
        return state_of(project)
    user = "" if os.name == "nt" else f"-{os.geteuid()}"
    folder = Path(tempfile.gettempdir(), f"{APPLICATION}{user}")
    with _explained(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    is_ours = os.name == "nt" or (found.st_uid == os.geteuid() and not found.st_mode & 0o077)
    if not stat.S_ISDIR(found.st_mode) or not is_ours:
        raise WorkshopError(
            f"{folder} is not a folder of yours alone, so no AWS is shared there.",
            "Remove it, or set TMPDIR to a folder of your own.",
        )
    return _made(folder / name)


def _made(folder: Path) -> Path:
    with _explained(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise _not_writable(folder, "Permission denied")
    return folder


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """An error of the system about a folder, as a sentence."""
    try:
        yield
    except OSError as error:
        raise _not_writable(folder, error.strerror or str(error)) from None


def _not_writable(folder: Path, reason: str) -> WorkshopError:
    return WorkshopError(
        f"You have no folder for your working copies: {folder} cannot be written to ({reason}).",
        f"Name a folder of your own in the variable {HOME_VARIABLE}, and start this again.",
    )
