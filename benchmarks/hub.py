"""`python -m benchmarks.hub`: a real JupyterHub on loopback, with people who run notebooks at once.

Each is a user of this system with a home of their own; all of them share one prepared copy of the
project, which they can read only. Measured are memory and processor time of each kind of process,
beside one person alone. Then it is tried whether anybody sees another one's files, credentials or
queues. Needs root, as it makes users (and removes them): run it in a machine that can be thrown
away. docs/classroom.md says how it is set up, and what it measured.
"""

import argparse
import ast
import asyncio
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import hub_people
from benchmarks.hub_people import HubPerson
from benchmarks.hub_processes import commands, used_by
from benchmarks.output import show

_START_LIMIT_S = 60.0
# What a hub starts for each person: docs/classroom.md has the same command.
START = (
    'export WORKSHOP_HOME="$HOME/workshop"; {python} -P -m workshop prepare --notebooks && '
    "exec {single_user} --MappingKernelManager.cull_idle_timeout=1800 "
    '--MappingKernelManager.cull_interval=120 "$@"'
)
_SETTINGS = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}/"
c.JupyterHub.hub_port = {port} + 1
c.ConfigurableHTTPProxy.command = {proxy}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:" + str({port} + 2)
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.JupyterHub.concurrent_spawn_limit = 0
c.JupyterHub.services = [{{"name": "bench", "api_token": "{token}"}}]
scopes = ["admin:users", "admin:servers", "tokens", "access:servers"]
c.JupyterHub.load_roles = [{{"name": "bench", "services": ["bench"], "scopes": scopes}}]
c.Spawner.cmd = ["sh", "-c", {start!r}, "workshop"]
c.Spawner.http_timeout = c.Spawner.start_timeout = 300
"""
# Each makes one of their own name; then everybody lists.
_MAKE = "print(lab.client('sqs').create_queue(QueueName={!r})['QueueUrl'])"
_LIST = "print(lab.client('sqs').list_queues(QueueNamePrefix='lfw-')['QueueUrls'])"
# What somebody would try who has learned where another one's endpoint listens.
_FOREIGN = (
    "import boto3; sqs = boto3.client('sqs', endpoint_url={!r})\n"
    "try: print('SEEN', sqs.list_queues())\n"
    "except Exception as error: print(type(error).__name__, error)"
)


def main() -> int:
    """Measure one person alone, then several; 1 where something failed, or somebody saw another."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--people", type=int, nargs="+", default=[1, 4], help="how many at once")
    parser.add_argument("--notebook", nargs="+", default=["00", "01"], help="which notebooks")
    parser.add_argument("--proxy", default="configurable-http-proxy", help="the hub's proxy")
    parser.add_argument("--port", type=int, default=18000, help="the first of three ports")
    options = parser.parse_args()
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        parser.error("making users of the system needs root")
    return max(_measured(number, options) for number in options.people)


def _measured(number: int, options: argparse.Namespace) -> int:
    show(f"\n{number} at once")
    with hub_people.users(number) as names, _hub(options) as (hub, token):
        people = [hub_people.come_in(hub, token, name) for name in names]
        idle_mb = [used_by(person.uid).share_mb for person in people]
        asyncio.run(_all_run(people, options.notebook))
        _show_times(people)
        _show_use(people, idle_mb)
        wrong = [f"{one.name}: {cell}" for one in people for cell in one.failed]
        wrong += asyncio.run(_seen(people))
    for line in wrong:
        show(f"WRONG {line}")
    if not wrong:
        show("no cell failed, and nobody saw another one's files, credentials or queues")
    return 1 if wrong else 0


async def _all_run(people: Sequence[HubPerson], notebooks: Sequence[str]) -> None:
    for beginning in notebooks:
        await asyncio.gather(*(hub_people.run_all(one, _named(one, beginning)) for one in people))


def _named(person: HubPerson, beginning: str) -> str:
    names = [one["name"] for one in person.asked("api/contents/workshop/workspace")["content"]]
    return str(next(name for name in sorted(names) if name.startswith(beginning)))


def _show_times(people: Sequence[HubPerson]) -> None:
    show("| seconds | quickest | slowest |\n|---|---|---|")
    for what in people[0].took_s:
        taken = sorted(person.took_s[what] for person in people)
        show(f"| {what} | {taken[0]:.1f} | {taken[-1]:.1f} |")


