"""Powertools for AWS Lambda as a layer, made from the locked Python packages.

AWS publishes such a layer too, under an ARN per Region and version; ours is the version that
requirements.txt pins, needs no network, and is the same on the embedded AWS. All of it is pure
Python, so it does not matter on which machine the layer is put together.
https://docs.aws.amazon.com/powertools/python/latest/getting-started/install/
"""

import importlib.util
import shutil
import tempfile
from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import settings

# Powertools and what it needs; Lambda's runtime brings jmespath only as a part of boto3.
PACKAGES = ("aws_lambda_powertools", "jmespath", "typing_extensions")


class PowertoolsLayer(lambda_.LayerVersion):
    """The layer. Lambda puts its folder `python` on the function's import path."""

    def __init__(self, scope: Construct) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for package in PACKAGES:
                _copy(package, Path(folder) / "python")
            # The asset is copied while the construct is made.
            super().__init__(
                scope,
                "PowertoolsLayer",
                description="Powertools for AWS Lambda (Python)",
                code=lambda_.Code.from_asset(folder),
                compatible_runtimes=[settings.RUNTIME],
            )


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
        folder.mkdir(exist_ok=True)
        shutil.copy(origin, folder)
