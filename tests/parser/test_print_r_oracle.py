"""What PHP itself printed (fixtures/php, made by make.php) gives the leaves that PHP held, in every shape that still holds them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from forumclean.parser.php.print_r import find_blocks
from forumclean.parser.php.values import leaves

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "php"
CASES = sorted(path.name.removesuffix(".leaves.jsonl") for path in FIXTURES.glob("*.leaves.jsonl"))
LOST = {
    # lines of a value that look like entries, keys unknown: nothing tells them from entries
    ("fakes", "stripped"): {"rules", "in.text", "fake", "x", "in.fake", "in.half"},
    ("fakes", "oneline"): {"rules", "in.text", "fake", "x", "in.fake", "in.half"},
    # a value that is a header with its bracket opens an array, which nothing closes
    ("header_in_value", "stripped"): {"d"},
    ("header_in_value", "oneline"): {"a", "b", "c", "d", "a.b", "a.c"},
}
"""Paths that the text does not hold any more, by case and shape; every other leaf must be right."""


def truth(case: str) -> list[tuple[str, str | None, str]]:
    lines = (FIXTURES / f"{case}.leaves.jsonl").read_text(encoding="utf-8").splitlines()
    return [(path, text, kind) for path, text, kind in map(json.loads, lines)]


def printed(name: str) -> str:
    """As PHP wrote it: line ends untouched."""
    return (FIXTURES / name).read_bytes().decode()


def read(text: str) -> list[tuple[str, str | None, str]]:
    (block,) = find_blocks(text)
    return [(leaf.path, leaf.value, leaf.type) for leaf in leaves(block.value)]


def blanks_lost(rows: list[tuple[str, str | None, str]], lost: set[str]) -> list[tuple[str, str | None, str]]:
    """Runs of blanks and line ends as one blank: stripping lines and joining them loses the difference."""
    return [(path, text and " ".join(text.split()), kind) for path, text, kind in rows if path not in lost]


def test_there_are_fixtures():
    assert len(CASES) > 10


@pytest.mark.parametrize("case", CASES)
def test_indentation_proves_every_leaf(case):
    """Where the columns survive, every leaf is exactly what PHP held, in order."""
    assert read(printed(f"{case}.txt")) == truth(case)


@pytest.mark.parametrize("shape", ["stripped", "oneline"])
@pytest.mark.parametrize("case", CASES)
def test_shapes_without_columns(case, shape):
    """Where the columns are lost, every leaf outside of ``LOST`` is what PHP held, blanks aside, in order."""
    lost = LOST.get((case, shape), set())
    assert blanks_lost(read(printed(f"{case}.{shape}.txt")), lost) == blanks_lost(truth(case), lost)


def test_what_is_called_lost_is_lost():
    """``LOST`` is no excuse: each row of it really differs."""
    for case, shape in LOST:
        assert blanks_lost(read(printed(f"{case}.{shape}.txt")), set()) != blanks_lost(truth(case), set())


@pytest.mark.parametrize("case", [case for case in CASES if case != "header_in_value"])
@pytest.mark.parametrize("shape", ["", ".stripped", ".oneline"])
def test_blocks_end_with_their_bracket(case, shape):
    """A whole block reaches from its header to its last bracket, and says that it is complete."""
    text = printed(f"{case}{shape}.txt")
    (block,) = find_blocks("×\n" + text + "text behind")
    assert block.complete
    assert "×\n" + text[: block.end - 2] == ("×\n" + text)[: block.end]
    assert text[block.end - 2 :].strip() == ""


@pytest.mark.needs("php")
def test_fixtures_are_what_php_prints(tmp_path):
    """The committed files are what make.php writes today."""
    subprocess.run(["php", FIXTURES / "make.php", tmp_path], check=True, timeout=60)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in FIXTURES.iterdir() if path.suffix != ".php"}
    assert made == kept
