"""Forums named on the index and on list pages of Discuz (6.0 to X3.5) → plain fields named like the columns of ``forums``.

Mirrors ``discuz.htm`` and ``forumdisplay_subforum.htm``: one forum a table row, or several in a row as cells.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forumclean.parser import dates
from forumclean.parser.board_urls import read_url
from forumclean.parser.engines.discuz_lists_threads import Here, count_in, plain, time_in

if TYPE_CHECKING:
    from forumclean.parser.markup.tree import Node, Tree
    from forumclean.parser.page_identity import PageIdentity

_CATEGORY = re.compile(r"[?&;]gid=(\d{1,9})\b")
_BOX = re.compile(r"^(?:category|subforum)_(\d{1,9})$")
# moderators; threads; posts: the words before names and numbers, zh-CN and zh-TW
_MODERATORS = re.compile(r"^(?:版主|群主)\s?[:：]")
_THREADS = re.compile(r"^(?:主题|主題)\s?[:：]?\s?(\d{1,9})?")
_POSTS = re.compile(r"^(?:帖数|帖數|帖子|文章)\s?[:：]?\s?(\d{1,9})?")
# 主题: 54, 帖数: 497 in one paragraph (D6, D7, several forums in a row); [ 54 主题 / 443 回复 ] beside the forum's name (D7)
_BOTH = re.compile(r"(?:主题|主題)\s?[:：]\s?(\d{1,9})\s?[,，]\s?(?:帖数|帖數)\s?[:：]\s?(\d{1,9})")
_STATED = re.compile(r"\[\s?(\d{1,9})\s?(?:主题|主題)\s?/")
_OTHER = re.compile(r"^(?:版主|子版块|子版塊|子论坛|主题|主題|最后发表|最後發表|私密版)")
"""How the paragraphs below a forum's name begin that do not describe it."""


def own_forum(tree: Tree, identity: PageIdentity) -> dict[str, object]:
    """The forum whose list this is: fid, name, parent, number of threads, moderators. Empty where the page is no forum's."""
    fields: dict[str, Any] = {}
    heading = tree.css_first("h1 a[href]")
    trail = _trail(tree)
    if identity.fid is None and heading is not None:
        fields["fid"] = read_url(heading.attributes.get("href") or "").fid
    else:
        fields["fid"] = identity.fid
    if fields["fid"] is None:
        return {}
    if heading is not None:
        fields["name"] = plain(heading)
    elif trail and trail[-1][0] == fields["fid"]:
        fields["name"] = trail[-1][1]
    above = [fid for fid, _, _ in trail if fid != fields["fid"]]
    if above:
        fields["parent_fid"] = above[-1]
        fields["type"] = "forum" if [group for fid, _, group in trail if fid == above[-1]][-1] else "sub"
    fields["threads_count"] = _threads_of_heading(tree)
    fields["moderators"] = _moderators([part for part in tree.css(".bml div, .bml p, #nav p, #modedby, #forumheader p") if _MODERATORS.match(plain(part))][:1])
    return {name: value for name, value in fields.items() if value is not None}


def rows_of_forums(tree: Tree, here: Here, own: dict[str, object]) -> tuple[dict[str, object], ...]:
    """Categories, forums and sub-forums in the order of the page.

    On the index Discuz adds the figures of sub-forums to their parent's: such rows say ``counts_with_subforums``.
    """
    found: dict[int, dict[str, object]] = {}
    for box in tree.css('[id^="category_"], [id^="subforum_"]'):
        name = _BOX.match(box.attributes.get("id") or "")
        if name is None:
            continue
        parent = int(name[1])
        sub = (box.attributes.get("id") or "").startswith("sub")
        if not sub and parent not in found and parent != own.get("fid"):
            found[parent] = _category(box, parent)
        for cell in _cells(box):
            row = _forum(cell, here)
            fid = row.get("fid")
            if isinstance(fid, int) and fid not in found:
                within = {"parent_fid": parent, "type": "sub" if sub else "forum"}
                found[fid] = row | within | ({} if sub else {"counts_with_subforums": True})
    return tuple(row for row in found.values() if row)


def _trail(tree: Tree) -> list[tuple[int, str, bool]]:
    """The breadcrumbs that are forums: number, name, whether it is a category."""
    found = []
    for link in tree.css("#pt a[href], #nav a[href]"):
        href = link.attributes.get("href") or ""
        category = _CATEGORY.search(href)
        fid = int(category[1]) if category is not None else read_url(href).fid
        if fid is not None:
            found.append((fid, plain(link), category is not None))
    return found


def _threads_of_heading(tree: Tree) -> int | None:
    """``主题: 44`` (threads) beside the forum's name."""
    for strong in tree.css("h1 strong, .bml .bm_h strong"):
        before = strong.prev
        if before is not None and _THREADS.match(plain(before).rpartition("|")[2].strip()):
            return count_in(strong)
    old = tree.css_first("#forumheader .forumstats")
    stated = None if old is None else _STATED.search(plain(old))
    return None if stated is None else int(stated[1])


