"""IAM's judgement: of calls to our services, and of requests to ministack's own.

ministack has all that IAM needs (policies, an evaluator, which action a request is) and applies it
only in a mode of its own that checks signatures by the process clock, which here is virtual.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, unquote

from localaws.door.credentials import Principal
from localaws.emulator.iam.unnamed_resources import asked_about, is_told
from localaws.words.denials import DENIALS, reason_of
from localaws.words.http import Caller, HttpRequest, HttpResponse
from localaws.words.identity import Identity
from localaws.words.ports import Verdict

# What AWS lets everybody do who has credentials.
_FREE = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})

# Whose resources have policies of their own, which can refuse even an administrator.
_CAN_REFUSE_ALL = frozenset({"ecr", "kms", "s3", "sts"})

# Who refuses as AWS's JSON services do: as a bad request.
_REFUSES_WITH_400 = frozenset({"dynamodb", "ecr", "events", "kms", "tagging"})

# Whose calls about tags name a resource by its ARN, which ministack does not look for.
_TAGGED_BY_ARN = frozenset({"dynamodb", "monitoring"})


class Judge:
    """`ports.Judge`, on ministack's evaluator."""

    def __init__(self, identity: Identity, evaluator: ModuleType, sts: ModuleType) -> None:
        self._identity = identity
        self._evaluator = evaluator
        self._sts = sts

    def remember(self, principal: Principal) -> None:
        """Let STS and IAM know whom a session's access key stands for."""
        self._sts.register_session(
            principal.access_key_id,
            {
                "Arn": principal.arn,
                "UserId": _user_id(self._sts, principal.arn),
                "SecretAccessKey": principal.secret_access_key,
                "SessionToken": principal.session_token,
                "AccountId": self._identity.account_id,
                "PrincipalType": "AssumedRole",
            },
        )

    def judge(
        self,
        caller: Caller,
        action: str,
        resource_arn: str,
        policy: Mapping[str, Any] | str | None,
        context: Mapping[str, str] | None = None,
        *,
        policy_required: bool = False,
    ) -> Verdict:
        account_id = self._identity.account_id
        principal = self._evaluator.resolve_principal(caller.access_key_id, account_id)
        if isinstance(principal, self._evaluator.AuthError):
            return Verdict.NOT_ALLOWED
        asked = self._evaluator.EvalContext(
            principal_arn=principal.arn,
            principal_type=principal.type,
            principal_account=principal.account,
            action=action,
            resource_arn=resource_arn,
            region=self._identity.region,
            # Policies that refuse plain HTTP mean networks; this one never leaves the machine.
            secure_transport=True,
            # Keys are the same in capitals and small letters; the evaluator wants small ones.
            service_context={key.lower(): value for key, value in (context or {}).items()},
            principal_keys=principal.keys,
        )
        identity = self._evaluator.evaluate(asked, principal.policies, *principal.limits)
        result = self._evaluator.combine_resource_policy(
            identity,
            asked,
            policy,
            account_id,
            required=policy_required,
            limits=tuple(principal.limits),
        )
        if result.decision == "Allow":
            return Verdict.ALLOWED
        if result.resource_policy_arn:
            return Verdict.DENIED_BY_RESOURCE
        unlimited = self._evaluator.evaluate(asked, principal.policies)
        if result.decision == "Deny":
            if unlimited.decision == "Deny":
                return Verdict.DENIED_BY_IDENTITY
            is_boundary = self._decides(asked, self._boundary(caller, principal), "Deny")
            return Verdict.DENIED_BY_BOUNDARY if is_boundary else Verdict.DENIED_BY_SESSION
        without_limits = self._evaluator.combine_resource_policy(
            unlimited, asked, policy, account_id, required=policy_required
        )
        if without_limits.decision != "Allow":
            return Verdict.NOT_ALLOWED
        boundary = self._boundary(caller, principal)
        is_within = not boundary or self._decides(asked, boundary, "Allow")
        return Verdict.OUTSIDE_SESSION if is_within else Verdict.OUTSIDE_BOUNDARY

    def _boundary(self, caller: Caller, principal: Any) -> list[Any]:
        """Of what limits the caller's policies the permissions boundary: none, or one."""
        session = self._sts._sessions.get(caller.access_key_id) or {}
        has_policies = session.get("SessionPolicies") is not None
        limits: list[Any] = principal.limits
        return limits[:-1] if has_policies else limits

    def _decides(self, asked: Any, layers: list[Any], decision: str) -> bool:
        return any(self._evaluator.evaluate(asked, one).decision == decision for one in layers)


