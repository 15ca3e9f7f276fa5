"""What the contract tests of Lambda's control plane start from."""

from pathlib import Path

import pytest

from tests.contract.replay import IDENTITY
from tests.unit.control_plane import ControlPlane


@pytest.fixture
def plane(tmp_path: Path) -> ControlPlane:
    """A control plane of the account of the recordings, without functions."""
    return ControlPlane(tmp_path, IDENTITY)
