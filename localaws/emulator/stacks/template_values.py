"""Functions of templates: worked out by our own reader, in the place of ministack's.

ministack's stumbles over arguments that are none, in Python's words, and takes what AWS refuses: a
text for a list, a variable that there is not, any value for true. A condition on AWS::Region never
holds there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from localaws.cloudformation.templates.checks import check_values
from localaws.cloudformation.templates.properties import UNKNOWN
from localaws.cloudformation.templates.resolving import (
    NO_VALUE,
    NoSuchValue,
    Resolver,
    TemplateScope,
    conditions_of,
)
from localaws.emulator.seams import replace
from localaws.emulator.stacks.resource_types import Validate

_ABOUT_TEMPLATES = ("CreateStack", "UpdateStack", "CreateChangeSet", "ExecuteChangeSet")


class TemplateValues:
    """What the functions of a template come to.

    Args:
        engine: ministack's module that reads templates.
        records: its module that holds stacks and exports.
    """

    def __init__(self, engine: ModuleType, records: ModuleType) -> None:
        self._engine = engine
        self._records = records
        # ministack does not tell whose conditions and values are asked for; a task has its own.
        self._asked_of: ContextVar[str] = ContextVar("stack", default="")

    def know_stacks(self, handlers: ModuleType) -> None:
        """Let what requests begin know which stack they are about."""
        for name in _ABOUT_TEMPLATES:
            handlers._ACTION_HANDLERS[name] = self._knowing(handlers, name)

    def _knowing(self, handlers: ModuleType, action: str) -> Callable[[Any], Any]:
        theirs = handlers._ACTION_HANDLERS[action]

        def handle(params: Any) -> Any:
            named = handlers._p(params, "StackName")  # or its ARN
            self._asked_of.set(named.split("/")[1] if "/" in named else named)
            return theirs(params)

        return handle

    @contextmanager
    def asking_of(self, name: str) -> Iterator[None]:
        """Let what is asked for be about the stack of this name."""
        before = self._asked_of.set(name)
        try:
            yield
        finally:
            self._asked_of.reset(before)

    def take_over(self, stacks: ModuleType, readers: Iterable[ModuleType]) -> None:
        """Let these modules of ministack's ask here.

        Args:
            stacks: the one that makes stacks, and their outputs.
            readers: others that read templates.
        """
        for module in (stacks, *readers):
            replace(module, "_resolve_refs", self.resolve)
            replace(module, "_evaluate_conditions", self.conditions)
        outputs = stacks._resolve_stack_outputs

        def resolved(definitions: Mapping[str, Any], *rest: Any) -> Any:
            # true is as good a text as any, as long as no condition comes to it.
            read = {name: one | _as_words(one["Value"]) for name, one in definitions.items()}
            return outputs(read, *rest)

        replace(stacks, "_resolve_stack_outputs", resolved)

    def checking(self, theirs: Validate) -> Validate:
        """A look at what comes of a template without its resources, after ministack's."""

        def validate(template: Any, conditions: Any, params: Any = None) -> None:
            theirs(template, conditions, params=params)
            # Without parameters it is only asked whether the template could be one.
            if params is not None:
                around = self._around(template.get("Mappings") or {}, params, _NotMade(), "", "")
                check_values(template, conditions, Resolver(around(conditions.__getitem__)))

        return validate

    def conditions(self, template: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, bool]:
        """How a template's conditions turn out."""
        around = self._around(template.get("Mappings") or {}, params, _NotMade(), "", "")
        return conditions_of(template.get("Conditions") or {}, around(lambda _name: False))

    def resolve(
        self,
        node: Any,
        resources: Mapping[str, Any],
        params: Mapping[str, Any],
        conditions: Mapping[str, bool],
        mappings: Mapping[str, Any],
        stack_name: str,
        stack_id: str,
    ) -> Any:
        """What a part of a template comes to, as ministack asks for it."""
        around = self._around(mappings, params, resources, stack_name, stack_id)
        value = Resolver(around(lambda name: conditions.get(name, False))).value(node)
        return self._engine._NO_VALUE if value is NO_VALUE else value

    def is_none(self, value: Any) -> bool:
        """Whether it is what becomes of AWS::NoValue."""
        return value is self._engine._NO_VALUE

    def _around(
        self,
        mappings: Mapping[str, Any],
        params: Mapping[str, Any],
        resources: Mapping[str, Any],
        stack_name: str,
        stack_id: str,
    ) -> Callable[[Callable[[str], bool]], TemplateScope]:
        region = self._engine.get_region()
        pseudo = {
            "AWS::AccountId": self._engine.get_account_id(),
            "AWS::NotificationARNs": [],
            "AWS::Partition": "aws",
            "AWS::Region": region,
            "AWS::StackId": stack_id or UNKNOWN,
            "AWS::StackName": stack_name or self._asked_of.get() or UNKNOWN,
            "AWS::URLSuffix": "amazonaws.com",
        }

        def reference(name: str) -> Any:
            if name in pseudo:
                return pseudo[name]
            if name in params:
                return _as_parameter(params[name])
            return resources.get(name, {}).get("PhysicalResourceId", name)

        def attribute(name: str, wanted: str) -> Any:
            resource = resources.get(name, {})
            if wanted in (attributes := resource.get("Attributes", {})):
                return attributes[wanted]
            if "PhysicalResourceId" in resource:
                kind = resource["ResourceType"]
                raise NoSuchValue(
                    f"Requested attribute {wanted} does not exist in schema for {kind}"
                )
            return ""  # a change set compares what is not made yet

        is_made = not isinstance(resources, _NotMade)
        return lambda condition: TemplateScope(
            reference=reference,
            attribute=attribute,
            condition=condition,
            mappings=mappings,
            imported=self._imported if is_made else lambda _name: UNKNOWN,
            output=self._output if is_made else lambda _stack, _name: UNKNOWN,
            region=region,
        )

    def _imported(self, name: str) -> Any:
        if name not in self._records._exports:
            raise NoSuchValue(f"No export named {name} found.")
        return self._records._exports[name]["Value"]

    def _output(self, stack: str, name: str) -> Any:
        for output in self._records._stacks.get(stack, {}).get("Outputs", ()):
            if output["OutputKey"] == name:
                return output["OutputValue"]
        raise NoSuchValue(f"Output '{name}' not found in stack '{stack}'")


class _Unknown(dict[str, Any]):
    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Any:
        return UNKNOWN


class _NotMade(dict[str, Any]):
    """Resources before they are made: whatever is asked of one is not known."""

    def get(self, name: str, default: Any = None) -> Any:
        return {"PhysicalResourceId": UNKNOWN, "Attributes": _Unknown()}


def _as_words(value: Any) -> dict[str, str]:
    return {"Value": str(value).lower()} if isinstance(value, bool) else {}


def _as_parameter(param: Mapping[str, Any]) -> Any:
    """A parameter's value; one of a list type is kept as one text."""
    kind, value = param.get("Type", "String"), param["Value"]
    is_list = "List" in kind and not kind.startswith("AWS::SSM::Parameter::Name")
    return [item.strip() for item in value.split(",")] if is_list else value
