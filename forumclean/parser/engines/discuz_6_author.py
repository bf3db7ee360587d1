"""Author, time, floor and panel of a Discuz! 6 or 7 post (``viewthread.htm`` of 6.0 and 6.1, ``viewthread_node.htm`` of 7.0 and 7.2).

6.x prints the author into ``td.postauthor cite`` and the time as plain text into ``div.postinfo``; 7.x prints both above the message, the
time into ``em#authorpostonPID``. Special threads (polls, rewards, …) of 6.x print the first post's author behind its message.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.board_urls import unquote
from forumclean.parser.engines.discuz_x_author import USER, floor_of, stats_of, time_of
from forumclean.parser.markup.tokens import plain

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_author import Clock

_LONGEST = 4000
"""Characters of the line above a message (``div.postinfo``); ordinary ones have 1,500."""
_NAME = 60
_CITE = re.compile(r"<cite[^>]{0,200}>((?:[^<]|<(?!/cite>)[^>]*>){0,2000}?)</cite>")
_NAMED = re.compile(r"""<a\b[^>]{0,300}?\bhref="[^"]{0,300}?space\.php\?username=([^"&]{1,200})[^"]*"[^>]*>((?:[^<]|<(?!/a>|img\b)[^>]*>)*?)</a>""")
_LINK = re.compile(r"""<a\b(?![^>]{0,300}\bhref=["']?(?:javascript:|\#|topicadmin|admincp|modcp|misc\.php|post\.php))(?![^>]{0,300}authorid=)[^>]{0,300}\bhref=[^>]{1,300}>([^<]{1,60})</a>""")
_GUEST = re.compile(r'<a\b[^>]{0,200}\bhref="javascript:[^"]{0,40}"[^>]*>([^<]{1,60})<em>[^<]{0,60}</em>')
# <a href="topicadmin.php?action=getip…">IP</a>, for moderators, in front of the name
_LABEL = re.compile(r"<label\b[^>]*>(?:[^<]|<(?!/label>)[^>]*>){0,500}?</label>")
# 未注册 (not registered), 该用户匿名发帖 (posted anonymously), 该用户已被删除 (deleted): D6 behind the name, D7 in an <em> beside it
_KINDS = (
    ("guest", re.compile(r"</cite>\s*(?:未注册|未註冊|Unregistered)")),
    ("anonymous", re.compile(r"</cite>\s*(?:[该該]?(?:用户|用戶|會員|会员)匿名|Anonymous)")),
    ("deleted", re.compile(r"(?:</cite>|<em>)\s*(?:[该該](?:用户|用戶|會員|会员)已被[删刪]除|(?:This )?(?:user|member) (?:has been )?deleted)")),
)
_ANONYMOUS = frozenset({"匿名", "匿名用户", "匿名用戶", "Anonymous"})
_GUESTS = frozenset({"游客", "遊客", "Guest"})
_NUMBERS = re.compile(r"[?&;](?:authorid|newbuddyid)=(\d{1,15})|pm\.php\?action=(?:send|new)(?:&amp;|&)uid=(\d{1,15})")
_GROUP = re.compile(r"<p>\s*<em>((?:[^<]|<(?!/em>)[^>]*>){1,300}?)</em>")
_POSTED = re.compile(r"(?:发表于|發表於|发布于|發佈於|Posted(?: on| at)?:?|Post at)\s*(?:&nbsp;)?")
_WHEN = re.compile(dates.ABSOLUTE, re.VERBOSE)
_STRONG = re.compile(r"<strong\b[^>]*>((?:[^<]|<(?!/strong>)[^>]*>){1,300}?)</strong>")
_STARTED = re.compile(r"<d[td]>\s*(?:起始时间|起始時間|开始时间|開始時間|发布时间|發佈時間)\s*</d[td]>\s*<dd>([^<]{6,60})</dd>")


class Head(NamedTuple):
    """The markup around a message, cut at the places that name themselves."""

    panel: str
    """``td.postauthor``."""
    info: str
    """``div.postinfo``, the line above the message: time, floor, in D7 the author."""
    menu: str
    """The menu of the author's name with more figures; D6 prints it below the message."""
    pid: int


def cut_head(pid: int, head: str, tail: str) -> Head:
    """Find the parts of the markup above a message (``head``) and behind its beginning (``tail``)."""
    start = head.find('class="postauthor')
    cell = head.find('class="postcontent', start)
    at = head.rfind('class="postinfo', max(start, cell, 0))
    if at < 0:
        at = max(cell, 0)
    stop = next((place for place in (cell, at) if place > start), len(head))
    panel = head[start:stop].partition(">")[2] if start >= 0 else ""
    ends = (head.find(mark, at) for mark in ('class="postmessage', 'class="defaultpost', "<h1", 'id="ad_thread'))
    end = min((place for place in ends if place > at), default=max(head.rfind("<h2"), at))
    if end <= at:
        end = len(head)
    menu = tail.rfind(f'id="userinfo{pid}_menu"')
    if menu < 0:
        menu = tail.rfind("userinfopanel")
    below = tail[menu : tail.find('class="postcontent', menu)] if menu >= 0 else ""
    return Head(panel, head[at : min(end, at + _LONGEST)].partition(">")[2], below, pid)


