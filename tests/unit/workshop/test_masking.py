"""What nobody gives away is replaced, the same by the same; what only looks like it stays."""

import ast
import base64
import json
import struct
import zlib

import pytest

from workshop.masking import known
from workshop.masking.encodings import decoded, encoded
from workshop.masking.mask import Mask
from workshop.masking.pictures import notes_of, without_notes

ACCOUNT, OTHER = "210987654321", "345678901234"
KEY = "AKIA" + "Z7QK" * 4
SECRET = "kV9" + "aB3/xY7+" * 4 + "cD5eF"


def masked(text: str) -> str:
    return Mask().text(text)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (f"arn:aws:sqs:eu-west-1:{ACCOUNT}:Orders", "arn:aws:sqs:eu-west-1:ACCOUNT-1:Orders"),
        (
            f"arn%3Aaws%3Asqs%3Aeu-west-1%3A{ACCOUNT}%3AO",
            "arn%3Aaws%3Asqs%3Aeu-west-1%3AACCOUNT-1%3AO",
        ),
        (
            f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/Orders",
            "https://sqs.eu-west-1.amazonaws.com/ACCOUNT-1/Orders",
        ),
        (f"http://127.0.0.1:40123/{ACCOUNT}/Orders", "http://ENDPOINT-1/ACCOUNT-1/Orders"),
        (f"cdk-hnb659fds-assets-{ACCOUNT}-eu-west-1", "cdk-hnb659fds-assets-ACCOUNT-1-eu-west-1"),
        (f'{{"Account": "{ACCOUNT}"}}', '{"Account": "ACCOUNT-1"}'),
        (f"account {ACCOUNT[:4]}-{ACCOUNT[4:8]}-{ACCOUNT[8:]}", "account ACCOUNT-1"),
        (f"&quot;Owner&quot;: &quot;{ACCOUNT}&quot;", "&quot;Owner&quot;: &quot;ACCOUNT-1&quot;"),
        (f"line\\n{ACCOUNT}\\n", "line\\nACCOUNT-1\\n"),
        (f"key {KEY}.", "key ACCESS-KEY-1."),
        (f"aws_secret_access_key = {SECRET}", "aws_secret_access_key = SECRET-1"),
        (f'"SecretAccessKey": "{SECRET}"', '"SecretAccessKey": "SECRET-1"'),
        (f'\\"SessionToken\\": \\"{SECRET * 2}\\"', '\\"SessionToken\\": \\"TOKEN-1\\"'),
        (
            f"?X-Amz-Security-Token={SECRET.replace('/', '%2F')}&a=1",
            "?X-Amz-Security-Token=TOKEN-1&a=1",
        ),
        (
            "http://localhost:8888/lab?token=0a1b2c3d4e5f60718293",
            "http://ENDPOINT-1/lab?token=TOKEN-1",
        ),
        (
            "Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6XSnuUMCm-abc_d",
            "Encoded authorization failure message: MESSAGE-1",
        ),
        (
            "arn:aws:sts::000000000000:assumed-role/Admin/ada@firm.io is not",
            "arn:aws:sts::000000000000:assumed-role/Admin/SESSION-1 is not",
        ),
        ("arn:aws:iam::000000000000:user/ada", "arn:aws:iam::000000000000:user/USER-1"),
        ("aws sso login --profile firm-dev", "aws sso login --profile PROFILE-1"),
        ("The profile 'firm' is", "The profile 'PROFILE-1' is"),
        ("boto3.Session(profile_name='firm')", "boto3.Session(profile_name='PROFILE-1')"),
        ("write to ada.l@firm.io.", "write to EMAIL-1."),
        ("File /home/ada/w/a.py, /Users/ada/b", "File /home/USER-1/w/a.py, /Users/USER-1/b"),
        (r"C:\Users\ada\w and C:\\Users\\ada", r"C:\Users\USER-1\w and C:\\Users\\USER-1"),
        # An administrator's home folder, in two parts: no file of the project names one
        ("/" + "root/.aws/config", "PATH-1/.aws/config"),
        ("from 10.1.2.3 and 2a02:8071:abcd::1", "from ADDRESS-1 and ADDRESS-2"),
        ("ip-10-1-2-3.eu-west-1.compute.internal", "HOST-1"),
        # A letter that a pattern without case takes for an s.
        ("\u017fecret_key = " + SECRET, "\u017fecret_key = SECRET-1"),
        (f"ARN%3Aaws%3asqs%3A%3A{ACCOUNT}", "ARN%3Aaws%3asqs%3A%3AACCOUNT-1"),
        (f"at amazonaws.com.cn%2F{ACCOUNT}", "at amazonaws.com.cn%2FACCOUNT-1"),
        (
            "//abcdefghij0123456789.lambda-url.eu-west-1.on.aws/",
            "//URL-1.lambda-url.eu-west-1.on.aws/",
        ),
    ],
)
def test_kinds_are_told_by_what_they_look_like(raw: str, shown: str) -> None:
    assert masked(raw) == shown
    # Nothing is left for a second time, and an alias is nothing to be replaced.
    assert masked(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "order_id: A-17, order 100000000017, A-100000000017, 'order_id': '100000000017'",
        "md5 0123456789012345678901234567abcd, 9b74c9897bac770ffc029102a200c5de",
        "12345678-1234-4123-8123-123456789013",
        "at 1795912345678 ms, at 202611291205, in 1795912345.123456789012 s",
        "SequenceNumber 18849496460467696128",
        "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a, receipt of 1111111111111",
        "arn:aws:sqs:us-east-1:123456789012:Q, 111122223333, 0000-0000-0000, 000000000000",
        "AKIAIOSFODNN7EXAMPLE, wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        'aws_secret_access_key=info["aws_secret_access_key"], session_token=session_token_of(it)',
        "--profile P, (profile NAME), --profile default, the profile of an account",
        "ada@example.com, someone@firm.example, @app.get, npm@11",
        "127.0.0.1, 0.0.0.0, 192.0.2.7, Chrome/120.0.0.0, 1.2.3, 12:34:56, ::1, 2001:db8::1",
        "/home/sbx_user1051/x, /var/task/handler.py, the /home page",
        "a 64-bit float 0.123456789012, price 12.345678901234",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert masked(text) == text


def test_the_same_is_the_same_wherever_it_stands() -> None:
    mask = Mask()
    assert mask.text(f"{ACCOUNT} {OTHER} {ACCOUNT}") == "ACCOUNT-1 ACCOUNT-2 ACCOUNT-1"
    assert mask.text(f"arn:aws:sns:us-east-1:{OTHER}:T") == "arn:aws:sns:us-east-1:ACCOUNT-2:T"


def test_what_was_masked_before_something_was_known_is_masked_anew() -> None:
    mask = Mask()
    assert mask.text("as firm-9") == "as firm-9"
    mask.learn(known.of_profile("firm-9"))
    assert mask.text("as firm-9") == "as PROFILE-1"


def test_what_is_known_is_found_within_anything_and_comes_first() -> None:
    mask = Mask(known.of_account(ACCOUNT))
    assert mask.text(f"{OTHER}, bucket{ACCOUNT}logs, ********{ACCOUNT[-4:]}") == (
        "ACCOUNT-2, bucketACCOUNT-1logs, ACCOUNT-1"
    )
    # The id of a documentation that is somebody's own.
    own = Mask(known.of_account("111122223333"))
    assert own.text("111122223333 of order 111122223333") == "ACCOUNT-1 of order ACCOUNT-1"


def test_a_name_that_is_a_word_is_told_by_what_stands_around_it() -> None:
    words = known.words_of(["import workshop", "the queue"])
    mask = Mask(known.of_profile("workshop", words))
    assert mask.text("import workshop  # --profile workshop") == (
        "import workshop  # --profile PROFILE-1"
    )
    other = Mask(known.of_profile("firm-sandbox", words))
    assert other.text("as firm-sandbox, not firm-sandboxes") == "as PROFILE-1, not firm-sandboxes"


def test_callers_are_known_by_their_last_name() -> None:
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0123/ada.lovelace"
    mask = Mask(known.of_caller(arn))
    assert mask.text("by ada.lovelace") == "by SESSION-1"


def test_code_stays_code() -> None:
    code = f'queue = "https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/Q"\nkeys = dict(key="{KEY}")\n'
    ast.parse(masked(code))


def test_base64_is_masked_within_and_stays_base64() -> None:
    mask = Mask(known.of_account(ACCOUNT))
    inner = json.dumps({"arn": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:Q"})
    twice = base64.b64encode(base64.b64encode(inner.encode())).decode()
    shown = mask.text(f"body {twice} end").split()[1]
    told = decoded(decoded(shown).decode())  # type: ignore[union-attr, arg-type]
    assert told == b'{"arn": "arn:aws:sqs:eu-west-1:ACCOUNT-1:Q"}'


@pytest.mark.parametrize("text", ["QUJD", "QUI=", "QQ==", "-_-_", "QUI", "QQ"])
def test_base64_in_its_alphabet_and_padding(text: str) -> None:
    data = decoded(text)
    assert data is not None
    assert encoded(data, text) == text


def png(*notes: tuple[bytes, bytes]) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), *notes, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def jpeg(note: bytes) -> bytes:
    def segment(kind: int, body: bytes) -> bytes:
        return bytes([0xFF, kind]) + struct.pack(">H", len(body) + 2) + body

    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1")
        + segment(0xE1, b"Exif\0\0" + note)
        + segment(0xFE, note)
        + segment(0xDB, b"\0" * 65)
        + b"\xff\xda\0\2pixels\xff\xd9"
    )


def test_pictures_lose_what_is_not_seen() -> None:
    note = f"made by {ACCOUNT}".encode()
    pictures = [
        png((b"tEXt", b"Software\0" + note)),
        png((b"zTXt", b"Comment\0\0" + zlib.compress(note))),
        png((b"iTXt", b"Comment\0\1\0en\0\0" + zlib.compress(note))),
        jpeg(note),
    ]
    for picture in pictures:
        assert any(note in told for told in notes_of(picture))
        assert list(notes_of(without_notes(picture))) == []
        assert without_notes(without_notes(picture)) == without_notes(picture)
    assert without_notes(pictures[0]) == png()
    assert b"pixels" in without_notes(pictures[3])
    assert b"JFIF" in without_notes(pictures[3])


def test_a_picture_within_html_is_cleaned_as_well() -> None:
    data = base64.b64encode(png((b"tEXt", f"a\0{ACCOUNT}".encode()))).decode()
    clean = base64.b64encode(png()).decode()
    shown = masked(f'<img src="data:image/png;base64,{data}" alt="{ACCOUNT}">')
    assert shown == f'<img src="data:image/png;base64,{clean}" alt="ACCOUNT-1">'


def test_in_the_owners_terminal_a_command_can_be_typed_and_an_id_stays_an_alias() -> None:
    # Given what a kernel and the command that started it know alike
    own = [*known.of_account(ACCOUNT), *known.of_profile("firm-9")]
    own += known.of_endpoint("http://127.0.0.1:4566")
    kernel, terminal = Mask(own), Mask(own)
    command = "deploy --profile firm-9 --endpoint-url http://127.0.0.1:4566"
    # When the kernel shows a command and an ARN, then the one comes back and the other does not
    shown = kernel.text(f"{command} # arn:aws:sqs:eu-west-1:{ACCOUNT}:Q")
    assert "PROFILE-1" in shown
    assert "ENDPOINT-1" in shown
    assert terminal.typed(shown) == f"{command} # arn:aws:sqs:eu-west-1:ACCOUNT-1:Q"
    # And what nobody knows stays
    assert terminal.typed("PROFILE-7 MYPROFILE-1") == "PROFILE-7 MYPROFILE-1"


def test_a_profile_that_is_a_word_can_be_typed_as_well() -> None:
    mask = Mask(known.of_profile("environment"))
    assert mask.typed(mask.text("deploy --profile environment")) == "deploy --profile environment"
