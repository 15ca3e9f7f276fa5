"""Service models are read once per process and clients made once per account: both cost much."""

import os
from pathlib import Path

import boto3
import pytest
from botocore.loaders import JSONFileLoader

from tests.scenarios.account import Account
from tests.scenarios.timing import Time


def test_a_service_model_is_read_once_for_all_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    read, really = list[str](), JSONFileLoader.load_file

    def load_file(self: JSONFileLoader, path: str) -> object:
        read.append(path)
        return really(self, path)

    monkeypatch.setattr(JSONFileLoader, "load_file", load_file)
    for _ in range(2):
        # A service of which no test makes a client.
        boto3.Session("key", "secret", region_name="us-east-1").client("signer")
    models = [path for path in read if f"{os.sep}signer{os.sep}" in path]
    assert len(models) == len(set(models)) > 0


def test_each_folder_is_looked_into_once() -> None:
    first, second = (list(boto3.Session()._loader.search_paths) for _ in range(2))
    assert first == second
    assert str(Path(boto3.__file__).parent / "data") in first


def test_who_names_a_folder_of_models_has_a_loader_that_looks_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    assert str(tmp_path) in boto3.Session()._loader.search_paths
    monkeypatch.delenv("AWS_DATA_PATH")
    assert str(tmp_path) not in boto3.Session()._loader.search_paths


def test_an_account_makes_each_client_once() -> None:
    session = boto3.Session("key", "secret", region_name="us-east-1")
    account = Account(session, None, Time())
    assert account.client("sqs") is account.client("sqs")
    # And another one for who wants it otherwise.
    others = [
        account.client("sqs"),
        account.client("sns"),
        account.patient("sqs"),
        account.client("sqs", parameter_validation=False),
        Account(session, None, Time()).client("sqs"),
    ]
    assert len({id(client) for client in others}) == len(others)
