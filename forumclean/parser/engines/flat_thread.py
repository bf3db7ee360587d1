"""A flattened Discuz thread page → the thread and its posts.

The text is what some extractor left of a page: author panels, times, floors, buttons and bodies one below the other. Which of the
lines are what is in ``flat_heads``; what a body holds in ``flat_body``; what the page says about the thread in ``flat_page``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.engines.flat_apart import find_signatures
from forumclean.parser.engines.flat_body import Habits, Parts, read_body
from forumclean.parser.engines.flat_heads import Head, Layout, find_heads, footer_line, lay_out
from forumclean.parser.engines.flat_page import forum_of, page_facts
from forumclean.parser.furniture import FLOOR, FLOORS
from forumclean.parser.panel import figures
from forumclean.records import Body, Issue, Post, Thread

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

_GUEST = re.compile(r"^(?P<name>匿名者?|游客|遊客|Guest|Anonymous)(?:\s{0,3}\d{1,3}(?:\.\d{1,3}|\.x){3})?$")
_DELETED = re.compile(r"^(?P<name>.{1,20}?)\s{0,3}(?:该用户已被删除|該用戶已被刪除|该用户已被删除或禁止)$")
_LISTED = re.compile(r"^(?P<bullet> +[•*+o·-] )\[?(?:发消息|發消息|加为好友|加為好友|加关注|本版|帖子|用户|用戶|论坛|論壇)")
"""An item of a list of the page's own (in panel, search box and navigation), with the bullet that the extractor draws."""
_ITEM = re.compile(r"^(?P<bullet> {2}• )\S")
_BLANK_PAIR = re.compile(r"\xa0 |\xa0\xa0")
_LEFT_OVER = 300
"""Characters of prose outside all posts from which they are kept as a document."""


class FlatThread(NamedTuple):
    """What a flattened page holds."""

    thread: Thread
    posts: tuple[Post, ...]
    issues: tuple[Issue, ...]
    left: str
    """Prose that belongs to no post, so that nothing is lost; empty where only furniture is left."""


def read_thread(text: str | Layout, local: tzinfo, now: datetime | None = None, file_name: str = "") -> FlatThread:
    """Segment a flattened thread page, given as text or as ``lay_out`` made it.

    ``local``: the board's time zone; ``now``: the aware time at which the page was made, for relative times; ``file_name``: its
    path, which may hold tid and page. Post ordinals count from 1 in the order of the page.
    """
    layout = lay_out(text) if isinstance(text, str) else text
    lines, bare = layout.lines, layout.bare
    heads = find_heads(layout)
    clock, habits = (local, now), _habits(layout, heads)
    parts = [
        read_body(lines[head.body:head.end], head.lead, habits, clock, opening=head is heads[0]) for head in heads
    ]
    find_signatures(parts, [head.name or _figures_of(head) for head in heads])
    posts = _sure_of_floors([_post(number, head, part, bare, clock) for number, (head, part) in enumerate(zip(heads, parts, strict=True), 1)])
    posts = _without_heads(posts)
    first = heads[0].start if heads else len(lines)
    last = footer_line(layout, heads)
    facts = page_facts(lines[:first], lines[last:], file_name)
    if parts and parts[0].special:
        facts.fields["special"] = parts[0].special
        facts.fields["extras"] = facts.fields.get("extras", {}) | parts[0].special_extras
    thread = Thread(tid=facts.tid, fid=forum_of(lines[:first]), page=facts.page, fields=facts.fields)
    left = _left_over(lines[:first]) + _left_over(lines[last:])
    return FlatThread(thread, posts, tuple(_issues(posts, left)), left)


def _figures_of(head: Head) -> str | None:
    """Who an author without a name is, on this page: the three counters of the card, if the panel has them."""
    counted = figures(head.panel)
    known = [counted.get(name) for name in ("threads", "posts", "credits")]
    return None if None in known else "/".join(map(str, known))


def _habits(layout: Layout, heads: list[Head]) -> Habits:
    """How this page's extractor draws lists, and how many blank lines it leaves above a text."""
    bullet = min((found["bullet"] for line in layout.lines if (found := _LISTED.match(line)) is not None), key=len, default=None)
    nbsp = any(_BLANK_PAIR.search(line) for line in layout.lines)
    if bullet is None and nbsp:
        bullet = next((found["bullet"] for line in layout.lines if (found := _ITEM.match(line)) is not None), None)
    leads = Counter(head.lead for head in heads if head.header is not None).most_common(1)
    return Habits(bullet, nbsp, leads[0][0] if leads and leads[0][1] > 1 else None)


