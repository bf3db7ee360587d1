"""Where the parts of a Discuz X thread page are: one query for what members wrote, plain places in the markup for what Discuz printed.

Nearly everything that Discuz X prints about a post carries the post's number in an id (its scripts need it), and skins keep ids where
they rename classes, wrap and reorder. So a post is what its ids say. What members can fill with markup (messages, signatures, notices)
is taken from the tree; names, times and figures, which Discuz prints escaped, are read where their id stands in the page's text. Nothing
inside a message counts: members can write HTML where an administrator lets them.

Templates: ``template/default/forum/viewthread.htm``, ``viewthread_node.htm``, ``viewthread_node_body.htm`` (X2 to X3.5).
"""

from __future__ import annotations

import re
from collections.abc import Callable  # noqa: TC003 - a NamedTuple's field, looked up by those who ask for its types
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.engines.discuz_x_trim import Trimmed, trimmed
from forumclean.parser.markup.tree import Markup, Tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forumclean.parser.markup.tree import Node


class Hook(NamedTuple):
    """A place in the template: what finds it, and the line it mirrors."""

    name: str
    find: str
    mirrors: str


IN_TREE = (
    Hook("wrapper", '[id^="post_"]', 'viewthread.htm: <div id="post_$post[pid]">'),
    Hook("table", '[id^="pid"]', 'viewthread_node.htm: <table id="pid$post[pid]" class="plhin" summary="pid$post[pid]">'),
    Hook("message", '[id^="postmessage_"]', 'viewthread_node_body.htm: <td class="t_f" id="postmessage_$post[pid]">'),
    Hook("locked", ".locked", 'viewthread_node_body.htm: <div class="locked">, in place of the message or behind its free part'),
    Hook("pictures", '[id^="imagelist_"]', 'viewthread_node_body.htm: <div id="imagelist_$post[pid]">, full-size pictures, perhaps hidden'),
    Hook("files", ".pattl", 'viewthread_node_body.htm: <div class="pattl">, files below the message'),
    Hook("comment", ".pstl", 'comment.htm: <div class="pstl xs1 cl">, one comment inside <div id="comment_$post[pid]" class="cm">'),
    Hook("ratings", ".rate", 'viewthread_node_body.htm: <dl id="ratelog_$post[pid]" class="rate">'),
    Hook("sign", ".sign", 'viewthread_node.htm: <div class="sign">'),
)
"""Selectors, asked for all at once."""

_ID = re.compile(r"(post_|pid|postmessage_)(\d{1,15})$")


class Family(NamedTuple):
    """What a family of templates calls the parts of a post."""

    selector: str
    """Of everything that is taken from the tree."""
    classes: Mapping[str, str]
    """Class → part, for what has no number in its id; a name in angle brackets (``<fieldset>``) is an element's."""
    notices: tuple[str, ...]
    """Places in the text where a notice stands instead of a message."""
    trimmed: Callable[[str], Trimmed | None] | None = None
    """Gives the part of a page that a tree is needed for; ``None`` where that is not plain."""


FAMILY = Family(
    ", ".join(hook.find for hook in IN_TREE),
    {"locked": "locked", "pattl": "files", "pstl": "comment", "rate": "ratings", "sign": "sign"},
    ('class="locked',),
    trimmed,
)
"""Discuz X."""
_LONGEST_HEAD = 30_000
"""Characters of a head's beginning, and of its end, that are looked at: ordinary ones have 4,000."""
_CLIMB = 40
"""Elements between a find and its post; deeper ones are in somebody's markup."""
_DEEP = 500
"""Elements between a post and the message that holds it."""
_PARTS = 3
"""Messages of one post: trade threads have two."""


class PostNodes:
    """What was found of one post."""

    __slots__ = ("_inner", "beside", "head", "message", "order", "pid", "tail", "wrapper")

    def __init__(self, pid: int, order: int) -> None:
        """Nothing found yet; ``order``: the place on the page."""
        self.pid = pid
        self.order = order
        self.wrapper: Node | None = None
        self._inner: list[str] | None = None
        self.message: list[Node] = []
        self.beside: dict[str, list[Node]] = {}
        """What stands outside of the message: ``locked``, ``pictures``, ``files``, ``comment``, ``ratings``, ``sign``."""
        self.head = ""
        """The markup from the wrapper to the message: panel, time, floor."""
        self.tail = ""
        """The markup behind the message's beginning, to the next post."""

    def inner(self) -> list[str]:
        """The inner HTML of its messages: one, as a rule; trade threads have more."""
        if self._inner is None:
            self._inner = [node.inner_html or "" for node in self.message]
        return self._inner


