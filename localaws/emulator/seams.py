"""Where ministack and this project meet, verified at start. The only import of ministack."""

import importlib
import importlib.metadata
import os
from types import ModuleType
from typing import Any

from localaws.words.identity import Identity

SUPPORTED_VERSION = "1.5.33"

# Module of ministack -> the names that this adapter uses or replaces.
_SEAMS: dict[str, tuple[str, ...]] = {
    "app": (
        "app",
        "_MAIN_LOOP",
        "SERVICE_HANDLERS",
        "_decompress_request_body",
        "_routing_params",
        "detect_service",
        "logger",
    ),
    "core.responses": ("_BOTOCORE_NAME", "_service_model"),
    "core.iam_actions": (
        "_param",
        "access_denied_response",
        "eventbridge_resource_arns",
        "extract_iam_action",
        "extract_resource_arn",
        "s3_additional_checks",
    ),
    "core.iam_evaluator": (
        "AuthError",
        "combine_resource_policy",
        "resolve_principal",
        "_resource_policy",
        "EvalContext",
        "evaluate",
        "evaluate_resource_policy",
        "resolve_credential",
        "ResolvedCredential",
        "_action_matches",
        "_gather_role_policies",
        "_gather_user_policies",
        "_permissions_boundary",
        "_resolve_condition_key",
        "_resource_matches",
    ),
    "services.cloudformation": ("_exports", "_stack_events", "_stacks"),
    "services.cloudformation.changesets": (
        "_IMPORT_LOOKUPS",
        "_add_event",
        "_create_then_delete_on_failure",
        "_find_change_set",
        "_import_changes",
        "_apply_transforms",
        "_create_stack_task_in_region",
        "_evaluate_conditions",
        "_parse_template",
        "_resolve_parameters",
        "_resolve_refs",
        "validate_template_support",
    ),
    "services.cloudformation.engine": (
        "CfnLoader",
        "_NO_VALUE",
        "_TransformFailed",
        "_construct_cfn_tag",
        "_evaluate_conditions",
        "_parse_template",
        "_resolve_parameters",
        "_resolve_refs",
        "_evaluate_conditions",
        "_topological_sort",
        "get_account_id",
        "get_region",
        "yaml",
    ),
    "services.cloudformation.handlers": (
        "_ACTION_HANDLERS",
        "_add_event",
        "_create_then_delete_on_failure",
        "_apply_transforms",
        "_capabilities_enforced",
        "_check_capabilities",
        "_create_stack_task_in_region",
        "_error",
        "_evaluate_conditions",
        "_extract_members",
        "_imported_export_names",
        "_p",
        "_parse_template",
        "_resolve_parameters",
        "_resolve_refs",
        "_resolve_stack",
        "_resolve_template",
        "_stack_has_no_updates",
        "_xml",
        "validate_template_support",
    ),
    "services.cloudformation.helpers": (
        "_error",
        "_p",
        "_resolve_document",
        "_resolve_template",
    ),
    "services.cloudformation.stacks": (
        "_add_event",
        "_create_then_delete_on_failure",
        "_create_stack_task_in_region",
        "_delete_resource",
        "_delete_stack_async",
        "_deploy_stack_async",
        "_evaluate_conditions",
        "_property_recreation",
        "_provision_resource",
        "_resolve_dynamic_references",
        "_resolve_refs",
        "_resolve_stack_outputs",
        "_resource_policy",
        "_roll_back_operation",
        "_runs_on_worker_thread",
        "_sends_back_failed_update",
        "_update_resource",
        "_validation_errors",
        "now_iso",
    ),
    "services.cloudformation.provisioners": (
        "_eb_rule_bus_name",
        "json",
        "_check_nested_stack_capabilities",
        "_cw_metric_alarm_record",
        "_ddb_delete",
        "_eb_event_bus_delete",
        "_eb_rule_bus_name",
        "_eb_rule_delete",
        "_iam_ip_delete",
        "_iam_managed_policy_delete",
        "_iam_policy_reconcile_entities",
        "_iam_role_delete",
        "_iam_user_delete",
        "_kms_alias_delete",
        "_s3_delete",
        "_nested_stack_lookup_name",
        "_RESOURCE_HANDLERS",
        "_STACK_TAG_PROPERTY",
        "_provision_resource",
        "_update_resource",
    ),
    "services.cloudwatch": (
        "_alarms",
        "_dashboards",
        "_metrics",
        "_dims_from_list",
        "_dims_key",
        "_dispatch_alarm_actions",
        "_evaluate_alarm",
        "_evaluate_parent_alarms",
        "_get_metric_data",
        "_error",
        "_metric_bucket",
        "_p",
        "_put_composite_alarm",
        "_put_metric_alarm",
        "_put_metric_data",
        "_history_entries",
        "_ts_iso",
        "_record_history",
        "json",
        "time",
    ),
    "services.dynamodb": (
        "_create_table",
        "_delete_table",
        "_tables",
        "_enable_kinesis_streaming_destination",
        "_pitr_settings",
        "_tables",
        "_update_table",
        "error_response_json",
    ),
    "services.ecr": ("_repositories",),
    "services.eventbridge": (
        "_EventView",
        "_delete_event_bus",
        "_delete_rule",
        "_describe_rule",
        "_disable_rule",
        "_dispatch_to_event_bus",
        "_dispatch_to_lambda",
        "_dispatch_to_sns",
        "_dispatch_to_sqs",
        "_event_buses",
        "_event_pattern_error",
        "_enable_rule",
        "_invoke_target",
        "_list_targets_by_rule",
        "_pattern_event_view",
        "_put_events",
        "_put_rule",
        "_put_targets",
        "_remove_targets",
        "_rule_key",
        "_rules",
        "_targets",
        "json",
        "error_response_json",
        "_target_matches_request_scope",
    ),
    "services.iam": (
        "_IAM_HANDLERS",
        "_access_keys",
        "_attach_user_policy",
        "_create_user",
        "_error",
        "_group_inline_policies",
        "_groups",
        "_instance_profiles",
        "_login_profiles",
        "_lookup_policy",
        "_p",
        "_policies",
        "_policy_exists",
        "_role_xml",
        "_roles",
        "_user_inline_policies",
        "_users",
        "_xml",
        "detach_managed_policy",
    ),
    "services.kms": ("_alias_arn", "_aliases", "_delete_alias", "_keys", "_resolve_key"),
    "services.s3": (
        "_bucket_notifications",
        "_bucket_tags",
        "_bucket_versioning",
        "_buckets",
        "_delete_bucket",
        "_deliver_event_to_lambda",
        "_deliver_event_to_sns",
        "_deliver_event_to_sqs",
        "_fire_s3_event",
        "_fire_s3_event_async",
        "_get_object_data",
        "_invalid_notification_config",
        "_next_event_sequencer",
        "_put_object",
        "_validate_bucket_name",
        "_validate_notification_configs",
        "presigned_request_is_expired",
    ),
    "services.ssm": ("_parameters",),
    "services.sts": ("_role_id", "_sessions", "register_session"),
}

