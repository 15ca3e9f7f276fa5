"""What CloudFormation makes is in effect when it says so: it takes longer than all this lateness.

The embedded one makes a stack in no time, so its calls are told apart from those of everybody else.
"""

from collections.abc import Mapping

from localaws.wire.skin import Operation


class StackWork:
    """Knows whether the call that runs is CloudFormation's."""

    def __init__(self) -> None:
        self.is_calling = False

    def operations(self, operations: Mapping[str, Operation]) -> Mapping[str, Operation]:
        """The same operations, for CloudFormation."""
        return {name: self._marked(operation) for name, operation in operations.items()}

    def _marked(self, operation: Operation) -> Operation:
        def call(params: dict[str, object], caller: object) -> object:
            self.is_calling = True
            try:
                return operation(params, caller)  # type: ignore[arg-type]
            finally:
                self.is_calling = False

        return call  # type: ignore[return-value]
