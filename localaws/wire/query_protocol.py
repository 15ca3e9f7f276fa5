"""The query protocol: a form in, XML out. SNS and IAM speak it; SQS still understands it."""

from collections.abc import Mapping
from typing import Any

from localaws.wire.form_values import FormReaders, parse_form
from localaws.wire.models import OperationModel, ServiceModel
from localaws.wire.protocol import Call, error_shape, status_of
from localaws.wire.query_names import names_of
from localaws.wire.refusals import InvalidAction, MalformedInput, UnknownOperationException
from localaws.wire.xml_values import XmlWriters, element
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest, HttpResponse

_EMPTY: Mapping[str, type] = {"list": list, "map": dict}
# What nobody can ask of a single queue, and so not at a queue's URL.
_NOT_OF_A_QUEUE = frozenset({"CreateQueue", "ListQueues"})


class QueryProtocol:
    """Reads forms and writes XML for one service."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._version = model.metadata["apiVersion"]
        namespace = model.metadata.get(
            "xmlNamespace", f"http://queue.amazonaws.com/doc/{self._version}/"
        )
        self._xmlns = f' xmlns="{namespace}"'
        # SQS has left this protocol for JSON; a request to a queue's URL means that queue.
        self._is_sqs = model.service == "sqs"
        names = names_of(model.service)
        self._readers = FormReaders(names)
        self._writers = XmlWriters(names)

    def parse(self, request: HttpRequest) -> Call:
        form = parse_form(request.body or request.query.encode("utf-8", "replace"))
        at_queue = self._is_sqs and request.path.strip("/").count("/") == 1
        operation = self._operation(form.get("Action", ""), at_queue)
        if operation.input is None:
            return Call(operation, {})
        params = self._readers.of(operation.input)(form)
        if self._is_sqs:
            # A form has no other way to say that a list or map is empty than to leave it out.
            for name in operation.input.required:
                empty = _EMPTY.get(operation.input.members[name].shape.type)
                if empty is not None:
                    params.setdefault(name, empty())
        if at_queue:
            params.setdefault("QueueUrl", f"http://{request.headers.get('host')}{request.path}")
        return Call(operation, params)

    def answer(
        self, operation: OperationModel, result: Mapping[str, Any], request_id: str
    ) -> HttpResponse:
        out = [f"<{operation.name}Response{self._xmlns}>"]
        if operation.output is not None:
            wrapper = operation.result_wrapper or f"{operation.name}Result"
            self._writers.of(operation.output)(wrapper, result, out)
        out.append(
            f"<ResponseMetadata>{element('RequestId', request_id)}</ResponseMetadata>"
            f"</{operation.name}Response>"
        )
        return _xml(200, "".join(out), request_id)

    def refuse(self, error: AwsError, request_id: str) -> HttpResponse:
        if isinstance(error, UnknownOperationException):
            return _xml(404, "<UnknownOperationException/>", request_id)
        status, code, message, fault = self.described(error)
        parts = [element("Type", fault), element("Code", code), element("Message", message)]
        if self._is_sqs and error_shape(self._model, error.code) is None:
            # Recorded for codes that SQS's model does not know, not for those that it does.
            parts.append("<Detail/>")
        return _xml(
            status,
            f"<ErrorResponse{self._xmlns}><Error>{''.join(parts)}</Error>"
            f"{element('RequestId', request_id)}</ErrorResponse>",
            request_id,
        )

    def described(self, error: AwsError) -> tuple[int, str, str, str]:
        """An error's HTTP status, and its code, message and fault in this protocol's words."""
        shape = error_shape(self._model, error.code)
        status = status_of(error, shape)
        code: str = error.query_code or error.code
        if shape is not None and shape.error_code and code == error.code:
            code = shape.error_code
        message = error.message
        if self._is_sqs and code == "AWS.SimpleQueueService.NonExistentQueue":
            message = message.removesuffix(".") + " for this wsdl version."
        return status, code, message, "Receiver" if status >= 500 else "Sender"

    def _operation(self, action: Any, at_queue: bool) -> OperationModel:
        if not action or not isinstance(action, str):
            if self._is_sqs:
                raise UnknownOperationException("")
            raise MalformedInput("Missing Action", code="MissingAction")
        operation = self._model.operations.get(action)
        if operation is not None and not (at_queue and action in _NOT_OF_A_QUEUE):
            return operation
        if self._is_sqs:
            raise InvalidAction(f"The action {action} is not valid for this endpoint.")
        raise InvalidAction(f"Could not find operation {action} for version {self._version}")


def _xml(status: int, document: str, request_id: str) -> HttpResponse:
    return HttpResponse(
        status,
        f'<?xml version="1.0"?>\n{document}'.encode("utf-8", "replace"),
        {"Content-Type": "text/xml", "x-amzn-RequestId": request_id},
    )
