"""AWS's service models, read once per process: each botocore session would read them anew.

They are megabytes of JSON, and every account that a scenario works in has a session of its own:
half of the scenarios' processor time went there.
"""

from functools import cache

import botocore.session
from botocore.loaders import Loader, create_loader


class _Paths(list[str]):
    """Each folder once, though every session of boto3 adds its own."""

    def append(self, path: str, /) -> None:
        """Add a folder to look in, unless it is known."""
        if path not in self:
            super().append(path)


def share() -> None:
    """Let all sessions of this process have one loader, as all clients of a session have."""
    botocore.session.create_loader = _shared  # type: ignore[attr-defined]


@cache
def _shared(search_path: str | None = None) -> Loader:
    loader: Loader = create_loader(search_path)
    loader._search_paths = _Paths(loader.search_paths)
    return loader
