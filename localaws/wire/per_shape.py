"""What is built once for every shape of a model: the functions that read and write its values."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from localaws.wire.models import Shape

Function = TypeVar("Function", bound=Callable[..., Any])


class PerShape(ABC, Generic[Function]):
    """Functions by shape, and by whether a list or map is flattened where it stands."""

    def __init__(self) -> None:
        self._built: dict[tuple[str, bool], Function] = {}

    def of(self, shape: Shape, flattened: bool = False) -> Function:
        """The function for values of `shape`, flattened where its member is."""
        key = shape.name, flattened or shape.flattened
        built = self._built.get(key)
        if built is None:
            # A shape that contains itself meets this stand-in while it is being built.
            self._built[key] = cast(Function, lambda *given: self._built[key](*given))
            built = self._built[key] = self._build(shape, key[1])
        return built

    @abstractmethod
    def _build(self, shape: Shape, flattened: bool) -> Function:
        """Make the function; those of the shapes within are had with `of`."""