# The services that ministack plays here, as signatures name them -> botocore's name of the model
# that tells a client's mistake from a defect; None where the protocol is not one of ours.
SERVICES: dict[str, str | None] = {
    "cloudformation": "cloudformation",
    "dynamodb": "dynamodb",
    "ecr": "ecr",
    "events": "events",
    "iam": "iam",
    "kms": "kms",
    "monitoring": "cloudwatch",
    "s3": None,
    "ssm": "ssm",
    "sts": "sts",
    "tagging": "resourcegroupstaggingapi",
}


class UnsupportedEmulator(RuntimeError):
    """The installed ministack is not the one this adapter was written for."""


def load(identity: Identity) -> dict[str, ModuleType]:
    """ministack's modules by their names in `_SEAMS`.

    Raises:
        UnsupportedEmulator: another version, or a name that this adapter uses is gone.
    """
    # ministack reads its settings from the environment, some of them while it is imported.
    os.environ |= {
        "MINISTACK_ACCOUNT_ID": identity.account_id,
        "MINISTACK_REGION": identity.region,
        "SERVICES": ",".join(SERVICES),
        "LOG_LEVEL": "ERROR",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
    version = importlib.metadata.version("ministack")
    modules = {name: importlib.import_module(f"ministack.{name}") for name in _SEAMS}
    missing = [
        f"{module}.{name}"
        for module, names in _SEAMS.items()
        for name in names
        if not hasattr(modules[module], name)
    ]
    if version != SUPPORTED_VERSION or missing:
        raise UnsupportedEmulator(
            f"ministack {version} is installed, {SUPPORTED_VERSION} is supported"
            + (f"; it lacks {', '.join(missing)}" if missing else "")
            + ". Install the locked requirements again."
        )
    return modules


def replace(module: ModuleType, name: str, value: Any) -> None:
    """Put our own in the place of one of ministack's names."""
    vars(module)[name] = value
