"""How a board writes the addresses of its threads' pages, learnt from the links on a page: so that what is missing can be fetched.

``{tid}`` and ``{page}`` stand for the numbers. Discuz X: ``forum.php?mod=viewthread&tid=12&page=2``, or rewritten ``thread-12-2-1.html``
(source/module/forum/forum_viewthread.php, rewriteoutput('forum_viewthread')); Discuz 4 to 7: ``viewthread.php?tid=12&page=2``.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINK = re.compile(
    r"""href=["'](?P<before>[^"'<>\s?\#]{0,300}?)
    (?: (?P<rewritten>thread-\d{1,12}-\d{1,6}-\d{1,6})(?P<suffix>\.s?html?)
      | (?P<script>(?:forum|viewthread)\.php)\?(?:mod=viewthread&(?:amp;)?)?tid=\d )""", re.VERBOSE | re.IGNORECASE)
_BASE = re.compile(r"""<base\s[^>]{0,300}?href=["']([^"'<>\s]{1,300})""", re.IGNORECASE)
_CANONICAL = re.compile(r"""<link\s(?=[^>]{0,500}?rel=["']canonical["'])[^>]{0,500}?href=["']([^"'<>\s]{1,300})""", re.IGNORECASE)
_HEAD = 20_000
"""Characters in which a page names its base and its own address."""
_LINKS = 24
"""Links of each kind that are looked at: a page has hundreds, all alike."""
_NEEDLES = (("tid=", ("?", "d&", "d&amp;", "D&", "D&amp;"), 5), ("thread-", ("",), 43))
"""What a link to a thread holds, what stands right before it (``php?``, ``mod=viewthread&``), and how many characters from there on say which form it has."""


def page_url(html: str, url: str | None = None) -> str | None:
    """The form of the addresses of thread pages that most links on a page have; absolute if the page says where it is from.

    ``url``: of the page, if a crawler says so. ``None``: no such link.

    >>> page_url('<base href="http://b.example/x/"><a href="thread-7-2-1.html">2</a>')
    'http://b.example/x/thread-{tid}-{page}-1.html'
    >>> page_url('<a href="viewthread.php?tid=7&amp;page=2">2</a>', "http://b.example/viewthread.php?tid=7")
    'http://b.example/viewthread.php?tid={tid}&page={page}'
    """
    forms = Counter(_forms(html))
    if not forms:
        return None
    base = _BASE.search(html, 0, _HEAD) or _CANONICAL.search(html, 0, _HEAD)
    return _absolute(min(forms, key=lambda name: (-forms[name], name)), url, base[1] if base else None)


@lru_cache(maxsize=256)
def _absolute(form: str, url: str | None, base: str | None) -> str | None:
    place = urljoin(url or "", base) if base else url
    try:
        return urljoin(place, form) if place and urlsplit(place).scheme in {"http", "https"} else form
    except ValueError:  # an address that is none
        return None


def _forms(html: str) -> Iterator[str]:
    """The forms of links to threads. Looking for what they hold, and back from there, costs a tenth of looking at every link."""
    for needle, before, longest in _NEEDLES:
        at = -1
        for _ in range(_LINKS):
            at = html.find(needle, at + 1)
            if at < 0:
                break
            if not html.endswith(before, 0, at):  # `ptid=`, or a script that does something else with the thread
                continue
            start = html.rfind("href=", max(0, at - 340), at)
            # all that stands before the number, and some of it: nearly all links of a board are alike so far
            if start >= 0 and (form := _form(html[start : at + longest])) is not None:
                yield form


@lru_cache(maxsize=1024)
def _form(link: str) -> str | None:
    found = _LINK.match(link)
    if found is None:
        return None
    if found["rewritten"]:
        return f"{found['before']}thread-{{tid}}-{{page}}-1{found['suffix']}"
    script = found["script"]
    return f"{found['before']}{script}?{'mod=viewthread&' if script.lower() == 'forum.php' else ''}tid={{tid}}&page={{page}}"
