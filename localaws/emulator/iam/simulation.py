"""SimulatePrincipalPolicy: what IAM would decide, told by the same evaluator that decides.

ministack's own answer knows neither conditions nor permissions boundaries, and one resource only.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from localaws.words.identity import Identity

# As ministack's handlers are called, and answer.
Params: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = tuple[int, dict[str, str], bytes]

_DECISIONS = {"Allow": "allowed", "Deny": "explicitDeny", "ImplicitDeny": "implicitDeny"}
_WORST_FIRST = ("explicitDeny", "implicitDeny", "allowed")


class Simulation:
    """Answers for users and roles of this account.

    Args:
        identity: the account and Region.
        evaluator: ministack's, which judges calls as well.
        iam: ministack's users and roles.
    """

    def __init__(self, identity: Identity, evaluator: ModuleType, iam: ModuleType) -> None:
        self._identity = identity
        self._evaluator = evaluator
        self._iam = iam

    def __call__(self, params: Params) -> Answer:
        """The answer to one request."""
        arn = self._iam._p(params, "PolicySourceArn")
        kind, _, path = arn.rpartition(":")[2].partition("/")
        name = path.rpartition("/")[2]
        stores = {"user": self._iam._users, "role": self._iam._roles}
        if kind not in stores or ":iam:" not in arn:
            text = f"Invalid Entity Arn: {arn} does not clearly define entity type and name."
            answer: Answer = self._iam._error(400, "InvalidInput", text)
            return answer
        entity = stores[kind].get(name)
        if entity is None or entity["Arn"] != arn:
            text = f"The {kind} with name {name} cannot be found."
            answer = self._iam._error(404, "NoSuchEntity", text)
            return answer
        judged = _Principal(self._evaluator, self._identity, kind, name, entity, stores[kind])
        context = dict(self._context(params))
        resources = self._listed(params, "ResourceArns") or ["*"]
        results = "".join(
            judged.result(action, resources, context)
            for action in self._listed(params, "ActionNames")
        )
        body = f"<EvaluationResults>{results}</EvaluationResults><IsTruncated>false</IsTruncated>"
        element = "SimulatePrincipalPolicyResult"
        answer = self._iam._xml(
            200, "SimulatePrincipalPolicyResponse", f"<{element}>{body}</{element}>"
        )
        return answer

    def _listed(self, params: Params, name: str) -> list[str]:
        found, number = list[str](), 1
        while value := self._iam._p(params, f"{name}.member.{number}"):
            found.append(value)
            number += 1
        return found

    def _context(self, params: Params) -> Iterator[tuple[str, str | list[str]]]:
        number = 1
        while key := self._iam._p(params, f"ContextEntries.member.{number}.ContextKeyName"):
            values = self._listed(params, f"ContextEntries.member.{number}.ContextKeyValues")
            # Keys are the same in capitals and small letters; the evaluator wants small ones.
            yield key.lower(), values[0] if len(values) == 1 else values
            number += 1


class _Principal:
    """A user or role, with all that limits it."""

    def __init__(
        self,
        evaluator: ModuleType,
        identity: Identity,
        kind: str,
        name: str,
        entity: Mapping[str, Any],
        store: Any,
    ) -> None:
        account = identity.account_id
        gather = {"user": "_gather_user_policies", "role": "_gather_role_policies"}[kind]
        self._evaluator = evaluator
        self._identity = identity
        self._arn = entity["Arn"]
        self._type = {"user": "User", "role": "AssumedRole"}[kind]
        self._policies = getattr(evaluator, gather)(name, account)
        self._limits = evaluator._permissions_boundary(store, name, account)
        tags = {
            f"aws:principaltag/{t['Key'].lower()}": t["Value"] for t in entity.get("Tags") or ()
        }
        self._keys = tags | ({"aws:username": name} if kind == "user" else {})

    def result(self, action: str, resources: list[str], context: Mapping[str, Any]) -> str:
        """What is decided about one action on all these resources, as XML."""
        asked = {one: self._asked(action, one, context) for one in resources}
        decisions = {
            one: _DECISIONS[self._evaluator.evaluate(about, self._policies, *self._limits).decision]
            for one, about in asked.items()
        }
        missing = sorted({key for about in asked.values() for key in self._missing(about)})
        worst = min(decisions.values(), key=_WORST_FIRST.index)
        specific = "".join(
            f"<member><EvalResourceName>{escape(one)}</EvalResourceName>"
            f"<EvalResourceDecision>{decision}</EvalResourceDecision></member>"
            for one, decision in decisions.items()
        )
        return (
            f"<member><EvalActionName>{escape(action)}</EvalActionName>"
            f"<EvalResourceName>{escape(resources[0])}</EvalResourceName>"
            f"<EvalDecision>{worst}</EvalDecision><MatchedStatements/>"
            f"<MissingContextValues>{_members(missing)}</MissingContextValues>"
            f"{self._boundary(list(asked.values()))}"
            f"<ResourceSpecificResults>{specific}</ResourceSpecificResults></member>"
        )

    def _asked(self, action: str, resource_arn: str, context: Mapping[str, Any]) -> Any:
        return self._evaluator.EvalContext(
            principal_arn=self._arn,
            principal_type=self._type,
            principal_account=self._identity.account_id,
            action=action,
            resource_arn=resource_arn,
            region=self._identity.region,
            secure_transport=True,
            service_context=dict(context),
            principal_keys=self._keys,
        )

    def _missing(self, asked: Any) -> Iterator[str]:
        """Keys that conditions about this call ask for, and that nobody gave a value for."""
        for layer in (self._policies, *self._limits):
            for one in (one for statements in layer for one in statements):
                if not (
                    self._evaluator._action_matches(asked.action, one.actions, one.not_actions)
                    and self._evaluator._resource_matches(
                        asked.resource_arn, one.resources, one.not_resources
                    )
                ):
                    continue
                for key in (key for keys in one.conditions.values() for key in keys):
                    if self._evaluator._resolve_condition_key(key, asked) is None:
                        yield key

    def _boundary(self, asked: list[Any]) -> str:
        if not self._limits:
            return ""
        allowed = all(
            self._evaluator.evaluate(one, layer).decision == "Allow"
            for one in asked
            for layer in self._limits
        )
        told = (
            f"<AllowedByPermissionsBoundary>{str(allowed).lower()}</AllowedByPermissionsBoundary>"
        )
        return f"<PermissionsBoundaryDecisionDetail>{told}</PermissionsBoundaryDecisionDetail>"


def _members(values: list[str]) -> str:
    return "".join(f"<member>{escape(value)}</member>" for value in values)
