"""Amazon CloudWatch Logs: its API as operations on plain dicts, and a log sink for the others."""

from collections.abc import Mapping, Sequence

from localaws.logs.event_operations import EventOperations
from localaws.logs.filter_events import FilterEvents
from localaws.logs.filter_operations import (
    MayInvoke,
    MetricFilterOperations,
    SubscriptionFilterOperations,
)
from localaws.logs.group_operations import GroupOperations
from localaws.logs.ingestion import Ingestion
from localaws.logs.query_definitions import QueryDefinitions
from localaws.logs.query_operations import QueryOperations
from localaws.logs.registry import LogGroups
from localaws.logs.resource_policies import ResourcePolicies
from localaws.logs.stream_operations import StreamOperations
from localaws.logs.subscription_filter import Subscriptions
from localaws.logs.tag_operations import TagOperations
from localaws.time.time import Time
from localaws.wire.skin import Operation
from localaws.words.identity import Identity
from localaws.words.ports import AsyncInvoke, MetricSink


class LogsService:
    """One account's CloudWatch Logs in one Region.

    Args:
        invoke_async: how subscriptions reach functions; None where there are none.
        may_invoke: whether a function lets CloudWatch Logs invoke it, asked when a subscription
            is made; default yes to all.
    """

    def __init__(
        self,
        *,
        time: Time,
        identity: Identity,
        metrics: MetricSink,
        invoke_async: AsyncInvoke | None,
        may_invoke: MayInvoke = lambda function_arn, group_arn: True,
    ) -> None:
        self._groups = LogGroups(time.clock, identity)
        subscriptions = Subscriptions(time, identity.account_id, invoke_async)
        self._ingestion = Ingestion(time.clock, metrics, subscriptions)
        self._on_groups = GroupOperations(self._groups)
        self._on_streams = StreamOperations(self._groups)
        self._on_tags = TagOperations(self._groups)
        self._on_events = EventOperations(self._groups, self._ingestion)
        self._filter = FilterEvents(time.clock, self._groups)
        self._on_metric_filters = MetricFilterOperations(time.clock, self._groups)
        self._on_subscriptions = SubscriptionFilterOperations(time.clock, self._groups, may_invoke)
        self._on_queries = QueryOperations(time, identity, self._groups)
        self._on_definitions = QueryDefinitions(time.clock)
        self._on_policies = ResourcePolicies(time.clock, self._groups)

    def put(self, group: str, stream: str, events: Sequence[tuple[int, str]]) -> None:
        """Append `(epoch ms, message)` events; makes the group and stream if missing."""
        self._ingestion.take(*self._groups.made(group, stream), events)

    def missing(self, group: str, stream: str) -> Sequence[str]:
        """The calls that would make what is not there: CreateLogGroup, CreateLogStream."""
        return self._groups.missing(group, stream)

    def operations(self) -> Mapping[str, Operation]:
        """The operations that this service has, by their names."""
        groups, streams, events = self._on_groups, self._on_streams, self._on_events
        return {
            "AssociateKmsKey": groups.associate_kms_key,
            "CreateLogGroup": groups.create_log_group,
            "CreateLogStream": streams.create_log_stream,
            "DeleteLogGroup": groups.delete_log_group,
            "DeleteLogStream": streams.delete_log_stream,
            "DeleteRetentionPolicy": groups.delete_retention_policy,
            "DescribeLogGroups": groups.describe_log_groups,
            "DescribeLogStreams": streams.describe_log_streams,
            "DisassociateKmsKey": groups.disassociate_kms_key,
            "FilterLogEvents": self._filter.filter_log_events,
            "GetLogEvents": events.get_log_events,
            "ListLogGroups": groups.list_log_groups,
            "PutLogEvents": events.put_log_events,
            "PutLogGroupDeletionProtection": groups.put_log_group_deletion_protection,
            "PutRetentionPolicy": groups.put_retention_policy,
            **self._tags(),
            **self._filters(),
            **self._queries(),
            **self._policies(),
        }

    def _tags(self) -> dict[str, Operation]:
        tags = self._on_tags
        return {
            "ListTagsForResource": tags.list_tags_for_resource,
            "ListTagsLogGroup": tags.list_tags_log_group,
            "TagLogGroup": tags.tag_log_group,
            "TagResource": tags.tag_resource,
            "UntagLogGroup": tags.untag_log_group,
            "UntagResource": tags.untag_resource,
        }

    def _filters(self) -> dict[str, Operation]:
        metrics, subscriptions = self._on_metric_filters, self._on_subscriptions
        return {
            "DeleteMetricFilter": metrics.delete_metric_filter,
            "DeleteSubscriptionFilter": subscriptions.delete_subscription_filter,
            "DescribeMetricFilters": metrics.describe_metric_filters,
            "DescribeSubscriptionFilters": subscriptions.describe_subscription_filters,
            "PutMetricFilter": metrics.put_metric_filter,
            "PutSubscriptionFilter": subscriptions.put_subscription_filter,
            "TestMetricFilter": metrics.try_metric_filter,
        }

    def _policies(self) -> dict[str, Operation]:
        policies = self._on_policies
        return {
            "DeleteResourcePolicy": policies.delete_resource_policy,
            "DescribeResourcePolicies": policies.describe_resource_policies,
            "PutResourcePolicy": policies.put_resource_policy,
        }

    def _queries(self) -> dict[str, Operation]:
        queries, definitions = self._on_queries, self._on_definitions
        return {
            "DeleteQueryDefinition": definitions.delete_query_definition,
            "DescribeQueries": queries.describe_queries,
            "DescribeQueryDefinitions": definitions.describe_query_definitions,
            "GetLogRecord": queries.get_log_record,
            "ListLogGroupsForQuery": queries.list_log_groups_for_query,
            "GetQueryResults": queries.get_query_results,
            "PutQueryDefinition": definitions.put_query_definition,
            "StartQuery": queries.start_query,
            "StopQuery": queries.stop_query,
        }
