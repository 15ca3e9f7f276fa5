"""Puts one embedded AWS together: each service is made here, once, and handed its ports."""

import asyncio
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localaws.alarms.schedule import AlarmSchedule
from localaws.authorization import INVOKE_BY_URL, Authorizer
from localaws.cloudformation import Api, importers, resource_handlers
from localaws.door.connections import Connections, most_connections
from localaws.door.credentials import Credentials
from localaws.door.endpoint import Endpoint, SecretPath
from localaws.door.signatures import SignatureVerifier
from localaws.emulator import Emulator
from localaws.lambda_.control_plane import ControlPlane
from localaws.lambda_.data_plane import DataPlane
from localaws.lambda_.event_source_mappings.operations import briefly
from localaws.lambda_.functions.code import PACKAGES_PATH
from localaws.lambda_.runtime import (
    HANDLERS_DIR,
    RUNTIME_PATH,
    ExecutionEnvironments,
    Interpreters,
)
from localaws.lambda_.urls.operations import URLS_PATH
from localaws.lateness import LateAws
from localaws.launch import EndpointInfo
from localaws.logs import LogsService, RoleLogs
from localaws.sns import SnsService
from localaws.sqs import SqsService
from localaws.targets import Reach, RuleDeliveries
from localaws.time.clock import Clock
from localaws.time.clock_api import ClockApi
from localaws.time.mode import Mode
from localaws.time.time import Time
from localaws.time.timekeeper import Timekeeper
from localaws.wire.skin import ServiceSkin
from localaws.words.http import Caller, HttpRequest, HttpResponse
from localaws.words.identity import Identity
from localaws.words.ports import LogSink


