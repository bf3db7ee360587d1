"""Forum lists and the index for telephones: touch of X3 and X3.5 (``touch/forum/forumdisplay.htm``, ``discuz.htm``), first mobile template.

Lists of X3 name title, author and replies; those of X3.5 also views and the day; sticky threads only their title there. Nothing else is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forumclean.parser import dates
from forumclean.parser.board_urls import read_url
from forumclean.parser.engines.discuz_lists_threads import Here, count_in, plain, time_in
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.engines.thread_page import clock_of, made_at
from forumclean.parser.page_identity import identify
from forumclean.records import Issue, Thread

if TYPE_CHECKING:
    from forumclean.parser.markup.tree import Node

_LIST = re.compile(r'<div class="(?:threadlist\b|tl">\s*<div class="bm)')
_INDEX = re.compile(r'<div id="sub[_-]forum_\d+" class="sub[_-]forum\b|<div class="subforumshow\b')
_TOUCH = re.compile(r"static/(?:js|image)/mobile/|/touch/|mobile=(?:1|2|yes)\b|class=\"dm-")
_DESKTOP = re.compile(r"""id=["']?(?:normalthread_|stickthread_|postmessage_|pid\d|threadlisttableid)""")
_ROWS = ".threadlist li, .tl .bm_c"
_CLOSED = re.compile(r"folder_lock|micon lock")
_STICKY = re.compile(r"pin_(\d)")
_DIGEST = re.compile(r"digest_(\d)")
_BRACKETED = re.compile(r"^\[[^\[\]]{1,40}\]\s*(?=\S)")


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """How surely this is a list or the index for telephones; 0 on pages that hold posts or a desktop list."""
    if _DESKTOP.search(page.text) is not None:
        return 0.0, ()
    found = [name for name, sign in (("thread list", _LIST), ("folding forum list", _INDEX)) if sign.search(page.text) is not None]
    if not found:
        return 0.0, ()
    touch = _TOUCH.search(page.text) is not None
    return (0.93, (*found, "touch scripts and styles")) if touch else (0.4, tuple(found))


def read(page: HtmlPage) -> Parts:
    """The rows of a list as ``Thread`` records (ordinals from 1), the forums it names as plain fields of ``forums``."""
    identity = identify(page.text, page.url, page.ref.name)
    made = dates.footer_time(page.text)
    here = Here(identity.fid, *clock_of(page, made))
    threads: list[Thread] = []
    for row in page.tree.css(_ROWS):
        if (thread := _thread(row, len(threads) + 1, here)) is not None:
            threads.append(thread)
    forums = _forums(page, identity.fid)
    listed = bool(threads) or identity.kind == "forum" or page.tree.css_first(".threadlist, .tl") is not None
    issues = () if threads or forums else (
        Issue(level="warning", stage="parse", code="empty-list", message="this list has neither threads nor forums that could be read"),
    )
    return Parts(
        kind="forum_list" if listed else "index", host=identity.host, view="touch", threads=tuple(threads), forums=forums, issues=issues,
        **made_at(made),
    )


def _thread(row: Node, ordinal: int, here: Here) -> Thread | None:
    """A row: a link to a thread, and what stands in it and beside it."""
    links = [(link, read_url(link.attributes.get("href") or "")) for link in row.css("a[href]")]
    own = next(((link, target.tid) for link, target in links if target.kind == "thread" and target.tid is not None), None)
    if own is None:
        return None
    link, tid = own
    html = row.html or ""
    fields: dict[str, Any] = {"replies": count_in(row.css_first(".num"))}
    by = link.css_first(".by")
    if by is not None:
        fields["author_name"] = plain(by)
    fields["title"] = _title(link)
    member = next(((node, target) for node, target in links if target.kind == "user" and plain(node)), None)
    if member is not None:
        fields |= {"author_name": plain(member[0]), "author_uid": member[1].uid}
    for name, icon in (("views", ".dm-eye-fill"), ("replies", ".dm-chat-s-fill")):
        beside = row.css_first(icon)
        if beside is not None and beside.parent is not None:
            fields[name] = count_in(beside.parent)
    fields |= time_in(row.css_first(".mtime"), here, "created_at") | _badges(row, html)
    kind = next((plain(node).lstrip("#") for node, _ in links if "typeid=" in (node.attributes.get("href") or "")), None)
    if kind:
        fields["type_name"] = kind
    return Thread(
        ordinal=ordinal, tid=tid, fid=here.fid if not fields.get("sticky") else None,
        fields={name: value for name, value in fields.items() if value not in (None, "")},
    )


def _title(link: Node) -> str:
    """The words of a thread's link without those of badges and author."""
    named = link.css_first(".threadlist_tit em") or link.css_first("em")
    if named is not None:
        return plain(named)
    aside = {plain(node) for node in link.css(".by, .micon, .num")}
    pieces = [" ".join((node.text_content or "").split()) for node in link.traverse(include_text=True) if node.tag == "-text"]
    title = " ".join(piece for piece in pieces if piece and piece not in aside)
    return title if link.css_first("img") is not None or link.css_first(".by") is not None else _BRACKETED.sub("", title)


def _badges(row: Node, html: str) -> dict[str, int]:
    """Sticky, digest, closed, as far as icons say; a row without icons says nothing."""
    fields: dict[str, int] = {}
    sticky = _STICKY.search(html)
    if sticky is not None:
        fields["sticky"] = int(sticky[1])
    elif "list_top" in (row.attributes.get("class") or "") or "icon_top" in html:
        fields["sticky"] = 1
    digest = _DIGEST.search(html)
    if digest is not None or "icon_digest" in html or "micon digest" in html:
        fields["digest"] = int(digest[1]) if digest is not None else 1
    if _CLOSED.search(html) is not None:
        fields["closed"] = 1
    return fields


def _forums(page: HtmlPage, own: int | None) -> tuple[dict[str, object], ...]:
    """The forum whose list this is, its sub-forums, and on the index the forums below their categories."""
    found: dict[int, dict[str, object]] = {}
    name = page.tree.css_first(".header .name, .header h2")
    if own is not None:
        words = "" if name is None else plain(name)
        found[own] = {"fid": own} | ({"name": words} if words else {})
    for box in page.tree.css('[id^="sub_forum_"], [id^="sub-forum_"], .subname_list'):
        number = re.match(r"sub[_-]forum_(\d{1,9})$", box.id or "")
        parent = int(number[1]) if number is not None else own
        if number is not None and (title := page.tree.css_first(f'.subforumshow[href="#{box.id}"] h2')) is not None:
            found.setdefault(int(number[1]), {"fid": int(number[1]), "name": plain(title), "type": "group"})
        for link in box.css("a[href]"):
            target = read_url(link.attributes.get("href") or "")
            label = link.css_first(".mtit") or link
            words = plain(label)
            if target.kind != "forum" or target.fid is None or not words or target.fid in found:
                continue
            beside = {} if parent is None else {"parent_fid": parent, "type": "forum" if number is not None else "sub"}
            found[target.fid] = {"fid": target.fid, "name": words, **beside}
    return tuple(found.values())


DISCUZ_TOUCH_LISTS = Engine("discuz-touch-lists", "touch", score, read)
