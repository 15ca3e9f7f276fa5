"""What a run of scenarios left in an account, found by its id and removed.

Each scenario removes what it made; a run that is killed cannot. So a run on an account is written
down in `.workshop/scenarios/` before it makes anything, and is struck off when nothing of it is
left: at its own end, or before the next run on that account.
"""

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tests.scenarios.owner import prefix
from workshop.stacks.kinds import KINDS, Kind, Resource, begins, pages
from workshop.stacks.sweep import gone_is_fine
from workshop.target.session import Session
from workshop.target.target import PROJECT, Target

FOLDER = PROJECT / ".workshop" / "scenarios"
# Lists of a real account show what was deleted for a minute.
_LOOKS, _LOOK_EVERY_S = 10, 10.0


@dataclass(frozen=True)
class Left:
    """What a look found.

    Attributes:
        resources: what is there.
        unknown: kinds that could not be listed, each with the reason.
    """

    resources: tuple[Resource, ...]
    unknown: tuple[str, ...]


def begin(target: Target, run: str, folder: Path = FOLDER) -> None:
    """Write down that a run is about to make something."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{run}.json").write_text(json.dumps(asdict(target)), encoding="utf-8")


def earlier(target: Target, folder: Path = FOLDER) -> list[str]:
    """Runs on this target that did not say that nothing of them is left."""
    found = []
    for file in sorted(folder.glob("*.json")):
        with contextlib.suppress(ValueError):
            if json.loads(file.read_text(encoding="utf-8")) == asdict(target):
                found.append(file.stem)
    return found


def remove(
    session: Session,
    run: str,
    folder: Path = FOLDER,
    *,
    looks: int = _LOOKS,
    pause: Callable[[float], None] = time.sleep,
) -> Left:
    """Remove whatever a run left; strike it off when nothing is.

    Args:
        session: the account.
        run: its id.
        folder: where runs are written down.
        looks: how often to look, since lists are late.
        pause: waits between two looks.
    """
    left = look(session, run)
    for _ in range(looks):
        if not left.resources:
            break
        kinds = {kind.name: kind for kind in _KINDS}
        for resource in left.resources:
            # What cannot be deleted now may be when what uses it is gone.
            with contextlib.suppress(ClientError, BotoCoreError), gone_is_fine():
                kinds[resource.kind].delete(session, resource)
        left = look(session, run)
        if left.resources:
            pause(_LOOK_EVERY_S)
    if not left.resources and not left.unknown:
        (folder / f"{run}.json").unlink(missing_ok=True)
    return left


def look(session: Session, run: str) -> Left:
    """What there is of a run, in the order of deletion."""
    found: list[Resource] = []
    unknown = []
    for kind in _KINDS:
        try:
            found += kind.candidates(session, [prefix(run)])
        # An endpoint that is not AWS may answer with anything, or lack the service.
        except Exception as error:
            unknown.append(f"{kind.name} ({type(error).__name__})")
    return Left(tuple(found), tuple(unknown))


def _buses(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    for one in session.client("events").list_event_buses().get("EventBuses", []):
        if begins(one["Name"], prefixes):
            yield Resource("event bus", one["Name"], one["Name"], one["Arn"])


def _delete_bus(session: Session, bus: Resource) -> None:
    events = session.client("events")
    for rule in pages(events, "list_rules", "Rules", EventBusName=bus.handle):
        names = {"Rule": rule["Name"], "EventBusName": bus.handle}
        targets = events.list_targets_by_rule(**names)["Targets"]
        if targets:
            events.remove_targets(**names, Ids=[target["Id"] for target in targets])
        events.delete_rule(Name=rule["Name"], EventBusName=bus.handle)
    events.delete_event_bus(Name=bus.handle)


def _archives(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    for each in prefixes:
        for one in session.client("events").list_archives(NamePrefix=each).get("Archives", []):
            yield Resource("event archive", one["ArchiveName"], one["ArchiveName"])


def _delete_archive(session: Session, archive: Resource) -> None:
    session.client("events").delete_archive(ArchiveName=archive.handle)


def _buckets(session: Session, prefixes: Sequence[str]) -> Iterator[Resource]:
    for one in session.client("s3").list_buckets().get("Buckets", []):
        if begins(one["Name"], prefixes):
            yield Resource("S3 bucket", one["Name"], one["Name"])


def _delete_bucket(session: Session, bucket: Resource) -> None:
    s3: Any = session.client("s3")
    # A policy of a scenario's may deny what the removal needs.
    with contextlib.suppress(ClientError):
        s3.delete_bucket_policy(Bucket=bucket.handle)
    for one in pages(s3, "list_objects_v2", "Contents", Bucket=bucket.handle):
        s3.delete_object(Bucket=bucket.handle, Key=one["Key"])
    s3.delete_bucket(Bucket=bucket.handle)


# The workshop's own kinds, and what else scenarios make.
_KINDS = (
    *KINDS,
    Kind("event archive", _archives, None, _delete_archive),
    Kind("event bus", _buses, None, _delete_bus),
    Kind("S3 bucket", _buckets, None, _delete_bucket),
)
