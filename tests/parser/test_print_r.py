"""Blocks in texts: what is no block, where blocks begin and end, what damage they survive."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.parser.php import print_r
from forumclean.parser.php.print_r import find_blocks, read_blocks
from forumclean.parser.php.values import PhpArray, Recursion, leaves

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "php"
ROW = "Array\n(\n    [fid] => 7\n    [name] => 茶馆\n    [types] => Array\n        (\n            [3] => 水\n        )\n\n    [end] => \n)\n"


def shown(text: str) -> list[tuple[str, str | None]]:
    return [(leaf.path, leaf.value) for block in find_blocks(text) for leaf in leaves(block.value)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("An Array (see the manual) holds values.", id="prose"),
        pytest.param("use Array ( of values ) here", id="brackets with words"),
        pytest.param("call Array () to make one", id="call without blanks"),
        pytest.param("$x = array (\n  'fid' => '7',\n);", id="var_export is lower case"),
        pytest.param("new Array (1, 2, 3)", id="JavaScript"),
        pytest.param('array(2) {\n  ["a"]=>\n  int(1)\n}', id="var_dump"),
        pytest.param("MyArray (\n [a] => b )", id="end of a longer word"),
        pytest.param("[x] => Array\n(\n    [a] => b\n)", id="the value of an entry whose block is missing"),
        pytest.param("[1] note, [2] => note", id="arrows alone"),
        pytest.param("the Object ( [1] a [2] b )", id="an object without arrows"),
        pytest.param("Array\n\nis a word", id="header alone"),
        pytest.param("Array\n(\n[a]", id="cut before the arrow"),
    ],
)
def test_no_block(text):
    assert find_blocks(text) == []


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        pytest.param("", "", id="alone"),
        pytest.param("×\n", "当前离线\n", id="rubbish before, text behind"),
        pytest.param("   ", "text glued", id="blanks before"),
        pytest.param("× ", "后", id="on the line of the header"),
        pytest.param("数组", "\n) and\n( more", id="brackets behind"),
        pytest.param("$forum = ", "\n[quote] said => done", id="something like an arrow behind"),
    ],
)
def test_text_around_a_block_is_left(before, behind):
    """Offsets cut the block out exactly, whatever stands around it."""
    for row in (ROW, "".join(line.strip() + "\n" for line in ROW.splitlines() if line), " ".join(ROW.split())):
        text = before + row.rstrip() + behind
        (block,) = find_blocks(text)
        assert text[: block.start] == before
        assert text[block.end :] == behind
        assert block.complete


def test_several_blocks():
    """Blocks behind each other, with and without text between, in all shapes."""
    text = ROW + "zwischen\n" + "Array\n(\n[a] => 1\n)\n" + "Array ( [b] => 2 ) Array ( [c] => ) " + "stdClass Object\n(\n    [d] => 4\n)\n"
    blocks = find_blocks(text)
    assert [block.value.entries[0] for block in blocks] == [("fid", "7"), ("a", "1"), ("b", "2"), ("c", ""), ("d", "4")]
    assert [block.value.class_name for block in blocks] == [None, None, None, None, "stdClass"]


@pytest.mark.parametrize(
    "arrow",
    [pytest.param(" =&gt; ", id="html"), pytest.param(" = > ", id="pulled apart"), pytest.param(" ⇒ ", id="one character"),
     pytest.param(" ＝＞ ", id="full width")],
)
def test_arrows(arrow):
    """The arrow may have been damaged; all shapes read it."""
    want = shown(ROW)
    damaged = ROW.replace(" => ", arrow)
    assert shown(damaged) == want
    assert shown("".join(line.strip() + "\n" for line in damaged.splitlines())) == want
    assert shown(" ".join(damaged.split())) == want


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(ROW.replace("=> \n", "=>\n"), id="trailing blanks cut"),
        pytest.param(ROW.replace("\n\n", "\n"), id="blank lines dropped"),
        pytest.param(ROW.replace("\n", "\n\n"), id="blank lines doubled"),
        pytest.param(ROW.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param(ROW.replace("    ", "\t"), id="indented with tabs"),
        pytest.param(ROW.replace("    ", "\xa0\xa0\xa0\xa0"), id="indented with no-break spaces"),
        pytest.param(ROW.replace("    ", " "), id="runs of blanks collapsed"),
        pytest.param("".join("  " + line + "\n" for line in ROW.splitlines()).replace("  Array", "Array", 1), id="indented as a whole"),
    ],
)
def test_damage_that_leaves_the_values_alone(damaged):
    assert shown(damaged) == shown(ROW)


def test_html_rendered_into_lines():
    """A description whose tags became line breaks stays one value."""
    text = "Array\n(\n[fid] => 7\n[description] =>\n第一行\n\n第二行 (附注)\n[password] =>\n)\n"
    assert shown(text) == [("fid", "7"), ("description", "\n第一行\n\n第二行 (附注)"), ("password", "")]


def test_bracket_line_inside_a_value():
    """A bracket behind which entries of the same array go on belongs to a value, also where no column proves it."""
    for text in ("Array\n(\n[a] => 上\n)\n下\n[b] => 2\n)\n正文", "Array ( [a] => 上 ) 下 [b] => 2 ) 正文"):
        (block,) = find_blocks(text)
        assert [key for key, _ in block.value.entries] == ["a", "b"]
        assert text[block.end :].strip() == "正文"


@pytest.mark.parametrize("shape", ["", ".stripped", ".oneline"])
def test_entries_in_the_text_behind_a_forum(shape):
    """A forum's row goes on with known keys only: a post about PHP behind it is no part of it."""
    row = (FIXTURES / f"forum{shape}.txt").read_bytes().decode().rstrip()
    behind = "\n看输出：\n    [0] => a\n    [1] => b\n) 完\n"
    (block,) = find_blocks(row + behind)
    assert block.end == len(row)


