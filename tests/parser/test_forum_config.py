"""Forum rows: which arrays are one, what their packed columns hold, what is masked."""

from __future__ import annotations

from pathlib import Path

import pytest

from forumclean.parser.php import values
from forumclean.parser.php.forum_config import forum_config, forum_rows, is_forum_row
from forumclean.parser.php.print_r import find_blocks
from forumclean.parser.php.values import PhpArray
from forumclean.records import ForumConfig, Leaf

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "php"


def row(**columns: str) -> PhpArray:
    """A small forum row with these columns."""
    return PhpArray(list({"fid": "7", "fup": "1", "threads": "3", "posts": "4", **columns}.items()))


def config(value: PhpArray, **options: bool) -> ForumConfig:
    found, issues = forum_config(value, **options)
    assert found is not None
    assert issues == []
    return found


def below(value: PhpArray, path: str) -> dict[str, str | None]:
    """The decoded leaves under a path."""
    return {leaf.path.removeprefix(path + "."): leaf.value for leaf in config(value).leaves if leaf.path.startswith(path + ".") and leaf.decoded}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(PhpArray([]), id="empty"),
        pytest.param(PhpArray([("fid", "7"), ("tid", "3"), ("subject", "x"), ("lastpost", "1600000000"), ("displayorder", "0")]), id="thread"),
        pytest.param(PhpArray([("pid", "1"), ("fid", "7"), ("threads", "3"), ("posts", "4"), ("fup", "1")]), id="post with its author's figures"),
        pytest.param(PhpArray([("groupid", "7"), ("allowhtml", "0"), ("allowbbcode", "1"), ("allowimgcode", "1")]), id="user group"),
        pytest.param(PhpArray([("fid", "x"), ("fup", "1"), ("threads", "3"), ("posts", "4")]), id="fid is no number"),
        pytest.param(PhpArray([("fid", PhpArray([])), ("fup", "1"), ("threads", "3"), ("posts", "4")]), id="fid is an array"),
    ],
)
def test_no_forum_row(value):
    assert not is_forum_row(value)
    assert forum_config(value) == (None, [])


@pytest.mark.parametrize("shape", ["", ".stripped", ".oneline"])
def test_forum_of_x35(shape):
    """A row as PHP prints it gives the same forum in every shape."""
    (block,) = find_blocks((FIXTURES / f"forum{shape}.txt").read_bytes().decode())
    found, issues = forum_config(block)
    assert issues == []
    assert found is not None
    figures = (found.fid, found.name, found.type, found.parent_fid, found.jammer, found.threads_count, found.posts_count, found.complete)
    assert figures == (41, "茶话", "forum", 40, True, 128, 2048, True)
    assert found.moderators == ("掌柜", "跑堂")
    last = (found.last_post_tid, found.last_post_title, found.last_post_at, found.last_post_author)
    assert last == (777, "明前 2 两", "2020-09-13T12:26:40Z", "掌柜")
    assert found.description is not None
    assert found.description.split() == ["壶中日月长，", "且饮一杯无？"]
    leaf = {leaf.path: leaf for leaf in found.leaves}
    assert len(leaf) == len(found.leaves)
    assert leaf["creditspolicy.post.extcredits4"] == Leaf("creditspolicy.post.extcredits4", "-7", "int")
    assert leaf["formulaperm.message"] == Leaf("formulaperm.message", "请先喝茶", "text", decoded=True)
    assert leaf["extra.iconwidth"] == Leaf("extra.iconwidth", "60", "text", decoded=True)
    assert leaf["threadtypes.types.9"] == Leaf("threadtypes.types.9", "水", "text")
    assert [leaf[f"threadtypes.{name}"].value for name in ("required", "listable")] == ["1", ""]
    assert leaf["threadtypes.listable"].type == "bool"
    assert leaf["threadsorts"] == Leaf("threadsorts", None, "array")
    assert [leaf[f"viewperm.{n}"].value for n in range(3)] == ["1", "9", "v6"]
    assert [leaf[f"commentitem.{n}"].value for n in range(2)] == ["香气", "汤色"]
    assert leaf["dateline.utc"] == Leaf("dateline.utc", "2011-03-13T07:06:40Z", "time", decoded=True)
    assert leaf["password"] == Leaf("password", "[masked]", "masked")
    assert leaf["allowreply"] == Leaf("allowreply", "", "text")


