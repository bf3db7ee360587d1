"""Thread pages of Discuz! 6.0, 6.1, 7.0 and 7.2, desktop template and its skins → thread, posts, forums.

    score(page)   how surely this is one, and why: by ids and classes that D6 and D7 have and X has not
    read(page)    the posts

6.x: ``viewthread.htm`` and, for polls and other special threads, ``viewthread_poll.htm`` and its sisters; 7.x: ``viewthread_node.htm``.
What the page does not say is absent, and what a page of its kind should say and does not is an issue.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.engines.discuz_6_post import FAMILY, end_of, read_post
from forumclean.parser.engines.discuz_6_thread import counters_of, moderated, special_of, title_of
from forumclean.parser.engines.discuz_x_hooks import Finds, PostNodes, find
from forumclean.parser.engines.discuz_x_post import Setting
from forumclean.parser.engines.discuz_x_thread import moderation_of, tags_of, trail_of
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.engines.thread_page import EXPECTED, clock_of, issues_of, made_at, opened
from forumclean.parser.markup.noise import hidden_classes
from forumclean.parser.page_identity import identify
from forumclean.records import Issue, Thread

if TYPE_CHECKING:
    from forumclean.parser.page_identity import PageIdentity
    from forumclean.records import Post


class Feature(NamedTuple):
    """Something in the text of a page that such pages have, and how much it counts."""

    name: str
    weight: float
    words: tuple[str, ...]
    """Any of them."""


FEATURES = (
    Feature("messages with numbers", 0.3, ("postmessage_",)),
    Feature("author's column", 0.6, ('class="postauthor',)),
    Feature("class of messages", 0.5, ("t_msgfont",)),
    Feature("line above a message", 0.3, ('class="postinfo',)),
    Feature("box of a thread", 0.4, ('class="mainbox viewthread',)),
    Feature("buttons below a message", 0.3, ('class="postactions', 'class="postact ')),
    Feature("numbered posts", 0.3, ('id="postnum', 'summary="pid')),
    Feature("links of D6 and D7", 0.2, ("viewthread.php?", "redirect.php?", "logging.php?", "post.php?action=")),
)
AGAINST = ('id="favatar', 'id="thread_subject"', "mod=viewthread", 'class="t_f"', 'class="authi"', "archiver/css")
"""Words that speak for X: each leaves a third of the score."""
_POST = re.compile(r"""id=(?<!\wid=)["']?(?:postmessage_|pid)\d""")
_ONE_AUTHOR = re.compile(r"[?&]authorid=[1-9]")
_SHOW_ALL = ("显示全部帖子", "顯示全部帖子", "显示所有帖子", "显示全部楼层")  # show all posts: this page shows one author's
_BELOW = ("userinfo", "post_rate_div_", "ajax_rate_")
"""Ids of what stands below a message, each with the number of its post."""
_MOST_SWALLOWED = 100
_TRIES = 20
_LONGEST_TAG = 1000


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """How surely this is a thread page of Discuz 6 or 7 (0 to 1), and why."""
    text = page.text
    if "postmessage_" not in text and 'class="postauthor' not in text:
        return 0.0, ()
    if not any(_in_tag(text, found.start()) for found in islice(_POST.finditer(text), _TRIES)):
        return 0.0, ()
    found = [feature for feature in FEATURES if any(word in text for word in feature.words)]
    if not {"author's column", "class of messages", "box of a thread"} & {feature.name for feature in found}:
        return 0.0, ()
    against = [word for word in AGAINST if word in text]
    doubt = 1.0
    for feature in found:
        doubt *= 1 - feature.weight
    return round((1 - doubt) / 3 ** len(against), 3), (*(feature.name for feature in found), *(f"but {word}" for word in against))


def _in_tag(text: str, at: int) -> bool:
    """Whether an attribute stands in a tag, not in a text about tags."""
    start = text.rfind("<", max(0, at - _LONGEST_TAG), at)
    return start >= 0 and text[start + 1 : start + 2].isalpha() and ">" not in text[start:at] and "&gt;" not in text[start:at] and "&lt;" not in text[start:at]


