"""What IAM says of why somebody may not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from localaws.words.ports import Verdict

_REASONS = {
    Verdict.NOT_ALLOWED: "because no identity-based policy allows the {action} action",
    Verdict.NOT_SHARED: "because no resource-based policy allows the {action} action",
    Verdict.OUTSIDE_BOUNDARY: "because no permissions boundary allows the {action} action",
    Verdict.OUTSIDE_SESSION: "because no session policy allows the {action} action",
    Verdict.DENIED_BY_IDENTITY: "with an explicit deny in an identity-based policy",
    Verdict.DENIED_BY_RESOURCE: "with an explicit deny in a resource-based policy",
    Verdict.DENIED_BY_BOUNDARY: "with an explicit deny in a permissions boundary",
    Verdict.DENIED_BY_SESSION: "with an explicit deny in a session policy",
}
DENIALS = frozenset(verdict for verdict, reason in _REASONS.items() if "deny" in reason)


def reason_of(verdict: Verdict, action: str) -> str:
    """The end of the sentence with which a service refuses.

    Args:
        action: as the service spells it.
    """
    return _REASONS[verdict].format(action=action)
