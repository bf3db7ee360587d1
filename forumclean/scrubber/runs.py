"""Runs: where the noise may be. A run is a longest stretch of pairs in one line, and says where in its line it stands."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Literal, NamedTuple

from forumclean.scrubber.grammar import ANY_A, ANY_B, B_SIDE, BLANKS, ESCAPES, FIRST_A, FUSED, LEAST, ONE_PAIR, RUNS, SUSPECT

if TYPE_CHECKING:
    from forumclean.records import Blanks

Place = Literal["line-start", "line-end", "alone", "inline"]
_A_OR_BLANK = frozenset(map(chr, range(32, 60))) | {"\xa0"}
_BREAKS = frozenset("\n\r")
_FAR = 6 * FUSED
"""Characters that hold two whole blocks, even with an entity in every third pair."""
_QUOTE = re.compile(r"\\([\"'][ \xa0])")


class Run(NamedTuple):
    """A stretch of a body made of pairs only."""

    start: int
    end: int
    place: Place
    pairs: int
    even: bool
    """Every pair is three characters: A, blank, B."""


def find_runs(text: str, blanks: Blanks) -> list[Run]:
    r"""Find the runs of five and more pairs of a body, in order; ``blanks`` says which shapes a pair may have.

    >>> find_runs("一行。# a6 I- l* J/ z\n二行", "kept")
    [Run(start=3, end=18, place='line-end', pairs=5, even=True)]
    >>> find_runs("V e r t e x", "kept")
    []
    """
    if SUSPECT.search(text) is None:
        return []
    return _search(text, 0, len(text), blanks)


def tightened(text: str, runs: list[Run]) -> list[Run]:
    """Runs found for collapsed blanks, read again for kept ones: a lone blank is no A there."""
    out: list[Run] = []
    for run in runs:
        out += [run] if run.even else _search(text, run.start, run.end, "kept")
    return out


def _search(text: str, begin: int, stop: int, blanks: Blanks) -> list[Run]:
    """The runs between two offsets; a longer one than the pattern's bound comes in pieces, which are joined."""
    escaped = ESCAPES.search(text, begin, stop) is not None
    kept = blanks != "collapsed"
    runs: list[Run] = []
    first = last = -1
    for match in RUNS["kept" if kept else "collapsed", escaped].finditer(text, begin, stop):
        start, end = match.span()
        if start != last:
            if not escaped and start > begin and text[start - 1] in _A_OR_BLANK:
                start -= 1
            else:
                start = _first_a(text, start, max(begin, last), escaped=escaped, kept=kept)
        if start != last:
            if last >= 0:
                _add(runs, text, first, last, escaped=escaped)
            first = start
        last = end
    if last >= 0:
        _add(runs, text, first, last, escaped=escaped)
    return runs


def _first_a(text: str, start: int, least: int, *, escaped: bool, kept: bool) -> int:
    """Where the first pair of a run begins whose blank is at ``start``, not before ``least``."""
    a = FIRST_A.search(text, max(least, start - len("&quot;")), start) if escaped else None
    if a:
        return a.start()
    return start + 2 if kept else start  # a lone blank and a letter are no pair where blanks were kept


def _add(runs: list[Run], text: str, start: int, end: int, *, escaped: bool) -> None:
    """Note a run with its place in the line, if it is long enough for a block."""
    at_start = start == 0 or (before := text[start - 1]) in _BREAKS
    if not at_start and before in B_SIDE and (start == 1 or text[start - 2] in _BREAKS):
        at_start, start = True, start - 1  # two blanks and B, trimmed: only B is left of the first pair
    elif not at_start and before in BLANKS:
        left = start - 1
        while left and text[left - 1] in BLANKS:
            left -= 1
        at_start = left == 0 or text[left - 1] in _BREAKS
    right = end
    while (behind := text[right : right + 1]) in BLANKS and behind:
        right += 1
    at_end = not behind or behind in _BREAKS
    pairs, odd = divmod(end - start, 3)
    even = not odd and text[start + 1 : end : 3].isspace()
    if not even:
        pairs = len((ONE_PAIR if escaped else ANY_B).findall(text, start, end))
    if pairs >= LEAST:
        place: Place = "alone" if at_start and at_end else "line-start" if at_start else "line-end" if at_end else "inline"
        runs.append(Run(start, end, place, pairs, even))


def first_starts(text: str, run: Run) -> list[int]:
    """Where the pairs of a run start, from its first on, as many as two blocks can have."""
    end = min(run.end, run.start + _FAR)
    return (list(range(run.start, end, 3)) if run.even else _starts(text, run.start, end))[:FUSED]


def last_starts(text: str, run: Run) -> list[int]:
    """Where the pairs of a run start, up to its last, as many as two blocks can have."""
    start = run.start
    if run.end - start > _FAR:
        start = run.end - 3 * FUSED if run.even else next(i for i in range(run.end - _FAR, run.end) if text[i] in B_SIDE) + 1
    return (list(range(start, run.end, 3)) if run.even else _starts(text, start, run.end))[-FUSED:]


def _starts(text: str, start: int, end: int) -> list[int]:
    return [match.start() for match in ONE_PAIR.finditer(text, start, end)]


def sides(text: str, run: Run) -> tuple[str, str]:
    """The A and the B of a run's first pairs, as Discuz wrote them; A that were blanks come last where pairs are not all of one length."""
    piece = text[run.start : min(run.end, run.start + (3 * FUSED if run.even else _FAR))]
    if run.even:
        return piece[::3].replace("\xa0", " "), piece[2::3]
    if ESCAPES.search(piece):
        piece = _QUOTE.sub(r"\1", unescape(piece))
    a_side, b_side = "".join(ANY_A.findall(piece)), "".join(ANY_B.findall(piece))
    return a_side + " " * (len(b_side) - len(a_side)), b_side
