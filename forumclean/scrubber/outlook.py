"""Is the outermost pair of a block surely noise? Small tables of bounds, so that most borders need no model."""

from __future__ import annotations

from functools import cache, lru_cache
from math import inf

from forumclean.scrubber.brackets import FAR
from forumclean.scrubber.grammar import ONE_PAIR, PAIR
from forumclean.scrubber.language import ORDER, Answers, language

REACH = ORDER - 1
NEAR = 3
"""Characters of the text beside a pair that the tables know."""
_EASY, _LIKELY = -6.0, -4.0
"""Log-odds (nats) of text against noise below which the outermost pair is noise without looking further; and where the text has no such pair elsewhere."""
_ONLY, _SELDOM, _STRAY = -5.0, -4.0, -3.0
"""The same of a lone A where blanks were collapsed; where no line in view ends with it; and where it closes what was not open."""
_AROUND = 2000
"""Characters on either side that are looked through for the same."""
_ALONE = -7.0
"""The same by the model."""


def _closes(key: str) -> float:
    """The last of some characters (A) stands behind the others, which else would end a line."""
    known = language()
    key = key.translate(known.fold)
    return known.log(key[:-1], key[-1]) - known.log(key[:-1], "\n")


def _ends(key: str) -> float:
    """The same, and it ends the line."""
    return _closes(key) + language().run(key, "\n")


def _lone(b: str) -> float:
    """A blank and B at a line's end, less what noise makes of a pair."""
    return language().run(" ", b + "\n") - PAIR


def _opens(a: str) -> float:
    """A and a blank at a line's start, less what noise makes of a pair."""
    return language().run("\n", f"{a} ") - PAIR


def _inside(key: str) -> float:
    """B behind a blank, and what it makes of the characters behind it, which else would start a line."""
    return language().run(" ", key) - language().run("\n", key[1:])


def _indented(key: str) -> float:
    """A blank and B start an indented line, B behind the blank, less what noise makes of a pair (its A lost) and of the characters behind it."""
    return language().run("\n ", key) - PAIR - language().run("\n", key[1:])


def _stands(key: str) -> float:
    """A pair, the first of one or two in the key, is a line, or its A alone is, or the line goes on with the A behind it or with that pair; less noise."""
    known = language()
    first = ONE_PAIR.match(key)
    size = first.end() if first else len(key)
    pair, behind = key[:size], key[size:]
    ways = [known.run("\n", pair + "\n") - PAIR, known.run("\n", pair[0] + "\n")]
    if behind:
        ways += [known.run("\n", pair + behind[0] + "\n") - PAIR, known.run("\n", key) - 2 * PAIR]
    return max(ways)


CLOSES, ENDS, LONE, OPENS, INSIDE, INDENTED, STANDS = map(Answers, (_closes, _ends, _lone, _opens, _inside, _indented, _stands))


def end_is_easy(text: str, end: int) -> bool:
    """Tell whether the last pair of a block that ends there is surely noise, before two characters of text at least."""
    odds = OPENS[text[end - 3]] + INSIDE[text[end - 1 : end + 2]]
    return odds < _EASY or (odds < _LIKELY and not _seen(text, end - 3, end))


def _seen(text: str, start: int, end: int) -> bool:
    """Tell whether some characters stand elsewhere near in the text too."""
    some = text[start:end]
    return text.find(some, max(0, start - _AROUND), end - 1) >= 0 or text.find(some, start + 1, end + _AROUND) >= 0


def indent(text: str, end: int) -> float:
    """Log-odds of an indented line against noise that ends there; less the share of such lines."""
    key = text[end - 1 : end + 2]
    return -inf if "\n" in key else INDENTED[key]


def start_is_easy(text: str, start: int) -> bool:
    """Tell whether the first pair is surely noise, after `NEAR` characters of text at least."""
    odds = CLOSES[text[start - NEAR : start + 1]] + LONE[text[start + 2]]
    return odds < _EASY or (odds < _LIKELY and not _seen(text, start, start + len("A B")))


def a_may_be_text(text: str, start: int, left: int) -> bool:
    """Tell whether the first A of a block may be the last character of a text that starts at ``left`` at the earliest, and a blank A lost behind it."""
    odds = ENDS[text[start - NEAR : start + 1]]
    if odds < _ONLY or odds >= _STRAY:
        return odds >= _ONLY
    a = text[start]
    if a in '")':
        near = max(left, start - FAR)
        line = text[max(near, text.rfind("\n", near, start) + 1) : start]
        if line.count("(") <= line.count(")") if a == ")" else line.count(a) % 2 == 0:
            return False
    return odds >= _SELDOM or text.find(a + "\n", max(0, start - _AROUND), start + _AROUND) >= 0


def end_is_clear(pair: str, after: str, limit: float) -> bool:
    """The same by the model: ``after`` is what follows the last pair; ``limit``: the log-odds that are enough."""
    known = language()
    odds = pair_opens(pair) - _line(after)
    text = "\n" + (pair + after).translate(known.fold)
    for i in range(1 + len(pair), len(text)):
        if odds < limit:
            return True
        odds += known.log(text[max(0, i - REACH) : i], text[i])  # never positive
    return odds < limit


def start_is_clear(before: str, pair: str, collapsed: bool, limit: float) -> bool:  # noqa: FBT001  (as above)
    """The same for the first pair, after the last characters of the text."""
    known = language()
    size, text = len(before), (before + pair + "\n").translate(known.fold)
    ended = known.log(text[:size], "\n")
    if collapsed and known.log(text[:size], text[size]) + known.log(text[max(0, size + 1 - REACH) : size + 1], "\n") - ended > _ALONE:
        return False
    odds = -PAIR - ended
    for i in range(size, len(text)):
        odds += known.log(text[max(0, i - REACH) : i], text[i])
        if odds < limit:
            return True
    return False


@cache
def pair_opens(pair: str) -> float:
    """Log-odds of text against noise of a pair at a line's start."""
    return language().run("\n", pair) - PAIR


@lru_cache(maxsize=20_000)
def _line(start: str) -> float:
    """Log-probability of the first characters of a line."""
    return language().run("\n", start)