@pytest.mark.parametrize("shape", ["", ".stripped", ".oneline"])
def test_lines_of_a_text_that_look_like_columns(shape):
    """Between a text column and the column that must follow it, known keys do not fool the reader."""
    (block,) = find_blocks((FIXTURES / f"forum_fakes{shape}.txt").read_bytes().decode())
    found, _ = forum_config(block)
    assert found is not None
    assert (found.name, found.posts_count, found.jammer) == ("茶话", 2048, True)
    text = {leaf.path: leaf.value for leaf in found.leaves}
    assert (text["rules"] or "").split() == ["守则", "[name]", "=>", "假", "[extra]", "=>", "假"]
    assert (text["description"] or "").split() == ["说明", ")", "[posts]", "=>", "假"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("12\t标题\t1600000000\t老王", ("12", "标题", "2020-09-13T12:26:40Z", "老王"), id="tabs"),
        pytest.param("12\t标题 2\t1600000000\t", ("12", "标题 2", "2020-09-13T12:26:40Z", None), id="anonymous"),
        pytest.param("12 关于 a  b 1600000000 老王", ("12", "关于 a  b", "2020-09-13T12:26:40Z", "老王"), id="tabs became blanks"),
        pytest.param("12 标题 1600000000", ("12", "标题", "2020-09-13T12:26:40Z", None), id="blanks, anonymous"),
        pytest.param("12 标题 1600000000 1234567890", ("12", "标题", "2020-09-13T12:26:40Z", "1234567890"), id="a name of ten digits"),
        pytest.param("12 电话 1380000000 请拨 1600000000 老王", ("12", "电话 1380000000 请拨", "2020-09-13T12:26:40Z", "老王"), id="digits in it"),
        pytest.param("12\t很长的标题\t16000", ("12", "很长的标题", None, None), id="cut in the time"),
        pytest.param("12\t很长的标", ("12", "很长的标", None, None), id="cut in the subject"),
        pytest.param("12 很长的标", ("12", "很长的标", None, None), id="cut, blanks"),
        pytest.param("12", ("12", None, None, None), id="number alone"),
        pytest.param("0\t\t0\t", (None, None, None, None), id="no post yet"),
        pytest.param("", (None, None, None, None), id="empty"),
        pytest.param("   ", (None, None, None, None), id="blank"),
        pytest.param("标题", (None, None, None, None), id="something else"),
    ],
)
def test_lastpost(text, parts):
    """``tid⇥subject⇥time⇥author`` of a char(110), whatever became of its tabs and its tail."""
    found = config(row(lastpost=text))
    got = below(row(lastpost=text), "lastpost")
    assert tuple(got.get(name) for name in ("tid", "subject", "dateline", "author")) == parts
    assert found.last_post_tid == (int(parts[0]) if parts[0] else None)
    assert (found.last_post_title, found.last_post_at, found.last_post_author) == parts[1:]


def test_lastpost_as_an_array():
    """List pages print it as an array; the time is a text for people there, and is not read as one."""
    value = row()
    value.entries.append(("lastpost", PhpArray([("tid", "5"), ("dateline", "<span>昨天</span>"), ("subject", "题"), ("author", "甲")])))
    found = config(value)
    assert (found.last_post_tid, found.last_post_title, found.last_post_at, found.last_post_author) == (5, "题", None, "甲")


@pytest.mark.parametrize(("bits", "parts"), [("0", ("lastpost", "desc", "0", "0")), ("193", ("views", "desc", "0", "1")), ("48", ("lastpost", "asc", "2", "0"))])
def test_simple(bits, parts):
    got = below(row(simple=bits), "simple")
    assert (got["sort_field"], got["sort_direction"], got["subforums"], got["simple_mode"]) == parts


def test_allowpostspecial():
    got = below(row(allowpostspecial="21"), "allowpostspecial")
    assert got == {"poll": "1", "trade": "0", "reward": "1", "activity": "0", "debate": "1"}


