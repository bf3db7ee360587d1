"""Where the parts of a Discuz X thread page are: one query for what members wrote, plain places in the markup for what Discuz printed.

Nearly everything that Discuz X prints about a post carries the post's number in an id (its scripts need it), and skins keep ids where
they rename classes, wrap and reorder. So a post is what its ids say. What members can fill with markup (messages, signatures, notices)
is taken from the tree; names, times and figures, which Discuz prints escaped, are read where their id stands in the page's text. Nothing
inside a message counts: members can write HTML where an administrator lets them.

Templates: ``template/default/forum/viewthread.htm``, ``viewthread_node.htm``, ``viewthread_node_body.htm`` (X2 to X3.5).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from forumclean.parser.markup.tree import Node, Tree


class Hook(NamedTuple):
    """A place in the template: what finds it, and the line it mirrors."""

    name: str
    find: str
    mirrors: str


IN_TREE = (
    Hook("wrapper", '[id^="post_"]', 'viewthread.htm: <div id="post_$post[pid]">'),
    Hook("table", '[id^="pid"]', 'viewthread_node.htm: <table id="pid$post[pid]" class="plhin" summary="pid$post[pid]">'),
    Hook("message", '[id^="postmessage_"]', 'viewthread_node_body.htm: <td class="t_f" id="postmessage_$post[pid]">'),
    Hook("sign", ".sign", 'viewthread_node.htm: <div class="sign">'),
    Hook("locked", ".locked", 'viewthread_node_body.htm: <div class="locked">, in place of the message or behind its free part'),
)
"""Selectors, asked for all at once."""

IN_TEXT = (
    Hook("panel", 'id="favatar{pid}"', 'viewthread_node.htm: <div id="favatar$post[pid]" class="pls favatar">'),
    Hook("authi", 'class="authi', 'viewthread_node.htm: <div class="authi">, in the panel and above the message'),
    Hook("floor", 'id="postnum{pid}"', 'viewthread_node.htm: <a id="postnum$post[pid]" onclick="setCopy(…)">'),
    Hook("date", 'id="authorposton{pid}"', 'viewthread_node.htm: <em id="authorposton$post[pid]">'),
    Hook("comments", 'id="comment_{pid}"', 'viewthread_node_body.htm: <div id="comment_$post[pid]" class="cm">'),
    Hook("ratings", 'id="ratelog_{pid}"', 'viewthread_node_body.htm: <dl id="ratelog_$post[pid]" class="rate">'),
    Hook("pictures", 'id="imagelist_{pid}"', 'viewthread_node_body.htm: <div id="imagelist_$post[pid]">, full-size pictures, perhaps hidden'),
    Hook("files", 'class="pattl', 'viewthread_node_body.htm: <div class="pattl">, files below the message'),
)
"""Places in the text between one wrapper and the next."""

_SELECTOR = ", ".join(hook.find for hook in IN_TREE)
_ID = re.compile(r"(post_|pid|postmessage_)(\d{1,15})$")
_NAMES = {"post_": "wrapper", "pid": "table", "postmessage_": "message"}
_START = re.compile(r'<\w+\b[^<>]*?\bid="(?:post_|pid)(\d{1,15})"')
_CLIMB = 40
"""Elements between a find and its post; deeper ones are taken to be of the post met last."""


class PostNodes:
    """What was found of one post."""

    __slots__ = ("head", "locked", "message", "pid", "sign", "source", "tail", "wrapper")

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.wrapper: Node | None = None
        self.message: list[Node] = []
        self.locked: list[Node] = []
        self.sign: Node | None = None
        self.head = ""
        """The markup from the wrapper to the message: panel, time, floor."""
        self.tail = ""
        """The markup behind the message's beginning, to the next post."""


class Finds(NamedTuple):
    """What was found on a page."""

    posts: list[PostNodes]
    """In the order of the page, each number once."""
    nested: list[int]
    """Numbers of posts that stand inside another's message."""
    head: str
    """The markup before the first post."""
    source: str
    """The markup in which heads and tails lie: the page's text, or lexbor's writing of it where the text is not Discuz's own."""


