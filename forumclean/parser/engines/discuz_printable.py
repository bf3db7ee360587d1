"""Printable pages of Discuz (``action=printable``, D4 to X3.5: ``viewthread_printable.htm``) → a thread with all its posts on one page.

Nothing has an id, a class or a number there, not even an author: a post is what stands between two rules that are followed by author and
time. These are Discuz's own: members cannot type that rule. Times are to the minute; anonymous authors and guests have one name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forumclean.parser import dates
from forumclean.parser.board_urls import host_of
from forumclean.parser.engines.discuz_x_author import time_of
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.engines.thread_page import clock_of, issues_of, made_at, opened, say, state_of
from forumclean.parser.markup.message import read_message
from forumclean.parser.markup.noise import hidden_classes
from forumclean.parser.markup.tokens import plain
from forumclean.parser.markup.tree import normal
from forumclean.parser.notices import notice_in
from forumclean.parser.page_identity import identify
from forumclean.records import Post, Thread

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_author import Clock
    from forumclean.records import Level, State

# <hr noshade size="2" width="100%" color="#808080"> <b>作者: </b>NAME&nbsp; &nbsp; <b>时间: </b>DATE<br /> (author, time, in any language)
_POST = re.compile(
    r"""<hr\b[^>]{0,20}\bnoshade\b[^>]{0,200}>\s*
        <b>[^<>:：]{1,20}[:：]\s?</b>(?P<author>[^<]{0,200}(?:<(?!b>|hr\b)[^>]{0,200}>[^<]{0,200}){0,4}?)
        <b>[^<>:：]{1,20}[:：]\s?</b>\s*(?P<at>[^<]{1,60}|<span\b[^>]{0,100}>[^<]{1,60}</span>)\s*<br\s?/?>""",
    re.VERBOSE,
)
_BEHIND = re.compile(r"(?:<br\s?/?>\s*){2,}<hr\b[^>]{0,20}\bnoshade\b[^>]{0,200}>\s*<table\b")
"""The rule above the footer."""
_LABELLED = re.compile(r"\s*<b>(?:标题|標題|主题|主題|Subject|Title)[:：]\s?</b>(?P<words>[^<]{0,500})<br\s?/?>")
_TITLE = re.compile(r"<b>(?:标题|標題|主题|主題|Subject|Title)[:：]\s?</b>(?P<words>[^<]{0,500})")
_PRINT = re.compile(r"window\.print\(\)")
_SITE = re.compile(r"\((https?://[^()<>\s]{4,300})\)")
_NAMELESS = frozenset({"匿名", "匿名者", "Anonymous", "游客", "遊客", "Guest"})
_TOP = 20_000
"""Characters before the first post."""
_EXPECTED: tuple[tuple[str, str, Level], ...] = (("author_name", "no-author", "warning"), ("created_at", "no-time", "warning"))


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """How surely this is a printable page (0 to 1), and why: by its rules with author and time behind them."""
    if "noshade" not in page.text or (first := _POST.search(page.text)) is None:
        return 0.0, ()
    head = page.text[max(first.start() - _TOP, 0) : first.start()]
    signs = (("a link to the printer", _PRINT), ("a title with a label", _TITLE))
    found = [name for name, sign in signs if sign.search(head) is not None]
    return round(1 - 0.4 * 0.3 ** len(found), 3), ("rules with author and time", *found)


def read(page: HtmlPage) -> Parts:
    """Read a printable page. Never raises for what is on it."""
    starts = list(_POST.finditer(page.text))
    last = max((found.start() for found in _BEHIND.finditer(page.text, starts[-1].end() if starts else 0)), default=len(page.text))
    head, tail = page.text[: starts[0].start() if starts else 0], page.text[last:]
    identity = identify(page.text, page.url, page.ref.name)
    site = _SITE.search(plain(tail))
    made = dates.footer_time(tail)
    clock = clock_of(page, made)
    base = identity.base or (site[1] if site is not None else None)
    hidden = hidden_classes(head)
    ends = [*(found.start() for found in starts[1:]), last]
    posts = tuple(
        _post(found, page.text[found.end() : end], ordinal, clock, base, hidden) for ordinal, (found, end) in enumerate(zip(starts, ends, strict=True), 1)
    )
    title = _TITLE.search(head)
    fields: dict[str, Any] = {"extras": {"known_from": dict(identity.how)}}
    if title is not None and (words := plain(title["words"])):
        fields["title"] = words
    thread = Thread(tid=identity.tid, fid=identity.fid, page=1, fields=fields)  # all posts are on it
    return Parts(
        kind="thread", host=identity.host or host_of(base), view="printable", threads=(opened(thread, posts),), posts=posts,
        issues=tuple(issues_of(posts, thread, identity.conflicts, clock, "a printable page", expected=_EXPECTED)), **made_at(made),
    )


def _post(found: re.Match[str], markup: str, ordinal: int, clock: Clock, base: str | None, hidden: frozenset[str]) -> Post:  # noqa: PLR0913, PLR0917
    fields: dict[str, Any] = {}
    if author := plain(found["author"].replace("&nbsp;", " ")):
        fields["author_name"] = author
        if author in _NAMELESS:
            fields["author_kind"] = "anonymous"
    fields |= time_of(found["at"], clock)
    if (subject := _LABELLED.match(markup)) is not None:
        if words := plain(subject["words"]):
            fields["subject"] = words
        markup = markup[subject.end() :]
    if ordinal == 1:
        fields["is_first"] = True
    html = normal(markup.strip(" \t\r\n"))
    words = plain(html)
    known = notice_in(words) if len(words) < 200 else None  # noqa: PLR2004 - a notice stands alone: what goes on is what somebody wrote
    notice = known is not None and not words[known[1].end() :].strip(" 。.*")
    message = read_message(f'<div class="locked">{html}</div>' if notice else html, base, hidden)
    say(fields, message, clock)
    state: State = state_of(message, boxed=notice)
    return Post(ordinal=ordinal, body=message.body, html=message.html, state=state, fields=fields)


DISCUZ_PRINTABLE = Engine("discuz-printable", "printable", score, read)
