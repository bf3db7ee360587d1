"""Which sightings of a thread are the same post: a pure function of the set of sightings, whatever order they came in.

A pid decides. Sightings without one are taken page by page, the richest and earliest page first, and each page is matched against the
posts found so far, in steps from strong evidence to weak. No two sightings of one page are the same post. A match must not contradict:
where both sides state an author or a time, these agree, and so do the page numbers of one view (each view has its own length of pages; a
post moves to another page only when posts before it are deleted, and then it takes the very second to recognise it). What matches nothing is
a post of its own: two posts taken for one would lose a text, one post taken for two loses nothing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

NOBODY = ""
EMPTY = hashlib.sha256(b"").hexdigest()[:32]
"""The hash of no text and no links: a view that shows nothing of a post."""
SPANS = {"second": 1, "minute": 60, "day": 86400}
"""Seconds that a time of each precision may mean."""
EARLIER = {"minute": 60, "day": 3600}
"""And seconds by which it may be earlier than it reads."""
CROWD = 64
"""With more candidates than this for one key (“up” posted a thousand times) a step says nothing: keeps matching linear."""


class Seen(NamedTuple):
    """What identity depends on, of one sighting."""

    id: int
    """``sightings.id``: carried along, never looked at."""
    order: tuple[int, str, str]
    """Of its page: minus view rank, capture time, sha256."""
    ordinal: int
    page: int | None
    pid: int | None
    author: str | None
    """``NOBODY`` for guests and anonymous authors: each view has a word of its own for them, and some have none."""
    created_at: str | None
    precision: str | None
    content_hash: str | None
    position: int | None = None
    """In the thread, as its floor says."""


class Post:
    """Sightings found to be one post."""

    __slots__ = ("authors", "members", "moments", "numbers", "pages", "pid")

    def __init__(self, pid: int | None) -> None:
        """Nothing is known of it yet but perhaps its pid."""
        self.pid = pid
        self.members: list[Seen] = []
        self.authors: set[str] = set()
        self.moments: set[tuple[int, int]] = set()
        self.pages: set[tuple[int, str, str]] = set()
        """``Seen.order`` of the pages it was seen on."""
        self.numbers: dict[int, set[int]] = {}
        """View → numbers of these pages."""

    def agrees(self, seen: Seen, *, moved: bool, renamed: bool = False) -> bool:
        """Whether nothing this sighting states contradicts what is known of the post.

        ``moved``: it may be on another page by now; ``renamed``: its author may have another name.
        """
        if not renamed and seen.author is not None and self.authors and seen.author not in self.authors:
            return False
        if not moved and seen.page is not None and seen.page not in self.numbers.get(seen.order[0], (seen.page,)):
            return False
        span = _span(seen)
        return span is None or not self.moments or any(start < span[1] and span[0] < end for start, end in self.moments)

    def add(self, seen: Seen) -> None:
        """One more sighting of this post."""
        self.members.append(seen)
        self.learn(seen)

    def learn(self, seen: Seen) -> None:
        """What ``agrees`` looks at, of a member."""
        self.pages.add(seen.order)
        if seen.page is not None:
            self.numbers.setdefault(seen.order[0], set()).add(seen.page)
        if seen.author is not None:
            self.authors.add(seen.author)
        if (span := _span(seen)) is not None:
            self.moments.add(span)


def posts(sightings: Iterable[Seen]) -> list[Post]:
    """Group the sightings of one thread into posts."""
    ordered = sorted(sightings, key=attrgetter("order", "ordinal"))
    by_pid: dict[int, Post] = {}
    loose: list[Seen] = []
    for seen in ordered:
        if seen.pid is None:
            loose.append(seen)
        else:
            if (post := by_pid.get(seen.pid)) is None:
                post = by_pid[seen.pid] = Post(seen.pid)
            post.members.append(seen)
    found = list(by_pid.values())
    if loose:
        for post in found:
            for seen in post.members:
                post.learn(seen)
        index = _Index(found)
        for _, page in groupby(loose, key=attrgetter("order")):
            found += index.match(list(page))
    return found


def _second(seen: Seen) -> str | None:
    """When it was written, where that is known to the second."""
    return seen.created_at if seen.precision in {None, "second"} else None


def _exact(seen: Seen) -> Hashable:
    if seen.author is None or seen.created_at is None:
        return None
    # a time of the minute is not exact: there, page and text must do
    page = None if _second(seen) is not None else (seen.order[0], seen.page)
    return (seen.author, seen.created_at, seen.content_hash, page)


def _author_and_second(seen: Seen) -> Hashable:
    if seen.author is None or (second := _second(seen)) is None:
        return None
    return (seen.author, second)


def _author_and_minute(seen: Seen) -> Hashable:
    if seen.author is None or seen.created_at is None or seen.precision == "day":
        return None
    return (seen.author, seen.created_at[:16])


def _text(seen: Seen) -> Hashable:
    return seen.content_hash


def _floor(seen: Seen) -> Hashable:
    """Floors move when posts are deleted, so author and time must speak for it (``Post.agrees``)."""
    if seen.author is None or seen.created_at is None or seen.position is None:
        return None
    return (seen.author, seen.position)


def _place(seen: Seen) -> Hashable:
    """On first pages the order is the same in every view; further on only within one."""
    return (0 if seen.page == 1 else seen.order[0], seen.page, seen.ordinal)


def _second_and_text(seen: Seen) -> Hashable:
    if (second := _second(seen)) is None or seen.content_hash in {None, EMPTY}:
        return None
    return (second, seen.content_hash)


def _second_and_floor(seen: Seen) -> Hashable:
    if (second := _second(seen)) is None or seen.position is None:
        return None
    return (second, seen.position)


class Step(NamedTuple):
    """One way to recognise a post."""

    key: Callable[[Seen], Hashable]
    """What two sightings must share; ``None``: nothing is known."""
    strong: bool = False
    """Whether several candidates are paired in order, and the post may have moved to another page."""
    renamed: bool = False
    """Whether its author may have another name: members who are renamed are renamed in all their posts."""


STEPS = (
    Step(_exact, strong=True),  # posted twice within a second: equal in all we know, so their order decides
    Step(_author_and_second),
    Step(_author_and_minute),
    Step(_second_and_text, strong=True, renamed=True),
    Step(_second_and_floor, renamed=True),
    Step(_text),
    Step(_floor, strong=True),
    Step(_place),
)
"""From strong evidence to weak."""


class _Index:
    """The posts of a thread by the keys of every step."""

    def __init__(self, found: Sequence[Post]) -> None:
        self.steps: list[dict[Hashable, list[Post]]] = [{} for _ in STEPS]
        for post in found:
            for seen in post.members:
                self._note(post, seen)

    def match(self, page: list[Seen]) -> list[Post]:
        """Give each sighting of one page to its post; returns the posts that are new."""
        rest = page
        for step, known in zip(STEPS, self.steps, strict=True):
            rest = self._step(rest, known, step)
        new = []
        for seen in rest:
            post = Post(None)
            self._join(post, seen)
            new.append(post)
        return new

    def _step(self, page: list[Seen], known: dict[Hashable, list[Post]], step: Step) -> list[Seen]:
        """Match by one key; returns the sightings that are still without a post."""
        groups: dict[Hashable, list[Seen]] = {}
        for seen in page:
            groups.setdefault(step.key(seen), []).append(seen)
        matched: set[int] = set()
        for key, group in groups.items():
            candidates = known.get(key, ()) if key is not None else ()
            if not candidates or len(candidates) > CROWD or (len(group) > 1 and not step.strong):
                continue
            free = [post for post in candidates if group[0].order not in post.pages and post.agrees(group[0], moved=step.strong, renamed=step.renamed)]
            if len(free) > 1 and not step.strong:
                continue
            for seen, post in zip(group, free, strict=False):
                self._join(post, seen)
                matched.add(seen.ordinal)
        return [seen for seen in page if seen.ordinal not in matched]

    def _join(self, post: Post, seen: Seen) -> None:
        post.add(seen)
        self._note(post, seen)

    def _note(self, post: Post, seen: Seen) -> None:
        for known, step in zip(self.steps, STEPS, strict=True):
            key = step.key(seen)
            if key is not None:
                posts_of_key = known.setdefault(key, [])
                if post not in posts_of_key[-CROWD:]:
                    posts_of_key.append(post)


def _span(seen: Seen) -> tuple[int, int] | None:
    """The seconds that the time of a sighting may mean; ``None`` where it states none that can be read."""
    if seen.created_at is None:
        return None
    try:
        start = int(datetime.fromisoformat(seen.created_at).timestamp())
    except ValueError:
        return None
    length = SPANS.get(seen.precision or "second", 1)
    # “2 分钟前” (minutes ago), told from a page whose own time is of the minute too, may be a minute earlier, “2 小时前” (hours ago) an hour
    return (start - EARLIER.get(seen.precision or "second", 0), start + length)
