"""The slow, tolerant engine: posts on pages that no other engine knows, found by their shape. The only door to BeautifulSoup (on lxml).

It reads skins that renamed everything, and other forum software roughly: what it gives is marked as such, and poorer than what an engine
of the family would give. Pages that hold no posts give none.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from forumclean.parser import dates
from forumclean.parser.engines.discuz_lists import page_time
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.engines.tolerant_blocks import Region, find_region, find_single
from forumclean.parser.engines.tolerant_fields import Found, alike, read_blocks
from forumclean.parser.engines.tolerant_outline import Anchor, Moment, Outline, Piece
from forumclean.parser.engines.tolerant_signs import MAX_LINE, time_within
from forumclean.parser.markup.message import read_message
from forumclean.parser.markup.noise import hidden_classes
from forumclean.parser.markup.tree import normal
from forumclean.parser.notices import notice_in
from forumclean.parser.page_identity import PageIdentity, identify
from forumclean.records import Issue, Post, Thread

if TYPE_CHECKING:
    from datetime import tzinfo

MAX_TEXT = 6 * 10**6
MAX_TAGS = 90_000
"""Opening brackets of a page that is searched: a few seconds and 150 MB; a Discuz page of 20 posts has 3,000."""
MAX_DEPTH = 100
"""Levels that are looked at: skins nest tables 40 deep."""
_SKIPPED = frozenset(
    {"script", "style", "noscript", "select", "option", "textarea", "template", "iframe", "object", "button", "title", "head"}
)
_PROLOG = re.compile(r"\s*<\?xml\b[^>]{0,200}>")
_XML = re.compile(
    r"""\s* (?:<\?xml\b[^>]{0,200}>)? \s* (?:<!--.{0,500}?-->\s*)?      # prolog, comment
        <(?:rss|feed|urlset|sitemapindex|root|wml|rdf:\w+)\b""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""Feeds and other XML that is no page."""
_DIGITS = re.compile(r"\d+")
_DATED = re.compile(r"(?:19|20)\d\d|[分天秒]\w{0,2}前|昨天|前天|小[时時]前")
_HREF = re.compile(r"href\s*=", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^>]{0,100}>([^<]{1,500})</title", re.IGNORECASE)
_TAIL = re.compile(r"\s[-–—|_]\s|\s?[|｜]\s?|_")
"""What stands between the parts of a page's title."""
_NOTICE_ONLY = 150
"""Characters of a message that is a notice and nothing else."""


class _Search(NamedTuple):
    """A page in which posts were found."""

    outline: Outline
    elements: list[Tag]
    region: Region


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """0.6 if the page holds posts, 0 if not. Slow: to be asked where no other engine knows the page."""
    found = _search(page.text, _kind(page))
    return (0.0, ()) if found is None else (0.6, (f"{len(found.region.blocks)} repeated blocks with an author, a time and a text",))


def read(page: HtmlPage) -> Parts:
    """The posts of a page by their shape; kind ``html`` and no posts where there are none.

    Posts carry what was found: author_name, author_uid, created_at, floor_label, quotes, attachments; ``issues`` say what is unsure.
    """
    identity = identify(page.text, page.url, page.ref.name)
    found = _search(page.text, identity.kind)
    _search.cache_clear()
    if found is None:
        heavy = _too_heavy(page.text)
        issues = (_issue("too-large-to-search", "not searched for posts: too large"),) if heavy else ()
        return Parts(kind="html", host=identity.host, issues=issues)
    made = page_time(page.text)
    clock = _clock(page, made)
    said = read_blocks(found.outline, found.region, *clock)
    setting = _Setting(identity.base, hidden_classes(page.text), *clock)
    posts = tuple(_post(number, one, found.elements[one.message], setting) for number, one in enumerate(said, 1))
    return Parts(
        kind="thread", host=identity.host,
        captured_at=None if made is None else dates.utc(made), captured_how=None if made is None else "page",
        timezone=None if made is None else dates.offset_name(made), timezone_source=None if made is None else "page",
        view="flattened", threads=(_thread(page, identity, found.outline),), posts=posts, issues=_issues(found.outline, said),
    )  # fmt: skip


def _kind(page: HtmlPage) -> str | None:
    return identify(page.text, page.url, page.ref.name).kind


