"""How a stack deletes resources of ministack's services: as they let themselves be deleted.

ministack takes them out of its services' records, whatever is in them and whoever uses them. On AWS
a handler takes away what its own properties put there, and then calls the service's API, which
refuses to delete a bucket with objects or a policy that somebody else has attached.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
"""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.emulator.stacks.service_answers import handler_error, refusal_in

Properties = Mapping[str, Any]
_Answer = tuple[int, Any, bytes]
_Delete = Callable[[str, Properties], _Answer]


class Deletions:
    """Asks the services.

    Args:
        modules: ministack's services by their names in `seams`.
    """

    def __init__(self, modules: Mapping[str, ModuleType]) -> None:
        self._provisioners = modules["services.cloudformation.provisioners"]
        self._dynamodb = modules["services.dynamodb"]
        self._eventbridge = modules["services.eventbridge"]
        self._iam = modules["services.iam"]
        self._s3 = modules["services.s3"]
        self._kms = modules["services.kms"]

    def take_over(self) -> None:
        """Let ministack's table of resource types, and what replaces resources, lead here."""
        for name, (kinds, delete) in self._of_types().items():
            asking = _asking(delete)
            replace(self._provisioners, name, asking)
            for kind in kinds:
                self._provisioners._RESOURCE_HANDLERS[kind]["delete"] = asking

    def _of_types(self) -> Mapping[str, tuple[tuple[str, ...], _Delete]]:
        return {
            "_s3_delete": (("AWS::S3::Bucket",), self._bucket),
            "_ddb_delete": (("AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"), self._table),
            "_iam_role_delete": (("AWS::IAM::Role",), self._role),
            "_iam_user_delete": (("AWS::IAM::User",), self._user),
            "_iam_managed_policy_delete": (("AWS::IAM::ManagedPolicy",), self._policy),
            "_iam_ip_delete": (("AWS::IAM::InstanceProfile",), self._profile),
            "_eb_rule_delete": (("AWS::Events::Rule",), self._rule),
            "_eb_event_bus_delete": (("AWS::Events::EventBus",), self._bus),
            "_kms_alias_delete": (("AWS::KMS::Alias",), self._alias),
        }

    def _bucket(self, name: str, _bucket: Properties) -> _Answer:
        return self._s3._delete_bucket(name)  # type: ignore[no-any-return]

    def _table(self, name: str, _table: Properties) -> _Answer:
        return self._dynamodb._delete_table({"TableName": name})  # type: ignore[no-any-return]

    def _role(self, name: str, role: Properties) -> _Answer:
        if record := self._iam._roles.get(name):
            for arn in role.get("ManagedPolicyArns") or ():
                self._iam.detach_managed_policy(record, arn)
            for policy in role.get("Policies") or ():
                record["InlinePolicies"].pop(policy["PolicyName"], None)
        return self._ask_iam("DeleteRole", RoleName=name)

    def _user(self, name: str, user: Properties) -> _Answer:
        if record := self._iam._users.get(name):
            for arn in user.get("ManagedPolicyArns") or ():
                self._iam.detach_managed_policy(record, arn)
            own = self._iam._user_inline_policies.get(name) or {}
            for policy in user.get("Policies") or ():
                own.pop(policy["PolicyName"], None)
            for group in user.get("Groups") or ():
                if name in (users := self._iam._groups.get(group, {}).get("Users", [])):
                    users.remove(name)
            if "LoginProfile" in user:
                self._iam._login_profiles.pop(name, None)
        return self._ask_iam("DeleteUser", UserName=name)

    def _policy(self, arn: str, policy: Properties) -> _Answer:
        self._provisioners._iam_policy_reconcile_entities(arn, policy, {})
        # Its own updates left versions behind.
        record = self._iam._policies.get(arn) or {}
        for name, version in list(record.get("Versions", {}).items()):
            if not version["IsDefaultVersion"]:
                del record["Versions"][name]
        return self._ask_iam("DeletePolicy", PolicyArn=arn)

    def _profile(self, arn: str, profile: Properties) -> _Answer:
        name = arn.rpartition("/")[2]
        own = profile.get("Roles") or ()
        if record := self._iam._instance_profiles.get(name):
            record["Roles"] = [role for role in record["Roles"] if role not in own]
        return self._ask_iam("DeleteInstanceProfile", InstanceProfileName=name)

    def _ask_iam(self, action: str, **given: str) -> _Answer:
        request = {name: [value] for name, value in given.items()}
        return self._iam._IAM_HANDLERS[action](request)  # type: ignore[no-any-return]

    def _rule(self, name: str, rule: Properties) -> _Answer:
        bus = self._provisioners._eb_rule_bus_name(rule)
        targets, key = self._eventbridge._targets, self._eventbridge._rule_key(name, bus)
        own = {target["Id"] for target in rule.get("Targets") or ()}
        if key in targets:
            targets[key] = [target for target in targets[key] if target["Id"] not in own]
        given = {"Name": name, "EventBusName": bus}
        return self._eventbridge._delete_rule(given)  # type: ignore[no-any-return]

    def _bus(self, name: str, _bus: Properties) -> _Answer:
        return self._eventbridge._delete_event_bus({"Name": name})  # type: ignore[no-any-return]

    def _alias(self, name: str, _alias: Properties) -> _Answer:
        return self._kms._delete_alias({"AliasName": name})  # type: ignore[no-any-return]


def refuse_deletions(eventbridge: ModuleType) -> None:
    """Let EventBridge refuse to delete a bus with rules: who calls its API is told, too."""
    delete_bus = eventbridge._delete_event_bus

    def bus(data: Mapping[str, Any]) -> Any:
        name = data.get("Name")
        if any(rule.get("EventBusName") == name for rule in eventbridge._rules.values()):
            return eventbridge.error_response_json(
                "ValidationException", f"Event bus {name} can't be deleted since it has rules.", 400
            )
        return delete_bus(data)

    replace(eventbridge, "_delete_event_bus", bus)


def _asking(delete: _Delete) -> Callable[[str, Properties], None]:
    def deleted(physical_id: str, properties: Properties) -> None:
        status, _headers, body = delete(physical_id, properties)
        refusal = refusal_in(body if isinstance(body, bytes) else body.encode())
        if status < 400 or refusal is None:
            return
        code, _message = refusal
        # What somebody has deleted before is deleted.
        if not code.startswith("NoSuch") and "NotFound" not in code:
            raise handler_error(refusal)

    return deleted
