"""What help says of JupyterLab's menus: nothing where a program runs the notebook.

`guides` runs it in a kernel without JupyterLab, and what went wrong is told in a terminal.
"""

import os

# Set for a kernel whose notebook nobody has open.
UNATTENDED_VARIABLE = "WORKSHOP_UNATTENDED"


def in_menu(told: str, otherwise: str = "") -> str:
    """Words about a menu; `otherwise` where there is none."""
    return otherwise if UNATTENDED_VARIABLE in os.environ else told
