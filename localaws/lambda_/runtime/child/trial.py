"""Tells what an interpreter is, and whether handlers can run in it.

Nobody knows beforehand what is started here under an interpreter's name: it may print nothing, say
that it is another version, or fail. Set-up runs it too, from outside of the package.
"""

import json
import os.path
import sys
import sysconfig
from importlib import import_module


def main(depth: str, *folders: str) -> None:
    """Print one line of JSON; fails where a handler would.

    Args:
        depth: "tell" what it is; "import" also what is compiled for one version of
            Python; "compile" makes the byte code of all that a handler starts with.
        folders: where packages are installed; those that are compiled for this version first.
    """
    if depth != "tell":
        _import(list(folders), compiles=depth == "compile")
    told = {
        "runtime": f"python{sys.version_info.major}.{sys.version_info.minor}",
        # Of a virtual environment what it was made from: that has Python's library.
        "executable": getattr(sys, "_base_executable", "") or sys.executable,
        "prefixes": sorted({sys.base_prefix, sys.base_exec_prefix}),
        "library": sorted({sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}),
    }
    sys.stdout.write(json.dumps(told))


def _import(folders: list[str], *, compiles: bool) -> None:
    here, package = os.path.split(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    sys.path.insert(0, here)
    libraries = import_module(f"{package}.libraries").Libraries(folders)
    libraries.install()
    import_module(f"{package}.virtual_time").load_time_machine(libraries)
    if compiles:
        import_module("awslambdaric.bootstrap")
        # A handler's process cannot write byte code where its file system is AWS's.
        compileall = import_module("compileall")
        for place in [folders[0], here + os.sep + package, *libraries.places()]:
            if place.endswith(".py"):
                compileall.compile_file(place, quiet=2)
            else:
                compileall.compile_dir(place, quiet=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