def find(tree: Tree, text: str) -> Finds:
    """Ask the page for its posts and what belongs to each."""
    posts: dict[int, PostNodes] = {}
    nested: list[int] = []
    messages: set[int] = set()  # mem_ids
    last: PostNodes | None = None
    for node in tree.css(_SELECTOR):
        numbered = _ID.match(node.id or "")
        if numbered is None:
            if last is not None and (owner := _owner(node, messages, posts, last)) is not None:
                _keep(owner, node)
            continue
        pid, name = int(numbered[2]), numbered[1]
        if messages and (name == "postmessage_" or pid not in posts) and (outer := _inside(node, messages)) is not None and outer != pid:
            if pid not in nested:
                nested.append(pid)
            if name == "postmessage_":
                continue
        if name == "postmessage_":
            messages.add(node.mem_id)
            pid = _around(node) or pid  # viewthread_pay.htm prints the free part of a paid thread with the number of the page's last post
        last = posts.get(pid)
        if last is None:
            last = posts[pid] = PostNodes(pid)
        if name == "postmessage_":
            last.message.append(node)
        elif last.wrapper is None:
            last.wrapper = node
    found = list(posts.values())
    source, head = _place(found, text, tree)
    return Finds(found, nested, head, source)


def _keep(owner: PostNodes, node: Node) -> None:
    words = (node.attributes.get("class") or "").split()
    if "locked" in words:
        owner.locked.append(node)
    elif "sign" in words and owner.sign is None:
        owner.sign = node


def _inside(node: Node, messages: set[int]) -> int | None:
    """The number of the message that a node stands in; ``None`` outside of messages."""
    up = node.parent
    for _ in range(_CLIMB):
        if up is None:
            return None
        if up.mem_id in messages:
            return int((up.id or "")[len("postmessage_"):])
        up = up.parent
    return None


def _around(node: Node) -> int | None:
    """The number of the post around a node, as its wrapper says."""
    up = node.parent
    for _ in range(_CLIMB):
        if up is None:
            return None
        identity = up.id
        if identity and identity[0] == "p" and (found := _ID.match(identity)) is not None and found[1] != "postmessage_":
            return int(found[2])
        up = up.parent
    return None


def _owner(node: Node, messages: set[int], posts: dict[int, PostNodes], last: PostNodes) -> PostNodes | None:
    """The post around a node; the one met last where none is around it; ``None`` inside a message."""
    up = node.parent
    for _ in range(_CLIMB):
        if up is None:
            break
        identity = up.id
        if identity and identity[0] == "p" and (found := _ID.match(identity)) is not None:
            return None if up.mem_id in messages else posts.get(int(found[2]), last)
        up = up.parent
    return last


# places in the text


def _place(posts: list[PostNodes], text: str, tree: Tree) -> tuple[str, str]:
    """Give each post its markup. Gives the markup in which they lie, and what stands before the first of them."""
    starts = _starts(posts, text)
    if starts is None:
        text = tree.html or ""
        starts = _starts(posts, text)
    if starts is None:
        return text, text
    ordered = sorted(zip(starts, posts, strict=True), key=lambda pair: pair[0])
    ends = [start for start, _ in ordered[1:]] + [len(text)]
    for (start, post), end in zip(ordered, ends, strict=True):
        middle = text.find(f'id="postmessage_{post.pid}"', start, end)
        if middle < 0:
            middle = text.find('class="locked', start, end)
        if middle < 0:
            middle = text.find('id="postmessage_', start, end)
        middle = end if middle < 0 else middle
        post.head, post.tail = text[start:middle], text[middle:end]
    return text, text[: ordered[0][0]] if ordered else text


def _starts(posts: list[PostNodes], text: str) -> list[int] | None:
    """Where each post begins in the text; ``None`` if it does not say so in Discuz's own way for all of them."""
    first: dict[int, int] = {}
    for found in _START.finditer(text):
        first.setdefault(int(found[1]), found.start())
    starts = [first.get(post.pid) for post in posts]
    return None if None in starts else starts  # type: ignore[return-value]