class Finds(NamedTuple):
    """What was found on a page."""

    posts: list[PostNodes]
    """In the order of the page, each number once."""
    nested: list[int]
    """Numbers of those that stand inside another's message."""
    head: str
    """The markup before the first post."""
    tail: str
    """The markup from the last post's message on."""
    source: str
    """The markup in which heads and tails lie: the page's text, or lexbor's writing of it where that is not Discuz's own."""

    def behind(self, names: Sequence[str]) -> str:
        """The markup behind the last message, where the footer is: messages quote footers too.

        ``names``: ids, without the post's number, of what stands below a message.
        """
        if not self.posts:
            return self.tail
        found = (self.tail.rfind(f"{name}{self.posts[-1].pid}") for name in names)
        return self.tail[next((at for at in found if at >= 0), 0) :]


def find(markup: Markup, text: str, family: Family = FAMILY) -> Finds:
    """Ask the page for its posts and what belongs to each. ``text``: of the page, as ``markup``."""
    part = None if family.trimmed is None else family.trimmed(text)
    found = None if part is None else _ordinary(Tree(part.html), text, family, part)
    return found or _ordinary(markup.tree, text, family) or _unusual(markup.tree, text, family)


def _ordinary(tree: Tree, text: str, family: Family, part: Trimmed | None = None) -> Finds | None:
    """The posts of a page that prints them in Discuz's own way, none inside of another's message; ``None`` for any other page.

    ``part``: what the tree was made of; ``None`` where not all of its posts are in the tree.
    """
    posts = _sorted(tree.css(family.selector), family)
    if _nested(posts) or (part is not None and not _are_at(posts, part.marks, text)):
        return None
    starts = _starts(posts, text) if part is None else part.marks
    if starts is None or (starts and text.find("</div>", starts[0], starts[0] + _LONGEST_HEAD) < 0):
        return None
    return _placed(posts, starts, text, family, starts if part is None else part.bodies)


def _unusual(tree: Tree, text: str, family: Family) -> Finds:
    """The posts of a page with markup that is not Discuz's own, or with something like posts inside of messages."""
    nodes = tree.css(family.selector)
    posts = _sorted(nodes, family)
    if not _nested(posts):
        source = tree.html or ""
        starts = _starts(posts, source) or []
        return _placed(posts, starts, source, family, starts)
    search = _Search(family.classes, look_inside=True)
    search.sort(nodes)
    swallowed = {pid: post for pid, post in search.swallowed.items() if pid not in search.posts}
    posts = sorted((*search.posts.values(), *swallowed.values()), key=lambda post: post.order)
    for post in posts:  # the text would show the wrong places: two may have one number
        html = "" if post.wrapper is None else post.wrapper.html or ""
        _cut(post, html, (0, 0, len(html)), family.notices)
    last = text.rfind(f'postmessage_{posts[-1].pid}"')
    return Finds(posts, list(swallowed), text[: text.find(' id="post')], text[max(last, 0) :], text)


def _sorted(nodes: list[Node], family: Family) -> list[PostNodes]:
    search = _Search(family.classes, look_inside=False)
    search.sort(nodes)
    return list(search.posts.values())


def _nested(posts: list[PostNodes]) -> bool:
    return any(' id="p' in html and _HOLDS_POST.search(html) for post in posts for html in post.inner())


