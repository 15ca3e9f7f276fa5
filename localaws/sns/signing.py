"""Signatures of notifications, and the certificate that they can be verified with.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html

The key is everybody's, so a signature proves nothing but that verifying works. Its private
exponent is 3 (and the public one long): a signature costs microseconds instead of milliseconds.
"""

import base64
import hashlib
import secrets

from localaws.sns.notification import Notification
from localaws.words.http import HttpRequest, HttpResponse

_MODULUS = int(
    "ff7d25513e3f0a773613193a48b306eaf1780b0039f9437773292f46c7e1d1d9c211d87c251307a4df1beb2b"
    "ece7c0e2f0197087067627063af6a084008d6edb0e72de125f94f996a01ecd67bcf5db1cd58aef43fcae82bf"
    "2912d7cd42326bf35a11e76dbe56aa6b99a0bae5a7ac7aaa7a4d476decdedd6cfa8ecb9f11d7f92cbcd88b07"
    "3ec633c5d4003226f35f7a5f99720f4ac50ca69a1a83f28c194dc48fbc298582df91084012531410f2105cb6"
    "c41211ae142e3b94aae7d03ff20b48c9f2115b8d5940cc950d2f4a28256ff41c5234ac54e5f20542766ada53"
    "422be11b532e0066c0902dbebc782d452f98943a1cf8be18770c9ea95641a3cf6030c531",
    16,
)
_PRIVATE_EXPONENT = 3
_MODULUS_BYTES = 256

# SignatureVersion -> the digest's name, and how PKCS #1 v1.5 announces it (RFC 8017, 9.2).
_DIGESTS = {
    "1": ("sha1", bytes.fromhex("3021300906052b0e03021a05000414")),
    "2": ("sha256", bytes.fromhex("3031300d060960864801650304020105000420")),
}

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIDrTCCApUCAQEwDQYJKoZIhvcNAQELBQAwHDEaMBgGA1UEAwwRc25zLmFtYXpv
bmF3cy5jb20wIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBwxGjAY
BgNVBAMMEXNucy5hbWF6b25hd3MuY29tMIICITANBgkqhkiG9w0BAQEFAAOCAg4A
MIICCQKCAQEA/30lUT4/Cnc2Exk6SLMG6vF4CwA5+UN3cykvRsfh0dnCEdh8JRMH
pN8b6yvs58Di8BlwhwZ2JwY69qCEAI1u2w5y3hJflPmWoB7NZ7z12xzViu9D/K6C
vykS181CMmvzWhHnbb5WqmuZoLrlp6x6qnpNR23s3t1s+o7LnxHX+Sy82IsHPsYz
xdQAMibzX3pfmXIPSsUMppoag/KMGU3Ej7wphYLfkQhAElMUEPIQXLbEEhGuFC47
lKrn0D/yC0jJ8hFbjVlAzJUNL0ooJW/0HFI0rFTl8gVCdmraU0Ir4RtTLgBmwJAt
vrx4LUUvmJQ6HPi+GHcMnqlWQaPPYDDFMQKCAQAqlNuNil/XE95YhDRhcyvR0ulX
KrRUNek93DKLy/r4TvWtpBSw2IFGJS9R3Kd79XsoBD1r1mkGgQnTxWtVbOfPLRMl
Aw/uKZkar8zmn35PL3jsfTX/cmsf3C3OojWzEf3kWFE89Q5xvJmaydDxR2nHFGI2
klIlJOd/F8yagvlUMco55owjRGKlQOc8ugzV6M15Ahl/NvFgQD+8yyqlsGUfOh0C
tqPBz30Zo+T/pxJ1K6a+ZefBeAuAZroSkMxAowIDukdRKT64fL44qe6ec9i61ZDa
z+f5b31sL6qJn+BJjnzMaBmAYWA9QihqCWtALfNJR6fZwHywyvwDbWyArPERMA0G
CSqGSIb3DQEBCwUAA4IBAQCP+AKpEpigE3RuWdDzoWW2L4qsvPEuw63cBAo/JpTj
D6RsIWT424ZzNtdcWin10Are1y/EymkLb/5jpage3YE8cZMZ794uv66m5GSDDtBx
fZrgNQ3tigv30/gg9jQNaXFX6VuoKBjWwa48l86ccf02DGvCycYDzdX8+DHsKs5R
GiAYvJ+59943xF6X+0W1ltRj0QtmGLuoV48jUV5krsxmvpdAsM0VsSnkOrYjSgeJ
x5TnBOiJA1bjxe7sQ80YLeSAV2DJhQT5d0LtyiHidxgL8o2OVIKSurSNQQij7sV1
RsE8Eg85TeDWDDQa8fXCO4UHMFWZJBr+utsnqhRkkPbo
-----END CERTIFICATE-----
"""


class Signer:
    """Signs notifications; everybody who got one can download the certificate.

    Args:
        base_url: the endpoint's address.

    Attributes:
        certificate_path: where the certificate is; another one in every run, so that only those
            who got a notification know it.
    """

    def __init__(self, base_url: str) -> None:
        self.certificate_path = f"/SimpleNotificationService-{secrets.token_hex(16)}.pem"
        self.certificate_url = base_url + self.certificate_path

    def sign(self, notification: Notification, message: str, version: str) -> str:
        """The signature of what one subscriber gets.

        Args:
            message: the text for the subscriber's protocol.
            version: "1" for SHA-1, "2" for SHA-256.
        """
        name, announcement = _DIGESTS[version]
        signed = signed_text(notification, message).encode("utf-8", "replace")
        ending = announcement + hashlib.new(name, signed, usedforsecurity=False).digest()
        padding = b"\xff" * (_MODULUS_BYTES - len(ending) - 3)
        block = int.from_bytes(b"\x00\x01" + padding + b"\x00" + ending, "big")
        signature = pow(block, _PRIVATE_EXPONENT, _MODULUS)
        return base64.b64encode(signature.to_bytes(_MODULUS_BYTES, "big")).decode("ascii")

    def admits(self, path: str) -> bool:
        """Whether a path is the certificate's."""
        return path == self.certificate_path

    async def download(self, request: HttpRequest) -> HttpResponse:
        """The certificate as PEM."""
        return HttpResponse(200, CERTIFICATE.encode(), {"Content-Type": "application/x-pem-file"})


def signed_text(notification: Notification, message: str) -> str:
    """Names and values, each on a line of its own; a subject only where there is one."""
    fields = {"Message": message, "MessageId": notification.message_id}
    if notification.subject is not None:
        fields["Subject"] = notification.subject
    fields["Timestamp"] = notification.timestamp
    fields["TopicArn"] = notification.topic_arn
    fields["Type"] = "Notification"
    return "".join(f"{name}\n{value}\n" for name, value in fields.items())
