"""`app.py` as the CDK CLI and a person run it: a program that writes a cloud assembly."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import aws_cdk

PROJECT = Path(__file__).parents[2]


def run_app(cwd: Path, **environment: str) -> None:
    subprocess.run(
        [sys.executable, str(PROJECT / "app.py")],
        cwd=cwd,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        timeout=600,
    )


def test_the_cli_chooses_folder_and_participant(tmp_path: Path) -> None:
    # Given what `cdk synth -c participant=ada -o out` tells the app
    context = json.dumps({"participant": "ada"})
    # When the app runs in some other folder
    run_app(tmp_path, CDK_OUTDIR=str(tmp_path / "out"), CDK_CONTEXT_JSON=context)
    # Then there are the participant's templates, and the code as an asset
    templates = sorted(path.name for path in (tmp_path / "out").glob("*.template.json"))
    assert templates == [
        "FailureWorkshop-ada-FifoBatches.template.json",
        "FailureWorkshop-ada-LambdaDestinations.template.json",
        "FailureWorkshop-ada-LambdaDlq.template.json",
        "FailureWorkshop-ada-PartialBatches.template.json",
        "FailureWorkshop-ada-Repair.template.json",
        "FailureWorkshop-ada-SqsDlq.template.json",
        "FailureWorkshop-ada-WholeBatches.template.json",
    ]
    assets = [path for path in (tmp_path / "out").glob("asset.*") if path.is_dir()]
    assert sorted(sorted(file.name for file in asset.iterdir()) for asset in assets) == [
        ["batches.py", "handler.py", "outages.py", "places.py", "powertools_batches.py"],
        ["handler.py"],
        ["python"],
    ]


def test_feature_flags_are_those_that_the_pinned_cdk_recommends() -> None:
    # Given the list that comes with the library, as `cdk init` would write it
    [library] = (Path(aws_cdk.__file__).parent / "_jsii").glob("aws-cdk-lib@*.tgz")
    with tarfile.open(library) as archive:
        listed = archive.extractfile("package/recommended-feature-flags.json")
        assert listed is not None
        recommended = json.load(listed)
    # Then cdk.json has the same
    configuration = json.loads((PROJECT / "cdk.json").read_text("utf-8"))
    assert configuration["context"] == recommended
    # And the templates hold nothing that is only there to be counted
    assert configuration["versionReporting"] is False
