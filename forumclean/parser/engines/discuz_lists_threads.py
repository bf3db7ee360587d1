"""Rows of a Discuz! list (6.0 to X3.5) → ``Thread`` records.

A row is found by its id, its fields by what they link to (a user, a thread, the last post); classes only tell cells apart. No
digest badge says “0” only where the row shows the folder icon with its words, as the stock template always does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.board_urls import Target, read_url
from forumclean.records import Thread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from forumclean.parser.markup.tree import Node

_ROW = re.compile(r"^(normal|stick)thread_(\d{1,15})$")
# the icon of a row: `pin_3.gif`, `tpin3` (X3.5); its words, zh-CN and zh-TW: sticky everywhere, in the category, in this forum; closed
_PIN = re.compile(r"pin_?(\d)")
_STICKY_WORDS = {"全局置顶": 3, "全局置頂": 3, "分类置顶": 2, "分類置頂": 2, "本版置顶": 1, "本版置頂": 1}
_CLOSED = re.compile(r"关闭的主题|關閉的主題|folder_lock|\btlock\b")
_DIGEST = re.compile(r"digest_(\d)|精[华華]\s?(\d)")
_SPECIAL = (
    # images are named alike in every language; the words are alt texts: poll, trade, reward, activity, debate
    ("poll", re.compile(r"pollsmall|投票")), ("trade", re.compile(r"tradesmall|商品")), ("reward", re.compile(r"rewardsmall|悬赏|懸賞")),
    ("activity", re.compile(r"activitysmall|活动|活動")), ("debate", re.compile(r"debatesmall|辩论|辯論")),
)  # fmt: skip
_BRACKETS = re.compile(r"[\[【]\s?(.{1,80}?)\s?[\]】]")
_MOVED = re.compile(r"(?:移动|移動|转移|轉移|Moved)\s?[:：]")
# what stands behind a title in brackets: read permission, price, reward and its unit, solved
_BEHIND = (
    ("readperm", re.compile(r"\[\s?(?:阅读权限|閱讀權限)\s?(\d+)\s?\]")),
    ("price", re.compile(r"\[\s?(?:售价|售價)[^\d\]]{0,20}(\d+)\s?[^\]]{0,20}\]")),
    ("reward", re.compile(r"\[\s?(?:悬赏|懸賞)[^\d\]]{0,20}(\d+)\s?[^\]]{0,20}\]")),
)
_SOLVED = re.compile(r"\[\s?(?:已解决|已解決)\s?\]")
_ANONYMOUS = {"匿名", "Anonymous"}
_BY = re.compile(r"^by\s+")
"""In front of the last author (D6)."""
_REPLIES = re.compile(r"(?:回复|回復|回覆)\s?[:：]?\s?(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Here:
    """What every row of a page shares: the forum, the zone of its times, the time they are relative to."""

    fid: int | None
    zone: tzinfo
    now: datetime | None


class _Link(NamedTuple):
    node: Node
    target: Target
    href: str

    @property
    def text(self) -> str:
        """Asked of few links only."""
        return plain(self.node)


def thread_rows(rows: Sequence[Node], here: Here) -> tuple[Thread, ...]:
    """The threads of a list, numbered from 1; a row whose id is not one is left out."""
    found: list[Thread] = []
    for row in rows:
        name = _ROW.match(row.attributes.get("id") or "")
        if name is not None:
            found.append(_thread(row, len(found) + 1, int(name[2]), here, sticky=name[1] == "stick"))
    return tuple(found)


def picture_rows(rows: Sequence[Node], here: Here) -> tuple[Thread, ...]:
    """The threads of a list in picture mode (``#waterfall li``): title, author, replies."""
    found: list[Thread] = []
    for row in rows:
        links = _links(row)
        titled = [link for link in links if link.target.kind == "thread" and link.text and not link.text.isdigit()]
        if not titled or titled[0].target.tid is None:
            continue
        fields: dict[str, Any] = {"title": titled[0].node.attributes.get("title") or titled[0].text}
        fields |= _person([link for link in links if link.target.kind == "user"], "author_name", "author_uid")
        replies = _REPLIES.search(plain(row))
        if replies is not None:
            fields["replies"] = int(replies[1])
        found.append(Thread(ordinal=len(found) + 1, tid=titled[0].target.tid, fid=here.fid, fields=fields))
    return tuple(found)


def plain(node: Node) -> str:
    """The text of a node on one line."""
    return " ".join((node.text() or "").split())


def count_in(node: Node | None) -> int | None:
    """A counter: the exact number in a ``title`` where the text says ``12万`` (120,000), else the text if it is a number."""
    if node is None:
        return None
    for inner in (node, *node.css("[title]")):
        exact = (inner.attributes.get("title") or "").strip()
        if exact.isdigit():
            return int(exact)
    text = plain(node).replace(",", "")
    return int(text) if text.isascii() and text.isdigit() else None


def time_in(node: Node | None, here: Here, name: str) -> dict[str, str]:
    """``{name: UTC, name_precision: …}`` of a node: from the ``title`` (absolute) where there is one, else from its text."""
    if node is None:
        return {}
    written = [inner.attributes.get("title") or "" for inner in (node, *node.css("[title]"))]
    for text in (*written, plain(node)):
        moment = dates.when(text, here.zone, here.now) if text else None
        if moment is not None:
            return {name: moment.at, f"{name}_precision": moment.precision}
    return {}


def _thread(row: Node, ordinal: int, tid: int, here: Here, *, sticky: bool) -> Thread:
    links = _links(row)
    fields: dict[str, Any] = {}
    extras: dict[str, Any] = {}
    title = _title(row, links, tid)
    name = "\0" if title is None else title.text
    if title is not None:
        fields["title"] = name
    head = row.css_first("th") or row
    fields |= _badges(row, head, sticky=sticky) | _counters(row)
    before, _, behind = plain(head).partition(name)
    if _MOVED.search(before):
        fields["closed"] = title.target.tid if title is not None and title.target.tid not in {None, tid} else 1
        extras["moved"] = True
    for key, pattern in _BEHIND:
        if (said := pattern.search(behind)) is not None:
            extras[key] = int(said[1])
    if _SOLVED.search(behind):
        extras["solved"] = True
    fields |= _type(links)
    cells = row.css("td.by, td.author, td.lastpost")
    elsewhere = [link.target.fid for cell in cells[:1] for link in _links(cell) if link.target.kind == "forum"]
    fields |= _people(cells[1:] if elsewhere else cells, links, here)
    if fields.pop("anonymous", False):
        extras["author_kind"] = "anonymous"
    if extras:
        fields["extras"] = extras
    # a thread that is sticky beyond its forum can be another forum's
    fid = elsewhere[0] if elsewhere else here.fid if fields.get("sticky", 0) < 2 else None  # noqa: PLR2004 - 2, 3, 4: category and wider
    return Thread(ordinal=ordinal, tid=tid, fid=fid, fields=fields)


def _links(node: Node) -> list[_Link]:
    found = []
    for link in node.css("a[href]"):
        href = link.attributes.get("href") or ""
        found.append(_Link(link, read_url(href), href))
    return found


def _title(row: Node, links: list[_Link], tid: int) -> _Link | None:
    """``a.xst`` of the stock template; else the longest text that links to the thread and is no number."""
    marked = row.css_first("a.xst")
    if marked is not None:
        href = marked.attributes.get("href") or ""
        return _Link(marked, read_url(href), href)
    named = [link for link in links if link.target.kind == "thread" and link.text and not link.text.isdigit()]
    own = [link for link in named if link.target.tid == tid] or named
    return max(own, key=lambda link: len(link.text), default=None)


def _type(links: list[_Link]) -> dict[str, str]:
    """The thread's type, ``[讨论]`` (discussion) in front of the title: a link that filters by it, as words or as an icon."""
    for link in links:
        if "typeid=" in link.href:
            icon = link.node.css_first("img[alt]")
            around = "" if link.node.parent is None else plain(link.node.parent)
            name = link.text or link.node.attributes.get("title") or (icon.attributes.get("alt") if icon is not None else None)
            bracketed = None if around == f"[{link.text}]" else _BRACKETS.fullmatch(name or "")  # a type may be named `[活动]` itself
            if name:
                return {"type_name": name if bracketed is None else bracketed[1]}
    return {}


def _badges(row: Node, head: Node, *, sticky: bool) -> dict[str, Any]:
    """What the icon and the badges say: sticky, digest, closed, special. ``head``: the cell that holds the title."""
    icon = row.css_first("td.icn a[title]") or row.css_first("td.icn")
    # D6, D7: three places, and no words beside the picture
    icons = _words(icon) if icon is not None else " ".join(_words(cell) for cell in row.css("td.folder, td.icon, th label"))
    badges = _words(head)
    fields: dict[str, Any] = {"sticky": _level(icons) if sticky else 0}
    stock = icon is not None and icon.attributes.get("title") is not None
    if _CLOSED.search(icons) or "lock" in (head.attributes.get("class") or "").split():
        fields["closed"] = 1  # a closed thread with new replies shows no lock, so no lock says nothing
    digest = _DIGEST.search(badges)
    if digest is not None or "tdigest" in badges:
        fields["digest"] = int(digest[1] or digest[2]) if digest is not None else 1
    elif stock:
        fields["digest"] = 0
    special = next((name for name, pattern in _SPECIAL if pattern.search(icons)), None)
    if special is not None:
        fields["special"] = special
    return fields


def _words(node: Node) -> str:
    """Titles, alternative texts, classes and image names within a node: what its icons say."""
    marks = (node.attributes, *(inner.attributes for inner in node.css("img, i, svg, span.tbox")))
    return " ".join([attributes.get(name) or "" for attributes in marks for name in ("title", "alt", "src", "class")])


def _level(icons: str) -> int:
    pin = _PIN.search(icons)
    if pin is not None:
        return int(pin[1])
    return next((level for words, level in _STICKY_WORDS.items() if words in icons), 1)


def _counters(row: Node) -> dict[str, int]:
    fields = {}
    cell = row.css_first("td.num, td.nums")
    if cell is not None:
        counted = {"replies": count_in(cell.css_first("a, strong")), "views": count_in(cell.css_first("em"))}
        fields = {name: number for name, number in counted.items() if number is not None}
    pages = [int(link.text()) for link in row.css(".tps a, .threadpages a") if (link.text() or "").strip().isdigit()]
    if pages:
        fields["pages_total"] = max(pages)
    return fields


def _people(cells: list[Node], links: list[_Link], here: Here) -> dict[str, Any]:
    """Author and start, last author and last post."""
    if len(cells) >= 2:  # noqa: PLR2004 - the author's and the last post's
        first, last = cells[0], cells[-1]
        fields = _named(first, "author_name", "author_uid") | time_in(first.css_first("em"), here, "created_at")
        return fields | _named(last, "last_post_author", None) | time_in(last.css_first("em"), here, "last_post_at")
    people = [link for link in links if link.target.kind == "user" and link.text]
    jumps = [link.node for link in links if link.target.kind == "jump"]
    moments = (time_in(node, here, "last_post_at") for node in jumps)
    fields = _person(people[:1], "author_name", "author_uid") | next((found for found in moments if found), {})
    return fields | (_person(people[-1:], "last_post_author", None) if len(people) > 1 else {})


def _named(cell: Node, name: str, uid: str | None) -> dict[str, Any]:
    """Who is named in a cell: a link to a member, else the bare name of a guest; ``匿名`` (anonymous) is nobody's name."""
    found = _person([link for link in _links(cell) if link.target.kind == "user"], name, uid)
    cite = cell.css_first("cite")
    if found or cite is None:
        return found
    text = _BY.sub("", plain(cite))
    if text in _ANONYMOUS:
        return {"anonymous": True} if uid else {}
    return {name: text} if text else {}


def _person(links: list[_Link], name: str, uid: str | None) -> dict[str, Any]:
    if not links:
        return {}
    fields: dict[str, Any] = {name: links[0].text or links[0].target.name}
    if uid and links[0].target.uid:
        fields[uid] = links[0].target.uid
    return {key: value for key, value in fields.items() if value}
