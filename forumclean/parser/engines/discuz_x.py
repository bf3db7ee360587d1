"""Thread pages of Discuz! X (X2 to X3.5), desktop template and its skins → thread, posts, forums.

    score(page)   how surely this is one, and why: by the ids that Discuz's scripts need, never by the footer
    read(page)    the posts

What the page does not say is absent, and what a page of its kind should say and does not is an issue.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.engines.discuz_x_author import Clock
from forumclean.parser.engines.discuz_x_hooks import Finds, PostNodes, find
from forumclean.parser.engines.discuz_x_post import Setting, read_post
from forumclean.parser.engines.discuz_x_special import special_of
from forumclean.parser.engines.discuz_x_thread import counters_of, moderation_of, pages_of, tags_of, title_of, trail_of
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.markup.noise import hidden_classes
from forumclean.parser.page_identity import PageIdentity, identify
from forumclean.records import Issue, Post, Thread

if TYPE_CHECKING:
    from datetime import datetime


class Feature(NamedTuple):
    """Something in the text of a page that only such pages have, and how much it counts."""

    name: str
    weight: float
    words: tuple[str, ...]
    """Any of them."""


FEATURES = (
    Feature("messages with numbers", 0.6, ('id="postmessage_', "id='postmessage_", "id=postmessage_")),
    Feature("times with numbers", 0.5, ('id="authorposton', "id=authorposton")),
    Feature("floors with numbers", 0.4, ('id="postnum', "id=postnum")),
    Feature("author panels with numbers", 0.5, ('id="favatar', "id=favatar")),
    Feature("list of posts", 0.3, ('id="postlist"', "id=postlist")),
    Feature("title of a thread", 0.4, ('id="thread_subject"', "id=thread_subject")),
    Feature("links to X threads", 0.2, ("mod=viewthread", "mod=redirect&goto=findpost", "mod=redirect&amp;goto=findpost")),
    Feature("body class", 0.3, ("pg_viewthread",)),
)
OTHERS = (
    # Discuz 6 and 7: the message's class and the script's name; touch and mobile=1 pages of X: their own wrappers
    ("t_msgfont", 0.3), ('class="postlist', 0.3), ('class="vt"', 0.3), ('class="bm_user', 0.3),
)
"""Words that speak for another family, and what is left of the score with each."""
_POST = re.compile(r"""\bid=["']?(?:postmessage_|post_|pid|authorposton|favatar)\d""")
_ONE_AUTHOR = re.compile(r"[?&]authorid=[1-9]")
_REVERSED = re.compile(r"[?&]ordertype=1\b")
_SHOW_ALL = re.compile(r">\s*(?:显示全部楼层|顯示全部樓層)\s*<")
_ON_PAGE = re.compile(r"fixed_avatar\(\[([\d,\s]{1,20000})\]")


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """How surely this is a thread page of Discuz X (0 to 1), and why."""
    text = page.text
    if _POST.search(text) is None:
        return 0.0, ()
    found = [feature for feature in FEATURES if any(word in text for word in feature.words)]
    doubt = 1.0
    for feature in found:
        doubt *= 1 - feature.weight
    sure = 1 - doubt
    against = [word for word, left in OTHERS if word in text]
    for word, left in OTHERS:
        sure *= left if word in against else 1
    return round(sure, 3), (*(feature.name for feature in found), *(f"but {word}" for word in against))


def read(page: HtmlPage) -> Parts:
    """Read a thread page. Never raises for what is on it."""
    finds = find(page.tree)
    here, total, total_how = pages_of(finds.page.get("pager", []), page.text)
    identity = identify(page.text, page.url, page.ref.path, here)
    made = _made(page.text, finds)
    clock = Clock(page.zone if made is None else made.tzinfo or page.zone, made or _captured(page))
    url = identity.url or ""
    filtered = _ONE_AUTHOR.search(url) is not None or _SHOW_ALL.search(page.text) is not None
    real, forged = _real(finds, page.text)
    setting = Setting(clock, identity.base, hidden_classes(page.text), filtered, tuple(post.pid for post in finds.posts if post.pid in finds.nested))
    posts = tuple(read_post(post, ordinal, setting) for ordinal, post in enumerate(real, 1))
    thread = _thread(page, finds, identity, clock, total, total_how, filtered)
    return Parts(
        kind="thread", host=identity.host, captured_at=None if made is None else dates.utc(made),
        captured_how=None if made is None else "page", timezone=None if made is None else dates.offset_name(made),
        timezone_source=None if made is None else "page", view="desktop", threads=(_opened(thread, posts, real),), posts=posts,
        forums=trail_of(_first(finds, "trail"), identity), issues=_issues(posts, finds, forged, identity, clock),
    )  # fmt: skip


def _first(finds: Finds, name: str) -> Any:
    return next(iter(finds.page.get(name, ())), None)


