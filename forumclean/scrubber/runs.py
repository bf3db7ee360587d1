"""Runs: where the noise may be. A run is a longest stretch of pairs in one line, and says where in its line it stands."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Literal, NamedTuple

from forumclean.scrubber.grammar import B_SIDE, BLANKS, ESCAPES, FIRST_A, FUSED, LEAST, NOT_A, NOT_B, ONE_PAIR, RUNS, SUSPECT, has_escapes

if TYPE_CHECKING:
    from forumclean.records import Blanks

Place = Literal["line-start", "line-end", "alone", "inline"]
_PLACES: tuple[tuple[Place, Place], tuple[Place, Place]] = (("inline", "line-end"), ("line-start", "alone"))
"""The place of a run, by whether it starts its line and whether it ends it."""
_A_OR_BLANK = frozenset(map(chr, range(32, 60))) | {"\xa0"}
_BREAKS = frozenset("\n\r")
_BESIDE = BLANKS | B_SIDE
"""In front of a run, these want a second look at where its line starts."""
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
    escaped = has_escapes(text, begin, stop)
    kept = blanks != "collapsed"
    spans: list[tuple[int, int]] = []
    last = -1
    for match in RUNS["kept" if kept else "collapsed", escaped].finditer(text, begin, stop):
        start, end = match.span()
        if start != last:
            if escaped:
                first = FIRST_A.search(text, max(begin, last, start - len("&quot;")), start)
                start = first.start() if first else start + 2 if kept else start
            elif start > begin and text[start - 1] in _A_OR_BLANK:
                start -= 1
            elif kept:
                start += 2  # a lone blank and a letter are no pair where blanks were kept
        if start == last:
            start, _ = spans.pop()
        spans.append((start, end))
        last = end
    runs = [_run(text, start, end, escaped=escaped) for start, end in spans]
    return [run for run in runs if run.pairs >= LEAST]


def _run(text: str, start: int, end: int, *, escaped: bool) -> Run:
    """The run between two offsets, with its place in the line."""
    before, after = text[start - 1 : start] or "\n", text[end : end + 1] or "\n"
    if before not in _BESIDE and after not in BLANKS:
        return _counted(text, start, end, _PLACES[before in _BREAKS][after in _BREAKS], escaped=escaped)
    left, right = start - 1, end
    while left >= 0 and text[left] in BLANKS:
        left -= 1
    at_start = left < 0 or text[left] in _BREAKS
    if not at_start and text[start - 1] in B_SIDE and (start == 1 or text[start - 2] in _BREAKS):
        at_start, start = True, start - 1  # two blanks and B, trimmed: only B is left of the first pair
    stop = len(text)
    while right < stop and text[right] in BLANKS:
        right += 1
    at_end = right == stop or text[right] in _BREAKS
    return _counted(text, start, end, _PLACES[at_start][at_end], escaped=escaped)


def _counted(text: str, start: int, end: int, place: Place, *, escaped: bool) -> Run:
    """The run between two offsets, its pairs counted."""
    pairs, odd = divmod(end - start, 3)
    if not odd and text[start + 1 : end : 3].isspace():
        return Run(start, end, place, pairs, even=True)
    pairs = len(ONE_PAIR.findall(text, start, end)) if escaped else len(text[start:end].encode("latin-1").translate(None, NOT_B))
    return Run(start, end, place, pairs, even=False)


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


def sides(text: str, run: Run) -> tuple[bytes, bytes]:
    """The A and the B of a run's first pairs, as Discuz wrote them; A that were blanks come last where pairs are not all of one length."""
    start, end, _, _, even = run
    if even:
        piece = text[start : min(end, start + 3 * FUSED)].encode("latin-1")
        return piece[::3].replace(b"\xa0", b" "), piece[2::3]
    text = text[start : min(end, start + _FAR)]
    if ("&" in text or "\\" in text) and ESCAPES.search(text):
        text = _QUOTE.sub(r"\1", unescape(text))
    piece = text.encode("latin-1", "ignore")  # what cutting an entity in two leaves is no pair
    a_side, b_side = piece.translate(None, NOT_A), piece.translate(None, NOT_B)
    return a_side + b" " * (len(b_side) - len(a_side)), b_side
