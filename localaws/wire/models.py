"""AWS's service models, read from botocore's data files: shapes, operations, errors.

botocore is used as data only. Its own classes serve clients, and importing them costs more than
reading one compressed JSON file.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(eq=False)
class Shape:
    """One type of a service model. Shapes may refer to themselves, so they are filled in late."""

    name: str
    type: str
    members: dict[str, "Member"] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    element: "Member | None" = None
    key: "Member | None" = None
    value: "Member | None" = None
    flattened: bool = False
    payload: str | None = None
    error_code: str | None = None
    error_status: int | None = None
    traits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Member:
    """A shape in a place: a structure's member, a list's element, a map's key or value.

    Attributes:
        name: what boto3 calls it.
        wire_name: what it is called in the body, header, query string or path.
        location: `header`, `querystring`, `uri`, `statusCode`, or None for the body.
    """

    name: str
    shape: Shape
    wire_name: str
    location: str | None = None
    flattened: bool = False
    renamed: bool = False


@dataclass(frozen=True, eq=False)
class OperationModel:
    """One operation: its HTTP binding, its shapes, and the element that wraps a query result."""

    name: str
    method: str
    uri: str
    status: int
    input: Shape | None
    output: Shape | None
    result_wrapper: str | None


@dataclass(frozen=True, eq=False)
class ServiceModel:
    """A service as its clients see it."""

    service: str
    metadata: Mapping[str, Any]
    operations: Mapping[str, OperationModel]
    errors: Mapping[str, Shape]


def load(service: str) -> ServiceModel:
    """Read a service's newest model; raises LookupError when botocore has none."""
    document = _read_document(service)
    shapes = _shapes(document["shapes"])
    operations = {name: _operation(raw, shapes) for name, raw in document["operations"].items()}
    errors = {name: shape for name, shape in shapes.items() if shape.traits.get("exception")}
    return ServiceModel(service, document["metadata"], operations, errors)


def metadata(service: str) -> Mapping[str, Any]:
    """The head of a service's newest model: its protocol, its names; raises as `load`."""
    head: dict[str, Any] = _read_document(service)["metadata"]
    return head


def endpoint_names() -> frozenset[str]:
    """The services that the SDK knows, by the names of their endpoints and of their models."""
    home = _home()
    partitions = json.loads((home / "endpoints.json").read_bytes())["partitions"]
    models = (path.name for path in home.iterdir() if path.is_dir())
    return frozenset([*(name for one in partitions for name in one["services"]), *models])


def _home() -> Path:
    spec = find_spec("botocore")
    if spec is None or not spec.submodule_search_locations:
        raise LookupError("botocore is not installed; it ships AWS's service models")
    return Path(spec.submodule_search_locations[0], "data")


def _read_document(service: str) -> dict[str, Any]:
    home = _home() / service
    versions = sorted(home.glob("*/service-2.json*"))
    if not versions:
        raise LookupError(f"botocore has no model of a service named {service!r} in {home}")
    newest = versions[-1]
    packed = newest.read_bytes()
    document: dict[str, Any] = json.loads(
        gzip.decompress(packed) if newest.suffix == ".gz" else packed
    )
    return document


def _shapes(raw_shapes: Mapping[str, Any]) -> dict[str, Shape]:
    shapes = {name: Shape(name, raw["type"], traits=raw) for name, raw in raw_shapes.items()}
    for shape in shapes.values():
        _fill(shape, shapes)
    return shapes


def _fill(shape: Shape, shapes: Mapping[str, Shape]) -> None:
    raw = shape.traits
    shape.flattened = bool(raw.get("flattened"))
    shape.required = tuple(raw.get("required", ()))
    shape.payload = raw.get("payload")
    shape.members = {
        name: _member(name, ref, shapes) for name, ref in raw.get("members", {}).items()
    }
    if "member" in raw:
        shape.element = _member("member", raw["member"], shapes)
    if shape.type == "map":
        shape.key = _member("key", raw["key"], shapes)
        shape.value = _member("value", raw["value"], shapes)
    error = raw.get("error", {})
    shape.error_code = error.get("code")
    shape.error_status = error.get("httpStatusCode")


def _member(name: str, ref: Mapping[str, Any], shapes: Mapping[str, Shape]) -> Member:
    return Member(
        name=name,
        shape=shapes[ref["shape"]],
        wire_name=ref.get("locationName", name),
        location=ref.get("location"),
        flattened=bool(ref.get("flattened")),
        renamed="locationName" in ref,
    )


def _operation(raw: Mapping[str, Any], shapes: Mapping[str, Shape]) -> OperationModel:
    http = raw["http"]
    output = raw.get("output", {})
    return OperationModel(
        name=raw["name"],
        method=http["method"],
        uri=http["requestUri"],
        status=http.get("responseCode", 200),
        input=shapes[raw["input"]["shape"]] if "input" in raw else None,
        output=shapes[output["shape"]] if output else None,
        result_wrapper=output.get("resultWrapper"),
    )
