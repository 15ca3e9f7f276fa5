"""The assembly that the project brings along is what its CDK app makes."""

import filecmp
import json
import shutil
from pathlib import Path

import pytest

from infra.workshop_app import make_app
from workshop.stacks import cloud_assembly, shipped_assembly
from workshop.stacks.shipped_assembly import FOLDER, STAMP
from workshop.target.target import PATTERNS, PROJECT, Target

AGAIN = "run `python3 start.py prepare --assembly`, and commit what it writes"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the app makes now."""
    folder = tmp_path_factory.mktemp("made") / "cdk.out"
    make_app(outdir=str(folder)).synth()
    shutil.copy(PROJECT / FOLDER / STAMP, folder)
    return folder


def test_it_is_of_the_app_as_it_is_now() -> None:
    assert cloud_assembly._is_shipped("cdk.out", PROJECT, cloud_assembly._fingerprint(PROJECT)), (
        AGAIN
    )


def test_what_is_shipped_is_what_the_app_makes(made: Path, tmp_path: Path) -> None:
    # When it is written anew
    (tmp_path / "lambda").symlink_to(PROJECT / "lambda")
    shipped_assembly.pack(made, tmp_path)
    # Then it is what it was
    expect_equal(tmp_path / FOLDER, PROJECT / FOLDER)


def test_what_is_unpacked_holds_the_same_templates_and_assets(made: Path, tmp_path: Path) -> None:
    # Given a project in whose folder nothing was made yet
    assert shipped_assembly.unpack(tmp_path, PROJECT, print)
    # Then it has of all stacks what the app makes, to the last byte of what is uploaded
    names = [Target().stack_name(pattern) for pattern in PATTERNS]
    for ours, apps in zip(
        cloud_assembly.stacks(tmp_path, names), cloud_assembly.stacks(made, names), strict=True
    ):
        assert (ours.name, ours.needs) == (apps.name, apps.needs)
        assert json.loads(ours.body) == json.loads(apps.body)
        assert [(one.bucket, one.key) for one in ours.assets] == [
            (one.bucket, one.key) for one in apps.assets
        ]
        assert [one.content() for one in ours.assets] == [one.content() for one in apps.assets]


def expect_equal(one: Path, other: Path) -> None:
    """Two folders hold the same files."""
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir()), AGAIN
    assert filecmp.cmpfiles(one, other, names, shallow=False) == (names, [], []), AGAIN
