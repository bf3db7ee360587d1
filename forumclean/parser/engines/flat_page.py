"""What a flattened page says about its thread: in the lines around the posts, and in the name of its file."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from forumclean.parser.board_urls import read_path
from forumclean.parser.furniture import BARS, COPY_LINK, COUNTERS, CRUMBS, MODERATED, PAGES, POWERED

_PLAIN_NAME = re.compile(r"(?:\.html?)?\.(?:txt|text|md|log)$", re.IGNORECASE)
"""What extractors make of a page's name."""
_LINK = re.compile(r"(?:viewthread(?:\.php\?|&(?:amp;)?)tid=|/thread-)(\d{1,10})\b")
_FORUM_LINK = re.compile(r"(?:forumdisplay(?:\.php\?|&(?:amp;)?)fid=)(\d{1,8})\b")
_ARCHIVED = re.compile(r"tid-\d{1,10}(?:-p(?:age-)?\d{1,6})?\.html$")
"""A page of the archiver, out of its folder."""
_CURRENT = re.compile(r"(?:页|頁|Pages?)\s?[:：][\s\d.]{0,40}\[(\d{1,6})\]")
"""The pager of the archiver: 页: 1 [2] 3."""
_BELOW = 10  # lines behind the last post in which it stands
_CUT = re.compile(r"\s?(?:\.\.\.|…)$")
_LATER_PAGE = re.compile(r"\s-\s{1,2}第\s?\d+\s?[页頁]\s{0,2}-")
_TYPED = re.compile(r"^\[(?P<type>[^\s\]]{1,20}\]?)\]\s?(?P<title>\S.*)$")
"""A thread type in front of the title; told from a title with brackets by the title elsewhere on the page, which has no type."""
_BESIDE_TITLE = re.compile(
    r"^(?:\[[\w.]{1,30}\]\s*)?(?:(?:查看|閱讀|阅读)\s?[:：]\s*\d+\s*\|?\s*(?:回复|回復|回覆)\s?[:：]\s*\d+|(?:楼主|樓主)\s?[:：]\s*\S+)(?:\s+|$)")
"""What stands in the cell beside the title, where a page was drawn with both on one line."""
_LOOKED_AT = 400  # lines: the head of a page is not longer
_NO_TITLE = frozenset({
    # buttons above a thread, and the words for its icons: closed, sticky, digest, hot, recommended, poll, trade, reward, activity, debate
    "发表回复", "发新帖", "打印", "打印 上一主题 下一主题", "上一主题 下一主题", "打印 上一主題 下一主題", "关闭", "關閉", "置顶", "置頂", "精华", "精華",
    "热门", "熱門", "推荐", "推薦", "投票", "商品", "悬赏", "懸賞", "活动", "活動", "辩论", "辯論", "图片附件", "附件", "新人帖", "优秀", "优秀帖",
})


class PageFacts(NamedTuple):
    """What the page states about its thread."""

    tid: int | None
    page: int | None
    fields: dict[str, Any]


def page_facts(head: list[str], tail: list[str], file_name: str) -> PageFacts:
    """Read title, counters, pager, breadcrumb and moderation lines from the lines before the first and behind the last post.

    ``file_name``: path of the input; its tid and page are used where the text has none (``extras.from`` says so).
    """
    fields: dict[str, Any] = {}
    extras: dict[str, Any] = {}
    head = head[-_LOOKED_AT:]
    _titles(head, fields, extras)
    _counters(head, fields)
    for line in head:
        if MODERATED.match(line.strip(BARS)) is not None:
            extras.setdefault("moderation", []).append(line.strip(BARS))
    pages = [int(found[1] or found[2]) for line in (*head, *tail[:40]) if "页" in line or "頁" in line
             for found in [PAGES.search(line.strip())] if found is not None]
    if pages:
        fields["pages_total"] = max(pages)
    tid, page = _identity(head, file_name, extras)
    current = next((int(found[1]) for line in tail[:_BELOW] if (found := _CURRENT.match(line.strip())) is not None), page)
    if extras:
        fields["extras"] = extras
    return PageFacts(tid, current, fields)