def _post(number: int, head: Head, parts: Parts, bare: list[str], clock: tuple[tzinfo, datetime | None]) -> Post:
    posted = _posted(head, *clock)
    fields = {**_author(head), **_floor(head, bare), **posted, **parts.fields}
    if "extras" in posted:
        fields["extras"] = posted["extras"] | parts.fields.get("extras", {})
    stats = dict(figures(head.panel))
    if isinstance(uid := stats.pop("uid", None), int):
        fields["author_uid"] = uid
    if not parts.text and parts.state == "ok":
        return Post(ordinal=number, state="missing", fields=fields, stats=stats)
    return Post(ordinal=number, body=Body(parts.text), state=parts.state, fields=fields, stats=stats)  # type: ignore[arg-type]


def _author(head: Head) -> dict[str, Any]:
    name = head.name or (None if FLOOR.match(head.before) else head.before) or None
    if name is None:
        return {}
    if (guest := _GUEST.match(name)) is not None:
        return {"author_name": guest["name"], "author_kind": "anonymous" if guest["name"] == name else "guest"}
    if (deleted := _DELETED.match(name)) is not None:
        return {"author_name": deleted["name"], "author_kind": "deleted"}
    return {"author_name": name}


def _floor(head: Head, bare: list[str]) -> dict[str, Any]:
    """The floor as printed, in the lines between panel and header; its number where it has one or is a default name."""
    if head.header is None:
        return {}
    lowest = head.start if head.card is None else head.card
    near = [text for text in bare[max(lowest, head.header - 30):head.header] if text][-6:]
    labels = [text for text in (*near, head.before) if text and FLOOR.match(text)]
    if not labels:
        return {}
    label = labels[0]
    digits = re.search(r"\d+", label)
    fields: dict[str, Any] = {"floor_label": label}
    number = int(digits[0]) if digits else FLOORS.get(label)
    if number is not None:
        fields |= {"position": number, "is_first": number == 1}
    return fields


def _sure_of_floors(posts: list[Post]) -> tuple[Post, ...]:
    """X marks every post of the thread's starter with 楼主: where that is all a page left, only its first post is the first."""
    starters = [post for post in posts if post.fields.get("position") == 1]
    if len(starters) < 2:  # noqa: PLR2004 - one starter is as it should be
        return tuple(posts)
    unsure = {"floor_label", "position", "is_first"}
    return tuple(
        replace(post, fields={key: value for key, value in post.fields.items() if key not in unsure})
        if post in starters and post.ordinal != 1 else post
        for post in posts
    )


def _without_heads(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """Posts of an extractor that dropped the names, panels and floors of most: it drops whole heads too, so their order is not the thread's, nor is 楼主 its first."""
    known = sum(bool(post.stats) or "author_name" in post.fields or post.fields.get("position", 1) != 1 for post in posts)
    if known * 2 >= len(posts):
        return posts
    unsure = {"floor_label", "position", "is_first"}
    return tuple(
        replace(post, fields={key: value for key, value in post.fields.items() if post.fields.get("position") != 1 or key not in unsure} | {"heads_lost": True})
        for post in posts
    )


def _posted(head: Head, local: tzinfo, now: datetime | None) -> dict[str, Any]:
    if head.date is None:
        return {}
    at = dates.when(head.date, local, now)
    if at is None:
        return {"extras": {"created_at_text": head.date}}
    return {"created_at": at.at, "created_at_precision": at.precision}


def _left_over(lines: list[str]) -> str:
    """The prose among lines outside posts: long lines, with their neighbours; empty if there is less than a paragraph of it."""
    prose = sum(len(line) for line in lines if len(line) > 60)  # noqa: PLR2004 - furniture has shorter lines
    return "\n".join(lines).strip() + "\n" if prose > _LEFT_OVER else ""


def _issues(posts: tuple[Post, ...], left: str) -> list[Issue]:
    found = []
    missing = sum(post.state == "missing" for post in posts)
    undated = sum("created_at_text" in post.fields.get("extras", {}) for post in posts)
    if missing:
        found.append(Issue(
            level="info", stage="parse", code="bodies-missing",
            message=f"{missing} of {len(posts)} posts came without their text (lost in the extraction): kept with state missing",
        ))
    if undated:
        found.append(Issue(
            level="warning", stage="parse", code="relative-times",
            message=f"{undated} posts have a relative time, and the page does not say when it was made: their time is left empty",
        ))
    if left:
        found.append(Issue(
            level="warning", stage="parse", code="text-outside-posts",
            message=f"{len(left)} characters of prose stand outside all posts: kept as a document",
        ))
    return found

