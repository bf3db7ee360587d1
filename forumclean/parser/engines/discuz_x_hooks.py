"""Where the parts of a Discuz X thread page are: one table of selectors, one query per page, the finds sorted by post.

Nearly everything that Discuz X prints about a post carries the post's number in an id (its scripts need it), and skins keep ids where
they rename classes, wrap and reorder. So a post is what its ids say, wherever they stand. Only what has no id is placed by its
surroundings, and nothing inside a message counts: members can write HTML where an administrator lets them.

Templates: ``template/default/forum/viewthread.htm``, ``viewthread_node.htm`` (X2 to X3.5).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from forumclean.parser.markup.tree import Node, Tree


class Hook(NamedTuple):
    """A place in the template."""

    name: str
    selector: str
    mirrors: str
    """File and markup of the template."""


BY_ID = (
    Hook("wrapper", '[id^="post_"]', 'viewthread.htm: <div id="post_$post[pid]">'),
    Hook("table", '[id^="pid"]', 'viewthread_node.htm: <table id="pid$post[pid]" class="plhin" summary="pid$post[pid]">'),
    Hook("message", '[id^="postmessage_"]', 'viewthread_node_body.htm: <td class="t_f" id="postmessage_$post[pid]">'),
    Hook("date", '[id^="authorposton"]', 'viewthread_node.htm: <em id="authorposton$post[pid]">'),
    Hook("floor", '[id^="postnum"]', 'viewthread_node.htm: <a id="postnum$post[pid]" onclick="setCopy(…)">'),
    Hook("panel", '[id^="favatar"]', 'viewthread_node.htm: <div id="favatar$post[pid]" class="pls favatar">'),
    Hook("comments", '[id^="comment_"]', 'viewthread_node_body.htm: <div id="comment_$post[pid]" class="cm">'),
    Hook("ratings", '[id^="ratelog_"]', 'viewthread_node_body.htm: <dl id="ratelog_$post[pid]" class="rate">'),
    Hook("pictures", '[id^="imagelist_"]', 'viewthread_node_body.htm: <div id="imagelist_$post[pid]">, full-size pictures, perhaps hidden'),
)
"""Finds of a post that name it."""

BY_CLASS = (
    Hook("sign", ".sign", 'viewthread_node.htm: <div class="sign">'),
    Hook("authi", ".authi", 'viewthread_node.htm: <div class="authi">, in the panel and above the message'),
    Hook("locked", "div.locked", 'viewthread_node_body.htm: <div class="locked">, in place of the message'),
    Hook("pattl", ".pattl", 'viewthread_node_body.htm: <div class="pattl">, files below the message'),
    Hook("typeoption", ".typeoption", "viewthread_node_body.htm: fields of a sorted post"),
    Hook("pls", "td.pls", 'viewthread_node.htm: <td class="pls">, where a skin gives the panel no id'),
    Hook("reward", "div.rwd, div.rsld, div.rusld", "viewthread_reward.htm"),
    Hook("poll", "form#poll, .pcht", "viewthread_poll.htm"),
    Hook("debate", ".dlb, .point, .debate", "viewthread_debate.htm"),
    Hook("activity", ".act.pbm, .spvimg", "viewthread_activity.htm"),
    Hook("trade", '[id^="trade"]', "viewthread_trade.htm"),
    Hook("heading", ".pcb > h2", "viewthread_node_body.htm: <h2>$post[subject]</h2>"),
)
"""Finds of the post around them."""

OF_PAGE = (
    Hook("title", "#thread_subject", 'viewthread.htm: <span id="thread_subject">'),
    Hook("h1", "h1", 'viewthread.htm: <h1 class="ts">, type and sort before the title'),
    Hook("pager", ".pg", "function_core.php, multi(): the pages"),
    Hook("trail", "#pt", "common/header.htm: where we are"),
    Hook("modact", ".modact", 'viewthread.htm: <div class="modact">, what moderators did last'),
    Hook("tags", ".ptg", 'viewthread_node.htm: <div class="ptg">'),
)
"""Finds of the page as a whole."""

_ID = re.compile(r"(post_|pid|postmessage_|authorposton|postnum|favatar|comment_|ratelog_|imagelist_)(\d{1,15})$")
_NAMES = {"post_": "wrapper", "pid": "table", "postmessage_": "message", "authorposton": "date", "postnum": "floor", "favatar": "panel",
          "comment_": "comments", "ratelog_": "ratings", "imagelist_": "pictures"}  # fmt: skip
_CLASSES = {"sign": "sign", "authi": "authi", "locked": "locked", "pattl": "pattl", "typeoption": "typeoption", "pls": "pls", "rwd": "reward",
            "rsld": "reward", "rusld": "reward", "pcht": "poll", "dlb": "debate", "point": "debate", "debate": "debate", "act": "activity",
            "spvimg": "activity", "pg": "pager", "modact": "modact", "ptg": "tags"}  # fmt: skip
_SELECTOR = ", ".join(hook.selector for hook in (*BY_ID, *BY_CLASS, *OF_PAGE))
_CLIMB = 40
"""Elements between a find and its post; deeper ones are taken to be of the post met last."""


class PostNodes:
    """What was found of one post."""

    __slots__ = ("nodes", "pid")

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.nodes: dict[str, list[Node]] = {}

    def first(self, name: str) -> Node | None:
        """The first find of a name."""
        found = self.nodes.get(name)
        return None if found is None else found[0]

    def every(self, name: str) -> list[Node]:
        """All finds of a name, in the order of the page."""
        return self.nodes.get(name, [])


class Finds(NamedTuple):
    """What was found on a page."""

    posts: list[PostNodes]
    """In the order of the page, each number once."""
    page: dict[str, list[Node]]
    nested: list[int]
    """Numbers of posts that stand inside another's message."""


