"""The adapter to ministack, which plays the services around.

CloudFormation, CloudWatch's metrics and alarms, EventBridge, IAM, STS, S3, SSM, KMS, ECR, DynamoDB
and the tagging API are ministack's (`seams.SERVICES`). Lambda, SQS, SNS and CloudWatch Logs are
ours and take the place of its own in CloudFormation, in EventBridge's targets and in alarm actions;
so does `localaws.alarms` where an alarm may change its state. Every name of ministack's that is
used or replaced is listed in `seam_names` and verified at start by `seams`.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping

from localaws.cloudformation import Importer, ResourceHandler
from localaws.door.credentials import Principal
from localaws.emulator.adapters import EventBus, IamIds, Metrics, Objects, Permissions
from localaws.emulator.bucket_policies import refuse_mistaken_policies
from localaws.emulator.events.alarm_histories import begin_histories
from localaws.emulator.events.alarms import Alarms
from localaws.emulator.events.bus_names import take_buses_by_arn
from localaws.emulator.events.deliveries import (
    deliver_alarms,
    deliver_events,
    deliver_notifications,
)
from localaws.emulator.events.event_entries import refuse_malformed_entries
from localaws.emulator.events.json_texts import order_events, write_as_aws
from localaws.emulator.events.metric_queries import answer_as_aws
from localaws.emulator.events.rule_requests import refuse_mistaken_rules
from localaws.emulator.front import Front, Refuse
from localaws.emulator.iam.authorization import Gate, Judge
from localaws.emulator.iam.requester import Requester
from localaws.emulator.iam.requests import refuse_mistaken_requests
from localaws.emulator.iam.roles import RolePolicies
from localaws.emulator.iam.rules import IamRules
from localaws.emulator.iam.sessions import SessionRules
from localaws.emulator.iam.simulation import Simulation
from localaws.emulator.iam.users import Users
from localaws.emulator.key_rules import refuse_mistaken_keys
from localaws.emulator.keys import KmsKeys
from localaws.emulator.parameter_rules import refuse_mistaken_parameters
from localaws.emulator.presigned import expire_by_both_clocks
from localaws.emulator.protocols import serve_models
from localaws.emulator.refusing import refuse_unserved
from localaws.emulator.seams import load, replace
from localaws.emulator.stacks.service import EmulatedStacks
from localaws.targets import Reach, RuleDeliveries
from localaws.time.activity import Activity
from localaws.time.clock import Clock
from localaws.words.identity import Identity
from localaws.words.propagation import PolicyPropagation


class Emulator:
    """ministack in this process. Its state is module-level, so a process has one."""

    def __init__(self, identity: Identity, clock: Clock) -> None:
        modules = load(identity)
        self._identity = identity
        self._clock = clock
        self._app = modules["app"]
        self._iam_evaluator = modules["core.iam_evaluator"]
        self._cloudwatch = modules["services.cloudwatch"]
        self._eventbridge = modules["services.eventbridge"]
        self._iam = modules["services.iam"]
        self.keys = KmsKeys(modules["services.kms"], identity)
        refuse_mistaken_parameters(modules["services.ssm"])
        refuse_mistaken_keys(modules["services.kms"], identity.account_id)
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
        refuse_mistaken_policies(self._s3)
        self.objects = Objects(self._s3, self._requester)
        self.event_bus = EventBus(self._eventbridge)
        serve_models(modules["core.responses"])
        self._alarms = Alarms(self._cloudwatch, clock)
        answer_as_aws(self._cloudwatch, identity, clock)
        write_as_aws(
            (
                self._cloudwatch,
                self._eventbridge,
                modules["services.cloudformation.provisioners"],
            )
        )
        order_events(self._eventbridge)
        begin_histories(self._cloudwatch, modules["services.cloudformation.provisioners"], clock)
        refuse_malformed_entries(self._eventbridge)
        refuse_mistaken_rules(self._eventbridge)
        take_buses_by_arn(self._eventbridge)
        refuse_unserved(self._eventbridge, modules["services.dynamodb"], self._cloudwatch, clock)
        self._stacks = EmulatedStacks(modules, identity, clock)

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
        self._alarms.late_by_s = late_by_s

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
        self,
        handlers: Mapping[str, ResourceHandler],
        importers: Mapping[str, Importer],
        loop: asyncio.AbstractEventLoop,
        activity: Activity,
    ) -> None:
        """Let our services provision and import their CloudFormation resource types."""
        self._stacks.make_with(
            handlers, importers, loop, self.front.check, self._iam_rules, activity
        )

    def deliver_to(
        self, reach: Reach, rules: RuleDeliveries, loop: asyncio.AbstractEventLoop
    ) -> None:
        """Let EventBridge's rules, alarms and buckets reach our services."""
        deliver_events(self._eventbridge, rules)
        deliver_alarms(self._cloudwatch, reach, self.event_bus, self._clock)
        deliver_notifications(self._s3, reach, self._requester, loop)

    def evaluate_alarms(self) -> float | None:
        """Look at every alarm with the metrics as they are now.

        Returns:
            After how many seconds to look again; None while time alone can change none of them.
        """
        return self._alarms.evaluate()

    def looks_after(self, namespace: str, at_s: float) -> set[float]:
        """When the alarms that look at a namespace can judge what happened at a moment."""
        return self._alarms.looks_after(namespace, at_s)

    def tell_of_data(self, recorded: Callable[[str, float], None]) -> None:
        """Call `recorded(namespace, at_s)` of data that PutMetricData brings or new alarms find."""
        self._alarms.recorded = recorded
