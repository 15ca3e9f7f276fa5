"""What a start loads before it answers: every module more is time that somebody waits."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

# A whole start in a process of its own, up to STS's first answer; its modules on standard output.
_START = """
import asyncio, json, pathlib, sys, tempfile
from localaws.embedded_aws import EmbeddedAws
from localaws.words.http import Caller, HttpRequest
from localaws.words.identity import Identity

async def start(folder):
    aws = EmbeddedAws(Identity("000000000000", "us-east-1"), 1, folder)
    key = aws.info.aws_access_key_id
    answer = []
    async def send(message):
        answer.append(message)
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "authorization": f"AWS4-HMAC-SHA256 Credential={key}/20300101/us-east-1/sts/aws4_request",
    }
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    scope = {
        "type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b"",
        "headers": [(n.encode(), v.encode()) for n, v in headers.items()],
    }
    request = HttpRequest("POST", "/", "", headers, body)
    caller = Caller("arn:aws:iam::000000000000:user/workshop", "1", access_key_id=key)
    await aws._emulator.front.serve(scope, request, "sts", caller, send)
    return answer[0]["status"], dict(answer[0]["headers"])[b"Content-Type"].decode()

with tempfile.TemporaryDirectory() as folder:
    answer = asyncio.run(start(pathlib.Path(folder)))
print(json.dumps([answer, sorted(sys.modules)]))
"""


def told_by(code: str) -> Any:
    """What a new process prints as JSON."""
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def test_a_start_loads_no_client_no_tables_and_no_test_tools() -> None:
    # Given an embedded AWS that has answered its first request to the emulator
    answer, modules = told_by(_START)

    # When one looks at what it loaded
    loaded = {name.partition(".")[0] for name in modules}

    # Then it answered as AWS does, and the heaviest packages around are not among it
    assert answer == [200, "text/xml"]
    assert loaded & {"boto3", "botocore", "numpy", "pandas", "matplotlib", "_pytest"} == set()


def test_the_command_line_does_not_wait_for_tables_and_plots() -> None:
    # When only the package is imported, as `python -m workshop` does
    modules = told_by("import json, sys, workshop; print(json.dumps([*sys.modules]))")
    assert set(modules) & {"pandas", "matplotlib", "ipywidgets"} == set()


def test_who_holds_the_embedded_aws_loads_nothing_that_only_its_users_need() -> None:
    modules = told_by("import json, sys, workshop.keeping; print(json.dumps([*sys.modules]))")
    loaded = {name.partition(".")[0] for name in modules}
    assert loaded & {"boto3", "botocore", "numpy", "pandas", "matplotlib"} == set()


@pytest.mark.parametrize(
    ("starting", "reading"),
    [("cli.guides", "workshop.guides.notebooks"), ("cli.owned_jupyter", "nbformat")],
)
def test_who_reads_notebooks_makes_no_parser_of_addresses(starting: str, reading: str) -> None:
    # Given what `guides` or `lab` starts with, when it goes on to what reads notebooks
    told = told_by(f"""
import json, sys, workshop.{starting}, {reading}, jsonschema
formats = jsonschema.Draft202012Validator.FORMAT_CHECKER.checkers
print(json.dumps(["lark" in sys.modules, "uri" in formats, "iri" in formats]))
""")
    # Then the parser is not there, nor is the format of which it would be; others are
    assert told == [False, True, False]


def test_templates_are_loaded_when_something_is_shown_and_not_before() -> None:
    # Given the commands and what a notebook connects with, when something is shown
    code = """
import json, sys, workshop.__main__, workshop.connection
from workshop import html
before = "jinja2" in sys.modules
print(json.dumps([before, html.line("!", "a"), "jinja2" in sys.modules]))
"""
    # Then only then did the templates load
    shown = '<div><strong aria-hidden="true">!</strong> a</div>'
    assert told_by(code) == [False, shown, True]
