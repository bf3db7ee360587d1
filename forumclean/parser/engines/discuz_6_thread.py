"""The head of a Discuz! 6 or 7 thread page: title, type, pages, tags, what moderators did; special threads of 6.x (``viewthread_*.htm``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forumclean.parser.engines.discuz_x_special import poll_of
from forumclean.parser.engines.discuz_x_thread import between, pages_of
from forumclean.parser.markup.tokens import plain

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_hooks import PostNodes
    from forumclean.parser.engines.html import HtmlPage

_TYPE = re.compile(r'<a\b[^>]*\bhref="[^"]*\btypeid=\d[^"]*"[^>]*>([^<]{1,80})</a>')
_H1 = re.compile(r"<h1[^>]*>((?:[^<]|<(?!/h1>)[^>]*>){0,3000}?)</h1>")
_PREFIX = re.compile(r"\[([^\[\]]{1,80})\]\s*")
# <em>&nbsp;25&nbsp;</em>: all posts of the thread, in front of the page numbers
_POSTS = re.compile(r"<em>(?:&nbsp;|\s)*(\d{1,9})(?:&nbsp;|\s)*</em>")
_MAX_PAGE = re.compile(r"var maxpage\s?=\s?(\d{1,6});")
_NEXT = re.compile(r"actualCode\s?==\s?(37|39)\)\s?\{\s{0,20}window\.location\s?=\s?'[^']{0,300}?page=(\d{1,6})")
# viewthread.php?tid=T&page=P&authorid=U (this author's posts only), …&page=P#pidN (copy the post's address): P is the page's own number
_OWN_PAGE = re.compile(r"[?&;]page=(\d{1,6})(?:&(?:amp;)?(?:authorid|fromuid)=\d|#pid\d)")
_SPECIAL = re.compile(r"specialthread_(\d)\b")
KINDS = {"1": "poll", "2": "trade", "3": "reward", "4": "activity", "5": "debate", "6": "video"}
"""``threads.special``."""
_PARTS = {
    "reward": ".postcontent label, #bestpost strong", "activity": ".box table", "debate": ".debatepoints, .pollpanel",
    "trade": ".tradethumblist dl, .tradeinfo", "poll": ".pollpanel",
}  # fmt: skip
"""Where the first post of a kind of thread says more than its message."""
# D7 names no kind: known by what only such threads have (viewthread_poll.htm and its sisters of 7.x)
_BY_PARTS = (
    ("poll", 'form#poll, [action*="action=votepoll"], .pollpanel, .pollinfo'), ("reward", "cite.re_unsolved, cite.re_solved, #bestpost"),
    ("debate", ".debatepoints, .debatewrap"), ("activity", ".activityinfo, #activityjoin, [action*=activityapplies]"),
    ("trade", ".tradethumblist, .tradeinfo"),
)
_OPTION = re.compile(r"<td\b[^>]*>\s*(?:<label\b[^>]*>)?\s*\d{1,3}\.\s*(?:&nbsp;|\s)*((?:[^<]|<(?!/td>|/label>)[^>]*>){1,500}?)</(?:td|label)>")
_VOTES = re.compile(r"(\d{1,9})\s*\((\d{1,3}(?:\.\d+)?)%\)|(\d{1,3}(?:\.\d+)?)%\s*\((\d{1,9})\)")
_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
_VOTERS = re.compile(r"(?:参与投票人数|參與投票人數|投票人数|投票人數|共有|共)\s*[:：]?\s*(\d{1,9})")
_PRICE = re.compile(r"悬赏价格\s*[:：]|懸賞價格\s*[:：]")
_AMOUNT = re.compile(r"(\d{1,9})\s*(\S{0,20})")
_MOST = 2000
_CELL = re.compile(r"</(?:t[hd]|p|h\d|d[td]|div)>")


def counters_of(head: str, first: str, tail: str) -> tuple[int | None, int | None, str | None, int | None]:
    """Number of this page, number of all pages and what says so, number of replies: the pager, else scripts and links.

    ``head``, ``first``, ``tail``: the markup before the first post, of its head, and from the last one on.
    """
    here, total, how = pages_of(head, tail, 'class="pages"')
    posts = next((found for text in (head, tail) if (found := _POSTS.search(between(text, 'class="pages"', "</div>"))) is not None), None)
    if here is None and (own := _OWN_PAGE.search(first)) is not None:
        here = int(own[1])
    script = tail.rfind("var maxpage")
    if script >= 0 and (most := _MAX_PAGE.match(tail, script)) is not None:
        total, how = total or int(most[1]), how or "script"
        turn = _NEXT.search(tail, most.end())
        if here is None and int(most[1]) == 1:
            here = 1
        elif here is None and turn is not None:
            here = int(turn[2]) + (-1 if turn[1] == "39" else 1)
    return here, total, how, int(posts[1]) - 1 if posts is not None and int(posts[1]) else None


def title_of(head: str, first: str, page: HtmlPage) -> dict[str, Any]:
    """``title`` and ``type_name``.

    ``head``: the markup before the first post; ``first``: from there to its message. 6.x prints the title above the posts and the bare
    subject into the first one; 7.x prints it into the first post, so that later pages have it in the breadcrumbs and ``<title>`` only.
    """
    at = head.find('class="mainbox viewthread')
    found = _H1.search(first) or (_H1.search(head, at) if at >= 0 else None)
    if found is None:
        words = _from_trail(head) or _from_title(head, page)
        return {"title": words} if words else {}
    html = found[1]
    kind = _TYPE.search(html)
    if kind is not None:
        words = plain(html[: kind.start()] + html[kind.end() :])
        return {"title": words, "type_name": plain(kind[1]).removeprefix("[").removesuffix("]")} if words else {}
    words = plain(html)
    prefix = _PREFIX.match(words)
    if prefix is not None and f"<h2>{words[prefix.end():]}</h2>" in " ".join(first.split()):  # the subject without its type
        return {"title": words[prefix.end() :], "type_name": prefix[1]}
    return {"title": words} if words else {}


def _from_trail(head: str) -> str:
    """What stands behind the last link of the breadcrumbs (``&raquo; TITLE``)."""
    trail = between(head, 'id="nav"', "</div>")
    mark, last = (trail.rpartition("</a>")[1:]) if "</a>" in trail else ("", "")
    words = plain(last) if mark else ""
    return words.lstrip("»› ").strip()


def _from_title(head: str, page: HtmlPage) -> str:
    """``SUBJECT - FORUM - BOARD - Powered by Discuz!``; subjects can hold dashes too."""
    node = page.tree.css_first("title")
    words = "" if node is None else " ".join((node.text() or "").split())
    trail = between(head, 'id="nav"', "</div>")
    forum = plain(trail.rpartition("<a")[2].partition(">")[2].partition("</a>")[0])
    before, mark, _ = words.partition(f" - {forum} - ") if forum else (words, "", "")
    return before if mark else words.partition(" - ")[0]


def moderated(head: str, first: str) -> str:
    """The markup of what moderators did last: ``<ins>`` under the title (6.x), ``div.modact`` in the first post (7.x).

    ``first``: the markup of the first post; messages cannot hold links to the log.
    """
    for text in (head[-6000:], first):
        at = text.rfind("action=viewthreadmod")
        if at >= 0:
            return text[at : text.find("</a>", at)].partition(">")[2]
    return ""


def special_of(post: PostNodes, around: str) -> tuple[str | None, dict[str, Any]]:
    """What kind of special thread the first post opens, and what it says besides its message.

    ``around``: markup in which 6.x names the kind (``class="… specialthread_3"``).
    """
    named = _SPECIAL.search(around)
    kind = KINDS.get(named[1]) if named is not None else None
    wrapper = _holder(post)
    if wrapper is None:
        return kind, {}
    if kind is None:
        kind = next((name for name, selector in _BY_PARTS if wrapper.css_first(selector) is not None), None)
    extras: dict[str, Any] = {}
    parts = [node.html or "" for node in wrapper.css(_PARTS[kind])] if kind in _PARTS else []
    if kind == "poll" and parts:
        extras["poll"] = _poll("".join(parts))
    elif kind == "reward":
        extras["reward"] = _reward(parts, wrapper.html or "")
    elif kind is not None and parts:
        extras[kind] = [words for html in parts if (words := plain(_CELL.sub(" ", html))[:_MOST])]
    if (fields := wrapper.css_first(".typeoption")) is not None:
        pairs = [(plain(row.css_first("th").html or ""), row.css_first("td")) for row in fields.css("tr") if row.css_first("th") is not None]
        extras["sort_fields"] = {name.rstrip(":："): plain(value.html or "") for name, value in pairs if name and value is not None}
    return kind, extras


def _holder(post: PostNodes) -> Any:
    """The element around a post: its wrapper; in special threads of 6.x the table around its message."""
    if post.wrapper is not None or not post.message:
        return post.wrapper
    up = post.message[0].parent
    for _ in range(12):
        if up is None or up.tag == "table":
            return up
        up = up.parent
    return None


def _poll(html: str) -> dict[str, Any]:
    """``options`` (``text``, ``votes`` and ``percent`` where shown), ``multiple``, ``voters``; 7.2 prints polls as X does."""
    options = []
    for row in _ROW.findall(html):
        if (option := _OPTION.search(row)) is None:
            continue
        shown = _VOTES.search(plain(row[option.end() :]))
        votes = {} if shown is None else {"percent": float(shown[2] or shown[3]), "votes": int(shown[1] or shown[4])}
        options.append({"text": plain(option[1]), **votes})
    words = plain(html)
    if not options:
        return poll_of(html)
    voters = _VOTERS.search(words)
    return {"options": options, "multiple": "多选" in words or "多選" in words} | ({} if voters is None else {"voters": int(voters[1])})


def _reward(parts: list[str], html: str) -> dict[str, Any]:
    """``solved``, ``amount``, ``unit``, ``answered_by``."""
    words = [plain(part) for part in parts]
    said = " ".join(words)
    reward: dict[str, Any] = {"solved": not ('class="unsolved"' in html or "re_unsolved" in html)}
    price = _PRICE.search(said)
    if price is not None and (amount := _AMOUNT.search(said, price.end())) is not None:
        reward |= {"amount": int(amount[1])} | ({"unit": amount[2]} if amount[2] else {})
    answered = re.search(r"(?:回答者|解答者)\s*[:：]\s*(\S{1,40})", said)
    return reward | ({} if answered is None else {"answered_by": answered[1]})
