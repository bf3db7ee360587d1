"""What a URL of a Discuz board says: thread, forum or user, and the numbers in it (discuz-facts.md §2.7). Pure functions on text.

Parameters come in any order, with ``&`` or ``&amp;``; boards rewrite their URLs; mirrors turn URLs into file names. What is not one
of the known forms says nothing: no number is guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

MAX_URL = 4096
"""Characters: longer ones are no pages."""
_BIG = 2**53
"""Ids beyond this are not ids of a forum."""


class Target(NamedTuple):
    """Where a URL leads. ``kind``: ``thread``, ``forum``, ``index``, ``post``, ``user``, ``login``, ``jump`` or ``other``."""

    kind: str = "other"
    tid: int | None = None
    fid: int | None = None
    page: int | None = None
    """As the URL says; ``None`` where it says nothing (Discuz then shows page 1)."""
    pid: int | None = None
    uid: int | None = None
    name: str | None = None
    """A user's name, or the word that stands for a forum's number."""
    view: str = "desktop"
    """``desktop``, ``touch``, ``printable`` or ``archiver``."""
    part: bool = False
    """True if only some posts are shown, or in another order: ``authorid=``, ``ordertype=1``, ``viewpid=``."""


_REWRITTEN = re.compile(
    r"""(?: ^ | (?<=[/\\_=]) )                  # a name of its own; `_`: people put their own words before it
    (?: thread-(?P<tid>\d+)(?:-(?P<page>\d+))?(?:-\d+)?                   # X, D4-D7: thread-TID-PAGE-PREV.html
      | t-(?P<tid2>\d+)-(?P<page2>\d+)-\d+                                # a usual change of it
      | (?:forum|group)-(?P<fid>\w+)-(?P<fpage>\d+)                        # the forum's number, or a word for it
      | space-uid-(?P<uid>\d+) | space-username-(?P<username>[^/?\#]+?)
      | print-(?P<print>\d+)                                               # a usual name for saved printable pages
      | archiver[/\\]\??(?P<arc>[tf])id-(?P<aid>\d+)(?:-p(?:age-)?(?P<apage>\d+))?    # archiver/?tid-T.html, …-page-P.html
      | \??(?P<bare>[tf])id-(?P<bid>\d+)(?:-p(?:age-)?(?P<bpage>\d+))?                # the same, its folder lost
    ) \.(?:s?html?|xhtml|asp)(?![\w.])""",
    re.VERBOSE | re.IGNORECASE,
)
_SCRIPT = re.compile(r"(?:^|[/\\_])(?P<name>[a-z]\w*)\.php(?:$|(?=[?/\\]))", re.IGNORECASE)
_USUAL_HOST = re.compile(r"http(s?)://([a-z0-9.-]+)(?::([1-9]\d{1,3}))?(?:[/?#]|$)")
"""All but a few: nothing to fold, no port or a usual one, no user."""
_ROOT = re.compile(r"(?:https?://[^/]+)?(?:[^?]*/)?", re.IGNORECASE)
_MIRRORED = re.compile(r"(\.php)(?:%3[Ff]|@|？|_\?)(?=[\w%]+=)")
"""`?` cannot be in a file name everywhere: wget writes `@` (Windows) or `%3F` for it, others the full-width form."""
_SAVED_AS = re.compile(r"\.(?:html?|tmp|1)$")
_NO_NUMBERS: dict[str, int | None] = dict.fromkeys(("tid", "ptid", "fid", "page", "pid", "uid"))
_FRONT = {"index", "forum", "bbs"}


def read_url(url: str) -> Target:
    """What a URL (absolute or relative, escaped or not) says. Unknown forms give kind ``other``.

    >>> read_url("forum.php?mod=viewthread&amp;tid=33&amp;extra=page%3D2&amp;page=4")[:4]
    ('thread', 33, None, 4)
    >>> read_url("https://bbs.example.org/forum-linux-3.html")[:4]
    ('forum', None, None, 3)
    """
    return Target() if len(url) > MAX_URL else _read(url)


@lru_cache(maxsize=4096)
def _read(url: str) -> Target:
    if "&amp;" in url:
        url = url.replace("&amp;amp;", "&amp;").replace("&amp;", "&")
    path, _, rest = url.partition("#")[0].partition("?")
    query = _query(rest)
    script = _SCRIPT.search(path)
    if script is not None:
        return _dynamic(script["name"].lower(), query)
    found = _REWRITTEN.search(path) or _REWRITTEN.search(f"{path}?{rest}")
    if found is not None:
        return _rewritten(found, query)
    return Target("index") if not rest and (path in {"", "."} or _ROOT.fullmatch(path)) else Target()


def read_path(path: str) -> Target:
    """What the path of a saved file says: a mirror's names for URLs. A name that people chose says nothing.

    >>> read_path("mirror/thread-12-3-1.html")[:4]
    ('thread', 12, None, 3)
    >>> read_path("bbs/viewthread.php@tid=12&page=2.html")[:4]
    ('thread', 12, None, 2)
    """
    name = _MIRRORED.sub(r"\1?", path)
    if ".php?" in name:
        name = _SAVED_AS.sub("", name)
    target = read_url(name)
    return Target() if target.kind in {"index", "login", "user"} else target


def host_of(url: str | None) -> str | None:
    """The host of an absolute URL, lower case, with its port unless that is the usual one.

    >>> host_of("https://BBS.example.org:443/forum.php"), host_of("http://127.0.0.1:8088/"), host_of("forum.php")
    ('bbs.example.org', '127.0.0.1:8088', None)
    """
    if not url or len(url) > MAX_URL:
        return None
    if (plain := _USUAL_HOST.match(url)) is not None:
        secure, host, number = plain.groups()
        return host if number is None or number == ("443" if secure else "80") else f"{host}:{number}"
    try:
        parts = urlsplit(url.strip())
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
            return None
        port = parts.port
    except ValueError:  # a port that is no number, an address in broken brackets
        return None
    usual = {"http": 80, "https": 443}[parts.scheme.lower()]
    return parts.hostname if port in {None, usual} else f"{parts.hostname}:{port}"


def unquote(text: str) -> str:
    """Percent escapes decoded: UTF-8, else GB18030 (boards write names in their own charset); damaged bytes are replaced.

    >>> unquote("%C0%CF%CD%F5"), unquote("%E8%80%81+%E7%8E%8B")
    ('老王', '老 王')
    """
    if "%" not in text and "+" not in text:
        return text
    raw = unquote_to_bytes(text.replace("+", " "))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _query(text: str) -> dict[str, str]:
    """The first value of each parameter, as written."""
    found: dict[str, str] = {}
    for pair in text.split("&"):
        key, _, value = pair.partition("=")
        found.setdefault(key, value)
    return found


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 17 and 0 < int(text) < _BIG else None  # noqa: PLR2004


def _dynamic(script: str, query: dict[str, str]) -> Target:
    mod = query.get("mod")
    what = _DYNAMIC.get(mod if mod is not None else script)
    if what is not None:
        return what(query, _NO_NUMBERS | {key: _number(value) for key, value in query.items() if key in _NO_NUMBERS})
    if script in _FRONT and mod is None and not query.keys() & {"tid", "aid", "action", "id"}:
        return Target("index", view=_view(query))
    return Target()


def _forum(query: dict[str, str], number: dict[str, int | None]) -> Target:
    word = None if number["fid"] else query.get("fid") or None
    if number["fid"] is None and word is None:
        return Target()
    return Target("forum", fid=number["fid"], page=number["page"], name=word, view=_view(query))


def _user(query: dict[str, str], number: dict[str, int | None]) -> Target:
    name = query.get("username")
    return Target("user", uid=number["uid"], name=unquote(name) if name else None)


def _login(_query: dict[str, str], _number: dict[str, int | None]) -> Target:
    return Target("login")


def _thread(query: dict[str, str], number: dict[str, int | None]) -> Target:
    part = bool(_number(query.get("authorid")) or query.get("ordertype") == "1" or _number(query.get("viewpid")))
    if query.get("action") == "printable":
        return Target("thread", number["tid"], view="printable", part=part)
    return Target("thread", number["tid"], number["fid"], number["page"], _number(query.get("viewpid")), view=_view(query), part=part)


def _redirect(query: dict[str, str], number: dict[str, int | None]) -> Target:
    goto = query.get("goto")
    if goto == "findpost":
        return Target("post", number["ptid"], pid=number["pid"])
    if goto in {"lastpost", "newpost"}:
        return Target("jump", number["tid"])
    return Target("jump")  # nextnewset, nextoldset: to the neighbour of this tid


_DYNAMIC = {
    "viewthread": _thread, "forumdisplay": _forum, "group": _forum, "redirect": _redirect, "space": _user, "viewpro": _user,
    "logging": _login, "register": _login,
}  # fmt: skip
"""D4-D7: the script's own name; X: the value of ``mod``."""


def _view(query: dict[str, str]) -> str:
    return "touch" if query.get("mobile") in {"1", "2", "3", "yes"} else "desktop"


def _rewritten(found: re.Match[str], query: dict[str, str]) -> Target:
    page = _number(query.get("page"))
    if found["tid"] or found["tid2"]:
        return Target("thread", _number(found["tid"] or found["tid2"]), page=_number(found["page"] or found["page2"]) or page)
    if found["fid"]:
        fid = _number(found["fid"])
        return Target("forum", fid=fid, page=_number(found["fpage"]), name=None if fid else found["fid"])
    if found["uid"] or found["username"]:
        name = found["username"]
        return Target("user", uid=_number(found["uid"]), name=unquote(name) if name else None)
    if found["print"]:
        return Target("thread", _number(found["print"]), view="printable")
    which, number = (found["arc"], found["aid"]) if found["arc"] else (found["bare"], found["bid"])
    page = _number(found["apage"] or found["bpage"]) or page
    if which.lower() == "t":
        return Target("thread", _number(number), page=page, view="archiver")
    return Target("forum", fid=_number(number), page=page, view="archiver")
