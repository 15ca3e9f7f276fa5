"""What STS refuses of a session that a caller may have: one that lasts too long, for example."""

from types import ModuleType
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from localaws.emulator.iam.identity_policies import mistake_in_identity_policy
from localaws.words.http import Caller, HttpRequest, HttpResponse

# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html
_LONGEST_CHAINED_S = 3600
_OVER_CHAIN = (
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
    "chaining."
)
_OVER_ROLE = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
# Of these only long-lived keys are taken.
_BY_USERS = frozenset({"GetFederationToken", "GetSessionToken"})
# How keys begin that last for a session.
_TEMPORARY = "ASIA"


class SessionRules:
    """Looks at requests for sessions, of callers whom IAM allows them.

    Args:
        iam: ministack's, which knows the roles.
    """

    def __init__(self, iam: ModuleType) -> None:
        self._iam = iam

    def refuse(self, request: HttpRequest, caller: Caller) -> HttpResponse | None:
        """AWS's answer to a request that asks for too much; None to all others."""
        asked = parse_qs(request.body.decode(errors="replace"))
        action = asked.get("Action", [""])[0]
        if action in _BY_USERS and caller.access_key_id.startswith(_TEMPORARY):
            text = f"Cannot call {action} with session credentials"
            return self._answer(403, "AccessDenied", text, caller)
        policy = asked.get("Policy", [""])[0]
        if policy and (mistake := mistake_in_identity_policy(policy, managed=False)):
            return self._answer(400, "MalformedPolicyDocument", escape(mistake), caller)
        duration = asked.get("DurationSeconds", ["0"])[0]
        if action != "AssumeRole" or not duration.isdigit():
            return None
        if ":assumed-role/" in caller.arn and int(duration) > _LONGEST_CHAINED_S:
            return self._answer(400, "ValidationError", _OVER_CHAIN, caller)
        name = asked.get("RoleArn", [""])[0].rpartition("/")[2]
        role = self._iam._roles.get(name) or {}
        if int(duration) > int(role.get("MaxSessionDuration", duration)):
            return self._answer(400, "ValidationError", _OVER_ROLE, caller)
        return None

    def _answer(self, status: int, code: str, text: str, caller: Caller) -> HttpResponse:
        status, headers, body = self._iam._error(status, code, text, ns="sts")
        return HttpResponse(status, body, {**headers, "x-amzn-requestid": caller.request_id})
