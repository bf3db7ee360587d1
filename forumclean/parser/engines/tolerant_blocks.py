"""Where the posts of an unknown page are: the repeated sibling blocks that hold a member's link and a time each.

A list, an index or an archive page repeats too: there every block leads to a different page by its title, and has little text besides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.board_urls import host_of, read_url
from forumclean.parser.engines.tolerant_signs import is_name, member_in, time_within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forumclean.parser.engines.tolerant_outline import Anchor, Outline, Piece

_MOST = 0.6
"""Share of the blocks that makes a rule of something."""
_WHOLE = 0.7
"""An inner container that holds so much of the outer one's text holds the posts."""
_TITLE = 4
"""Characters of link text from which it can be a title."""
_ARTICLE = 600
"""Characters of running text outside the blocks from which they are comments on an article, unless they say much more."""
_SCHEME = re.compile(r"(?:javascript|mailto|tel|data):", re.IGNORECASE)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "dt"})
_NOTE = 250
"""Characters that rules, notices and descriptions beside short posts have at most."""
_SPAN = 8
"""Siblings that one post may be made of at most."""
_HEAD = 120
"""Characters that can stand before a title: an author, a time, a forum's name."""
_LINES = frozenset({"p", "td", "div", "article", "section", "li"})


class Block(NamedTuple):
    """One post to be: its sibling elements, the first and the last."""

    first: int
    last: int


class Region(NamedTuple):
    """The posts of a page and the element that holds them."""

    container: int
    blocks: tuple[Block, ...]


def find_region(outline: Outline, *, is_thread: bool) -> Region | None:
    """The blocks that are the posts of a page, ``None`` if it holds none.

    ``is_thread``: the page's address or scripts say that it is a thread, so that text before the blocks is no article.
    """
    times = sorted({moment.element for moment in outline.moments})
    members = sorted({anchor.element for anchor in outline.anchors if member_in(anchor.href) is not None})
    if not times or not members:
        return None
    held = _holders(outline, times, members)
    candidates = [region for parent, heads, timed in held if (region := _region(outline, parent, heads, timed)) is not None]
    chosen = _choose(outline, candidates)
    if chosen is None or _leads_elsewhere(outline, chosen) or not _says_something(outline, chosen):
        return None
    if not is_thread and _is_article(outline, chosen):
        return None
    return chosen


def find_single(outline: Outline) -> Region | None:
    """The only post of a page that is known to be a thread.

    It is the largest element around a posting time that holds a member, but no heading of the page.
    """
    links = [anchor for anchor in outline.anchors if member_in(anchor.href) is not None]
    members = sorted({anchor.element for anchor in links if is_name(outline.words(anchor.element))})
    headings = [element for element, tag in enumerate(outline.tags) if tag in {"h1", "form", "header", "nav", "footer"}]
    for moment in outline.moments:
        element = moment.element if moment.labelled else 0
        found = None
        while element > 0 and not _any_in(headings, element, outline.lasts[element]):
            if _any_in(members, element, outline.lasts[element]):
                found = element
            element = outline.parents[element]
        if found is not None and element > 0 and _own_text(outline, found):
            return Region(outline.parents[found], (Block(found, outline.lasts[found]),))
    return None


def _holders(outline: Outline, times: list[int], members: list[int]) -> Iterable[tuple[int, list[int], set[int]]]:
    """Elements with children that hold both a time and a member, these children, and all that hold a time (at least two)."""
    children: dict[int, set[int]] = {}
    for time in times:
        child = time
        while child > 0:
            parent = outline.parents[child]
            known = children.setdefault(parent, set())
            if child in known:
                break
            known.add(child)
            child = parent
    for parent, held in children.items():
        if len(held) < 2:  # noqa: PLR2004 - once is not repeated
            continue
        both = sorted(child for child in held if _any_in(members, child, outline.lasts[child]))
        if both:
            yield parent, both, held
        if len(both) < 2:  # noqa: PLR2004
            yield from _alternating(outline, parent, sorted(held), members)