def test_second_key_is_a_line_of_a_value():
    """A key stands only once in an array."""
    assert shown("Array\n(\n[a] => 1\n[b] => 2\n[a] => 3\n)\n") == [("a", "1"), ("b", "2\n[a] => 3")]


def test_objects_and_recursion():
    text = "App\\Tea Object\n(\n    [x:protected] => 1\n    [y:App\\Tea:private] => Array\n *RECURSION*\n    [z] => Tea Object\n *RECURSION*\n)\n"
    (block,) = find_blocks(text)
    assert block.value == PhpArray([("x:protected", "1"), ("y:App\\Tea:private", Recursion()), ("z", Recursion("Tea"))], "App\\Tea")


@pytest.mark.parametrize("shape", ["indented", "stripped", "oneline"])
@pytest.mark.parametrize("keep", [0.25, 0.4, 0.6, 0.75, 0.9])
def test_truncated_blocks_are_kept(shape, keep):
    """What is there of a block that breaks off is given, marked incomplete; entries that are whole are right."""
    row = {"indented": ROW, "stripped": "".join(line.strip() + "\n" for line in ROW.splitlines()), "oneline": " ".join(ROW.split())}[shape]
    (block,) = find_blocks(row[: int(len(row.rstrip(") \n")) * keep)])
    assert not block.complete
    whole = leaves(block.value)[:-1]
    assert [(leaf.path, leaf.value) for leaf in whole if leaf.value is not None] == shown(ROW)[: len(whole)]


def test_truncated_block_before_another():
    """A block that breaks off does not swallow the next one, nor the text between."""
    for row in (ROW, "".join(line.strip() + "\n" for line in ROW.splitlines())):
        text = row[: row.index("水")] + "水\n之后的正文\n第二段\n" + row
        first, second = find_blocks(text)
        assert not first.complete
        assert text[first.end : second.start].strip() == "之后的正文\n第二段"
        assert second.complete
        assert second.end == len(text.rstrip())


def test_text_broken_off_stays_in_its_value():
    """Where the block breaks off in a column of free text, the lines that are left belong to it."""
    text = "Array\n(\n    [fid] => 7\n    [description] => 第一行\n第二行\n第三"
    (block,) = find_blocks(text)
    assert block.value.entries[1] == ("description", "第一行\n第二行\n第三")
    assert block.end == len(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([ROW, "text ", "×", "\n", ")", "Array ( [a] => 1 ) ", "Array\n(\n[a] => b\n)\n", ROW[:50], "    [x] => y\n"])),
       st.integers(1, 40))
def test_chunks_do_not_matter(pieces, step):
    """However a text comes in chunks, the blocks are the same."""
    text = "".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(print_r, "_CHUNK", 1)
        assert list(read_blocks(text[n : n + step] for n in range(0, len(text), step))) == find_blocks(text)


KEYS = st.text(st.characters(blacklist_characters="[]\n\r\\.", blacklist_categories=["Cs"]), min_size=1, max_size=8)
TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=12).filter(lambda text: not text.endswith("Object"))
TREES = st.recursive(TEXTS, lambda inner: st.dictionaries(KEYS, inner, max_size=4), max_leaves=12)


def print_value(value: object, base: int) -> str:
    if not isinstance(value, dict):
        return f"{value}\n"
    inner = "".join(f"{' ' * (base + 4)}[{key}] => {print_value(item, base + 8)}" for key, item in value.items())
    return f"Array\n{' ' * base}(\n{inner}{' ' * base})\n\n"


def rebuilt(value: object) -> object:
    return {key: rebuilt(item) for key, item in value.entries} if isinstance(value, PhpArray) else value


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=4))
def test_what_is_printed_is_read(tree):
    """Any tree of texts without line breaks, printed with its columns, is read back exactly."""
    (block,) = find_blocks(print_value(tree, 0))
    assert block.complete
    assert rebuilt(block.value) == tree