def author_of(head: Head) -> dict[str, Any]:
    """``author_name``, ``author_uid``, ``author_kind`` of a post, as far as it says."""
    panel = head.panel
    cite = _CITE.search(panel)
    blocks = [_LABEL.sub("", cite[1])] if cite is not None else [_before_time(head)]
    kind = next((name for name, pattern in _KINDS if pattern.search(panel)), None)
    if (guest := _GUEST.search(panel)) is not None:
        return {"author_name": plain(guest[1]), "author_kind": "guest"}
    for block in (*blocks, *([panel] if cite is None else [])):
        if (found := _linked(block)) is not None:
            name, uid = found
            return {"author_name": name, "author_kind": kind or "member"} | ({"author_uid": uid} if uid else {})
    for block in blocks:
        if (link := _LINK.search(block)) is not None and (name := plain(link[1])) and kind is None:  # a board with URLs of its own
            number = _NUMBERS.search(panel) or _NUMBERS.search(head.info)
            uid = int(number[1] or number[2]) if number is not None else 0
            return {"author_name": name, "author_kind": "member"} | ({"author_uid": uid} if uid else {})
    stands = cite is not None or f'id="authorposton{head.pid}"' in head.info
    return _unlinked(blocks[0], kind, panel) if stands else {}


def _before_time(head: Head) -> str:
    """The part of the line above a message that stands before the time: D7 has the author there."""
    end = head.info.find(f'<em id="authorposton{head.pid}"')
    if end < 0:
        posted = _POSTED.search(head.info)  # replies to a special thread of 6.x
        return "" if posted is None else head.info[: posted.start()]
    start = head.info.find('class="authorinfo', 0, end)
    return head.info[start:end].partition(">")[2] if start >= 0 else head.info[:end].rpartition("</div>")[2]


def _linked(block: str) -> tuple[str, int] | None:
    """Name and number (0: unknown) of the first member that a block links to."""
    found = USER.search(block)
    if found is not None and (name := plain(found["name"]) or unquote(found["named"] or "")):
        return name, int(found["uid"] or found["uid2"] or found["uid3"] or 0)
    named = _NAMED.search(block)
    if named is not None and (name := plain(named[2]) or unquote(named[1])):
        return name, 0
    return None


def _unlinked(block: str, kind: str | None, panel: str) -> dict[str, Any]:
    """A name and nothing to click."""
    name = plain(block)
    if not name and kind == "deleted":  # D7: <div class="avatar">NAME <em>…</em></div>
        name = plain(panel.rpartition("<em>")[0].rpartition('class="avatar"')[2].partition(">")[2])
    if not name or len(name) > _NAME:
        return {}
    kind = kind or ("anonymous" if name in _ANONYMOUS else "guest" if name.split()[0] in _GUESTS else None)
    return {"author_name": name} | ({"author_kind": kind} if kind else {})


def when_of(head: Head, clock: Clock) -> dict[str, str]:
    """``created_at`` and its precision: behind 发表于 (posted at), else the only date above the message."""
    info = head.info
    at = info.find(f'id="authorposton{head.pid}"')
    if at >= 0:
        return time_of(info[at : info.find("</em>", at)].partition(">")[2], clock)
    posted = _POSTED.search(info)
    if posted is not None:
        return time_of(info[posted.end() :].partition("<a")[0], clock)
    found = _WHEN.search(plain(info))
    moment = None if found is None else dates.when(found[0], clock.zone, clock.now)
    return {} if moment is None else {"created_at": moment.at, "created_at_precision": moment.precision}


def number_of(head: Head) -> dict[str, Any]:
    """``floor_label`` as printed, and ``position`` where it says one."""
    for name in (f'id="postnum{head.pid}"', f'id="postnum_{head.pid}"'):
        at = head.info.find(name)
        if at >= 0:
            inner = head.info[at : at + 600].partition(">")[2]
            ends = [end for mark in ("</strong>", "</a>") if (end := inner.find(mark)) >= 0]
            return floor_of(inner[: min(ends, default=0)])
    found = _STRONG.search(head.info)
    floor = floor_of(found[1]) if found is not None else {}
    return floor if "position" in floor else {}


def panel_of(head: Head) -> tuple[dict[str, str | int | float], dict[str, str]]:
    """The figures of the author's panel and its menu; ``author_group``, the title of the author's group."""
    stats = stats_of(head.menu) | stats_of(head.panel)
    group = _GROUP.search(head.panel)
    name = plain(group[1]) if group is not None else ""
    return stats, {"author_group": name} if 0 < len(name) <= _NAME else {}


def starter_of(panel: str, clock: Clock) -> dict[str, Any]:
    """Author and time of a special thread of 6.x: ``panel`` is the cell behind its message."""
    linked = _linked(panel)
    fields: dict[str, Any] = {} if linked is None else {"author_name": linked[0], "author_kind": "member"}
    if linked is not None and linked[1]:
        fields["author_uid"] = linked[1]
    started = _STARTED.search(panel)
    moment = None if started is None else dates.when(plain(started[1]), clock.zone, clock.now)
    return fields | ({} if moment is None else {"created_at": moment.at, "created_at_precision": moment.precision})
