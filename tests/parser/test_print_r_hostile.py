"""Texts made to hurt: nested without end, giants, headers without blocks. They are read, in bounded memory and linear work."""

from __future__ import annotations

import pytest

from forumclean.parser.php import print_r, values
from forumclean.parser.php.print_r import find_blocks, read_blocks
from forumclean.parser.php.values import PhpArray, leaves, walk

DEEP = 100_000


@pytest.mark.parametrize(
    ("opened", "closed"),
    [pytest.param("Array\n(\n" + "[a] => Array\n(\n" * DEEP, ")\n", id="stripped"), pytest.param("Array ( " + "[a] => Array ( " * DEEP, ") ", id="one line")],
)
def test_nested_without_end(opened, closed):
    """A hundred thousand levels are read; leaves whose paths would not fit anywhere are given without their inside, and that is told."""
    (block,) = find_blocks(opened + closed * (DEEP + 1))
    assert block.complete
    found, whole = walk(block.value)
    assert not whole
    assert found[-1].type == "array"
    (cut,) = find_blocks(opened)
    assert not cut.complete


def test_paths_are_bounded(monkeypatch):
    """The budget is for all paths of a value together; ordinary nesting is far from it."""
    value = PhpArray([("a", PhpArray([("b", PhpArray([("c", "1")]))])), ("d", "2")])
    assert walk(value)[1]
    monkeypatch.setattr(values, "PATHS", 0)
    assert [leaf.path for leaf in leaves(value)] == ["a.b", "d"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Array\n(\n    [a] => b\n" * 3000, id="headers, indented"),
        pytest.param("Array\n(\n[a] => b\n" * 3000, id="headers, stripped"),
        pytest.param("Array ( [a] => b " * 3000, id="headers, one line"),
    ],
)
def test_headers_without_brackets(text):
    """Each block that breaks off is given with what it has."""
    blocks = find_blocks(text)
    assert len(blocks) == 3000
    assert not any(block.complete for block in blocks)
    assert all(block.value.entries == [("a", "b")] for block in blocks)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 200_000, id="brackets"),
        pytest.param("Array ( " * 50_000, id="openings"),
        pytest.param("Array\n" * 50_000, id="headers only"),
        pytest.param((" " * 300 + "Array (") * 1000, id="blanks"),
        pytest.param("\0" * 1000, id="zero bytes"),
    ],
)
def test_nothing_in_it(text):
    assert find_blocks(text) == []


def test_giant_block_is_cut(monkeypatch):
    """A block longer than the cap is given up to there, incomplete, and what is behind it is still read."""
    monkeypatch.setattr(print_r, "CAP", 5000)
    monkeypatch.setattr(print_r, "_CHUNK", 100)
    giant = "Array\n(\n" + "".join(f"    [{n}] => x\n" for n in range(2000)) + ")\n"
    text = giant + "Array\n(\n    [next] => 1\n)\n"
    held = 0

    def chunks():
        nonlocal held
        for n in range(0, len(text), 100):
            held += 1
            yield text[n : n + 100]

    blocks = read_blocks(chunks())
    first = next(blocks)
    assert not first.complete
    assert first.value.entries[:2] == [("0", "x"), ("1", "x")]
    assert held * 100 < 12_000
    last = [*blocks][-1]
    assert last.complete
    assert last.value.entries == [("next", "1")]
    assert text[last.start : last.end].endswith("[next] => 1\n)")


def test_vain_work_is_bounded(monkeypatch):
    """Once much text was looked at in vain, blocks are looked for near their header only."""
    monkeypatch.setattr(print_r, "CAP", 1000)
    monkeypatch.setattr(print_r, "_NEAR", 50)
    head = "Array\n(\n    [a] => 1\n"
    text = "".join(head + "x" * 900 + "\n" for _ in range(8)) + "Array\n(\n    [b] => 2\n)\n"
    blocks = find_blocks(text)
    assert len(blocks) == 9
    assert blocks[-1].complete
