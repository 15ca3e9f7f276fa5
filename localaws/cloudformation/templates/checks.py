"""What is wrong with a template, in AWS's words as far as reports of its errors show them.

AWS looks before it makes anything, so a mistake costs no rollback.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

import graphlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from localaws.cloudformation.templates.intrinsics import is_condition, is_scalar, misused
from localaws.cloudformation.templates.literals import unfit_export, unfit_head, unfit_literals
from localaws.cloudformation.templates.properties import UNKNOWN
from localaws.cloudformation.templates.references import (
    FUNCTIONS,
    PSEUDO_PARAMETERS,
    Reference,
    references,
)
from localaws.cloudformation.templates.resolving import NoSuchValue, Resolver
from localaws.cloudformation.templates.shape import (
    FORMAT,
    POLICIES,
    misshapen,
    section,
    wrong_policies,
)
from localaws.cloudformation.templates.transforms import embeds_transform

_ERROR = "Template error: "


class TemplateProblem(ValueError):
    """A template that no stack can be made of; the message is AWS's answer."""


def check(template: Mapping[str, Any]) -> None:
    """Refuse a template that contradicts itself, whatever its parameters are.

    What a macro still has to rewrite is left alone.

    Raises:
        TemplateProblem: what is wrong.
    """
    is_made = not (template.get("Transform") or embeds_transform(template))
    for problem in _problems(template) if is_made else unfit_head(template):
        raise TemplateProblem(problem)


def check_tags(keys: Collection[str]) -> None:
    """Refuse tags of one key.

    Raises:
        TemplateProblem: there are some.
    """
    if len(set(keys)) < len(keys):
        raise TemplateProblem("Tags contain duplicate keys; tag keys must be unique")


def check_parameters(template: Mapping[str, Any], given: Collection[str]) -> None:
    """Refuse values for parameters that there are not, two for one, and none where one is needed.

    Raises:
        TemplateProblem: which ones.
    """
    known = section(template, "Parameters")
    if surplus := sorted(set(given) - known.keys()):
        raise TemplateProblem(f"Parameters: [{', '.join(surplus)}] do not exist in the template")
    if twice := sorted(name for name, times in Counter(given).items() if times > 1):
        raise TemplateProblem(f"Parameters: [{', '.join(twice)}] are given more than once")
    missing = [
        name for name, asked in known.items() if "Default" not in asked and name not in given
    ]
    if missing:
        raise TemplateProblem(f"Parameters: [{', '.join(missing)}] must have values")


def check_conditional(template: Mapping[str, Any], conditions: Mapping[str, bool]) -> None:
    """Refuse what refers to a resource that its condition leaves out, and exports of one name.

    Raises:
        TemplateProblem: which ones.
    """
    resources = section(template, "Resources")
    left_out = {name for name, r in resources.items() if not _is_in(r, conditions)}
    for block in ("Resources", "Outputs"):
        present = [m for m in section(template, block).values() if _is_in(m, conditions)]
        found = {
            r.name for m in present for r in references(_values(m), conditions) if r.by != "Fn::If"
        }
        if unresolved := sorted(found & left_out):
            raise TemplateProblem(_unresolved(unresolved, block))
    outputs = [o for o in section(template, "Outputs").values() if _is_in(o, conditions)]
    exports = [o["Export"].get("Name") for o in outputs if isinstance(o.get("Export"), Mapping)]
    if problem := duplicates(name for name in exports if isinstance(name, str)):
        raise TemplateProblem(problem)


def check_values(
    template: Mapping[str, Any], conditions: Mapping[str, bool], resolver: Resolver
) -> None:
    """Refuse what could not become anything, whatever the resources turn out to be.

    Raises:
        TemplateProblem: what is wrong.
    """
    resources = section(template, "Resources")
    for name, resource in resources.items():
        if _is_in(resource, conditions):
            read = {
                key: _resolved(resolver, resource[key])
                for key in (*POLICIES, "Metadata", "Properties")
                if key in resource
            }
            for problem in wrong_policies(name, {"Type": resource["Type"]} | read):
                raise TemplateProblem(problem)
    for name, output in section(template, "Outputs").items():
        if not _is_in(output, conditions):
            continue
        value = _resolved(resolver, output["Value"])
        is_boolean = isinstance(value, bool) and is_condition(output["Value"])
        if is_boolean or not (value is UNKNOWN or is_scalar(value)):
            raise TemplateProblem(
                f"{FORMAT}The Value field of every Outputs member must evaluate to a String."
            )
        if "Export" in output:
            asked = output["Export"]["Name"]
            export = _resolved(resolver, asked)
            if export is not UNKNOWN and (unfit := unfit_export(name, export)):
                raise TemplateProblem(unfit)
            if any(one.name in resources for one in references(asked, conditions)):
                # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/cloudformation
                raise TemplateProblem(
                    f"{FORMAT}Output {name} is malformed.  The Name field of Export must not "
                    "depend on any resources, imported values, or Fn::GetAZs."
                )


def _resolved(resolver: Resolver, node: Any) -> Any:
    try:
        return resolver.value(node)
    except NoSuchValue as error:
        raise TemplateProblem(str(error)) from None


def duplicates(exports: Iterable[str]) -> str | None:
    """What is wrong with the names of a stack's exports; None where each is there once."""
    if not (twice := [name for name, times in Counter(exports).items() if times > 1]):
        return None
    return (
        f"{FORMAT}The Outputs section contains duplicate Export names: "
        f"[{', '.join(sorted(twice))}]. Specify a unique name for each export."
    )


