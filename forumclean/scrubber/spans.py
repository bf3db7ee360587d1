"""What is cut of a run, and what is doubtful about it: the readings of `borders` and `alone`, under a profile.

A border whose next best reading is nearly as good is a doubt about the characters between. ``strict`` keeps all of them, ``default`` takes the
best reading, ``eager`` takes it too and reports the same doubts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.alone import read_alone
from forumclean.scrubber.grammar import FUSED

if TYPE_CHECKING:
    from collections.abc import Callable

    from forumclean.scrubber.alone import Line, Served
    from forumclean.scrubber.borders import Border, Borders
    from forumclean.scrubber.runs import Run

_SURE = 3.0
"""Nats between the best reading and the next: less is a doubt."""
Span = tuple[int, int]
Doubtful = tuple[int, int, str]
"""Start, end, and why these characters are doubtful."""


class Beside(NamedTuple):
    """What stands beside a run."""

    served: Callable[[], Served]
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
        start = max(border.at, border.other) if _kept(border, borders) else border.at
        doubtful += _doubt(border)
    if run.place != "line-end" and (border := borders.end(text, run)):
        end = min(border.at, border.other) if _kept(border, borders) else border.at
        doubtful += _doubt(border)
    return [(start, end)], doubtful


def _kept(reading: Border | Line, borders: Borders) -> bool:
    return borders.profile == "strict" and reading.margin < _SURE


def _doubt(border: Border) -> list[Doubtful]:
    """A border that could lie elsewhere is a doubt about the characters between."""
    if border.margin >= _SURE:
        return []
    start, end = sorted((border.at, border.other))
    return [(start, end, f"text or noise: the next best border is only {border.margin:.1f} nats worse")]


def _alone(text: str, run: Run, beside: Beside, borders: Borders) -> tuple[list[Span], list[Doubtful]]:
    """The same of a run that fills its line."""
    if run.pairs > FUSED:
        return [], [(run.start, run.end, "too long for two blocks")]
    line = read_alone(text, run, beside.served(), borders)
    if line is None:
        return [(run.start, run.end)], []
    doubtful: list[Doubtful] = []
    texts = [span for span in ((line.start, line.end), line.other) if span[0] < span[1]]
    if line.margin < _SURE:
        doubtful = [(min(start for start, _ in texts), max(end for _, end in texts), f"text or noise: the next best reading is only {line.margin:.1f} nats worse")]
    start, end = doubtful[0][:2] if _kept(line, borders) else (line.start, line.end)
    return ([(run.start, start), (end, run.end)] if start < end else [(run.start, run.end)]), doubtful
