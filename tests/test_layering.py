"""Who may import whom, and who may read the time: the structure holds only while this does."""

import ast
import json
import re
import sys
from collections.abc import Iterator, Set
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STANDARD = frozenset(sys.stdlib_module_names)

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")

# Code that runs in a handler's process, outside the endpoint.
CHILD = ROOT / "localaws/lambda_/runtime/child"


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    """The absolute dotted names that a file imports, relative ones resolved."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    return set(_imports(ast.parse(path.read_text(encoding="utf-8")), package))


def _imports(tree: ast.AST, package: tuple[str, ...]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield ".".join((*base, *filter(None, [node.module])))


def modules_needed_by(path: Path, modules: Set[str]) -> Iterator[str]:
    """Those of the modules that a file imports, be it as a whole or something of it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & modules
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                member = f"{node.module}.{alias.name}"
                yield from {member if member in modules else node.module} & modules


def top_level(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def relative(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def test_localaws_knows_nothing_of_the_workshop_or_of_tables_and_plots() -> None:
    foreign = {"workshop", "infra", "aws_cdk", "pandas", "matplotlib", "ipywidgets"}
    guilty = [p for p in python_files("localaws") if top_level(imports_of(p)) & foreign]
    assert relative(guilty) == []


def test_one_module_imports_the_emulator() -> None:
    importers = [
        path
        for path in python_files("localaws")
        if "ministack" in top_level(imports_of(path)) or "ministack." in path.read_text()
    ]
    assert relative(importers) == ["localaws/emulator/seams.py"]


def test_the_wire_and_the_emulator_stay_out_of_the_domains() -> None:
    guilty = [
        path
        for folder in ("localaws/sqs", "localaws/sns", "localaws/lambda_", "localaws/logs")
        for path in python_files(folder)
        for name in imports_of(path)
        if name.startswith(("localaws.emulator", "localaws.door.endpoint", "uvicorn", "botocore"))
    ]
    assert relative(guilty) == []


def test_sqs_stands_alone() -> None:
    guilty = [
        path
        for path in python_files("localaws/sqs")
        for name in imports_of(path)
        if name.startswith(("localaws.lambda_", "localaws.sns"))
    ]
    assert relative(guilty) == []


def test_who_starts_or_reaches_the_endpoint_imports_localaws_and_only_its_public_names() -> None:
    importers = {
        path: {name for name in imports_of(path) if name.partition(".")[0] == "localaws"}
        for path in python_files("workshop")
    }
    used = {path: names for path, names in importers.items() if names}
    assert relative(list(used)) == ["workshop/connection.py", "workshop/keeping.py"]
    assert set().union(*used.values()) == {"localaws"}


def test_the_library_does_not_know_the_command_line() -> None:
    guilty = [
        path
        for path in python_files("workshop")
        if ROOT / "workshop/cli" not in path.parents
        and any(f"{name}.".startswith("workshop.cli.") for name in imports_of(path))
    ]
    assert relative(guilty) == []


def test_the_stacks_know_the_cdk_alone() -> None:
    allowed = STANDARD | {"aws_cdk", "constructs", "infra"}
    guilty = [
        p for p in [ROOT / "app.py", *python_files("infra")] if top_level(imports_of(p)) - allowed
    ]
    assert relative(guilty) == []


def test_the_workshop_does_not_know_the_stacks() -> None:
    guilty = [
        p for p in python_files("workshop") if top_level(imports_of(p)) & {"infra", "aws_cdk"}
    ]
    assert relative(guilty) == []


def test_handlers_need_nothing_but_what_the_runtime_and_their_layer_have() -> None:
    allowed = STANDARD | {path.stem for path in python_files("lambda")}
    allowed |= {"boto3", "aws_lambda_powertools"}
    guilty = [p for p in python_files("lambda") if top_level(imports_of(p)) - allowed]
    assert relative(guilty) == []


@pytest.mark.parametrize(
    "notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_notebooks_import_the_workshop_and_what_a_participant_would(notebook: Path) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    code = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("%"))
    allowed = STANDARD | {"workshop", "boto3", "botocore", "pandas", "matplotlib", "IPython"}
    assert top_level(set(_imports(ast.parse(code), ()))) <= allowed


def test_start_needs_nothing_but_the_standard_library() -> None:
    assert top_level(imports_of(ROOT / "start.py")) <= STANDARD | {"setting_up"}
    for path in (ROOT / "setting_up").glob("*.py"):
        assert top_level(imports_of(path)) <= STANDARD | {"setting_up"}, path


READS_TIME = {
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.sleep",
    "datetime.now",
    "datetime.utcnow",
}


def test_one_clock() -> None:
    """Only the clock reads the time; handlers' processes follow it by what they are told."""
    readers = [
        path
        for path in python_files("localaws")
        if CHILD not in path.parents and READS_TIME & set(_attributes(path))
    ]
    assert relative(readers) == ["localaws/time/clock.py"]


def test_parts_of_time_do_not_travel_side_by_side() -> None:
    """Whoever needs more of time than one part is handed `Time`."""
    guilty = [
        path
        for path in python_files("localaws")
        if path != ROOT / "localaws/time/time.py"
        for annotations in _annotations_together(path)
        if len(annotations & {"Clock", "Scheduler", "Activity"}) > 1
    ]
    assert relative(guilty) == []


def _annotations_together(path: Path) -> Iterator[set[str]]:
    """What the parameters of each function, and the fields of each class, are annotated with."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = (*node.args.args, *node.args.kwonlyargs)
            yield {ast.unparse(one.annotation) for one in arguments if one.annotation}
        elif isinstance(node, ast.ClassDef):
            fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
            yield {ast.unparse(one.annotation) for one in fields}


def _attributes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def modules_of(package: str) -> dict[str, Path]:
    """Every module of a package by its dotted name."""
    return {
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p
        for p in python_files(package)
    }


# A line of the list of rooms: names, then what they are for.
ROOMS = re.compile(r" {4}([a-z_]+(?:, [a-z_]+)*) {2,}\S.*")


def reading_order(package: str) -> list[str]:
    """The rooms of a package as its docstring lists them, lowest first."""
    told = ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text("utf-8"))) or ""
    _, _, rooms = told.partition("The rooms in reading order, lowest first")
    found = [match[1] for match in map(ROOMS.fullmatch, rooms.splitlines()) if match]
    return [room for names in found for room in names.split(", ")]


@pytest.mark.parametrize("package", ["localaws", "workshop"])
def test_every_room_is_in_the_reading_order(package: str) -> None:
    rooms = {name.split(".")[1] for name in modules_of(package) if "." in name} - {"__main__"}
    order = reading_order(package)
    assert sorted(order) == sorted(rooms)
    # CONTRIBUTING shows the same rooms in the same order.
    rows = [line for line in CONTRIBUTING.splitlines() if line.startswith(f"| `{package}/")]
    told = [room for row in rows for room in re.findall(rf"`{package}/(\w+)", row.split(" | ")[0])]
    assert told == order


def test_contributing_names_what_is_there() -> None:
    paths = re.findall(r"`((?:[\w.-]+/)+(?:[\w-]+\.\w+)?)`", CONTRIBUTING)
    assert len(paths) > 40
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_a_room_of_the_workshop_says_what_each_of_its_modules_is_for() -> None:
    # A room that explains none (`cli`: one module for each command) is fine.
    silent = {}
    for room in sorted((ROOT / "workshop").glob("*/__init__.py")):
        told = room.read_text(encoding="utf-8")
        modules = {path.stem for path in room.parent.glob("*.py")} - {"__init__"}
        named = {module for module in modules if f"`{module}`" in told}
        if named and named != modules:
            silent[room.parent.name] = modules - named
    assert silent == {}


@pytest.mark.parametrize("package", ["localaws", "workshop"])
def test_a_room_knows_lower_rooms_only(package: str) -> None:
    order, modules = reading_order(package), modules_of(package)
    upwards = [
        f"{name} -> {needed}"
        for name, path in modules.items()
        if name.count(".") and (room := name.split(".")[1]) in order
        for needed in modules_needed_by(path, modules.keys())
        if needed.count(".") and order.index(needed.split(".")[1]) > order.index(room)
    ]
    assert upwards == []


@pytest.mark.parametrize("package", ["localaws", "workshop", "infra"])
def test_imports_point_one_way(package: str) -> None:
    # Imports for type checkers only count as well: a circle is a circle.
    modules = modules_of(package)
    importing = {
        name: set(modules_needed_by(path, modules.keys())) for name, path in modules.items()
    }
    while free := [name for name, needed in importing.items() if not needed]:
        for name in free:
            del importing[name]
        importing = {name: needed - set(free) for name, needed in importing.items()}
    assert sorted(importing) == []
