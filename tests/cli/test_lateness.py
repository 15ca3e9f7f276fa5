"""`start.py local --lateness SEED`."""

import argparse

import pytest

from workshop.cli import local
from workshop.errors import EndpointError


def test_a_running_embedded_aws_of_another_lateness_is_not_taken_for_it() -> None:
    local._expect_lateness({"lateness": ""}, None)
    local._expect_lateness({"lateness": "0"}, 0)
    for found in ({"lateness": ""}, {"lateness": "8"}, {}):
        with pytest.raises(EndpointError, match="without --lateness 7"):
            local._expect_lateness(found, 7)


def test_the_command_takes_a_seed() -> None:
    parser = argparse.ArgumentParser()
    local.add_arguments(parser)
    assert parser.parse_args([]).lateness is None
    assert parser.parse_args(["--lateness", "7"]).lateness == 7
