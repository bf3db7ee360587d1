"""Pages that hold no content are recognised with their reason; pages that hold some, or talk about such things, are not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.html import HtmlPage, open_page
from forumclean.parser.engines.not_content import NOT_CONTENT
from forumclean.parser.engines.not_content_table import GUARDS, MESSAGES, WALLS, Sign
from forumclean.records import Ref

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "html"
PROSE = "<p>" + "这面墙后来成了街上的布告栏，谁家寻猫、谁家卖米，都往上贴。" * 130 + "</p>"


def _page(text: str) -> HtmlPage:
    page = open_page(Ref(path="x.html"), text, zone("Asia/Shanghai"))
    assert isinstance(page, HtmlPage)
    return page


def _status(text: str) -> str | None:
    page = _page(text)
    return NOT_CONTENT.read(page).status if NOT_CONTENT.score(page)[0] else None


def _notice(words: str) -> str:
    return f'<title>提示信息 - 小城论坛</title><div id="messagetext" class="alert_info"><p>{words}</p></div>'


UNTOUCHED = [
    pytest.param("", id="empty"),
    pytest.param("<p>本站关闭，请登录。404 Not Found</p>", id="words in a page"),
    pytest.param('<div id="post_9">x</div><div id="messagetext">指定的主题不存在</div>', id="a post, and a box left in the page"),
    pytest.param('<tbody id="normalthread_9"></tbody><form id="loginform"></form>', id="a list with a login form"),
    pytest.param('<form id="lsform" name="lsform"><input name="password"></form><p>首页</p>', id="the quick login form of every page"),
    pytest.param('<div id="messagetext"></div><p>x</p>', id="an empty box"),
    pytest.param(f"<title>提示信息 - 站</title>{PROSE}", id="a long page with that title"),
    pytest.param("<title>提示信息 - 站</title><p>今天天气好</p>", id="that title, and no words of a notice"),
    pytest.param('<p>被 btwaf 拦了，<a href="http://su.baidu.com/">su.baidu.com</a> 也打不开，__jsl_clearance 是什么？</p>', id="walls in text and links"),
    pytest.param(f'{PROSE}<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/x"></script>', id="a long page that loads what walls load"),
    pytest.param('<p>短</p><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>', id="what Cloudflare adds to every page"),
    pytest.param("<script>a()</script><p>text</p>", id="a script and text"),
    pytest.param(f'<meta http-equiv="refresh" content="300;url=/">{PROSE}', id="a long page that refreshes itself"),
    pytest.param('<div class="message_box">saved</div><div class="box message">hi</div><p>text</p>', id="other software's boxes"),
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_content_is_left_alone(text: str) -> None:
    """What holds posts, lists or prose is no notice."""
    assert NOT_CONTENT.score(_page(text)) == (0.0, ())


WITH_CONTENT = sorted(path.relative_to(FOLDER).as_posix() for folder in ("lists", "tolerant") for path in FOLDER.glob(f"{folder}/*.html"))


@pytest.mark.parametrize("name", [*WITH_CONTENT, "notices/talk.html"])
def test_fixtures_with_content_are_left_alone(name: str) -> None:
    """Lists, threads, articles and talk about notices are no notices."""
    found = _status((FOLDER / name).read_text("utf-8"))
    assert found is None, name


MESSAGE_CASES = [
    ("抱歉，指定的主题不存在或已被删除或正在被审核", "deleted page"),
    ("指定的版塊不存在，請返回", "deleted page"),
    ("抱歉，本帖要求阅读权限高于 50 才能浏览", "denied"),
    ("本版块需要密码，您必须在下面输入正确的密码才能浏览这个版块", "password"),
    ("抱歉，您尚未登录，没有权限访问该版块", "login"),
    ("您需要先登錄才能繼續本操作", "login"),
    ("抱歉，您没有权限访问该版块", "denied"),
    ("抱歉，您所在的用户组(新手上路)无法进行此操作", "denied"),
    ("抱歉，只有特定用户可以访问本版块", "denied"),
    ("抱歉，您的 IP 地址不在被允许的范围内", "blocked"),
    ("抱歉，站点暂时关闭，升级完毕即开放", "closed"),
    ("論壇正在維護，請稍後再來", "closed"),
    ("您访问的页面无手机页面，是否进一步访问电脑版？", "notice"),
]


@pytest.mark.parametrize(("words", "status"), MESSAGE_CASES)
def test_notices(words: str, status: str) -> None:
    """What Discuz says in its box decides; what it says otherwise is a notice all the same."""
    assert _status(_notice(words)) == status
    assert _status(f'<div class="jump_c"><p>{words}</p></div>') == status


def test_older_boxes_need_the_title() -> None:
    """Boxes of Discuz 6 and 7 have names that others use: they count on pages titled as notices."""
    box = '<div class="box message"><h1>小城 提示信息</h1><p>指定的主题不存在</p></div>'
    assert _status(f"<title>提示信息 - 小城</title>{box}") == "deleted page"
    assert _status(f"<title>小城</title>{box}") is None


def test_notice_page_says_what_and_where() -> None:
    """The issue names status, reason, thread and the notice's own words; nothing becomes a thread or a post."""
    parts = NOT_CONTENT.read(_page((FOLDER / "notices" / "denied.html").read_text("utf-8")))
    assert (parts.kind, parts.status, parts.host, parts.threads, parts.posts) == ("notice", "denied", "bbs.example.org", (), ())
    (issue,) = parts.issues
    assert (issue.level, issue.code) == ("info", "not-content")
    assert issue.message == "no content but denied (read permission, tid 57): 抱歉，本帖要求阅读权限高于 50 才能浏览"


