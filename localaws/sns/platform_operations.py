"""The API of platform applications and their endpoints."""

from collections.abc import Mapping
from typing import Any

from localaws.sns.pages import page
from localaws.sns.platforms import Platforms
from localaws.words.http import Caller

Params = dict[str, Any]


class PlatformOperations:
    """Operations of boto3's names, parameters and results."""

    def __init__(self, platforms: Platforms) -> None:
        self._platforms = platforms

    def operations(self) -> Mapping[str, Any]:
        return {
            "CreatePlatformApplication": self._create,
            "CreatePlatformEndpoint": self._create_endpoint,
            "DeleteEndpoint": self._delete_endpoint,
            "DeletePlatformApplication": self._delete,
            "GetEndpointAttributes": self._get_endpoint,
            "GetPlatformApplicationAttributes": self._get,
            "ListEndpointsByPlatformApplication": self._list_endpoints,
            "ListPlatformApplications": self._list,
            "SetEndpointAttributes": self._set_endpoint,
            "SetPlatformApplicationAttributes": self._set,
        }

    def _create(self, params: Params, caller: Caller) -> Params:
        application = self._platforms.create(
            params["Name"], params["Platform"], params["Attributes"]
        )
        return {"PlatformApplicationArn": application.arn}

    def _delete(self, params: Params, caller: Caller) -> None:
        self._platforms.delete(params["PlatformApplicationArn"])

    def _get(self, params: Params, caller: Caller) -> Params:
        application = self._platforms.get(params["PlatformApplicationArn"])
        return {"Attributes": application.described()}

    def _set(self, params: Params, caller: Caller) -> None:
        application = self._platforms.get(params["PlatformApplicationArn"])
        application.configure(params["Attributes"])

    def _list(self, params: Params, caller: Caller) -> Params:
        entries = [
            {"PlatformApplicationArn": application.arn, "Attributes": application.described()}
            for application in self._platforms.applications.values()
        ]
        shown, token = page(entries, params.get("NextToken"))
        return {"PlatformApplications": shown, "NextToken": token}

    def _create_endpoint(self, params: Params, caller: Caller) -> Params:
        application = self._platforms.get(params["PlatformApplicationArn"])
        attributes = dict(params.get("Attributes") or {})
        if params.get("CustomUserData"):
            attributes["CustomUserData"] = params["CustomUserData"]
        return {"EndpointArn": application.endpoint(params["Token"], attributes).arn}

    def _delete_endpoint(self, params: Params, caller: Caller) -> None:
        self._platforms.delete_endpoint(params["EndpointArn"])

    def _get_endpoint(self, params: Params, caller: Caller) -> Params:
        return {"Attributes": dict(self._platforms.get_endpoint(params["EndpointArn"]).attributes)}

    def _set_endpoint(self, params: Params, caller: Caller) -> None:
        endpoint = self._platforms.get_endpoint(params["EndpointArn"])
        endpoint.configure(params["Attributes"])

    def _list_endpoints(self, params: Params, caller: Caller) -> Params:
        application = self._platforms.get(params["PlatformApplicationArn"])
        entries = [
            {"EndpointArn": endpoint.arn, "Attributes": dict(endpoint.attributes)}
            for endpoint in application.endpoints.values()
        ]
        shown, token = page(entries, params.get("NextToken"))
        return {"Endpoints": shown, "NextToken": token}
