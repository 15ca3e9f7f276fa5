"""The cloud assembly: what `cdk synth` made of the app, read from its folder.

https://docs.aws.amazon.com/cdk/v2/guide/deploy-cloud-assembly.html
"""

import hashlib
import io
import json
import os
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop.errors import DeploymentError
from workshop.stacks import children, node, shipped_assembly
from workshop.stacks.shipped_assembly import STAMP
from workshop.target import environment, locks
from workshop.target.folders import STATE, state_of
from workshop.target.target import Target

# Another command may be at it: the first time takes a minute on a slow machine.
_SYNTHESIS_LIMIT_S = 600.0
_SYNTHESIZING = "synthesizing the CDK app"
_WHAT_IT_IS = (
    "it writes the templates of the stacks, which are kept for the next time (a minute at most, on "
    "a slow machine)"
)
_SOURCES = ("app.py", "cdk.json", "requirements.txt", "infra", "lambda")


@dataclass(frozen=True)
class Asset:
    """One file to be uploaded before a stack can be deployed; names may hold `${AWS::...}`."""

    bucket: str
    key: str
    source: Path
    is_zipped: bool

    def content(self) -> bytes:
        """The bytes to upload; the same folder gives the same bytes."""
        return _zipped(self.source) if self.is_zipped else self.source.read_bytes()


