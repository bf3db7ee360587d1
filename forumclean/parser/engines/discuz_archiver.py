"""The archiver view of Discuz, 4.1 to X3.5 (``archiver/include/thread.inc.php``, ``template/default/forum/archiver``) → threads, posts, lists.

A bare copy for search engines: author and time, then the message; no numbers of posts or members. Up to 7.2 the BBCode stays raw, the
jammer is there in a grammar of its own, and a page has twice the posts of an ordinary one. X has no jammer, leaves out what stands in
square brackets, and says nothing at all of banned posts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.board_urls import Target, read_url
from forumclean.parser.engines.discuz_archiver_lists import forums_of, threads_of
from forumclean.parser.engines.discuz_x_author import time_of
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.engines.not_content_table import MESSAGES
from forumclean.parser.engines.thread_page import clock_of, issues_of, made_at, opened, say, state_of
from forumclean.parser.markup.message import read_message
from forumclean.parser.markup.tokens import attributes_of, plain
from forumclean.parser.markup.tree import normal
from forumclean.parser.notices import notice_in
from forumclean.parser.page_identity import PageIdentity, identify
from forumclean.records import Issue, Post, Thread

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_author import Clock
    from forumclean.records import Level

_POSTED = r"(?:发表于|發表於|发布于|[Pp]osted(?: on| at)?|[Pp]ost [Aa]t|on)?"
_NAME = r"(?P<author>[^<]{0,120}(?:<(?!/?(?:p|div|td|strong|cite)\b)[^>]{0,100}>[^<]{0,120}){0,4}?)"
_AT = r"(?P<at>[^<]{2,60}?|<span\b[^>]{1,60}>[^<]{1,40}</span>)"


class Layout(NamedTuple):
    """How a generation prints a post."""

    name: str
    head: re.Pattern[str]
    """Author and time; what follows is the message."""
    ends: tuple[str, ...]
    """What ends the last message of a page, and for layouts with a box around it, each."""


LAYOUTS = (
    # 6.1 to X3.5: <p class="author"><strong>NAME</strong> 发表于 DATE</p>MESSAGE
    Layout("p.author", re.compile(rf"""<p\ class="?author"?>\s*<strong>\s*{_NAME}</strong>\s*{_POSTED}\s*{_AT}\s*</p>""", re.VERBOSE | re.IGNORECASE),
           ('<div class="page"', '<div id="end"', '<div id="footer"')),
    # 6.0: <div class="archiver_post"><p><cite>NAME</cite> DATE</p><div class="archiver_postbody">MESSAGE</div></div>
    Layout("archiver_post", re.compile(
        rf"""<div\ class="archiver_post">\s*<p>\s*<cite>\s*{_NAME}</cite>\s*{_POSTED}\s*{_AT}\s*</p>\s*<div\ class="archiver_postbody">""",
        re.VERBOSE | re.IGNORECASE), ("</div>\n</div>", '<div class="archiver_pages"')),
    # 4.1 and 5: <td class="bold">NAME</td><td align="right">DATE</td>…<td … class="smalltxt">MESSAGE</td>
    Layout("table", re.compile(
        rf"""<td\ class="bold">\s*{_NAME}</td>\s*<td\ align="right">\s*{_AT}\s*</td>\s*(?:</tr>\s*)?</table>\s*</td>\s*</tr>\s*
             <tr>\s*<td[^>]{{0,100}}\bclass="smalltxt">""", re.VERBOSE | re.IGNORECASE), ("</td></tr>\n</table><br>", "</td></tr></table>")),
)  # fmt: skip
_SUBJECT = re.compile(r"\s*<h[23]>([^<]{0,400})</h[23]>\s*")
_BOLD = re.compile(r"\s*<b>([^<]{1,400})</b><br><br>")
"""A subject in 4.1 and 5, where nothing else is bold: BBCode is raw."""
_HIDDEN = re.compile(r"<b>(\*{4} ?Hidden Message ?\*{5})</b>((?:<font style=[^>]{0,60}>[^<]{0,400}</font>)?)(?:<br>\n?)?")
"""With the line break behind it, which a box has of itself, and the jammer in front of that."""
_LAST_LINE = re.compile(r"(?:</div>|<br>\n?|\A)((?:[^<]|<(?!br>|div|/div)[^>]*>)*)\Z")
_TITLE = re.compile(r"<title>[^<]{0,400}\bArchiver\b[^<]{0,60}</title>", re.IGNORECASE)
_HEADING = re.compile(r"<h[12][^>]{0,100}>[^<]{0,200}'s Archiver\s*</h[12]>|<meta\b[^>]{0,60}content=\"Discuz! Archiver")
_LINKS = re.compile(r"""<a\b[^>]{0,60}\bhref=["']?[^"'>\s]{0,200}?\b[tf]id-\d{1,12}(?:-page-\d{1,6})?\.html""")
# 查看完整版本 (see the full version): <a href="…viewthread…tid=23">TITLE</a>
_FULL = re.compile(r"""(?:完整版本|full version)\s*[:：]\s*(?:<strong>\s*)?<a\b([^>]{1,500})>(?:\s*<strong>)?([^<]{1,400})""", re.IGNORECASE)
_FULL_6_0 = re.compile(r"""<h1>\s*<a\b([^>]{1,500})>\s*[^<:：]{0,20}(?:完整版本|full version)\s*[:：]\s*([^<]{1,400})""", re.IGNORECASE)
_CURRENT = re.compile(r"<strong>\[(\d{1,7})\]</strong>")
_NUMBERED = re.compile(r"""<a\b[^>]{0,300}[?&;-]page[=-](\d{1,7})[^>]{0,40}>""")
_NAV = re.compile(r"""<div id="nav">(.{0,4000}?)</div>|<td[^>]{0,60}class="bold">(<a href="archiver/">.{0,4000}?)</td>""", re.DOTALL)
_LINK = re.compile(r"<a\b([^>]{1,500})>((?:[^<]|<(?!/a>)[^>]*>){1,400}?)</a>")
_KINDS = {"匿名": "anonymous", "匿名者": "anonymous", "Anonymous": "anonymous", "游客": "guest", "遊客": "guest", "Guest": "guest"}
_EXPECTED: tuple[tuple[str, str, Level], ...] = (("author_kind", "no-author", "info"), ("created_at", "no-time", "warning"))
_SHORT = 200
_AROUND = 20_000
"""Characters before and behind the posts in which the page numbers stand."""


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """How surely this is an archiver page (0 to 1), and why: by heads of posts or links to ``tid-N.html`` and by what names it so."""
    text = page.text
    if "rchiver" not in text:
        return 0.0, ()
    heads = next((found for layout in LAYOUTS if (found := layout.head.search(text))), None)
    signs = (
        (0.4, "title of an archiver", _TITLE.search(text, 0, 20_000)), (0.4, "heading of an archiver", _HEADING.search(text, 0, 20_000)),
        (0.5, "link to the full version", _FULL.search(text) or _FULL_6_0.search(text)),
        (0.6, "heads of posts", heads),
        (0.4, "links of an archiver", _LINKS.search(text)),
    )  # fmt: skip
    told = [(weight, name) for weight, name, sign in signs if sign is not None]
    if not any(name.endswith(("archiver", "version")) and not name.startswith("links") for _, name in told):
        return 0.0, ()
    doubt = 1.0
    for weight, _ in told:
        doubt *= 1 - weight
    return round(1 - doubt, 3), tuple(name for _, name in told)


def read(page: HtmlPage) -> Parts:
    """Read an archiver page: a thread, the list of a forum, or the index. Never raises for what is on it."""
    text = page.text
    full = _FULL.search(text) or _FULL_6_0.search(text)
    here = _CURRENT.search(text)
    identity = identify(text, page.url, page.ref.name, int(here[1]) if here is not None else None)
    made = dates.footer_time(text)
    layout = next((layout for layout in LAYOUTS if layout.head.search(text)), LAYOUTS[0])
    starts = list(layout.head.finditer(text))
    told = made_at(made) | {"host": identity.host, "view": "archiver"}
    if not starts:
        return _list(page, identity, told)
    clock = clock_of(page, made)
    ends = [*(found.start() for found in starts[1:]), _last(text, layout, starts[-1].end())]
    posts = tuple(
        _post((found, _until(text[found.end() : end], layout)), ordinal, clock, identity) for ordinal, (found, end) in enumerate(zip(starts, ends, strict=True), 1)
    )
    thread = _thread(text, full, identity, starts[0].start(), ends[-1])
    return Parts(
        kind="thread", threads=(opened(thread, posts),), posts=posts, forums=_trail(text),
        issues=tuple(issues_of(posts, thread, identity.conflicts, clock, "an archiver page", expected=_EXPECTED)), **told,
    )


def _last(text: str, layout: Layout, start: int) -> int:
    """Where the last message of a page ends."""
    found = (text.find(end, start) for end in layout.ends)
    return min((at for at in found if at >= 0), default=len(text))


def _until(markup: str, layout: Layout) -> str:
    """A message without what closes the box around it."""
    if layout.name == "p.author":
        return markup
    found = (markup.rfind(end) for end in layout.ends)
    return markup[: max(found, default=-1)] if any(end in markup for end in layout.ends) else markup


def _post(found: tuple[re.Match[str], str], ordinal: int, clock: Clock, identity: PageIdentity) -> Post:
    head, markup = found
    fields: dict[str, Any] = {}
    if author := plain(head["author"]):
        fields["author_name"] = author
        fields["author_kind"] = _KINDS.get(author, "member")
    else:
        fields["author_kind"] = "guest"  # nobody else has no name
    fields |= time_of(head["at"], clock)
    if ordinal == 1 and identity.page == 1:
        fields["is_first"] = True
    html = normal(markup).strip(" \t\r\n")
    subject = _SUBJECT.match(html) or _BOLD.match(html)
    if subject is not None:
        html = html[subject.end() :]
        if words := plain(subject[1]):
            fields["subject"] = words
    elif 'class="author"' in head[0] and not html.replace("<br>", "").strip():  # X prints neither subject nor message of a banned author's post
        return Post(ordinal=ordinal, body=None, state="missing", fields=fields)
    html, boxed = _noticed(html)
    message = read_message(html, identity.base)
    say(fields, message, clock)
    return Post(ordinal=ordinal, body=message.body, html=message.html, state=state_of(message, boxed=boxed), fields=fields)


def _noticed(html: str) -> tuple[str, bool]:
    """A message with its notices as boxes, as other views have them; whether one stands in place of the message."""
    html = _HIDDEN.sub(r'<div class="locked">\1</div>\2', html)
    last = _LAST_LINE.search(html)
    words = plain(last[1]) if last is not None else ""
    if last is None or len(words) > _SHORT or notice_in(words.lstrip("* ")) is None:
        return html, False
    alone = last.start(1) == 0 and words.strip("* ") != ""
    return f'{html[: last.start(1)]}<div class="locked">{words.strip("* ") if alone else last[1]}</div>', alone


def _thread(text: str, full: re.Match[str] | None, identity: PageIdentity, start: int, end: int) -> Thread:
    fields: dict[str, Any] = {"extras": {"known_from": dict(identity.how)}}
    target = _target(full)
    trail = _NAV.search(text[:start])
    title = plain(full[2]) if full is not None else ""
    if not title and trail is not None:
        title = plain((trail[1] or trail[2]).rpartition("</a>")[2]).strip("»›> ")
    if title:
        fields["title"] = title
    tid = identity.tid if identity.tid is not None or target is None else target.tid
    fids = [forum["fid"] for forum in _trail(text)]
    if identity.page is not None:  # up to 7.2 of pages with twice the posts of ordinary ones
        around = text[max(start - _AROUND, 0) : start], text[end : end + _AROUND]
        fields["pages_total"] = max([identity.page, *(int(number) for part in around for number in _NUMBERED.findall(part))])
    fid = identity.fid if identity.fid is not None else fids[-1] if fids else None
    return Thread(tid=tid, fid=fid if isinstance(fid, int) else None, page=identity.page, fields=fields)


def _target(full: re.Match[str] | None) -> Target | None:
    """Where the link to the full version leads."""
    return None if full is None else read_url(attributes_of(full[1]).get("href", "").strip("\"'") or _bare(full[1]))


def _bare(written: str) -> str:
    """The value of ``href`` without quotes, as 4.1 to 7.2 print some."""
    found = re.search(r"\bhref=([^\s\"'>]{1,400})", written)
    return found[1] if found is not None else ""


def _trail(text: str) -> tuple[dict[str, object], ...]:
    """The forums in the breadcrumbs, outermost first."""
    nav = _NAV.search(text)
    found: list[dict[str, object]] = []
    for written, inner in _LINK.findall((nav[1] or nav[2]) if nav is not None else ""):
        target = read_url(attributes_of(written).get("href", ""))
        if target.kind == "forum" and target.fid is not None and (name := plain(inner)):
            found.append({"fid": target.fid, "name": name} | ({"parent_fid": found[-1]["fid"]} if found else {}))
    return tuple(found)


def _list(page: HtmlPage, identity: PageIdentity, told: dict[str, Any]) -> Parts:
    """A forum's list, the index, or the note that there is no such thread."""
    trail = _trail(page.text)
    full = _FULL.search(page.text) or _FULL_6_0.search(page.text)
    target = _target(full)
    fid = identity.fid if identity.fid is not None else target.fid if target is not None else None
    threads = threads_of(page.tree, fid)
    forums = forums_of(page.tree, fid)
    own = ({"fid": fid, "name": plain(full[2])},) if fid is not None and full is not None and target is not None and target.kind == "forum" else ()
    if threads or forums:
        kind = "forum_list" if threads or fid is not None else "index"
        return Parts(kind=kind, threads=threads, forums=(*own, *(forum for forum in (*trail, *forums) if forum["fid"] != fid)), **told)
    node = page.tree.css_first("#content") or page.tree.body
    words = "" if node is None else " ".join((node.text() or "").split())
    sign = next((sign for sign in MESSAGES if sign.pattern.search(words)), None) if len(words) < _SHORT else None
    if sign is None:
        issue = Issue(level="warning", stage="parse", code="empty-list", message="an archiver page with neither posts nor a list")
        return Parts(kind="forum_list", issues=(issue,), **told)
    issue = Issue(level="info", stage="parse", code="not-content", message=f"no content but {sign.status} ({sign.name}): {words}")
    return Parts(kind="notice", status=sign.status, issues=(issue,), **told)


DISCUZ_ARCHIVER = Engine("discuz-archiver", "archiver", score, read)
