"""Pages that stand in for content: login required, no permission, password, deleted, challenge, closed, blocked, error, redirect.

They are recorded with their status and reason and never stored as posts. What is recognised is structure (a notice box, a login form, a
lone script, what a wall must load), on pages that hold neither posts nor lists: a thread that talks about such things is a thread.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.engines.discuz_lists import page_time
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.engines.not_content_table import GUARDS, MESSAGES, WALLS
from forumclean.parser.engines.thread_page import made_at
from forumclean.parser.page_identity import identify
from forumclean.records import Issue

if TYPE_CHECKING:
    from forumclean.parser.markup.tree import Node

_SHORT = 3000
"""Characters of visible text: walls and error pages have fewer, threads rarely."""
_PLAIN = 400
"""A challenge, or a page that only refreshes itself to elsewhere, has fewer."""
_HEAVY = 500_000
"""Characters of markup that no page of few words has."""
_LONGEST_SCRIPT = 200_000
# plain letters first, the word border behind them: so it is searched for several times as fast
_CONTENT = re.compile(
    r"""id=(?<!\wid=)(?: ["']?(?:postmessage_|pid|post_|normalthread_|stickthread_)\d | ["'](?:postlist|threadlist|waterfall)["'])""", re.VERBOSE,
)
# `#messagetext` X desktop (showmessage.htm), `.jump_c` X touch, `.postbox .alert_*` D7, `.box.message` D6
_BOXES = "#messagetext", ".jump_c"
_OLD_BOXES = ".postbox .alert_error", ".postbox .alert_info", ".postbox .alert_right", ".box.message"
"""Classes that others use too: only on pages that Discuz titled as notices."""
_TITLE = re.compile(r"<title>\s{0,9}(?:提示信息|提示訊息|提示消息|Information|Message)\b\s{0,9}(?:-|</title)", re.IGNORECASE)
# D6 (showmessage.htm, nopermission.htm) keeps the title of the thread or forum one asked for; its breadcrumbs and its box say what it is:
# <div id="nav"><a href="index.php">BOARD</a> &raquo; 提示信息</div> <div class="box message"><h1>BOARD 提示信息</h1>
_OLD_HEADING = re.compile(
    r"""<div\ id="nav">[^\n]{0,500}?(?:&raquo;|»)\s*(?:提示信息|提示訊息|Board\ Message)\s*</div>\s*
        <div\ class="box\ message">\s*<h1[^>]{0,100}>[^<]{0,200}(?:提示信息|提示訊息|Board\ Message)\s*</h1>""",
    re.VERBOSE | re.IGNORECASE,
)
# the login page: its body class, or its form (the quick login form of other pages is `lsform`)
_LOGIN = re.compile(
    r"""<body\b[^>]{0,300}\bpg_(?:logging|register)\b
      | <form\b[^>]{0,300}\bid=["']loginform(?:_\w{1,12})?["']
      | <form\b[^>]{0,200}\bname=["']login["']""",
    re.VERBOSE | re.IGNORECASE,
)
_PASSWORD = re.compile(r"<form\b[^>]{0,300}\baction=pwverify", re.IGNORECASE)
_SILENT = frozenset({"script", "style", "noscript", "option", "textarea"})
_REFRESH = re.compile(r"<meta\b[^>]{0,100}http-equiv=[\"']?refresh[\"']?[^>]{0,100}url=", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b[^>]{0,500}>.*?</script\s*>|<!--.*?-->|<noscript\b[^>]{0,100}>.*?</noscript\s*>", re.IGNORECASE | re.DOTALL)
# what a page is made of, besides its text and links: headings, scripts, tags
_MARKUP = re.compile(r"<(?:title|h1|script)\b[^>]{0,500}>[^<]{0,100000}|<(?!a\b)[a-z][^>]{0,2000}>", re.IGNORECASE)


class Notice(NamedTuple):
    """A page that is not content: its ``sources.status``, what it was recognised by, what it says."""

    status: str
    reason: str
    message: str
    sure: float


def find_notice(page: HtmlPage) -> Notice | None:
    """The notice that a page is; ``None`` for every page that holds, or may hold, content."""
    text = page.text
    if "postmessage_" in text or _CONTENT.search(text):
        return None
    if (alone := _lone_script(text)) is not None:
        return alone
    return _boxed(page) or _form(page) or _walled(page)


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """How surely this page is no content, and what it is instead."""
    found = find_notice(page)
    return (0.0, ()) if found is None else (found.sure, (found.reason,))


def read(page: HtmlPage) -> Parts:
    """The status of such a page, and what it says as an issue; no threads, no posts."""
    found = find_notice(page)
    if found is None:
        return Parts(kind="html")
    identity = identify(page.text, page.url, page.ref.name)
    made = page_time(page.text)
    about = "".join(f", {name} {number}" for name, number in (("tid", identity.tid), ("fid", identity.fid)) if number is not None)
    told = f": {found.message}" if found.message else ""
    issue = Issue(
        level="info", stage="parse", code="not-content", message=f"no content but {found.status} ({found.reason}{about}){told}",
    )
    return Parts(
        kind="notice", status=found.status, host=identity.host, view="desktop", issues=(issue,), **made_at(made),
    )


def _lone_script(text: str) -> Notice | None:
    """Antitheft (X3.0+) answers with nothing but a script that goes to the same URL with ``_dsign=``; so do other guards."""
    if len(text) > _LONGEST_SCRIPT or "<script" not in text[:2000].lower():
        return None
    if "<html" in text[:500].lower() and "</body" in text.lower():
        return None
    if _SCRIPT.sub("", text).strip(" \t\r\n\ufeff"):
        return None
    wall = next((sign for sign in WALLS if sign.pattern.search(text)), None)
    return Notice("challenge", "a lone script" if wall is None else f"{wall.name}: a lone script", "", 0.95)


def _boxed(page: HtmlPage) -> Notice | None:
    """Discuz's notice box; or its title, and a page with the words of a notice and few others."""
    titled = _TITLE.search(page.text, 0, 20_000) is not None or _OLD_HEADING.search(page.text) is not None
    boxes = (*_BOXES, *_OLD_BOXES) if titled else _BOXES
    box = next((found for selector in boxes if (found := page.tree.css_first(selector)) is not None), None)
    if box is None and not titled:
        return None
    said = _visible(box if box is not None else page.tree.body)
    if len(said) > _SHORT or (box is not None and not said):
        return None
    sign = next((sign for sign in MESSAGES if sign.pattern.search(said)), None)
    if box is None and sign is None:
        return None
    status, name = ("notice", "a notice") if sign is None else sign[:2]
    return Notice(status, name, said[:200] if box is not None else "", 0.95 if titled and box is not None else 0.85)


def _form(page: HtmlPage) -> Notice | None:
    """A page that is a form for a forum's password, or for logging in."""
    if _PASSWORD.search(page.text):
        return Notice("password", "forum password form", "", 0.9)
    if _LOGIN.search(page.text) and len(_visible(page.tree.body)) < _SHORT:
        return Notice("login", "login form", "", 0.9)
    return None


def _walled(page: HtmlPage) -> Notice | None:
    """Guards, walls and servers' error pages: known by their marks, on pages of few words."""
    if len(page.text) > _HEAVY:
        return None
    folded = page.text.casefold()
    guards = [sign for sign in GUARDS if sign.is_in(page.text, folded)]
    walls = [sign for sign in WALLS if sign.is_in(page.text, folded)]
    refresh = _REFRESH.search(page.text, 0, 20_000) is not None
    if not guards and not walls and not refresh:
        return None
    words = _visible(page.tree.body)
    if walls:
        markup = "".join(_MARKUP.findall(page.text))
        walls = [sign for sign in walls if sign.pattern.search(markup)]
    for sign in (*guards, *walls):
        # many an ordinary page loads what a challenge loads; a challenge has next to no text
        if len(words) < (_PLAIN if sign.status == "challenge" else _SHORT):
            return Notice(sign.status, sign.name, words[:200], 0.85)
    if refresh and len(words) < _PLAIN:
        return Notice("redirect", "refreshes itself to another page", words[:200], 0.6)
    return None


def _visible(node: Node | None) -> str:
    """The words of a node, without scripts and styles."""
    if node is None:
        return ""
    found = [
        piece.text_content or ""
        for piece in node.traverse(include_text=True)
        if piece.tag == "-text" and piece.parent is not None and piece.parent.tag not in _SILENT
    ]
    return " ".join(" ".join(found).split())


NOT_CONTENT = Engine("not-content", "desktop", score, read)
