"""What every kernel of the workshop loads: IPython extensions that help after an error.

The kernel that `start.py` registers and the JupyterLab that it starts load them at the beginning,
any other kernel when it connects.
"""

from typing import Any

EXTENSIONS = ("workshop.lessons.unset_names", "workshop.lessons.gone")


def load(shell: Any) -> None:
    """Load those that the IPython of this kernel has not loaded yet."""
    for name in EXTENSIONS:
        shell.extension_manager.load_extension(name)