def _alternating(outline: Outline, parent: int, timed: list[int], members: list[int]) -> Iterable[tuple[int, list[int], set[int]]]:
    """Member and time in neighbours (``dt`` and ``dd``): each block starts with the member's element."""
    heads = [child for child in outline.children(parent) if _any_in(members, child, outline.lasts[child])]
    ends = [*heads[1:], outline.lasts[parent] + 1] if heads else []
    followed = [head for head, end in zip(heads, ends, strict=True) if _any_in(timed, head, end - 1)]
    if len(followed) > 1 and len(followed) >= _MOST * len(heads):
        yield parent, followed, set()


def _region(outline: Outline, parent: int, heads: list[int], held: set[int]) -> Region | None:
    """The heads that are alike, each with the siblings that belong to it."""
    alike = Counter(outline.tags[head] for head in heads)
    tag = alike.most_common(1)[0][0]
    heads = [head for head in heads if outline.tags[head] == tag]
    shapes = {shape for head in heads for shape in _shapes(outline, head)}
    timed = {child for child in held if outline.tags[child] == tag and not shapes.isdisjoint(_shapes(outline, child))}
    heads = sorted(timed.union(heads))  # guests and deleted members have no link
    if len(heads) < 2:  # noqa: PLR2004 - once is not repeated
        return None
    siblings = outline.children(parent)
    places = [bisect_left(siblings, head) for head in heads]
    gaps = Counter(after - before for before, after in pairwise(places))
    usual = min(gaps.most_common(1)[0][0], _SPAN) if gaps else 1
    if usual > 1 and all(_own_text(outline, head) for head in heads):
        usual = 1
    blocks = []
    for place, after in zip(places, [*places[1:], len(siblings)], strict=True):
        end = min(place + usual, after) - 1
        blocks.append(Block(siblings[place], outline.lasts[siblings[end]]))
    return Region(parent, tuple(blocks))


def _shapes(outline: Outline, element: int) -> set[str]:
    """What tells that an element is of a kind with another: its classes or id, and how it is built two levels deep."""
    names = [outline.tags[element]]
    for child in outline.children(element)[:_SPAN]:
        names.append(outline.plain[child])
        names.extend(f"/{outline.plain[inner]}" for inner in outline.children(child)[:_SPAN])
    built = " ".join(names)
    key = outline.keys[element]
    return {built} if key == f"{outline.plain[element]}#" else {built, key}


def _own_text(outline: Outline, head: int) -> bool:
    """Whether an element holds more than its member's name and its time."""
    first = bisect_left(outline.moments, head, key=lambda moment: moment.element)
    last = bisect_left(outline.moments, outline.lasts[head] + 1, key=lambda moment: moment.element)
    spent = sum(len(moment.written) for moment in outline.moments[first:last])
    return free_text(outline, Block(head, outline.lasts[head])) - spent > 2 * _TITLE


def _choose(outline: Outline, candidates: list[Region]) -> Region | None:
    """The container with the most text in its blocks; an inner one with more blocks and nearly as much text goes before it."""
    measured = [(sum(free_text(outline, block) for block in region.blocks), region) for region in candidates]
    measured = [(size, region) for size, region in measured if size]
    if not measured:
        return None
    best_size, best = max(measured, key=lambda pair: (pair[0], pair[1].container))
    inner = [
        (len(region.blocks), size, region) for size, region in measured
        if best.container < region.container <= outline.lasts[best.container]
        and len(region.blocks) > len(best.blocks) and size >= _WHOLE * best_size
    ]  # fmt: skip
    return max(inner, key=lambda found: found[:2])[2] if inner else best


def free_text(outline: Outline, block: Block) -> int:
    """Characters of a block that are in no link."""
    first, last = outline.span(block.first, block.last)
    return outline.free[last] - outline.free[first]


def pieces_of(outline: Outline, block: Block) -> list[Piece]:
    """The runs of text of a block."""
    first, last = outline.span(block.first, block.last)
    return outline.pieces[first:last]


def anchors_of(outline: Outline, block: Block) -> list[Anchor]:
    """The links of a block."""
    first = bisect_left(outline.anchors, block.first, key=lambda anchor: anchor.element)
    return outline.anchors[first:bisect_left(outline.anchors, block.last + 1, key=lambda anchor: anchor.element)]


