"""Serialized texts inside values: decoded where their lengths can be made to fit, else kept as text with an issue."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.parser.php.remeasure import MAX_DEPTH, DamagedError, remeasure
from forumclean.parser.php.serialized import LONGEST, decode_serialized, looks_serialized


def inside(text: str) -> list[tuple[str, str | None, str]]:
    found, issue = decode_serialized("p", text)
    assert issue is None
    assert all(leaf.decoded for leaf in found)
    return [(leaf.path, leaf.value, leaf.type) for leaf in found]


@pytest.mark.parametrize("text", ["", "a: 1", "array", "a:{}", "i:5;", 's:3:"abc";', "N;", "O:tea", "http://a:80/{x}"])
def test_no_serialized_array(text):
    """Only arrays and objects are taken for serialized: scalars are too short to be proof."""
    assert not looks_serialized(text)


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        pytest.param("a:0:{}", [], id="empty"),
        pytest.param('a:2:{i:0;s:0:"";s:5:"medal";N;}', [("p.0", "", "text"), ("p.medal", None, "null")], id="text and null"),
        pytest.param("a:3:{i:-1;b:1;i:2;b:0;i:3;i:42;}", [("p.-1", "1", "bool"), ("p.2", "0", "bool"), ("p.3", "42", "int")], id="bool, int"),
        pytest.param("a:2:{i:0;d:0.5;i:1;d:-INF;}", [("p.0", "0.5", "float"), ("p.1", "-INF", "float")], id="floats"),
        pytest.param('a:1:{s:3:"a.b";a:2:{i:0;a:0:{}i:1;i:7;}}', [("p.a\\.b.0", None, "array"), ("p.a\\.b.1", "7", "int")], id="nested"),
        pytest.param('O:3:"Tea":2:{s:4:"\0*\0x";i:1;s:6:"\0Tea\0y";O:3:"Cup":0:{}}',
                     [("p.x:protected", "1", "int"), ("p.y:Tea:private", None, "object")], id="object, members as print_r names them"),
        pytest.param('a:2:{i:0;s:1:"x";i:1;R:2;}', [("p.0", "x", "text"), ("p.1", "R:2", "recursion")], id="reference"),
        pytest.param('a:1:{i:0;s:18:"a:1:{i:5;s:1:"y";}";}', [("p.0", 'a:1:{i:5;s:1:"y";}', "text"), ("p.0.5", "y", "text")], id="serialized twice"),
        pytest.param('a:1:{i:0;s:5:"a";b:";}', [("p.0", 'a";b:', "text")], id="the length proves what looks like an end"),
        pytest.param("  a:1:{i:0;i:1;}\n", [("p.0", "1", "int")], id="blanks around"),
    ],
)  # fmt: skip
def test_decoded(text, leaves):
    assert inside(text) == leaves


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('a:1:{s:4:"论坛";s:8:"公告：茶";}', id="counted in GBK"),
        pytest.param('a:1:{s:6:"论坛";s:12:"公告：茶";}', id="counted in UTF-8"),
        pytest.param('a:1:{s:2:"论坛";s:4:"公告：茶";}', id="counted in characters"),
        pytest.param('a:1:{s:99:"论坛";s:1:"公告：茶";}', id="counted wrongly"),
        pytest.param("a:1:{s:4:&quot;论坛&quot;;s:8:&quot;公告：茶&quot;;}", id="quotes are entities"),
        pytest.param("a:1:{s:4:“论坛”;s:8:“公告：茶”;}", id="quotes are curly"),
    ],
)
def test_lengths_are_measured_again(text):
    """Whatever the numbers count, the strings are the same."""
    assert inside(text) == [("p.论坛", "公告：茶", "text")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('a:2:{i:0;s:3:"abc', id="cut in a string"),
        pytest.param('a:2:{i:0;s:3:"abc";', id="cut behind a value"),
        pytest.param("a:2:{i:0;i:1;}", id="fewer entries than counted"),
        pytest.param("a:1:{i:0;i:1;i:1;i:2;}", id="more entries than counted"),
        pytest.param("a:1:{i:0;i:1;}}", id="a bracket too many"),
        pytest.param("a:1:{b:1;i:1;}", id="a key that can be none"),
        pytest.param('a:1:{i:0;C:3:"Tea":1:{x}}', id="custom serialization"),
        pytest.param("a:1:{i:0;x}", id="rubbish"),
        pytest.param("a:1:{i:0;" * 100 + "N;" + "}" * 100, id="nested too deep"),
        pytest.param("a:999999999:{i:0;", id="a count without entries"),
        pytest.param("a:1:{i:0;i:" + "9" * 5000 + ";}", id="a number without end"),
        pytest.param("a:9000:{" + 's:99999:"é";' * 9000, id="lengths that lead nowhere"),
        pytest.param("a:1:{i:0;" + "x" * LONGEST, id="too long"),
    ],
)
def test_kept_as_text(text):
    """What cannot be repaired gives no leaf but an issue that says where and why."""
    found, issue = decode_serialized("extra", text)
    assert found == []
    assert issue is not None
    assert (issue.level, issue.stage, issue.code) == ("warning", "parse", "serialized-damaged")
    assert issue.message.startswith("extra: ")


def test_depth_is_bounded_from_both_sides():
    """As deep as allowed is decoded, one deeper is not."""
    def nested(depth):
        return "a:1:{i:0;" * depth + "i:1;" + "}" * depth

    assert remeasure(nested(MAX_DEPTH))
    with pytest.raises(DamagedError):
        remeasure(nested(MAX_DEPTH + 1))


def php(value: object, encoding: str) -> str:
    """Serialized as a board of that encoding does it, then decoded."""
    if isinstance(value, dict):
        return f"a:{len(value)}:{{" + "".join(php(part, encoding) for pair in value.items() for part in pair) + "}"
    if isinstance(value, int):
        return f"i:{value};"
    return f's:{len(str(value).encode(encoding))}:"{value}";'


STRINGS = st.lists(st.sampled_from(['"', ";", ":", "{", "}", "茶", "é", "a", " ", "s:1:"]), max_size=8).map("".join)
TREES = st.dictionaries(STRINGS, st.recursive(STRINGS | st.integers(0, 99), lambda inner: st.dictionaries(STRINGS, inner, max_size=3), max_leaves=6))


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_true_lengths_decide(tree):
    """Where the lengths fit as UTF-8, the text is taken as it is, whatever the strings look like."""
    text = php(tree, "utf-8")
    assert remeasure(text).decode() == text


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60).map(lambda text: "a:1:{" + text))
def test_any_text_is_decoded_or_reported(text):
    found, issue = decode_serialized("p", text)
    assert (issue is None) or not found


def test_phpserialize_is_imported_only_when_needed():
    """The start of the program does not pay for it."""
    code = "import sys, forumclean.parser.php.forum_config; sys.exit('phpserialize' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
