"""Modules on PYTHONPATH that Python takes for its own; imports nothing that could be one."""

import os
import sys

# Python's own that nothing here imports; many a project has a package `test`.
_NOT_NEEDED = frozenset(
    {"antigravity", "idlelib", "lib2to3", "test", "this", "turtle", "turtledemo"}
)


def foreign_module() -> str:
    """What is the matter, and what to do; "" where nothing is.

    Old copies of `typing`, `enum` or `asyncio`, for Pythons that lacked them, lie in such folders.
    """
    for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        if folder and os.path.realpath(folder) == os.path.realpath(os.path.dirname(os.__file__)):
            continue  # Python's own library
        for name in _modules(folder):
            if name in sys.stdlib_module_names - _NOT_NEEDED:
                return (
                    f"{name} in {folder} is taken for Python's own module, because that folder is "
                    "in PYTHONPATH.\nUnset PYTHONPATH, or take that folder out of it."
                )
    return ""


def _modules(folder: str) -> list[str]:
    """The names that could be imported from a folder."""
    try:
        entries = os.listdir(folder) if folder else []
    except OSError:
        return []
    modules = [entry.removesuffix(".py") for entry in entries if entry.endswith(".py")]
    packages = (os.path.join(folder, entry, "__init__.py") for entry in entries)
    return sorted([*modules, *(_name(path) for path in packages if os.path.exists(path))])


def _name(path: str) -> str:
    return os.path.basename(os.path.dirname(path))
