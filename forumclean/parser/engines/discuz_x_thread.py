"""The head of a Discuz X thread page: title, type, tags, counters, pages, what moderators did (``viewthread.htm``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forumclean.parser.board_urls import read_url
from forumclean.parser.markup.tokens import attributes_of, plain, text_of

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_author import Clock
    from forumclean.parser.engines.html import HtmlPage
    from forumclean.parser.markup.tree import Node
    from forumclean.parser.page_identity import PageIdentity

from forumclean.parser import dates

_TYPE = re.compile(r'<a\b[^>]*\bhref="[^"]*(?:filter=typeid|[?&;]typeid=\d)[^"]*"[^>]*>([^<]{1,80})</a>')
_SORT = re.compile(r'<a\b[^>]*\bhref="[^"]*(?:filter=sortid|[?&;]sortid=\d)[^"]*"[^>]*>([^<]{1,80})</a>')
_PLAIN_TYPE = re.compile(r"<h1[^>]*>\s*\[([^\[\]<]{1,80})\]")
# 查看: N | 回复: N (views, replies) with markup between; skins turn the words round or use icons' titles
_VIEWS = re.compile(r"(?:查看|浏览|瀏覽|阅读|閱讀|人气|人氣|点击|點擊)(?:数|數|次数|次數)?\s?[:：]?\s?(\d[\d,]{0,11})")
_REPLIES = re.compile(r"(?:回复|回覆|回復|回帖|评论|評論)(?:数|數)?\s?[:：]?\s?(\d[\d,]{0,11})")
_CURRENT = re.compile(r"<strong>(\d{1,7})</strong>")
_OF = re.compile(r"title=\"共\s*(\d{1,7})\s*[页頁]\"|/\s*(\d{1,7})\s*[页頁]")
_LAST = re.compile(r'<a\b[^>]*class="last"[^>]*>[^<\d]*(\d{1,7})</a>')
_NUMBERED = re.compile(r'<a\b[^>]*>(\d{1,7})</a>')
# document.onkeyup = function(e){keyPageScroll(e, prev, next, 'url', page);}
_KEYS = re.compile(r"keyPageScroll\(e,\s*[01],\s*([01]),\s*'[^']{0,300}',\s*(\d{1,7})\)")
_LINK = re.compile(r'<a\b([^>]*)>((?:[^<]|<(?!/a>)[^>]*>)*?)</a>')
# 本主题由 NAME 于 DATE ACTION (this thread was … by … at …)
_MODERATED = re.compile(rf"本主[题題]由\s*(?P<by>.{{1,40}}?)\s*[于於]\s*(?P<at>{dates.ANY})\s*(?P<action>.{{1,60}})", re.VERBOSE)
_HEAD = 12_000
"""Characters before the first post in which its counters stand."""


def pages_of(pagers: list[Node], text: str) -> tuple[int | None, int | None, str | None]:
    """Number of this page, number of all pages, and what says the latter: ``pager``, ``script`` (no pager: there is one page only)."""
    for node in pagers:
        html = node.html or ""
        current = _CURRENT.search(html)
        if current is None:
            continue
        total = _OF.search(html)
        if total is not None:
            return int(current[1]), int(total[1] or total[2]), "pager"
        numbers = [int(number) for number in (*_NUMBERED.findall(html), *_LAST.findall(html))]
        return int(current[1]), max([int(current[1]), *numbers]), "pager"
    keys = _KEYS.search(text, max(0, text.rfind("keyPageScroll(e") - 1))
    if keys is not None:
        page, more = int(keys[2]), keys[1] == "1"
        return page, page if not more else None, "script"
    return None, None, None


def title_of(title: Node | None, h1: Node | None, page: HtmlPage) -> dict[str, Any]:
    """``title`` and ``type_name``; the sort goes to extras."""
    fields: dict[str, Any] = {}
    html = "" if h1 is None else h1.html or ""
    if title is not None:
        fields["title"] = " ".join((title.text() or "").split())
    elif h1 is not None:
        fields["title"] = plain(re.sub(r"<a\b.*?</a>", "", html) if "typeid" in html or "sortid" in html else html)
    else:
        head = page.tree.css_first("title")
        words = "" if head is None else " ".join((head.text() or "").split())
        fields["title"] = words.partition(" - ")[0]
    kind = _TYPE.search(html) or _PLAIN_TYPE.search(html)
    if kind is not None:
        fields["type_name"] = text_of(kind[1]).strip().removeprefix("[").removesuffix("]")
    if (sort := _SORT.search(html)) is not None:
        fields["extras"] = {"sort": text_of(sort[1]).strip().removeprefix("[").removesuffix("]")}
    return {name: value for name, value in fields.items() if value}


def counters_of(text: str, first: int | None) -> dict[str, int]:
    """``views`` and ``replies`` (page 1 shows them, in X with comments counted as replies), ``closed``."""
    start = text.find('id="postlist"')
    mark = f'postmessage_{first}"' if first is not None else "postmessage_"
    end = text.find(f'id="post_{first}"', max(start, 0)) if first is not None else -1
    end = end if end >= 0 else text.find(mark)
    if start < 0:
        start = max(0, end - _HEAD)
    html = text[start : min(end if end >= 0 else len(text), start + _HEAD)]
    words = plain(html)
    fields = {}
    for name, pattern in (("views", _VIEWS), ("replies", _REPLIES)):
        if (found := pattern.search(words)) is not None:
            fields[name] = int(found[1].replace(",", ""))
    if "/locked.gif" in html:  # viewthread.htm: the sign behind the title of a closed thread
        fields["closed"] = 1
    return fields


def tags_of(node: Node | None) -> list[str]:
    """The tags below the first post."""
    return [] if node is None else [name for _, inner in _LINK.findall(node.html or "") if (name := plain(inner))]


def moderation_of(node: Node | None, clock: Clock) -> dict[str, str] | None:
    """What moderators did last: ``text``, and ``by``, ``at``, ``action`` where the line has the usual form."""
    if node is None:
        return None
    text = " ".join((node.text() or "").split())
    found = _MODERATED.search(text)
    if found is None:
        return {"text": text} if text else None
    at = dates.when(found["at"], clock.zone, clock.now)
    return {"text": text, "by": found["by"], **({} if at is None else {"at": at.at}), "action": found["action"].strip()}


def trail_of(node: Node | None, identity: PageIdentity) -> tuple[dict[str, object], ...]:
    """The forums in the breadcrumbs, outermost first: ``fid``, ``name``, ``parent_fid``; the last is the thread's own."""
    found: list[dict[str, object]] = []
    if node is None:
        return ()
    for written, inner in _LINK.findall(node.html or ""):
        target = read_url(attributes_of(written).get("href", ""))
        name = plain(inner)
        if target.kind != "forum" or target.fid is None or not name:
            continue
        parent = {"parent_fid": found[-1]["fid"]} if found else {}
        found.append({"fid": target.fid, "name": name, **parent})
    if identity.fid is not None and found and found[-1]["fid"] != identity.fid:
        return ()
    return tuple(found)
