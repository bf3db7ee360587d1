"""What is cut of all runs of a document: the readings of `borders` and `breaks`, asked twice where the first answer is a doubt.

The first time, only the text between the runs shows what text looks like in this document. The second time, the borders that are sure show
it too: every line start behind a block and every line end before one. Only what was doubtful is read again.
"""

from __future__ import annotations

import re
from functools import cache, partial
from itertools import zip_longest
from typing import TYPE_CHECKING

from forumclean.scrubber.borders import Borders, Ways
from forumclean.scrubber.breaks import Breaks
from forumclean.scrubber.document import behind, document_of
from forumclean.scrubber.numbered import Numbered
from forumclean.scrubber.repeats import Repeats
from forumclean.scrubber.spans import SURE, Beside, Found, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from forumclean.records import Blanks, Profile
    from forumclean.scrubber.breaks import Line
    from forumclean.scrubber.document import Document, Hidden
    from forumclean.scrubber.runs import Run

_OPENER = re.compile(r"\n[ \xa0]*([!-;])[ \xa0](?![?-~][ -;\xa0]?[ \xa0])")
"""A line that starts with a sign or a digit, a blank, and no noise."""
_LONE = re.compile(r"\n[ \xa0]*([!-;])[ \xa0]*(?=\n)")
"""A line that is one sign or digit and nothing else."""
_ONE_PAIR = re.compile(r"\n[ \xa0]*[!-;][ \xa0][?-~][ \xa0]*(?=\n)")
"""A line that is one pair and nothing else."""
_TWO = re.compile(r"  |\xa0\xa0")


def decide(texts: Sequence[str], runs: Sequence[Sequence[Run]], noise: Sequence[Sequence[Run]], blanks: Blanks, profile: Profile) -> list[list[Found]]:
    """What is cut of each run that is noise, in order, by body.

    ``runs`` are all runs of each body, ``noise`` those to be cut. ``blanks``: how blanks survived. ``profile``: how brave the user is.
    """
    openers = frozenset(char for text in texts for char in _OPENER.findall("\n" + text) + _LONE.findall(f"\n{text}\n"))
    pairs = any(_ONE_PAIR.search(f"\n{text}\n") for text in texts)
    found: list[list[Found]] = []

    @cache
    def starts() -> tuple[int, int]:
        return behind(texts, runs)

    def learn() -> Document:
        hidden = [_hidden(each, known) for each, known in zip(runs, found or [[]] * len(runs), strict=True)]
        return document_of(texts, hidden, starts(), blanks)

    ways = Ways(learn, lambda: _doubled(texts, runs), starts, Repeats(texts, noise, collapsed=blanks == "collapsed"), Numbered(texts, noise))
    borders = Borders(blanks, ways, openers, profile)
    breaks = Breaks(texts, noise, borders, pairs=pairs)
    found = [_first(text, each, borders, partial(breaks.read, body)) for body, (text, each) in enumerate(zip(texts, noise, strict=True))]
    if all(one.margin >= SURE for each in found for one in each):
        return found
    borders.forget()
    breaks.forget(SURE)
    return [_again(text, known, borders, partial(breaks.read, body)) for body, (text, known) in enumerate(zip(texts, found, strict=True))]


def _first(text: str, noise: Sequence[Run], borders: Borders, read: Callable[[Run], Line | None]) -> list[Found]:
    """What is cut of the runs of one body."""
    out: list[Found] = []
    left = 0
    for run, following in zip_longest(noise, noise[1:]):
        start, end, place, _, _ = run
        if (place == "line-end" and borders.starts_clearly(text, run, left)) or (place == "line-start" and borders.ends_clearly(text, run)):
            one = Found(run, ((start, end),))
        elif place == "line-start" and borders.ends_before_indent(text, run):
            one = Found(run, ((start, end - len(" B")),))
        else:
            one = spans(text, run, Beside(read, left, following), borders)
        out.append(one)
        if one.spans:
            left = one.spans[-1][1]
    return out


def _again(text: str, found: Sequence[Found], borders: Borders, read: Callable[[Run], Line | None]) -> list[Found]:
    """The same, where it was a doubt."""
    out: list[Found] = []
    left = 0
    for one, following in zip_longest(found, found[1:]):
        if one.margin < SURE:
            one = spans(text, one.run, Beside(read, left, following and following.run), borders)  # noqa: PLW2901  (read again)
        out.append(one)
        if one.spans:
            left = one.spans[-1][1]
    return out


def _hidden(runs: Sequence[Run], found: Sequence[Found]) -> list[Hidden]:
    """What is not text, or not surely: the noise, and all of a run whose borders are doubtful."""
    known = {one.run.start: one for one in found if one.margin >= SURE}
    out: list[Hidden] = []
    for run in runs:
        one = known.get(run.start)
        if one is None:
            out.append((run.start, run.end, False))
        else:
            out += [(start, end, True) for start, end in one.spans]
    return out


def _doubled(texts: Sequence[str], runs: Sequence[Sequence[Run]]) -> bool:
    """Tell whether there are two blanks in a row between the runs: indents, tables."""
    for text, each in zip(texts, runs, strict=True):
        done = 0
        for run in each:
            if _TWO.search(text, done, run.start):
                return True
            done = run.end
        if _TWO.search(text, done):
            return True
    return False
