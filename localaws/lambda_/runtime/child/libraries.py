"""What a handler can import beside Python's own library: what AWS's runtime brings along.

The interpreter's folder of packages has all that the workshop needs. On AWS a function that imports
pandas or requests without a layer ends with Runtime.ImportModuleError, and so it does here.
"""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

# boto3 and AWS's runtime client, with what each brings along.
# https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
# https://pypi.org/project/awslambdaric/
_OF_THE_RUNTIME = frozenset(
    {
        "awslambdaric",
        "boto3",
        "botocore",
        "dateutil",
        "jmespath",
        "s3transfer",
        "simplejson",
        "six",
        "snapshot_restore_py",
        "urllib3",
    }
)


class Libraries:
    """Finds these packages and no others of the interpreter's, after all folders of `sys.path`.

    Args:
        folders: where packages are installed.
    """

    def __init__(self, folders: list[str]) -> None:
        self._folders = folders
        self._names = _OF_THE_RUNTIME

    def install(self) -> None:
        """Serve every import of this process from now on."""
        sys.meta_path.append(self)

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Where a package is; modules inside one are found by its own path."""
        return PathFinder.find_spec(name, self._folders) if name in self._names else None

    def places(self) -> list[str]:
        """The folders and files of these packages."""
        found = [spec for name in sorted(_OF_THE_RUNTIME) if (spec := self.find_spec(name))]
        return [
            *(place for spec in found for place in spec.submodule_search_locations or ()),
            *(spec.origin for spec in found if spec.origin and not spec.submodule_search_locations),
        ]

    def load(self, *names: str) -> ModuleType:
        """The first of these packages, which no handler has a use for."""
        self._names = _OF_THE_RUNTIME.union(names)
        try:
            return import_module(names[0])
        finally:
            self._names = _OF_THE_RUNTIME
