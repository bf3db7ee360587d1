"""The house of the project: floors, doors, sizes, docstrings, help. What breaks a wall is named."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from forumclean.cli import VERBS, group

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "forumclean"
MODULES = sorted(PACKAGE.rglob("*.py"))
FLOORS = {
    "records": 0, "errors": 0, "settings": 0, "cuts": 0,
    "sources": 1, "parser": 1, "scrubber": 1, "archiver": 1,
    "pipeline": 2,
    "cli": 3, "demo": 3, "explore": 3, "__init__": 3, "__main__": 4,
}
DOORS = {
    "phpserialize": ["parser/php/serialized.py"],
    "resiliparse": ["parser/decode.py"],
    "rich": ["cli/render.py"],
    "selectolax": ["parser/markup/tree.py"],
    "nh3": ["parser/markup/sanitise.py"],
    "bs4": ["parser/engines/tolerant.py"],
    "sqlite_utils": ["archiver/migrations.py"],
    "lxml": ["parser/engines/tolerant.py"],
    "zstandard": ["sources/unpack.py"],
    "fastwarc": ["sources/warc_fast.py"],
    "warcio": ["sources/warc_io.py"],
    "datasette": ["explore/host.py"],
    "jinja2": ["explore/templates.py"],
    "markupsafe": ["explore/templates.py"],
}
"""Third-party packages with one module that may import them."""
ROOMS_OF = {"click": {"cli"}, "sqlite3": {"archiver", "pipeline", "explore"}}
"""Packages that only some rooms may import; pipeline and explore name sqlite3 for its types: settle works on the archive's connection, Datasette hands its own over."""


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """Every module a file imports, also inside functions and under TYPE_CHECKING."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return found


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_point_down(path: Path) -> None:
    """A module imports from lower floors and its own room only; rooms on one floor do not know each other (the ground floor is one)."""
    room = _room(path)
    for name in _imports(path):
        parts = name.split(".")
        if parts[0] != "forumclean" or len(parts) < 2 or parts[1] not in FLOORS:
            continue
        ground = FLOORS[room] == FLOORS[parts[1]] == 0
        assert parts[1] == room or ground or FLOORS[parts[1]] < FLOORS[room], f"{_name(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_each_package_has_one_door(path: Path) -> None:
    """A third-party package is imported where the table says, so that it can be replaced."""
    for package in {name.split(".")[0] for name in _imports(path)}:
        if package in DOORS:
            assert _name(path) in DOORS[package], f"{_name(path)} imports {package}"
        elif package in ROOMS_OF:
            assert _room(path) in ROOMS_OF[package], f"{_name(path)} imports {package}"
        else:
            assert package in {"forumclean", ""} or package in sys.stdlib_module_names, f"{_name(path)} imports {package}: no door"


@pytest.mark.parametrize("path", [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_is_two_modules(path: Path) -> None:
    """A module over 300 lines is two modules."""
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_public_names_are_documented(path: Path) -> None:
    """Modules, and public classes and functions at their top and in their classes, have a docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree), f"{_name(path)} has no docstring"
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    public = [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]
    for outer in [node for node in public if isinstance(node, ast.ClassDef)]:
        public += [node for node in outer.body if isinstance(node, kinds) and not node.name.startswith("_")]
    for node in public:
        assert ast.get_docstring(node), f"{_name(path)}: {node.name} has no docstring"


def test_no_utils() -> None:
    """A module is named for what it knows."""
    assert not [path for path in MODULES if path.stem in {"utils", "util", "helpers", "misc", "common"}]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str) -> None:
    """Every verb explains itself, every option too."""
    result = CliRunner().invoke(group, [verb, "--help"])
    assert result.exit_code == 0, result.output
    command = group.get_command(None, verb)  # type: ignore[arg-type]
    assert command is not None
    assert command.help
    assert all(option.help for option in command.params if option.param_type_name == "option" and option.name != "help")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_in_the_readme(verb: str) -> None:
    """The README shows every verb."""
    assert f"forumclean {verb}" in (ROOT / "README.md").read_text("utf-8")


def test_top_level_is_as_agreed() -> None:
    """The top level of the repository is fixed."""
    allowed = {"pyproject.toml", "README.md", "forumclean", "fixtures", "tests", "Makefile", "CHANGELOG.md", "LICENSE", "docs"}
    generated = {"demo.db", "build", "dist"}
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} <= allowed | generated
