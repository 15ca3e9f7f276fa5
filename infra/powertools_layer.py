"""Powertools for AWS Lambda as a layer, made from the locked Python packages.

AWS publishes such a layer too, under an ARN per Region and version; ours is the version that
requirements.txt pins, needs no network, and is the same on the embedded AWS. All of it is pure
Python, so it does not matter on which machine the layer is put together.
https://docs.aws.amazon.com/powertools/python/latest/getting-started/install/
"""

import tempfile
from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import powertools_files, settings


class PowertoolsLayer(lambda_.LayerVersion):
    """The layer. Lambda puts its folder `python` on the function's import path."""

    def __init__(self, scope: Construct) -> None:
        with tempfile.TemporaryDirectory() as folder:
            powertools_files.write(Path(folder))
            # The asset is copied while the construct is made.
            super().__init__(
                scope,
                "PowertoolsLayer",
                description="Powertools for AWS Lambda (Python)",
                code=lambda_.Code.from_asset(folder),
                compatible_runtimes=[settings.RUNTIME],
            )
