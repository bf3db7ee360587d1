"""Author, time, floor and panel of a Discuz X post (``viewthread_node.htm``)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.board_urls import read_url, unquote
from forumclean.parser.markup.tokens import plain, text_of
from forumclean.parser.panel import LABELS

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

class Clock(NamedTuple):
    """What times of a page refer to."""

    zone: tzinfo
    now: datetime | None


_LONGEST = 600
"""Characters of a small part: a time, a floor, a name with its badges."""
_NAME = 60
"""Characters of a name; Discuz allows 15, a guest's line some more."""
FLOORS = {"楼主": 1, "樓主": 1, "沙发": 2, "沙發": 2, "板凳": 3, "地板": 4}
"""First to fourth floor, as Discuz names them (``postno``/``postnocustom`` can name them otherwise: then no number is known)."""
# <a href="home.php?mod=space&uid=16" …>NAME</a>, space-uid-16.html, space-username-NAME.html
USER = re.compile(
    r"""<a\b[^>]{0,300}?\bhref="[^"]{0,300}?(?:mod=space[^"]{0,200}?[?&;]uid=(?P<uid>\d{1,15})|space-uid-(?P<uid2>\d{1,15})|space\.php\?uid=(?P<uid3>\d{1,15})
          |space-username-(?P<named>[^"/]+?)\.html)[^"]*"[^>]*>
        (?P<name>(?:[^<]|<(?!/a>|img\b)[^>]*>)+?)</a>""",
    re.VERBOSE,
)
_ONLY_AUTHOR = re.compile(r"[?&;]authorid=(\d{1,15})")
# not those to look at this author's posts only, or at all
_ANY_LINK = re.compile(r'<a\b(?![^>]{0,300}\bhref="(?:javascript:|[^"]{0,300}(?:mod=viewthread|authorid=)))[^>]{0,300}\bhref="[^"]{1,300}"[^>]*>([^<]{1,60})</a>')
# uc_server/avatar.php?uid=16&size=middle, uc_server/data/avatar/000/00/00/16_avatar_middle.jpg
_AVATAR = re.compile(r"\bavatar\.php\?uid=(\d{1,15})|/avatar/(\d{3})/(\d\d)/(\d\d)/(\d\d)_avatar")
# a guest: <a href="javascript:;">NAME <em>10.1.2.x</em></a>
_GUEST = re.compile(r'<a\b[^>]*\bhref="javascript:[^"]*"[^>]*>([^<]*)<em>[^<]*</em>')
# in whatever language: <div class="pi">NAME <em>该用户已被删除</em></div> (viewthread_node.htm), nothing to click
_DELETED = re.compile(r"([^<>\s][^<>]{0,60})<em>\s*[^<>\s][^<>]{0,60}</em>\s*(?:</div>|$)")
_HREF = re.compile(r'\bhref="([^"]{1,2000})"')
_ABSOLUTE = re.compile(r'<span\b[^>]*\btitle="([^"]{6,40})"')
_POSTED = re.compile(r"(?:发表于|發表於|Posted(?: on)?|Post at)\s*")
_FLOOR = re.compile(r"(\d{1,7})\s*(?:#|楼|樓|F\b|$)")
# <th><p><a …>20</a></p>主题</th>, with `N万` the exact number is in a title; <dt>积分</dt><dd>172</dd>
_CARD = re.compile(r"<p>(?:<a\b[^>]*>)?\s*(?:<span\b[^>]*\btitle=\"([\d,]+)\"[^>]*>)?([^<]{1,20})(?:</span>)?(?:</a>)?</p>\s*([^<\s]{1,12})")
_LIST = re.compile(r"<dt>(?:<em>)?([^<]{1,20})(?:</em>)?</dt>\s*<dd>((?:[^<]|<(?!/dd>)[^>]*>){0,300}?)</dd>")
_GROUP = re.compile(r"<em>\s*<a\b[^>]*\bac=usergroup[^>]*>(.{1,80}?)</a>\s*</em>")
_NUMBER = re.compile(r"[-+]?\d[\d,]{0,14}(?:\.\d{1,4})?")
_AMOUNT = re.compile(r"([-+]?\d[\d,]{0,14})\s*(?:小时|小時|天|枚|个|個|点|點|元|°|℃|级|級)?$")


class Head(NamedTuple):
    """The markup above a message, cut at the places that name themselves."""

    panel: str
    """The author panel."""
    authors: tuple[str, ...]
    """The ``authi`` blocks: in the panel and above the message, each up to the time."""
    date: str
    floor: str
    floor_link: str = ""
    """Where the floor leads: the first post's to the thread itself, all others' to themselves (``goto=findpost``)."""


