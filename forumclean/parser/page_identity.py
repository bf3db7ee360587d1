"""Which page of which thread of which board a saved page is: host, fid, tid, page, and what says so (discuz-facts.md §0, §2.7).

Several witnesses are heard, the best first; the first that states a field wins and is named in ``how``:

* ``pager``: the page number that the page itself prints (the caller read it).
* ``script``: ``var fid = parseInt('37'), tid = parseInt('33')`` in a script of the page (desktop, D6 to X3.5).
* ``reporturl``: ``REPORTURL = '<base64>'``, the page's own full URL (desktop and touch, X).
* ``canonical``: ``<link rel="canonical">`` or ``og:url``; it names no page, also on later pages.
* ``url``: what the container (WARC, JSONL) says.
* ``mirror``: the comment of HTTrack, SingleFile or a browser's “save as”.
* ``file``: the name of the file.
* ``reply``: the links to answer, where all of the page's name the same thread: what is left where scripts are gone (SingleFile, text editors).

The host may also be known from ``siteurl``, ``base`` and ``archives`` (the link to the archiver in the head of D4 to X pages).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from forumclean.parser.board_urls import MAX_URL, Target, host_of, read_path, read_url

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = 64 * 1024
"""Characters in which the head of a page ends, and its own scripts stand."""
_TOP = 8 * 1024
"""Characters in which a mirroring program leaves its comment."""
_LONGEST = 16 * 1024
"""Characters of a script that is looked at."""
# plain letters first, word borders behind them: so a pattern is searched for several times as fast
_REPORT = re.compile(r"REPORTURL(?<!\wREPORTURL)\s*=\s*(['\"])([A-Za-z0-9+/=\s]{8,8192})\1")
_SITE = re.compile(r"SITEURL(?<!\wSITEURL)\s*=\s*(['\"])(https?://[^'\"<>\s]{1,500})\1")
# `var fid = parseInt('37'), tid = parseInt('33')`; D6 without `var`, sometimes with a bare number
_VARIABLE = re.compile(r"\b(fid|tid)\s*=\s*(?:parseInt\(\s*)?['\"]?(\d{1,15})['\"]?\s*[),;]")
_LINK = re.compile(r"<[LMBlmb](?i:ink|eta|ase)\b[^>]{1,6000}>")
_ATTRIBUTE = re.compile(r"""\b(rel|href|property|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ARCHIVER = re.compile(r"archiver/[^/]*$")
# post.php?action=reply&fid=F&tid=T… (D4-D7), forum.php?mod=post&action=reply&fid=F&tid=T… (X)
_REPLY = re.compile(r"action=reply&(?:amp;)?fid=(\d{1,15})&(?:amp;)?(?:extra=[^&\"']{0,200}&(?:amp;)?)?tid=(\d{1,15})(?!\d)")
_MIRROR = re.compile(
    r"""<!--\s*(?:
        Mirrored\ from\ (?P<httrack>\S{1,2000})\ by\ HTTrack        # no scheme
      | saved\ from\ url=\(\d+\)(?P<browser>https?://\S{1,2000})     # browsers, with the length in brackets
      | Page\ saved\ with\ SingleFile\s+url:\s*(?P<single>https?://\S{1,2000})
    )""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageIdentity:
    """What a page is, as far as it says so. ``None``: nobody said."""

    kind: str | None = None
    """``thread``, ``forum``, ``index``, ``login`` as the URLs say; ``None`` when they say nothing."""
    host: str | None = None
    fid: int | None = None
    tid: int | None = None
    page: int | None = None
    url: str | None = None
    """The best absolute URL of the page itself; relative links are resolved against ``base``, not against this."""
    base: str | None = None
    """``<base href>``, else ``SITEURL``, else where the link to the archiver leads (D4 to X print one), else ``url``."""
    part: bool = False
    """True if the page shows only some posts, or in another order (one author's, newest first): its count says nothing of positions."""
    how: Mapping[str, str] = field(default_factory=dict)
    """Field → the witness that won."""
    conflicts: tuple[str, ...] = ()
    """Witnesses that contradict the winner, for people: ``tid: script 33, file 34``."""


def identify(text: str, url: str | None = None, path: str | None = None, printed_page: int | None = None) -> PageIdentity:
    """Ask all witnesses about a page: its decoded text, its URL from the container, its file's path, the page number it prints.

    >>> page = identify("<script>var fid = parseInt('37'), tid = parseInt('33');</script>", path="x/thread-33-2-1.html")
    >>> page.fid, page.tid, page.page, dict(page.how)["tid"], dict(page.how)["page"]
    (37, 33, 2, 'script', 'file')
    """
    report, site, variables = _script_facts(text)
    base, canonical, root = _head_links(text)
    urls = [("reporturl", report), ("canonical", canonical), ("url", url), ("mirror", mirror_url(text))]
    targets = [(how, read_url(found)) for how, found in urls if found]
    if path:
        targets.append(("file", read_path(path)))
    how: dict[str, str] = {}
    conflicts: list[str] = []
    replies = _reply_links(text) if len(variables) < 2 else {}  # noqa: PLR2004 - fid and tid
    witnesses = {name: _witnesses(name, variables, targets, printed_page, replies) for name in ("tid", "fid", "page")}
    found = {name: _hear(name, said, how, conflicts) for name, said in witnesses.items()}
    best = next((where for _, where in urls if where and host_of(where) is not None), None)
    roots = (*urls, ("siteurl", site), ("base", base), ("archives", root))
    who, host = next(((who, named) for who, where in roots if where and (named := host_of(where))), ("", None))
    if host is not None:
        how["host"] = who
    kinds = [target.kind for _, target in targets if target.kind in {"thread", "forum", "index", "login"}]
    return PageIdentity(
        kind="thread" if "tid" in variables else kinds[0] if kinds else None,
        host=host, url=best, base=base or site or root or best,
        part=any(target.part for _, target in targets[:1]), how=how, conflicts=tuple(conflicts), **found,
    )  # fmt: skip


def report_url(text: str) -> str | None:
    """The URL that ``REPORTURL = '<base64>'`` holds; ``None`` where there is none or it does not decode to an http URL.

    >>> report_url("REPORTURL = 'aHR0cDovL2IuZXhhbXBsZS9mb3J1bS5waHA='")
    'http://b.example/forum.php'
    """
    found = _REPORT.search(text)
    if found is None:
        return None
    packed = "".join(found[2].split()).rstrip("=")
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    try:
        url = raw.decode("utf-8")
    except UnicodeDecodeError:
        url = raw.decode("gb18030", errors="replace")
    return url if host_of(url) is not None else None


def mirror_url(text: str) -> str | None:
    """The URL in the comment that a mirroring program or a browser left at the top of a page it saved.

    >>> mirror_url("<!-- Mirrored from b.example/thread-1-1-1.html by HTTrack Website Copier/3.x -->")
    'http://b.example/thread-1-1-1.html'
    """
    at = text.find("<!--", 0, _TOP)
    found = _MIRROR.search(text, at, _TOP) if at >= 0 else None
    if found is None:
        return None
    url = f"http://{found['httrack']}" if found["httrack"] else found["browser"] or found["single"]
    return unescape(url) if len(url) <= MAX_URL else None


def _script_facts(text: str) -> tuple[str | None, str | None, dict[str, int]]:
    """``REPORTURL`` decoded, ``SITEURL``, and fid and tid, from the scripts near the top: what members type is escaped, so in none."""
    report = site = None
    variables: dict[str, int] = {}
    start, close = next(((tag, f"</{tag[1:]}") for tag in ("<script", "<SCRIPT") if text.find(tag, 0, _HEAD) >= 0), ("<script", "</script"))
    at = text.find(start, 0, _HEAD)
    while at >= 0 and not (report and len(variables) == 2):  # noqa: PLR2004 - fid and tid
        end = text.find(close, at, at + _LONGEST)
        script = text[at:end] if end >= 0 else ""
        if "parseInt" in script or "tid" in script:
            for name, number in _VARIABLE.findall(script):
                if int(number):
                    variables.setdefault(name, int(number))
        if report is None and "REPORTURL" in script:
            report = report_url(script)
        if site is None and (found := _SITE.search(script)) is not None:
            site = found[2]
        at = text.find(start, max(end, at + 7), _HEAD)
    return report, site, variables


def _reply_links(text: str) -> dict[str, int]:
    """What the links to answer say (fid, tid), if there are any and all agree: a member's own link can lead elsewhere."""
    named = set(_REPLY.findall(text))
    fid, tid = named.pop() if len(named) == 1 else ("0", "0")
    return {name: int(number) for name, number in (("fid", fid), ("tid", tid)) if int(number)}


def _head_links(text: str) -> tuple[str | None, str | None, str | None]:
    """``<base href>``, the canonical URL, and the board's root (``<link rel="archives" href="ROOT/archiver/">``), if absolute."""
    end = text.find("<body", 0, _HEAD)
    end = end if end >= 0 else text.find("<BODY", 0, _HEAD)
    found: dict[str, str] = {}
    for tag in _LINK.finditer(text, 0, end if end >= 0 else _HEAD):
        if (link := _head_link(tag[0])) is not None:
            found.setdefault(*link)
    root = found.get("archives")
    return found.get("base"), found.get("canonical") or found.get("og:url"), None if root is None else _ARCHIVER.sub("", root)


@lru_cache(maxsize=256)
def _head_link(tag: str) -> tuple[str, str] | None:
    """What a tag of a head names, and the absolute URL of it; ``None`` for style sheets and descriptions. Most are the same on all pages of a board."""
    written = tag.lower()
    if "canonical" not in written and "og:url" not in written and "archives" not in written and "<base" not in written:
        return None
    names = {name.lower(): unescape(one or two or three) for name, one, two, three in _ATTRIBUTE.findall(tag)}
    href = names.get("href", "").strip()
    relation = names.get("rel", "").lower()
    if written.startswith("<base"):
        return ("base", href) if host_of(href) else None
    if relation in {"canonical", "archives"}:
        return (relation, href) if host_of(href) else None
    content = names.get("content", "")
    return ("og:url", content) if names.get("property", "").lower() == "og:url" and host_of(content) else None


def _witnesses(
    name: str, variables: Mapping[str, int], targets: list[tuple[str, Target]], printed_page: int | None, replies: Mapping[str, int],
) -> list[tuple[str, int | None]]:
    """Who says what about a field, the best first."""
    if name != "page":
        said_by_urls = ((how, getattr(target, name)) for how, target in targets if target.kind != "jump")
        return [("script", variables.get(name)), *said_by_urls, ("reply", replies.get(name))]
    said: list[tuple[str, int | None]] = [("pager", printed_page)]
    for how, target in targets:
        page = None if how == "canonical" else target.page
        if page is None and how in {"reporturl", "url"} and target.kind in {"thread", "forum"} and target.view != "printable":
            page = 1  # Discuz: no `page` is the first page
        said.append((how, page))
    return said


def _hear(name: str, said: list[tuple[str, int | None]], how: dict[str, str], conflicts: list[str]) -> int | None:
    """The first statement wins; the others are held against it."""
    stated = [(who, value) for who, value in said if value is not None]
    if not stated:
        return None
    (who, value), *others = stated
    how[name] = who
    conflicts.extend(f"{name}: {who} {value}, {other} {number}" for other, number in others if number != value)
    return value
