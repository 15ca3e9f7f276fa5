r"""Kinds of things that nobody gives away, by what they look like.

`lookalikes` says what only looks like them. A page of a megabyte is read in several ways, by each
of these patterns. So each begins with something that can be looked for quickly, and looks back at
what may not stand before it from there; or it has signs, without which a text cannot have one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workshop.masking import lookalikes

_ALIAS = re.compile(r"(?:[A-Z]+-)+[0-9]+")

# What a text that has one kind of thing has in any case: words, or what is looked for quickly.
Sign = str | re.Pattern[str]

# Between a name and its value: in Python, JSON, JSON within JSON, HTML, a shell.
_Q = r"(?:\\*[\"']|&quot;|&\#34;|&\#39;|&\#x27;)?"
_IS = rf"{_Q}\s*[:=]\s*{_Q}"


@dataclass(frozen=True)
class Telltale:
    """One kind of thing.

    Attributes:
        name: of its aliases.
        words: what the gate calls it.
        pattern: its group `raw` is what gets replaced; all of it where there is no such group.
        is_harmless: whether a match only looks like it.
        signs: one of them is in every text that has such a thing; in lower case where the pattern
            makes no difference. None are needed by a pattern that is quick.
        knows_no_case: whether large and small letters are the same to the pattern.
    """

    name: str
    words: str
    pattern: re.Pattern[str]
    is_harmless: Callable[[re.Match[str], str], bool]
    signs: tuple[Sign, ...] = ()
    knows_no_case: bool = False

    def found_in(self, text: str, folded: str) -> Iterator[tuple[int, int, str]]:
        """Where each of this kind begins and ends, and what it is.

        Args:
            text: is looked through.
            folded: the same in lower case; see `in_lower_case`.
        """
        signed = folded if self.knows_no_case else text
        if self.signs and not any(_shows(signed, sign) for sign in self.signs):
            return
        group = "raw" if "raw" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(text):
            raw = match[group]
            if not _ALIAS.fullmatch(raw) and not self.is_harmless(match, raw):
                yield match.start(group), match.end(group), raw


def _shows(text: str, sign: Sign) -> bool:
    return sign in text if isinstance(sign, str) else sign.search(text) is not None


def in_lower_case(text: str) -> str:
    """A text in lower case, with those letters that a pattern without case takes for others."""
    return text.lower().replace("\u017f", "s").replace("\u0131", "i")


def _kind(
    name: str,
    words: str,
    pattern: str,
    is_harmless: Callable[[re.Match[str], str], bool] = lambda match, raw: False,
    flags: int = 0,
    signs: tuple[Sign, ...] = (),
) -> Telltale:
    compiled = re.compile(pattern, flags | re.VERBOSE)
    return Telltale(name, words, compiled, is_harmless, signs, bool(flags & re.IGNORECASE))


# Letters before a number make it part of something else, except as the end of an escape.
_ALONE = r"(?:(?<![0-9A-Za-z_.][0-9]{12})|(?<=%[0-9A-Fa-f]{2}[0-9]{12})|(?<=\\[nrt][0-9]{12}))"
_COLON, _SLASH = r"(?::|%3[Aa])", r"(?:/|%2[Ff])"

KINDS = (
    _kind(
        "PRIVATE-KEY",
        "a private key",
        r"-----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z)",
        flags=re.DOTALL,
    ),
    _kind(
        "SECRET",
        "a secret key",
        rf"(?:secret_?access_?key|secret_?key|password|api_?key){_IS}(?P<raw>[A-Za-z0-9/+=_-]{{16,}})",
        lookalikes.is_no_secret,
        re.IGNORECASE,
        signs=("secret", "password", "apikey", "api_key"),
    ),
    _kind(
        "TOKEN",
        "a token",
        rf"(?:session_?token|security[-_]?token|x-amz-signature|bearer\s|[?&;]token)"
        rf"(?:{_IS})?(?P<raw>[A-Za-z0-9/+=_.%-]{{16,}})",
        lookalikes.is_no_secret,
        re.IGNORECASE,
        signs=(
            *("sessiontoken", "session_token", "securitytoken", "security-token", "security_token"),
            *("x-amz-signature", "bearer", "?token", "&token", ";token"),
        ),
    ),
    _kind(
        "TOKEN",
        "a token",
        r"(?<![A-Za-z0-9+/])(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=_-]{60,}"
        r"|(?<![A-Za-z0-9])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+",
        signs=("IQoJ", "FwoG", "FQoG", ".eyJ"),
    ),
    _kind(
        "MESSAGE",
        "an encoded authorization message",
        r"[Ee]ncoded\ authorization\ (?:failure\ )?message:\s*(?P<raw>[A-Za-z0-9_+/=-]{16,})",
        signs=("ncoded authorization",),
    ),
    _kind(
        "ACCESS-KEY",
        "an access key",
        r"[AL](?<![A-Za-z0-9][AL])[A-Z]{3}(?<=ABIA|ACCA|AGPA|AIDA|AIPA|AKIA|ANPA|ANVA|APKA|AROA"
        r"|ASCA|ASIA|LKIA)[A-Z0-9]{16,28}(?![A-Za-z0-9])",
        lookalikes.is_example,
    ),
    _kind(
        "SESSION",
        "the name of a session",
        r"assumed-role(?:/|%2F)[\w+=,.@-]+(?:/|%2F)(?P<raw>[\w+=,.@-]+)",
        lookalikes.is_ours,
    ),
    _kind(
        "USER",
        "the name of a user",
        r":(?:federated-)?user(?:/|%2F)(?P<raw>[\w+=,.@/-]+)",
        lookalikes.is_anybody,
    ),
    _kind(
        "PROFILE",
        "the name of a profile",
        rf"(?:--profile(?:\s+|=)|AWS_(?:DEFAULT_)?PROFILE={_Q}|profile_name{_IS}|\(profile\s+"
        rf"|[Pp]rofile\s+(?:\\*[\"']|&quot;|&\#39;|&\#x27;)|\[profile\s+)(?P<raw>[\w.@+-]+)",
        lookalikes.is_anybody,
        signs=("rofile", "PROFILE="),
    ),
    _kind(
        "ACCOUNT",
        "an account id",
        rf"[Aa/%:-](?:(?<=[Aa])(?:[Rr][Nn](?:{_COLON}[\w-]*){{3}}{_COLON}"
        rf"|(?<!\w[Aa])(?i:ccount(?:_?id|\ id|s)?(?:{_IS}|\s+)))"
        rf"|(?:(?<=(?i:amazonaws\.com)[/%])|(?<=(?i:amazonaws\.com\.cn)[/%])"
        rf"|(?<=(?i:localhost)[/%]))(?:(?<=/)|2[Ff])"
        rf"|(?:(?<=[0-9.]:)|(?<=(?i:localhost:))|(?<=(?i:ENDPOINT-)))[0-9]+{_SLASH}"
        rf")(?P<raw>[0-9]{{12}}|[0-9]{{4}}-[0-9]{{4}}-[0-9]{{4}})(?![0-9])",
        lookalikes.documented,
    ),
    _kind(
        "ACCOUNT",
        "an account id",
        rf"[0-9]{{12}}(?![0-9A-Za-z_]|\.[0-9]){_ALONE}",
        lookalikes.is_no_account,
    ),
    _kind(
        "ENDPOINT",
        "the address of a program on this machine",
        r"(?<![\w.])(?:127\.0\.0\.1|localhost|0\.0\.0\.0|\[::1\])(?::|%3A)[0-9]{2,5}(?![0-9])",
        signs=tuple(
            f"{host}{colon}"
            for host in ("127.0.0.1", "localhost", "0.0.0.0", "[::1]")
            for colon in (":", "%3A")
        ),
    ),
    _kind(
        "URL",
        "the address of a function or an API",
        r"(?<![\w.-])(?P<raw>[a-z0-9]{10,40})(?=\.(?:lambda-url|execute-api)\.)",
        signs=(".lambda-url.", ".execute-api."),
    ),
    _kind(
        "ADDRESS",
        "an IP address",
        r"[0-9](?<![\w.][0-9])[0-9]{0,2}(?:\.[0-9]{1,3}){3}(?![\w.]*[0-9])",
        lookalikes.is_no_address,
        signs=(re.compile(r"\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"),),
    ),
    _kind(
        "ADDRESS",
        "an IP address",
        r"[0-9a-fA-F:](?<![\w:.][0-9a-fA-F:])(?:(?<=:)|[0-9a-fA-F:]*:)"
        r"[0-9a-fA-F]{0,4}:[0-9a-fA-F:]+(?![\w:])",
        lookalikes.is_no_address,
        signs=(re.compile(r":[0-9a-fA-F]{0,4}:[0-9a-fA-F:]"),),
    ),
    _kind(
        "HOST",
        "the name of a machine",
        r"\bip(?:-[0-9]{1,3}){4}(?:\.[\w-]+)*\.internal\b",
        signs=(".internal",),
    ),
    _kind(
        "EMAIL",
        "an e-mail address",
        r"[A-Za-z0-9_](?<![\w.+-][A-Za-z0-9_])[\w.+-]*@(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w@])",
        lookalikes.is_example_mail,
        signs=(re.compile(r"@(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w@])"),),
    ),
    _kind(
        "USER",
        "the name of a user",
        r"(?<![\w.-])(?:/|%2F)(?:home|Users)(?:/|%2F)(?P<raw>[^/\s\"'<>&:;,)\]}\\%]+)",
        lookalikes.is_nobody,
        signs=("/home", "/Users", "%2Fhome", "%2FUsers"),
    ),
    _kind(
        "USER",
        "the name of a user",
        r"\b[A-Za-z]:\\+Users\\+(?P<raw>[^\\/\s\"'<>&:;,)]+)",
        lookalikes.is_nobody,
        signs=("\\Users\\",),
    ),
    _kind("PATH", "a path of this machine", r"(?<![\w.-])/root(?=/)", signs=("/root/",)),
    _kind("PATH", "a path of this machine", r"/tmp/ipykernel_[0-9]+/[0-9]+\.py"),
)
