"""botocore's own client-side serialisers and parsers, without a network between them and a skin."""

import asyncio
from typing import Any
from urllib.parse import urlencode

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from localaws.http import Caller, HttpRequest, HttpResponse
from localaws.wire import ServiceSkin

CALLER = Caller("arn:aws:iam::000000000000:root", "11111111-2222-3333-4444-555555555555")


class WireClient:
    """Sends operations to a skin as boto3 would, and reads the answers as boto3 would.

    Args:
        protocol: botocore's protocol name where it is not the model's own (`query` for SQS).
    """

    def __init__(self, skin: ServiceSkin, service: str, protocol: str | None = None) -> None:
        self._skin = skin
        self._model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
        name = protocol or self._model.metadata["protocol"]
        self._serializer = create_serializer(name, include_validation=False)
        self._parser = create_parser(name)

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """One operation; the parsed answer, with an `Error` member where it failed."""
        model = self._model.operation_model(operation)
        response = self.send(self.request(operation, **params))
        parsed: dict[str, Any] = self._parser.parse(
            {
                "status_code": response.status,
                "headers": {name.lower(): text for name, text in response.headers.items()},
                "body": Body(response.body) if model.has_streaming_output else response.body,
            },
            model.output_shape,
        ) if response.status < 300 else self._parse_error(response, model)
        return parsed

    def request(self, operation: str, **params: Any) -> HttpRequest:
        """The request that botocore would sign and send."""
        raw = self._serializer.serialize_to_request(
            params, self._model.operation_model(operation)
        )
        body = raw["body"]
        if isinstance(body, dict):
            body = urlencode(body, doseq=True)
        if isinstance(body, str):
            body = body.encode()
        headers = {name.lower(): str(text) for name, text in raw["headers"].items()}
        path, _, query = raw["url_path"].partition("?")
        query = query or urlencode(raw["query_string"] or {}, doseq=True)
        return HttpRequest(raw["method"], path, query, {"host": "local", **headers}, body)

    def send(self, request: HttpRequest) -> HttpResponse:
        return asyncio.run(self._skin.handle(request, CALLER))

    def _parse_error(self, response: HttpResponse, model: Any) -> dict[str, Any]:
        parsed: dict[str, Any] = self._parser.parse(
            {
                "status_code": response.status,
                "headers": {name.lower(): text for name, text in response.headers.items()},
                "body": response.body,
            },
            model.output_shape,
        )
        shape = model.service_model.shape_for_error_code(parsed["Error"]["Code"])
        if shape is not None:
            parsed.update(
                self._parser.parse(
                    {
                        "status_code": response.status,
                        "headers": {k.lower(): v for k, v in response.headers.items()},
                        "body": response.body,
                    },
                    shape,
                )
            )
        return parsed


class Body(bytes):
    """A streaming body as the parser hands it on."""
