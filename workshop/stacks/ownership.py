"""Whose resources are ours: those of this deployment, told by an id that nobody can guess.

A name proves nothing: another application, or another participant, may have a queue whose name
begins as ours do. Ours is what a stack of this deployment recorded, and what carries the
deployment's id as a tag. The id is made when something is first deployed; CloudFormation puts it on
every resource of the stacks (tags of a stack become tags of its resources), and temporary resources
get it as well.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html

What is known is kept in `.workshop/deployments/` too, so that a removal that was killed half-way
knows what was its own when it is run again.
"""

import contextlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop.stacks.cloudformation_client import CloudFormation
from workshop.target.session import Session
from workshop.target.target import PATTERNS, Target

# Also in the templates (infra/workshop_app.py): what it is about, for whoever finds it.
ABOUT = ("workshop", "lambda-failure")
DEPLOYMENT = "workshop-deployment"

_FOLDER = "deployments"


@dataclass(frozen=True)
class Deployment:
    """One participant's set of stacks in one account and Region, with its temporary resources.

    Attributes:
        id: unguessable; the value of the tag.
        recorded: physical ids of resources that its stacks have or had.
        is_known: whether its stacks exist, or this folder remembers them. Otherwise only what was
            made with the id since then can be proven to be ours, and nothing not to be.
        former: ids that this folder gave to temporary resources before it knew the stacks' own.
    """

    id: str
    recorded: frozenset[str]
    is_known: bool = True
    former: frozenset[str] = frozenset()

    def owns(self, physical_ids: tuple[str, ...], tags: Mapping[str, str]) -> bool:
        """Whether a resource with these ids and tags is a part of it."""
        is_tagged = tags.get(DEPLOYMENT) in {self.id, *self.former}
        return is_tagged or bool(self.recorded.intersection(physical_ids))


def deployment_of(session: Session) -> Deployment:
    """The session's deployment; a new one where nothing was deployed yet.

    Stacks of it that exist now are asked for their id and resources; the rest comes from the file.
    """
    file = _file(session)
    remembered = _read(file)
    known = remembered or Deployment(uuid.uuid4().hex, frozenset(), is_known=False)
    cloudformation = CloudFormation(session)
    ids, recorded, is_whole = set(), set(), True
    for pattern in PATTERNS:
        name = session.target.stack_name(pattern)
        # A stack that is being deleted still has resources.
        if (tags := cloudformation.tags(name)) is None:
            is_whole = False
        else:
            ids.add(tags.get(DEPLOYMENT, known.id))
            recorded |= cloudformation.ids(name)
    if not is_whole:
        recorded |= known.recorded
    # The stacks know better than a file of this machine: they may be another machine's.
    is_known = bool(ids) or known.is_known
    best = min(ids, default=known.id)
    former = known.former | ({known.id} if remembered and known.id != best else set())
    found = Deployment(best, frozenset(recorded), is_known, former)
    if is_known and found != remembered:
        _write(file, found, session.target)
    return found


def tags(session: Session) -> dict[str, str]:
    """The tags of whatever is made for this deployment, whose id is remembered from now on.

    Where no stacks tell it, that is a new one. What somebody made before carries another: so the
    folder goes on not knowing whose that is.
    """
    participant, deployment = session.target.participant, deployment_of(session)
    # Also what is known: from now on there is something again.
    _write(_file(session), deployment, session.target)
    return {
        ABOUT[0]: ABOUT[1],
        DEPLOYMENT: deployment.id,
        **({"participant": participant} if participant else {}),
    }


def forget(session: Session) -> None:
    """Note that nothing of the deployment is left, by a look that could tell.

    What is known of it is kept: a queue that shows up late is still told to be ours.
    """
    file = _file(session)
    if (known := _read(file)) is not None:
        _write(file, known, session.target, is_removed=True)


def remembered(state: Path, *, removed: bool = False) -> list[Target]:
    """The accounts in which this folder has deployed, and not removed everything since.

    Args:
        state: the folder in which this machine remembers things about targets.
        removed: those from which it has removed everything instead.
    """
    found = list[Target]()
    for file in sorted((state / _FOLDER).glob("*.json")):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            noted = json.loads(file.read_text(encoding="utf-8"))
            if noted["target"]["kind"] == "aws" and bool(noted.get("is_removed")) == removed:
                found.append(Target(**noted["target"]))
    return found


def lock_file(session: Session) -> Path:
    """What is locked by whoever changes the deployment's stacks (see `alone`)."""
    return _file(session).with_suffix(".lock")


def elsewhere(session: Session, *, removed: bool = False) -> list[Target]:
    """Accounts and Regions besides the session's in which this folder has still something.

    Args:
        session: the target.
        removed: those in which it had something, and has removed all of it, instead.
    """
    found = remembered(session.state, removed=removed)
    return [one for one in found if _place(one) != _place(session.target)]


def is_left(session: Session) -> bool:
    """Whether this folder has deployed to this account, and not seen yet that all of it is gone."""
    return any(_place(one) == _place(session.target) for one in remembered(session.state))


def _place(target: Target) -> tuple[str | None, ...]:
    return target.account, target.region, target.participant


def _file(session: Session) -> Path:
    parts = (session.account(), session.region, session.target.participant or "everybody")
    return session.state / _FOLDER / f"{'-'.join(parts)}.json"


def _read(file: Path) -> Deployment | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return Deployment(
            found["id"],
            frozenset(found["recorded"]),
            found.get("is_known", True),
            frozenset(found.get("former", ())),
        )
    except (OSError, ValueError, KeyError):
        return None


def _write(file: Path, deployment: Deployment, target: Target, *, is_removed: bool = False) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{uuid.uuid4().hex}.tmp")
    text = json.dumps(
        {
            "id": deployment.id,
            "recorded": sorted(deployment.recorded),
            "is_known": deployment.is_known,
            "former": sorted(deployment.former),
            "target": target.given(),
            "is_removed": is_removed,
        }
    )
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
