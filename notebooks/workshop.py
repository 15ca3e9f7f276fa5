"""Stands in for the package `workshop` where a notebook's kernel does not find it.

Jupyter looks beside a notebook first. A kernel of another Python than the workshop's then gets the
package from the folder above, which says itself what is missing; and where that folder has none,
a sentence that says what to do instead of "No module named 'workshop'".
"""

# Read by whatever Python a kernel has, even by one too old for the workshop.
import importlib
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_TOLD = (
    'Choose the kernel "Lambda failure workshop" for this notebook (in JupyterLab: Kernel > Change '
    "Kernel; in VS Code: Select Kernel, at the top right). If it is not listed, open a terminal in "
    "the workshop's folder, run `python3 start.py prepare --kernel`, and reload this page."
)


class WrongKernel(ImportError):
    """Shown by IPython as these two lines, without a traceback."""

    def _render_traceback_(self):
        return str(self).split("\n")


def _stand_aside():
    """Put the package itself in this module's place."""
    if sys.version_info < (3, 11):
        raise WrongKernel(
            "This kernel runs Python %d.%d, the workshop needs 3.11 or newer.\n%s"
            % (sys.version_info[:2] + (_TOLD,))
        )
    this, before = sys.modules.pop(__name__), list(sys.path)
    # Without this folder, which "" may mean too; with the one above, if the package is there.
    others = [path for path in before if os.path.abspath(path or os.curdir) != _HERE]
    above = os.path.dirname(_HERE)
    has_package = os.path.exists(os.path.join(above, "workshop", "__init__.py"))
    sys.path[:] = [above] * has_package + others
    importlib.invalidate_caches()
    try:
        importlib.import_module("workshop")
    except ModuleNotFoundError:
        sys.modules[__name__], sys.path[:] = this, before
        raise WrongKernel(
            "The workshop is not installed in this kernel's Python, %s.\n%s"
            % (sys.executable, _TOLD)
        ) from None
    if "" in before:
        # Whatever else lies beside the notebook can still be imported, after everything else.
        sys.path.append("")


if __name__ == "workshop":
    _stand_aside()
else:
    sys.exit("The workshop's commands are run in the folder above this one.")
