"""The gate reads what is to be given away in every way there is, and names what is left."""

import base64
import html
import struct
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.unit.workshop.test_masking import ACCOUNT, KEY, SECRET, jpeg, png
from workshop.masking import known
from workshop.masking.gate import LeakError, check, leaks_in

ARN = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:Q"
KNOWN = [
    *known.of_account(ACCOUNT),
    *known.of_profile("firm-dev"),
    *known.of_keys(access_key=KEY, secret_key=SECRET),
]


def leaks(tmp_path: Path, content: str | bytes, name: str = "01.html") -> list[str]:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return sorted(str(leak) for leak in leaks_in(file, KNOWN))


def b64(data: str | bytes) -> str:
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


NOTE = f"by {ACCOUNT}".encode()
NAMED, PACKED = b"Author\0", b"\0" + zlib.compress(NOTE)


@pytest.mark.parametrize(
    "planted",
    [
        f'{{"QueueArn": "{ARN}"}}',
        f"Traceback:\x1b[0;31m {ARN[:30]}\x1b[0m{ARN[30:]}",
        f"<span>{ACCOUNT[:5]}</span><b>{ACCOUNT[5:]}</b>",
        "".join(f"&#{ord(digit)};" for digit in ACCOUNT),
        "".join(f"\\u{ord(digit):04x}" for digit in ACCOUNT),
        "".join(f"%{ord(digit):02x}" for digit in ACCOUNT),
        html.escape(html.escape(f'"{ACCOUNT}"')),
        quote(quote(ARN)),
        f"<img alt='{ACCOUNT}'>",
        f"<a href='https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/Q'>",
        f"<!-- {ACCOUNT} -->",
        f"account = '{ACCOUNT}'",
        b64(ARN),
        "x" + b64(f"x{ARN}"),
        b64(b64(f"the arn is {ARN}")),
        b64(b"\xff\xfe\x00" + ACCOUNT.encode() + b"\xff"),
        f"data:image/svg+xml;base64,{b64(f'<svg><title>{ACCOUNT}</title></svg>')}",
        f"data:image/png;base64,{b64(png((b'tEXt', NAMED + NOTE)))}",
        f"data:image/png;base64,{b64(png((b'zTXt', NAMED + PACKED)))}",
        f"data:image/jpeg;base64,{b64(jpeg(NOTE))}",
    ],
)
def test_an_account_id_is_found_however_it_is_written(tmp_path: Path, planted: str) -> None:
    told = leaks(tmp_path, f"<p>\nfirst\n</p>\n<p>{planted}</p>")
    assert told
    assert all(leak.startswith("01.html, line 4: an account id") for leak in told)


@pytest.mark.parametrize(
    ("planted", "words"),
    [
        (KEY, "an access key"),
        (f"it is {SECRET}", "a secret key"),
        ("as firm-dev", "the name of a profile"),
        ("ada@firm.io", "an e-mail address"),
        ("/home/ada/x", "the name of a user"),
        ("127.0.0.1:40123", "the address of a program on this machine"),
    ],
)
def test_kinds_are_named(tmp_path: Path, planted: str, words: str) -> None:
    assert leaks(tmp_path, planted) == [f"01.html, line 1: {words}"]


def test_pictures_and_archives_beside_pages_are_read_too(tmp_path: Path) -> None:
    assert leaks(tmp_path, png((b"tEXt", b"a\0" + NOTE)), "a.png")
    assert leaks(tmp_path, struct.pack(">I", 0xFFFFFFFF) + ACCOUNT.encode(), "a.bin")


def test_aliases_and_what_only_looks_like_it_pass(tmp_path: Path) -> None:
    assert (
        leaks(
            tmp_path,
            "arn:aws:sqs:eu-west-1:ACCOUNT-1:Q, ENDPOINT-1/ACCOUNT-1/Q, --profile PROFILE-1\n"
            "12345678-1234-4123-8123-123456789013 0123456789012345678901234567abcd 1795912345678\n"
            f"{b64('an ordinary text, in base64')} data:image/png;base64,{b64(png())}",
        )
        == []
    )


def test_file_line_and_kind_are_told_and_never_the_value(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text(f"\n{KEY}\n" + f"\n{ACCOUNT}" * 10)
    with pytest.raises(LeakError) as caught:
        check(sorted(tmp_path.iterdir()), KNOWN)
    told = str(caught.value)
    assert "a.html, line 2: an access key" in told
    assert "and 10 more" in told
    assert KEY not in told
    assert ACCOUNT not in told


def test_clean_files_pass(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("ACCOUNT-1")
    check([tmp_path / "a.html"], KNOWN)
