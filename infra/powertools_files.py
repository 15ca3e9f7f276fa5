"""The files of the Powertools layer, copied from the locked Python packages.

`python -m infra.powertools_files FOLDER` writes them into a folder: who has the stacks' templates
at hand needs no CDK for that.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

# Powertools and what it needs; Lambda's runtime brings jmespath only as a part of boto3.
PACKAGES = ("aws_lambda_powertools", "jmespath", "typing_extensions")


def write(layer: Path) -> None:
    """Write them into the layer's folder `python`, which Lambda puts on the import path.

    Raises:
        ModuleNotFoundError: one of the packages is not installed.
    """
    for package in PACKAGES:
        _copy(package, layer / "python")


def _copy(package: str, folder: Path) -> None:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(
            f"The Python package {package} is missing; install requirements.txt again."
        )
    origin = Path(found.origin)
    if origin.name == "__init__.py":
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(origin.parent, folder / package, ignore=ignored)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(origin, folder)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
