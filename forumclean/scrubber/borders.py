"""Where a block of noise ends and the text it is glued to begins: the most probable reading of a noisy channel.

A run holds the block and sometimes a piece of text that looks like pairs: ``- item``, ``# comment``, ``…, y``, ``方案 B`` (plan B). Every border
between two pairs is a reading. Its score is how likely Discuz writes that many pairs (`grammar.LENGTHS`) and just these (`grammar.PAIR`
each), plus how likely the text that is left starts or ends its line like this (`document.Document`). The best reading wins; how much better
it is than the next says how sure it is.
"""

from __future__ import annotations

import re
from math import inf, log
from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.brackets import FAR, balance
from forumclean.scrubber.document import MOST_BESIDE
from forumclean.scrubber.grammar import A_SIDE, B_SIDE, BLANKS, FUSED, LEAST, LENGTHS, MOST, PAIR
from forumclean.scrubber.outlook import NEAR, a_may_be_text, end_is_clear, end_is_easy, indent, start_is_clear, start_is_easy
from forumclean.scrubber.runs import first_starts, last_starts
from forumclean.scrubber.shown import REACH, indented

if TYPE_CHECKING:
    from collections.abc import Callable

    from forumclean.records import Blanks, Profile
    from forumclean.scrubber.document import Document
    from forumclean.scrubber.numbered import Numbered
    from forumclean.scrubber.repeats import Gains, Repeats
    from forumclean.scrubber.runs import Run

_HOPELESS = 8.0
"""Nats behind the best reading so far: shorter blocks are not tried."""
_TWO = -7.0
"""Log-probability that two blocks stand in a row with text beside them: the blank line between two breaks was lost."""
_USUAL = 12
"""Up to this length one pair more or less hardly changes how likely a length is."""


_END, _START = (-7.0, -10.0, -5.0), (-8.0, -11.0, -5.0)
"""Log-odds (nats) of text against noise, by the model, below which the outermost pair is noise, at the end and at the start of a block: for most A;
for those that start lines of the document, and for a blank; for a blank where the text has no others that are doubled."""
_INDENTED = 5.0
"""Log-odds (nats) of text against noise above which a line behind a block is indented, and its first letter no B without its A."""
_NOTHING = (0.0, -inf)
"""What a line adds that stands in the document once."""
_GOES_ON, _STARTS = -2.0, -0.7
"""Log-weights of a full stop before a small letter, and of none before a capital one."""
REPEAT = 8
"""Characters of a line that are compared with other lines."""
_BREAK = 8
"""A line break that far behind a run ends its line."""
_WORD = 24
"""How far a word is followed."""
_WORD_AFTER = re.compile(r"[^A-Za-z\n]{0,4}([A-Z]?[a-z]{1,24}|[A-Z]{1,24})")
_WORD_BEFORE = re.compile(r"[^A-Za-z\n]{0,3}([a-z]+[A-Z]?|[A-Z]+)")
"""Read backwards: forwards, every letter before it would be tried as its start."""


class Border(NamedTuple):
    """The best reading of one border of a block; offsets are code points of the body."""

    at: int
    other: int
    """Where the border is in the next best reading."""
    margin: float
    """How much better (nats) the best reading is."""


class Ways(NamedTuple):
    """How one document does things, each asked for when the first border wants it."""

    learn: Callable[[], Document]
    """Makes its model."""
    doubled: Callable[[], bool]
    """Tells whether blanks are doubled anywhere in the text."""
    behind: Callable[[], tuple[int, int]]
    """How many blocks at line starts have a blank behind them or near their end, and how many there are at all."""
    repeats: Repeats
    """What its lines have in common at the borders of their noise."""
    numbered: Numbered
    """The numbers of its lines."""


