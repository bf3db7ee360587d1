"""Thread pages of the first mobile template of Discuz X (``mobile=1``, X2 to X3.2: ``template/default/mobile/forum/viewthread.htm``).

Messages are numbered as on the desktop; author panels, signatures, comments and ratings are not printed, and in the simple mode of the
template (``mobilesimpletype``) no times either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forumclean.parser.engines import mobile_page
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.engines.mobile_page import Feature, Template
from forumclean.parser.engines.mobile_post import Hooks, PostHead

if TYPE_CHECKING:
    from forumclean.parser.markup.tree import Node

# FLOOR, then the author: a link, or a name alone (anonymous, deleted), then links to click and the time
_FLOOR = re.compile(r"\s*(?P<floor><em>\d{1,7}</em>(?:\s*<sup>[^<]{0,5}</sup>|[^<\s]{0,3})|[^<\s]{1,12}(?=\s*(?:<a\b|\s[^<\s])))?\s*(?P<author>.*)", re.DOTALL)


def _head(post: Node) -> PostHead:
    line = post.css_first(".bm_user")
    time = post.css_first('[id^="authorposton"]')
    found = None if line is None else _FLOOR.match((line.inner_html or "").partition("<br")[0])
    if found is None:
        return PostHead(time="" if time is None else time.inner_html or "")
    author = found["author"]
    author = author[: author.find("</a>") + 4] if author.startswith("<a") else author.partition("<a")[0]
    return PostHead(author, found["floor"] or "", "" if time is None else time.inner_html or "")


TEMPLATE = Template(
    kind="a mobile page of a thread",
    start=re.compile(r'<div\b[^>]{0,100}\bid="post_(\d{1,15})"'),
    title=(".vt .bm_h",),
    # 查看: 12|回复: 3 (views, replies)
    counters=re.compile(r"(?:查看|浏览|瀏覽)\s?[:：]?\s?(?P<views>\d{1,12})\s?(?:<[^>]{1,60}>\|?){0,3}\s?(?:回复|回復|回覆|回帖|帖子)\s?[:：]?\s?(?P<replies>\d{1,9})"),
    forum='.box a[href*="forumdisplay"], .box a[href*="forum-"]',
    hooks=Hooks(
        head=_head, message=('[id^="postmessage_"]', ".mes"), below=".postmessage ~ div.box", comment="",
    ),
)
FEATURES = (
    Feature("posts with numbers", 0.4, re.compile(r'<div\b[^>]{0,100}\bid="post_\d')),
    Feature("lines about authors", 0.6, re.compile(r'class="bm_user"')),
    Feature("messages with numbers", 0.3, re.compile(r'class="postmessage"')),
    Feature("list of posts", 0.4, re.compile(r'<div class="vt">')),
    Feature("mobile scripts and styles", 0.3, re.compile(r"mobile=(?:1|yes)|image/mobile/")),
)


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """How surely this is a thread page of the first mobile template: by its line about each author, which no other has."""
    sure, why = mobile_page.score(page, TEMPLATE, FEATURES)
    return (sure, why) if "lines about authors" in why else (0.0, ())


def read(page: HtmlPage) -> Parts:
    """Read a mobile page of a thread."""
    return mobile_page.read(page, TEMPLATE)


DISCUZ_MOBILE = Engine("discuz-mobile", "touch", score, read)
