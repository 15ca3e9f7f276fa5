"""Saved queries: text under a name, nothing more."""

import uuid
from typing import Any

from localaws.logs import tokens
from localaws.logs.errors import InvalidParameterException, ResourceNotFoundException
from localaws.logs.limits import MAX_LISTED_GROUPS, MAX_QUERIED_GROUPS
from localaws.time.clock import Clock
from localaws.words.http import Caller

Params = dict[str, Any]


class QueryDefinitions:
    """Each operation takes and returns what boto3 does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: dict[str, Params] = {}

    def put_query_definition(self, params: Params, _caller: Caller) -> Params:
        if len(params.get("logGroupNames") or ()) > MAX_QUERIED_GROUPS:
            # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/logs
            raise InvalidParameterException("Too many log groups specified")
        definition_id = params.get("queryDefinitionId")
        if definition_id is None:
            definition_id = str(uuid.uuid4())
        elif definition_id not in self._by_id:
            raise _not_found()
        kept = {name: value for name, value in params.items() if name != "clientToken"}
        self._by_id[definition_id] = {
            "queryLanguage": "CWLI",
            **kept,
            "queryDefinitionId": definition_id,
            "lastModified": self._clock.now_ms(),
        }
        return {"queryDefinitionId": definition_id}

    def describe_query_definitions(self, params: Params, _caller: Caller) -> Params:
        prefix = params.get("queryDefinitionNamePrefix") or ""
        shown, token = tokens.page(
            "query-definitions",
            (one for one in self._by_id.values() if one["name"].startswith(prefix)),
            lambda one: (one["name"], one["queryDefinitionId"]),
            token=params.get("nextToken"),
            limit=params.get("maxResults"),
            max_limit=MAX_LISTED_GROUPS,
        )
        return {"queryDefinitions": shown, "nextToken": token}

    def delete_query_definition(self, params: Params, _caller: Caller) -> Params:
        if self._by_id.pop(params["queryDefinitionId"], None) is None:
            raise _not_found()
        return {"success": True}


def _not_found() -> ResourceNotFoundException:
    return ResourceNotFoundException("The specified query definition does not exist.")
