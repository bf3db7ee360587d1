"""The slow, tolerant engine: posts on pages that no other engine knows, found by their shape. The only door to BeautifulSoup (on lxml).

It reads skins that renamed everything, and other forum software roughly: what it gives is marked as such, and poorer than what an engine
of the family would give. Pages that hold no posts give none.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from forumclean.parser import dates
from forumclean.parser.engines.discuz_lists import page_time
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.engines.tolerant_blocks import find_region, find_single
from forumclean.parser.engines.tolerant_fields import Found, read_blocks
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
MAX_TAGS = 120_000
"""Opening brackets of a page that is searched: about 3 seconds and 150 MB; a Discuz page of 20 posts has 3,000."""
MAX_DEPTH = 100
"""Levels that are looked at: skins nest tables 40 deep."""
_SKIPPED = frozenset({"script", "style", "noscript", "select", "option", "textarea", "template", "iframe", "object", "button", "title", "head"})
_DIGITS = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20)\d\d|[分天秒]\w{0,2}前|昨天|前天|小[时時]前")
_HREF = re.compile(r"href\s*=", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^>]{0,100}>([^<]{1,500})</title", re.IGNORECASE)
_TAIL = re.compile(r"\s[-–—|_]\s|\s?[|｜]\s?|_")
"""What stands between the parts of a page's title."""
_NOTICE_ONLY = 150
"""Characters of a message that is a notice and nothing else."""


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """A low score for every page with links and something like a date: ask the other engines first, then see what ``read`` finds."""
    if len(page.text) > MAX_TEXT or page.text.count("<") > MAX_TAGS:
        return 0.0, ()
    if _HREF.search(page.text) is None or _YEAR.search(page.text) is None:
        return 0.0, ()
    return 0.1, ("links and dates",)


def read(page: HtmlPage) -> Parts:
    """The posts of a page by their shape; kind ``html`` and no posts where there are none.

    Posts carry what was found: author_name, author_uid, created_at, floor_label, quotes, attachments; ``issues`` say what is unsure.
    """
    if page.text.count("<") > MAX_TAGS or len(page.text) > MAX_TEXT:
        return Parts(kind="html", issues=(_issue("warning", "too-large-to-search", "no engine knows this page, and it is too large to search for posts"),))
    identity = identify(page.text, page.url, page.ref.path)
    soup = BeautifulSoup(page.text, "lxml")
    outline, elements = outline_of(soup)
    is_thread = identity.kind == "thread"
    region = None if identity.kind in {"forum", "index", "login"} else find_region(outline, is_thread=is_thread)
    if region is None and is_thread:
        region = find_single(outline)
    if region is None:
        return Parts(kind="html", host=identity.host)
    made = page_time(page.text)
    local, now = _clock(page, made)
    found = read_blocks(outline, region, local, now)
    hidden = hidden_classes(page.text)
    posts = tuple(_post(number, said, elements[said.message], identity.base, hidden, local, now) for number, said in enumerate(found, 1))
    return Parts(
        kind="thread", host=identity.host,
        captured_at=None if made is None else dates.utc(made), captured_how=None if made is None else "page",
        timezone=None if made is None else dates.offset_name(made), timezone_source=None if made is None else "page",
        view="flattened", threads=(_thread(page, identity, outline),), posts=posts, issues=_issues(outline, found),
    )  # fmt: skip


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
    classes = node.get("class") or []
    names = sorted(_DIGITS.sub("", name) for name in (classes if isinstance(classes, list) else [classes]))
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


def _post(
    number: int, said: Found, element: Tag, base: str | None, hidden: frozenset[str], local: tzinfo, now: datetime | None,
) -> Post:
    message = read_message(normal(element.decode_contents()), base, hidden)
    fields: dict[str, Any] = {"author_name": said.name, "author_uid": said.uid, "floor_label": said.floor}
    if said.name in {"匿名", "Anonymous"}:
        fields["author_kind"] = "anonymous"
    if said.when is not None:
        fields |= {"created_at": said.when.at, "created_at_precision": said.when.precision}
    if message.edited is not None:
        edited = dates.when(message.edited["at"], local, now)
        fields["edited_by"] = message.edited["by"].strip()
        fields |= {} if edited is None else {"edited_at": edited.at, "edited_at_precision": edited.precision}
    quotes = [{"pid": quote.pid, "author": quote.author, "at": _at(quote.at, local, now), "text": quote.text} for quote in message.quotes]
    fields |= {"quotes": quotes or None, "attachments": [dict(file) for file in message.attachments] or None, "extras": message.extras or None}
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


def _at(written: str | None, local: tzinfo, now: datetime | None) -> str | None:
    found = dates.when(written, local, now) if written else None
    return None if found is None else found.at


def _thread(page: HtmlPage, identity: PageIdentity, outline: Outline) -> Thread:
    title = _title(page.text, outline)
    return Thread(ordinal=0, tid=identity.tid, fid=identity.fid, page=identity.page, fields={"title": title} if title else {})


def _title(text: str, outline: Outline) -> str | None:
    """A heading that the page's title starts with, else the first part of that title."""
    found = _TITLE.search(text)
    if found is None:
        return None
    whole = " ".join(str(BeautifulSoup(found[1], "lxml").get_text()).split())
    headings = [outline.words(element) for element, tag in enumerate(outline.tags) if tag in {"h1", "h2", "h3"} and outline.length(element) <= MAX_LINE]
    fitting = [words for words in headings if words and whole.startswith(words)]
    return max(fitting, key=len) if fitting else _TAIL.split(whole)[0].strip() or None


def _issues(outline: Outline, found: list[Found]) -> tuple[Issue, ...]:
    """What is unsure about the posts."""
    issues = [_issue("warning", "unknown-skin", f"no engine knows this page: its {len(found)} posts were found by their shape, roughly")]
    for code, message, count in (
        ("author-missing", "posts without an author", sum(said.name is None for said in found)),
        ("time-missing", "posts without a time", sum(said.when is None for said in found)),
        ("message-doubtful", "posts whose text may hold more than the message", sum(not said.sure for said in found)),
    ):
        if count:
            issues.append(_issue("warning", code, f"{message}: {count} of {len(found)}"))
    if outline.cut:
        issues.append(_issue("warning", "nested-too-deep", f"elements nested more than {MAX_DEPTH} deep were not looked at"))
    return tuple(issues)


def _issue(level: Any, code: str, message: str) -> Issue:
    return Issue(level=level, stage="parse", code=code, message=message)


TOLERANT = Engine("tolerant", "flattened", score, read)
