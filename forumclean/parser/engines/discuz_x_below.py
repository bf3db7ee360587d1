"""What stands below a message of Discuz X: comments (点评) and ratings (评分) (``viewthread_node_body.htm``, ``comment.htm``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forumclean.parser import dates
from forumclean.parser.engines.discuz_x_author import USER
from forumclean.parser.markup.message import read_message
from forumclean.parser.markup.tokens import plain, text_of

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_author import Clock

_COMMENT_TEXT = re.compile(r'<div\b[^>]*\bclass="[^"]*\bpsti\b[^"]*"[^>]*>')
_COMMENT_TIME = re.compile(r'<span class="xg1">\s*(?:发表于|發表於)\s*((?:[^<]|<(?!/span>)[^>]*>){1,200}?)</span>')
_TITLE = re.compile(r'\btitle="([^"]{6,40})"')
_COMMENT_ID = re.compile(r"(?:commentdetail_|[?&;](?:cid|id|commentid)=)(\d{1,12})")
_REPLY_PID = re.compile(r"goto=findpost[^\"]*?[?&;]pid=(\d{1,15})|[?&;]pid=(\d{1,15})[^\"]*?goto=findpost")
_RATER = re.compile(r'<tr id="rate_\d+_(\d{1,15})"[^>]*>(.*?)</tr>', re.DOTALL)
_CELL = re.compile(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", re.DOTALL)
_POINTS = re.compile(r"[-+]?\s*\d{1,9}")


def comment_of(html: str, clock: Clock, base: str | None) -> dict[str, Any] | None:
    """A comment on a post: ``author``, ``author_uid``, ``at``, ``at_precision``, ``text``, ``id``, ``reply_pid``; what is not said is absent.

    ``html``: of a ``div.pstl``, as lexbor writes it. ``None``: it is none (the best answer of a reward thread has the same class).
    """
    start = _COMMENT_TEXT.search(html)
    if start is None:
        return None
    head, rest = html[: start.start()], html[start.end() :]
    time = next(iter(reversed(list(_COMMENT_TIME.finditer(rest)))), None)
    if time is None:
        return None
    comment: dict[str, Any] = {"text": read_message(rest[: time.start()], base).body.text.strip()}
    if (user := USER.search(head)) is not None:
        comment |= {"author": plain(user["name"]), "author_uid": int(user["uid"] or user["uid2"] or user["uid3"] or 0) or None}
    elif name := plain(head):
        comment["author"] = name
    title = _TITLE.search(time[1])
    at = dates.when(text_of(title[1]) if title else plain(time[1]), clock.zone, clock.now)
    comment |= {} if at is None else {"at": at.at, "at_precision": at.precision}
    if (number := _COMMENT_ID.search(html)) is not None:
        comment["id"] = int(number[1])
    if (reply := _REPLY_PID.search(rest)) is not None:
        comment["reply_pid"] = int(reply[1] or reply[2])
    return {name: value for name, value in comment.items() if value is not None}


def ratings_of(html: str) -> list[dict[str, Any]]:
    """Ratings of a post: ``author``, ``author_uid``, ``scores`` (credit → points), ``reason``.

    ``html``: of ``dl#ratelog_PID``. The newest ones only, as printed; the page says nothing of their times.
    """
    table = html.partition("ratl_l")
    units = [plain(cell.partition("<i")[0]) for cell in _CELL.findall(table[0])[1:-1]]  # who took part, …, the reason
    found = []
    for row in _RATER.finditer(html):
        cells = _CELL.findall(row[2])
        if not cells:
            continue
        scores = {}
        for name, cell in zip(units, cells[1:], strict=False):
            if name and (points := _POINTS.search(plain(cell))) is not None:
                scores[name] = int(points[0].replace(" ", ""))
        reason = plain(cells[-1]) if len(cells) > len(units) + 1 else ""
        rating = {"author": plain(cells[0]), "author_uid": int(row[1]), "scores": scores, "reason": reason}
        found.append({name: value for name, value in rating.items() if value not in ("", {})})
    return found
