"""What is cut of a run, and what is doubtful about it: the readings of `borders` and `breaks`, under a profile.

A border whose next best reading is nearly as good is a doubt about the characters between. ``strict`` keeps all of them, ``default`` takes the
best reading, ``eager`` cuts them even where text is the better reading by a little. All three report the same doubts, with both readings.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.grammar import FUSED

if TYPE_CHECKING:
    from collections.abc import Callable

    from forumclean.scrubber.borders import Border, Borders
    from forumclean.scrubber.breaks import Line
    from forumclean.scrubber.runs import Run

SURE = 3.0
"""Nats between the best reading and the next: less is a doubt."""
_BRAVE = 1.5
"""Nats by which text may be the better reading where ``eager`` cuts still."""
_SHOWN = 16
"""Characters of a reading that are shown."""
Span = tuple[int, int]
Doubtful = tuple[int, int, str]
"""Start, end, and why these characters are doubtful."""


class Beside(NamedTuple):
    """What stands beside a run."""

    read: Callable[[Run], Line | None]
    """Asked for a run that fills its line."""
    left: int
    """The text before it starts here at the earliest: the end of the noise before."""
    following: Run | None
    """The next run."""


class Found(NamedTuple):
    """The noise of one run."""

    run: Run
    spans: tuple[Span, ...]
    """Where it starts and ends (two pieces if a line of text was hidden in it)."""
    doubtful: tuple[Doubtful, ...] = ()
    margin: float = inf
    """How much better (nats) than the next best the least certain of its borders is."""


def spans(text: str, run: Run, beside: Beside, borders: Borders) -> Found:
    """Where the noise of one run starts and ends, and what is doubtful about that, if that is not clear by a bound (of an inline run: if it is not known)."""
    if run.place == "alone":
        return _alone(text, run, beside, borders)
    start, end, margin = run.start, run.end, inf
    doubtful: list[Doubtful] = []
    inline = run.place == "inline"
    if run.place != "line-start" and not (inline and borders.starts_clearly(text, run, beside.left)) and (border := borders.start(text, run, beside.left, beside.following)):
        first, last = sorted((border.at, border.other))
        start, margin = last if _kept(border, borders) else first if _brave(border, borders) else border.at, border.margin
        if border.margin < SURE:
            near = max(beside.left, first - _SHOWN)
            line = max(near, text.rfind("\n", near, start) + 1)
            doubtful.append((first, last, _either("the text ends", text[line : border.at], text[line : border.other], border.margin)))
    if run.place != "line-end" and not (inline and borders.ends_clearly(text, run)) and (border := borders.end(text, run)):
        first, last = sorted((border.at, border.other))
        end, margin = first if _kept(border, borders) else last if _brave(border, borders) else border.at, min(margin, border.margin)
        if border.margin < SURE:
            stop = last + len(text[last : last + _SHOWN].partition("\n")[0])
            doubtful.append((first, last, _either("the text begins", text[border.at : stop], text[border.other : stop], border.margin)))
    return Found(run, ((start, end),), tuple(doubtful), margin)


def _kept(reading: Border | Line, borders: Borders) -> bool:
    return borders.profile == "strict" and reading.margin < SURE


def _brave(reading: Border | Line, borders: Borders) -> bool:
    return borders.profile == "eager" and reading.margin < _BRAVE


def _either(what: str, best: str, other: str, margin: float) -> str:
    """Why characters are doubtful: both readings of the line, and how far apart they are."""
    return f"text or noise: {what} {best!r}, or {other!r}, only {margin:.1f} nats worse"


def _alone(text: str, run: Run, beside: Beside, borders: Borders) -> Found:
    """The same of a run that fills its line."""
    if run.pairs > FUSED:
        return Found(run, (), ((run.start, run.end, "too long for two blocks"),))
    line = beside.read(run)
    if line is None:
        return Found(run, ((run.start, run.end),))
    doubtful: list[Doubtful] = []
    texts = [span for span in ((line.start, line.end), line.other) if span[0] < span[1]]
    if line.margin < SURE:
        why = _either("the line is", text[line.start : line.end], text[slice(*line.other)], line.margin)
        doubtful = [(min(start for start, _ in texts), max(end for _, end in texts), why)]
    start, end = doubtful[0][:2] if _kept(line, borders) else (line.start, line.end)
    if len(texts) == 1 and _brave(line, borders):
        start = end
    pieces = ((run.start, start), (end, run.end)) if start < end else ((run.start, run.end),)
    return Found(run, tuple(piece for piece in pieces if piece[0] < piece[1]), tuple(doubtful), line.margin)