def _show_use(people: Sequence[HubPerson], idle_mb: Sequence[float]) -> None:
    used = [used_by(person.uid) for person in people]
    show("| process | of one person | PSS, MB | RSS, MB | processor, s |\n|---|---|---|---|---|")
    for role in sorted({role for one in used for role in one.roles}):
        of_role = [one.roles[role] for one in used]
        number = sum(one.number for one in of_role) or 1
        show(
            f"| {role} | {number / len(people):.1f} "
            f"| {sum(one.share_mb for one in of_role) / number:.0f} "
            f"| {sum(one.resident_mb for one in of_role) / number:.0f} "
            f"| {sum(one.processor_s for one in of_role) / len(people):.1f} |"
        )
    whole = [one.share_mb for one in used]
    show(
        f"a person's memory (PSS): {sum(idle_mb) / len(people):.0f} MB before a notebook is open, "
        f"{sum(whole) / len(people):.0f} MB after these, at most {max(whole):.0f}; "
        f"processor {sum(one.processor_s for one in used) / len(people):.0f} s each"
    )


async def _seen(people: Sequence[HubPerson]) -> list[str]:
    """What somebody could see of another one; looked for as the other users that they are."""
    wrong = list[str]()
    told = commands()
    kernels = {person.name: person.asked("api/kernels")[0]["id"] for person in people}
    for person in people:
        await hub_people.run_code(person, kernels[person.name], _MAKE.format(person.name))
    for person in people:
        home = Path("/home", person.name)
        state = home / "workshop" / ".workshop"
        info = json.loads((state / "embedded.json").read_text(encoding="utf-8"))
        if info["aws_secret_access_key"] in told:
            wrong.append(f"{person.name}: the secret key stands in a command line")
        hidden = [home / "workshop", state / "embedded.json", home / "workshop" / "workspace"]
        for other in people:
            if other is person:
                continue
            readable = set(hidden) - set(hub_people.refused(other.name, hidden))
            wrong += [f"{other.name} can read {path}" for path in sorted(readable)]
            foreign = _FOREIGN.format(info["endpoint_url"])
            tried = await hub_people.run_code(other, kernels[other.name], foreign)
            if "SEEN" in tried["text"] or not tried["text"]:
                wrong.append(f"{other.name} asked {person.name}'s AWS: {tried}")
        listed = (await hub_people.run_code(person, kernels[person.name], _LIST))["text"]
        if [url.rpartition("/")[2] for url in ast.literal_eval(listed)] != [person.name]:
            wrong.append(f"{person.name} sees queues of others: {listed}")
        try:
            hub_people.asked(f"{people[0].address}api/kernels", person.token)
            wrong += [f"{person.name}'s token opens {people[0].name}"] * (person is not people[0])
        except urllib.error.HTTPError:
            continue
    return wrong


@contextmanager
def _hub(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """A hub that runs, its address, and a token that may do all that is measured."""
    programs, token = Path(sys.prefix, "bin"), secrets.token_hex(32)
    start = START.format(python=programs / "python", single_user=programs / "jupyterhub-singleuser")
    address = f"http://127.0.0.1:{options.port}/"
    with TemporaryDirectory() as folder:
        settings = Path(folder, "jupyterhub_config.py")
        settings.write_text(
            _SETTINGS.format(port=options.port, proxy=[options.proxy], token=token, start=start),
            encoding="utf-8",
        )
        with Path(folder, "hub.log").open("w", encoding="utf-8") as log:
            hub = subprocess.Popen(
                [programs / "jupyterhub", "-f", settings], cwd=folder, stdout=log, stderr=log
            )
        try:
            _wait_for(hub, address, token, Path(folder, "hub.log"))
            yield address, token
        except Exception:
            show(Path(folder, "hub.log").read_text(encoding="utf-8")[-4000:])
            raise
        finally:
            hub.terminate()
            hub.wait()


def _wait_for(hub: "subprocess.Popen[bytes]", address: str, token: str, log: Path) -> None:
    limit_s = time.monotonic() + _START_LIMIT_S
    while True:
        try:
            hub_people.asked(f"{address}hub/api/", token)
            return
        except OSError:
            if hub.poll() is not None or time.monotonic() > limit_s:
                raise RuntimeError(f"JupyterHub did not start: {log.read_text()[-2000:]}") from None
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