def _problems(template: Mapping[str, Any]) -> Iterator[str]:
    yield from misshapen(template)
    yield from unfit_literals(template)
    yield from _misused(template)
    conditions = section(template, "Conditions")
    parameters = section(template, "Parameters").keys() | PSEUDO_PARAMETERS
    resources = section(template, "Resources")
    yield from _of_conditions(conditions, parameters)
    for block in ("Resources", "Outputs"):
        yield from _of_block(template, block, parameters | resources.keys(), resources)
    yield from _circular(resources)


def _misused(template: Mapping[str, Any]) -> Iterator[str]:
    for rule in section(template, "Conditions").values():
        if any(r.by == "Fn::ImportValue" for r in references(rule)):
            yield f"{_ERROR}Cannot use Fn::ImportValue in Conditions."
        yield from misused(rule)
    for block in ("Resources", "Outputs"):
        for member in section(template, block).values():
            yield from misused(list(member.values()))


def _of_conditions(conditions: Mapping[str, Any], parameters: Collection[str]) -> Iterator[str]:
    unresolved = {r.name for r in references(conditions) if r.name} - set(parameters)
    if unresolved := unresolved - conditions.keys():
        yield (
            f"{FORMAT}Unresolved dependencies [{', '.join(sorted(unresolved))}]. "
            "Cannot reference resources in the Conditions block of the template"
        )
    graph = {name: set(_conditions_in(rule)) for name, rule in conditions.items()}
    for name in sorted(set().union(*graph.values()) - conditions.keys()):
        yield _unresolved_condition(name, "Conditions")
    if cycle := _cycle(graph):
        yield f"{FORMAT}Circular dependencies for conditions: [{', '.join(cycle)}]"


def _of_block(
    template: Mapping[str, Any],
    block: str,
    known: Collection[str],
    resources: Mapping[str, Any],
) -> Iterator[str]:
    conditions = section(template, "Conditions")
    members = section(template, block)
    found = [r for member in members.values() for r in references(_values(member))]
    for member in members.values():
        found += [Reference("DependsOn", name) for name in _depends_on(member)]
        named = member.get("Condition")
        if named is not None and (not isinstance(named, str) or named not in conditions):
            yield _unresolved_condition(named, block)
    yield from _wrong_functions(found, conditions)
    plain = {r.name for r in found if r.by in ("Ref", "Fn::Sub") and not r.attribute} - set(known)
    plain |= {r.name for r in found if r.by == "DependsOn"} - resources.keys()
    if plain:
        yield _unresolved(sorted(plain), block)
    for reference in found:
        if reference.by == "Fn::GetAtt" and reference.name not in resources:
            yield (f"{_ERROR}instance of Fn::GetAtt references undefined resource {reference.name}")
        if reference.by == "Fn::Sub" and reference.attribute and reference.name not in resources:
            yield (
                f"{_ERROR}instance of Fn::Sub references invalid resource attribute "
                f"{reference.name}.{reference.attribute}"
            )


def _wrong_functions(found: Collection[Reference], conditions: Mapping[str, Any]) -> Iterator[str]:
    for reference in found:
        if reference.is_unsupported:
            supported = ", ".join(sorted(FUNCTIONS))
            yield (
                f"{_ERROR}Encountered unsupported function: {reference.by} "
                f"Supported functions are: [{supported}]"
            )
        if reference.by == "Fn::If" and reference.name not in conditions:
            yield f"{_ERROR}unresolved condition dependency {reference.name} in Fn::If"


def _circular(resources: Mapping[str, Any]) -> Iterator[str]:
    graph = {
        name: ({r.name for r in references(_values(resource))} | set(_depends_on(resource)))
        & resources.keys()
        for name, resource in resources.items()
    }
    if cycle := _cycle(graph):
        yield f"Circular dependency between resources: [{', '.join(cycle)}]"


def _cycle(graph: Mapping[str, Collection[str]]) -> list[str]:
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return sorted(set(error.args[1]))
    return []


def _conditions_in(rule: Any) -> Iterator[str]:
    if isinstance(rule, list):
        for item in rule:
            yield from _conditions_in(item)
    elif isinstance(rule, Mapping):
        for key, value in rule.items():
            if key == "Condition" and isinstance(value, str):
                yield value
            else:
                yield from _conditions_in(value)


def _values(member: Mapping[str, Any]) -> list[Any]:
    """The parts of a resource or output in which functions stand."""
    names = ("Properties", "Metadata", "Value", "Export", *POLICIES)
    return [member[name] for name in names if name in member]


def _depends_on(resource: Mapping[str, Any]) -> list[str]:
    named = resource.get("DependsOn", [])
    return [named] if isinstance(named, str) else list(named)


def _is_in(member: Mapping[str, Any], conditions: Mapping[str, bool]) -> bool:
    named = member.get("Condition")
    return not isinstance(named, str) or conditions.get(named, True)


def _unresolved(names: Collection[str], block: str) -> str:
    return (
        f"{FORMAT}Unresolved resource dependencies [{', '.join(names)}] in the {block} block of "
        "the template"
    )


def _unresolved_condition(name: object, block: str) -> str:
    return f"{FORMAT}Unresolved condition dependency {name} in the {block} block of the template"
