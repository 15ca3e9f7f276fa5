"""What only looks like something that nobody gives away; each by the match, and by what it found.

A number of 12 digits is taken for an account id, since a leak is worse than an alias too many.
These are not, unless they are known to be this run's own (`workshop.masking.known`):

- the ids of AWS's documentation, and the embedded AWS's, which belong to nobody;
- a time such as 202611291205 and the number of an order, where they stand by themselves; after
  `arn:...:` and in a queue's URL they are an account's;
- digits within something longer: MD5s, UUIDs, sequence numbers, receipt handles, milliseconds.

The addresses, e-mail addresses and access keys that documentation uses stay as well.
"""

import ipaddress
import re

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html shows the first two;
# AWS's other pages the next ones. The last one is what the embedded AWS plays.
DOCUMENTED_ACCOUNTS = frozenset(
    {"123456789012", "111122223333", "444455556666", "777788889999", "000000000000"}
)

_TIME = re.compile(
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9]"
)
_IN_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-$", re.IGNORECASE)
_OF_ORDER = re.compile(
    r"(?:\border[-_ ]?(?:id|number|no)?|\b[A-Z])[\"'=:#\s-]{1,5}$", re.IGNORECASE
)
_OF_EXAMPLES = re.compile(
    r"(?:^|[@.])(?:example(?:\.(?:com|org|net|edu))?|invalid|test|localhost)$"
)
# RFC 5737 and 3849: for documentation.
_EXAMPLE_NETS = [
    ipaddress.ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
# Placeholders of instructions, and the profile that everybody has.
_ANYBODY = re.compile(r"[A-Z]|NAME|PROFILE|USER|default|\.+|<.*|\{.*|\$.*")


def documented(_: re.Match[str], raw: str) -> bool:
    return raw.replace("-", "") in DOCUMENTED_ACCOUNTS


def is_no_account(match: re.Match[str], raw: str) -> bool:
    before = match.string[max(0, match.start() - 40) : match.start()]
    return bool(
        documented(match, raw)
        or _TIME.fullmatch(raw)
        or _IN_UUID.search(before)
        or _OF_ORDER.search(before)
    )


def is_no_secret(_: re.Match[str], raw: str) -> bool:
    """Words of code: a secret has digits and letters, and is no example."""
    mixed = re.search("[0-9]", raw) and re.search("[A-Za-z]", raw)
    return not mixed or "EXAMPLE" in raw.upper()


def is_example(_: re.Match[str], raw: str) -> bool:
    return "EXAMPLE" in raw


def is_anybody(_: re.Match[str], raw: str) -> bool:
    return bool(_ANYBODY.fullmatch(raw))


def is_ours(_: re.Match[str], raw: str) -> bool:
    """Lambda calls the session of a function's role as the function is called."""
    return raw.casefold().startswith("failureworkshop-") or bool(_ANYBODY.fullmatch(raw))


def is_nobody(_: re.Match[str], raw: str) -> bool:
    """Lambda's own user, on AWS."""
    return raw.startswith("sbx_") or bool(_ANYBODY.fullmatch(raw))


def is_no_address(match: re.Match[str], raw: str) -> bool:
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return True
    before = match.string[max(0, match.start() - 1) : match.start()]
    return (
        address.is_loopback
        or address.is_unspecified
        # `Chrome/120.0.0.0` is a version.
        or (before in ("/", "v") and not match.string[: match.start()].endswith("//"))
        or any(address in net for net in _EXAMPLE_NETS if net.version == address.version)
    )


def is_example_mail(_: re.Match[str], raw: str) -> bool:
    return bool(_OF_EXAMPLES.search(raw.rpartition("@")[2].casefold()))
