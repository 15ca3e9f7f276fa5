"""Which operation a path of a REST service names, and what its labels say."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from localaws.wire.models import OperationModel, ServiceModel


@dataclass(frozen=True)
class Route:
    """One operation's place: its label names in order, and the query parameters that it needs."""

    operation: OperationModel
    labels: tuple[str, ...]
    query: frozenset[tuple[str, str]]


@dataclass
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    label: "_Node | None" = None
    routes: dict[str, list[Route]] = field(default_factory=dict)


class Routes:
    """A tree of path segments. A literal segment wins over a label."""

    def __init__(self, model: ServiceModel) -> None:
        self._root = _Node()
        for operation in model.operations.values():
            self._add(operation)

    def find(
        self, method: str, path: str, query: list[tuple[str, str]]
    ) -> tuple[OperationModel, dict[str, str]] | None:
        """The operation and its labels, percent-decoded; None when no operation is there."""
        segments = path.strip("/").split("/")
        given = frozenset(query)
        for node, values in _walk(self._root, segments, ()):
            for route in node.routes.get(method, ()):
                if route.query <= given:
                    labels = zip(route.labels, map(unquote, values), strict=True)
                    return route.operation, dict(labels)
        return None

    def _add(self, operation: OperationModel) -> None:
        path, _, query = operation.uri.partition("?")
        node, labels = self._root, []
        for segment in path.strip("/").split("/"):
            if segment.startswith("{"):
                labels.append(segment.strip("{}+"))
                node.label = node.label or _Node()
                node = node.label
            else:
                node = node.literals.setdefault(segment, _Node())
        route = Route(operation, tuple(labels), frozenset(parse_qsl(query)))
        routes = node.routes.setdefault(operation.method, [])
        routes.append(route)
        # The operation that asks for more query parameters is looked at first.
        routes.sort(key=lambda r: len(r.query), reverse=True)


def _walk(
    node: _Node, segments: list[str], values: tuple[str, ...]
) -> "list[tuple[_Node, tuple[str, ...]]]":
    if not segments:
        return [(node, values)]
    head, *rest = segments
    found = []
    if head in node.literals:
        found += _walk(node.literals[head], rest, values)
    if node.label is not None and head:
        found += _walk(node.label, rest, (*values, head))
    return found
