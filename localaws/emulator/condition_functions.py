"""Conditions of templates with functions that ministack leaves as they are written.

It compares such a function itself with a value: the CDK's bootstrap template asks whether a list
of policies, joined, is empty, and got a role without any.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
"""

from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace

_FUNCTIONS = frozenset({"Fn::FindInMap", "Fn::Join", "Fn::Split", "Fn::Sub"})
# What is the same for every stack of this account.
_PSEUDO = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix"})


def resolve_functions(engine: ModuleType, users: Iterable[ModuleType]) -> None:
    """Let conditions be evaluated with their functions resolved.

    Args:
        engine: ministack's module that evaluates them.
        users: its modules that have taken the name from there.
    """
    theirs: Callable[[Any, Any], Any] = engine._evaluate_conditions

    def evaluate(template: Mapping[str, Any], params: Any) -> Any:
        mappings = template.get("Mappings", {})

        def resolved(node: Any) -> Any:
            if isinstance(node, list):
                return [resolved(one) for one in node]
            if not isinstance(node, dict):
                return node
            if node.keys() & _FUNCTIONS or node.get("Ref") in _PSEUDO:
                return engine._resolve_refs(node, {}, params, {}, mappings, "", "")
            return {name: resolved(value) for name, value in node.items()}

        return theirs({**template, "Conditions": resolved(template.get("Conditions", {}))}, params)

    for module in (engine, *users):
        replace(module, "_evaluate_conditions", evaluate)
