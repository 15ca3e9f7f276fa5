"""Where ministack and this project meet, verified at start. The only import of ministack."""

import importlib
import importlib.metadata
import os
from types import ModuleType
from typing import Any

from localaws.emulator.seam_names import SEAMS
from localaws.words.identity import Identity

SUPPORTED_VERSION = "1.5.33"

# The services that ministack plays here, as signatures name them -> botocore's name of the model
# that tells a client's mistake from a defect; None where the protocol is not one of ours.
SERVICES: dict[str, str | None] = {
    "cloudformation": "cloudformation",
    "dynamodb": "dynamodb",
    "ecr": "ecr",
    "events": "events",
    "iam": "iam",
    "kms": "kms",
    "monitoring": "cloudwatch",
    "s3": None,
    "ssm": "ssm",
    "sts": "sts",
    "tagging": "resourcegroupstaggingapi",
}


class UnsupportedEmulator(RuntimeError):
    """The installed ministack is not the one this adapter was written for."""


def load(identity: Identity) -> dict[str, ModuleType]:
    """ministack's modules by their names in `seam_names`.

    Raises:
        UnsupportedEmulator: another version, or a name that this adapter uses is gone.
    """
    # ministack reads its settings from the environment, some of them while it is imported.
    os.environ |= {
        "MINISTACK_ACCOUNT_ID": identity.account_id,
        "MINISTACK_REGION": identity.region,
        "SERVICES": ",".join(SERVICES),
        "LOG_LEVEL": "ERROR",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
    version = importlib.metadata.version("ministack")
    modules = {name: importlib.import_module(f"ministack.{name}") for name in SEAMS}
    missing = [
        f"{module}.{name}"
        for module, names in SEAMS.items()
        for name in names
        if not hasattr(modules[module], name)
    ]
    if version != SUPPORTED_VERSION or missing:
        raise UnsupportedEmulator(
            f"ministack {version} is installed, {SUPPORTED_VERSION} is supported"
            + (f"; it lacks {', '.join(missing)}" if missing else "")
            + ". Install the locked requirements again."
        )
    return modules


def replace(module: ModuleType, name: str, value: Any) -> None:
    """Put our own in the place of one of ministack's names."""
    vars(module)[name] = value