def _made(text: str, finds: Finds) -> datetime | None:
    """When the page was made, by the footer behind its last post: messages quote footers too."""
    start = 0
    if finds.posts:
        pid = finds.posts[-1].pid
        start = max(text.rfind(f"{name}{pid}") for name in ("postmessage_", "comment_", "_postposition", "post_rate_div_"))
    return dates.footer_time(text[max(start, 0) :])


def _captured(page: HtmlPage) -> datetime | None:
    from datetime import datetime as moment  # noqa: PLC0415 - only where the page has no time of its own

    try:
        return None if page.captured_at is None else moment.fromisoformat(page.captured_at)
    except ValueError:
        return None


def _real(finds: Finds, text: str) -> tuple[list[PostNodes], list[int]]:
    """The posts of a page without those that only stand in somebody's message.

    A message with broken HTML can swallow the posts behind it; one with forged HTML can hold what looks like one. The page's own script
    lists its posts (``fixed_avatar([366,367], 1)``); without it a post must have a time and a floor of its own.
    """
    listed = _ON_PAGE.search(text)
    known = {int(number) for number in listed[1].split(",") if number.strip()} if listed is not None else None
    real, forged = [], []
    for post in finds.posts:
        whole = post.nodes.keys() & {"message", "locked", "wrapper", "table"} and (post.pid not in finds.nested or known is not None)
        if whole and (post.pid not in finds.nested or (known and post.pid in known)):
            real.append(post)
        elif post.pid in finds.nested:
            forged.append(post.pid)
    return real, forged


def _thread(
    page: HtmlPage, finds: Finds, identity: PageIdentity, clock: Clock, total: int | None, total_how: str | None, filtered: bool,
) -> Thread:
    first = finds.posts[0].pid if finds.posts else None
    fields = title_of(_first(finds, "title"), _first(finds, "h1"), page) | counters_of(page.text, first)
    how = dict(identity.how)
    part = filtered or _REVERSED.search(identity.url or "") is not None
    if total is not None and not filtered:
        fields["pages_total"] = total
        how["pages_total"] = total_how or "pager"
    extras: dict[str, Any] = fields.pop("extras", {}) | {"known_from": how}
    if tags := tags_of(_first(finds, "tags")):
        extras["tags"] = tags
    if (moderation := moderation_of(_first(finds, "modact"), clock)) is not None:
        extras["moderation"] = moderation
    if filtered:
        extras["filter"] = "author"
    elif part:
        extras["filter"] = "reversed"
    return Thread(tid=identity.tid, fid=identity.fid, page=None if part else identity.page, fields=fields | {"extras": extras})


def _opened(thread: Thread, posts: tuple[Post, ...], found: list[PostNodes]) -> Thread:
    """The thread with what its first post says of it, if that is on this page."""
    for post, nodes in zip(posts, found, strict=True):
        if not post.fields.get("is_first"):
            continue
        fields = dict(thread.fields)
        for name in ("author_name", "author_uid", "created_at"):
            if name in post.fields:
                fields[name] = post.fields[name]
        kind, extras = special_of(nodes)
        if kind is not None:
            fields["special"] = kind
        fields["extras"] = fields["extras"] | extras
        return Thread(tid=thread.tid, fid=thread.fid, page=thread.page, fields=fields)
    return thread


def _issues(posts: tuple[Post, ...], finds: Finds, forged: list[int], identity: PageIdentity, clock: Clock) -> tuple[Issue, ...]:
    issues = []

    def say(level: Any, code: str, message: str) -> None:
        issues.append(Issue(level=level, stage="parse", code=code, message=message))

    if not posts:
        say("warning", "no-posts", "a thread page of Discuz X without posts")
    for name, code, level in (("author_name", "no-author", "warning"), ("created_at", "no-time", "warning"), ("floor_label", "no-floor", "info")):
        missing = [post.pid for post in posts if name not in post.fields]
        if missing and not (name == "floor_label" and not any("floor_label" in post.fields for post in posts) and len(posts) == 0):
            say(level, code, f"{len(missing)} of {len(posts)} posts: no {name} found, the first is pid {missing[0]}")
    lost = [post.pid for post in posts if post.body is None]
    if lost:
        say("warning", "no-message", f"{len(lost)} of {len(posts)} posts: no message found, the first is pid {lost[0]}")
    if forged:
        say("warning", "nested-post", f"something like a post inside a message was left there: pid {forged[0]}")
    if identity.tid is None:
        say("info", "no-tid", "nothing says which thread this is")
    issues.extend(Issue(level="warning", stage="parse", code="conflicting-identity", message=text) for text in identity.conflicts)
    if clock.now is None and any(post.body is not None and "created_at" not in post.fields for post in posts):
        say("info", "no-page-time", "the page does not say when it was made, so relative times stay unknown")
    return tuple(issues)


ENGINE = Engine("discuz_x", "desktop", score, read)
