"""The adapter to ministack, which plays the services around.

CloudFormation, CloudWatch's metrics and alarms, EventBridge, IAM, STS, S3, SSM, KMS, ECR, DynamoDB
and the tagging API are ministack's (`seams.SERVICES`). Lambda, SQS, SNS and CloudWatch Logs are
ours and take the place of its own in CloudFormation, in EventBridge's targets and in alarm actions;
so does `localaws.alarms` where an alarm may change its state. Every name of ministack's that is
used or replaced is listed in `seams` and verified at start.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from typing import Any

from localaws.alarms.evaluation import evaluate
from localaws.cloudformation import ResourceHandler
from localaws.door.credentials import Principal
from localaws.emulator.adapters import EventBus, IamIds, Metrics, Objects, Permissions
from localaws.emulator.alarm_histories import begin_histories
from localaws.emulator.authorization import Gate, Judge
from localaws.emulator.change_sets import compare_references, tell_recreation
from localaws.emulator.deletions import Deletions, refuse_deletions
from localaws.emulator.event_entries import refuse_malformed_entries
from localaws.emulator.events import deliver_alarms, deliver_events, deliver_notifications
from localaws.emulator.exports import hold_exports
from localaws.emulator.front import Front, Refuse
from localaws.emulator.iam_requests import refuse_mistaken_requests
from localaws.emulator.iam_rules import IamRules
from localaws.emulator.json_texts import order_events, write_as_aws
from localaws.emulator.keys import KmsKeys
from localaws.emulator.loop_handlers import on_loop, or_one_of
from localaws.emulator.metric_queries import answer_as_aws
from localaws.emulator.mistakes import Mistakes
from localaws.emulator.nested_stacks import NestedStacks
from localaws.emulator.presigned import expire_by_both_clocks
from localaws.emulator.protocols import serve_models
from localaws.emulator.provisioning import provision_as_aws
from localaws.emulator.refusing import refuse_unserved
from localaws.emulator.requester import Requester
from localaws.emulator.resource_types import OF_THE_EMULATOR, refusing
from localaws.emulator.role_boundaries import keep_boundaries
from localaws.emulator.roles import RolePolicies
from localaws.emulator.rule_names import name_rules_by_bus
from localaws.emulator.rule_requests import refuse_mistaken_rules
from localaws.emulator.seams import load, replace
from localaws.emulator.sessions import SessionRules
from localaws.emulator.settings import complete_settings, setters_of
from localaws.emulator.simulation import Simulation
from localaws.emulator.stack_answers import answer_of_stacks
from localaws.emulator.stack_events import tell_in_order
from localaws.emulator.stack_operations import StackOperations
from localaws.emulator.stack_options import keep_to_options
from localaws.emulator.stack_reasons import tell_reasons
from localaws.emulator.stack_states import keep_to_states
from localaws.emulator.stack_updates import tell_updates
from localaws.emulator.taken_names import keep_names
from localaws.emulator.template_urls import read_templates
from localaws.emulator.template_values import TemplateValues
from localaws.emulator.template_words import speak_as_aws
from localaws.emulator.templates import (
    check_first,
    checking,
    refuse_nested_transforms,
    transforming,
)
from localaws.emulator.time_limits import TimeLimits
from localaws.emulator.users import Users
from localaws.targets import Reach, RuleDeliveries
from localaws.time.clock import Clock
from localaws.words.identity import Identity
from localaws.words.propagation import PolicyPropagation


class Emulator:
    """ministack in this process. Its state is module-level, so a process has one."""

    def __init__(self, identity: Identity, clock: Clock) -> None:
        modules = self._modules = load(identity)
        self._identity = identity
        self._clock = clock
        self._app = modules["app"]
        self._iam_evaluator = modules["core.iam_evaluator"]
        self._stacks = modules["services.cloudformation.stacks"]
        self._stack_records = modules["services.cloudformation"]
        self._provisioners = modules["services.cloudformation.provisioners"]
        self._template_readers = [
            modules[f"services.cloudformation.{name}"] for name in ("handlers", "changesets")
        ]
        self._engine = modules["services.cloudformation.engine"]
        self._nested_readers = {
            name: modules[f"services.cloudformation.{name}"]
            for name in ("engine", "helpers", "provisioners", "stacks")
        }
        speak_as_aws(self._engine, self._template_readers)
        self._cloudwatch = modules["services.cloudwatch"]
        self._eventbridge = modules["services.eventbridge"]
        self._dynamodb = modules["services.dynamodb"]
        self._iam = modules["services.iam"]
        self._kms = modules["services.kms"]
        self.keys = KmsKeys(self._kms, identity)
        self._metrics_late_by_s: Callable[[str, Mapping[str, str]], float] | None = None
        self.metrics = Metrics(self._cloudwatch, clock)
        self.permissions = Permissions(identity, self._iam_evaluator, modules["services.iam"])
        self.unique_ids = IamIds(modules["services.iam"])
        self.judge = Judge(identity, self._iam_evaluator, modules["services.sts"])
        modules["services.iam"]._IAM_HANDLERS["SimulatePrincipalPolicy"] = Simulation(
            identity, self._iam_evaluator, modules["services.iam"]
        )
        self._iam_rules = IamRules(modules["services.iam"], self.permissions.has_principal)
        refuse_mistaken_requests(modules["services.iam"], self._iam_rules)
        self._users = Users(identity, modules["services.iam"])
        self._requester = Requester(identity, self.unique_ids)
        gate, sessions = Gate(identity, self.judge, modules), SessionRules(modules["services.iam"])
        self.front = Front(self._app, gate, self._users, self._requester, sessions, clock)
        self._s3 = modules["services.s3"]
        expire_by_both_clocks(self._s3, clock)
        read_templates(modules["services.cloudformation.helpers"], self._s3)
        self.objects = Objects(self._s3, self._requester)
        self.event_bus = EventBus(self._eventbridge)
        serve_models(modules["core.responses"])
        replace(self._cloudwatch, "_evaluate_alarm", self._evaluate_alarm)
        answer_as_aws(self._cloudwatch)
        write_as_aws((self._cloudwatch, self._eventbridge, self._provisioners))
        order_events(self._eventbridge)
        begin_histories(self._cloudwatch, clock)
        refuse_malformed_entries(self._eventbridge)
        refuse_mistaken_rules(self._eventbridge)
        refuse_unserved(self._eventbridge, self._dynamodb, self._cloudwatch)
        refuse_deletions(self._eventbridge)
        Deletions(modules).take_over()

    def follow(self, clock: Clock, loop: asyncio.AbstractEventLoop) -> None:
        """From now on ministack reads this clock and calls back into this loop.

        ministack reads the process's clock, so that is what moves.
        """
        # Where pytest is installed time_machine loads all of it, for a plugin that is no use here.
        sys.modules.setdefault("pytest", None)  # type: ignore[arg-type]
        import time_machine

        replace(self._app, "_MAIN_LOOP", loop)
        traveller = time_machine.travel(clock.now_s(), tick=clock.flows).start()

        def move() -> None:
            traveller.move_to(clock.now_s(), tick=clock.flows)
            # A moved time that ticks stands still until it is first read.
            self._cloudwatch.time.time()

        move()
        clock.on_move(move)

    def propagate_roles(self, propagation: PolicyPropagation) -> None:
        """Let changes of roles take effect as `propagation` says, and not at once."""
        roles = RolePolicies(self._iam_evaluator, self._iam, self._identity.account_id, propagation)
        self.front.roles = self.permissions.roles = roles

    def refuse_first(self, refuse: Refuse) -> None:
        """Let `refuse` answer requests in the place of a service, where it does."""
        self.front.refuse = refuse

    def expect_late_metrics(self, late_by_s: Callable[[str, Mapping[str, str]], float]) -> None:
        """Let alarms look as far back as the metrics of a namespace and dimensions are late."""
        self._metrics_late_by_s = late_by_s

    def credential(self, access_key_id: str) -> Principal | None:
        """Whom an access key that STS or IAM issued stands for, or None."""
        found = self._iam_evaluator.resolve_credential(access_key_id, self._identity.account_id)
        if not isinstance(found, self._iam_evaluator.ResolvedCredential):
            return None
        if found.principal_type == "Root":
            return None  # ministack knows a default pair that every web search finds
        return Principal(
            arn=found.principal_arn,
            access_key_id=access_key_id,
            secret_access_key=found.secret_access_key,
            session_token=found.session_token,
        )

    def add_administrator(self, principal: Principal) -> None:
        """Let IAM know the user whose credentials the endpoint gives out."""
        self._users.add_administrator(principal)

    def remember(self, principal: Principal) -> None:
        """Let STS and IAM know whom an access key that was issued elsewhere stands for."""
        self.judge.remember(principal)

    def register_resources(
        self, handlers: Mapping[str, ResourceHandler], loop: asyncio.AbstractEventLoop
    ) -> None:
        """Let our services provision their CloudFormation resource types."""
        # They are called beside the loop; an update that failed between two of a handler's calls is
        # sent back like any other.
        for name in ("_runs_on_worker_thread", "_sends_back_failed_update"):
            replace(self._stacks, name, or_one_of(handlers, getattr(self._stacks, name)))
        table = self._provisioners._RESOURCE_HANDLERS
        for resource_type in table.keys() - OF_THE_EMULATOR:
            del table[resource_type]
        for resource_type, handler in handlers.items():
            table[resource_type] = on_loop(handler, loop)
        name_rules_by_bus(table, self._provisioners._eb_rule_bus_name)
        keep_boundaries(table, self._iam)
        values = TemplateValues(self._engine, self._stack_records)
        values.take_over(self._stacks, (self._engine, *self._template_readers))
        for module in self._template_readers:
            theirs = module.validate_template_support
            looks = values.checking(refusing(theirs, table))
            look = checking(looks, module._resolve_parameters)
            replace(module, "validate_template_support", look)
            transforms = transforming(
                module._apply_transforms, self._engine._TransformFailed, self._identity.account_id
            )
            replace(module, "_apply_transforms", transforms)
        answering, change_sets = self._template_readers
        check_first(answering)
        values.know_stacks(answering)
        refuse_nested_transforms(self._provisioners)
        importer_of = hold_exports(answering, self._stacks, self._stack_records)
        limits = TimeLimits(self._stacks, self._stack_records, self._clock.now_s)
        keep_to_options(answering, self._stack_records, self._iam._roles, limits)
        compare_references(change_sets)
        tell_recreation(self._stacks)
        keep_names(self._stacks, self._modules)
        complete_settings(
            self._stacks,
            setters_of(self._s3, self._eventbridge, self._kms, self._dynamodb, self._identity),
        )
        mistakes = Mistakes(
            self._eventbridge._event_pattern_error,
            self.front.check,
            self._s3._validate_bucket_name,
            self._iam_rules,
        )
        provision_as_aws(self._stacks, mistakes)
        limits.hold()
        operations = StackOperations(self._stacks, answering, self._stack_records)
        operations.take_over((answering, change_sets))
        tell_updates(self._stacks, self._stack_records)
        # What is in a nested stack is made there.
        for name in ("_provision_resource", "_update_resource"):
            replace(self._provisioners, name, getattr(self._stacks, name))
        NestedStacks(
            self._nested_readers,
            self._stack_records,
            answering.validate_template_support,
            importer_of,
            self._clock.now_s,
        ).take_over()
        tell_in_order(self._stacks)
        keep_to_states(answering, change_sets)
        tell_reasons(self._stacks, self._stack_records, self._template_readers)
        answer_of_stacks(answering, self._stack_records)
        # The one of our types that takes tags and that ministack's list lacks.
        tagged = self._provisioners._STACK_TAG_PROPERTY
        tagged["AWS::Lambda::EventSourceMapping"] = ("Tags", "list")

    def deliver_to(
        self, reach: Reach, rules: RuleDeliveries, loop: asyncio.AbstractEventLoop
    ) -> None:
        """Let EventBridge's rules, alarms and buckets reach our services."""
        deliver_events(self._eventbridge, rules, loop)
        deliver_alarms(self._cloudwatch, reach, self.event_bus, self._clock)
        deliver_notifications(self._s3, reach, self._requester, loop)

    def evaluate_alarms(self) -> bool:
        """Look at every alarm with the metrics as they are now; True while one is in ALARM."""
        alarms = list(self._cloudwatch._alarms.values())
        for alarm in alarms:
            self._evaluate_alarm(alarm)
        return any(alarm["StateValue"] == "ALARM" for alarm in alarms)

    def watches(self, namespace: str) -> bool:
        """Whether any alarm looks at a metric of this namespace."""
        return any(
            alarm.get("Namespace") == namespace for alarm in self._cloudwatch._alarms.values()
        )

    def _evaluate_alarm(self, alarm: dict[str, Any]) -> None:
        # ministack's own evaluation adds up all dimensions of a metric.
        dimensions = {d["Name"]: d["Value"] for d in alarm.get("Dimensions", [])}
        key = (
            alarm.get("Namespace"),
            alarm.get("MetricName"),
            self._cloudwatch._dims_key(dimensions),
        )
        points = (
            (point["Timestamp"], point["Value"])
            for point in self._cloudwatch._metrics.get(key, ())
            for _ in range(round(point.get("Count", 1.0)))
        )
        new = evaluate(alarm, points, self._clock.now_s() - self._late_by_s(alarm, dimensions))
        old_value = alarm["StateValue"]
        if new is None or new.value == old_value:
            return
        alarm["StateValue"], alarm["StateReason"] = new.value, new.reason
        alarm["StateUpdatedTimestamp"] = int(self._clock.now_s())
        self._cloudwatch._record_history(alarm["AlarmName"], old_value, new.value, new.reason)
        self._cloudwatch._dispatch_alarm_actions(alarm, old_value, new.value, new.reason)
        self._cloudwatch._evaluate_parent_alarms(alarm)

    def _late_by_s(self, alarm: Mapping[str, Any], dimensions: Mapping[str, str]) -> float:
        if self._metrics_late_by_s is None:
            return 0.0
        return self._metrics_late_by_s(alarm.get("Namespace", ""), dimensions)