class _Search:
    """Sorts what a page gives by post. ``look_inside``: something like posts stands in messages, so keep that apart."""

    def __init__(self, classes: Mapping[str, str], *, look_inside: bool) -> None:
        self.posts: dict[int, PostNodes] = {}
        self.swallowed: dict[int, PostNodes] = {}
        self.messages: set[int] = set()  # mem_ids
        self.last: PostNodes | None = None
        self.look_inside = look_inside
        self.classes = classes

    def sort(self, nodes: list[Node]) -> None:
        """Take the finds in the order of the page."""
        for order, node in enumerate(nodes):
            identity = node.id or ""
            numbered = _ID.match(identity)
            outer = _inside(node, self.messages) if self.look_inside else None
            if numbered is not None:
                pid = int(numbered[2])
                self.numbered(node, numbered[1], pid, order, self.posts if outer in {None, pid} else self.swallowed)
            elif self.last is not None and not identity.startswith("post_"):  # post_new, post_rate_div_366
                owner = _owner(node, self.messages, self.posts if outer is None else self.swallowed, self.last if outer is None else None)
                if owner is not None:
                    self.keep(owner, node, identity)

    def numbered(self, node: Node, name: str, pid: int, order: int, posts: dict[int, PostNodes]) -> None:
        """A wrapper, a table or a message, and where it belongs."""
        if name == "postmessage_":
            self.messages.add(node.mem_id)
            if posts is self.posts and self.last is not None and self.last.wrapper is not None and not self.last.message:
                pid = self.last.pid  # viewthread_pay.htm prints the free part of a paid thread with the number of the page's last post
        post = posts.get(pid)
        if post is None:
            post = posts[pid] = PostNodes(pid, order)
        if posts is self.posts:
            self.last = post
        if name == "postmessage_":
            if len(post.message) < _PARTS:
                post.message.append(node)
        elif post.wrapper is None:
            post.wrapper = node

    def keep(self, owner: PostNodes, node: Node, identity: str) -> None:
        """What stands beside a message."""
        if identity.startswith("imagelist_"):
            owner.beside.setdefault("pictures", []).append(node)
            return
        words = (*(node.attributes.get("class") or "").split(), f"<{node.tag}>")
        if (part := next((self.classes[word] for word in words if word in self.classes), None)) is not None:
            owner.beside.setdefault(part, []).append(node)


_HOLDS_POST = re.compile(r' id="(?:post_|pid|postmessage_)\d')


def _inside(node: Node, messages: set[int]) -> int | None:
    """The number of the message that a node stands in; ``None`` outside of messages."""
    up = node.parent
    for _ in range(_DEEP):
        if up is None:
            return None
        if up.mem_id in messages:
            return int((up.id or "")[len("postmessage_"):])
        up = up.parent
    return None


def _owner(node: Node, messages: set[int], posts: dict[int, PostNodes], last: PostNodes | None) -> PostNodes | None:
    """The post around a node; ``last`` where none is around it; ``None`` inside a message, or too deep to be Discuz's own."""
    up = node.parent
    for _ in range(_CLIMB):
        if up is None:
            return last
        identity = up.id
        if identity and identity[0] == "p" and (found := _ID.match(identity)) is not None:
            return None if up.mem_id in messages else posts.get(int(found[2]), last)
        up = up.parent
    return None


# places in the text


def _placed(posts: list[PostNodes], starts: list[int], text: str, family: Family, bodies: list[int]) -> Finds:
    """Give each post its markup. ``starts``: where they begin in ``text``, if it tells; ``bodies``: from where on to look for their messages."""
    for post, start, body, end in zip(posts, starts, bodies, [*starts[1:], len(text)], strict=True) if starts else ():
        _cut(post, text, (start, body, end), family.notices)
    return Finds(posts, [], text[: starts[0]] if starts else text, posts[-1].tail if posts else text, text)


def _cut(post: PostNodes, text: str, place: tuple[int, int, int], notices: tuple[str, ...]) -> None:
    """Cut a post's markup in two where its message begins. ``place``: its beginning, from where to look for the message, its end."""
    start, body, end = place
    middle = text.find(f'id="postmessage_{post.pid}"', body, end)
    if middle < 0:
        middle = next((at for mark in (*notices, 'id="postmessage_') if (at := text.find(mark, body, end)) >= 0), end)
    post.head, post.tail = text[start:middle], text[middle:end]
    if len(post.head) > 2 * _LONGEST_HEAD:
        post.head = post.head[:_LONGEST_HEAD] + post.head[-_LONGEST_HEAD:]


def _are_at(posts: list[PostNodes], marks: list[int], text: str) -> bool:
    """Whether these marks are those of the posts, one by one."""
    ids = [post.wrapper.id for post in posts if post.wrapper is not None]
    return len(posts) == len(ids) == len(marks) and all(text.startswith(f' id="{name}"', at) for name, at in zip(ids, marks, strict=True))


def _starts(posts: list[PostNodes], text: str) -> list[int] | None:
    """Where each post begins in the text; ``None`` if it does not say so in Discuz's own way for all of them."""
    starts = []
    at = 0
    for post in posts:
        mark = f' id="{post.wrapper.id}"' if post.wrapper is not None else f' id="postmessage_{post.pid}"'
        at = text.find(mark, at)
        if at < 0:
            return None
        starts.append(at)
        at += 1
    return starts
