"""The administrator as a user of ministack's IAM, and whom IAM means where no user is named."""

from dataclasses import replace
from types import ModuleType
from urllib.parse import parse_qs, urlencode

from localaws.door.credentials import Principal
from localaws.words.http import Caller, HttpRequest, HttpResponse
from localaws.words.identity import ADMINISTRATOR, Identity, unique_id

_POLICY_ARN = "arn:aws:iam::aws:policy/AdministratorAccess"

# "If you do not specify a user name, IAM determines the user name implicitly based on the AWS
# access key ID signing the request."
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
_MAY_NAME_NOBODY = frozenset(
    {"CreateAccessKey", "DeleteAccessKey", "GetUser", "ListAccessKeys", "UpdateAccessKey"}
)


class Users:
    """IAM's users, in ministack's module."""

    def __init__(self, identity: Identity, iam: ModuleType) -> None:
        self._identity = identity
        self._iam = iam

    def add_administrator(self, principal: Principal) -> None:
        """Let IAM know the user, its one access key and that it may do everything."""
        name = ADMINISTRATOR
        self._iam._create_user({"UserName": name})
        user = self._iam._users[name]
        user["UserId"] = unique_id("AIDA", self._identity.account_id, f"user/{name}")
        self._iam._attach_user_policy({"UserName": name, "PolicyArn": _POLICY_ARN})
        self._iam._access_keys[principal.access_key_id] = {
            "UserName": name,
            "AccessKeyId": principal.access_key_id,
            "SecretAccessKey": principal.secret_access_key,
            "Status": "Active",
            "CreateDate": user["CreateDate"],
        }

    def name_caller(self, request: HttpRequest, caller: Caller) -> HttpRequest | HttpResponse:
        """The request with the name of its user, or AWS's answer to a caller who is none."""
        given = parse_qs(request.body.decode(errors="replace"))
        if given.get("Action", [""])[0] not in _MAY_NAME_NOBODY or "UserName" in given:
            return request
        kind, _, name = caller.arn.rpartition(":")[2].partition("/")
        if kind != "user":
            text = "Must specify userName when calling with non-User credentials"
            status, headers, body = self._iam._error(400, "ValidationError", text)
            return HttpResponse(status, body, {**headers, "x-amzn-requestid": caller.request_id})
        named = urlencode({"UserName": name.rpartition("/")[2]}).encode()
        return replace(request, body=request.body + b"&" + named)
