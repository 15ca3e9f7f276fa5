"""Lambda's control plane behind its wire format, with time that stands still."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localaws.lambda_.control_plane import ControlPlane
from localaws.wire import ServiceSkin
from localaws.words.identity import Identity
from tests.unit.virtual_time import VirtualTime
from tests.unit.wire.client import WireClient

IDENTITY = Identity("123456789012", "us-east-1")
ROLE = "arn:aws:iam::123456789012:role/worker"


def package(text: str = "def handler(event, context): return event", **files: str) -> bytes:
    """A deployment package with index.py, and other files by name."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo("index.py"), text)
        for name, content in files.items():
            zipped.writestr(zipfile.ZipInfo(name), content)
    return archive.getvalue()


class Iam:
    """Every role may be assumed by Lambda and may do everything, unless told otherwise."""

    def __init__(self) -> None:
        self.untrusted: set[str] = set()
        self.strangers: set[str] = set()
        self.denied: set[tuple[str, str]] = set()

    def role_trusts(self, role_arn: str, service: str) -> bool:
        return service == "lambda.amazonaws.com" and role_arn not in self.untrusted

    def role_allows(self, role_arn: str, action: str, resource_arn: str) -> bool:
        return (action, resource_arn) not in self.denied

    def has_principal(self, arn: str) -> bool:
        return arn not in self.strangers

    def resource_policy_allows(
        self,
        policy: Mapping[str, Any] | None,
        *,
        principal_service: str,
        action: str,
        resource_arn: str,
        source_arn: str,
        source_owner: str | None = None,
    ) -> bool:
        raise AssertionError("the control plane does not evaluate resource policies")


class Objects:
    """S3 with what was put there."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}

    def get(self, bucket: str, key: str, version_id: str | None = None) -> bytes:
        return self.objects[bucket, key]

    def put(self, bucket: str, key: str, body: bytes) -> None:
        self.objects[bucket, key] = body


class PlaneWorld(VirtualTime):
    """The control plane, called as boto3 would call it.

    Args:
        draws: what aliases that split their invocations draw, in order.
    """

    def __init__(
        self, work_dir: Path, identity: Identity = IDENTITY, draws: list[float] | None = None
    ) -> None:
        super().__init__()
        self.iam = Iam()
        self.objects = Objects()
        self.work_dir = work_dir
        self.control_plane = ControlPlane(
            time=self.time,
            identity=identity,
            permissions=self.iam,
            objects=self.objects,
            work_dir=work_dir,
            base_url="http://127.0.0.1:4566",
            draw=iter(draws or []).__next__,
        )
        self._wire = WireClient(ServiceSkin("lambda", self.control_plane.operations()), "lambda")

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """One operation; the answer, with an `Error` member where it failed."""
        return self._wire.call(operation, **params)

    async def ask(self, operation: str, **params: Any) -> dict[str, Any]:
        """The same while others ask, too."""
        return await self._wire.ask(operation, **params)

    def fail(self, operation: str, **params: Any) -> tuple[str, str, int]:
        """Code, message and HTTP status of an operation that must fail."""
        answer = self.call(operation, **params)
        error = answer["Error"]
        return error["Code"], error["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]

    def create(self, name: str = "fn", *, wait: bool = True, **params: Any) -> dict[str, Any]:
        """Create a function, and wait until it is active unless told otherwise."""
        defaults = {
            "FunctionName": name,
            "Runtime": "python3.12",
            "Role": ROLE,
            "Handler": "index.handler",
            "Code": {"ZipFile": package()},
        }
        answer = self.call("CreateFunction", **{**defaults, **params})
        if wait and "Error" not in answer:
            self.pass_time()
        return answer

    def update(self, name: str = "fn", **params: Any) -> dict[str, Any]:
        """Update a function's configuration and wait until that is done."""
        answer = self.call("UpdateFunctionConfiguration", FunctionName=name, **params)
        self.pass_time()
        return answer
