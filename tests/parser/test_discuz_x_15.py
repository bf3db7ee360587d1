"""Thread pages of Discuz! X1.5: the engine of X reads them; their jammer is a small font with pairs."""

from __future__ import annotations

from pathlib import Path

from forumclean.parser.dates import zone
from forumclean.parser.engines.html import HtmlPage, open_page
from forumclean.parser.engines.registry import best
from forumclean.records import Ref

TEXT = (Path(__file__).resolve().parents[2] / "fixtures" / "html" / "x" / "thread-x1.5.html").read_text("utf-8")


def test_x1_5() -> None:
    """No numbered author panels there, and no title in a span; everything else is where X has it."""
    page = open_page(Ref(path="x.html"), TEXT, zone("Asia/Shanghai"))
    assert isinstance(page, HtmlPage)
    choice = best(page)
    assert choice is not None
    assert (choice.engine.name, choice.score > 0.9) == ("discuz-x", True)
    parts = choice.engine.read(page)
    (thread,) = parts.threads
    assert (thread.tid, thread.fid, thread.page) == (71, 6, 1)
    assert {name: thread.fields[name] for name in ("title", "type_name", "views", "replies", "pages_total")} == {
        "title": "河豚和鲶鱼", "type_name": "冷水", "views": 345, "replies": 12, "pages_total": 2,
    }
    assert [(p.pid, p.fields["author_name"], p.fields.get("author_uid"), p.fields["author_kind"], p.fields["created_at"]) for p in parts.posts] == [
        (1501, "鱼缸", 21, "member", "2011-03-05T12:11:00Z"), (1503, "造流泵", 22, "member", "2011-03-06T01:02:00Z"),
        (1504, "游客", None, "guest", "2011-03-06T23:00:00Z"), (1505, "过滤棉", 23, "member", "2011-03-07T00:00:00Z"),
    ]  # fmt: skip
    assert parts.posts[0].stats == {"posts": 56, "credits": 210, "uid": 21, "total_online_hours": 88}
    body = parts.posts[0].body
    assert body is not None
    assert [mark.detail for mark in body.marks] == ["small font", "hidden span", "small font", "hidden span"]
    assert "小字：喂得少" in body.text  # a member's own small font
    assert parts.posts[1].fields["quotes"] == [{"pid": 1501, "author": "鱼缸", "at": "2011-03-05T12:11:00Z", "text": "水温 24 C 上下，"}]
    assert parts.posts[3].fields["extras"] == {"attachments_hidden": True}
    assert parts.issues == ()
