"""What an SDK compressed is inflated, and no further than CloudWatch takes it."""

import gzip

import pytest

from localaws.emulator.translation import inflated
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest


def request(body: bytes, **headers: str) -> HttpRequest:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest("POST", "/", "", given, body)


def test_a_body_is_as_it_was_before_it_was_compressed() -> None:
    found = inflated(request(gzip.compress(b"{}"), content_encoding="gzip", accept="x"))
    assert (found.body, found.headers) == (b"{}", {"accept": "x", "content-length": "2"})


def test_what_is_not_compressed_stays() -> None:
    plain = request(b"{}")
    assert inflated(plain) is plain


@pytest.mark.parametrize(
    ("body", "status"), [(gzip.compress(b"0" * 1_048_577), 413), (b"no gzip", 400)]
)
def test_what_cannot_be_read_is_refused(body: bytes, status: int) -> None:
    with pytest.raises(AwsError) as refused:
        inflated(request(body, content_encoding="gzip"))
    assert refused.value.status == status
