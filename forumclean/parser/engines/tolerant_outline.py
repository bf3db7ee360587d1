"""A page as flat lists: elements in document order, their text in one string. What the tolerant engine looks for shapes in.

The subtree of element ``i`` is ``i`` to ``lasts[i]``, its text ``text[starts[i]:ends[i]]``: every question is a look-up, and the whole
search stays linear in the size of the page.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple


class Piece(NamedTuple):
    """A run of text: the element it stands in, its place in the page's text, whether it is in a link."""

    element: int
    start: int
    end: int
    linked: bool


class Anchor(NamedTuple):
    """A link: its element and its address as written."""

    element: int
    href: str


class Moment(NamedTuple):
    """Something that reads like a time: its element, what is written, and whether a word such as 发表于 (posted at) goes before it."""

    element: int
    written: str
    labelled: bool


@dataclass(slots=True)
class Outline:
    """The elements of a page in document order."""

    tags: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """Tag, classes and id without its digits: what repeated elements of one kind have in common."""
    plain: list[str] = field(default_factory=list)
    """Tag, and the column of a table cell: what is left where classes are random."""
    ids: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    free: list[int] = field(default_factory=lambda: [0])
    """Characters in no link, before each piece and after the last."""
    text: str = ""
    cut: bool = False
    """True if some of the page was nested too deep to be looked at."""

    def words(self, element: int) -> str:
        """The text of an element, blanks collapsed."""
        return " ".join(self.text[self.starts[element]:self.ends[element]].split())

    def length(self, element: int) -> int:
        """Characters of an element's text, blanks included."""
        return self.ends[element] - self.starts[element]

    def children(self, element: int) -> list[int]:
        """The child elements of an element."""
        found = []
        child = element + 1
        while child <= self.lasts[element]:
            found.append(child)
            child = self.lasts[child] + 1
        return found

    def path(self, element: int, top: int, *, rich: bool) -> tuple[str, ...]:
        """The names from below ``top`` down to ``element``: with classes, or the bare tags."""
        names = self.keys if rich else self.plain
        found = []
        while element > top:
            found.append(names[element])
            element = self.parents[element]
        return tuple(reversed(found))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The places in ``pieces`` of the text from one element to the end of another."""
        return self._place(self.starts[first]), self._place(self.ends[last])

    def _place(self, offset: int) -> int:
        return bisect_left(self.pieces, offset, key=lambda piece: piece.start)
