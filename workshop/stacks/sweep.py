"""Find what is left of a deployment, and delete it: what is ours, and nothing else.

Stacks delete what they made. This is for what stacks do not know: temporary resources of an
experiment, and whatever a deletion left behind. A list by names gives candidates; `ownership` tells
which of them are ours; what something foreign still depends on is left, with the reason.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from botocore.exceptions import ClientError

from workshop.errors import WaitTimeoutError
from workshop.stacks import ownership
from workshop.stacks.dependants import Dependants
from workshop.stacks.deployment import existing
from workshop.stacks.kinds import KINDS, ORDER, STACK, Kind, Resource, begins, name_in, pages
from workshop.stacks.neighbours import owners, whose
from workshop.stacks.ownership import DEPLOYMENT, Deployment, deployment_of
from workshop.target.commands import start_command
from workshop.target.gone import is_gone
from workshop.target.session import Session
from workshop.target.target import Target
from workshop.target.waiting import wait_until

_LISTED_S = 90.0


@dataclass(frozen=True)
class Found:
    """What a look found.

    Attributes:
        ours: what belongs to the deployment, in the order of deletion.
        needed: of ours, what something foreign depends on -> in words, what does.
        others: whose names begin as ours do, and that nothing proves to be ours.
        is_known: whether anything could be proven; see `Deployment`.
        target: where was looked.
        owners: where nothing could be proven, in words of whom stacks are there.
        elsewhere: where nothing could be proven, the places in which this folder has something.
        removed: where nothing could be proven, the places from which it has removed everything.
        stacks: those of the deployment that were there when the look ended, in whatever state.
    """

    ours: tuple[Resource, ...] = ()
    needed: dict[Resource, str] = field(default_factory=dict)
    others: tuple[Resource, ...] = ()
    is_known: bool = True
    target: Target = field(default_factory=Target)
    owners: tuple[str, ...] = ()
    elsewhere: tuple[Target, ...] = ()
    removed: tuple[Target, ...] = ()
    stacks: tuple[str, ...] = ()

    @property
    def doubt(self) -> str:
        """Why it cannot be said that nothing of ours is left; "" when it can.

        An embedded AWS that holds nothing is no riddle: it is new. An account may be another one,
        or another Region, or a participant's name may be misspelt.
        """
        if self.is_known or not (self.others or self.owners or not self.target.is_embedded):
            return ""
        told = [
            f"It cannot be told whether anything is left: there are no stacks of "
            f"{whose(self.target)} in {self.target}, and this folder has deployed none there."
        ]
        if self.owners:
            told.append(f"There are stacks {'; '.join(self.owners)}.")
        if places := self._places(self.removed):
            told.append(f"This folder has deployed to {places}, and removed all of it.")
        if self.is_mistaken:
            # The last word, and no list: those would be called so because they are the others'.
            return " ".join([*told, *map(_meant, self.elsewhere)])
        if self.others:
            told.append(
                f"{len(self.others)} are called as those would be, nothing tells whose they are: "
                "left alone."
            )
        told.append(
            "Look at --participant and --region, run this in the folder that deployed, or look at "
            "tags."
        )
        return " ".join([*told, *map(_meant, self.elsewhere)])

    @property
    def is_mistaken(self) -> bool:
        """Whether another Region, or participant, of this account was meant, as it seems."""
        return any(one.account == self.target.account for one in self.elsewhere)

    @staticmethod
    def _places(targets: Iterable[Target]) -> str:
        return " and ".join(map(str, targets))

    @property
    def is_nothing(self) -> bool:
        """Whether it can be said that nothing of ours is left."""
        return not (self.left or self.doubt)

    @property
    def left(self) -> list[Resource]:
        """What is ours, and its stacks: one that is only being made has no tags or resources."""
        stacks = [Resource(STACK, name, name) for name in self.stacks]
        return [*(one for one in stacks if one not in self.ours), *self.ours]

    @property
    def deletable(self) -> list[Resource]:
        """Of ours, what nobody else needs; nothing while there are stacks, which need all of it."""
        return [one for one in self.ours if one not in self.needed and not self.stacks]


def find(session: Session, prefixes: Sequence[str], *, whole: bool = False) -> Found:
    """Look for what is left of the session's deployment.

    Args:
        session: the target.
        prefixes: how names of candidates begin.
        whole: look for whatever carries the deployment's id too, however it is called. An
            experiment that clears up must not: the stacks' resources carry the same id.
    """
    deployment = deployment_of(session)
    names = [*prefixes, *(_tagged_names(session, deployment) if whole else ())]
    candidates = {resource: kind for kind in KINDS for resource in kind.candidates(session, names)}
    elsewhere = dict(_called_otherwise(session)) if whole else {}
    judged = (elsewhere | candidates).items()
    ours = {one for one, kind in judged if _is_ours(session, deployment, kind, one)}
    # A subscription has no tags: it is ours where its topic is, and nothing of somebody else's is
    # at its other end (where nothing at all may be any more).
    arns = {one.arn for one in ours if one.arn}
    foreign = {one.arn for one in candidates.keys() - ours}
    here = f":{session.region}:{session.account()}:"
    ours |= {
        one
        for one, kind in candidates.items()
        if kind.tags is None
        and any(_without_qualifier(end) in arns for end in one.ends)
        and all(
            here in end and _is_harmless(_without_qualifier(end), names, foreign)
            for end in one.ends
        )
    }
    dependants = Dependants(session, ours)
    needed = {one: told for one in ours if (told := dependants.foreign(one))}
    return Found(
        tuple(sorted(ours, key=_order)),
        needed,
        tuple(sorted(candidates.keys() - ours, key=_order)),
        deployment.is_known,
        session.target,
        *_asked_instead(session, is_known=deployment.is_known),
        # Last: another machine's `deploy` may have begun while all the rest was looked at.
        tuple(existing(session)) if whole else (),
    )


def _meant(target: Target) -> str:
    """A place in which there is something of this folder, and what removes it."""
    command = start_command(target, "destroy")
    return f"This folder has deployed to {target}: if that is meant, run `{command}`."


def _asked_instead(
    session: Session, *, is_known: bool
) -> tuple[tuple[str, ...], tuple[Target, ...], tuple[Target, ...]]:
    """Where nothing can be proven: whose stacks are there, and where else this folder was."""
    if is_known:
        return (), (), ()
    return (
        tuple(owners(session)),
        tuple(ownership.elsewhere(session)),
        tuple(ownership.elsewhere(session, removed=True)),
    )


def _called_otherwise(session: Session) -> Iterator[tuple[Resource, Kind]]:
    """On the embedded AWS everything that carries tags, as its tagging service knows few kinds.

    On an account that could be thousands of calls, and the tagging service is asked instead. It
    knows no IAM roles: there a role of ours that is called otherwise is not found.
    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
    """
    if not session.target.is_embedded:
        return
    for kind in KINDS:
        if kind.tags is None:
            continue
        there: list[Resource] = []
        # What this user may not look at, or is gone, is left out.
        with contextlib.suppress(ClientError):
            there.extend(kind.candidates(session, [""]))
        for one in there:
            with contextlib.suppress(ClientError):
                if DEPLOYMENT in kind.tags(session, one):
                    yield one, kind


def _tagged_names(session: Session, deployment: Deployment) -> Iterator[str]:
    """Names of whatever carries the deployment's id, however it is called.

    The tagging service is told of tags late, and of deletions too: its names are candidates.
    """
    client = session.client("resourcegroupstaggingapi")
    wanted = [{"Key": DEPLOYMENT, "Values": [deployment.id]}]
    found = pages(client, "get_resources", "ResourceTagMappingList", TagFilters=wanted)
    for one in found:
        yield name_in(one["ResourceARN"].removesuffix(":*")).removeprefix("table/")


def _is_ours(session: Session, deployment: Deployment, kind: Kind, resource: Resource) -> bool:
    tags = {}
    if kind.tags is not None:
        with gone_is_fine():
            tags = dict(kind.tags(session, resource))
    return deployment.owns(resource.ids, tags)


def _is_harmless(end: str, names: Sequence[str], foreign: Set[str]) -> bool:
    return begins(name_in(end), names) and end not in foreign


def _without_qualifier(arn: str) -> str:
    return ":".join(arn.split(":")[:7]) if ":function:" in arn else arn


def _order(resource: Resource) -> tuple[int, str]:
    return ORDER[resource.kind], resource.name


def delete(session: Session, resources: Iterable[Resource]) -> None:
    """Delete these resources; those that are gone already are passed over."""
    kinds = {kind.name: kind for kind in KINDS}
    for resource in sorted(resources, key=_order):
        with gone_is_fine():
            kinds[resource.kind].delete(session, resource)


def look_again(session: Session, look: Callable[[], list[Resource]]) -> list[Resource]:
    """What is left after deletions; on a real account lists show deleted queues for a minute.

    A stack that is there again was made again, and nothing that it has will go by itself.
    """
    left = look()

    def is_settled() -> bool:
        return not left or any(one.kind == STACK for one in left)

    def is_gone() -> bool:
        left[:] = look()
        return is_settled()

    if session.clock.is_virtual or is_settled():
        return left
    with contextlib.suppress(WaitTimeoutError):
        wait_until(
            session.clock,
            is_gone,
            "AWS's lists show nothing of ours any more",
            cause="deleted queues are listed for up to a minute",
            timeout_s=_LISTED_S,
            waits=session.waits,
        )
    return left


@contextlib.contextmanager
def gone_is_fine() -> Iterator[None]:
    """For calls about something that may have been deleted meanwhile."""
    try:
        yield
    except ClientError as error:
        # Another sweep, or a stack, was faster.
        if not is_gone(error):
            raise
