"""`python -m workshop.cli.owned_jupyter`: a JupyterLab that ends when whoever started it has."""

import os
import runpy
import signal

from workshop.guides.formats import leave_out_addresses
from workshop.target.lifeline import when_owner_ends


def _end() -> None:
    """As somebody who ends it from outside does: it then ends its kernels."""
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    when_owner_ends(_end)
    leave_out_addresses()
    runpy.run_module("jupyterlab", run_name="__main__", alter_sys=True)
