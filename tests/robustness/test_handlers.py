"""Handlers that behave as badly as they can: AWS's answer, and the endpoint goes on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.runtime.world import IN_TMP
from tests.robustness.client import Target
from tests.robustness.handlers import account_of
from tests.robustness.processes import ends, needs_linux, resident_mb
from tests.scenarios.account import Account, package_of


@pytest.fixture
def account(target: Target) -> Iterator[Account]:
    account = account_of(target)
    yield account
    account.close()


def function(account: Account, text: str, **options: Any) -> str:
    return account.function("orders", Code={"ZipFile": package_of(text)}, **options)


def error_of(answer: Any) -> str:
    """What kind of failure an invocation ended with."""
    assert answer["FunctionError"] == "Unhandled"
    return str(answer["Payload"].get("errorType", answer["Payload"]["errorMessage"]))


def works(account: Account) -> bool:
    """Whether a function that does nothing wrong answers."""
    answer = account.invoke(account.function("orders"), {"order": 1})
    return bool(answer["Payload"] == {"processed": 1})


def test_a_flood_of_log_lines(account: Account, target: Target) -> None:
    name = function(
        account,
        "def handler(event, context):\n"
        "    for number in range(event['lines']):\n"
        "        print(number, 'x' * 1000)\n"
        "    return 'done'\n",
        Timeout=60,
    )
    assert account.invoke(name, {"lines": 20_000})["Payload"] == "done"
    assert account.invoke(name, {"lines": 1})["Payload"] == "done"
    last = account.client("logs").filter_log_events(
        logGroupName=f"/aws/lambda/{name}", filterPattern='"19999 "'
    )
    assert len(last["events"]) <= 1
    assert works(account)


@needs_linux
def test_a_flood_of_log_lines_without_an_end(account: Account, target: Target) -> None:
    before_mb = resident_mb(target.pid)
    name = function(
        account,
        "def handler(event, context):\n    while True:\n        print('x' * 1000)\n",
        Timeout=1,
    )
    assert error_of(account.invoke(name)) == "Sandbox.Timedout"
    assert resident_mb(target.pid) - before_mb < 500
    assert works(account)


def test_one_endless_line(account: Account) -> None:
    name = function(
        account,
        "import sys\n"
        "def handler(event, context):\n"
        "    for _ in range(1000):\n"
        "        sys.stdout.write('x' * 10_000)\n"
        "    return 'done'\n",
        Timeout=30,
    )
    assert account.invoke(name)["Payload"] == "done"
    assert works(account)


@needs_linux
@pytest.mark.parametrize("own_session", [False, True])
def test_processes_that_a_handler_starts(account: Account, own_session: bool) -> None:
    name = function(
        account,
        "import subprocess\n"
        "def handler(event, context):\n"
        f"    started = subprocess.Popen(['sleep', '1000'], start_new_session={own_session})\n"
        "    return started.pid\n",
    )
    pid = account.invoke(name)["Payload"]
    assert Path(f"/proc/{pid}").exists()

    account.client("lambda").delete_function(FunctionName=name)

    assert ends(pid)


def test_more_memory_than_it_has(account: Account) -> None:
    name = function(
        account,
        "def handler(event, context):\n"
        "    kept = []\n"
        "    while True:\n"
        "        kept.append(bytearray(10_000_000))\n",
        MemorySize=256,
        Timeout=60,
    )
    assert error_of(account.invoke(name)) in ("Runtime.OutOfMemory", "Runtime.ExitError")
    assert works(account)


@pytest.mark.parametrize(
    "prelude",
    [
        "import signal; [signal.signal(n, signal.SIG_IGN) for n in (2, 15)]",
        "import os; os.closerange(3, 1000)",
        "import os; os.closerange(0, 3)",
        "import sys; sys.stdout = sys.stderr = None",
        "import threading; threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()",
    ],
)
def test_what_ignores_its_end_ends(account: Account, prelude: str) -> None:
    name = function(
        account,
        f"def handler(event, context):\n    {prelude}\n    while True:\n        pass\n",
        Timeout=1,
    )
    assert account.invoke(name)["FunctionError"] == "Unhandled"
    assert works(account)


@pytest.mark.parametrize(
    "act",
    [
        "os._exit(7)",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "os.kill(os.getpid(), signal.SIGSEGV)",
        "os.killpg(0, signal.SIGTERM)",
        "sys.exit('bye')",
        "sys.setrecursionlimit(10**6) or (lambda f: f(f))(lambda f: f(f))",
        "raise_(KeyboardInterrupt)",
        "raise_(SystemExit)",
        "raise_(GeneratorExit)",
    ],
)
def test_sudden_ends(account: Account, act: str) -> None:
    name = function(
        account,
        "import os, signal, sys\n"
        "def raise_(error):\n    raise error\n"
        f"def handler(event, context):\n    {act}\n",
        Timeout=20,
        MemorySize=256,
    )
    assert error_of(account.invoke(name))
    assert error_of(account.invoke(name))  # and the next environment too
    assert works(account)


def test_a_handler_that_deletes_its_own_code(account: Account) -> None:
    name = function(
        account,
        "import os, pathlib, shutil\n"
        "def handler(event, context):\n"
        "    shutil.rmtree(pathlib.Path(__file__).parent, ignore_errors=True)\n"
        "    if event:\n"
        "        os._exit(1)\n"
        "    return 'still here'\n",
    )
    assert account.invoke(name)["Payload"] == "still here"
    error_of(account.invoke(name, {"exit": True}))
    assert account.invoke(name)["Payload"] == "still here"  # in a new environment
    assert works(account)


def test_a_full_tmp_folder_is_emptied_with_its_environment(account: Account) -> None:
    name = function(
        account,
        "import os, tempfile\n"
        "def handler(event, context):\n"
        "    folder = tempfile.gettempdir()\n"
        "    found = os.listdir(folder)\n"
        "    with open(os.path.join(folder, 'big'), 'wb') as file:\n"
        "        file.write(bytes(50_000_000))\n"
        "    return [folder, found]\n",
    )
    folder, found = account.invoke(name)["Payload"]
    assert {*found} <= IN_TMP
    assert {*account.invoke(name)["Payload"][1]} - IN_TMP == {"big"}
    account.client("lambda").delete_function(FunctionName=name)
    while (Path(folder) / "big").exists():  # until the environment of the deleted one has ended
        assert works(account)


def test_a_handler_finds_no_credentials_but_its_own(account: Account, target: Target) -> None:
    name = function(
        account, "import os\ndef handler(event, context):\n    return dict(os.environ)\n"
    )
    variables = json.dumps(account.invoke(name)["Payload"])
    assert target.info.aws_secret_access_key not in variables
    assert target.info.aws_access_key_id not in variables


def test_a_handler_that_speaks_nonsense_to_the_runtime_api(account: Account) -> None:
    name = function(
        account,
        "import http.client, os\n"
        "def handler(event, context):\n"
        "    host, _, start = os.environ['AWS_LAMBDA_RUNTIME_API'].partition('/')\n"
        "    base = f'/{start}/2018-06-01/runtime'\n"
        "    statuses = []\n"
        "    for method, path in [('POST', '/invocation/x/response'), ('GET', '/no/such'),\n"
        "                         ('POST', '/invocation//error'), ('DELETE', '/invocation/next'),\n"
        "                         ('POST', '/localaws/sleep'), ('POST', '/localaws/%ff'),\n"
        "                         ('POST', '/init/error')][:event['calls']]:\n"
        "        connection = http.client.HTTPConnection(host, timeout=60)\n"
        "        headers = {'localaws-sleep-s': 'inf', 'localaws-threads': '1'}\n"
        "        connection.request(method, base + path, b'\\xff{', headers)\n"
        "        statuses.append(connection.getresponse().status)\n"
        "    return statuses\n",
    )
    statuses = account.invoke(name, {"calls": 6})["Payload"]
    assert all(400 <= status < 500 for status in statuses), statuses
    account.client("lambda").invoke(FunctionName=name, Payload=b'{"calls": 7}')
    assert works(account)
