"""Printed PHP values in any text: ``find_blocks`` for a text at hand, ``read_blocks`` for one of any size.

Reads what ``print_r`` printed: arrays and objects nested as deep as they come, visibility suffixes (``[x:protected]``),
``*RECURSION*``, values of several lines, with the indentation kept (``indented``), lost, or all on one line (``flat``). Text before,
between and behind blocks is left to the caller: a block tells its offsets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean.parser.php.flat import read_flat
from forumclean.parser.php.headers import LONGEST_HEADER, find_header
from forumclean.parser.php.indented import read_indented
from forumclean.parser.php.values import Block, Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forumclean.parser.php.headers import Header

CAP = 16 * 10**6
"""Code points of the largest block that is read whole; a longer one is given up to there, incomplete."""
_CHUNK = 1 << 18
"""Code points collected before they are read, so that small chunks cost nothing."""
_NEAR = 4096
"""Code points looked at behind a header once ``_Fuel`` is spent."""


class _Fuel:
    """Bounds the work on text that only looks like blocks: what is looked at in vain is counted."""

    def __init__(self) -> None:
        self.left = 4 * CAP

    def reach(self) -> int:
        """How far behind a header to look."""
        return max(_NEAR, min(CAP, self.left))

    def spend(self, vain: int) -> None:
        """Count the code points looked at behind a block that broke off."""
        self.left -= max(0, vain)


def _read(text: str, head: Header, limit: int, *, final: bool) -> Found | None:
    if head.base is None:
        return read_flat(text, head, limit, final=final)
    return read_indented(text, head, limit, final=final)


def find_blocks(text: str) -> list[Block]:
    r"""All printed values of a text, in order; they do not overlap.

    >>> text = "before\nArray\n(\n    [fid] => 2\n    [name] => 茶馆\n)\nbehind"
    >>> block, = find_blocks(text)
    >>> text[block.end:], block.complete, block.value.entries
    ('\nbehind', True, [('fid', '2'), ('name', '茶馆')])
    """
    return list(read_blocks([text]))


def read_blocks(chunks: Iterable[str]) -> Iterator[Block]:
    """The blocks of a text that comes in chunks; offsets count code points from the beginning of the first chunk.

    Holds no more than the block at hand (at most about ``CAP`` code points, then it is given incomplete) and a chunk.
    """
    source = iter(chunks)
    fuel = _Fuel()
    text, offset, final, wanted = "", 0, False, 1
    while not final or text:
        text, final = _fill(source, text, wanted)
        pos, wanted = 0, 0
        while head := find_header(text, pos):
            limit = min(len(text), head.start + fuel.reach())
            found = _read(text, head, limit, final=final or limit < len(text))
            if found is None:
                wanted = min(2 * (len(text) - head.start), CAP + _CHUNK)
                break
            if not found.complete:
                fuel.spend(found.looked - found.end)
            yield Block(offset + head.start, offset + found.end, found.value, found.complete)
            pos = found.end
        keep = head.start if head else max(pos, len(text) - LONGEST_HEADER)
        offset, text = (offset + keep, text[keep:]) if not final else (offset, "")


def _fill(source: Iterator[str], text: str, wanted: int) -> tuple[str, bool]:
    """The text with more chunks behind it until it is ``wanted`` long (and some more), and whether that was all."""
    pieces, size = [text], len(text)
    wanted = max(wanted, size + _CHUNK)
    for piece in source:
        pieces.append(piece)
        size += len(piece)
        if size >= wanted:
            return "".join(pieces), False
    return "".join(pieces), True
