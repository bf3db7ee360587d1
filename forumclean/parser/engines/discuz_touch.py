"""Touch thread pages of Discuz X3 to X3.5 (``mobile=2``, ``template/default/touch/forum/viewthread.htm``) → thread, posts, forum.

No author panels, signatures or ratings; times of the last days are relative without the time of the page, so they stay unknown unless a
crawler says when it was there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forumclean.parser.engines import mobile_page
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.engines.mobile_page import Feature, Template
from forumclean.parser.engines.mobile_post import Hooks, PostHead, own_text

if TYPE_CHECKING:
    from forumclean.parser.markup.tree import Node

_AUTHOR = ".authi .mtit .z", ".authi li b", ".authi li"
_FLOOR = ".authi .mtit .y", ".authi li > em"
_TIME = ".authi .mtime", ".authi .rela", ".authi li + li"
"""X3.5, then X3. Behind a deleted author X3 leaves ``<b>`` open, so its second line has no class but a parent of that name."""


def _head(post: Node) -> PostHead:
    author, floor, time = (
        next((found for selector in selectors if (found := post.css_first(selector)) is not None), None) for selectors in (_AUTHOR, _FLOOR, _TIME)
    )
    return PostHead(
        "" if author is None else author.inner_html or "", "" if floor is None else floor.inner_html or "", "" if time is None else own_text(time),
    )


TEMPLATE = Template(
    kind="a touch page of a thread",
    start=re.compile(r'<(?:div|li)\b[^>]{0,200}\bid="pid(\d{1,15})"'),
    title=(".postlist > h2", ".view_tit"),
    # X3.5: <span class="y"><i class="dm-eye"></i><em>VIEWS</em><i class="dm-chat-s"></i><em>REPLIES</em></span>
    counters=re.compile(r'"dm-eye"></i>\s*<em>(?P<views>\d{1,12})</em>\s*<i class="dm-chat-s"></i>\s*<em>(?P<replies>\d{1,9})</em>'),
    forum='.header a[href*="forumdisplay"], .header a[href*="forum-"]',
    hooks=Hooks(
        head=_head, message=(".message",), below=".message ~ ul", comment='[id^="commentdetail_"]',
    ),
)
FEATURES = (
    Feature("posts with numbers", 0.5, re.compile(r'<div\b[^>]{0,100}\bclass="plc\b[^"]{0,60}"[^>]{0,100}\bid="pid\d')),
    Feature("lists of author and time", 0.5, re.compile(r'<ul class="authi')),
    Feature("messages without numbers", 0.5, re.compile(r'<div class="message')),
    Feature("list of posts", 0.3, re.compile(r'<div class="(?:postlist|viewthread)\b')),
    Feature("touch scripts and styles", 0.3, re.compile(r"static/(?:js|image)/mobile/|/touch/|mobile=2")),
)


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """How surely this is a touch page of a thread; the desktop's numbered panels and times speak against it."""
    sure, why = mobile_page.score(page, TEMPLATE, FEATURES)
    against = next((word for word in ('id="favatar', 'id="authorposton', 'class="bm_user') if word in page.text), None)
    return (sure, why) if against is None else (round(sure * 0.3, 3), (*why, f"but {against}"))


def read(page: HtmlPage) -> Parts:
    """Read a touch page of a thread."""
    return mobile_page.read(page, TEMPLATE)


DISCUZ_TOUCH = Engine("discuz-touch", "touch", score, read)
