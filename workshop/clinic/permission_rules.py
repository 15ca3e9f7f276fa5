"""A verdict on who may invoke a function that a topic should invoke. Pure.

What is allowed is read as IAM reads it, as far as `lambda add-permission` can write it.
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from workshop.clinic.found import Invokers
from workshop.clinic.verdict import Judgement, dangerous, not_yet, right

SNS = "sns.amazonaws.com"
_INVOKE = "lambda:InvokeFunction"


def permission(found: Invokers) -> Judgement:
    """Patient 4: the topic may invoke the function, and nobody who should not."""
    for statement in found.statements:
        if why := _too_open(statement, found):
            return dangerous(
                why,
                "who else may invoke the function now?",
                "name the service that calls as `Principal`, and on behalf of which topic it does "
                "as `SourceArn` (or at least of which account as `SourceAccount`).",
            )
    good = [one for one in found.statements if _lets_topic_in(one, found)]
    if good:
        return right(_of_wildcard(good, found))
    return _of_nobody(found)


def _too_open(statement: Mapping[str, Any], found: Invokers) -> str:
    """What a statement gives away, "" when nothing."""
    caller, conditions = _caller(statement), dict(_conditions(statement))
    if caller == "*":
        # https://docs.aws.amazon.com/config/latest/developerguide/lambda-function-public-access-prohibited.html
        held = "only a condition keeps others out" if conditions else "nothing keeps others out"
        return (
            f"the principal * is everybody, in every account; {held}. AWS Config calls it public."
        )
    if fnmatchcase("lambda:addpermission", str(statement.get("Action", "")).lower()):
        return f"{caller} may do {statement['Action']}, not only invoke."
    if caller.endswith(".amazonaws.com"):
        return _open_service(caller, conditions, found)
    if caller.isdecimal() or caller.startswith("arn:"):
        account = caller if caller.isdecimal() else caller.split(":")[4]
        if account != found.account:
            return "somebody in another account may invoke the function."
    return ""


def _open_service(caller: str, conditions: Mapping[str, str], found: Invokers) -> str:
    """A service calls for whoever asked it: without a source, for any account.

    https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
    """
    account, arn = conditions.get("aws:sourceaccount"), conditions.get("aws:sourcearn")
    if account is None and arn is None:
        what = "topic" if caller == SNS else "resource"
        return f"{caller} may invoke it on behalf of any {what}, in every account."
    if account is not None:
        is_foreign = account != found.account
        return "the source account is not yours: its resources may invoke." if is_foreign else ""
    owner = (str(arn).split(":", 5) + [""] * 6)[4]
    if owner != found.account:
        return f"the source ARN {arn} is not bound to your account: other accounts' match it too."
    return ""


def _lets_topic_in(statement: Mapping[str, Any], found: Invokers) -> bool:
    if statement.get("Effect") != "Allow" or _caller(statement) != SNS:
        return False
    if not fnmatchcase(_INVOKE.lower(), str(statement.get("Action", "")).lower()):
        return False
    wanted = {"aws:sourcearn": found.topic_arn, "aws:sourceaccount": found.account}
    return all(
        key in wanted and fnmatchcase(wanted[key], value) for key, value in _conditions(statement)
    )


def _of_wildcard(good: list[Mapping[str, Any]], found: Invokers) -> str:
    exact = any(found.topic_arn in dict(_conditions(one)).values() for one in good)
    return "" if exact else "Other topics of your account may invoke it as well."


def _of_nobody(found: Invokers) -> Judgement:
    look = "who hands the event over? Look at the picture of notebook 02."
    if not found.statements:
        return not_yet(
            look,
            "the function's resource policy is empty: nobody but the account itself may invoke it.",
        )
    callers = sorted({_caller(one) for one in found.statements})
    if SNS not in callers:
        return not_yet(
            look,
            f"{' and '.join(callers)} may invoke the function now. The subscription is of a topic: "
            "whose service is that?",
        )
    ours = [one for one in found.statements if _caller(one) == SNS]
    if not any(one.get("Action") == _INVOKE for one in ours):
        actions = ", ".join(str(one.get("Action")) for one in ours)
        return not_yet(
            "the caller is right. What may it do?",
            f"the statement allows {actions}. To hand an event over is another action.",
        )
    return not_yet(
        "the caller is right. On whose behalf may it call?",
        "SNS may invoke it, but for another topic: compare SourceArn with `fourth.rig.source`.",
    )


def _caller(statement: Mapping[str, Any]) -> str:
    found = statement.get("Principal")
    return str(next(iter(found.values()), found) if isinstance(found, Mapping) else found)


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys in lower case, as IAM compares them, with their values."""
    for tests in statement.get("Condition", {}).values():
        for key, value in tests.items():
            yield str(key).lower(), str(value)
