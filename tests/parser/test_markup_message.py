"""The text of a message: lines, noise, quotes, code, placeholders (markup/message.py and what it stands on)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.parser.markup.message import Message, read_message
from forumclean.parser.markup.tree import normal

FONT = '<font class="jammer">, q% [+ e9 Y8 N( j7 h</font>'
SPAN = '<span style="display:none">0 p&nbsp;&nbsp;Y* q) v. L8 b</span>'


def read(html: str, hidden: frozenset[str] = frozenset()) -> Message:
    return read_message(normal(html), "http://bbs.example.org/", hidden)


def clean(message: Message) -> str:
    text = message.body.text
    for mark in sorted((mark for mark in message.body.marks if mark.name == "jammer"), reverse=True):
        text = text[: mark.start] + text[mark.end :]
    return text


UNTOUCHED = [
    pytest.param("3 + 4 i, a, b, c, d, e, f", "3 + 4 i, a, b, c, d, e, f", id="text like noise"),
    pytest.param("&lt;font class=&quot;jammer&quot;&gt;x&lt;/font&gt;", '<font class="jammer">x</font>', id="noise that somebody typed"),
    pytest.param("&lt;span style=&quot;display:none&quot;&gt;x&lt;/span&gt;<br>y", '<span style="display:none">x</span>\ny', id="typed span"),
    pytest.param('<font color="#ffffff">pale</font><br>x', "pale\nx", id="white text is somebody's joke"),
    pytest.param('<font style="font-size:0px">tiny</font><br>x', "tiny\nx", id="[size=0px] is somebody's too"),
    pytest.param('<font style="background-color:Yellow">a</font>', "a", id="marked text"),
    pytest.param('text <span style="display:none">a spoiler</span> text', "text a spoiler text", id="hidden, in the middle of a line"),
    pytest.param('<span id="s1" style="display:none">a spoiler</span><br>x', "a spoiler\nx", id="hidden, but a script shows it"),
    pytest.param('<div style="display:none">hidden block</div>', "hidden block", id="hidden block"),
    pytest.param('<span class="x9">word</span><br>y', "word\ny", id="a class that says nothing"),
    pytest.param('<i class="pstatus">not a notice</i> x', "not a notice x", id="[i=s] typed by a member"),
    pytest.param("a [<i> 本帖最后由 甲 于 2008-3-4 12:01 编辑 </i>] b", "a [ 本帖最后由 甲 于 2008-3-4 12:01 编辑 ] b", id="a notice somebody talks about"),
    pytest.param('<font style="font-size:10px;color:#333">a table pasted from elsewhere</font><br>x', "a table pasted from elsewhere\nx", id="ten pixels, in words"),
    pytest.param('<font style="font-size: 0px">x</font>y', "xy", id="no size, no colour: BBCode"),
    pytest.param('a <span style="display:none">b <u>c</u></span> d', "a b c d", id="hidden inside a line, with tags"),
    pytest.param("2&nbsp;&nbsp;spaces&nbsp;", "2  spaces ", id="blanks that were typed"),
    pytest.param("x &amp;amp; y &amp;nbsp;", "x &amp; y &nbsp;", id="entities that were typed"),
]


@pytest.mark.parametrize(("html", "text"), UNTOUCHED)
def test_what_members_wrote_stays(html: str, text: str) -> None:
    """No element is taken for noise that a member can make, or that is not hidden at a line break."""
    message = read(html)
    assert (message.body.text, message.body.marks) == (text, ())
    assert message.edited is None


NOISE = [
    pytest.param(f"one{FONT}<br>\n{SPAN}two", "one\ntwo", ["font.jammer", "hidden span"], id="Discuz X, both shapes"),
    pytest.param(f"one<br>\n{SPAN}{FONT}<br>\ntwo", "one\n\ntwo", ["hidden span", "font.jammer"], id="two on an empty line"),
    pytest.param('one<FONT CLASS="jammer">x</FONT><br>two', "one\ntwo", ["font.jammer"], id="upper case"),
    pytest.param('one<i class="a jammer b">. From the old board</i><br>two', "one\ntwo", ["class jammer"], id="another element, a fixed phrase"),
    pytest.param('one<br><span style="DISPLAY : none ;">phrase</span>two', "one\ntwo", ["hidden by style"], id="another spelling"),
    pytest.param('one<em style="font-size:0">phrase</em><br>two', "one\ntwo", ["hidden by style"], id="no size"),
    pytest.param('one<b style="position:absolute;left:-9999px">p</b><br>two', "one\ntwo", ["hidden by style"], id="off the screen"),
    pytest.param('one<font style="font-size:10px;color:#FFF">a ?b @</font><br>two', "one\ntwo", ["hidden by style"], id="Discuz X1"),
    pytest.param('one<font style="font-size:10px;color:#F5F5F5">- n, p! S7 y/ e&nbsp;&nbsp;A</font><br>two', "one\ntwo", ["small font"], id="X1, spaced pairs"),
    pytest.param('one<font style="font-size:0px;color:white">My board!n9?&amp;c+y</font><br>two', "one\ntwo", ["font of no size"], id="D4-D7, SEO words"),
    pytest.param('one<br>\n<span style="display:none">\x01a,?\n!:Z<br>\n<img smilieid="3" src="images/smilies/default/lol.gif">(k</span>two', "one\ntwo",
                 ["hidden span"], id="D4 and D5, a line break and a smiley inside"),
    pytest.param('one<font style="font-size:0px;color:#FFF">a<br>b</font><br>two', "one\ntwo", ["font of no size"], id="D4, a line break in the font"),
    pytest.param('one<span class="ksam">phrase</span><br>two', "one\ntwo", ["hidden by class"], id="a class that the page hides"),
    pytest.param('one<u class="x9f">3 @5 A4 y: e! S1 p</u><br>two', "one\ntwo", ["random string"], id="a class of its own, a random string"),
]


@pytest.mark.parametrize(("html", "text", "how"), NOISE)
def test_jammers_keep_their_characters_under_a_mark(html: str, text: str, how: list[str]) -> None:
    """A jammer's characters stay in the text with a mark that says what gave it away; it is not in the HTML."""
    message = read(html, frozenset({"ksam"}))
    assert clean(message) == text
    assert [mark.detail for mark in message.body.marks] == how
    assert all(mark.end > mark.start for mark in message.body.marks)
    assert not any(word in message.html for word in ("jammer", "display", "phrase"))


