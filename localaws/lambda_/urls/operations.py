"""Function URLs, as they are configured. `invoker` answers at them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from localaws.lambda_.errors import (
    InvalidParameterValueException,
    ResourceConflictException,
    ResourceNotFoundException,
    resource_not_found,
)
from localaws.lambda_.functions.function import FunctionRegistry
from localaws.lambda_.functions.ids import random_id
from localaws.lambda_.names import FunctionReference
from localaws.lambda_.operation import LambdaOperation
from localaws.lambda_.paging import page
from localaws.lambda_.ports import FunctionUrl
from localaws.time.clock import Clock
from localaws.words.http import Caller

# Where the endpoint serves them; the rest of the path is the unguessable id of one URL. AWS has a
# host for each: https://<url-id>.lambda-url.<region>.on.aws/
URLS_PATH = "/_lambda-url/"


@dataclass
class _Url:
    url_id: str
    arn: str
    members: dict[str, Any]
    created: str
    modified: str


class FunctionUrls:
    """The API of function URLs.

    Args:
        base_url: of the endpoint.
    """

    def __init__(self, clock: Clock, registry: FunctionRegistry, base_url: str) -> None:
        self._clock = clock
        self._base_url = base_url
        self._registry = registry
        self._urls: dict[str, _Url] = {}

    def operations(self) -> Mapping[str, LambdaOperation]:
        return {
            "CreateFunctionUrlConfig": self._create,
            "GetFunctionUrlConfig": self._get,
            "UpdateFunctionUrlConfig": self._update,
            "DeleteFunctionUrlConfig": self._delete,
            "ListFunctionUrlConfigs": self._list,
        }

    def forget(self, function_arn: str) -> None:
        """The function is gone."""
        for arn in [arn for arn in self._urls if _belongs(arn, function_arn)]:
            del self._urls[arn]

    def find(self, url_id: str) -> FunctionUrl | None:
        """The URL with this id."""
        for url in self._urls.values():
            if url.url_id == url_id:
                return FunctionUrl(url.url_id, url.arn, url.members["AuthType"])
        return None

    def _create(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        arn = self._target(params).invoked_arn
        _check_cors(params)
        if arn in self._urls:
            raise ResourceConflictException(
                f"Failed to create function url config for [functionArn = {arn}]. Error message:  "
                "FunctionUrlConfig exists for this Lambda function"
            )
        now = self._now()
        url_id = random_id(32)
        url = _Url(url_id, arn, {"InvokeMode": "BUFFERED", **_members(params)}, now, now)
        self._urls[arn] = url
        view = self._told(url, params)
        del view["LastModifiedTime"]
        return view

    def _get(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        return self._view(self._existing(params))

    def _update(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        self._target(params)
        url = self._existing(params)
        _check_cors(params)
        if params.get("Cors") == {}:
            url.members.pop("Cors", None)
        url.members |= _members(params)
        url.modified = self._now()
        return self._told(url, params)

    def _told(self, url: _Url, params: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a change: an invoke mode that was not asked for shows to readers only."""
        view = self._view(url)
        return {name: view[name] for name in view if name != "InvokeMode" or name in params}

    def _delete(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        del self._urls[self._existing(params).arn]
        return {}

    def _list(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        function_arn = self._target({"FunctionName": params["FunctionName"]}).arn
        urls = [self._view(u) for arn, u in self._urls.items() if _belongs(arn, function_arn)]
        return page("FunctionUrlConfigs", urls, params)

    def _target(self, params: Mapping[str, Any]) -> FunctionReference:
        reference = self._registry.names.read(params["FunctionName"], params.get("Qualifier"))
        function = self._registry.find(reference)
        if function is None or function.version(reference.qualifier) is None:
            raise ResourceNotFoundException("Function does not exist")
        return reference

    def _existing(self, params: Mapping[str, Any]) -> _Url:
        reference = self._registry.names.read(params["FunctionName"], params.get("Qualifier"))
        url = self._urls.get(reference.invoked_arn)
        if url is None:
            raise resource_not_found()
        return url

    def _view(self, url: _Url) -> dict[str, Any]:
        return {
            "FunctionUrl": f"{self._base_url}{URLS_PATH}{url.url_id}/",
            "FunctionArn": url.arn,
            "CreationTime": url.created,
            "LastModifiedTime": url.modified,
            **url.members,
        }

    def _now(self) -> str:
        moment = datetime.fromtimestamp(self._clock.now_s(), UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


def _members(params: Mapping[str, Any]) -> dict[str, Any]:
    """What a request sets; an empty Cors takes the settings away.

    https://github.com/sivchari/kumo/pull/942 has how Terraform does that.
    """
    return {
        member: params[member]
        for member in ("AuthType", "Cors", "InvokeMode")
        if params.get(member)
    }


def _check_cors(params: Mapping[str, Any]) -> None:
    """Refuse settings for no origin, and everything together with something.

    As in https://github.com/anomalyco/ion/pull/229 and the pf-lambda-url-cors rules of
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda.
    """
    cors = params.get("Cors")
    if cors and not cors.get("AllowOrigins"):
        raise InvalidParameterValueException(
            "You can't leave AllowOrigins as empty when Cors is enabled."
        )
    for member in ("AllowOrigins", "AllowMethods"):
        values = (cors or {}).get(member) or []
        if "*" in values and len(values) > 1:
            raise InvalidParameterValueException(
                f"You can't specify additional fields for {member} because you already specified "
                "the wildcard character (*)."
            )


def _belongs(arn: str, function_arn: str) -> bool:
    return arn == function_arn or arn.startswith(f"{function_arn}:")
