"""How deliveries over HTTP are tried again: a topic's policy, and its subscriptions' own. Pure.

Nothing is delivered over HTTP here; the policies are shown as AWS shows them. What it keeps of a
subscription's is in the tests of Terraform's provider for AWS, `topic_subscription_test.go`; the
effective one is documented: https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html.
"""

import json
from collections.abc import Mapping
from typing import Any

from localaws.words.policies import compact

_RETRY = (
    "minDelayTarget",
    "maxDelayTarget",
    "numRetries",
    "numMaxDelayRetries",
    "numNoDelayRetries",
    "numMinDelayRetries",
    "backoffFunction",
)
_PHASES = ("numMinDelayRetries", "numNoDelayRetries", "numMaxDelayRetries")
_NEEDED = ("minDelayTarget", "maxDelayTarget", "numRetries")
_RANGES: Mapping[str, tuple[int, int]] = {
    "minDelayTarget": (1, 3600),
    "maxDelayTarget": (1, 3600),
    "numRetries": (0, 100),
    "numNoDelayRetries": (0, 100),
    "numMinDelayRetries": (0, 100),
    "numMaxDelayRetries": (0, 100),
}
_BACKOFFS = ("arithmetic", "exponential", "geometric", "linear")
# A subscription's sections, with the names that they have in a topic's policy.
_SECTIONS = {
    "healthyRetryPolicy": "defaultHealthyRetryPolicy",
    "sicklyRetryPolicy": "defaultSicklyRetryPolicy",
    "throttlePolicy": "defaultThrottlePolicy",
    "requestPolicy": "defaultRequestPolicy",
}
_TOPIC_MEMBERS = (
    "defaultHealthyRetryPolicy",
    "defaultSicklyRetryPolicy",
    "defaultThrottlePolicy",
    "disableSubscriptionOverrides",
    "defaultRequestPolicy",
)
_DEFAULTS: Mapping[str, Any] = {
    "defaultHealthyRetryPolicy": {
        "minDelayTarget": 20,
        "maxDelayTarget": 20,
        "numRetries": 3,
        "numMaxDelayRetries": 0,
        "numNoDelayRetries": 0,
        "numMinDelayRetries": 0,
        "backoffFunction": "linear",
    },
    "disableSubscriptionOverrides": False,
    "defaultRequestPolicy": {"headerContentType": "text/plain; charset=UTF-8"},
}


def has_sections(policy: Any) -> bool:
    """Whether a policy is an object, or nothing, with objects where AWS has some."""
    return policy is None or (
        isinstance(policy, dict)
        and all(
            isinstance(value, dict | None) or name in ("disableSubscriptionOverrides", "guaranteed")
            for name, value in policy.items()
        )
    )


def refusal(policy: Any) -> str | None:
    """What SNS would not take in a checked policy, in its words; None for nothing.

    `healthyRetryPolicy.minDelayTarget must be greater than or equal to 1` is what CloudFormation
    users were told (https://github.com/awsdocs/amazon-sns-developer-guide/pull/5), and that a retry
    policy needs its first three members (https://github.com/triggermesh/aws-event-sources/pull/220);
    the ranges are those of
    https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html, what is said of the
    total and the throttle that of pf-sns-delivery-policy of
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sns.
    """
    for section, values in (policy or {}).items():
        if isinstance(values, dict) and section.lower().endswith("retrypolicy"):
            problem = _retry_problem(values)
            if problem is not None:
                return f"{section}.{problem}"
        if isinstance(values, dict) and section.lower().endswith("throttlepolicy"):
            rate = values.get("maxReceivesPerSecond")
            if isinstance(rate, int) and rate < 1:
                return f"{section}.maxReceivesPerSecond must be >= 1"
    return None


def _retry_problem(retry: Mapping[str, Any]) -> str | None:
    for member in _NEEDED:
        if retry.get(member) is None:
            return f"{member} must be specified"
    for member, (lowest, highest) in _RANGES.items():
        value = retry.get(member, lowest)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or value < lowest:
            return f"{member} must be greater than or equal to {lowest}"
        if value > highest:
            return f"{member} must be less than or equal to {highest}"
    if retry["maxDelayTarget"] < retry["minDelayTarget"]:
        return "maxDelayTarget must be greater than or equal to minDelayTarget"
    if retry["numRetries"] < sum(retry.get(phase) or 0 for phase in _PHASES):
        return (
            "numRetries must be greater than or equal to total of numMinDelayRetries, "
            "numNoDelayRetries and numMaxDelayRetries"
        )
    if (retry.get("backoffFunction") or "linear") not in _BACKOFFS:
        return f"backoffFunction must be one of {', '.join(_BACKOFFS)}"
    return None


def kept_of_topic(text: str) -> str:
    """A topic's policy as SNS keeps it: without what is null, in the order of its members."""
    given = json.loads(text).get("http") or {}
    http = {"disableSubscriptionOverrides": False}
    http.update((name, value) for name, value in given.items() if value is not None)
    return compact({"http": _in_order(http, _TOPIC_MEMBERS)})


def effective_of_topic(kept: str | None) -> str:
    """SNS's defaults with the topic's own policy over them."""
    return compact({"http": _effective_http(kept)})


def kept_of_subscription(text: str) -> str:
    """A subscription's policy as SNS keeps it: with null for each member that was not given."""
    given = json.loads(text)
    kept: dict[str, Any] = dict.fromkeys(_SECTIONS) | {"guaranteed": False} | given
    for name in ("healthyRetryPolicy", "sicklyRetryPolicy"):
        if kept[name] is not None:
            kept[name] = _in_order(dict.fromkeys(_RETRY) | kept[name], _RETRY)
    return compact(_in_order(kept, (*_SECTIONS, "guaranteed")))


def effective_of_subscription(kept: str | None, topic_kept: str | None) -> str:
    """What holds for a subscription: the topic's, with its own over it, if the topic lets it."""
    http = _effective_http(topic_kept)
    own = json.loads(kept) if kept and not http["disableSubscriptionOverrides"] else {}
    effective: dict[str, Any] = {}
    for name, in_topic in _SECTIONS.items():
        given = {key: value for key, value in (own.get(name) or {}).items() if value is not None}
        effective[name] = ((http.get(in_topic) or {}) | given) or None
    return compact(effective | {"guaranteed": own.get("guaranteed", False)})


def _effective_http(topic_kept: str | None) -> dict[str, Any]:
    http = dict(_DEFAULTS)
    for name, value in (json.loads(topic_kept)["http"] if topic_kept else {}).items():
        default = http.get(name)
        http[name] = {**default, **value} if isinstance(default, dict) else value
    return http


def _in_order(policy: Mapping[str, Any], members: tuple[str, ...]) -> dict[str, Any]:
    """In the order of its members; a policy with more than SNS knows ends with what is foreign."""
    return {name: policy[name] for name in [*(m for m in members if m in policy), *policy]}
