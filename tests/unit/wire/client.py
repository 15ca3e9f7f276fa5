"""botocore's own client-side serialisers and parsers, without a network between them and a skin."""

import asyncio
from typing import Any
from urllib.parse import urlencode

from botocore.awsrequest import HeadersDict
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from localaws.wire import ServiceSkin
from localaws.words.http import Caller, HttpRequest, HttpResponse

REQUEST_ID = "11111111-2222-3333-4444-555555555555"
CALLER = Caller("arn:aws:iam::000000000000:user/participant", REQUEST_ID)


class WireClient:
    """Sends operations to a skin as boto3 would, and reads the answers as boto3 would."""

    def __init__(self, skin: ServiceSkin, service: str, caller: Caller = CALLER) -> None:
        self._skin = skin
        self._caller = caller
        self._model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
        protocol = self._model.metadata["protocol"]
        self._serializer = create_serializer(protocol, include_validation=False)
        self._parser = create_parser(protocol)

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """One operation; the parsed answer, with an `Error` member where it failed."""
        model = self._model.operation_model(operation)
        return self.parse(model, self.send(self.request(operation, **params)))

    async def ask(self, operation: str, **params: Any) -> dict[str, Any]:
        """The same while others ask, too."""
        model = self._model.operation_model(operation)
        request = self.request(operation, **params)
        return self.parse(model, await self._skin.handle(request, self._caller))

    def parse(self, model: OperationModel, response: HttpResponse) -> dict[str, Any]:
        """What boto3 makes of an answer; modeled errors with their own members."""
        parsed = self._parse(response, model.output_shape)
        if "Error" in parsed:
            error = parsed["Error"]
            shape = self._model.shape_for_error_code(error.get("QueryErrorCode", error["Code"]))
            if shape is not None:
                parsed.update(self._parse(response, shape))
        return parsed

    def request(self, operation: str, **params: Any) -> HttpRequest:
        """The request that botocore would sign and send."""
        model = self._model.operation_model(operation)
        raw = self._serializer.serialize_to_request(params, model)
        body = raw["body"]
        if isinstance(body, dict):
            body = urlencode(body, doseq=True)
        if isinstance(body, str):
            body = body.encode()
        headers = {name.lower(): str(text) for name, text in raw["headers"].items()}
        path, _, query = raw["url_path"].partition("?")
        query = "&".join(filter(None, (query, urlencode(raw["query_string"] or {}, doseq=True))))
        return HttpRequest(raw["method"], path, query, {"host": "local", **headers}, body)

    def send(self, request: HttpRequest) -> HttpResponse:
        """The skin's answer to a request, made by hand or not."""
        return asyncio.run(self._skin.handle(request, self._caller))

    def _parse(self, response: HttpResponse, shape: Shape | None) -> dict[str, Any]:
        headers = HeadersDict(response.headers)
        raw = {"status_code": response.status, "headers": headers, "body": response.body}
        parsed: dict[str, Any] = self._parser.parse(raw, shape)
        return parsed


class Recorder:
    """Operations that keep what they were called with and answer what they were given."""

    def __init__(self, **results: Any) -> None:
        self.params: dict[str, dict[str, Any]] = {}
        self.operations = {name: self._operation(name, results[name]) for name in results}

    def _operation(self, name: str, result: Any) -> Any:
        def operation(params: dict[str, Any], caller: Caller) -> Any:
            self.params[name] = params
            if isinstance(result, Exception):
                raise result
            return result

        return operation
