"""Discuz! 6 and 7 say that there is nothing in boxes of their own, under the title of what one asked for."""

from __future__ import annotations

import pytest

from forumclean.parser.dates import zone
from forumclean.parser.engines.html import HtmlPage, open_page
from forumclean.parser.engines.registry import best
from forumclean.records import Ref

HEAD = '<html><head><title>阳台番茄记录 - 阳台种菜 -  城南园艺论坛  - Powered by Discuz!</title></head><body><div id="nav"><a href="index.php">城南园艺论坛</a> &raquo; 提示信息</div>'
LOGIN = '<form name="login" method="post" action="logging.php?action=login"><input type="password" name="password" /><button>会员登录</button></form>'


def read(text: str) -> tuple[str, str, int]:
    page = open_page(Ref(path="viewthread.php@tid=512.html"), text, zone("Asia/Shanghai"))
    assert isinstance(page, HtmlPage)
    choice = best(page)
    assert choice is not None
    parts = choice.engine.read(page)
    return choice.engine.name, parts.status, len(parts.posts)


@pytest.mark.parametrize(("words", "status"), [
    ("指定的主题不存在或已被删除或正在被审核，请返回。", "deleted page"),
    ("对不起，本帖要求阅读权限高于 50 才可浏览，请返回。", "denied"),
    ("对不起，您还没有登录，无法进行此操作。", "login"),
    ("您无权进行当前操作，这可能因以下原因之一造成</p><p>您已经登录，但您的帐号或其所在的用户组无权访问当前页面。", "denied"),
    (f"您无权进行当前操作，这可能因以下原因之一造成</p><p>您还没有登录，请填写下面的登录表单后再尝试访问。</p>{LOGIN}<p>", "login"),
    ("非常感谢，您的回复已经发布，现在将转入主题页。", "notice"),
])  # fmt: skip
def test_messages_of_6(words: str, status: str) -> None:
    """The box says what it is; the thread's title in the head does not make it a thread."""
    text = f'{HEAD}<div class="box message">\n\t<h1>城南园艺论坛 提示信息</h1>\n\t<p>{words}</p>\n\t<p><a href="javascript:history.back()">[ 点击这里返回上一页 ]</a></p>\n</div></body></html>'
    assert read(text) == ("not-content", status, 0)


def test_messages_of_7() -> None:
    """7.x titles such pages as notices."""
    text = '<title>提示信息 - 双轮社 -  Powered by Discuz!</title><div class="postbox"><div class="alert_error"><p>指定的主题不存在或已被删除或正在被审核，请返回。</p></div></div>'
    assert read(text) == ("not-content", "deleted page", 0)
