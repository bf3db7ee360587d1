"""Thread pages of Discuz! X (X2 to X3.5), desktop template and its skins → thread, posts, forums.

    score(page)   how surely this is one, and why: by the ids that Discuz's scripts need, never by the footer
    read(page)    the posts

What the page does not say is absent, and what a page of its kind should say and does not is an issue.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.engines.discuz_x_hooks import Finds, PostNodes, find
from forumclean.parser.engines.discuz_x_post import Setting, read_post
from forumclean.parser.engines.discuz_x_special import special_of
from forumclean.parser.engines.discuz_x_thread import counters_of, moderation_of, pages_of, tags_of, title_of, trail_of
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.engines.thread_page import clock_of, issues_of, made_at, opened
from forumclean.parser.markup.noise import hidden_classes
from forumclean.parser.page_identity import identify
from forumclean.records import Issue, Thread

if TYPE_CHECKING:
    from forumclean.parser.page_identity import PageIdentity
    from forumclean.records import Post


class Feature(NamedTuple):
    """Something in the text of a page that only such pages have, and how much it counts."""

    name: str
    weight: float
    words: tuple[str, ...]
    """Any of them."""


FEATURES = (
    Feature("author panels with numbers", 0.5, ('id="favatar',)),
    Feature("messages with numbers", 0.6, ("postmessage_",)),
    Feature("times with numbers", 0.5, ('id="authorposton', "id=authorposton")),
    Feature("floors with numbers", 0.4, ('id="postnum', "id=postnum")),
    Feature("title of a thread", 0.4, ('id="thread_subject"', "id=thread_subject")),
    Feature("body class", 0.3, ("pg_viewthread",)),
    Feature("links to X threads", 0.2, ("mod=viewthread", "mod=redirect")),
)
OTHERS = (
    # Discuz 6 and 7: the message's class and the script's name; touch and mobile=1 pages of X: their own wrappers
    ("t_msgfont", 0.3), ('class="postlist', 0.3), ('class="vt"', 0.3), ('class="bm_user', 0.3),
)
"""Words that speak for another family, and what is left of the score with each."""
_POST = re.compile(r"""id=(?<!\wid=)["']?(?:postmessage_|post_|pid|authorposton|favatar)\d""")
_ONE_AUTHOR = re.compile(r"[?&]authorid=[1-9]")
_REVERSED = re.compile(r"[?&]ordertype=1\b")
_SHOW_ALL = ("显示全部楼层", "顯示全部樓層")  # show all floors: this page shows one author's
_FLOOR_LINK = re.compile(r'<a href="[^"]{0,200}goto=findpost[^"]{0,60}?[&;]ptid=(\d{1,15})[^"]{0,200}"\s+[^>]{0,100}id="postnum')
_MOST_SWALLOWED = 100
"""Posts inside messages that are read; a page has 10 posts, seldom more than 40."""
_BEHIND = 400
"""Characters of the first message that are looked at: its own tag."""
_BELOW = ("_postposition", "post_rate_div_", "comment_")
"""Ids of what stands below a message, each with the number of its post."""
_ON_PAGE = re.compile(r"fixed_avatar\(\[([\d,\s]{1,20000})\]")


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """How surely this is a thread page of Discuz X (0 to 1), and why."""
    text = page.text
    first = text.find("postmessage_")
    if first < 0:
        start = _POST.search(text)
        if start is None:
            return 0.0, ()
        first = start.end()
    text = text[: first + _BEHIND]
    if _POST.search(text, max(0, first - _BEHIND)) is None and _POST.search(page.text) is None:
        return 0.0, ()
    # from the end on: most of them stand right before the first message
    found = [feature for feature in FEATURES if any(text.rfind(word) >= 0 for word in feature.words)]
    # a numbered author panel is the desktop template's alone
    against = [] if FEATURES[0] in found else [other for other in OTHERS if other[0] in text]
    doubt = 1.0
    for feature in found:
        doubt *= 1 - feature.weight
    sure = 1 - doubt
    for _, left in against:
        sure *= left
    return round(sure, 3), (*(feature.name for feature in found), *(f"but {word}" for word, _ in against))


