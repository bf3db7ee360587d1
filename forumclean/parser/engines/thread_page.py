"""What the thread pages of all views have in common: their time, what a message says besides its text, what one would expect and misses."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from forumclean.parser import dates
from forumclean.parser.engines.discuz_x_author import Clock
from forumclean.records import Issue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forumclean.parser.engines.html import HtmlPage
    from forumclean.parser.markup.message import Message
    from forumclean.records import Level, Post, State, Thread

EXPECTED: tuple[tuple[str, str, Level], ...] = (
    ("author_name", "no-author", "warning"), ("created_at", "no-time", "warning"), ("floor_label", "no-floor", "info"),
)  # fmt: skip
"""What every post of a page with floors says, and the issue if it does not."""


def clock_of(page: HtmlPage, made: datetime | None) -> Clock:
    """What the times of a page refer to. ``made``: the page's own time, by its footer; else the time of the crawler is taken."""
    return Clock(page.zone if made is None else made.tzinfo or page.zone, made or _captured(page))


def made_at(made: datetime | None) -> dict[str, Any]:
    """The fields of ``Parts`` that say when a page was made; empty where it does not say."""
    if made is None:
        return {}
    return {"captured_at": dates.utc(made), "captured_how": "page", "timezone": dates.offset_name(made), "timezone_source": "page"}


def _captured(page: HtmlPage) -> datetime | None:
    try:
        return None if page.captured_at is None else datetime.fromisoformat(page.captured_at)
    except ValueError:
        return None


def state_of(message: Message, *, boxed: bool) -> State:
    """``banned``, ``hidden`` or ``locked`` if a notice stands in place of the message or beside it; a locked part leaves the rest ``ok``.

    ``boxed``: the view has a place for such notices outside of what members write, and there is one.
    """
    if not boxed:
        return "locked" if message.notices and _only_placeholders(message) else "ok"
    said = {state for state, _ in message.notices}
    order: tuple[State, ...] = ("banned", "hidden", "locked")
    return next((state for state in order if state in said), "ok")


def _only_placeholders(message: Message) -> bool:
    return all(line.startswith("[locked: ") or not line.strip() for line in message.body.text.split("\n")) and not message.body.marks


def say(fields: dict[str, Any], message: Message, clock: Clock) -> None:
    """Add what stands inside the message to the fields of its post: edit notice, quotes, attachments, notices."""
    zone, now = clock
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
    if message.extras or message.notices:
        extras = {**fields.get("extras", {}), **(message.extras or {})}
        if message.notices:
            extras["notices"] = [words for _, words in message.notices]
        fields["extras"] = extras


def opened(thread: Thread, posts: Sequence[Post]) -> Thread:
    """The thread with what its first post says of it, if that is on this page."""
    first = next((post for post in posts if post.fields.get("is_first")), None)
    if first is None:
        return thread
    told = {name: first.fields[name] for name in ("author_name", "author_uid", "created_at") if name in first.fields}
    return replace(thread, fields={**thread.fields, **told})


def issues_of(  # noqa: PLR0913 - what a page says, from all who read it
    posts: Sequence[Post], thread: Thread, conflicts: Sequence[str], clock: Clock, kind: str,
    *, expected: Sequence[tuple[str, str, Level]] = EXPECTED,
) -> list[Issue]:
    """What every such page says and this one does not. ``conflicts``: of ``PageIdentity``; ``kind``: what the page is, for people."""
    issues = []

    def tell(level: Level, code: str, message: str) -> None:
        issues.append(Issue(level=level, stage="parse", code=code, message=message))

    if not posts:
        tell("warning", "no-posts", f"{kind} without posts")
    for name, code, level in expected:
        missing = [post for post in posts if name not in post.fields]
        if missing:
            tell(level, code, f"{len(missing)} of {len(posts)} posts: no {name} found, the first is {_called(missing[0])}")
    if lost := [post for post in posts if post.body is None]:
        tell("warning", "no-message", f"{len(lost)} of {len(posts)} posts: no message found, the first is {_called(lost[0])}")
    if thread.tid is None:
        tell("info", "no-tid", "nothing says which thread this is")
    for text in conflicts:
        tell("warning", "conflicting-identity", text)
    if clock.now is None and any("created_at" not in post.fields for post in posts):
        tell("info", "no-page-time", "the page does not say when it was made, so relative times stay unknown")
    return issues


def _called(post: Post) -> str:
    return f"number {post.ordinal} of the page" if post.pid is None else f"pid {post.pid}"
