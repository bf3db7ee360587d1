"""Which line breaks have their block already: every break of a jammed post has one, before it or behind it, never two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean.scrubber.alone import Served

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from forumclean.records import Blanks
    from forumclean.scrubber.runs import Run

_UNKNOWN = Served(None, None)
_MOST_BLANK = 0.25
"""More blank lines than that are not expected."""


def served_by(text: str, runs: Sequence[Run], blanks: Blanks) -> Callable[[int], Served]:
    """What the lines around tell about the blocks of each run that fills its line (asked by the run's index).

    Nothing, where the blocks of the body do not add up: a line was lost or joined, or an extractor dropped the hidden half of the blocks.
    Where blanks were collapsed, blank lines were dropped: a break may seem to have two.
    """
    alone = sum(run.place == "alone" for run in runs)
    if not alone:
        return lambda _: _UNKNOWN
    breaks, beside = text.count("\n"), len(runs) - alone
    share = min(_MOST_BLANK, (alone + 1) / (breaks + 8))
    collapsed = blanks == "collapsed"
    if breaks > beside + 2 * alone or (breaks < beside + alone and not collapsed):
        return lambda _: Served(None, None, share)

    def served(n: int) -> Served:
        run = runs[n]
        if run.place != "alone":
            return _UNKNOWN
        before, after = (runs[n - 1] if n else None), (runs[n + 1] if n + 1 < len(runs) else None)
        first = text.rfind("\n", 0, run.start)
        last = text.find("\n", run.end)
        return Served(
            _wanted(before if before and text.find("\n", before.end, run.start) == first else None, "line-end", collapsed=collapsed) if first >= 0 else False,
            _wanted(after if after and last >= 0 and text.rfind("\n", run.end, after.start) == last else None, "line-start", collapsed=collapsed)
            if last >= 0 else False,
            share,
        )

    return served


def _wanted(neighbour: Run | None, place: str, *, collapsed: bool) -> bool | None:
    """Whether the break towards a neighbour (on the next line, if there is a run at all) still wants its block here."""
    if neighbour is None:
        return True
    if neighbour.place == place:
        return None if collapsed else False
    return None if neighbour.place in {"alone", "inline"} else True