def _too_heavy(text: str) -> bool:
    return len(text) > MAX_TEXT or text.count("<") > MAX_TAGS


@lru_cache(maxsize=1)
def _search(text: str, kind: str | None) -> _Search | None:
    """Look for posts; kept until ``read`` has used it, as ``score`` comes just before."""
    if _too_heavy(text) or _HREF.search(text) is None or _DATED.search(text) is None or _XML.match(text) is not None:
        return None
    if kind in {"forum", "index", "login"}:
        return None
    outline, elements = outline_of(BeautifulSoup(_PROLOG.sub("", text, count=1), "lxml"))
    region = find_region(outline, is_thread=kind == "thread")
    if region is not None and not alike(outline, region):
        region = None
    if region is None and kind == "thread":
        region = find_single(outline)
    return None if region is None else _Search(outline, elements, region)


def outline_of(soup: BeautifulSoup) -> tuple[Outline, list[Tag]]:
    """The page as flat lists, and the element that each number stands for. Scripts, controls and what is nested too deep are left out."""
    outline = Outline()
    elements: list[Tag] = []
    texts: list[str] = []
    length = 0
    # (element or None to close the innermost one, its parent, whether it is inside a link, its column in a table's row)
    stack: list[tuple[Tag | NavigableString | None, int, bool, int]] = [(soup, -1, False, 0)]
    depth = 0
    while stack:
        node, parent, linked, column = stack.pop()
        if node is None:
            depth -= 1
            outline.lasts[parent] = len(elements) - 1
            outline.ends[parent] = length
        elif isinstance(node, Tag):
            if node.name in _SKIPPED:
                continue
            number = len(elements)
            elements.append(node)
            _enter(outline, node, parent, length, column)
            if depth >= MAX_DEPTH:
                outline.cut = True
                continue
            depth += 1
            linked = linked or node.name == "a"
            stack.append((None, number, False, 0))
            stack.extend((child, number, linked, place) for child, place in reversed(_children(node)))
        elif not isinstance(node, PreformattedString) and (text := str(node)).strip():
            outline.pieces.append(Piece(parent, length, length + len(text), linked))
            outline.free.append(outline.free[-1] + (0 if linked else len(text.strip())))
            _look(outline, parent, text)
            texts.append(text)
            length += len(text)
    outline.text = "".join(texts)
    outline.moments.sort(key=lambda moment: moment.element)
    return outline, elements


def _children(node: Tag) -> list[tuple[Tag | NavigableString, int]]:
    """The children of an element, cells with their column."""
    found: list[tuple[Tag | NavigableString, int]] = []
    column = 0
    for child in node.contents:
        if isinstance(child, Tag):
            column += child.name in {"td", "th"}
            found.append((child, column))
        elif isinstance(child, NavigableString):
            found.append((child, 0))
    return found


def _enter(outline: Outline, node: Tag, parent: int, length: int, column: int) -> None:
    """Note an element: its names, its links and times in attributes."""
    number = len(outline.tags)
    identifier = str(node.get("id") or node.get("name") or "") if node.name != "input" else ""
    classes = node.get("class")
    names = sorted(_DIGITS.sub("", name) for name in (classes if isinstance(classes, list) else str(classes or "").split()))
    outline.tags.append(node.name)
    outline.plain.append(f"{node.name}{column}" if node.name in {"td", "th"} else node.name)
    outline.keys.append(".".join([outline.plain[-1], *names[:6]]) + "#" + _DIGITS.sub("", identifier))
    outline.ids.append(identifier[:60])
    outline.parents.append(parent)
    outline.lasts.append(number)
    outline.starts.append(length)
    outline.ends.append(length)
    if node.name == "a" and node.get("href"):
        outline.anchors.append(Anchor(number, str(node["href"])))
    for written in (node.get("datetime"), node.get("title")):
        if isinstance(written, str) and len(written) <= MAX_LINE and (found := time_within(written)) is not None:
            outline.moments.append(Moment(number, written if node.get("datetime") else found[0], labelled=True))
            break


def _look(outline: Outline, element: int, text: str) -> None:
    """Note a time in a run of text, unless the element's own title states it."""
    if outline.moments and outline.moments[-1].element == element:
        return
    line = " ".join(text.split())
    found = time_within(line)
    if found is not None:
        outline.moments.append(Moment(element, found[0], found[1]))


