"""Entry point of a child process: `python -I -S -X utf8 bootstrap.py`.

Kept tiny because a script is compiled at every start, while the modules it imports are cached.
"""

import sys
from importlib import import_module
from pathlib import PurePath


def main() -> None:
    """Import `child.start` from this folder, leave no trace of it, and run it."""
    package = PurePath(__file__).parent
    sys.path.insert(0, str(package.parent))
    start = import_module(f"{package.name}.start")
    del sys.path[0]
    # A function may have a module called `child` of its own.
    for name in [n for n in sys.modules if n == package.name or n.startswith(f"{package.name}.")]:
        del sys.modules[name]
    start.run()


if __name__ == "__main__":
    main()
