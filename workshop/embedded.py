"""The embedded AWS of this project: find the running one, or start it.

Run state is `.workshop/embedded.json` (mode 0600: it holds the run's credentials).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workshop.target import PROJECT


@contextmanager
def own(project: Path = PROJECT, *, port: int = 0) -> Iterator[dict[str, str]]:
    """Run the embedded AWS for the length of a `with` block, for `start.py lab` and `guides`.

    Joins the one that runs already, in that case it is not stopped at the end. Yields its
    connection details: endpoint_url, clock_url, region, account_id, aws_access_key_id,
    aws_secret_access_key.
    """
    raise NotImplementedError
    yield {}


def find_or_start(project: Path = PROJECT) -> dict[str, str]:
    """The connection details of the running embedded AWS; starts one when none answers."""
    raise NotImplementedError