LINES = [
    pytest.param("\r\n one<br />\r\n  two ", "one\ntwo ", id="the source's own lines are blanks"),
    pytest.param("<p>one</p><p>two</p>", "one\ntwo", id="paragraphs"),
    pytest.param("one<br><div>two</div>three", "one\ntwo\nthree", id="a block after a break: no empty line"),
    pytest.param("<br><br>one<br><br><br>", "one", id="no empty lines around"),
    pytest.param("<ul><li>one<li>two<br></ul>x", "one\ntwo\nx", id="lists without bullets"),
    pytest.param("<table><tr><td>a<br></td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc", id="cells"),
    pytest.param("a<hr>b", "a\nb", id="rule"),
    pytest.param('<a class="relatedlink" href="x">word</a>', "word", id="automatic link"),
    pytest.param("a<script>if (a<b) {x()}</script>b<style>.c{}</style><!-- c --><button>d</button>", "ab", id="nothing that is not text"),
]


@pytest.mark.parametrize(("html", "text"), LINES)
def test_lines_are_those_a_browser_shows(html: str, text: str) -> None:
    """Block structure becomes line breaks, white space of the source does not."""
    assert read(html).body.text == text


def test_code_is_verbatim() -> None:
    """Items are lines, tabs come back, the widget's words go, a mark covers the block; jammers inside keep their own marks."""
    html = (
        f'a<br><div class="blockcode"><div id="code_x1Y"><ol><li>if x:{FONT}<br>\n<li>&nbsp; &nbsp; &nbsp; &nbsp; y = 1<br>\n{SPAN}<li><br>\n<li> z'
        "</ol></div><em onclick=\"copycode($('code_x1Y'));\">复制代码</em></div><br>b"
    )
    message = read(html)
    assert clean(message) == "a\nif x:\n\ty = 1\n\n z\n\nb"
    code = next(mark for mark in message.body.marks if mark.name == "code")
    assert message.body.text[code.start : code.end].startswith("if x:")
    assert message.body.text[code.start : code.end].endswith(" z")


