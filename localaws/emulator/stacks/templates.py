"""Our look at templates, put before ministack's."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from localaws.cloudformation.templates.checks import (
    TemplateProblem,
    check,
    check_conditional,
    check_parameters,
    check_tags,
)
from localaws.cloudformation.templates.transforms import EMBEDDED, embeds_transform, unfit_transform
from localaws.emulator.seams import replace
from localaws.emulator.stacks.allowed_types import type_not_allowed
from localaws.emulator.stacks.resource_types import Validate
from localaws.emulator.stacks.template_words import with_defaults


def checking(theirs: Validate, resolve: Callable[..., Any]) -> Validate:
    """Another look at a template, between ours; a ValueError is the answer.

    Args:
        resolve: gives a template's parameters their values.
    """

    def validate(template: Any, conditions: Any, params: Any = None) -> None:
        # Of a template whose transform failed, nothing else is worth telling.
        if failure := getattr(template, "error", None):
            raise ValueError(failure)
        check(template)
        # Only ValidateTemplate asks of a template with transforms in it: they may bring any type.
        if embeds_transform(template):
            template = {"Transform": EMBEDDED} | template
        theirs(template, conditions, params=params)
        # Without parameters it is only asked whether the template could be one.
        if params is None:
            resolve(with_defaults(template), [])
        else:
            check_conditional(template, conditions)

    return validate


def transforming(theirs: Callable[..., Any], failed: type, account_id: str) -> Callable[..., Any]:
    """A template's transforms; what SAM's finds wrong is told as AWS tells it.

    Args:
        theirs: does them, and leaves those that it does not know.
        failed: a template with the error that its transform ended with.
        account_id: whose macros there are none of.
    """

    def transform(template: Any, *rest: Any, **named: Any) -> Any:
        if problem := unfit_transform(template, account_id):
            return failed(template, problem)
        try:
            return theirs(template, *rest, **named)
        except Exception as error:
            causes = getattr(error, "causes", None)  # of SAM's InvalidDocumentException
            if causes is None and isinstance(error, ValueError):
                raise
            if causes is None:  # it stumbled over what it was given
                return failed(
                    template,
                    "Template format error: its transforms cannot be applied to this template: a "
                    "function or a member has another form than they take.",
                )
            told = " ".join(str(cause.message) for cause in causes)
            return failed(
                template,
                "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application "
                f"Specification document. Number of errors found: {len(causes)}. {told}",
            )

    return transform


def refuse_nested_transforms(provisioners: ModuleType) -> None:
    """Let a nested stack refuse what ministack would do in a stack of its own only."""
    theirs = provisioners._check_nested_stack_capabilities

    def look(parent: str, template: Any) -> None:
        if isinstance(template, dict) and (template.get("Transform") or embeds_transform(template)):
            raise ValueError(
                "A transform in a nested stack is not part of the embedded AWS. Use a real account "
                "for it, or do the transform before the template is uploaded."
            )
        check(template)
        theirs(parent, template)

    replace(provisioners, "_check_nested_stack_capabilities", look)


def check_first(handlers: ModuleType) -> None:
    """Let who reads a template look at it before: also GetTemplateSummary, which only reads it.

    CreateStack, UpdateStack and CreateChangeSet ask whether the caller acknowledged the template's
    capabilities, once its transforms are done and before its parameters are read. ministack asks
    that for some of its callers only.
    """
    theirs = handlers._check_capabilities

    def look(sent: Any, template: Any, params: Any, macros: bool = True) -> Any:
        given, tags = (
            [member["Key"] for member in handlers._extract_members(params, name)]
            for name in ("Parameters", "Tags")
        )
        # A transform that failed is a dictionary of ministack's own, which tells its reason later.
        if type(template) is dict:
            try:
                check(template)
                check_parameters(template, given)
                check_tags(tags)
            except TemplateProblem as problem:
                return handlers._error("ValidationError", str(problem))
            allowed = handlers._extract_string_members(params, "ResourceTypes")
            if mistake := type_not_allowed(template, allowed):
                return handlers._error("ValidationError", mistake)
        if any(key.startswith("NotificationARNs.member") for key in params):
            return handlers._error(
                "ValidationError",
                "NotificationARNs: not part of the embedded AWS: stacks tell no topic of their "
                "events. Leave them out, or use a real account.",
            )
        return theirs(sent, template, params, macros=macros)

    summarize = handlers._ACTION_HANDLERS["GetTemplateSummary"]

    def summarized(params: Any) -> Any:
        body, error = handlers._resolve_template(params)
        try:
            if body and not error:
                check(handlers._parse_template(body))
        except ValueError as problem:
            prefix = "" if isinstance(problem, TemplateProblem) else "Template format error: "
            return handlers._error("ValidationError", f"{prefix}{problem}")
        return summarize(params)

    handlers._ACTION_HANDLERS["GetTemplateSummary"] = summarized
    replace(handlers, "_check_capabilities", look)
    replace(handlers, "_capabilities_enforced", lambda: True)
