"""Several captures of one text: the noise differs, the text does not, so the text is what they share.

Discuz draws its random strings anew for every reader. Where one capture leaves it open how much of a line is noise (``方案 B``, plan B), the
ways to read this line in one capture and those in another have as a rule just one text in common.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import accumulate, combinations, product
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from forumclean.cuts import replay
from forumclean.records import Body, Cut, Evidence
from forumclean.scrubber.grammar import A_SIDE, BLANKS, LEAST
from forumclean.scrubber.jammer import NAMES, blanks_of
from forumclean.scrubber.runs import find_runs, first_starts, last_starts, tightened
from forumclean.scrubber.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forumclean.scrubber.runs import Run

_MANY = 2
"""With more runs than this in a line (somebody joined lines) there are too many readings to try."""
_UNKNOWN = Evidence()

_OPEN_BEFORE, _OPEN_BEHIND = frozenset({"line-end", "inline", "alone"}), frozenset({"line-start", "inline", "alone"})
"""Places of runs that may have text in front of their noise, and behind it."""

Span = tuple[int, int]
Spans = tuple[Cut, ...]
_Placed = TypeVar("_Placed", "Run", Cut)
Readings = dict[str, Spans]
"""The ways to read a line: its text → the cuts that lead to it (offsets in the line)."""


class Agreed(NamedTuple):
    """What captures share, and how one of them comes to it: ``replay(capture, cuts) == text``."""

    text: str
    cuts: Spans


def agree(texts: Sequence[str], evidence: Evidence = _UNKNOWN) -> list[Agreed | None]:
    r"""Read several captures of what may be one text together; ``texts`` as parsed, noise and all, ``evidence`` of their board.

    Gives for each capture the text that it shares with others, or ``None`` where it shares none: it is another text (an edit), or its line
    breaks were lost. A function of the texts in their order; captures that agree get the same text.

    >>> first, second = agree(["方案 B& a5 p$ r3 J9 q/ H\n完", "方案 B3 i+ z$ b* U8 O1 T\n完"])
    >>> first.text == second.text == "方案 B\n完", first.cuts[0].before, second.cuts[0].before
    (True, '& a5 p$ r3 J9 q/ H', '3 i+ z$ b* U8 O1 T')
    """
    groups: list[_Group] = []
    mine: list[_Group] = []
    captures = list(_captures(texts, evidence))
    for capture in captures:
        group = next((group for group in groups if group.take(capture)), None)
        if group is None:
            group = _Group(capture)
            groups.append(group)
        mine.append(group)
    shared = {id(group): group.text() for group in groups if len(group.members) > 1}
    return [
        Agreed("\n".join(lines), capture.cuts(lines)) if (lines := shared.get(id(group))) is not None else None
        for capture, group in zip(captures, mine, strict=True)
    ]


class _Capture:
    """One capture, line by line."""

    def __init__(self, text: str, runs: Sequence[Run], cuts: Sequence[Cut], *, collapsed: bool) -> None:
        """``cuts``: how it is read on its own."""
        self.lines = text.split("\n")
        self.noise = frozenset(cut.before for cut in cuts)
        self._collapsed = collapsed
        self._known: dict[int, Readings] = {}
        self._starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        self._runs = _by_line(runs, self._starts)
        self._cuts = _by_line(cuts, self._starts)

    def alone(self, number: int) -> str:
        """A line as it is read on its own."""
        return replay(self.lines[number], self._own(number))

    def _own(self, number: int) -> Spans:
        begin = self._starts[number]
        return tuple(cut._replace(start=cut.start - begin) for cut in self._cuts.get(number, ()))

    def readings(self, number: int) -> Readings:
        """All ways to read a line: as it is, as it is read on its own, and with every border that its runs allow."""
        known = self._known.get(number)
        if known is None:
            line, begin = self.lines[number], self._starts[number]
            known = self._known[number] = {line: ()}
            known.setdefault(replay(line, self._own(number)), self._own(number))
            runs = [run._replace(start=run.start - begin, end=run.end - begin) for run in self._runs.get(number, ())]
            if len(runs) <= _MANY:
                for choice in product(*[list(_choices(line, run, collapsed=self._collapsed)) for run in runs]):
                    spans = tuple(cut for cuts in choice for cut in cuts)
                    known.setdefault(replay(line, spans), spans)
        return known

    def cuts(self, lines: Sequence[str]) -> Spans:
        """What is cut of the capture to get these lines, each one of its readings."""
        return tuple(
            cut._replace(start=cut.start + self._starts[number])
            for number, line in enumerate(lines) if line != self.lines[number] for cut in self.readings(number)[line]
        )


class _Group:
    """Captures that share a text."""

    def __init__(self, capture: _Capture) -> None:
        self.members = [capture]
        self._sources = [capture.noise]
        """The noise of each page view: two extracts of one saved page have the same, and prove nothing to each other."""
        self._shared: dict[int, frozenset[str]] = {}
        """Readings that all members have in common, of lines that are not the same in all."""

    def take(self, capture: _Capture) -> bool:
        """Take a capture in, if there is a reading of every line that all members share."""
        first = self.members[0]
        if len(capture.lines) != len(first.lines):
            return False
        shared = dict(self._shared)
        for number, (line, own) in enumerate(zip(first.lines, capture.lines, strict=True)):
            if number in shared or line != own:
                left = shared.get(number) or frozenset(first.readings(number))
                left &= capture.readings(number).keys()
                if not left:
                    return False
                shared[number] = left
        self._shared = shared
        self.members.append(capture)
        same = [noise for noise in self._sources if noise & capture.noise]
        self._sources = [noise for noise in self._sources if not noise & capture.noise] + [capture.noise.union(*same)]
        return True

    def text(self) -> list[str]:
        """The lines that the members share."""
        return [self._line(number) for number in range(len(self.members[0].lines))]

    def _line(self, number: int) -> str:
        line = self.members[0].lines[number]
        shared = self._shared.get(number)
        if len(self._sources) > 1:
            if shared is None:
                return line  # random strings are never the same twice
            # what two page views share is text, all of it, for a pair is the same in one of 1,792 cases only; but its A alone in one of 28
            longest = max(shared, key=lambda one: (_size(one), one))
            shared = shared & {longest, longest[:-1]} if longest[-1:] in A_SIDE else frozenset({longest})
        votes = Counter(one.alone(number) for one in self.members)
        return max(shared or votes, key=lambda one: (votes[one], len(one), one))


def _captures(texts: Sequence[str], evidence: Evidence) -> Iterator[_Capture]:
    loose = [find_runs(text, "collapsed") for text in texts]
    for text, runs, clean in zip(texts, loose, scrub([Body(text) for text in texts], evidence), strict=True):
        collapsed = blanks_of([text], [runs]) == "collapsed"
        yield _Capture(text, runs if collapsed else tightened(text, runs), clean.cuts, collapsed=collapsed)


def _by_line(found: Sequence[_Placed], starts: Sequence[int]) -> dict[int, list[_Placed]]:
    """Runs or cuts by the number of their line; both stay within one."""
    lines: defaultdict[int, list[_Placed]] = defaultdict(list)
    for one in found:
        lines[bisect_right(starts, one.start) - 1].append(one)
    return lines


def _choices(line: str, run: Run, *, collapsed: bool) -> Iterator[Spans]:
    """What may be noise of one run: nothing, or a block that reaches to the line's start or end where the run does."""
    yield ()
    edges = [*(last_starts if run.place == "line-end" else first_starts)(line, run), run.end]
    blocks = [
        (edges[n], edges[m]) for n, m in combinations(range(len(edges)), 2)
        if m - n >= LEAST and (n == 0 or run.place in _OPEN_BEFORE) and (edges[m] == run.end or run.place in _OPEN_BEHIND)
    ]
    if run.place == "alone":
        yield from _around(line, run, [block for block in blocks if block[0] == run.start], [block for block in blocks if block[1] == run.end])
        return
    if collapsed and run.place in _OPEN_BEFORE:
        blocks += [(start + 1, end) for start, end in blocks if line[start + 1] in BLANKS]  # A may be text, and a blank A lost
    for block in blocks:
        yield _cuts(line, run, [block])


def _around(line: str, run: Run, before: Sequence[Span], behind: Sequence[Span]) -> Iterator[Spans]:
    """What may be noise of a run that fills its line: all of it, or a block before a short text, or behind it, or both."""
    yield _cuts(line, run, [(run.start, run.end)])
    for one in before:
        yield _cuts(line, run, [one])
    for other in behind:
        yield _cuts(line, run, [other])
        for one in before:
            if one[1] < other[0]:
                yield _cuts(line, run, [one, other])


def _cuts(line: str, run: Run, spans: Sequence[Span]) -> Spans:
    return tuple(Cut(start, line[start:end], "", NAMES[run.place]) for start, end in spans)


def _size(text: str) -> int:
    """Characters that are no blanks."""
    return len(text) - sum(map(text.count, BLANKS))
