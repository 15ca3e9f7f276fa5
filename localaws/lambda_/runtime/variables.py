"""The environment variables of a child process: AWS's own, the function's, and nothing else."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from localaws.lambda_.model import FunctionVersion
from localaws.lambda_.runtime.sandbox_paths import site_packages
from localaws.words.identity import Identity
from localaws.words.ports import TemporaryCredentials

# What the interpreter or the operating system needs to start a process at all.
_INHERITED = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "SYSTEMDRIVE")


@dataclass(frozen=True)
class Surroundings:
    """What a child is told of the world around it."""

    identity: Identity
    base_url: str
    runtime_api: str
    log_stream: str
    initialization_type: str
    tmp_dir: Path
    credentials: TemporaryCredentials
    is_repeatable: bool = False


def environment_variables(version: FunctionVersion, around: Surroundings) -> dict[str, str]:
    """All variables of a child. AWS's reserved ones win over the function's, others do not."""
    return {
        **_defaults(version, around),
        **version.environment,
        **_reserved(version, around),
        **_ours(version, around),
    }


def _defaults(version: FunctionVersion, around: Surroundings) -> dict[str, str]:
    """What a function may set differently."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    bins = [str(layer / "bin") for layer in reversed(version.layer_dirs)] or ["/opt/bin"]
    return {
        **inherited,
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        # Nobody listens there: what is traced is lost, and leaves the machine as little as on AWS.
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "LANG": "en_US.UTF-8",
        "PATH": os.pathsep.join(["/var/lang/bin", "/usr/local/bin", "/usr/bin/", "/bin", *bins]),
        "PWD": str(version.code_dir),
        "PYTHONPATH": "/var/runtime",
        "SHLVL": "0",
        "TZ": "UTC" if sys.platform == "win32" else ":UTC",
        # AWS has a private /tmp; TMPDIR is as near as a portable program gets. HOME keeps SDKs
        # from the configuration files of whoever runs this.
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP", "HOME", "USERPROFILE"), str(around.tmp_dir)),
    }


def _reserved(version: FunctionVersion, around: Surroundings) -> dict[str, str]:
    variables = {
        "_HANDLER": version.handler,
        "AWS_ACCESS_KEY_ID": around.credentials.access_key_id,
        "AWS_DEFAULT_REGION": around.identity.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{version.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(version.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": version.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": version.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": around.initialization_type,
        "AWS_LAMBDA_LOG_GROUP_NAME": version.logging.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": around.log_stream,
        "AWS_LAMBDA_RUNTIME_API": around.runtime_api,
        "AWS_REGION": around.identity.region,
        "AWS_SECRET_ACCESS_KEY": around.credentials.secret_access_key,
        "AWS_SESSION_TOKEN": around.credentials.session_token,
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "LAMBDA_TASK_ROOT": str(version.code_dir),
    }
    if version.logging.log_format == "JSON":
        variables["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        variables["AWS_LAMBDA_LOG_LEVEL"] = version.logging.application_log_level or "INFO"
    return variables


def _ours(version: FunctionVersion, around: Surroundings) -> dict[str, str]:
    """SDKs in the handler must find the embedded AWS, and the child its folders."""
    task_path = [str(version.code_dir)]
    for layer in reversed(version.layer_dirs):
        python = layer / "python"
        task_path += [str(python / "lib" / version.runtime / "site-packages"), str(python)]
    settings = {
        "task_path": task_path,
        "library_path": [str(p) for p in site_packages()],
        "is_repeatable": around.is_repeatable,
    }
    return {
        "AWS_ENDPOINT_URL": around.base_url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "_LOCALAWS_CHILD": json.dumps(settings),
    }
