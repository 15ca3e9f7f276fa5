"""Finds what is not as the stacks say: the stacks' templates beside one look at each resource."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from workshop.drift import template
from workshop.drift.comparable import Comparable
from workshop.drift.kinds import KINDS
from workshop.drift.template import Declared, Stack
from workshop.errors import WorkshopError
from workshop.target.gone import is_gone
from workshop.target.outputs import END_QUEUES
from workshop.target.session import Session
from workshop.target.target import PATTERNS

# Calls at once. They are short, and a class connects together.
_SIDE_BY_SIDE = 8
_SERVICES = ("cloudformation", "cloudwatch", "lambda", "sns", "sqs", "sts")
# A resource that is being made or deleted is not compared.
_THERE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Difference:
    """One setting that is not as its stack says.

    Attributes:
        pattern: whose stack.
        resource: which resource, in words.
        setting: AWS's name of it; "" when the whole resource is gone.
        found: what it is.
        said: what the stack says.
        declared: the resource.
        kind: how it is set.
        all_said: all that the stack says of the resource.
    """

    pattern: str
    resource: str
    setting: str
    found: Any
    said: Any
    declared: Declared = field(repr=False)
    kind: Comparable = field(repr=False)
    all_said: Mapping[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class Compared:
    """What a comparison found.

    Attributes:
        differences: what is not as the stacks say.
        unreadable: what could not be read, with the reason: nothing is known of it.
        compared: how many settings were compared.
    """

    differences: tuple[Difference, ...] = ()
    unreadable: tuple[str, ...] = ()
    compared: int = 0


def look(session: Session, patterns: Sequence[str] = PATTERNS) -> Compared:
    """Compare the settings of these patterns with what their stacks say.

    Every resource is read once. What cannot be read is told, and raises nothing.
    """
    for service in _SERVICES:
        session.client(service)  # made one by one: making a client is for one thread at a time
    try:
        place = _place(session)
    except (BotoCoreError, ClientError, WorkshopError) as error:
        return Compared(unreadable=(f"the account: {_reason(error)}",))
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        stacks = _each(pool, lambda one: _stack(session, one, place), patterns)
        wanted = [
            (pattern, stack, one)
            for pattern, stack in zip(patterns, stacks, strict=True)
            if isinstance(stack, Stack)
            for one in sorted(stack.resources, key=_order)
            if one.type in KINDS
        ]
        found = _each(pool, lambda one: KINDS[one[2].type].found(session, one[2]), wanted)
    unreadable = [
        f"{pattern}: {_reason(stack)}"
        for pattern, stack in zip(patterns, stacks, strict=True)
        if isinstance(stack, Exception)
    ]
    differences: list[Difference] = []
    compared = 0
    for (pattern, stack, declared), live in zip(wanted, found, strict=True):
        name, kind = _named(declared, stack), KINDS[declared.type]
        if isinstance(live, Exception) and not is_gone(live):
            unreadable.append(f"{pattern}, {name}: {_reason(live)}")
            continue
        said = kind.said(declared, stack)
        if isinstance(live, Exception):
            differences.append(Difference(pattern, name, "", None, None, declared, kind))
            continue
        for setting in said.keys() & live.keys() if said else ():
            compared += 1
            if said[setting] != live[setting]:
                differences.append(
                    Difference(
                        pattern, name, setting, live[setting], said[setting], declared, kind, said
                    )
                )
    order = {pattern: number for number, pattern in enumerate(patterns)}
    differences.sort(key=lambda one: (order[one.pattern], _order(one.declared), one.setting))
    return Compared(tuple(differences), tuple(unreadable), compared)


def _each(
    pool: ThreadPoolExecutor, call: Callable[[T], R], wanted: Iterable[T]
) -> list[R | Exception]:
    """The answers, side by side; instead of one that could not be had, why."""

    def safely(one: T) -> R | Exception:
        try:
            return call(one)
        # A service that answers in a form of its own is no reason to stop a lesson either.
        except (BotoCoreError, ClientError, WorkshopError, LookupError, ValueError) as error:
            return error

    return list(pool.map(safely, wanted))


def _place(session: Session) -> template.Place:
    partition = str(session.client("sts").meta.partition)
    return template.Place(session.account(), session.region, partition)


def _stack(session: Session, pattern: str, place: template.Place) -> Stack | None:
    """What the pattern's stack says; None when there is none."""
    client, name = session.client("cloudformation"), session.target.stack_name(pattern)
    try:
        body = client.get_template(StackName=name)["TemplateBody"]
        pages = client.get_paginator("list_stack_resources").paginate(StackName=name)
        ids = {
            one["LogicalResourceId"]: one["PhysicalResourceId"]
            for page in pages
            for one in page["StackResourceSummaries"]
            if one["ResourceStatus"] in _THERE and one.get("PhysicalResourceId")
        }
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise
    # boto3 gives a JSON template as a dict, some endpoints as text.
    return template.read(json.loads(body) if isinstance(body, str) else body, ids, place)


def _order(declared: Declared) -> tuple[int, str]:
    return list(KINDS).index(declared.type) if declared.type in KINDS else 99, declared.logical_id


def _named(declared: Declared, stack: Stack) -> str:
    """What a resource is called in words: a queue by its part in the pattern."""
    parts = {"SourceQueueUrl": "source queue"} | END_QUEUES
    for key, value in stack.outputs.items():
        if value == declared.physical_id and key in parts:
            return parts[key]
    return KINDS[declared.type].words


def _reason(error: Exception) -> str:
    if isinstance(error, ClientError):
        told = error.response["Error"]
        return f"{error.operation_name} says {told.get('Code')}"
    return f"{type(error).__name__}: {error}".partition("\n")[0]
