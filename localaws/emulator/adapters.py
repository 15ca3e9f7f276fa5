"""What our services need of others (`localaws.words.ports`), on ministack's modules."""

import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.iam.requester import Requester
from localaws.emulator.iam.roles import RolePolicies
from localaws.time.clock import Clock
from localaws.words.arns import account_of
from localaws.words.identity import Identity, unique_id
from localaws.words.policies import statements_of


class Metrics:
    """`ports.MetricSink`.

    Every invocation makes a dozen points that are kept for two weeks. So a value that is seen
    again within the same second counts once more at the point that is there.
    """

    def __init__(self, module: ModuleType, clock: Clock) -> None:
        self._module = module
        self._clock = clock
        self._series: dict[tuple[Any, ...], tuple[tuple[str, str, str], dict[str, str]]] = {}

    def put(
        self,
        namespace: str,
        name: str,
        value: float,
        unit: str,
        dimensions: Mapping[str, str],
        *,
        at_s: float | None = None,
    ) -> None:
        called = (namespace, name, *dimensions.items())
        known = self._series.get(called)
        if known is None:
            own = dict(dimensions)
            key = (namespace, name, self._module._dims_key(own))
            known = self._series[called] = key, own
        key, own = known
        when_s = self._clock.now_s() if at_s is None else at_s
        points: list[dict[str, Any]] = self._module._metric_bucket(key)
        last = points[-1] if points else None
        if last and last["Value"] == value and int(last["Timestamp"]) == int(when_s):
            last["Count"] = last.get("Count", 1.0) + 1.0
        else:
            points.append(
                {"Timestamp": when_s, "Value": float(value), "Unit": unit, "Dimensions": own}
            )


class IamIds:
    """`ports.UniqueIds`; who is not in IAM has an id by the name."""

    def __init__(self, iam: ModuleType) -> None:
        self._iam = iam

    def __call__(self, prefix: str, account_id: str, resource: str) -> str:
        name = resource.rpartition("/")[2]
        known, member = (
            (self._iam._roles, "RoleId") if prefix == "AROA" else (self._iam._users, "UserId")
        )
        found = known.get(name)
        return str(found[member]) if found else unique_id(prefix, account_id, resource)


class Permissions:
    """`ports.Permissions`.

    Attributes:
        roles: knows the trust of roles where that takes time to take effect.
    """

    def __init__(self, identity: Identity, evaluator: ModuleType, iam: ModuleType) -> None:
        self._identity = identity
        self._evaluator = evaluator
        self._iam = iam
        self.roles: RolePolicies | None = None

    def role_allows(self, role_arn: str, action: str, resource_arn: str) -> bool:
        name, account_id = role_arn.rsplit("/", 1)[-1], self._identity.account_id
        policies = self._evaluator._gather_role_policies(name, account_id)
        limits = self._evaluator._permissions_boundary(self._iam._roles, name, account_id)
        context = self._context(role_arn, action, resource_arn)
        decision: str = self._evaluator.evaluate(context, policies, *limits).decision
        return decision == "Allow"

    def role_trusts(self, role_arn: str, service: str) -> bool:
        name = role_arn.rsplit("/", 1)[-1]
        policy = self.roles.trust(name) if self.roles else self._trust(name)
        return policy is not None and any(
            _trusts(statement, service) for statement in statements_of(policy)
        )

    def has_principal(self, arn: str) -> bool:
        kind, _, path = arn.rpartition(":")[2].partition("/")
        if account_of(arn) != self._identity.account_id or kind == "root":
            return True
        if kind == "assumed-role":
            return path.partition("/")[0] in self._iam._roles
        known = self._iam._roles if kind == "role" else self._iam._users
        found = known.get(path.rpartition("/")[2])
        return found is not None and found["Arn"] == arn

    def resource_policy_allows(
        self,
        policy: Mapping[str, Any] | None,
        *,
        principal_service: str,
        action: str,
        resource_arn: str,
        source_arn: str,
        source_owner: str | None = None,
    ) -> bool:
        context = self._context("", action, resource_arn)
        context.service_context = {
            "aws:sourcearn": source_arn,
            "aws:sourceaccount": self._identity.account_id,
        }
        if source_owner is not None:
            context.service_context["aws:sourceowner"] = source_owner
        decision: str = self._evaluator.evaluate_resource_policy(
            dict(policy or {}), context, service=principal_service
        ).decision
        return decision == "Allow"

    def _trust(self, role_name: str) -> Any:
        role = self._iam._roles.get(role_name)
        if role is None:
            return None
        document = role["AssumeRolePolicyDocument"]
        return json.loads(document) if isinstance(document, str) else document

    def _context(self, principal_arn: str, action: str, resource_arn: str) -> Any:
        return self._evaluator.EvalContext(
            principal_arn=principal_arn,
            principal_type="AssumedRole",
            principal_account=self._identity.account_id,
            action=action,
            resource_arn=resource_arn,
            region=self._identity.region,
            secure_transport=True,  # services talk to each other in private
        )


def _trusts(statement: Mapping[str, Any], service: str) -> bool:
    principal = statement.get("Principal", {})
    services = principal.get("Service", []) if isinstance(principal, dict) else []
    return statement.get("Effect") == "Allow" and service in _as_list(services)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Objects:
    """`ports.ObjectStore`."""

    def __init__(self, module: ModuleType, requester: Requester) -> None:
        self._module = module
        self._requester = requester

    def get(self, bucket: str, key: str, version_id: str | None = None) -> bytes:
        self._require(bucket)
        body: bytes | None = self._module._get_object_data(bucket, key, version_id)
        if body is None:
            raise LookupError(f"NoSuchKey: s3://{bucket}/{key} does not exist")
        return body

    def put(self, bucket: str, key: str, body: bytes, by: str) -> None:
        self._require(bucket)
        headers = {"content-type": "application/octet-stream"}
        with self._requester.acting(by):
            self._module._put_object(bucket, key, body, headers)

    def _require(self, bucket: str) -> None:
        if bucket not in self._module._buckets:
            raise LookupError(f"NoSuchBucket: the bucket {bucket} does not exist")


class EventBus:
    """`ports.EventBus`."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def put_event(
        self, bus_arn: str, source: str, detail_type: str, resources: list[str], detail: str
    ) -> None:
        bus_name = bus_arn.rsplit("/", 1)[-1]
        if bus_name != "default" and bus_name not in self._module._event_buses:
            raise LookupError(f"the event bus {bus_arn} does not exist")
        entry = {
            "Source": source,
            "DetailType": detail_type,
            "Resources": resources,
            "Detail": detail,
            "EventBusName": bus_name,
        }
        self._module._put_events({"Entries": [entry]}, allow_aws_source=True)
