"""One post of a Discuz X thread page → ``records.Post`` (``viewthread_node.htm``, ``viewthread_node_body.htm``)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.engines.discuz_x_author import Clock, author_of, floor_of, stats_of, time_of
from forumclean.parser.engines.discuz_x_below import comments_of, ratings_of
from forumclean.parser.markup.message import Message, read_message
from forumclean.parser.markup.sanitise import sanitise
from forumclean.parser.markup.tokens import plain
from forumclean.parser.notices import notice_in
from forumclean.records import Body, Post

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_hooks import PostNodes
    from forumclean.parser.markup.tree import Node


class Setting(NamedTuple):
    """What the posts of a page have in common."""

    clock: Clock
    base: str | None
    hidden: frozenset[str]
    filtered: bool
    """The page shows one author's posts only, with floors counted among those."""
    nested: tuple[int, ...]


def read_post(found: PostNodes, ordinal: int, setting: Setting) -> Post:
    """Make a post of what was found of it."""
    panel = _html(found.first("panel") or found.first("pls"))
    date = _html(found.first("date"))
    heads = [html for node in found.every("authi") if (html := node.html or "") and html not in panel]
    fields: dict[str, Any] = author_of(found, panel, heads)
    fields |= time_of(date, setting.clock) if date else {}
    if (floor := found.first("floor")) is not None and not setting.filtered:
        fields |= floor_of(floor.html or "")
    if fields.get("position") == 1:
        fields["is_first"] = True
    if (heading := found.first("heading")) is not None and (subject := plain(heading.html or "")):
        fields["subject"] = subject
    message, state = _message(found, setting)
    if message is not None:
        _say(fields, message, setting)
    if (sign := found.first("sign")) is not None and (signature := _signature(sign.inner_html or "", setting.base)) is not None:
        fields["signature"] = dict(signature)
    if (comments := found.first("comments")) is not None and "pstl" in (html := comments.html or ""):
        fields["comments"] = comments_of(html, setting.clock, setting.base)
    if (ratings := found.first("ratings")) is not None:
        fields["ratings"] = ratings_of(ratings.html or "")
    wrapper = found.first("wrapper")
    if wrapper is not None and "display" in (style := (wrapper.attributes.get("style") or "")) and "none" in style:
        fields.setdefault("extras", {})["filtered"] = True  # 水帖, or an author one has blocked
    return Post(
        ordinal=ordinal, pid=found.pid, body=None if message is None else message.body, html=None if message is None else message.html,
        state=state, fields=fields, stats=stats_of(panel) if panel else {},  # type: ignore[arg-type]
    )  # fmt: skip


def _html(node: Node | None) -> str:
    return "" if node is None else node.html or ""


def _message(found: PostNodes, setting: Setting) -> tuple[Message | None, str]:
    """The message of a post with what stands beside it (notices, files), and the state it is in."""
    own = found.every("message")
    boxes = found.every("locked")
    parts = [node.inner_html or "" for node in own]
    for pid in setting.nested:
        parts = [part.partition(f'<div id="post_{pid}"')[0] for part in parts]
    before, after = [], []
    for node in boxes:
        html = node.html or ""
        (before if own and _is_before(html) else after).append(html)
    files = [node.html or "" for name in ("pictures", "pattl") for node in found.every(name)]
    if not own and not boxes:
        return None, "missing"
    message = read_message("".join([*before, *parts, *after, *files]), setting.base, setting.hidden)
    return message, _state(message, [*before, *after])


def _is_before(html: str) -> bool:
    """Bans stand before the message that moderators still see; the notice of a paid thread behind its free part."""
    known = notice_in(plain(html))
    return known is not None and known[0].state in {"banned", "hidden"}


def _state(message: Message, boxes: list[str]) -> str:
    """``banned``, ``hidden`` or ``locked`` if a notice stands in place of the message or beside it; a locked part leaves the rest ``ok``."""
    if not boxes:
        return "locked" if message.notices and _only_placeholders(message) else "ok"
    states = {state for state, _ in message.notices}
    return next((state for state in ("banned", "hidden", "locked") if state in states), "ok")


def _only_placeholders(message: Message) -> bool:
    return all(line.startswith("[locked: ") or not line.strip() for line in message.body.text.split("\n")) and not message.body.marks


def _say(fields: dict[str, Any], message: Message, setting: Setting) -> None:
    """Fields that stand inside the message."""
    zone, now = setting.clock
    if message.edited is not None:
        fields["edited_by"] = message.edited["by"].strip()
        at = dates.when(message.edited["at"], zone, now)
        if at is not None:
            fields |= {"edited_at": at.at, "edited_at_precision": at.precision}
    if message.quotes:
        fields["quotes"] = [
            {"pid": quote.pid, "author": quote.author, "at": None if quote.at is None or (at := dates.when(quote.at, zone, now)) is None else at.at,
             "text": quote.text}
            for quote in message.quotes
        ]  # fmt: skip
    if message.attachments:
        fields["attachments"] = list(message.attachments)
    extras = dict(message.extras)
    if message.notices:
        extras["notices"] = [words for _, words in message.notices]
    if extras:
        fields["extras"] = extras


@lru_cache(maxsize=512)
def _signature(html: str, base: str | None) -> dict[str, str] | None:
    """Text and HTML of a signature: the same one stands below all posts of its author."""
    read = read_message(html, base)
    text = read.body.text.strip()
    return {"text": text, "html": sanitise(read.html, base)} if text else None


__all__ = ["Body", "Setting", "read_post"]
