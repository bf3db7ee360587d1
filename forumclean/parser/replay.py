r"""Copies of pages as an archive of the web replays them: what it added and rewrote is undone before anybody reads the page.

Wayback Machine, pywb and OpenWayback give a page an address of their own, ``http://ARCHIVE/PATH/TIMESTAMP/URL`` (two letters and ``_`` behind the
timestamp say how it is replayed), rewrite all links of the page in the same way, with the same timestamp, and put a script and a toolbar in.
The page is the board's all the same: its host is in URL, its time of capture is TIMESTAMP (UTC). Google's cache put a line above the page.

Links are only touched on pages that are such copies, and only those with the copy's own timestamp: what a member linked to stays.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import NamedTuple

from forumclean.parser import dates
from forumclean.parser.board_urls import MAX_URL, host_of

_HEAD = 64 * 1024
"""Characters in which the head of a page and the toolbar stand."""
_TAIL = 4 * 1024
_STAMP = r"(?P<at>(?:19|20)\d{12})(?P<mode>[a-z]{2}_)?"
# of a container or a browser; as a path: `web.archive.org/web/2010…/http_/host/page.html`, a colon or a slash lost
_ADDRESS = re.compile(rf"(?:^|/){_STAMP}/(?P<scheme>https?)(?::|%3A|_)?/{{1,2}}(?P<rest>\S+)$", re.IGNORECASE)
_OPENS, _CLOSES = "<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->"
_SCRIPTS_END = "<!-- End Wayback Rewrite JS Include -->"
_SIGNED = "FILE ARCHIVED ON"
_HEAD_TAG = re.compile(r"<head(?:\s[^>]{0,500})?>", re.IGNORECASE)
# __wm.wombat("URL","TIMESTAMP", in the head; the toolbar's link to all captures
_OWN = re.compile(r"""\bwombat\(\s*"(?P<url>https?://[^"\s]{1,2000})"\s*,\s*"(?P<at>\d{14})"|/(?P<at2>\d{14})\*/(?P<url2>https?://[^"'<>\s]{1,2000})""")
_LINK = re.compile(rf"/{_STAMP}/https?://", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype|html)\b", re.IGNORECASE)
_GOOGLE = re.compile(
    r"""<a\b[^>]{0,200}?\bhref=["']?(?P<url>https?://[^"'\s>]{1,2000})["']?[^>]*>[^<]{1,2000}</a>
        (?:[^<]|<(?!/div)[^>]*>){0,400}?(?P<at>\d{1,2}\ [A-Z][a-z]{2}\ (?:19|20)\d\d\ \d\d:\d\d:\d\d)\ GMT""",
    re.VERBOSE | re.IGNORECASE,
)


class Replay(NamedTuple):
    """Where a copy says that its page is from, and when it was captured (UTC). ``None``: it does not say."""

    url: str | None
    captured_at: str | None
    stamp: str | None = None
    """The same time as the archive writes it into addresses."""


def from_address(address: str | None) -> Replay | None:
    """What the address (or path in a mirror) of a replayed page says; ``None`` for an address that is of no replay.

    >>> from_address("https://web.archive.org/web/20100519181623id_/http://bbs.example.org/thread-7-1-1.html")
    Replay(url='http://bbs.example.org/thread-7-1-1.html', captured_at='2010-05-19T18:16:23Z', stamp='20100519181623')
    >>> from_address("http://bbs.example.org/thread-7-1-1.html")
    """
    if not address or len(address) > MAX_URL or (found := _ADDRESS.search(address)) is None:
        return None
    url, at = f"{found['scheme'].lower()}://{found['rest']}", _moment(found["at"])
    return Replay(url, at, found["at"]) if at is not None and host_of(url) is not None else None


def undo(text: str, known: Replay | None = None) -> tuple[str, Replay] | None:
    """The page without what its archive put in, and where it is from; ``None`` for a page that is no such copy.

    ``known``: what its address says, if it has one. Comments and scripts are believed, which no member of a board can write.
    """
    if known is None and (cached := _from_google(text)) is not None:
        return cached
    if known is None and text.find(_OPENS, 0, _HEAD) < 0 and text.find(_SCRIPTS_END, 0, _HEAD) < 0 and not _signed(text):
        return None
    replay = known or _own(text)
    text = _without_inserts(text)
    return (text if replay.stamp is None else _rewritten_by(replay.stamp).sub("", text)), replay


def _own(text: str) -> Replay:
    """What a replayed page says of itself: in the scripts and the toolbar that were put in, else by the timestamp in its first link."""
    own = _OWN.search(text, 0, _HEAD)
    if own is not None:
        stamp = own["at"] or own["at2"]
        return Replay(unescape(own["url"] or own["url2"]), _moment(stamp), stamp)
    link = _LINK.search(text, 0, _HEAD)
    return Replay(None, None) if link is None else Replay(None, _moment(link["at"]), link["at"])


def _signed(text: str) -> bool:
    """Whether the archive signed the page, in a comment at its end."""
    at = text.rfind(_SIGNED, max(0, len(text) - _TAIL))
    return at >= 0 and text.rfind("<!--", 0, at) > text.rfind("-->", 0, at)


def _from_google(text: str) -> tuple[str, Replay] | None:
    """A page from Google's cache: a ``base`` element, then a box with a link to the page and its time, all before the page itself."""
    page = _PAGE.search(text, 0, _TAIL)
    if page is None or page.start() == 0 or (found := _GOOGLE.search(text, 0, page.start())) is None:
        return None
    try:
        at = datetime.strptime(found["at"], "%d %b %Y %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return text[page.start():], Replay(unescape(found["url"]), dates.utc(at))


def _without_inserts(text: str) -> str:
    """Without the scripts at the beginning of the head and without the toolbar."""
    head, end = _HEAD_TAG.search(text, 0, _HEAD), text.find(_SCRIPTS_END, 0, _HEAD)
    if head is not None and end > head.end():
        text = text[: head.end()] + text[end + len(_SCRIPTS_END):]
    start = text.find(_OPENS, 0, _HEAD)
    end = text.find(_CLOSES, start) if start >= 0 else -1
    return text[:start] + text[end + len(_CLOSES):] if end > start else text


def _rewritten_by(stamp: str) -> re.Pattern[str]:
    """What a replay puts before the URLs of a page: its host, or not, its folder, the page's timestamp."""
    return re.compile(rf"(?:(?:https?:)?//[\w.:-]{{1,80}})?(?:/[\w-]{{1,30}}){{1,3}}/{stamp}(?:[a-z]{{2}}_)?/(?=https?:|ftp:|//|mailto:|javascript:)")


def _moment(stamp: str) -> str | None:
    try:
        return dates.utc(datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC))
    except ValueError:
        return None