def forum_of(head: list[str]) -> int | None:
    """The fid that links in the head of the page agree on, in texts that kept link targets."""
    fids = {int(fid) for line in head for fid in _FORUM_LINK.findall(line)}
    return fids.pop() if len(fids) == 1 else None


def _identity(head: list[str], file_name: str, extras: dict[str, Any]) -> tuple[int | None, int | None]:
    tids = {int(tid) for line in head for tid in _LINK.findall(line)}
    name = _PLAIN_NAME.sub(".html", file_name)
    named = read_path(name)
    if named.kind != "thread" and _ARCHIVED.match(name.rpartition("/")[2]):
        named = read_path(f"archiver/{name.rpartition('/')[2]}")
    if named.kind == "thread" and named.tid is not None:
        extras["from"] = {"tid": "file name"}
        return named.tid, named.page or 1
    return (tids.pop() if len(tids) == 1 else None), None


def _titles(head: list[str], fields: dict[str, Any], extras: dict[str, Any]) -> None:
    """The title: before 复制链接 (copy link), in the page's own title, or at the end of the breadcrumb unless cut there."""
    lines = [_BESIDE_TITLE.sub("", line.strip(" \t\xa0\u3000|#")).strip(" \t\xa0\u3000|") for line in head]
    found: list[str] = []
    for index, line in enumerate(lines):
        if line.startswith(COPY_LINK):
            found += [text for text in lines[max(0, index - 8):index] if text and text not in _NO_TITLE][-1:]
        elif any(link in line for link in COPY_LINK):
            before = line[:min(line.find(link) for link in COPY_LINK if link in line)].strip()
            found += [text for text in (*lines[max(0, index - 8):index], before) if text and text not in _NO_TITLE][-1:]
    crumbs = next((match for match in map(CRUMBS.match, lines) if match is not None), None)
    path = [] if crumbs is None else [step.strip() for step in crumbs["path"].split("›")]
    if len(path) > 1:
        extras["breadcrumb"] = path[:-1]
    for line in lines:
        if "Discuz" in line and (match := POWERED.search(line)) is not None and match.start():
            found.append(_page_title(line[:match.start()], path))
    if path and len(path) > 2 and not _CUT.search(path[-1]):  # noqa: PLR2004 - site › forum › title
        found.append(path[-1])
    found = [text for text in found if text]
    if not found:
        return
    fields["title"] = found[0]
    typed = _TYPED.match(found[0])
    known = [_CUT.sub("", text) for text in (*found[1:], *path[-1:])]
    if typed is not None and any(text and typed["title"].startswith(text) for text in known):
        fields |= {"type_name": typed["type"], "title": typed["title"]}


def _page_title(text: str, path: list[str]) -> str:
    """The thread's part of ``TITLE - FORUM - SITE``: what stands before the forum that the breadcrumb names."""
    text = _LATER_PAGE.sub(" -", text)
    if len(path) > 1:
        at = text.find(f" - {path[-2]}")
        return text[:at].strip() if at > 0 else ""
    parts = re.split(r"\s-\s{1,2}", text)
    return " - ".join(parts[:-2]).strip() if len(parts) > 2 else ""  # noqa: PLR2004 - title, forum, site


def _counters(head: list[str], fields: dict[str, Any]) -> None:
    """Views and replies, printed on one line or on several."""
    for index, line in enumerate(head):
        if "查看" in line or "阅读" in line or "閱讀" in line or "浏览" in line:
            near = " ".join(text.strip() for text in head[index:index + 12] if text.strip())[:120]
            found = COUNTERS.search(near)
            if found is not None and "回" in near:
                fields["views"] = int(found["views"])
                if found["replies"]:
                    fields["replies"] = int(found["replies"])
                return
