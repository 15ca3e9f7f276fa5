"""What can go wrong between a notebook and AWS; every message ends with what to do.

`WorkshopError` is the base. Its children differ in who has to act: `TargetError` (you chose a
target that cannot be used), `UsageError` (what you gave a command cannot be, whoever asks;
`TargetValueError` where it should be a target), `EndpointError` (the embedded AWS did not start or
went away; `EndedError` where it did while a client needed it), `DeploymentError` (a stack could not
be made), `NotDeployedError` (nothing is wrong, it is only not there yet), `WaitTimeoutError` (the
fact did not become true; the message holds a diagnosis), `DataError` (a table or message does not
have the shape that a function needs), `MissingPackageError` (the notebook runs in another Python
than the workshop's).
"""

import sys


class WorkshopError(Exception):
    """Something a person can put right.

    Args:
        happened: what happened, with the offending value.
        remedy: what to do now, one imperative sentence.

    Attributes:
        exit_code: with which a command ends because of it.
    """

    exit_code = 1

    def __init__(self, happened: str, remedy: str = "") -> None:
        super().__init__(f"{happened}\n{remedy}" if remedy else happened)
        self.happened = happened
        self.remedy = remedy

    def _render_traceback_(self) -> list[str]:
        """IPython shows these lines instead of a traceback: the reader needs the remedy only."""
        return [f"{type(self).__name__}: {self.happened}", *([self.remedy] if self.remedy else [])]


class TargetError(WorkshopError):
    """The chosen target is incomplete, or it is not the account that was expected."""


class UsageError(WorkshopError):
    """An argument or a file that was given cannot be; commands end as argparse ends them."""

    exit_code = 2


class TargetValueError(TargetError, UsageError):
    """What was written down cannot be a target, or not the target of what was asked for."""


class EndpointError(WorkshopError):
    """The embedded AWS did not start, or ended while it was needed."""


class EndedError(EndpointError):
    """The embedded AWS ended while it was needed; the remedy is one for notebooks."""


class DeploymentError(WorkshopError):
    """A stack could not be created, updated or deleted; the message holds AWS's own reason."""


class NotDeployedError(WorkshopError):
    """A pattern's stack does not exist on this target yet, or is not complete."""


class WaitTimeoutError(WorkshopError):
    """A fact did not become true in time; the message says what stands in the way."""


class MissingPackageError(WorkshopError):
    """This Python can import the workshop, but not what the workshop needs.

    Args:
        name: of the package that is missing.
    """

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The package {name!r} is not installed in the Python of this kernel, "
            f"{sys.executable}.",
            'Choose the kernel "Lambda failure workshop" for this notebook (in JupyterLab: Kernel '
            "> Change Kernel; in VS Code: Select Kernel, at the top right). If it is not listed, "
            "open a terminal in the workshop's folder, run `python3 start.py prepare --kernel`, "
            "and reload this page. Or install the packages of requirements.txt into this Python.",
        )


class DataError(WorkshopError):
    """A table or message does not have the documented shape."""
