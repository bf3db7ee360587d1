"""RSS feeds of Discuz: threads as rows of a list."""

from __future__ import annotations

import pytest

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_rss import DISCUZ_RSS
from forumclean.parser.engines.html import HtmlPage, open_page
from forumclean.parser.engines.registry import best
from forumclean.records import Ref

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>老街茶座 - 手工</title><link>http://bbs.example.org/forum-8-1.html</link>
<generator>Discuz! Board by Comsenz Inc.</generator><lastBuildDate>Sat, 21 Nov 2020 19:42:34 +0000</lastBuildDate>
<item><title>修钟表 &amp; 修伞</title><link>http://bbs.example.org/thread-71-1-1.html</link>
<description><![CDATA[家里有座老钟\\'s ...]]></description><category>手工</category><author>钟匠老周</author><pubDate>Fri, 20 Nov 2020 08:38:51 +0800</pubDate></item>
<item><title>坏的</title><link>http://bbs.example.org/nothing</link></item>
</channel></rss>"""


def page(text: str) -> HtmlPage:
    found = open_page(Ref(path="rss.xml"), text, zone("Asia/Shanghai"))
    assert isinstance(found, HtmlPage)
    return found


@pytest.mark.parametrize("text", [
    pytest.param("", id="empty"), pytest.param("<p><rss></p> Discuz!", id="the word"),
    pytest.param('<rss version="2.0"><channel><link>http://news.example/1.html</link></channel></rss>', id="another feed"),
])  # fmt: skip
def test_other_documents_are_not_taken(text: str) -> None:
    """An RSS document that Discuz made, or that links to its threads."""
    assert DISCUZ_RSS.score(page(text))[0] == 0


def test_a_feed() -> None:
    """Thread, forum and times as they are; the beginning of the first post is no post."""
    choice = best(page(FEED))
    assert choice is not None
    assert choice.engine is DISCUZ_RSS
    parts = DISCUZ_RSS.read(page(FEED))
    assert (parts.kind, parts.host, parts.captured_at, parts.posts) == ("feed", "bbs.example.org", "2020-11-21T19:42:34Z", ())
    (thread,) = parts.threads
    assert (thread.tid, thread.fid, dict(thread.fields)) == (71, 8, {
        "title": "修钟表 & 修伞", "author_name": "钟匠老周", "created_at": "2020-11-20T00:38:51Z", "extras": {"excerpt": "家里有座老钟's ..."},
    })
    assert parts.forums == ({"fid": 8, "name": "手工"},)


@pytest.mark.parametrize("text", [FEED[:500], FEED.replace("Fri, 20 Nov", "99, x"), FEED.replace("]]>", "")])
def test_damage_costs_what_is_damaged(text: str) -> None:
    """Cut off, with an impossible time, with a text that does not end."""
    for thread in DISCUZ_RSS.read(page(text)).threads:
        assert thread.tid == 71
