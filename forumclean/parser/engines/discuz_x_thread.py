"""The head of a Discuz X thread page: title, type, tags, counters, pages, what moderators did (``viewthread.htm``)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from forumclean.parser import dates
from forumclean.parser.board_urls import read_url
from forumclean.parser.markup.tokens import attributes_of, plain

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_author import Clock
    from forumclean.parser.engines.html import HtmlPage
    from forumclean.parser.page_identity import PageIdentity

_TITLE_ENDS = re.compile(r"</(?:span|a|h1)>")
_TYPE = re.compile(r'<a\b[^>]*\bhref="[^"]*(?:filter=typeid|[?&;]typeid=\d)[^"]*"[^>]*>([^<]{1,80})</a>')
_SORT = re.compile(r'<a\b[^>]*\bhref="[^"]*(?:filter=sortid|[?&;]sortid=\d)[^"]*"[^>]*>([^<]{1,80})</a>')
_PLAIN_TYPE = re.compile(r"<h1[^>]*>\s*\[([^\[\]<]{1,80})\]")
# 查看: N | 回复: N (views, replies) with markup between; skins turn the words round or use icons' titles
_VIEWS = re.compile(r"(?:查看|浏览|瀏覽|阅读|閱讀|人气|人氣|点击|點擊)(?:数|數|次数|次數)?\s?[:：]?\s?(\d[\d,]{0,11})")
_REPLIES = re.compile(r"(?:回复|回覆|回復|回帖|评论|評論)(?:数|數)?\s?[:：]?\s?(\d[\d,]{0,11})")
_CURRENT = re.compile(r"<strong>(\d{1,7})</strong>")
_OF = re.compile(r"title=\"共\s*(\d{1,7})\s*[页頁]\"|/\s*(\d{1,7})\s*[页頁]")
_LAST = re.compile(r'<a\b[^>]*class="last"[^>]*>[^<\d]*(\d{1,7})</a>')
_NUMBERED = re.compile(r"<a\b[^>]*>(\d{1,7})</a>")
# document.onkeyup = function(e){keyPageScroll(e, prev, next, 'url', page);}
_KEYS = re.compile(r"keyPageScroll\(e,\s*[01],\s*([01]),\s*'[^']{0,300}',\s*(\d{1,7})\)")
_LINK = re.compile(r"<a\b([^>]*)>((?:[^<]|<(?!/a>)[^>]*>)*?)</a>")
# 本主题由 NAME 于 DATE ACTION (this thread was … by … at …)
_MODERATED = re.compile(rf"本主[题題]由\s*(?P<by>.{{1,40}}?)\s*[于於]\s*(?P<at>{dates.ANY})\s*(?P<action>.{{1,60}})", re.VERBOSE)
_HEAD = 12_000
"""Characters before the first post in which its counters stand."""


def between(text: str, start: str, end: str, longest: int = 4000) -> str:
    """What stands in ``text`` behind the tag that holds ``start``, up to ``end``; ``""`` if it is not there."""
    at = text.find(start)
    if at < 0:
        return ""
    stop = text.find(end, at, at + longest)
    return text[at : stop if stop >= 0 else at + longest].partition(">")[2]


def pages_of(head: str, tail: str, mark: str = 'class="pg"') -> tuple[int | None, int | None, str | None]:
    """Number of this page, number of all pages, and what says the latter: ``pager``, ``script`` (no pager: there is one page only).

    ``head``, ``tail``: the markup before the first post, and from the last one on; ``mark``: what is in the pager's tag.
    """
    for text in (head, tail):
        html = between(text, mark, "</div>")
        current = _CURRENT.search(html)
        if current is None:
            continue
        total = _OF.search(html)
        if total is not None:
            return int(current[1]), int(total[1] or total[2]), "pager"
        numbers = [int(number) for number in (*_NUMBERED.findall(html), *_LAST.findall(html))]
        return int(current[1]), max([int(current[1]), *numbers]), "pager"
    at = tail.rfind("keyPageScroll(e")
    keys = _KEYS.search(tail, at) if at >= 0 else None
    if keys is not None:
        page, more = int(keys[2]), keys[1] == "1"
        return page, page if not more else None, "script"
    return None, None, None


def title_of(head: str, page: HtmlPage) -> dict[str, Any]:
    """``title`` and ``type_name``; the sort goes to extras. ``head``: the markup before the first post."""
    fields: dict[str, Any] = {}
    at = head.find('id="thread_subject"')
    start = head.rfind("<h1", 0, at if at >= 0 else len(head))
    html = head[start : head.find("</h1>", start) + 5] if start >= 0 else ""
    if at >= 0:
        stop = _TITLE_ENDS.search(head, at)
        fields["title"] = plain(head[at : stop.start() if stop else at + 500].partition(">")[2])
    elif html:
        fields["title"] = plain(re.sub(r"<a\b.*?</a>", "", html) if "typeid" in html or "sortid" in html else html)
    if not fields.get("title"):
        node = page.tree.css_first("#thread_subject") or page.tree.css_first("title")
        words = "" if node is None else " ".join((node.text() or "").split())
        fields["title"] = words if node is not None and node.tag != "title" else words.partition(" - ")[0]
    kind = _TYPE.search(html) or _PLAIN_TYPE.search(html)
    if kind is not None:
        fields["type_name"] = plain(kind[1]).removeprefix("[").removesuffix("]")
    if (sort := _SORT.search(html)) is not None:
        fields["extras"] = {"sort": plain(sort[1]).removeprefix("[").removesuffix("]")}
    return {name: value for name, value in fields.items() if value}


def counters_of(head: str) -> dict[str, int]:
    """``views`` and ``replies`` (page 1 shows them, in X with comments counted as replies), ``closed``."""
    start = head.find('id="postlist"')
    html = head[start:] if start >= 0 else head[-_HEAD:]
    words = plain(html)
    fields = {}
    for name, pattern in (("views", _VIEWS), ("replies", _REPLIES)):
        if (found := pattern.search(words)) is not None:
            fields[name] = int(found[1].replace(",", ""))
    if "/locked.gif" in html:  # viewthread.htm: the sign behind the title of a closed thread
        fields["closed"] = 1
    return fields


def tags_of(post: str, mark: str = 'class="ptg', end: str = "</div>") -> list[str]:
    """The tags of the first post (``post``: its markup): links between a tag that holds ``mark``, ``<div class="ptg …">``, and ``end``."""
    return [name for _, inner in _LINK.findall(between(post, mark, end)) if (name := plain(inner))]


def moderation_of(post: str, clock: Clock, mark: str | None = 'class="modact"') -> dict[str, str] | None:
    """What moderators did last: ``text``, and ``by``, ``at``, ``action`` where the line has the usual form.

    ``post``: the markup of the first post, which holds ``<div class="modact">`` above its message; ``mark`` ``None``: the line alone.
    """
    text = plain(post if mark is None else between(post, mark, "</div>"))
    found = _MODERATED.search(text)
    if found is None:
        return {"text": text} if text else None
    at = dates.when(found["at"], clock.zone, clock.now)
    return {"text": text, "by": found["by"], **({} if at is None else {"at": at.at}), "action": found["action"].strip()}


def trail_of(head: str, identity: PageIdentity, mark: str = 'id="pt"') -> tuple[dict[str, object], ...]:
    """The forums in the breadcrumbs (X: ``<div id="pt">``), outermost first: ``fid``, ``name``, ``parent_fid``; the last is the thread's own."""
    found: list[dict[str, object]] = []
    for written, inner in _LINK.findall(between(head, mark, "</div>")):
        if ("forum" in written or "group" in written) and (forum := _forum_in(written, inner)) is not None:
            parent = {"parent_fid": found[-1]["fid"]} if found else {}
            found.append({"fid": forum[0], "name": forum[1], **parent})
    if identity.fid is not None and found and found[-1]["fid"] != identity.fid:
        return ()
    return tuple(found)


@lru_cache(maxsize=256)
def _forum_in(written: str, inner: str) -> tuple[int, str] | None:
    """Number and name of the forum that a link is to: the same links stand on all pages of a forum."""
    target = read_url(attributes_of(written).get("href", ""))
    name = plain(inner)
    return (target.fid, name) if target.kind == "forum" and target.fid is not None and name else None
