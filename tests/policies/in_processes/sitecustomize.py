"""Loaded by every Python process that has this folder on its path: kernels, and commands.

Notes each call to AWS, and makes it as the user whose keys the environment holds. The workshop
itself knows nothing of this.
"""

import json
import os
from pathlib import Path
from typing import Any

import botocore.session
from botocore.credentials import Credentials

_begun = botocore.session.Session.__init__


def _begin(self: botocore.session.Session, *args: Any, **kwargs: Any) -> None:
    _begun(self, *args, **kwargs)
    self.register("before-parameter-build", _note)  # type: ignore[no-untyped-call]


def _note(params: Any, model: Any, **more: Any) -> None:
    service = model.service_model.service_name
    line = json.dumps([service, model.name])
    # One short write: lines of processes that run side by side stay whole.
    with Path(os.environ["NOTED_CALLS"]).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def _user(self: botocore.session.Session) -> Credentials:
    return Credentials(os.environ["USER_KEY"], os.environ["USER_SECRET"])


if "NOTED_CALLS" in os.environ:
    botocore.session.Session.__init__ = _begin  # type: ignore[method-assign]
if "USER_KEY" in os.environ:
    botocore.session.Session.get_credentials = _user  # type: ignore[method-assign]
