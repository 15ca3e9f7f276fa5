"""Hold a target ready for the length of a command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workshop import connection
from workshop.lab import Lab
from workshop.stacks import deployment
from workshop.target import embedded
from workshop.target.target import Target


@contextmanager
def ready(target: Target, say: Callable[[str], None]) -> Iterator[Lab]:
    """Connect; on the embedded AWS also start it, deploy what is missing, and stop it afterwards.

    A real account is only connected to: its stacks are made by `start.py deploy`, on request.
    """
    if not target.is_embedded:
        yield connection.connect(target, deploy=False)
        return
    say("starting the embedded AWS")
    with embedded.own():
        lab = connection.connect(target, deploy=False)
        deployment.deploy(lab.session, on_progress=say)
        yield lab
