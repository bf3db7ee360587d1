"""Thread pages for telephones, read alike: where posts begin in the text, who says what the thread is. The templates are tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.board_urls import read_url
from forumclean.parser.engines.discuz_x_thread import pages_of
from forumclean.parser.engines.html import HtmlPage, Parts
from forumclean.parser.engines.mobile_post import Hooks, Setting, read_post
from forumclean.parser.engines.mobile_special import special_of
from forumclean.parser.engines.thread_page import clock_of, issues_of, made_at, opened
from forumclean.parser.markup.noise import hidden_classes
from forumclean.parser.markup.tokens import plain
from forumclean.parser.page_identity import identify
from forumclean.records import Thread

if TYPE_CHECKING:
    from forumclean.parser.page_identity import PageIdentity


class Template(NamedTuple):
    """A template for telephones."""

    kind: str
    """What its pages are, for people."""
    start: re.Pattern[str]
    """The start of a post in the page's text; group 1 is its number."""
    title: tuple[str, ...]
    """Selectors of the title, tried in turn."""
    counters: re.Pattern[str] | None
    """Views (``views``) and replies (``replies``), where the template prints them."""
    forum: str
    """Selector of links to the thread's forum and those around it."""
    hooks: Hooks


class Feature(NamedTuple):
    """Something in the text of a page that only such pages have, and how much it counts."""

    name: str
    weight: float
    pattern: re.Pattern[str]


_END = re.compile(
    r"""<div\ id="post_new"|<form\b[^>]{0,300}\bid="fastpostform"|<div\ class="(?:pg|page|pgs|footer)\b|<!--\ main\ postlist\ end|\$multipage
      |<div\ id="mask\"""",
    re.VERBOSE,
)
"""What a page prints behind its last post."""
_BRACKETED = re.compile(r"^\[(.{1,80})\]$")
_TID = re.compile(r"mod=(?:viewthread|post)[^\"'<>]{0,200}?[?&;]tid=(\d{1,15})")
_FID = re.compile(r"mod=(?:forumdisplay|post)[^\"'<>]{0,200}?[?&;]fid=(\d{1,9})")
_ONE_AUTHOR = re.compile(r"[?&]authorid=[1-9]")
_ONLY = re.compile(r'<a\b[^>]*\brel="nofollow"[^>]*>[^<]*</a>')  # only the thread starter's posts; all floors
_PARTS = re.compile(r"\n|</em>|</a>")
_NEAR = 3000
"""Characters around the first post."""
_SHOW_ALL = ("显示全部楼层", "顯示全部樓層", "查看全部", "查看所有")  # show all floors: this page shows one author's
_STATES = re.compile(r"\((?:审核中|已忽略|草稿|審核中)\)$")  # behind the title: awaits approval, ignored, draft
_MOST = 1000
"""Posts on a page; Discuz allows 100."""


def score(page: HtmlPage, template: Template, features: tuple[Feature, ...]) -> tuple[float, tuple[str, ...]]:
    """How surely this is a thread page of the template (0 to 1), and why."""
    if template.start.search(page.text) is None:
        return 0.0, ()
    found = [feature for feature in features if feature.pattern.search(page.text) is not None]
    doubt = 1.0
    for feature in found:
        doubt *= 1 - feature.weight
    return round(1 - doubt, 3), tuple(feature.name for feature in found)


def read(page: HtmlPage, template: Template) -> Parts:
    """Read a thread page. Never raises for what is on it."""
    pieces, head, tail = _cut(page.text, template.start)
    here, total, total_how = pages_of(head, tail)
    identity = identify(page.text, page.url, page.ref.name, here)
    made = dates.footer_time(tail)
    clock = clock_of(page, made)
    filtered = _is_filtered(identity, page, head, pieces)
    setting = Setting(template.hooks, clock, identity.base, hidden_classes(head), filtered)
    read_ones = [read_post(pid, markup, ordinal, setting) for ordinal, (pid, markup) in enumerate(pieces, 1)]
    posts = tuple(post for post, _ in read_ones)
    fields = _title(page, template) | _counters(head, pieces, template)
    extras: dict[str, Any] = fields.pop("extras", {}) | {"known_from": dict(identity.how)}
    if total is not None and not filtered:
        fields["pages_total"] = total
        extras["known_from"]["pages_total"] = total_how
    if filtered or identity.part:
        extras["filter"] = "author" if filtered else "reversed"
    for post, body in read_ones:
        if post.fields.get("is_first") and body is not None:
            kind, more = special_of(body)
            extras |= more
            fields |= {} if kind is None else {"special": kind}
    forums = _forums(page, template)
    thread = Thread(
        tid=identity.tid or _number(_TID, head, tail), fid=identity.fid or _number(_FID, tail, head), fields=fields | {"extras": extras},
        page=None if filtered or identity.part else identity.page,
    )
    return Parts(
        kind="thread", host=identity.host, view="touch", threads=(opened(thread, posts),), posts=posts, forums=forums,
        issues=tuple(issues_of(posts, thread, identity.conflicts, clock, template.kind)), **made_at(made),
    )