class Borders:
    """Finds the borders of one document's blocks."""

    def __init__(self, blanks: Blanks, ways: Ways, openers: frozenset[str], profile: Profile) -> None:
        """``blanks``: how blanks survived; where they were collapsed, the A of a pair may be the last character of the text.

        ``openers``: the A with which lines of this document start, a blank behind. ``profile``: how brave its user is.
        """
        self.collapsed = blanks == "collapsed"
        self._ways = ways
        self._doubled: bool | None = None
        self._indent: float | None = None
        self.openers = openers
        self._counted = frozenset(chr(ord(a) + step) for a in openers if a.isdigit() for step in (-1, 1))
        self.profile = profile
        self._ends, self._starts = ways.repeats.ends, ways.repeats.starts
        self._document: Document | None = None

    @property
    def document(self) -> Document:
        """What the real text of this document looks like."""
        if self._document is None:
            self._document = self._ways.learn()
        return self._document

    def forget(self) -> None:
        """Forget the document's model: more of its text is known."""
        self._document = None

    def _limit(self, run: Run, a: str, limits: tuple[float, float, float], openers: frozenset[str] = frozenset()) -> float:
        """Log-odds of the model below which a pair with this A is noise, whatever the document's own ways are."""
        usual, marked, plain = limits
        longer = LENGTHS[run.pairs] - LENGTHS[run.pairs - 1] if run.pairs > _USUAL else 0.0
        if a not in BLANKS:
            return longer + (marked if longer or a in openers else usual)
        if self._doubled is None:
            self._doubled = self._ways.doubled()
        return longer + (marked if self._doubled else plain)

    def ends_clearly(self, text: str, run: Run) -> bool:
        """Tell whether the block surely ends where the run does, with text behind it."""
        _, end, _, pairs, _ = run
        if pairs == LEAST:
            return True
        if pairs > MOST or text[end - 2] not in BLANKS or (self._starts and (text, run) in self._starts):
            return False
        a = text[end - 3]
        if a in self._counted and self._ways.numbered.starts(text, run):
            return False
        if pairs <= _USUAL and a in A_SIDE and a not in self.openers and end_is_easy(text, end):
            return True
        last = text[end - 3 : end]
        return a not in B_SIDE and end_is_clear(last, text[end : end + NEAR].partition("\n")[0], self._limit(run, a, _END, self.openers))

    def _is_noise(self, text: str, at: int, end: int, stop: int) -> bool:
        """Tell whether a pair in front of text is surely none of it; ``stop``: what is known of the line ends there."""
        return end - at == len("A B") and end + 2 <= stop and text[at] in A_SIDE and text[at + 1] in BLANKS and text[at] not in self.openers and end_is_easy(text, end)

    def _is_noise_behind(self, text: str, at: int, end: int, left: int) -> bool:
        """The same of a pair behind text that starts at ``left`` at the earliest."""
        return end - at == len("A B") and at - left >= NEAR and text[at] in A_SIDE and text[at + 1] in BLANKS and start_is_easy(text, at)

    def ends_before_indent(self, text: str, run: Run) -> bool:
        """Tell whether an indented line stands behind the block, so that the run's last pair, whose A seems to be lost, is surely text."""
        _, end, _, pairs, _ = run
        if not (self.collapsed and LEAST < pairs <= _USUAL and text[end - 3] in B_SIDE and text[end - 4] in BLANKS and text[end - 2] in BLANKS):
            return False
        if self._indent is None:
            self._indent = log(indented(self._ways.behind()))
        a = text[end - 5]
        if a not in A_SIDE or self._indent + indent(text, end) <= _INDENTED or (text, run) in self._starts:
            return False
        if a not in self.openers and end_is_easy(text, end - 2):
            return True
        return end_is_clear(text[end - 5 : end - 2], text[end - 2 : end + 1], self._limit(run, a, _END, self.openers))

    def starts_clearly(self, text: str, run: Run, left: int) -> bool:
        """Tell whether the block surely starts where the run does, with text in front of it that starts at ``left`` at the earliest."""
        start, _, _, pairs, _ = run
        if pairs > MOST or text[start + 1] not in BLANKS or (self._ends and (text, run) in self._ends):
            return False
        a = text[start]
        if pairs <= _USUAL and a in A_SIDE and start - left >= NEAR and start_is_easy(text, start) and not (self.collapsed and a_may_be_text(text, start, left)):
            return True
        return text[start + 2] in B_SIDE and start_is_clear(_before(text, start, left), text[start : start + 3], self.collapsed, self._limit(run, a, _START))

    def end(self, text: str, run: Run) -> Border | None:
        """Where the block ends in a run with text behind it; ``None``: at the run's end, there is no other reading."""
        if run.pairs > FUSED:
            return None  # far more than two blocks: nobody knows what it is, and it is not looked through for a border
        document, starts = self.document, first_starts(text, run)
        again = _both(self._starts.get((text, run)), self._ways.numbered.starts(text, run) if self._counted else None)
        ends = [*starts[1:], run.end]
        line = text.find("\n", ends[-1], ends[-1] + REACH)
        stop = ends[-1] + REACH if line < 0 else line + 1
        readings, top = [], -inf
        order = list(range(len(ends), LEAST - 1, -1))
        if len(order) > 1 and ends[-1] - ends[-2] < len("A B"):
            order[:2] = order[1::-1]  # mostly an indented line, and the better a reading, the less is asked for the next
        for n in order:
            at = ends[n - 1]
            if again is None and n < len(ends) <= _USUAL and self._is_noise(text, at, ends[n], stop):
                break
            gain, least = again.get(at, _NOTHING) if again else _NOTHING
            most = NOISE[n] + gain + MOST_BESIDE
            score = most + max(least, document.opens(text[at:stop], top - _HOPELESS - most))
            if score >= top - _HOPELESS:  # else not worth a look beside
                score += document.word(word_after(text, at)) + document.repeats(text[at : at + REPEAT].partition("\n")[0]) - MOST_BESIDE
                top = max(top, score)
            readings.append((score, at))
            if n <= MOST and score < top - _HOPELESS and n < len(ends):
                break
        return best(readings)

    def start(self, text: str, run: Run, left: int = 0, following: Run | None = None) -> Border | None:
        """Where the block starts in a run with text before it; ``None``: at the run's start, there is no other reading.

        ``left``: the text before it starts here at the earliest (the end of the noise before). ``following``: the next run.
        """
        document, starts, after = self.document, last_starts(text, run), _next(text, run, following)
        again = _both(self._ends.get((text, run)), self._ways.numbered.ends(text, run, left))
        begin = starts[0]
        before = _before(text, begin, left)
        near = max(left, begin - FAR)  # a giant line is not looked through from its start
        line = text[max(near, text.rfind("\n", near, begin) + 1) : begin]
        readings, top, last = [], -inf, begin
        for n, start in zip(range(len(starts), LEAST - 1, -1), starts, strict=False):
            if again is None and n < len(starts) <= _USUAL and self._is_noise_behind(text, last, start, left):
                break
            last, lost = start, self.collapsed and text[start] in A_SIDE and text[start + 1] in BLANKS  # A may be text, and a blank A lost
            for at in (start, start + 1) if lost else (start,):
                whole_line = line + text[begin:at]
                gain, least = again.get(at, _NOTHING) if again else _NOTHING
                most = NOISE[n] + gain + MOST_BESIDE
                score = most + max(least, document.goes_on(before, text[begin:at] + "\n", top - _HOPELESS - most))
                if score >= top - _HOPELESS:
                    beside = document.word(word_before(text, at)) + balance(whole_line) + _stops(text[at - 1], after) + document.repeats(whole_line[-REPEAT:], end=True)
                    score += beside - MOST_BESIDE
                    top = max(top, score)
                readings.append((score, at))
            if n <= MOST and score < top - _HOPELESS:
                break
        return best(readings)


