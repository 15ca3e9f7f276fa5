"""No locks between processes: Lambda has no /dev/shm, where they would lie.

`multiprocessing.Lock`, `Queue` and `Pool` then fail with "Function not implemented"; `Process` and
`Pipe` work: https://aws.amazon.com/blogs/compute/parallel-processing-in-python-with-aws-lambda/
Not left to the missing folder alone: newer C libraries say "No such file or directory" of it, and
other systems have no such folder.
"""

import errno
import os
from importlib import import_module


def remove() -> None:
    """Let this process, and those that it forks, have none."""
    try:
        module = import_module("_multiprocessing")
    except ImportError:  # a Python that was built without it
        return

    class SemLock(module.SemLock):  # type: ignore[name-defined,misc]
        """What multiprocessing's locks are made of."""

        def __new__(cls, *_: object) -> "SemLock":
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    setattr(module, "SemLock", SemLock)  # noqa: B010
