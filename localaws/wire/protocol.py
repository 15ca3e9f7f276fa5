"""What all protocols have in common: what they read a request into, how they find an error."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from localaws.wire.models import OperationModel, ServiceModel, Shape
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Call:
    """A request understood: the operation, and its parameters as boto3 takes them."""

    operation: OperationModel
    params: dict[str, Any]


class WireProtocol(Protocol):
    """One way to write requests and answers."""

    def parse(self, request: HttpRequest) -> Call:
        """Read a request; raises AwsError when it is not one of the service's."""

    def answer(
        self, operation: OperationModel, result: Mapping[str, Any], request_id: str
    ) -> HttpResponse:
        """Write an operation's result."""

    def refuse(self, error: AwsError, request_id: str) -> HttpResponse:
        """Write an error."""


def error_shape(model: ServiceModel, code: str) -> Shape | None:
    """The model's shape of an error, by its shape name or by the code that it has on the wire."""
    shape = model.errors.get(code)
    if shape is None:
        shape = next((s for s in model.errors.values() if s.error_code == code), None)
    return shape


def status_of(error: AwsError, shape: Shape | None) -> int:
    """The error's own HTTP status, or the model's where the error leaves it at 400."""
    if error.status == 400 and shape is not None and shape.error_status:
        return shape.error_status
    return error.status


def message_member(shape: Shape | None, default: str) -> str:
    """How the error's shape spells its message: AWS has both `message` and `Message`."""
    members = shape.members if shape is not None else {}
    return next((name for name in members if name.lower() == "message"), default)
