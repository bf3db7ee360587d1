"""Where a printed value begins, and which of the three shapes it has: indentation kept, indentation lost, or all on one line.

``print_r`` prints ``Array``, a line with ``(``, the entries four columns further in, and ``)``. Extractors of text drop the indentation,
join the lines, or write the arrow in another way; see ``ARROW``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

ARROW = r"(?:[ ]?=>|[ ]?=&gt;|[ ]?=[ ]>|[ ]?⇒|[ ]?＝＞|[ ]?=＞)"
"""The arrow of an entry, as printed (``=>``), as HTML (``=&gt;``), pulled apart, as one character, and full-width."""

_HEADER = re.compile(
    rf"""
    (?: (?<![A-Za-z0-9_$\\]) Array | [ ]Object )   # an array; an object's class name stands before the blank
    (?P<gap> \s{{1,40}} )                          # a line end, or a blank where all is on one line
    \(                                             # the bracket of the block
    (?P<lead> \s{{1,200}}+ )
    (?: (?P<empty>\)) | \[ [^\n]{{0,200}}? \] (?P<arrow>{ARROW}) )
    """,
    re.VERBOSE,
)
_CLASS = re.compile(r"[^\W\d][\w\\@]{0,200}\Z")
"""A class name at the end of a piece of text: letters, digits, underscores, name-space backslashes, ``class@anonymous``."""
_NESTED = re.compile(rf"\]{ARROW}\s*\Z")
"""What stands before a header that is itself the value of an entry."""
_BEFORE = 220
"""Code points looked at before a header: a class name and an arrow."""
LONGEST_HEADER = 700
"""Code points in which ``_HEADER`` surely ends or fails, class name included."""


class Header(NamedTuple):
    """The beginning of a printed value."""

    start: int
    """Offset of ``Array`` or of the class name."""
    inside: int
    """Offset just behind the opening bracket."""
    class_name: str | None
    base: int | None
    """Columns before the opening bracket where the indentation is kept; ``None`` where it is lost."""
    newline: str | None
    """What ends a line, ``None`` where the header stands on one line with its bracket."""
    arrow: str
    """The arrow of the first entry, with the blank before it."""
    loose: bool
    """True where every line is followed by an empty one that the extractor added."""


def find_header(text: str, pos: int = 0) -> Header | None:
    """The first header of a top-level value at or after an offset; ``None`` if there is none.

    Prose that only mentions ``Array (`` is no header: a bracket and at least one ``[key] =>`` or the closing bracket must follow.

    >>> find_header("see Array ( of values ) in the manual") is None
    True
    """
    if pos == 0 and "Array" not in text and " Object" not in text:
        return None  # most texts: told at the speed of memory
    while match := _HEADER.search(text, pos):
        start, class_name = match.start(), None
        if text[start] == " ":
            name = _CLASS.search(text[max(0, start - _BEFORE) : start])
            if name is None:
                pos = match.end("gap")
                continue
            class_name = name[0]
            start -= len(class_name)
        if not _NESTED.search(text[max(0, start - 20) : start]):
            return _header(match, start, class_name)
        pos = match.end("gap")
    return None


def header_between(text: str, start: int, stop: int) -> bool:
    """True if a top-level value begins between two offsets that lie close together."""
    piece = text[start:stop]
    if "Array" not in piece and " Object" not in piece:
        return False
    head = find_header(text[start : stop + LONGEST_HEADER])
    return head is not None and start + head.start < stop


def _header(match: re.Match[str], start: int, class_name: str | None) -> Header:
    gap, lead = match["gap"], match["lead"]
    newline = "\r\n" if "\r\n" in gap else "\n" if "\n" in gap else None
    inside = match.end("gap") + 1
    base = None
    if newline is not None and "\n" in lead:
        indent = gap[gap.rfind("\n") + 1 :]
        first = lead[lead.rfind("\n") + 1 :]
        step = "" if match["empty"] else "    "
        if first == indent + step and not indent.strip(" ") and not lead[: lead.find("\n")].strip("\r"):
            base = len(indent)
    loose = gap.count("\n") > 1
    return Header(start, inside, class_name, base, newline, match["arrow"] or " =>", loose)
