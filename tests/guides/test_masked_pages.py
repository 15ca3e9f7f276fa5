"""An exported page says nothing of an account or a machine, wherever a cell put it."""

import base64
from pathlib import Path

import nbformat
import pytest

from tests.guides.notebook import code, display, markdown, notebook
from tests.unit.workshop.test_masking import ACCOUNT, KEY, png
from workshop.guides.export import export
from workshop.masking import gate, known
from workshop.masking.mask import Mask

ARN = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:Q"
KNOWN = [*known.of_account(ACCOUNT), *known.of_profile("firm-dev"), *known.of_keys(access_key=KEY)]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page of a notebook that shows everything, everywhere."""
    error = nbformat.v4.new_output(
        "error", ename="E", evalue=ARN, traceback=[f"\x1b[31mFile /home/ada/a.py\x1b[0m {ARN}"]
    )
    picture = display(image__png=base64.b64encode(png((b"tEXt", f"by\0{ARN}".encode()))).decode())
    picture.metadata["alt"] = f"the queue {ARN}"
    body = base64.b64encode(f'{{"queue": "{ARN}"}}'.encode()).decode()
    cells = notebook(
        markdown(f"# Queue {ARN}\n\nOf {ACCOUNT} as firm-dev."),
        code(f"sqs.get(QueueUrl='https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/Q')", error),
        code("picture", picture),
        code("printed", nbformat.v4.new_output("stream", text=f"key {KEY}\n{body}\n")),
        code("table", display(text__html=f"<td title='{ARN}'>&quot;{ACCOUNT}&quot;</td>")),
        code("json", display(text__plain=f"{{'Account': '{ACCOUNT}'}}")),
    )
    return export(cells, tmp_path / "01.ipynb", tmp_path, mask=Mask(KNOWN)).path


def test_the_gate_finds_nothing_in_it(page: Path) -> None:
    gate.check([page], KNOWN)
    assert ACCOUNT not in page.read_text()
    assert "firm-dev" not in page.read_text()


def test_it_reads_as_before(page: Path) -> None:
    text = page.read_text()
    for told in (
        "<title>Queue arn:aws:sqs:eu-west-1:ACCOUNT-1:Q</title>",
        'alt="the queue arn:aws:sqs:eu-west-1:ACCOUNT-1:Q"',
        "https://sqs.eu-west-1.amazonaws.com/ACCOUNT-1/Q",
        "File /home/USER-1/a.py",
        "key ACCESS-KEY-1",
        base64.b64encode(b'{"queue": "arn:aws:sqs:eu-west-1:ACCOUNT-1:Q"}').decode(),
    ):
        assert told in text