class EmbeddedAws:
    """All services of one account and Region behind one endpoint.

    Made on the event loop's thread, which owns all of its state from then on.

    Args:
        identity: the account and Region to play.
        port: the TCP port on 127.0.0.1 that the endpoint will be served on.
        work_dir: an empty folder for unpacked code; the caller removes it.
        lateness: the seed of `localaws.lateness`; None: nothing is late.
        mode: how time passes.
        start_s: virtual time at the beginning, in seconds since the epoch; handlers then draw the
            same numbers in each run. None: it begins now.
    """

    def __init__(
        self,
        identity: Identity,
        port: int,
        work_dir: Path,
        lateness: int | None = None,
        mode: Mode = "skip",
        start_s: float | None = None,
    ) -> None:
        self._identity = identity
        self._base_url = f"http://127.0.0.1:{port}"
        self._port = port
        self._is_repeatable = start_s is not None
        clock = Clock(start_s=start_s, flows=start_s is None or mode != "skip")
        self._time = Time(clock)
        self._timekeeper = Timekeeper(self._time, mode)
        self._emulator = Emulator(identity, self._time.clock)
        self._credentials = Credentials(
            identity, elsewhere=self._emulator.credential, announce=self._emulator.remember
        )
        self._lateness = "" if lateness is None else str(lateness)
        self._late = LateAws(self._time, lateness)
        self._late.around(self._emulator)
        emulator = self._emulator
        alarms = AlarmSchedule(
            self._time, emulator.metrics, emulator.looks_after, emulator.evaluate_alarms
        )
        self._emulator.tell_of_data(alarms.recorded)
        self._metrics = self._late.metric_sink(alarms, self._emulator)
        self._make_services(work_dir)
        self._authorizer = self._make_authorizer()
        self._skins = {
            name: ServiceSkin(name, operations, self._authorizer.authorize)
            for name, operations in self._operations().items()
        }
        self._connect_emulator(asyncio.get_running_loop())
        self.connections = Connections(most_connections())
        self.app = self._make_endpoint()

    @property
    def info(self) -> EndpointInfo:
        """How to reach it."""
        administrator = self._credentials.administrator
        return EndpointInfo(
            endpoint_url=self._base_url,
            clock_url=f"{self._base_url}/_clock",
            region=self._identity.region,
            account_id=self._identity.account_id,
            aws_access_key_id=administrator.access_key_id,
            aws_secret_access_key=administrator.secret_access_key,
            lateness=self._lateness,
        )

    async def keep_time(self) -> None:
        """Drive the clock until cancelled; nothing happens by itself without it."""
        await self._timekeeper.drive()

    async def close(self) -> None:
        """End every wait and every handler process."""
        self.app.close()
        self._control_plane.close()
        await self._environments.close()

    def _make_services(self, work_dir: Path) -> None:
        self._logs = LogsService(
            time=self._time,
            identity=self._identity,
            metrics=self._metrics,
            invoke_async=self._invoke_async,
            may_invoke=self._may_invoke_from_logs,
        )
        self._sqs = SqsService(
            time=self._time,
            identity=self._identity,
            metrics=self._metrics,
            base_url=self._base_url,
            propagation=self._late.queues,
            unique_ids=self._emulator.unique_ids,
            keys=self._emulator.keys,
        )
        self._make_lambda(work_dir)
        self._sns = SnsService(
            time=self._time,
            identity=self._identity,
            sqs=self._sqs,
            invoke_async=self._data_plane.invoke_async,
            permissions=self._emulator.permissions,
            metrics=self._metrics,
            logs=self._as_roles(self._logs),
            base_url=self._base_url,
            propagation=self._late.policies,
            keys=self._emulator.keys,
        )

    def _as_roles(self, logs: LogSink) -> RoleLogs:
        return RoleLogs(logs, self._emulator.permissions, self._identity)

    def _make_lambda(self, work_dir: Path) -> None:
        self._control_plane = ControlPlane(
            time=self._time,
            identity=self._identity,
            permissions=self._emulator.permissions,
            objects=self._emulator.objects,
            work_dir=work_dir / "code",
            base_url=self._base_url,
            propagation=self._late.policies,
        )
        self._environments = ExecutionEnvironments(
            time=self._time,
            logs=self._as_roles(self._late.log_sink(self._logs)),
            credentials=self._credentials,
            identity=self._identity,
            base_url=self._base_url,
            work_dir=work_dir / "environments",
            interpreters=Interpreters(HANDLERS_DIR),
            restore=self._control_plane.restore,
            is_repeatable=self._is_repeatable,
        )
        self._control_plane.on_change(self._environments.retire)
        self._control_plane.provision_with(self._environments)
        self._data_plane = DataPlane(
            time=self._time,
            identity=self._identity,
            functions=self._control_plane,
            environments=self._environments,
            sqs=self._sqs,
            publish=self._publish,
            event_bus=self._emulator.event_bus,
            objects=self._emulator.objects,
            permissions=self._emulator.permissions,
            metrics=self._metrics,
            logs=self._logs,
            mapping_transition_s=self._late.mapping_transition_s(briefly),
        )

    def _publish(self, topic_arn: str, message: str, **options: Any) -> str:
        # SNS invokes functions and functions publish to SNS: one of the two is made first.
        return self._sns.publish(topic_arn, message, **options)

    def _invoke_async(self, function_arn: str, payload: bytes, **source: Any) -> str:
        # Functions write logs, and what is logged can invoke functions: the same here.
        return self._data_plane.invoke_async(function_arn, payload, **source)

    def _may_invoke_from_logs(self, function_arn: str, log_group_arn: str) -> bool:
        return self._control_plane.lets_in(function_arn, "logs.amazonaws.com", log_group_arn)

    def _operations(self) -> dict[str, Mapping[str, Any]]:
        return {
            "sqs": self._late.sqs(self._sqs.operations()),
            "sns": self._sns.operations(),
            "lambda": {**self._control_plane.operations(), **self._data_plane.operations()},
            "logs": self._late.logs(self._logs.operations()),
        }

    def _connect_emulator(self, loop: asyncio.AbstractEventLoop) -> None:
        self._emulator.follow(self._time.clock, loop)
        self._emulator.add_administrator(self._credentials.administrator)
        apis = {
            service: Api(
                self._late.for_stacks(operations),
                self._credentials.administrator.arn,
                self._skins[service].check,
            )
            for service, operations in self._operations().items()
        }
        handlers = resource_handlers(
            sqs=apis["sqs"],
            sns=apis["sns"],
            lambda_=apis["lambda"],
            logs=apis["logs"],
            pause=self._time.pause,
        )
        found = importers(
            sqs=apis["sqs"], sns=apis["sns"], lambda_=apis["lambda"], logs=apis["logs"]
        )
        self._emulator.register_resources(handlers, found, loop, self._time.activity)
        reach = Reach(
            invoke_async=self._data_plane.invoke_async,
            may_invoke=self._control_plane.lets_in,
            sqs=self._sqs,
            sns=self._sns,
            permissions=self._emulator.permissions,
        )
        rules = RuleDeliveries(self._time, reach, self._metrics)
        self._emulator.deliver_to(reach, rules, loop)

    async def _download_package(self, request: HttpRequest) -> HttpResponse:
        return self._control_plane.download(request)

    def _make_authorizer(self) -> Authorizer:
        def queue_policy(arn: str) -> str | None:
            queue = self._sqs.find(arn)
            return queue.policy if queue else None

        def function_policy(arn: str) -> dict[str, Any] | None:
            return self._control_plane.resource_policy(arn, None) if ":function:" in arn else None

        return Authorizer(
            self._identity,
            self._emulator.judge,
            {
                "sqs": queue_policy,
                "sns": self._sns.policy,
                "lambda": function_policy,
            },
        )

    def _make_endpoint(self) -> Endpoint:
        authorizer = self._authorizer
        runtime_api = self._environments.runtime_api
        signer = self._sns.signer
        clock_api = ClockApi(self._time, self._timekeeper)
        verifier = SignatureVerifier(self._credentials)
        urls = self._data_plane.urls

        def authenticate(request: HttpRequest, function_arn: str) -> Caller:
            principal = verifier.verify(request).principal
            caller = Caller(principal.arn, str(uuid.uuid4()), None, principal.access_key_id)
            authorizer.authorize("lambda", INVOKE_BY_URL, {"FunctionName": function_arn}, caller)
            return caller

        async def serve_url(request: HttpRequest) -> HttpResponse:
            return await urls.serve(request, authenticate)

        return Endpoint(
            hosts=(f"127.0.0.1:{self._port}", f"localhost:{self._port}"),
            verifier=verifier,
            activity=self._time.activity,
            services=self._skins,
            everything_else=self._emulator.front,
            clock=clock_api.handle,
            secret_paths={
                RUNTIME_PATH: SecretPath(runtime_api.admits, runtime_api.handle, is_kept=True),
                URLS_PATH: SecretPath(urls.admits, serve_url, urls.unknown),
                PACKAGES_PATH: SecretPath(self._control_plane.may_download, self._download_package),
                signer.certificate_path: SecretPath(signer.admits, signer.download),
            },
            clock_token=self._credentials.administrator.secret_access_key,
            connections=self.connections,
        )
