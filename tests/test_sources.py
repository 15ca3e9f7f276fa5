"""What the project's texts rest on: which pages they cite, and that no price stands in them."""

import ipaddress
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Whoever is responsible for a thing, and nobody who tells of it: no blogs, no servers that only
# some can reach. A new kind of source is a line here, with its reason.
SOURCES = {
    "aws.amazon.com": "AWS's price lists",
    "docs.aws.amazon.com": "AWS's documentation",
    "smithy.io": "AWS's protocols",
    "github.com": "code, and what was reported about it, in public",
    "docs.github.com": "the manual of Codespaces",
    "pypi.org": "what the project depends on",
    "docs.astral.sh": "the manual of uv",
    "docs.python.org": "Python's documentation",
    "docs.kernel.org": "the system calls of Linux",
    "nodejs.org": "where Node.js comes from",
    "keepachangelog.com": "the form of the changelog",
    "semver.org": "what versions mean",
    "jupyter-server.readthedocs.io": "settings of Jupyter's server",
    "tljh.jupyter.org": "settings of The Littlest JupyterHub",
    "z2jh.jupyter.org": "settings of JupyterHub's chart for Kubernetes",
    "www.w3.org": "the name of SVG; nobody goes there",
}
# Hosts of AWS's interfaces, and the names that RFC 2606 keeps for examples.
NO_SOURCE = re.compile(r"(.+\.)?(amazonaws\.com|example\.com|example)")

ADDRESS = re.compile(r"https?://([^\s/:?#\"'`()<>\[\]\\]+)")
TEXTS = {".py", ".md", ".ipynb", ".toml", ".j2", ".css", ".txt", ".yml"}
# What start.py, the commands and tools make; .gitignore has the same.
MADE = re.compile(r"(guides|workspace)/.*|(.*/)?(node_modules|cdk\.out|\..+)/.*")

MONEY = re.compile(
    r"[$€]\s?\d|\b(USD|EUR)\s?\d|\d\s?(USD|EUR|(US )?dollars?|cents?)\b|\bper million\b"
    r"|usd\w*\s*=\s*[\d.]",
    re.IGNORECASE,
)


def texts() -> Iterator[tuple[str, Path]]:
    """Every text file of the project, with its name from the project's folder on."""
    for part in ROOT.iterdir():
        if MADE.fullmatch(f"{part.name}/"):
            continue
        for path in part.rglob("*") if part.is_dir() else [part]:
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in TEXTS and not MADE.fullmatch(name):
                yield name, path


def is_cited(host: str) -> bool:
    """Whether a host is a place that a reader could go to, and not a made-up or a filled-in one."""
    if "." not in host or "{" in host or NO_SOURCE.fullmatch(host):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def prose_of(path: Path) -> str:
    """What a reader of a file reads: of a notebook, its text cells."""
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_only_those_who_are_responsible_are_cited() -> None:
    cited = {
        (host, name)
        for name, path in texts()
        for host in ADDRESS.findall(path.read_text(encoding="utf-8"))
        if is_cited(host)
    }
    foreign = sorted((host, name) for host, name in cited if host not in SOURCES)
    assert foreign == [], "cite the page of whoever is responsible, or give the reason in SOURCES"
    # Notebooks, documents, code, templates: each kind was read.
    assert {Path(name).suffix for _, name in cited} >= {".ipynb", ".md", ".py", ".toml"}


def test_prices_stand_in_one_place() -> None:
    # prices.py has them with their sources; whatever shows one takes it from there
    guilty = {
        name: found[0]
        for name, path in texts()
        if not name.startswith("tests/") and name != "workshop/prices.py"
        if (found := MONEY.search(prose_of(path)))
    }
    assert guilty == {}


@pytest.mark.parametrize(
    "told",
    ["0.40 USD per", "USD 0.4", "$0.50", "10 cents", "0.4 per million", "_PRICE_USD = 0.4 / 1e6"],
)
def test_a_price_in_a_text_is_seen(told: str) -> None:
    assert MONEY.search(told)