def read(page: HtmlPage) -> Parts:
    """Read a thread page. Never raises for what is on it."""
    finds = find(page.markup, page.text, FAMILY)
    real, forged = _real(finds)
    first = real[0].head if real else ""
    here, total, how, replies = counters_of(finds.head, first, finds.tail)
    identity = identify(page.text, page.url, page.ref.name, here)
    made = dates.footer_time(finds.behind(_BELOW))
    filtered = _ONE_AUTHOR.search(f"{identity.url} {page.url}") is not None or any(word in first for word in _SHOW_ALL)
    swallowed = tuple(post.pid for post in real if post.pid in finds.nested)
    setting = Setting(clock_of(page, made), identity.base, hidden_classes(finds.head), "author" if filtered else None, swallowed, end_of)
    opens = "specialthread" in finds.head[-12_000:]
    posts = tuple(
        read_post(post, ordinal, setting, opens=opens and ordinal == 1 and post.wrapper is None) for ordinal, post in enumerate(real, 1)
    )
    fields = title_of(finds.head, first, page)
    if not filtered:
        fields |= {name: value for name, value in (("pages_total", total), ("replies", replies)) if value is not None}
    known_from = dict(identity.how) | ({"pages_total": how} if "pages_total" in fields and how else {})
    thread = _thread(finds, real, identity, fields | {"extras": {"known_from": known_from}}, setting)
    expected = EXPECTED[:2] if opens else EXPECTED
    issues = issues_of(posts, thread, identity.conflicts, setting.clock, "a thread page of Discuz 6 or 7", expected=expected)
    if forged:
        message = f"what looks like a post inside a message was left there: pid {forged[0]}"
        issues.append(Issue(level="warning", stage="parse", code="nested-post", message=message))
    return Parts(
        kind="thread", host=identity.host, view="desktop", threads=(_special(opened(thread, posts), posts, real, finds.head),), posts=posts,
        forums=trail_of(finds.head, identity, 'id="nav"'), issues=tuple(issues), **made_at(made),
    )


def _real(finds: Finds) -> tuple[list[PostNodes], list[int]]:
    """The posts of a page without those that only stand in somebody's message.

    A message with broken HTML can swallow the posts behind it, and then holds what Discuz prints behind it too; what looks like a post in
    a message that ends where it should was put there by its author.
    """
    if not finds.nested:
        return [post for post in finds.posts if post.message or post.beside or post.wrapper is not None], []
    hosts = [post for post in finds.posts if post.pid not in finds.nested]
    broken = any(end_of(html, post.pid) is not None for post in hosts for html in post.inner()) and len(finds.nested) <= _MOST_SWALLOWED
    if not broken:
        return hosts, finds.nested
    return finds.posts, []


def _thread(finds: Finds, real: list[PostNodes], identity: PageIdentity, fields: dict[str, Any], setting: Setting) -> Thread:
    first = real[0].head + real[0].tail if real else ""
    extras = fields["extras"]
    for mark in ('class="posttags"', 'class="threadtags"'):
        if tags := tags_of(first, mark, "</p>" if "posttags" in mark else "</div>"):
            extras["tags"] = tags
    if (html := moderated(finds.head, first)) and (moderation := moderation_of(html, setting.clock, None)) is not None:
        extras["moderation"] = moderation
    if setting.choice:
        extras["filter"] = "author"
    return Thread(tid=identity.tid, fid=identity.fid, page=None if setting.choice else identity.page, fields=fields)


def _special(thread: Thread, posts: tuple[Post, ...], found: list[PostNodes], head: str) -> Thread:
    """The thread with what its first post says besides its message, if that is on this page: what kind of thread it is."""
    first = next((nodes for post, nodes in zip(posts, found, strict=True) if post.fields.get("is_first")), None)
    if first is None:
        return thread
    kind, extras = special_of(first, head[-12_000:])
    told = {} if kind is None else {"special": kind}
    return replace(thread, fields={**thread.fields, **told, "extras": thread.fields["extras"] | extras})


DISCUZ_6 = Engine("discuz-6", "desktop", score, read)