@pytest.mark.parametrize("text", ["x", "-1", "99999"])
def test_bits_that_are_none(text):
    """A text that is no byte has no bits."""
    assert below(row(simple=text, allowpostspecial=text), "simple") == {}


@pytest.mark.parametrize("text", ["\t1\t22\tv6\t", "1 22 v6", " 1  22\tv6"])
def test_groups_of_a_permission(text):
    assert below(row(viewperm=text), "viewperm") == {"0": "1", "1": "22", "2": "v6"}


def test_columns_of_older_boards():
    """Rows of D4 to D7: the thread's keys first, credits serialized, counted in GBK."""
    value = PhpArray([("tid", "99"), ("closed", "0")])
    value.entries.extend(row(postcredits='a:1:{s:4:"积分";s:1:"2";}', allowblog="1", jammer="0", name="旧版").entries)
    found = config(value)
    assert (found.fid, found.name, found.jammer) == (7, "旧版", False)
    assert below(value, "postcredits") == {"积分": "2"}
    assert found.leaves[0] == Leaf("tid", "99", "int")


def test_damaged_serialized_column_is_kept():
    """It stays text, with an issue."""
    found, issues = forum_config(row(extra='a:2:{s:9:"namecolor";s:3:"#0'))
    assert found is not None
    assert [leaf.type for leaf in found.leaves if leaf.path == "extra"] == ["text"]
    assert [issue.code for issue in issues] == ["serialized-damaged"]


def test_what_the_row_does_not_say():
    """Nothing is invented."""
    found = config(row(jammer="", description=" \n", threads="many", fup="12345678901"))
    assert (found.name, found.type, found.jammer, found.description, found.threads_count, found.parent_fid) == (None,) * 6
    assert (found.last_post_tid, found.moderators) == (None, ())


def test_secrets_are_masked_unless_wanted():
    """Passwords and what is private to members, wherever they stand; empty ones stay empty."""
    value = row(password="sesame", extra='a:1:{s:8:"password";s:3:"abc";}')
    value.entries.append(("founder", PhpArray([("email", "tea@example.org"), ("lastip", ""), ("name", "甲")])))
    text = {leaf.path: (leaf.value, leaf.type) for leaf in config(value).leaves}
    assert text["password"] == text["founder.email"] == text["extra.password"] == ("[masked]", "masked")
    assert (text["founder.lastip"], text["founder.name"]) == (("", "text"), ("甲", "text"))
    assert text["extra"] == ('a:1:{s:8:"password";s:3:"[masked]";}', "text")
    kept = {leaf.path: leaf.value for leaf in config(value, keep_private=True).leaves}
    assert (kept["password"], kept["founder.email"], kept["extra.password"]) == ("sesame", "tea@example.org", "abc")


def test_truncated_rows_are_kept_and_told():
    found, issues = forum_config(row(name="x"), complete=False)
    assert found is not None
    assert not found.complete
    assert [(issue.level, issue.code) for issue in issues] == [("warning", "truncated-block")]


def test_nested_too_deep(monkeypatch):
    """Told, never silent."""
    monkeypatch.setattr(values, "PATHS", -1)
    value = row()
    value.entries.append(("deep", PhpArray([("a", PhpArray([("b", "1")]))])))
    _, issues = forum_config(value)
    assert [issue.code for issue in issues] == ["nested-too-deep"]


def test_group_moderators():
    """Groups (status 3) print their moderators as users by uid."""
    value = row()
    value.entries.append(("moderators", PhpArray([("5", PhpArray([("uid", "5"), ("username", "甲")])), ("6", PhpArray([("uid", "6")]))])))
    assert config(value).moderators == ("甲",)


def test_rows_inside_of_other_arrays():
    """``$_G`` and lists of forums hold rows; a row's own arrays are not searched."""
    inner = row(name="in")
    assert [*forum_rows(PhpArray([("uid", "1"), ("forum", inner), ("list", PhpArray([("7", row()), ("8", row(fid="8"))]))]))] == [
        inner, row(), row(fid="8"),
    ]
    assert [*forum_rows(inner)] == [inner]