def _both(one: Gains | None, other: Gains | None) -> Gains | None:
    """Two kinds of evidence, added."""
    if one is None or other is None:
        return one or other
    gains = {at: (gain + one.get(at, _NOTHING)[0], least) for at, (gain, least) in other.items()}
    return one | {at: (gain, max(least, one.get(at, _NOTHING)[1])) for at, (gain, least) in gains.items()}


def _fused() -> dict[int, float]:
    """Best log-probability of two blocks that make n pairs together."""
    blocks = range(LEAST, MOST + 1)
    return {n: max(LENGTHS[a] + LENGTHS[n - a] for a in blocks if n - a in blocks) for n in range(2 * LEAST, FUSED + 1)}


_LONG = _fused()
NOISE = tuple(n * PAIR + (LENGTHS[n] if n <= MOST else _TWO + _LONG[n]) for n in range(FUSED + 1))
"""Log-probability that noise of n given pairs stands here, by n."""


def best(readings: list[tuple[float, int]]) -> Border | None:
    """Pick the best of some readings (score, border)."""
    if len(readings) == 1:
        return None
    (first, at), (second, other) = sorted(readings, reverse=True)[:2]
    return Border(at, other, first - second)


def _before(text: str, at: int, left: int) -> str:
    """The last characters of a text that starts at ``left``, from a line break on if its line is short."""
    before = text[max(left, at - REACH) : at]
    if at - REACH < left:
        before = "\n" + before
    return before[before.rfind("\n") if "\n" in before else 0 :]


def _next(text: str, run: Run, following: Run | None) -> str:
    """The first character of the next line, behind its noise."""
    start = text.find("\n", run.end, run.end + _BREAK) + 1
    if not start:
        return ""
    at = following.end if following and following.start == start else start
    return text[at : at + 1]


def _stops(last: str, after: str) -> float:
    """Log-weight (nats) of a line's last character before the first of the next: a sentence stops, or goes on."""
    if last in ".!?":
        return _GOES_ON if after.islower() else 0.0
    return _STARTS if after.isupper() and last.islower() else 0.0


def word_after(text: str, at: int) -> str:
    """The first word behind an offset, if it is close; ``read`` of ``readLine``."""
    found = _WORD_AFTER.match(text, at)
    return found[1] if found else ""


def word_before(text: str, at: int) -> str:
    """The last word before an offset, if it is close; ``Line`` of ``readLine``."""
    found = _WORD_BEFORE.match(text[max(0, at - _WORD) : at][::-1])
    return found[1][::-1] if found else ""