def cut_head(pid: int, head: str, tail: str = "") -> Head:
    """Find the parts of the markup above a message; what a skin moved below it is found in ``tail``.

    Time and floor stand near its end, the panel at its beginning: searched from there, for the panel is long. Lines of ``viewthread_node.htm``:
    ``<div id="favatar$post[pid]" class="pls favatar">``, ``<div class="authi">`` (in the panel and above the message),
    ``<a id="postnum$post[pid]" onclick="setCopy(…)">``, ``<em id="authorposton$post[pid]">``.
    """
    date_at = head.rfind(f'id="authorposton{pid}"')
    floor_at = head.rfind(f'id="postnum{pid}"')
    first = head.find('class="authi', 0, _LONGEST)
    last = head.rfind('class="authi', max(first, 0) + 1)
    authors = tuple([_authi(head, at, date_at) for at in (first, last) if at >= 0])
    date = _part(head, date_at, "</em>") if date_at >= 0 else _part(tail, tail.find(f'id="authorposton{pid}"'), "</em>")
    where, floor_in = (head, floor_at) if floor_at >= 0 else (tail, tail.find(f'id="postnum{pid}"'))
    floor = link = ""
    if floor_in >= 0:
        floor = _part(where, floor_in, "</a>")
        found = _HREF.search(where, where.rfind("<", 0, floor_in), where.find(">", floor_in) + 1)
        link = "" if found is None else found[1]
    return Head(_panel(pid, head, date_at, floor_at), authors, date, floor, link)


def _authi(head: str, at: int, date_at: int) -> str:
    """An ``authi`` block, up to its end or to the tag of the time in it."""
    end = head.find("</div>", at)
    begin = head.find(">", at) + 1
    if date_at > at and (date_at < end or end < 0):
        end = head.rfind("<", at, date_at)
    elif end < 0:
        end = at + _LONGEST
    return head[begin:end] if 0 < begin <= end else ""


def _part(text: str, at: int, end: str) -> str:
    if at < 0:
        return ""
    stop = text.find(end, at, at + _LONGEST)
    stop = stop if stop >= 0 else at + _LONGEST
    begin = text.find(">", at, stop) + 1
    return text[begin:stop] if begin else ""


def _panel(pid: int, head: str, date_at: int, floor_at: int) -> str:
    start = head.find(f'id="favatar{pid}"')
    if start < 0 and (start := head.find('class="pls')) < 0:
        return ""
    end = min([at for at in (date_at, floor_at, head.rfind('class="plc', start)) if at > start], default=len(head))
    begin, end = head.find(">", start, end) + 1, head.rfind("<", start, end)
    return head[begin:end] if begin else ""


def author_of(head: Head, whole: str) -> dict[str, Any]:
    """``author_name``, ``author_uid``, ``author_kind`` of a post, as far as it says. ``whole``: all the markup above its message."""
    found = next((seen for block in head.authors if (seen := _user_in(block)) is not None), None)
    if found is None and not head.authors:
        found = _find_user(head.panel or whole)
    if found is not None:
        name, uid = found
        return {"author_name": name, "author_kind": "member"} | ({"author_uid": uid} if uid else {})
    return _by_a_link(head, whole) or _author_without_link(head, whole)


def _user_in(block: str) -> tuple[str, int] | None:
    return _known_user(block) if len(block) <= _LONGEST else _find_user(block)


def _find_user(block: str) -> tuple[str, int] | None:
    """Name and number (0: not said) of the first member that is linked to."""
    found = USER.search(block)
    if found is None:
        return None
    return plain(found["name"]) or unquote(found["named"] or ""), int(found["uid"] or found["uid2"] or found["uid3"] or 0)


_known_user = lru_cache(maxsize=1024)(_find_user)
"""The block in the panel is the same beside all posts of a member."""


def _by_a_link(head: Head, whole: str) -> dict[str, Any]:
    """Boards rewrite their URLs at will: the first link of the block is the author's all the same; the avatar may tell the number."""
    link = next((seen for block in head.authors if (seen := _ANY_LINK.search(block)) is not None), None)
    if link is None or not (name := plain(link[1])):
        return {}
    number = _ONLY_AUTHOR.search(whole) or _AVATAR.search(head.panel)
    uid = int("".join(group for group in number.groups() if group)) if number is not None else 0
    return {"author_name": name, "author_kind": "member"} | ({"author_uid": uid} if uid else {})


