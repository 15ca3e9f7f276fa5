"""Entry point of a child process: `python -I -S -X utf8 bootstrap.py`.

Kept tiny because a script is compiled at every start, while the modules it imports are cached.
Every import here and in its neighbours is a part of every cold start (no pathlib, no typing).
"""

import os.path
import sys
from importlib import import_module


def main() -> None:
    """Import `child.start` from this folder, leave no trace of it, and run it."""
    folder, package = os.path.split(os.path.dirname(__file__))  # noqa: PTH120
    sys.path.insert(0, folder)
    start = import_module(f"{package}.start")
    del sys.path[0]
    # A function may have a module called `child` of its own.
    for name in [n for n in sys.modules if n == package or n.startswith(f"{package}.")]:
        del sys.modules[name]
    start.run()


if __name__ == "__main__":
    main()