@dataclass(frozen=True)
class StackTemplate:
    """One stack of the assembly; `needs` are the stacks that have to be there before it."""

    name: str
    body: str
    assets: tuple[Asset, ...]
    needs: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many resources it has."""
        return len(json.loads(self.body).get("Resources", {}))


def synthesized(
    target: Target,
    project: Path,
    on_progress: Callable[[str], None],
    *,
    context: Mapping[str, str] | None = None,
) -> Path:
    """The folder of the assembly; made anew when the app or its parts have changed.

    What the project brings along is taken where it is of the app as it is now. Otherwise the app
    runs as the CDK CLI would run it, without the CLI: that needs no npm install, and the CLI adds
    nothing to what is synthesized.

    Args:
        target: whose stacks.
        project: the project folder.
        on_progress: is told when the app runs, and that it still does.
        context: what else the app makes its stacks of, such as the account and Region.

    Raises:
        DeploymentError: the app failed; the message holds the end of its output.
    """
    folder = state_of(project) / _name(target, context or {})
    prepared, fingerprint = project / STATE / folder.name, _fingerprint(project)
    if _is_of(prepared, fingerprint):
        return prepared
    lock = folder.with_name(f"{folder.name}.lock")

    def on_wait(seconds: float) -> None:
        on_progress(children.so_far("another command is synthesizing the CDK app", seconds))

    with locks.acquire(lock, _SYNTHESIS_LIMIT_S, on_wait):
        return _up_to_date(folder, fingerprint, target, project, on_progress, context or {})


def is_made(target: Target, project: Path) -> bool:
    """Whether `synthesized` would find an assembly made of what the app is now, and not run it."""
    name, fingerprint = _name(target, {}), _fingerprint(project)
    places = (project / STATE, state_of(project))
    return _is_shipped(name, project, fingerprint) or any(
        _is_of(place / name, fingerprint) for place in places
    )


def made_by_app(folder: Path, project: Path, on_progress: Callable[[str], None]) -> Path:
    """Have the app write its assembly of no participant into a folder, whatever is there already.

    Raises:
        DeploymentError: the app failed; the message holds the end of its output.
    """
    _run_app(folder, Target(), project, on_progress, {})
    _stamp(folder, _fingerprint(project))
    return folder


def _name(target: Target, context: Mapping[str, str]) -> str:
    suffix = f"-{target.participant}" if target.participant else ""
    if context:
        # A folder for each: one that is being deployed must not become another account's.
        told = json.dumps(context, sort_keys=True).encode()
        suffix += f"-{hashlib.sha256(told).hexdigest()[:12]}"
    return f"cdk.out{suffix}"


def _up_to_date(
    folder: Path,
    fingerprint: str,
    target: Target,
    project: Path,
    on_progress: Callable[[str], None],
    context: Mapping[str, str],
) -> Path:
    if _is_of(folder, fingerprint):
        return folder
    is_shipped = _is_shipped(folder.name, project, fingerprint)
    if not (is_shipped and shipped_assembly.unpack(folder, project, on_progress)):
        _run_app(folder, target, project, on_progress, context)
    _stamp(folder, fingerprint)
    return folder


def _run_app(
    folder: Path,
    target: Target,
    project: Path,
    on_progress: Callable[[str], None],
    context: Mapping[str, str],
) -> None:
    found = node.ensure_node(on_progress, project)
    on_progress(f"{_SYNTHESIZING}: {_WHAT_IT_IS}")
    # The app needs no account, and none of the person's settings may change what it makes.
    neutral = environment.without_accounts(os.environ)
    variables = node.cdk_environment(found, neutral) | {"CDK_OUTDIR": str(folder)}
    whose = {"participant": target.participant} if target.participant else {}
    if whose or context:
        variables["CDK_CONTEXT_JSON"] = json.dumps({**context, **whose})
    command = [sys.executable, "app.py"]
    done = children.run_telling(
        command, _SYNTHESIZING, on_progress, folder=project, environment=variables
    )
    if done.returncode != 0:
        end = "\n".join(done.stdout.strip().splitlines()[-8:])
        raise DeploymentError(
            f"The CDK app could not be synthesized:\n{end}", "Run `python app.py` to see all of it."
        )


def _stamp(folder: Path, fingerprint: str) -> None:
    (folder / STAMP).write_text(fingerprint, encoding="utf-8")


def _is_shipped(name: str, project: Path, fingerprint: str) -> bool:
    """Whether the project brings this assembly along, of the app as it is now."""
    shipped = project / shipped_assembly.FOLDER
    return name == _name(Target(), {}) and _is_of(shipped, fingerprint)


def _is_of(folder: Path, fingerprint: str) -> bool:
    """Whether an assembly was made of what has this fingerprint."""
    try:
        return (folder / STAMP).read_text(encoding="utf-8") == fingerprint
    except OSError:
        return False


def stacks(folder: Path, names: Iterable[str]) -> list[StackTemplate]:
    """The named stacks of an assembly, each after those that it depends on."""
    artifacts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    ordered: dict[str, StackTemplate] = {}

    def add(name: str) -> None:
        artifact = artifacts[name]
        if name in ordered or artifact["type"] != "aws:cloudformation:stack":
            return
        needs = tuple(artifact.get("dependencies", ()))
        for dependency in needs:
            add(dependency)
        template = folder / artifact["properties"]["templateFile"]
        ordered[name] = StackTemplate(
            name,
            template.read_text(encoding="utf-8"),
            _assets(folder, template.name),
            tuple(one for one in needs if one in ordered),
        )

    for name in names:
        if name not in artifacts:
            raise DeploymentError(
                f"The CDK app has no stack {name}.", f"It has {', '.join(_stack_names(artifacts))}."
            )
        add(name)
    return list(ordered.values())


def _stack_names(artifacts: dict[str, dict[str, str]]) -> list[str]:
    return [n for n, part in artifacts.items() if part["type"] == "aws:cloudformation:stack"]


def _assets(folder: Path, template_name: str) -> tuple[Asset, ...]:
    manifest = folder / template_name.replace(".template.json", ".assets.json")
    files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return tuple(
        Asset(
            bucket=destination["bucketName"],
            key=destination["objectKey"],
            source=folder / file["source"]["path"],
            is_zipped=file["source"]["packaging"] == "zip",
        )
        for file in files.values()
        for destination in file["destinations"].values()
        # The template is sent itself; only what it refers to must lie in the bucket.
        if file["source"]["path"] != template_name
    )


def _fingerprint(project: Path) -> str:
    digest, shipped = hashlib.sha256(), project / shipped_assembly.FOLDER
    for name in _SOURCES:
        root = project / name
        files = sorted(root.rglob("*")) if root.is_dir() else [root]
        for file in files:
            is_made = file.suffix == ".pyc" or file.is_relative_to(shipped)
            if file.is_file() and not is_made:
                digest.update(str(file.relative_to(project)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for root, folders, names in os.walk(folder):
            folders.sort()
            for name in sorted(names):
                path = Path(root) / name
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                # Readable for Lambda's user, whatever this machine's umask is.
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
