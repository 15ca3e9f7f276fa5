"""Functions and what belongs to them: what their stacks say, what is there, how it is set."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from workshop.drift.comparable import Comparable, Settings, parsed, policy
from workshop.drift.template import Declared, Stack
from workshop.target.session import Session
from workshop.target.waiting import wait_briefly

_RESERVED = "ReservedConcurrentExecutions"
# What Lambda takes where nothing is given. The code is not compared: Lambda tells the SHA-256 of a
# package alone, and a stack names its package by a hash of the sources.
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
_FUNCTION = {
    "Handler": None,
    "Runtime": None,
    "Role": None,
    "Timeout": 3,
    "MemorySize": 128,
    "Description": "",
    _RESERVED: None,
}
# A role takes the right to pass it, a layer that to read it, and a DLQ a role that may send to it.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
_APART = (_RESERVED, "Role", "DeadLetterConfig", "Layers")
# https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
_RETRIES, _AGE_S = 2, 21_600
_ONE_BY_ONE = "Lambda takes one change after the other"
_SWITCHED_ON = ("Creating", "Enabling", "Enabled", "Updating")


def _function_said(function: Declared, _stack: Stack) -> Settings:
    given = function.properties
    said = {name: given.get(name, default) for name, default in _FUNCTION.items()}
    said["Environment"] = dict(given.get("Environment", {}).get("Variables", {}))
    said["DeadLetterConfig"] = given.get("DeadLetterConfig", {}).get("TargetArn")
    said["Layers"] = list(given.get("Layers", []))
    return {name: value for name, value in said.items() if name not in function.unknown}


def _function_found(session: Session, function: Declared) -> Settings:
    answer = session.client("lambda").get_function(FunctionName=function.physical_id)
    found = answer["Configuration"]
    settings = {name: found.get(name, default) for name, default in _FUNCTION.items()}
    settings[_RESERVED] = answer.get("Concurrency", {}).get(_RESERVED)
    environment = found.get("Environment", {})
    # Variables that cannot be decrypted are not shown: nothing can be said about them.
    if "Error" not in environment:
        settings["Environment"] = dict(environment.get("Variables", {}))
    settings["DeadLetterConfig"] = found.get("DeadLetterConfig", {}).get("TargetArn") or None
    settings["Layers"] = [one["Arn"] for one in found.get("Layers", [])]
    return settings


def _restore_function(
    session: Session, function: Declared, names: frozenset[str], said: Settings
) -> None:
    client, name = session.client("lambda"), function.physical_id
    if _RESERVED in names and said[_RESERVED] is None:
        client.delete_function_concurrency(FunctionName=name)
    elif _RESERVED in names:
        client.put_function_concurrency(FunctionName=name, **{_RESERVED: said[_RESERVED]})
    changes = {one: said[one] for one in names - {_RESERVED}}
    if "Environment" in changes:
        changes["Environment"] = {"Variables": changes["Environment"]}
    if "DeadLetterConfig" in changes:
        changes["DeadLetterConfig"] = {"TargetArn": changes["DeadLetterConfig"] or ""}
    if not changes:
        return

    def is_settled() -> bool:
        found = client.get_function_configuration(FunctionName=name)
        return bool(found.get("LastUpdateStatus") != "InProgress")

    settle = partial(wait_briefly, session.clock, is_settled, waits=session.waits)
    settle(f"the function {name} is no longer being changed", cause=_ONE_BY_ONE)
    client.update_function_configuration(FunctionName=name, **changes)
    settle(f"the function {name} is as its stack says", cause="Lambda makes it ready")


def _mapping_said(mapping: Declared, _stack: Stack) -> Settings:
    return _of_mapping(mapping.properties) | {
        "Enabled": str(mapping.properties.get("Enabled", True)).casefold() == "true"
    }


def _of_mapping(given: Mapping[str, Any]) -> dict[str, Any]:
    filters = given.get("FilterCriteria") or {}
    return {
        "BatchSize": int(given.get("BatchSize", 10)),
        "MaximumBatchingWindowInSeconds": int(given.get("MaximumBatchingWindowInSeconds", 0)),
        "FunctionResponseTypes": list(given.get("FunctionResponseTypes", [])),
        "FilterCriteria": [parsed(one["Pattern"]) for one in filters.get("Filters", [])],
        "ScalingConfig": (given.get("ScalingConfig") or {}).get("MaximumConcurrency"),
    }


def _mapping_found(session: Session, mapping: Declared) -> Settings:
    found = session.client("lambda").get_event_source_mapping(UUID=mapping.physical_id)
    return _of_mapping(found) | {"Enabled": found["State"] in _SWITCHED_ON}


def _restore_mapping(
    session: Session, mapping: Declared, names: frozenset[str], said: Settings
) -> None:
    client, uuid = session.client("lambda"), mapping.physical_id
    changes = {name: said[name] for name in names}
    if "FilterCriteria" in changes:
        changes["FilterCriteria"] = mapping.properties.get("FilterCriteria", {})
    if "ScalingConfig" in changes:
        changes["ScalingConfig"] = mapping.properties.get("ScalingConfig", {})

    def is_settled() -> bool:
        state = client.get_event_source_mapping(UUID=uuid)["State"]
        return state in ("Enabled", "Disabled")

    settle = partial(wait_briefly, session.clock, is_settled, waits=session.waits)
    settle(f"the event source mapping {uuid} is not being changed", cause=_ONE_BY_ONE)
    client.update_event_source_mapping(UUID=uuid, **changes)
    settle(f"the event source mapping {uuid} is changed", cause="Lambda tells its pollers")


def _invoke_config_said(config: Declared, _stack: Stack) -> Settings:
    said = _of_invoke_config(config.properties)
    return {} if config.unknown else said


def _of_invoke_config(given: Mapping[str, Any]) -> dict[str, Any]:
    ends = given.get("DestinationConfig") or {}
    return {
        "MaximumRetryAttempts": int(given.get("MaximumRetryAttempts", _RETRIES)),
        "MaximumEventAgeInSeconds": int(given.get("MaximumEventAgeInSeconds", _AGE_S)),
        "OnSuccess": (ends.get("OnSuccess") or {}).get("Destination"),
        "OnFailure": (ends.get("OnFailure") or {}).get("Destination"),
    }


def _invoke_config_found(session: Session, config: Declared) -> Settings:
    client, given = session.client("lambda"), config.properties
    try:
        found = client.get_function_event_invoke_config(
            FunctionName=given["FunctionName"], Qualifier=given["Qualifier"]
        )
    except client.exceptions.ResourceNotFoundException:
        found = {}  # it was deleted: Lambda's defaults hold
    return _of_invoke_config(found)


def _restore_invoke_config(
    session: Session, config: Declared, _names: frozenset[str], _said: Settings
) -> None:
    # It replaces the whole: what the stack does not say is not configured again.
    session.client("lambda").put_function_event_invoke_config(**config.properties)


def _permission_said(permission: Declared, _stack: Stack) -> Settings:
    # Of our stacks all permissions are a service's.
    is_service = str(permission.properties.get("Principal")).endswith(".amazonaws.com")
    if permission.unknown or not is_service:
        return {}
    return {"statement": policy(_statement(permission))}


def _permission_found(session: Session, permission: Declared) -> Settings:
    client, wanted = session.client("lambda"), policy(_statement(permission))
    try:
        function = permission.properties["FunctionName"]
        found = policy(client.get_policy(FunctionName=function)["Policy"])
    except client.exceptions.ResourceNotFoundException:
        found = None
    # Under which id it is there makes no difference.
    return {"statement": wanted if wanted[0] in (found or ()) else None}


def _statement(permission: Declared) -> dict[str, Any]:
    given = permission.properties
    statement = {
        "Effect": "Allow",
        "Action": given["Action"],
        "Principal": {"Service": given["Principal"]},
        "Resource": given["FunctionName"],
    }
    if "SourceArn" in given:
        statement["Condition"] = {"ArnLike": {"AWS:SourceArn": given["SourceArn"]}}
    return {"Statement": [statement]}


def _restore_permission(
    session: Session, permission: Declared, _names: frozenset[str], _said: Settings
) -> None:
    session.client("lambda").add_permission(
        StatementId=permission.physical_id.rpartition("|")[2], **permission.properties
    )


FUNCTION = Comparable("function", _function_said, _function_found, _restore_function, apart=_APART)
MAPPING = Comparable("event source mapping", _mapping_said, _mapping_found, _restore_mapping)
INVOKE_CONFIG = Comparable(
    "asynchronous invocation", _invoke_config_said, _invoke_config_found, _restore_invoke_config
)
PERMISSION = Comparable(
    "function's resource policy", _permission_said, _permission_found, _restore_permission
)
