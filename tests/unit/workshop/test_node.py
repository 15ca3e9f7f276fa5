"""What the CDK, npm and jsii run with."""

from pathlib import Path

from workshop.stacks import node
from workshop.target.target import PROJECT


def test_caches_are_inside_the_project_unless_somebody_chose_another() -> None:
    # Given a person who has set a cache of npm's, and none of jsii's
    environment = node.cdk_environment(base={"HOME": "/home/ada", "npm_config_cache": "/theirs"})
    # Then that one stays, and the other is not in their home folder
    assert environment["npm_config_cache"] == "/theirs"
    assert PROJECT in Path(environment["JSII_RUNTIME_PACKAGE_CACHE_ROOT"]).parents
