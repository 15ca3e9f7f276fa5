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
