"""What is wrong with keys that AWS does not take, as far as they tell it themselves. Pure.

AWS answers any mixture of keys with the same words, such as `InvalidClientTokenId`. How an access
key id begins tells whether a session token belongs to it.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
"""

from collections.abc import Mapping

from workshop.target.environment import ENVIRONMENT, KEYS

_LONG_LIVED, _TEMPORARY = "AKIA", "ASIA"
_KEY, _SECRET, _TOKEN = KEYS

# The secret does not belong to the id, or it is misspelt.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-keys.html
_WRONG_SECRET = frozenset({"InvalidSignatureException", "SignatureDoesNotMatch"})
# How services say that they do not take the keys of a call.
# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
REFUSED = frozenset(
    {
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        *_WRONG_SECRET,
        "UnrecognizedClientException",
    }
)


def missing(variables: Mapping[str, str]) -> str:
    """The variable that lacks of a pair of keys; "" when both are there, or neither."""
    lacking = [name for name in (_KEY, _SECRET) if not variables.get(name)]
    return lacking[0] if len(lacking) == 1 else ""


def hint(profile: str, access_key: str, token: str | None, code: str = "") -> str:
    """What to do about refused keys, a sentence; "" when they tell nothing.

    Args:
        profile: where they come from.
        access_key: the id of the key.
        token: the session token beside it.
        code: of AWS's refusal.
    """
    name, where, drop = _TOKEN, "", f"`unset {_TOKEN}`"
    if profile != ENVIRONMENT:
        name = _TOKEN.lower()
        where = f" in the profile {profile!r}"
        drop = f"delete the line {name}{where}"
    if token and access_key.startswith(_LONG_LIVED):
        return (
            f"{name} is set, but the key is a long-lived one ({_LONG_LIVED}...), to which none "
            f"belongs: {drop}."
        )
    if not token and access_key.startswith(_TEMPORARY):
        return (
            f"The key is a temporary one ({_TEMPORARY}...), and {name} is missing: set it{where}."
        )
    if not token and access_key.startswith(_LONG_LIVED):
        key, secret = (_KEY, _SECRET) if profile == ENVIRONMENT else (_KEY.lower(), _SECRET.lower())
        if code in _WRONG_SECRET:
            return f"{secret} is not the one that belongs to {key}: set the two of one key{where}."
        return (
            f"AWS knows no such key: it was deleted or made inactive, or {key} is misspelt. "
            f"Set {key} and {secret} of an active one{where}."
        )
    if token:
        return f"If these are long-lived keys, no {name} belongs to them: {drop}."
    return ""