def test_quotes_are_marked_lines_and_records() -> None:
    """Quoted lines begin with `> `, also where noise stands between; who is quoted becomes a record."""
    html = (
        '<div class="quote"><blockquote><font size="2"><a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid=31&amp;ptid=5">'
        f'<font color="#999999">老 王 发表于 2015-1-25 12:21</font></a></font>{FONT}<br>\n{SPAN}one<br>\n<br>\ntwo</blockquote></div><br>three'
    )
    message = read(html)
    assert clean(message) == "> 老 王 发表于 2015-1-25 12:21\n> one\n>\n> two\n\nthree"
    assert [tuple(quote) for quote in message.quotes] == [(31, "老 王", "2015-1-25 12:21", "one\n\ntwo")]


def test_an_old_board_names_the_author_last() -> None:
    """Discuz 7 wrote the attribution behind the text, and the board may have been upgraded since."""
    html = '<div class="quote"><blockquote>one<br>老王 发表于 2009-1-25 12:21 <a href="redirect.php?goto=findpost&pid=3&ptid=5"><img src="images/common/back.gif"></a></blockquote></div>'
    assert [tuple(quote) for quote in read(html).quotes] == [(3, "老王", "2009-1-25 12:21", "one")]


BOXES = [
    pytest.param('a<div class="locked">游客，如果您要查看本帖隐藏内容请<a href="x">回复</a></div>b', "a\n[locked: 如果您要查看本帖隐藏内容请回复]\nb", id="hidden"),
    pytest.param(
        '<div class="locked">小王，本帖隐藏的内容需要积分高于 100 才可浏览，您当前积分为 5</div>', "[locked: 本帖隐藏的内容需要积分高于 100 才可浏览]",
        id="what a notice says of the visitor is not part of it",
    ),
    pytest.param('<div class="showhide"><h4>本帖隐藏的内容</h4>secret</div>', "secret", id="revealed"),
    pytest.param('<div class="attach_nopermission attach_tips"><h3>本帖子中包含更多资源</h3><span>x</span></div>a', "a", id="tip for guests"),
    pytest.param('<img src="static/image/smiley/default/lol.gif" smilieid="12">', "[smiley: lol]", id="smiley"),
    pytest.param('<img src="static/image/smiley/coolmonkey/01.gif" smilieid="40">', "[smiley: coolmonkey/01]", id="numbered smiley"),
    pytest.param('<img class="zoom" file="http://i.example/a.png">', "[image: http://i.example/a.png]", id="lazy picture"),
    pytest.param('<img aid="7" src="static/image/common/none.gif" zoomfile="d/a.jpg" file="d/a.jpg.thumb.jpg">', "[image: http://bbs.example.org/d/a.jpg]", id="full size"),
    pytest.param('<img src="static/image/common/back.gif">x', "x", id="Discuz's own pictures"),
    pytest.param('<img src="javascript:alert(1)">x', "x", id="no picture"),
    pytest.param("<span id=\"swf_1\"></span><script>x(AC_FL_RunContent('width', '5', 'src', 'http://v.example/c.swf'));</script>", "[media: http://v.example/c.swf]", id="player"),
    pytest.param('<iframe src="https://v.example/e/1"></iframe>', "[media: https://v.example/e/1]", id="frame"),
    pytest.param('<span id="attach_9"><a href="forum.php?mod=attachment&aid=OXwxYXw">a.zip</a> <em>(1 KB)</em></span>', "[attachment: a.zip]", id="file"),
    pytest.param('<div id="aimg_9_menu" class="tip" style="display:none">menu</div>a', "a", id="menu"),
]


