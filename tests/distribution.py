"""Which tests run in one of xdist's processes: those of a file, and all of the CDK's app.

A process that imports the CDK's library and starts the program behind it is busy for longer than
with most files of tests.
"""

from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/infra/",)


class BySetUp(LoadFileScheduling):
    """Distributes tests by what is made once for all of them."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def scope_of(nodeid: str) -> str:
    """What a test is distributed with: its file, or a folder of files that share what they need."""
    file = nodeid.split("::", 1)[0]
    return next((folder for folder in TOGETHER if file.startswith(folder)), file)
