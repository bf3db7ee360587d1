"""What changed from one text to the next, and what was cut from one: as pieces that a page colours."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forumclean.records import Cut, Doubt

_WORD = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)
_FINE = 4_000
"""Words on both sides of a change up to which it is looked into word by word; longer ones are shown as wholes."""


_LINES = 4_000
"""Lines on both sides up to which texts are compared."""


class Piece(NamedTuple):
    """A piece of text. ``kind``: ``same``, ``old``, ``new``, ``cut``, ``doubt``, or ``skipped`` for unchanged lines that are left out."""

    kind: str
    text: str
    note: str = ""


def differences(old: str, new: str, context: int = 2) -> list[Piece]:
    """Return the pieces of both texts in order: by lines first, then by words within the lines that changed.

    >>> [tuple(piece)[:2] for piece in differences("今天下雨", "明天下雨")]
    [('old', '今'), ('new', '明'), ('same', '天下雨')]
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    for what, i1, i2, j1, j2 in _steps(before, after, _LINES):
        if what == "equal":
            pieces += _same(before[i1:i2], context, first=i1 == 0, last=i2 == len(before))
        else:
            pieces += _words("".join(before[i1:i2]), "".join(after[j1:j2]))
    return pieces


def _steps(before: Sequence[str], after: Sequence[str], most: int) -> Iterable[tuple[str, int, int, int, int]]:
    if len(before) + len(after) > most:  # comparing takes the square of the length at worst
        return [("replace", 0, len(before), 0, len(after))]
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _same(lines: Sequence[str], context: int, *, first: bool, last: bool) -> Iterator[Piece]:
    head, tail = (0 if first else context), (0 if last else context)
    if len(lines) <= head + tail + 1 or (first and last):
        yield Piece("same", "".join(lines))
        return
    if head:
        yield Piece("same", "".join(lines[:head]))
    left_out = len(lines) - head - tail
    yield Piece("skipped", f"{left_out} lines unchanged")
    if tail:
        yield Piece("same", "".join(lines[-tail:]))


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    for what, i1, i2, j1, j2 in _steps(before, after, _FINE):
        if what == "equal":
            yield Piece("same", "".join(before[i1:i2]))
            continue
        if i1 < i2:
            yield Piece("old", "".join(before[i1:i2]))
        if j1 < j2:
            yield Piece("new", "".join(after[j1:j2]))


def cut_pieces(parsed: str | None, cuts: Sequence[Cut], doubts: Sequence[Doubt]) -> list[Piece]:
    """Return a parsed text in pieces: what was cut from it, what took its place, and what was doubtful and left alone.

    >>> from forumclean.records import Cut
    >>> [tuple(piece) for piece in cut_pieces("好x的", [Cut(1, "x", "", "jammer.element")], [])]
    [('same', '好', ''), ('cut', 'x', 'jammer.element'), ('same', '的', '')]
    """
    text = parsed or ""
    marks = sorted(
        [(cut.start, len(cut.before), "cut", cut.rule, cut.after) for cut in cuts]
        + [(doubt.start, len(doubt.text), "doubt", f"{doubt.rule}: {doubt.why}", "") for doubt in doubts],
    )
    pieces, at = [], 0
    for start, length, kind, note, after in marks:
        if start < at:
            continue  # a doubt about what was cut
        if start > at:
            pieces.append(Piece("same", text[at:start]))
        pieces.append(Piece(kind, text[start:start + length], note))
        if after:
            pieces.append(Piece("new", after, note))
        at = start + length
    if at < len(text):
        pieces.append(Piece("same", text[at:]))
    return pieces
