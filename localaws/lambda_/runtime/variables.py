"""The environment variables of a child process: AWS's own, the function's, and nothing else."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from localaws.lambda_.model import FunctionVersion
from localaws.lambda_.runtime.interpreters import CHILD_DIR, Interpreter, inherited_variables
from localaws.words.identity import Identity
from localaws.words.ports import TemporaryCredentials


@dataclass(frozen=True)
class Surroundings:
    """What a child is told of the world around it.

    Attributes:
        root_dir: an empty folder in which the child may build AWS's folders.
    """

    interpreter: Interpreter
    identity: Identity
    base_url: str
    runtime_api: str
    log_stream: str
    initialization_type: str
    tmp_dir: Path
    root_dir: Path
    credentials: TemporaryCredentials
    is_repeatable: bool = False


@dataclass(frozen=True)
class _Folders:
    """Where a function's folders are, layers with the last one first."""

    code: str
    layers: tuple[str, ...]
    tmp: str
    tmp_variables: tuple[str, ...]

    @classmethod
    def here(cls, version: FunctionVersion, around: Surroundings) -> "_Folders":
        layers = tuple(str(layer) for layer in reversed(version.layer_dirs))
        return cls(str(version.code_dir), layers, str(around.tmp_dir), _TMP_VARIABLES)

    def task_path(self, runtime: str) -> list[str]:
        """Where Python looks for modules first."""
        python = [f"{layer}/python" for layer in self.layers]
        libraries = [(f"{path}/lib/{runtime}/site-packages", path) for path in python]
        return [self.code, *(folder for pair in libraries for folder in pair)]

    def library_folders(self) -> list[str]:
        """Where the loader looks for shared libraries first."""
        layers = [f"{layer}/lib" for layer in self.layers] or ["/opt/lib"]
        return [
            *("/var/lang/lib", "/lib64", "/usr/lib64", "/var/runtime", "/var/runtime/lib"),
            *(self.code, f"{self.code}/lib", *layers),
        ]


# HOME keeps SDKs from the configuration files of whoever runs this.
_HOME_VARIABLE = "USERPROFILE" if sys.platform == "win32" else "HOME"
# Where /tmp cannot be its own, they are as near as a program gets.
_TMP_VARIABLES = ("TEMP", "TMP") if sys.platform == "win32" else ("TMPDIR",)
_ON_AWS = _Folders("/var/task", ("/opt",), "/tmp", ())
_LIBRARIES = "LD_LIBRARY_PATH"


# Nobody listens there: what is traced is lost, and leaves the machine as little as on AWS.
_XRAY_ADDRESS, _XRAY_PORT = "127.0.0.1", "2000"


def environment_variables(version: FunctionVersion, around: Surroundings) -> dict[str, str]:
    """All variables of a child. AWS's reserved ones win over the function's, others do not."""
    here = _visible(version, around, _Folders.here(version, around))
    before = inherited_variables().get(_LIBRARIES)
    # The loader must not look into the function's folders before the process is fenced in.
    started_with = {**here, _LIBRARIES: before} if before else _without(_LIBRARIES, here)
    return started_with | _ours(version, around, here)


def _without(name: str, variables: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in variables.items() if key != name}


def _visible(version: FunctionVersion, around: Surroundings, place: _Folders) -> dict[str, str]:
    return {
        **_defaults(place),
        **version.environment,
        **_reserved(version, around, place),
    }


def _defaults(place: _Folders) -> dict[str, str]:
    """What a function may set differently."""
    bins = [f"{layer}/bin" for layer in place.layers] or ["/opt/bin"]
    inherited = inherited_variables()
    # What the interpreter needs to run here comes last.
    libraries = [*place.library_folders(), *filter(None, [inherited.get(_LIBRARIES)])]
    return {
        **inherited,
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": f"{_XRAY_ADDRESS}:{_XRAY_PORT}",
        _LIBRARIES: ":".join(libraries),
        "LANG": "en_US.UTF-8",
        "PATH": os.pathsep.join(["/var/lang/bin", "/usr/local/bin", "/usr/bin/", "/bin", *bins]),
        "PWD": place.code,
        "PYTHONPATH": "/var/runtime",
        "SHLVL": "0",
        "TZ": "UTC" if sys.platform == "win32" else ":UTC",
        **dict.fromkeys((_HOME_VARIABLE, *place.tmp_variables), place.tmp),
    }


def _reserved(version: FunctionVersion, around: Surroundings, place: _Folders) -> dict[str, str]:
    variables = {
        "_AWS_XRAY_DAEMON_ADDRESS": _XRAY_ADDRESS,
        "_AWS_XRAY_DAEMON_PORT": _XRAY_PORT,
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
        "LAMBDA_TASK_ROOT": place.code,
    }
    if version.logging.log_format == "JSON":
        variables["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        variables["AWS_LAMBDA_LOG_LEVEL"] = version.logging.application_log_level or "INFO"
    return variables


def _ours(version: FunctionVersion, around: Surroundings, here: dict[str, str]) -> dict[str, str]:
    """SDKs in the handler must find the embedded AWS, and the child its folders."""
    place = _Folders.here(version, around)
    inside = _visible(version, around, _ON_AWS)
    packages = [str(path) for path in around.interpreter.packages]
    prefixes = [str(path) for path in around.interpreter.prefixes]
    settings = {
        "task_path": place.task_path(version.runtime),
        "library_folders": here[_LIBRARIES],
        "library_folders_before": inherited_variables().get(_LIBRARIES, ""),
        "library_path": packages,
        "is_repeatable": around.is_repeatable,
        "place": {
            "root": str(around.root_dir),
            "code": place.code,
            "layers": place.layers[::-1],
            "tmp": place.tmp,
            "needed": [*prefixes, *packages, str(CHILD_DIR)],
        },
        "inside": {
            "task_path": _ON_AWS.task_path(version.runtime),
            "library_folders": inside[_LIBRARIES],
            "without": sorted(set(here) - set(inside)),
            "variables": {
                name: text
                for name, text in inside.items()
                if text != here.get(name) and name != _LIBRARIES
            },
        },
    }
    return {
        "AWS_ENDPOINT_URL": around.base_url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "_LOCALAWS_CHILD": json.dumps(settings),
    }