def _author_without_link(head: Head, whole: str) -> dict[str, Any]:
    text = head.panel or "".join(head.authors)
    if (deleted := _DELETED.search(text)) is not None:
        only = _ONLY_AUTHOR.search(whole)
        return {"author_name": plain(deleted[1]), "author_kind": "deleted"} | ({"author_uid": int(only[1])} if only and int(only[1]) else {})
    if (guest := _GUEST.search(text)) is not None:
        return {"author_name": plain(guest[1]), "author_kind": "guest"}
    blocks = (block for block in (head.panel, *head.authors) if "<a" not in block)  # a name and nothing to click
    name = next((words for block in blocks if 0 < len(words := plain(block)) <= _NAME), "")
    return {"author_name": name, "author_kind": "anonymous"} if name else {}


def time_of(html: str, clock: Clock) -> dict[str, str]:
    """``created_at`` and its precision, from the markup of the time: the title of its span (absolute), else what it says."""
    title = _ABSOLUTE.search(html)
    text = text_of(title[1]) if title is not None else _POSTED.sub("", plain(html), count=1)
    at = dates.when(text, clock.zone, clock.now)
    if at is None and title is not None:
        at = dates.when(_POSTED.sub("", plain(html), count=1), clock.zone, clock.now)
    return {} if at is None else {"created_at": at.at, "created_at_precision": at.precision}


def floor_of(html: str) -> dict[str, Any]:
    """``floor_label`` as printed, and ``position`` where it says one: ``5#``, ``来自 5#`` (of a sticky reply), 楼主 and its like."""
    label, position = _floor(html) if len(html) <= _LONGEST else _floor.__wrapped__(html)
    return ({"floor_label": label} if label else {}) | ({"position": position} if position else {})


@lru_cache(maxsize=512)
def _floor(html: str) -> tuple[str, int | None]:
    label = plain(html)
    if len(label.strip("#")) == 0 or len(label) > 40:  # noqa: PLR2004 - no number: the first post, newest first; a skin's own furniture
        return "", None
    number = _FLOOR.search(label)
    return label, FLOORS.get(label) or (int(number[1]) if number is not None else None)


def number_of(head: Head, *, filtered: bool) -> dict[str, Any]:
    """The floor of a post, and ``is_first`` for the one that opens a thread. ``filtered``: floors are counted among one author's posts.

    Boards call their floors as they like; but the first one's link leads to the thread, all others' to their posts (``viewthread_node.htm``).
    """
    fields = floor_of(head.floor) if head.floor and not filtered else {}
    if fields.get("position") == 1:
        return fields | {"is_first": True}
    if "position" in fields:
        return fields
    target = read_url(head.floor_link)
    if target.kind != "thread" or target.tid is None or target.pid is not None:
        return fields
    return fields | ({} if filtered else {"position": 1}) | {"is_first": True}


def stats_of(panel: str) -> dict[str, str | int | float]:
    """The figures of an author panel: the three counters, and the list below them."""
    found: dict[str, str | int | float] = {}
    if (at := panel.find('class="tns')) >= 0:
        found |= _counters(panel[at : panel.find("</table>", at)])
    at = panel.find("<dt")
    while at >= 0:
        end = panel.find("</dl>", at)
        end = end if end >= 0 else len(panel)
        found = _listed(panel[at:end]) | found
        at = panel.find("<dt", end)
    return found


def group_of(panel: str) -> dict[str, str]:
    """``author_group``: the title of the author's group, from the link to its rights (``ac=usergroup``) in the panel."""
    at = panel.find("ac=usergroup")
    start = panel.rfind("<em>", max(0, at - _LONGEST), at) if at >= 0 else -1
    group = _group(panel[start : panel.find("</em>", at, at + _LONGEST) + 5]) if start >= 0 else None
    return {} if group is None else {"author_group": group}


# the same title and the same figures stand beside all posts of a member
@lru_cache(maxsize=1024)
def _group(html: str) -> str | None:
    found = _GROUP.match(html)
    return None if found is None else plain(found[1])


@lru_cache(maxsize=1024)
def _counters(html: str) -> dict[str, str | int | float]:
    return {LABELS[label]: _value(exact or value) for exact, value, label in _CARD.findall(html) if label in LABELS}


@lru_cache(maxsize=1024)
def _listed(html: str) -> dict[str, str | int | float]:
    found: dict[str, str | int | float] = {}
    for name, value in _LIST.findall(html):
        label = name.strip().rstrip(":：")
        shown = plain(value)
        if label and shown and len(shown) <= _NAME:  # a figure or a date, no self-portrait
            found.setdefault(LABELS.get(label, label), _value(shown))
    return found


def _value(text: str) -> str | int | float:
    text = text.strip()
    amount = _AMOUNT.match(text)
    if amount is not None:
        return int(amount[1].replace(",", ""))
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else text
