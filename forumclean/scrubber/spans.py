"""What is cut of a run, and what is doubtful about it: the readings of `borders` and `breaks`, under a profile.

A border whose next best reading is nearly as good is a doubt about the characters between. ``strict`` keeps all of them, ``default`` takes the
best reading, ``eager`` cuts them even where text is the better reading by a little. All three report the same doubts, with both readings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.grammar import FUSED

if TYPE_CHECKING:
    from collections.abc import Callable

    from forumclean.scrubber.borders import Border, Borders
    from forumclean.scrubber.breaks import Line
    from forumclean.scrubber.runs import Run

_SURE = 3.0
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


def spans(text: str, run: Run, beside: Beside, borders: Borders) -> tuple[list[Span], list[Doubtful]]:
    """Where the noise of one run starts and ends (two pieces if a line of text was hidden in it), and what is doubtful about that."""
    if run.place == "alone":
        return _alone(text, run, beside, borders)
    start, end = run.start, run.end
    doubtful: list[Doubtful] = []
    if run.place != "line-start" and (border := borders.start(text, run, beside.left, beside.following)):
        first, last = sorted((border.at, border.other))
        start = last if _kept(border, borders) else first if _brave(border, borders) else border.at
        if border.margin < _SURE:
            near = max(beside.left, first - _SHOWN)
            line = max(near, text.rfind("\n", near, start) + 1)
            doubtful.append((first, last, _either("the text ends", text[line : border.at], text[line : border.other], border.margin)))
    if run.place != "line-end" and (border := borders.end(text, run)):
        first, last = sorted((border.at, border.other))
        end = first if _kept(border, borders) else last if _brave(border, borders) else border.at
        if border.margin < _SURE:
            stop = last + len(text[last : last + _SHOWN].partition("\n")[0])
            doubtful.append((first, last, _either("the text begins", text[border.at : stop], text[border.other : stop], border.margin)))
    return [(start, end)], doubtful


def _kept(reading: Border | Line, borders: Borders) -> bool:
    return borders.profile == "strict" and reading.margin < _SURE


def _brave(reading: Border | Line, borders: Borders) -> bool:
    return borders.profile == "eager" and reading.margin < _BRAVE


def _either(what: str, best: str, other: str, margin: float) -> str:
    """Why characters are doubtful: both readings of the line, and how far apart they are."""
    return f"text or noise: {what} {best!r}, or {other!r}, only {margin:.1f} nats worse"


def _alone(text: str, run: Run, beside: Beside, borders: Borders) -> tuple[list[Span], list[Doubtful]]:
    """The same of a run that fills its line."""
    if run.pairs > FUSED:
        return [], [(run.start, run.end, "too long for two blocks")]
    line = beside.read(run)
    if line is None:
        return [(run.start, run.end)], []
    doubtful: list[Doubtful] = []
    texts = [span for span in ((line.start, line.end), line.other) if span[0] < span[1]]
    if line.margin < _SURE:
        why = _either("the line is", text[line.start : line.end], text[slice(*line.other)], line.margin)
        doubtful = [(min(start for start, _ in texts), max(end for _, end in texts), why)]
    start, end = doubtful[0][:2] if _kept(line, borders) else (line.start, line.end)
    if len(texts) == 1 and _brave(line, borders):
        start = end
    return ([(run.start, start), (end, run.end)] if start < end else [(run.start, run.end)]), doubtful