def _leads_elsewhere(outline: Outline, region: Region) -> bool:
    """Whether most blocks have a title of their own that leads to a page of its own: a list."""
    hosts = Counter(host for anchor in outline.anchors if (host := host_of(anchor.href)) is not None)
    home = hosts.most_common(1)[0][0] if hosts else None
    rows = []
    for block in region.blocks:
        titles = (_title(outline, region, block, anchor, home) for anchor in anchors_of(outline, block))
        rows.append({title for title in titles if title is not None})
    places = Counter(place for row in rows for place in {title.place for title in row})
    words = Counter(said for row in rows for said in {title.words for title in row})
    routes: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        routes.update({title.route for title in row if places[title.place] == 1 and words[title.words] == 1})
    return any(count >= _MOST * len(rows) for count in routes.values())


class _Title(NamedTuple):
    """A link that could be the title of what a list leads to."""

    route: tuple[str, ...]
    place: str
    words: str


def _title(outline: Outline, region: Region, block: Block, anchor: Anchor, home: str | None) -> _Title | None:
    target = read_url(anchor.href)
    if target.kind in {"user", "login", "post"} or member_in(anchor.href) is not None or _SCHEME.match(anchor.href) is not None:
        return None
    words = outline.words(anchor.element)
    if len(words) < _TITLE or time_within(words) is not None or host_of(anchor.href) not in {None, home}:
        return None
    if target.kind in {"thread", "jump"}:
        return None if target.tid is None else _Title(("thread",), f"tid {target.tid}", words)
    route = outline.path(anchor.element, region.container, rich=False)
    headed = any(name in _HEADINGS for name in route)
    if not headed and (len(words) < 2 * _TITLE or not _is_first(outline, block, words)):
        return None
    return _Title(route, anchor.href.partition("#")[0], words)


def _is_first(outline: Outline, block: Block, words: str) -> bool:
    """Whether words stand in the upper half of a block, where its title would be."""
    whole = " ".join(outline.text[outline.starts[block.first]:outline.ends[block.last]].split())
    return whole.find(words) <= max(len(whole) // 2, _HEAD)


def _says_something(outline: Outline, region: Region) -> bool:
    """Whether the blocks hold more than names, numbers and times."""
    repeated: Counter[str] = Counter()
    texts = []
    for block in region.blocks:
        pieces = [outline.text[piece.start:piece.end] for piece in pieces_of(outline, block) if not piece.linked]
        words = {"".join(character for character in piece if character.isalpha()) for piece in pieces}
        repeated.update(words)
        texts.append(words)
    own = [sum(len(word) for word in words if repeated[word] == 1) for words in texts]
    said = [size for size in own if size > 1]
    return len(said) >= _MOST * len(own) and max(own) >= 2 * _TITLE


def _is_article(outline: Outline, region: Region) -> bool:
    """Whether the page's main text stands outside the blocks: what they hold are comments on it."""
    within = sum(free_text(outline, block) for block in region.blocks)
    sizes: Counter[int] = Counter()
    first, last = outline.starts[region.container], outline.ends[region.container]
    for piece in outline.pieces:
        if not piece.linked and not first <= piece.start < last:
            element = piece.element
            while element > 0 and outline.tags[element] not in _LINES:
                element = outline.parents[element]
            sizes[outline.parents[element] if outline.tags[element] == "p" else element] += piece.end - piece.start
    largest = max(sizes.values(), default=0)
    return (largest > _ARTICLE and largest > within / 3) or (largest > _NOTE and largest > 2 * within)


def _any_in(sorted_elements: list[int], first: int, last: int) -> bool:
    at = bisect_left(sorted_elements, first)
    return at < len(sorted_elements) and sorted_elements[at] <= last


def names_of(outline: Outline, block: Block) -> list[tuple[int, str, str]]:
    """The links to members within a block: element, address, words that can be a name (else empty)."""
    found = []
    for anchor in anchors_of(outline, block):
        if member_in(anchor.href) is not None:
            words = outline.words(anchor.element)
            found.append((anchor.element, anchor.href, words if is_name(words) else ""))
    return found
