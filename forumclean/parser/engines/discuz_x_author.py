"""Author, time, floor and panel of a Discuz X post (``viewthread_node.htm``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.board_urls import unquote
from forumclean.parser.markup.tokens import plain, text_of
from forumclean.parser.panel import LABELS

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from forumclean.parser.engines.discuz_x_hooks import PostNodes


class Clock(NamedTuple):
    """What times of a page refer to."""

    zone: tzinfo
    now: datetime | None


FLOORS = {"楼主": 1, "樓主": 1, "沙发": 2, "沙發": 2, "板凳": 3, "地板": 4}
"""First to fourth floor, as Discuz names them (``postno``/``postnocustom`` can name them otherwise: then no number is known)."""
# <a href="home.php?mod=space&uid=16" …>NAME</a>, space-uid-16.html, space-username-NAME.html
USER = re.compile(
    r"""<a\b[^>]*?\bhref="[^"]*?(?:mod=space[^"]*?[?&;]uid=(?P<uid>\d{1,15})|space-uid-(?P<uid2>\d{1,15})|space\.php\?uid=(?P<uid3>\d{1,15})
          |space-username-(?P<named>[^"/]+?)\.html)[^"]*"[^>]*>
        (?P<name>(?:[^<]|<(?!/a>|img\b)[^>]*>)+?)</a>""",
    re.VERBOSE,
)
_ONLY_AUTHOR = re.compile(r"[?&;]authorid=(\d{1,15})")
# a guest: <a href="javascript:;">NAME <em>10.1.2.x</em></a>; a deleted member: NAME <em>该用户已被删除</em>
_GUEST = re.compile(r'<a\b[^>]*\bhref="javascript:[^"]*"[^>]*>([^<]*)<em>[^<]*</em>')
_DELETED = re.compile(r"([^<>]{1,60})<em>\s*[该該](?:用户|用戶|會員|会员)已被[删刪]除\s*</em>")
_ABSOLUTE = re.compile(r'<span\b[^>]*\btitle="([^"]{6,40})"')
_POSTED = re.compile(r"(?:发表于|發表於|Posted(?: on)?|Post at)\s*")
_FLOOR = re.compile(r"(\d{1,7})\s*(?:#|楼|樓|F\b|$)")
# <th><p><a …>20</a></p>主题</th>, with `N万` the exact number is in a title; <dt>积分</dt><dd>172</dd>
_CARD = re.compile(r"<p>(?:<a\b[^>]*>)?\s*(?:<span\b[^>]*\btitle=\"([\d,]+)\"[^>]*>)?([^<]{1,20})(?:</span>)?(?:</a>)?</p>\s*([^<\s]{1,12})")
_LIST = re.compile(r"<dt>(?:<em>)?([^<]{1,20})(?:</em>)?</dt>\s*<dd>((?:[^<]|<(?!/dd>)[^>]*>){0,300}?)</dd>")
_GROUP = re.compile(r"<em>\s*<a\b[^>]*\bac=usergroup[^>]*>(.{1,80}?)</a>\s*</em>")
_NUMBER = re.compile(r"[-+]?\d[\d,]{0,14}(?:\.\d{1,4})?")
_AMOUNT = re.compile(r"([-+]?\d[\d,]{0,14})\s*(?:小时|小時|天|枚|个|個|点|點|元|°|℃|级|級)?$")


def author_of(post: PostNodes, panel: str, heads: list[str]) -> dict[str, Any]:
    """``author_name``, ``author_uid``, ``author_kind`` of a post, as far as it says.

    ``panel``: the HTML of the author panel (empty if there is none), ``heads``: of the ``authi`` blocks above the message.
    """
    found = next((seen for html in (panel, *heads) if html and (seen := USER.search(html)) is not None), None)
    if found is not None:
        name = plain(found["name"])
        uid = found["uid"] or found["uid2"] or found["uid3"]
        fields: dict[str, Any] = {"author_name": name or unquote(found["named"] or ""), "author_kind": "member"}
        return fields | ({"author_uid": int(uid)} if uid and int(uid) else {})
    joined = panel or "".join(heads)
    if (deleted := _DELETED.search(joined)) is not None:
        only = next((seen for html in heads if (seen := _ONLY_AUTHOR.search(html)) is not None), None)
        fields = {"author_name": plain(deleted[1]), "author_kind": "deleted"}
        return fields | ({"author_uid": int(only[1])} if only is not None and int(only[1]) else {})
    if (guest := _GUEST.search(joined)) is not None:
        return {"author_name": plain(guest[1]), "author_kind": "guest"}
    name = _bare_name(post, panel, heads)
    return {"author_name": name, "author_kind": "anonymous"} if name else {}


def _bare_name(post: PostNodes, panel: str, heads: list[str]) -> str:
    """A name without a link: the panel's only words, else those before the time."""
    words = plain(panel)
    if 0 < len(words) <= 60:  # noqa: PLR2004 - a name, no panel
        return words
    before = (html.partition(f'<em id="authorposton{post.pid}"')[0] for html in heads if f"authorposton{post.pid}" in html)
    return next((name for html in before if 0 < len(name := plain(html)) <= 60), "")  # noqa: PLR2004


def time_of(html: str, clock: Clock) -> dict[str, str]:
    """``created_at`` and its precision, from the HTML of the time: the title of its span (absolute), else what it says."""
    title = _ABSOLUTE.search(html)
    text = text_of(title[1]) if title is not None else _POSTED.sub("", plain(html), count=1)
    at = dates.when(text, clock.zone, clock.now)
    if at is None and title is not None:
        at = dates.when(_POSTED.sub("", plain(html), count=1), clock.zone, clock.now)
    return {} if at is None else {"created_at": at.at, "created_at_precision": at.precision}


def floor_of(html: str) -> dict[str, Any]:
    """``floor_label`` as printed, and ``position`` where it says one: ``5#``, ``来自 5#`` (of a sticky reply), 楼主 and its like."""
    label = plain(html)
    if not label or len(label) > 40:  # noqa: PLR2004 - a skin's own furniture
        return {}
    number = _FLOOR.search(label)
    position = FLOORS.get(label) or (int(number[1]) if number is not None else None)
    return {"floor_label": label} | ({"position": position} if position else {})


def stats_of(panel: str) -> dict[str, str | int | float]:
    """The figures of an author panel: the three counters, the list below them, the group."""
    found: dict[str, str | int | float] = {}
    for exact, value, label in _CARD.findall(panel):
        if label in LABELS:
            found[LABELS[label]] = _value(exact or value)
    for name, value in _LIST.findall(panel):
        label = name.strip().rstrip(":：")
        shown = plain(value)
        if label and shown and len(shown) <= 40:  # noqa: PLR2004 - a figure or a date, no self-portrait
            found.setdefault(LABELS.get(label, label), _value(shown))
    if (group := _GROUP.search(panel)) is not None:
        found["group_title"] = plain(group[1])
    return found


def _value(text: str) -> str | int | float:
    text = text.strip()
    amount = _AMOUNT.match(text)
    if amount is not None:
        return int(amount[1].replace(",", ""))
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else text
