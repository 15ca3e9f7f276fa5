"""The files in `docs/policies`."""

import json
from pathlib import Path

from tests.policies.table import document

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "policies"


def text(name: str) -> str:
    """What the file of that policy holds."""
    return json.dumps(document(name), indent=2) + "\n"