def _category(box: Node, fid: int) -> dict[str, object]:
    outer = box.parent
    link = None if outer is None else outer.css_first("h2 a[href], h3 a[href]")
    if link is None or (found := _CATEGORY.search(link.attributes.get("href") or "")) is None or int(found[1]) != fid:
        return {}
    return {"fid": fid, "name": plain(link), "type": "group"}


def _cells(box: Node) -> list[Node]:
    """One node for each forum: the cells of a layout with several in a row, else the rows."""
    cells = box.css("td.fl_g") or (box.css("th[width]") if box.css_first("td.nums, td.forumnums") is None else [])
    return [cell for cell in cells if cell.css_first("h2, dt") is not None] or [row for row in box.css("tr") if row.css_first("h2, dt") is not None]


def _forum(cell: Node, here: Here) -> dict[str, object]:
    link = cell.css_first("h2 a[href], dt a[href]")
    target = None if link is None else read_url(link.attributes.get("href") or "")
    if link is None or target is None or target.fid is None:
        return {}
    fields: dict[str, Any] = {"fid": target.fid, "name": plain(link)}
    about = cell.css_first("h2 ~ p.xg2, dl ~ p.xg2")
    if about is None:
        about = next((part for part in cell.css("h2 ~ p") if not _OTHER.match(plain(part)) and not part.css("[href*=redirect]")), None)
    fields["description"] = None if about is None else plain(about) or None
    fields["moderators"] = _moderators([part for part in cell.css("p") if _MODERATORS.match(plain(part))][:1] or cell.css("ul.popupmenu_popup")[:1])
    fields |= _figures(cell) | _last_post(cell, here)
    return {name: value for name, value in fields.items() if value is not None}


def _figures(cell: Node) -> dict[str, int | None]:
    """``54 / 497``: threads / posts of a row; ``主题: 54``, ``帖数: 497`` of a cell."""
    figures = cell.css_first("td.fl_i")
    if figures is not None:
        posts = figures.css_first("span.xg1")
        return {"threads_count": count_in(figures.css_first("span.xi2")), "posts_count": None if posts is None else _after_slash(posts)}
    old = cell.css("td.nums")
    if len(old) > 1:  # 6.x: threads, posts
        return {"threads_count": count_in(old[0]), "posts_count": count_in(old[1])}
    both = cell.css_first("td.forumnums")  # 7.x: <em>54</em> / 497
    if both is not None:
        return {"threads_count": count_in(both.css_first("em")), "posts_count": _number(plain(both).rpartition("/")[2])}
    found: dict[str, int | None] = {}
    if (stated := _BOTH.search(plain(cell))) is not None:
        return {"threads_count": int(stated[1]), "posts_count": int(stated[2])}
    for part in cell.css("dd em"):
        text = plain(part)
        for name, pattern in (("threads_count", _THREADS), ("posts_count", _POSTS)):
            if (said := pattern.match(text)) is not None:
                exact = next((count_in(inner) for inner in part.css("[title]")), None)
                whole = pattern.fullmatch(text)  # `3万` (30,000) without a title is not exact
                found[name] = exact if exact is not None else int(said[1]) if said[1] and whole is not None else None
    return found


def _after_slash(node: Node) -> int | None:
    exact = next((count_in(inner) for inner in node.css("[title]")), None)
    if exact is not None:
        return exact
    return _number(plain(node).lstrip("/ "))


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _last_post(cell: Node, here: Here) -> dict[str, Any]:
    """The last post of a forum: thread, title, time, author."""
    links = [(link, read_url(link.attributes.get("href") or "")) for link in cell.css("a[href]")]
    jump = next(((link, target) for link, target in links if target.kind == "jump" and target.tid is not None), None)
    if jump is None:
        return {}
    fields: dict[str, Any] = {"last_post_tid": jump[1].tid}
    cite = cell.css_first("cite")
    if cite is None:  # several forums in a row: `最后发表: 2026-11-22`, no title (last post)
        return fields | (time_in(jump[0].css_first("span[title]"), here, "last_post_at") or time_in(jump[0], here, "last_post_at"))
    fields["last_post_title"] = plain(jump[0]) or None
    person = cite.css_first("a[href]")
    if person is not None:
        fields["last_post_author"] = plain(person) or None
    at = time_in(cite, here, "last_post_at")
    if not at and (said := dates.when(plain(cite).rpartition(" - ")[2], here.zone, here.now)) is not None:  # 6.x, 7.x: by NAME - DATE
        at = {"last_post_at": said.at, "last_post_at_precision": said.precision}
    return fields | at


def _moderators(parts: list[Node]) -> list[str] | None:
    names = [plain(link) for part in parts for link in part.css("a[href]")]
    return [name for name in names if name] or None