def read(page: HtmlPage) -> Parts:
    """Read a thread page. Never raises for what is on it."""
    finds = find(page.markup, page.text)
    here, total, total_how = pages_of(finds.head, finds.tail)
    identity = identify(page.text, page.url, page.ref.name, here)
    made = dates.footer_time(finds.behind(_BELOW))
    clock = clock_of(page, made)
    real, forged = _real(finds)
    swallowed = tuple(post.pid for post in real if post.pid in finds.nested)
    setting = Setting(clock, identity.base, hidden_classes(finds.head), _choice(f"{identity.url} {page.url}", finds), swallowed)
    posts = tuple(read_post(post, ordinal, setting) for ordinal, post in enumerate(real, 1))
    thread = _thread(page, finds, identity, (total, total_how), setting)
    issues = issues_of(posts, thread, identity.conflicts, clock, "a thread page of Discuz X")
    if forged:
        message = f"what looks like a post inside a message was left there: pid {forged[0]}"
        issues.append(Issue(level="warning", stage="parse", code="nested-post", message=message))
    return Parts(
        kind="thread", host=identity.host, view="desktop", threads=(_special(opened(thread, posts), posts, real),), posts=posts,
        forums=trail_of(finds.head, identity), issues=tuple(issues), **made_at(made),
    )


def _real(finds: Finds) -> tuple[list[PostNodes], list[int]]:
    """The posts of a page without those that only stand in somebody's message.

    A message with broken HTML can swallow the posts behind it; one with forged HTML can hold what looks like one. The page's own script
    lists its posts (``fixed_avatar([366,367], 1)``), and a post inside a message must be on that list.
    """
    if not finds.nested:
        return [post for post in finds.posts if post.message or post.beside or post.wrapper is not None], []
    listed = _ON_PAGE.search(finds.source)
    known = {int(number) for number in listed[1].split(",") if number.strip()} if listed is not None else set()
    if len(finds.nested) > _MOST_SWALLOWED:
        known = set()
    outside = {post.pid for post in finds.posts} - set(finds.nested)
    return [post for post in finds.posts if post.pid in outside | known], [pid for pid in finds.nested if pid not in known]


def _thread(page: HtmlPage, finds: Finds, identity: PageIdentity, total: tuple[int | None, str | None], setting: Setting) -> Thread:
    first = finds.posts[0] if finds.posts else None
    markup = "" if first is None else first.head + first.tail
    fields = title_of(finds.head, page) | counters_of(finds.head)
    how = dict(identity.how)
    if total[0] is not None and setting.choice != "author":
        fields["pages_total"] = total[0]
        how["pages_total"] = total[1] or "pager"
    extras: dict[str, Any] = fields.pop("extras", {}) | {"known_from": how}
    if tags := tags_of(markup):
        extras["tags"] = tags
    if (moderation := moderation_of(markup, setting.clock)) is not None:
        extras["moderation"] = moderation
    if setting.choice:
        extras["filter"] = setting.choice
    return Thread(tid=identity.tid or _own_tid(finds), fid=identity.fid, page=None if setting.choice else identity.page, fields=fields | {"extras": extras})


def _choice(address: str, finds: Finds) -> str | None:
    """Which posts the page was asked for, and in which order: ``author``, ``reversed``, or ``None`` for all as they stand."""
    if _ONE_AUTHOR.search(address) or (finds.posts and any(word in finds.posts[0].head for word in _SHOW_ALL)):
        return "author"
    return "reversed" if _REVERSED.search(address) else None


def _own_tid(finds: Finds) -> int | None:
    """The thread that the links of the posts' own floors name: answers to ``inajax=1`` say it nowhere else."""
    found = {int(link[1]) for post in finds.posts if (link := _FLOOR_LINK.search(post.head)) is not None}
    return found.pop() if len(found) == 1 else None


def _special(thread: Thread, posts: tuple[Post, ...], found: list[PostNodes]) -> Thread:
    """The thread with what its first post says besides its message, if that is on this page: what kind of thread it is."""
    first = next((nodes for post, nodes in zip(posts, found, strict=True) if post.fields.get("is_first")), None)
    if first is None:
        return thread
    kind, extras = special_of(first)
    told = {} if kind is None else {"special": kind}
    return replace(thread, fields={**thread.fields, **told, "extras": thread.fields["extras"] | extras})


DISCUZ_X = Engine("discuz-x", "desktop", score, read)
