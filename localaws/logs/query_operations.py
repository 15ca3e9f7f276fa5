"""CloudWatch Logs Insights' operations on queries, and on single records that they found."""

import uuid
from typing import Any

from localaws.logs import tokens
from localaws.logs.errors import (
    InvalidNextToken,
    InvalidParameterException,
    MalformedQueryException,
    ResourceNotFoundException,
)
from localaws.logs.group import LogGroup
from localaws.logs.insights import parse_query
from localaws.logs.insights.rows import EventRow, pointed_at
from localaws.logs.limits import (
    DEFAULT_QUERY_LIMIT,
    MAX_LISTED_GROUPS,
    MAX_QUERIED_GROUPS,
    MAX_QUERY_LIMIT,
    MAX_QUERY_PAGE,
)
from localaws.logs.names import group_name_of
from localaws.logs.query import Query
from localaws.logs.reading import Span
from localaws.logs.registry import LogGroups
from localaws.time.time import Time
from localaws.words.http import Caller
from localaws.words.identity import Identity

Params = dict[str, Any]


class QueryOperations:
    """Each takes and returns what boto3 does."""

    def __init__(self, time: Time, identity: Identity, groups: LogGroups) -> None:
        self._time = time
        self._identity = identity
        self._groups = groups
        self._queries: dict[str, Query] = {}

    def start_query(self, params: Params, caller: Caller) -> Params:
        groups = self._groups_of(params, caller)
        if params.get("queryLanguage", "CWLI") != "CWLI":
            raise InvalidParameterException(
                "The embedded AWS reads the Logs Insights query language (CWLI) only."
            )
        start_s, end_s = params["startTime"], params["endTime"]
        if start_s > end_s:
            raise InvalidParameterException("endTime must not be before startTime.")
        pipeline = parse_query(params["queryString"])
        self._check_range(groups, end_s, params["queryString"])
        limit = params.get("limit") or DEFAULT_QUERY_LIMIT
        query = Query(
            str(uuid.uuid4()),
            params["queryString"],
            pipeline,
            [group.name for group in groups],
            self._time.now_ms(),
            MAX_QUERY_LIMIT if pipeline.limit is not None else limit,
        )
        self._queries[query.query_id] = query
        query.start(
            self._time,
            self._identity.account_id,
            [stream for group in groups for stream in group.streams.values()],
            Span(start_s * 1000, end_s * 1000 + 1000),
        )
        return {"queryId": query.query_id}

    def get_query_results(self, params: Params, _caller: Caller) -> Params:
        query = self._query(params["queryId"])
        start = 0
        if token := params.get("nextToken"):
            [start] = tokens.decode(query.query_id, token, 1)
        if not isinstance(start, int) or start < 0:
            raise InvalidNextToken
        end = start + (params.get("maxItems") or MAX_QUERY_PAGE)
        answer: Params = {
            "queryLanguage": "CWLI",
            "results": [
                [{"field": field, "value": value} for field, value in row]
                for row in query.results[start:end]
            ],
            "statistics": query.statistics(),
            "status": query.status,
        }
        if end < len(query.results):
            answer["nextToken"] = tokens.encode(query.query_id, end)
        return answer

    def stop_query(self, params: Params, _caller: Caller) -> Params:
        self._query(params["queryId"]).stop()
        return {"success": True}

    def describe_queries(self, params: Params, _caller: Caller) -> Params:
        group_name, status = params.get("logGroupName"), params.get("status")
        queries, token = tokens.page(
            "queries",
            (
                query
                for query in self._queries.values()
                if status in (None, query.status)
                and (group_name is None or group_name in query.group_names)
            ),
            lambda query: (query.created_ms, query.query_id),
            token=params.get("nextToken"),
            limit=params.get("maxResults"),
            descending=True,
            max_limit=MAX_LISTED_GROUPS,
        )
        return {"queries": [query.described() for query in queries], "nextToken": token}

    def list_log_groups_for_query(self, params: Params, _caller: Caller) -> Params:
        names, token = tokens.page(
            "query-groups",
            self._query(params["queryId"]).group_names,
            lambda name: (name,),
            token=params.get("nextToken"),
            limit=params.get("maxResults"),
            max_limit=MAX_QUERIED_GROUPS,
        )
        return {"logGroupIdentifiers": names, "nextToken": token}

    def get_log_record(self, params: Params, _caller: Caller) -> Params:
        try:
            group_name, stream_name, position = pointed_at(params["logRecordPointer"])
        except (InvalidNextToken, ValueError):
            raise InvalidParameterException(
                "The specified log record pointer is invalid."
            ) from None
        stream = self._groups.stream(self._groups.named(group_name), stream_name)
        index = stream.index_at(position)
        if index == len(stream) or stream.position(index) != position:
            raise ResourceNotFoundException("The specified log record does not exist.")
        return {"logRecord": EventRow(self._identity.account_id, (*position, stream, index)).all()}

    def _check_range(self, groups: list[LogGroup], end_s: int, text: str) -> None:
        """Refuse a range that ends before any of the groups has anything.

        Programs that met this quote it with ([0,79]), ([0,110]) and ([0,146]), whatever the range:
        these are offsets in their queries.
        """
        now_ms, end_ms = self._time.now_ms(), end_s * 1000 + 999
        if all(end_ms < max(g.created_ms, g.expires_before_ms(now_ms)) for g in groups):
            raise MalformedQueryException(
                "Query's end date and time is either before the log groups creation time or "
                f"exceeds the log groups log retention settings ([0,{len(text)}])",
                0,
                len(text),
            )

    def _query(self, query_id: str) -> Query:
        query = self._queries.get(query_id)
        if query is None:
            raise ResourceNotFoundException(
                f"Query '{query_id}' does not exist for account ID '{self._identity.account_id}'"
            )
        return query

    def _groups_of(self, params: Params, caller: Caller) -> list[LogGroup]:
        given = [
            params[member] if isinstance(params[member], list) else [params[member]]
            for member in ("logGroupName", "logGroupNames", "logGroupIdentifiers")
            if params.get(member)
        ]
        if len(given) != 1:
            raise InvalidParameterException(
                "Exactly one of logGroupName, logGroupNames or logGroupIdentifiers is required."
            )
        names = list(dict.fromkeys(given[0]))
        if len(names) > MAX_QUERIED_GROUPS:
            raise InvalidParameterException(
                f"A query can read from {MAX_QUERIED_GROUPS} log groups at most."
            )
        return [self._group(name, caller) for name in names]

    def _group(self, identifier: str, caller: Caller) -> LogGroup:
        try:
            return self._groups.identified(identifier)
        except ResourceNotFoundException:
            name = group_name_of(self._identity, identifier)
            raise ResourceNotFoundException(
                f"Log group '{name}' does not exist for account ID "
                f"'{self._identity.account_id}' (Service: AWSLogs; Status Code: 400; Error Code: "
                f"ResourceNotFoundException; Request ID: {caller.request_id}; Proxy: null)"
            ) from None
