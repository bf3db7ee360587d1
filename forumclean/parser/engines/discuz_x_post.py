"""One post of a Discuz X thread page → ``records.Post`` (``viewthread_node.htm``, ``viewthread_node_body.htm``)."""

from __future__ import annotations

import re
from collections.abc import Callable  # noqa: TC003 - a NamedTuple's field, looked up by those who ask for its types
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser.engines.discuz_x_author import Clock, author_of, cut_head, group_of, number_of, stats_of, time_of
from forumclean.parser.engines.discuz_x_below import comment_of, ratings_of
from forumclean.parser.engines.thread_page import say, state_of
from forumclean.parser.markup.message import Message, read_message
from forumclean.parser.markup.sanitise import sanitise
from forumclean.parser.markup.tokens import plain
from forumclean.parser.notices import is_tip, notice_in
from forumclean.records import Post

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_hooks import PostNodes
    from forumclean.records import State


class Setting(NamedTuple):
    """What the posts of a page have in common."""

    clock: Clock
    base: str | None
    hidden: frozenset[str]
    choice: str | None
    """``author``: the page shows one author's posts only, with floors counted among those. ``reversed``: it counts backwards, which Discuz gets wrong."""
    nested: tuple[int, ...]
    """Posts that stand in another's message: broken HTML there swallowed them."""
    end_of: Callable[[str, int], int | None] | None = None
    """Where a message (its HTML, the number of its post) ends before its element does; ``None`` if it does not."""


_SUBJECT = re.compile(r"<h2[^>]*>((?:[^<]|<(?!/h2>)[^>]*>){1,500}?)</h2>")


def read_post(found: PostNodes, ordinal: int, setting: Setting) -> Post:
    """Make a post of what was found of it."""
    pid, head, tail = found.pid, found.head, found.tail
    parts = cut_head(pid, head, tail)
    fields: dict[str, Any] = author_of(parts, head) | group_of(parts.panel)
    if parts.date:
        fields |= time_of(parts.date, setting.clock)
    fields |= number_of(parts, filtered=setting.choice is not None)
    behind = head.rfind("<h2", len(parts.panel))  # most posts have none
    if behind >= 0 and (subject := _SUBJECT.match(head, behind)) is not None:
        fields["subject"] = plain(subject[1])
    message, state = message_of(found, setting)
    if message is not None:
        say(fields, message, setting.clock)
    beside = found.beside
    if (signs := beside.get("sign")) and (signature := signature_of(signs[0].inner_html or "", setting.base)) is not None:
        fields["signature"] = dict(signature)
    if comments := beside.get("comment"):
        fields["comments"] = [said for node in comments if (said := comment_of(node.html or "", setting.clock, setting.base)) is not None]
    if ratings := beside.get("ratings"):
        fields["ratings"] = [rating for node in ratings for rating in ratings_of(node.html or "")]
    if found.wrapper is not None and (style := found.wrapper.attributes.get("style")) and "none" in style:
        fields.setdefault("extras", {})["filtered"] = True  # 水帖, or an author one has blocked
    return Post(
        ordinal=ordinal, pid=pid, body=None if message is None else message.body, html=None if message is None else message.html,
        state=state, fields=fields, stats=stats_of(parts.panel) if parts.panel else {},
    )  # fmt: skip


def message_of(found: PostNodes, setting: Setting) -> tuple[Message | None, State]:
    """The message of a post with what stands beside it (notices, files), and the state it is in."""
    beside = found.beside
    locked = beside.get("locked", [])
    if not found.message and not locked:
        return None, "missing"
    parts = found.inner()
    if setting.nested or setting.end_of is not None:
        parts = [_without_swallowed(part, found.pid, setting) for part in parts]
    before: list[str] = []
    after: list[str] = []
    for node in locked:
        html = node.html or ""
        (before if found.message and _is_before(html) else after).append(html)
    files = [node.html or "" for name in ("pictures", "files") for node in beside.get(name, ())] if beside else []
    message = read_message("".join([*before, *parts, *after, *files]), setting.base, setting.hidden)
    return message, state_of(message, boxed=bool(locked) and any(not is_tip(plain(html)) for html in (*before, *after)))


def _without_swallowed(html: str, pid: int, setting: Setting) -> str:
    """A message without what its broken HTML swallowed: the posts behind it, and what Discuz printed between it and them."""
    starts = [at for other in setting.nested for tag in ("div", "table") for name in ("post_", "pid") if (at := html.find(f'<{tag} id="{name}{other}"')) >= 0]
    if setting.end_of is not None and (end := setting.end_of(html, pid)) is not None:
        starts.append(end)
    return html[: min(starts)] if starts else html


def _is_before(html: str) -> bool:
    """Bans stand before the message that moderators still see; the notice of a paid thread behind its free part."""
    known = notice_in(plain(html))
    return known is not None and known[0].state in {"banned", "hidden"}


@lru_cache(maxsize=512)
def signature_of(html: str, base: str | None) -> dict[str, str] | None:
    """Text and HTML of a signature: the same one stands below all posts of its author."""
    read = read_message(html, base)
    text = read.body.text.strip()
    return {"text": text, "html": sanitise(read.html, base)} if text else None