@pytest.mark.parametrize(("html", "text"), BOXES)
def test_what_is_not_text_leaves_a_placeholder(html: str, text: str) -> None:
    """Pictures, smilies, files, media and hidden parts are words in brackets; tips and menus go."""
    assert read(html).body.text == text


def test_the_edit_notice_is_a_field() -> None:
    """At the top (7.0 to X3.5) or at the bottom (4 to 6, on upgraded boards), with noise between it and the text."""
    top = read(f'<i class="pstatus"> 本帖最后由 甲 于 2015-1-21 16:21 编辑 </i>{FONT}<br>\n<br>\n{SPAN}text')
    bottom = read(f"text{FONT}<br>\n{SPAN}<br>\n[<i> 本帖最后由 甲 于 2015-1-21 16:21 编辑 </i>]")
    for message in (top, bottom):
        assert clean(message) == "text"
        assert message.edited is not None
        assert (message.edited["by"], message.edited["at"]) == ("甲", "2015-1-21 16:21")
        assert "本帖" not in message.html


def test_a_file_is_told_once() -> None:
    """The picture, its menu and its link are one attachment: number, name, bytes, downloads."""
    html = (
        '<ignore_js_op><img id="aimg_7" aid="7" file="d/a.jpg" src="none.gif"><div class="tip" id="aimg_7_menu" style="display:none">'
        "<strong>湖.jpg</strong> <em>(2.5 KB, 下载次数: 32)</em></div></ignore_js_op>"
    )
    assert read(html).attachments == (
        {"aid": 7, "url": "http://bbs.example.org/d/a.jpg", "kind": "image", "name": "湖.jpg", "size": 2560, "downloads": 32},
    )


words = st.text(alphabet="ab <>&\xa0中\n", max_size=12).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
line = st.one_of(words, words.map(lambda text: f'<div class="quote"><blockquote>{text}<br>\n{text}</blockquote></div>'), words.map(lambda text: f"<b>{text}</b>"))


@settings(deadline=None, max_examples=150)
@given(st.lists(line, max_size=6), st.lists(st.sampled_from(["", FONT, SPAN]), min_size=6, max_size=6))
def test_noise_never_changes_the_text_around_it(lines: list[str], noise: list[str]) -> None:
    """The text of a jammed page with its jammers cut is the text of the page without them, and the HTML is the same."""
    jammed, plain = "", ""
    for each, string in zip(lines, noise, strict=False):
        plain += each + "<br>\n"
        jammed += f"{each}{string}<br>\n" if string != SPAN else f"{each}<br>\n{SPAN}"
    message = read(jammed)
    assert clean(message) == read(plain).body.text
    assert message.html == read(plain).html


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet='<>/="ab brfontclass jammer\x01\n&;!-', max_size=80))
def test_any_markup_gives_a_text(html: str) -> None:
    """Whatever is between the tags: no exception, and marks lie inside the text, in order."""
    for message in (read(html), read_message(html)):
        ends = [mark.start for mark in message.body.marks]
        assert ends == sorted(ends)
        assert all(0 <= mark.start < mark.end <= len(message.body.text) for mark in message.body.marks)


@given(st.lists(st.sampled_from(["one", "二 3", " ", "\n", "\t ", "<br>", "<br>\n", "&nbsp;", "&amp;lt;", "\x01", FONT, SPAN, '<font class="jammer"></font>'])))
def test_a_message_of_one_run_is_read_as_any_other(pieces: list[str]) -> None:
    """With an element in front that says nothing, it is walked through: the same text, marks and HTML come out."""
    html = "".join(pieces)
    alone, walked = read_message(html), read_message(f"<b></b>{html}")
    assert alone.body == walked.body
    assert alone.html == walked.html.removeprefix("<b></b>").strip()