def find(tree: Tree) -> Finds:
    """Ask the page for all hooks at once, and sort what it gives by post."""
    posts: dict[int, PostNodes] = {}
    page: dict[str, list[Node]] = {}
    nested: list[int] = []
    last: PostNodes | None = None
    message: set[int] = set()  # mem_ids of the messages met
    for node in tree.css(_SELECTOR):
        identity = node.id or ""
        numbered = _ID.match(identity)
        if numbered is None:
            name = _name(node, identity)
            if name in _PAGE:
                page.setdefault(name, []).append(node)
            elif name is not None and last is not None and (owner := _owner(node, message, posts, last)) is not None:
                owner.nodes.setdefault(name, []).append(node)
            continue
        pid, name = int(numbered[2]), _NAMES[numbered[1]]
        if name in {"wrapper", "table", "message"} and message and (outer := _inside(node, message)) is not None and outer != pid:
            if pid not in nested:
                nested.append(pid)
            continue
        if name == "message":
            message.add(node.mem_id)
            pid = _around(node) or pid  # viewthread_pay.htm prints the free part of a paid thread with the number of the page's last post
        last = posts.get(pid)
        if last is None:
            last = posts[pid] = PostNodes(pid)
        last.nodes.setdefault(name, []).append(node)
    return Finds(list(posts.values()), page, nested)


_PAGE = {hook.name for hook in OF_PAGE}


def _name(node: Node, identity: str) -> str | None:
    """The name of a find without a number: by its id, class or tag."""
    if identity in _WHOLE:
        return _WHOLE[identity]
    for word in (node.attributes.get("class") or "").split():
        if word in _CLASSES:
            return _CLASSES[word]
    tag = node.tag
    return {"h1": "h1", "h2": "heading"}.get(tag or "", "trade" if identity.startswith("trade") else None)


_WHOLE = {"thread_subject": "title", "pt": "trail", "poll": "poll"}


def _inside(node: Node, message: set[int]) -> int | None:
    """The number of the message that a node stands in; ``None`` outside of messages."""
    up = node.parent
    for _ in range(_CLIMB):
        if up is None:
            return None
        if up.mem_id in message:
            return int((up.id or "")[len("postmessage_"):])
        up = up.parent
    return None


def _around(node: Node) -> int | None:
    """The number of the post around a message, as its wrapper says."""
    up = node.parent
    for _ in range(_CLIMB):
        if up is None:
            return None
        identity = up.id
        if identity and identity[0] == "p" and (found := _ID.match(identity)) is not None and found[1] in {"post_", "pid"}:
            return int(found[2])
        up = up.parent
    return None


def _owner(node: Node, message: set[int], posts: dict[int, PostNodes], last: PostNodes) -> PostNodes | None:
    """The post around a node; the one met last where none is around it; ``None`` inside a message."""
    up = node.parent
    for _ in range(_CLIMB):
        if up is None:
            break
        identity = up.id
        if identity and identity[0] == "p" and (found := _ID.match(identity)) is not None:
            return None if up.mem_id in message else posts.get(int(found[2]), last)
        up = up.parent
    return last
