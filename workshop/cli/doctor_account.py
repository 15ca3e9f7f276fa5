"""What `doctor` asks a real account: whether a lesson could be begun there now.

It only reads. Every answer that somebody may not have is a note that names the permission.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from workshop.cli.doctor_permissions import permissions
from workshop.cli.finding import Finding
from workshop.counting import counted
from workshop.errors import TargetError
from workshop.lab import Lab
from workshop.stacks import ownership, recovery
from workshop.stacks.cloudformation_client import CloudFormation
from workshop.stacks.neighbours import whose
from workshop.stacks.statuses import ONLY_CHANGE_SET, Next, is_busy, next_step
from workshop.target.account import open_session
from workshop.target.commands import start_command
from workshop.target.making import bootstrap_version
from workshop.target.session import Session
from workshop.target.target import PATTERNS, Target

# A function's reserved concurrency has to leave this much to all others, says Lambda.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
_UNRESERVED = 100
# A lesson takes up to half an hour; the series takes an afternoon.
_ENOUGH_MINUTES = 60
# Settings that are named one by one.
_SHOWN = 6


def examine_account(target: Target) -> Iterator[Finding]:
    """Findings about a real account, in the order in which they matter."""
    try:
        session = open_session(target)
    except TargetError as error:
        yield Finding("account", "blocks", " ".join(str(error).split()))
        return
    yield Finding("account", "ok", f"the credentials belong to {target}")
    yield _remaining(session)
    yield _asked("bootstrap", "ssm:GetParameter", lambda: _bootstrap(session))
    yield _asked("quotas", "lambda:GetAccountSettings", lambda: _concurrency(session))
    yield _asked("stacks", "cloudformation:DescribeStacks", lambda: _stacks(session))
    yield from _settings(session)
    yield from permissions(session)


def _asked(about: str, permission: str, ask: Any) -> Finding:
    try:
        found: Finding = ask()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        return Finding(about, "note", f"could not be asked ({code}); it takes {permission}")
    return found


def _remaining(session: Session) -> Finding:
    expires_at = session.expires_at()
    if expires_at is None:
        is_session = bool(session.credentials().token)
        told = "a session whose end is not known here" if is_session else "keys without an end"
        return Finding("session", "note" if is_session else "ok", told)
    minutes = int((expires_at - datetime.now(UTC)).total_seconds() // 60)
    ends = f"ends in {counted(minutes, 'minute')}"
    told = f"{ends}; afterwards a cell says so, and goes on after a new log-in"
    return Finding("session", "ok" if minutes >= _ENOUGH_MINUTES else "note", told)


def _bootstrap(session: Session) -> Finding:
    version = bootstrap_version(session)
    if version is None:
        command = start_command(session.target, "bootstrap")
        told = f"{session.region} is not prepared for the CDK: run `{command}` once"
        return Finding("bootstrap", "blocks", told)
    return Finding("bootstrap", "ok", f"version {version} in {session.region}")


def _concurrency(session: Session) -> Finding:
    limit = session.client("lambda").get_account_settings()["AccountLimit"]
    total, free = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]
    if free <= _UNRESERVED:
        told = (
            f"concurrency {total}, {free} of it unreserved: Lambda lets no function reserve any, "
            "so experiments with a reserved concurrency above 0 are refused; ask for more (Service "
            "Quotas, Lambda, concurrent executions)"
        )
        return Finding("quotas", "note", told)
    return Finding("quotas", "ok", f"concurrency {total}, {free} of it unreserved")


def _stacks(session: Session) -> Finding:
    """Which are there, and what CloudFormation says of those that are not whole."""
    found = {session.target.stack_name(one): status for one, status in _statuses(session).items()}
    others = {name: status for name, status in found.items() if next_step(status) != Next.CHANGE}
    if not others:
        return Finding("stacks", "ok", f"all {len(found)} are there")
    told = [f"{len(found) - len(others)} of {len(found)} are there"]
    missing = [name for name, status in others.items() if status is None]
    if len(missing) == len(found):
        # After a `destroy` as before the first `deploy`: nothing is wrong.
        told = [f"no stack of {whose(session.target)} is there, of {len(found)}"]
        # A Region that was mistaken looks like one in which nobody deployed yet.
        told += [f"this folder has deployed to {one}" for one in ownership.elsewhere(session)]
    elif missing:
        told.append(f"missing: {', '.join(missing)}")
    told += [_unfinished(name, status) for name, status in others.items() if status]
    # A change set that has long been there was left by somebody, and nobody is at it.
    begins = [name for name in others if recovery.beginning_until(session, name)]
    if begins or any(map(is_busy, others.values())):
        told.append("a deploy or a destroy may be running: look again when it has ended")
        return Finding("stacks", "note", "; ".join(told), "doctor")
    return Finding("stacks", "note", "; ".join(told), "deploy")


def _statuses(session: Session) -> dict[str, str | None]:
    """Pattern -> its stack's status; None where there is no stack.

    Raises:
        ClientError: it may not be asked for.
    """
    cloudformation = CloudFormation(session)
    return {one: cloudformation.status(session.target.stack_name(one)) for one in PATTERNS}


def _unfinished(name: str, status: str) -> str:
    if is_busy(status):
        return f"{name} is {status}: CloudFormation is at work on it"
    if status == ONLY_CHANGE_SET:
        return f"{name} is {status}: a change set that nobody has executed; `deploy` takes it over"
    if next_step(status) is Next.MEND:
        return f"{name} is {status}: `deploy` names the cause and what mends it"
    return f"{name} is {status}: `deploy` removes what is left of it, and makes it again"


def _settings(session: Session) -> Iterator[Finding]:
    """Whether what was deployed is as the stacks say; nothing where there are no stacks.

    A stack that is not whole is left out: whoever is at work on it changes its settings as well,
    and what puts them back would be in the way.
    """
    try:
        found = _statuses(session)
    except ClientError:
        return  # said of the stacks already
    whole = [pattern for pattern, status in found.items() if next_step(status) is Next.CHANGE]
    if not whole:
        return
    drift = Lab(session).changed(*whole)
    if drift:
        told = drift.lines[:_SHOWN]
        if more := len(drift.lines) - len(told):
            told.append(f"and {more} more")
        told[-1] += ". `lab.put_back()` in a notebook restores them"
        besides = f"not as the stacks say: {counted(len(drift.lines), 'setting')}"
        yield Finding("settings", "note", "; ".join(told), besides=besides)
    elif drift.unreadable:
        yield Finding("settings", "note", f"not compared: {'; '.join(drift.unreadable)}")
    elif drift.compared:
        yield Finding("settings", "ok", f"all {drift.compared} are as the stacks say")