@dataclass(frozen=True)
class _Request:
    """A request as ministack reads it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    params: dict[str, list[str]]


class Gate:
    """Which requests to ministack's services a caller may make.

    An action that cannot be told from the request is refused: ministack has more doors than AWS.
    """

    def __init__(self, identity: Identity, judge: Judge, modules: Mapping[str, ModuleType]) -> None:
        self._identity = identity
        self._judge = judge
        self._app = modules["app"]
        self._actions = modules["core.iam_actions"]
        self._evaluator = modules["core.iam_evaluator"]
        self._iam = modules["services.iam"]

    def refuse(self, request: HttpRequest, signed_for: str, caller: Caller) -> HttpResponse | None:
        """AWS's answer to a caller who may not do this, or None if it may."""
        if caller.arn == self._identity.administrator_arn and signed_for not in _CAN_REFUSE_ALL:
            return None
        read = self._read(request)
        service = self._app.detect_service(read.method, read.path, read.headers, read.params)
        for action, resource_arn in self._needs(service, read):
            verdict = self._verdict(service, action, resource_arn, caller)
            if verdict is not Verdict.ALLOWED:
                return self._answer(service, action, resource_arn, verdict, caller, read.headers)
        return None

    def _read(self, request: HttpRequest) -> _Request:
        headers, path = dict(request.headers), unquote(request.path)
        body = self._app._decompress_request_body(request.body, headers)
        query = parse_qs(request.query, keep_blank_values=True)
        params = self._app._routing_params(request.method, path, headers, body, query)
        return _Request(request.method, path, headers, body, params)

    def _needs(self, service: str, read: _Request) -> Iterator[tuple[str, str]]:
        """Every action on every resource that the request needs."""
        try:
            yield from self._needs_read(service, read)
        except ValueError:  # e.g. a form's bytes, read as JSON that is no UTF-8
            yield f"{service}:Unknown", "*"

    def _needs_read(self, service: str, read: _Request) -> Iterator[tuple[str, str]]:
        place = read.method, read.path, read.headers, read.body, read.params
        action = self._actions.extract_iam_action(service, *place)
        if action is None:
            yield f"{service}:Unknown", "*"
            return
        where = self._identity.region, self._identity.account_id
        arn = self._actions.extract_resource_arn(service, *place, *where)
        if arn == "*" and service in _TAGGED_BY_ARN:
            names = read.body, read.params, "ResourceArn", "ResourceARN"
            arn = self._actions._param(*names) or arn
        yield action, asked_about(action, self._identity) if arn == "*" else arn
        if service == "s3":
            yield from self._actions.s3_additional_checks(*place)
        elif service == "events":
            for arn in self._actions.eventbridge_resource_arns(read.body, *where)[1:]:
                yield action, arn

    def _verdict(self, service: str, action: str, resource_arn: str, caller: Caller) -> Verdict:
        if action in _FREE:
            return Verdict.ALLOWED
        if action == "sts:AssumeRole":
            role = self._iam._roles.get(resource_arn.rsplit("/", 1)[-1]) or {}
            is_meant = role.get("Arn") == resource_arn
            trust = role["AssumeRolePolicyDocument"] if is_meant else None
            return self._judge.judge(caller, action, resource_arn, trust, policy_required=True)
        policy, _owner = self._evaluator._resource_policy(service, resource_arn) or (None, None)
        # A key's policy has to let whoever it is in; what is about no key has none.
        needs_policy = service == "kms" and policy is not None
        return self._judge.judge(caller, action, resource_arn, policy, policy_required=needs_policy)

    def _answer(
        self,
        service: str,
        action: str,
        resource_arn: str,
        verdict: Verdict,
        caller: Caller,
        headers: Mapping[str, str],
    ) -> HttpResponse:
        by_resource = verdict is Verdict.DENIED_BY_RESOURCE
        message = self._message(service, action, resource_arn, verdict, caller)
        status, response_headers, body = self._actions.access_denied_response(
            service,
            action,
            caller.arn,
            caller.request_id,
            message=message,
            headers=headers,
            resource_arn=resource_arn,
            explicit_deny=verdict in DENIALS,
            resource_policy_arn=resource_arn if by_resource else "",
        )
        if service == "ssm":  # of which ministack writes the message itself
            by_identity = Verdict.DENIED_BY_IDENTITY if verdict in DENIALS else Verdict.NOT_ALLOWED
            theirs, ours = (reason_of(one, action).encode() for one in (by_identity, verdict))
            body = body.replace(theirs, ours)
        if service in _REFUSES_WITH_400:
            status = 400
        if action.startswith("cloudwatch:"):
            # What SDKs show of a service that once spoke the query protocol alone.
            response_headers["x-amzn-query-error"] = "AccessDenied;Sender"
        return HttpResponse(
            status, body, {**response_headers, "x-amzn-requestid": caller.request_id}
        )

    def _message(
        self, service: str, action: str, resource_arn: str, verdict: Verdict, caller: Caller
    ) -> str:
        """Why not; "" where ministack's own words will do."""
        if action == "sts:AssumeRole" and verdict not in DENIALS:
            # STS does not tell whether the role, its trust or the caller's policies are the reason.
            told = f"not authorized to perform: {action} on resource: {resource_arn}"
            return f"User: {caller.arn} is {told}"
        if verdict is Verdict.DENIED_BY_RESOURCE:
            return ""
        named = f'"{resource_arn}"' if service == "s3" else resource_arn  # as S3 does
        where = f" on resource: {named}" if is_told(action, resource_arn) else ""
        reason = reason_of(verdict, action)
        return f"User: {caller.arn} is not authorized to perform: {action}{where} {reason}"


def _user_id(sts: ModuleType, session_arn: str) -> str:
    """The session's unique id: the role's, and the session's name."""
    account_id, resource = session_arn.split(":")[4:6]
    _, role_name, session_name = resource.split("/")
    role_id = sts._role_id(f"arn:aws:iam::{account_id}:role/{role_name}")
    return f"{role_id}:{session_name}"
