"""Roles whose policies and trust decide some time after they were written, where that is wanted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs

from localaws.emulator.seams import replace
from localaws.words.http import HttpRequest
from localaws.words.propagation import PolicyPropagation


class RolePolicies:
    """Puts a propagation between what ministack's IAM holds and what its evaluator is given.

    ministack's own writes are not announced, so a role is looked at before and after each request
    that names it.
    """

    def __init__(
        self,
        evaluator: ModuleType,
        iam: ModuleType,
        account_id: str,
        propagation: PolicyPropagation,
    ) -> None:
        self._iam = iam
        self._account_id = account_id
        self._propagation = propagation
        self._gather = evaluator._gather_role_policies
        replace(evaluator, "_gather_role_policies", self._in_effect)

    @contextmanager
    def noticing(self, request: HttpRequest) -> Iterator[None]:
        """Notice what a request to IAM changes about the role that it names."""
        form = parse_qs(request.body.decode(errors="replace"))
        name = form.get("RoleName", [""])[0]
        before = self._policies(name), self._trust(name)
        yield
        after = self._policies(name), self._trust(name)
        for kind, old, new in zip(_KINDS, before, after, strict=True):
            if old != new:
                self._propagation.changed(f"{kind} {name}", old)

    def trust(self, role_name: str) -> Any:
        """The document that says who may assume a role now; None where there is no such role."""
        return self._propagation.in_effect(f"trust {role_name}", self._trust(role_name))

    def _in_effect(self, role_name: str, account_id: str) -> Any:
        written = self._gather(role_name, account_id)
        return self._propagation.in_effect(f"policies {role_name}", written)

    def _policies(self, role_name: str) -> Any:
        return self._gather(role_name, self._account_id)

    def _trust(self, role_name: str) -> Any:
        role = self._iam._roles.get(role_name)
        document = role and role["AssumeRolePolicyDocument"]
        return json.loads(document) if isinstance(document, str) else document


_KINDS = ("policies", "trust")
