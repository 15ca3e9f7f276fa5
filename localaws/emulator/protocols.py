"""The content types of ministack's answers, without botocore's clients.

ministack asks botocore for the protocol of a service before its first answer, which loads all of
botocore's client code into the endpoint: a fifth of a second that the first caller would wait for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.wire.models import metadata


@dataclass(frozen=True)
class _Model:
    """As much of botocore's service model as ministack reads of it."""

    metadata: Mapping[str, Any]


def serve_models(responses: ModuleType) -> None:
    """Let ministack read the models' metadata through this project's own reader."""
    names: Mapping[str, str] = responses._BOTOCORE_NAME

    @cache
    def service_model(service: str) -> _Model | None:
        try:
            return _Model(metadata(names.get(service, service)))
        except LookupError:
            return None

    replace(responses, "_service_model", service_model)
