"""One post of a Discuz! 6 or 7 thread page → ``records.Post``; its ratings (``viewthread.htm``, ``viewthread_node.htm``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forumclean.parser import dates
from forumclean.parser.engines.discuz_6_author import author_of, cut_head, number_of, panel_of, starter_of, when_of
from forumclean.parser.engines.discuz_x_author import USER
from forumclean.parser.engines.discuz_x_hooks import Family
from forumclean.parser.engines.discuz_x_post import message_of, signature_of
from forumclean.parser.engines.thread_page import say
from forumclean.parser.markup.tokens import plain
from forumclean.records import Post

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_author import Clock
    from forumclean.parser.engines.discuz_x_hooks import PostNodes
    from forumclean.parser.engines.discuz_x_post import Setting

FAMILY = Family(
    # a table with the post's number (6.x), a div around it (7.x), the message; bans, locked parts and refused files: .notice in 6.x,
    # .locked in 7.x; files; ratings: fieldset in 6.x, dl.newrate in 7.x; the signature
    '[id^="post_"], [id^="pid"], [id^="postmessage_"], .notice, .locked, .postattachlist, fieldset, .newrate, .signatures',
    {"notice": "locked", "locked": "locked", "postattachlist": "files", "<fieldset>": "ratings", "newrate": "ratings", "signatures": "sign"},
    ('class="notice', 'class="locked'),
)
"""What D6 and D7 call the parts of a post."""
_OWN = ('id="post_rate_div_{pid}"', 'id="userinfo{pid}_menu"', "repquote={pid}&")
_BETWEEN = ('<div id="post_rate_div_{pid}"', '<div class="signatures"', '<td class="postauthor"', '<div class="postactions"')
"""What is printed between a message and the next post."""
_SUBJECT = re.compile(r"<h2[^>]*>((?:[^<]|<(?!/h2>)[^>]*>){1,500}?)</h2>")
_SIGNATURE_GONE = re.compile(r"^(?:签名被屏蔽|簽名被屏蔽)$")
# D6: <li><cite>NAME</cite> CREDIT <strong>+1</strong> <em>REASON</em> DATE</li>
_RATING = re.compile(
    r"""<li[^>]*>\s*<cite>(?P<by>.{1,600}?)</cite>(?P<credit>[^<]{0,60})<strong>\s*(?P<points>[-+]?\d{1,9})\s*</strong>
        \s*(?:<em>(?P<reason>[^<]{0,400})</em>)?(?P<at>[^<]{0,60})""",
    re.VERBOSE | re.DOTALL,
)
# D7: <div id="rate_PID_UID_menu"><p>REASON <em>CREDIT + 1 UNIT</em></p></div> … <a href="space.php?uid=UID">NAME</a>
_RATER = re.compile(r'id="rate_\d{1,15}_(?P<uid>\d{1,15})_menu"[^>]*>(?P<said>.{0,3000}?)</div>(?P<by>.{0,2000}?)</li>', re.DOTALL)
_SCORE = re.compile(r"<(?:em|span)>\s*([^<>+\-]{1,30}?)\s*([-+]?)\s*(\d{1,9})[^<]{0,30}</(?:em|span)>")


def end_of(html: str, pid: int) -> int | None:
    """Where Discuz's own markup begins inside a message whose HTML is broken; ``None`` in an unbroken one.

    Only markup with the post's own number is believed to be Discuz's.
    """
    if "<td" not in html or not any(word.format(pid=pid) in html for word in _OWN):
        return None
    return min((at for tag in _BETWEEN if (at := html.find(tag.format(pid=pid))) >= 0), default=None)


def read_post(found: PostNodes, ordinal: int, setting: Setting, *, opens: bool) -> Post:
    """Make a post of what was found of it. ``opens``: it is a special thread's first post, printed in its own way (6.x)."""
    pid = found.pid
    head = cut_head(pid, found.head, found.tail)
    fields: dict[str, Any] = {}
    if opens:
        fields |= {"position": 1, "is_first": True} | starter_of(_panel_behind(found), setting.clock)
    else:
        fields |= author_of(head) | when_of(head, setting.clock)
        if not setting.choice:
            fields |= number_of(head)
        if fields.get("position") == 1 or "postmessage firstpost" in found.head:
            fields["is_first"] = True
        at = found.head.rfind("<h2")
        if at > found.head.rfind('class="postmessage') and (subject := _SUBJECT.match(found.head, at)) is not None and (words := plain(subject[1])):
            fields["subject"] = words
    stats, group = panel_of(head)
    message, state = message_of(found, setting)
    if message is not None:
        say(fields, message, setting.clock)
    if (signs := found.beside.get("sign")) and (signature := signature_of(signs[0].inner_html or "", setting.base)) is not None and (
        _SIGNATURE_GONE.match(signature["text"]) is None
    ):
        fields["signature"] = dict(signature)
    if ratings := [rating for node in found.beside.get("ratings", ()) for rating in ratings_of(node.html or "", setting.clock)]:
        fields["ratings"] = ratings
    return Post(
        ordinal=ordinal, pid=pid, body=None if message is None else message.body, html=None if message is None else message.html,
        state=state, fields=group | fields, stats=stats,
    )  # fmt: skip


def _panel_behind(found: PostNodes) -> str:
    """The cell with the author that special threads of 6.x print behind the message; nothing inside the message counts."""
    node = found.message[0] if found.message else None
    for _ in range(12):
        if node is None:
            return ""
        if node.tag == "td" and "postcontent" in (node.attributes.get("class") or ""):
            beside = node.next
            while beside is not None and beside.tag != "td":
                beside = beside.next
            return "" if beside is None else beside.html or ""
        node = node.parent
    return ""


def ratings_of(html: str, clock: Clock) -> list[dict[str, Any]]:
    """Ratings of a post: ``author``, ``author_uid``, ``scores`` (credit → points), ``reason``, ``at`` where it is printed.

    ``html``: of a ``fieldset`` (6.x; related threads stand in one too, and have no points) or ``dl.newrate`` (7.x), as lexbor writes it.
    """
    found: list[dict[str, Any]] = []
    for row in _RATING.finditer(html):
        user = USER.search(row["by"])
        rating: dict[str, Any] = {"author": plain(row["by"]), "scores": {plain(row["credit"]): int(row["points"])}}
        if user is not None and (uid := user["uid"] or user["uid2"] or user["uid3"]):
            rating["author_uid"] = int(uid)
        at = dates.when(plain(row["at"]), clock.zone, clock.now)
        rating |= {"reason": plain(row["reason"] or "")} | ({} if at is None else {"at": at.at, "at_precision": at.precision})
        found.append(rating)
    for row in _RATER.finditer(html):
        scores = {name: int(f"{sign or '+'}{points}") for name, sign, points in _SCORE.findall(row["said"])}
        user = USER.search(row["by"])
        name = plain(user["name"]) if user is not None else plain(row["by"])
        found.append({"author": name, "author_uid": int(row["uid"]), "scores": scores, "reason": plain(_SCORE.sub("", row["said"]))})
    return [{key: value for key, value in rating.items() if value not in ("", {})} for rating in found if rating["author"]]