@pytest.mark.parametrize(("name", "status"), [("antitheft.html", "challenge"), ("cloudflare.html", "challenge"), ("denied.html", "denied")])
def test_fixtures(name: str, status: str) -> None:
    """Saved pages without content."""
    assert _status((FOLDER / "notices" / name).read_text("utf-8")) == status


@pytest.mark.parametrize(("text", "status"), [
    pytest.param("<!-- x --><script>location='/?_dsign=1'</script>\n<noscript>js</noscript>", "challenge", id="scripts and comments only"),
    pytest.param('<html><body><form action="forum.php?mod=forumdisplay&fid=2&action=pwverify"><input name="pw"></form></body></html>', "password", id="password form"),
    pytest.param('<body class="pg_logging"><form id="loginform_Lx1"><p>用户名 密码</p></form></body>', "login", id="login page"),
    pytest.param('<div class="loginbox"><form id="loginform" method="post"><p>安全提问</p></form></div>', "login", id="touch login page"),
    pytest.param("<title>页面重载开启</title><p>欢迎光临本站，页面正在重新载入，请稍候 ...</p>", "challenge", id="attackevasive"),
    pytest.param("<title>小城论坛 - Database Error</title><p>Can not connect to MySQL server</p>", "error", id="database error"),
    pytest.param("<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><hr>nginx</body></html>", "deleted page", id="404"),
    pytest.param("<title>403 Forbidden</title><h1>403 Forbidden</h1>", "blocked", id="403"),
    pytest.param("<title>502 Bad Gateway</title>", "error", id="502"),
    pytest.param('<title>Page has moved</title><meta http-equiv="Refresh" content="0; URL=a.html"><a href="a.html">Click here...</a>', "redirect", id="HTTrack"),
    pytest.param('<meta http-equiv="refresh" content="0;url=/bbs/"><p>正在进入…</p>', "redirect", id="a door"),
    pytest.param('<title>访问被拦截</title><img src="https://errors.aliyun.com/images/x.png"><p>您的请求有潜在威胁</p>', "blocked", id="a firewall"),
])
def test_guards_and_walls(text: str, status: str) -> None:
    """Guards, servers' errors and walls are known by their marks."""
    assert _status(text) == status


def test_tables_are_used() -> None:
    """Every row of the tables says a status that the archive knows."""
    known = {"deleted page", "password", "denied", "login", "closed", "blocked", "challenge", "error", "redirect"}
    assert {sign.status for sign in (*MESSAGES, *GUARDS, *WALLS)} == known


@given(st.text(alphabet="<>abt/\"'=密码不存在登录 \n-", max_size=300))
def test_any_page_is_read(text: str) -> None:
    """No page makes the reader fail, and a page without a notice stays ``html``."""
    page = _page(f'<title>提示信息 -</title><div id="messagetext">{text}')
    assert NOT_CONTENT.read(page).kind in {"notice", "html"}


@pytest.mark.parametrize("sign", [sign for sign in (*GUARDS, *WALLS) if sign.hints], ids=lambda sign: f"{sign.name}, {sign.status}")
@given(st.data())
def test_hints_are_in_all_that_fits(sign: Sign, data: st.DataObject) -> None:
    """A text that the pattern fits is found by its hints, too, in whatever case."""
    text = data.draw(st.from_regex(sign.pattern))
    assert sign.is_in(text, text.casefold())
    assert not sign.is_in("", "")