def _cut(text: str, start: re.Pattern[str]) -> tuple[list[tuple[int, str]], str, str]:
    """The posts (number, markup), what stands before the first, and what behind the last."""
    found: dict[int, int] = {}
    for begin in start.finditer(text):
        found.setdefault(int(begin[1]), begin.start())
        if len(found) == _MOST:
            break
    starts = sorted((at, pid) for pid, at in found.items())
    if not starts:
        return [], text, text
    last = _END.search(text, starts[-1][0])
    end = last.start() if last is not None else len(text)
    bounds = [*(at for at, _ in starts[1:]), end]
    return [(pid, text[at:bound]) for (at, pid), bound in zip(starts, bounds, strict=True)], text[: starts[0][0]], text[end:]


def _is_filtered(identity: PageIdentity, page: HtmlPage, head: str, pieces: list[tuple[int, str]]) -> bool:
    """Whether the page shows one author's posts only: its address says so, or its link to all floors."""
    if _ONE_AUTHOR.search(f"{identity.url} {page.url}") is not None:
        return True
    near = (head[-_NEAR:], pieces[0][1][:_NEAR] if pieces else "")
    return any(words in text for text in near for words in _SHOW_ALL)


def _number(pattern: re.Pattern[str], *texts: str) -> int | None:
    """A number that links and forms of the page's own carry."""
    return next((int(found[1]) for text in texts if (found := pattern.search(text)) is not None), None)


def _title(page: HtmlPage, template: Template) -> dict[str, Any]:
    """``title`` and ``type_name``; the sort goes to extras. Each of them stands in brackets before the title, on a line of its own."""
    node = next((found for selector in template.title if (found := page.tree.css_first(selector)) is not None), None)
    if node is None:
        whole = page.tree.css_first("title")
        title = "" if whole is None else plain(whole.inner_html or "").partition(" - ")[0]
        return {"title": title} if title else {}
    html = _ONLY.sub("", node.inner_html or "")
    lines = [words for line in _PARTS.split(html) if (words := plain(line))]
    before = []
    while len(lines) > 1 and (bracketed := _BRACKETED.match(lines[0])) is not None:
        before.append(bracketed[1])
        lines.pop(0)
    title = _STATES.sub("", " ".join(lines)).strip()
    named: dict[str, Any] = {"title": title} if title else {}
    if before:
        named["type_name"] = before[0]
    return named | ({"extras": {"sort": before[1]}} if len(before) > 1 else {})


def _counters(head: str, pieces: list[tuple[int, str]], template: Template) -> dict[str, int]:
    if template.counters is None:
        return {}
    texts = (head, *(markup for _, markup in pieces[:1]))
    found = next((found for text in texts if (found := template.counters.search(text)) is not None), None)
    return {} if found is None else {name: int(number) for name, number in found.groupdict().items() if number is not None}


def _forums(page: HtmlPage, template: Template) -> tuple[dict[str, object], ...]:
    """The thread's forum and those around it, outermost first: ``fid``, ``name``, ``parent_fid``."""
    found: list[dict[str, object]] = []
    for link in page.tree.css(template.forum):
        target = read_url(link.attributes.get("href") or "")
        name = plain(link.inner_html or "")
        beside = link.parent.css_first(".name") if not name and link.parent is not None else None
        name = name or (plain(beside.inner_html or "") if beside is not None else "")
        if target.kind == "forum" and target.fid is not None and name and target.fid not in {row["fid"] for row in found}:
            found.append({"fid": target.fid, "name": name, **({"parent_fid": found[-1]["fid"]} if found else {})})
    return tuple(found)