def _clock(page: HtmlPage, made: datetime | None) -> tuple[tzinfo, datetime | None]:
    """The zone of the page's times and what relative ones refer to."""
    if made is not None:
        return made.tzinfo or page.zone, made
    return page.zone, datetime.fromisoformat(page.captured_at) if page.captured_at else None


class _Setting(NamedTuple):
    """What all posts of a page share: where links lead from, classes that its styles hide, zone and time."""

    base: str | None
    hidden: frozenset[str]
    local: tzinfo
    now: datetime | None


def _post(number: int, said: Found, element: Tag, setting: _Setting) -> Post:
    message = read_message(normal(element.decode_contents()), setting.base, setting.hidden)
    fields: dict[str, Any] = {"author_name": said.name, "author_uid": said.uid, "floor_label": said.floor}
    if said.name in {"匿名", "Anonymous"}:
        fields |= {"author_name": None, "author_kind": "anonymous"}
    if said.when is not None:
        fields |= {"created_at": said.when.at, "created_at_precision": said.when.precision}
    if message.edited is not None:
        edited = dates.when(message.edited["at"], setting.local, setting.now)
        fields["edited_by"] = message.edited["by"].strip()
        fields |= {} if edited is None else {"edited_at": edited.at, "edited_at_precision": edited.precision}
    quotes = [{"pid": quote.pid, "author": quote.author, "at": _at(quote.at, setting), "text": quote.text} for quote in message.quotes]
    fields |= {"quotes": quotes or None, "attachments": [dict(file) for file in message.attachments] or None}
    fields["extras"] = message.extras or None
    state: Any = _state(message.body.text, message.notices)
    return Post(
        ordinal=number, body=message.body, html=message.html, pid=said.pid, state=state,
        fields={name: value for name, value in fields.items() if value is not None},
    )  # fmt: skip


def _state(text: str, notices: tuple[tuple[str, str], ...]) -> str:
    """What a notice makes of a post that holds nothing else; skins may have renamed its box, not its words."""
    text = text.strip()
    if len(text) > _NOTICE_ONLY:
        return "ok"
    if notices:
        return notices[0][0]
    said = notice_in(text.partition("\n")[0])
    return "ok" if said is None else said[0].state


def _at(written: str | None, setting: _Setting) -> str | None:
    found = dates.when(written, setting.local, setting.now) if written else None
    return None if found is None else found.at


def _thread(page: HtmlPage, identity: PageIdentity, outline: Outline) -> Thread:
    title = _title(page.text, outline)
    return Thread(ordinal=0, tid=identity.tid, fid=identity.fid, page=identity.page, fields={"title": title} if title else {})


def _title(text: str, outline: Outline) -> str | None:
    """A heading that the page's title starts with, else one that is a part of it but the last (the board), else its first part."""
    found = _TITLE.search(text)
    if found is None:
        return None
    whole = " ".join(unescape(found[1]).split())
    elements = [element for element, tag in enumerate(outline.tags) if tag in {"h1", "h2", "h3"}]
    headings = [outline.words(element) for element in elements if outline.length(element) <= MAX_LINE]
    parts = [part.strip() for part in _TAIL.split(whole)]
    fitting = [words for words in headings if words and whole.startswith(words)] or [words for words in headings if words in parts[:-1]]
    return max(fitting, key=len) if fitting else parts[0] or None


def _issues(outline: Outline, found: list[Found]) -> tuple[Issue, ...]:
    """What is unsure about the posts."""
    issues = [_issue("unknown-skin", f"no engine knows this page: its {len(found)} posts were found by their shape, roughly")]
    for code, message, count in (
        ("author-missing", "posts without an author", sum(said.name is None for said in found)),
        ("time-missing", "posts without a time", sum(said.when is None for said in found)),
        ("message-doubtful", "posts whose text may hold more than the message", sum(not said.sure for said in found)),
    ):
        if count:
            issues.append(_issue(code, f"{message}: {count} of {len(found)}"))
    if outline.cut:
        issues.append(_issue("nested-too-deep", f"elements nested more than {MAX_DEPTH} deep were not looked at"))
    return tuple(issues)


def _issue(code: str, message: str) -> Issue:
    return Issue(level="warning", stage="parse", code=code, message=message)


TOLERANT = Engine("tolerant", "flattened", score, read)
