"""Is the outermost pair of a block surely noise? Small tables of bounds, so that most borders need no model."""

from __future__ import annotations

from functools import cache, lru_cache

from forumclean.scrubber.grammar import PAIR
from forumclean.scrubber.language import ORDER, language

REACH = ORDER - 1
_EASY = -3.5
"""Log-odds (nats) of text against noise below which the outermost pair is noise without looking further."""
_ALONE = -7.0
"""The same of a lone A where blanks were collapsed, by the model."""
_MORE = 4.0
"""What the characters further away may add to those odds."""


@cache
def end_is_easy(a: str, b: str, after: str) -> bool:
    """Tell whether the last pair of a block is surely noise, before a character of text."""
    return _opens(a) + _inside(b, after) < _EASY - _MORE


@cache
def start_is_easy(before: str, a: str, b: str, collapsed: bool) -> bool:  # noqa: FBT001  (a key of the cache)
    """Tell whether the first pair (where blanks were collapsed, its A too) is surely noise, after a character of text."""
    pair = _closes(before, a) + _lone(b) - PAIR
    only = _closes(before, a) + _ends(a) if collapsed else pair
    return max(pair, only) < _EASY - (1.5 if only > pair else _MORE)


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


@cache
def _opens(a: str) -> float:
    """A and a blank at a line's start, less what noise makes of a pair."""
    log = language().log
    return log("\n", a) + log("\n" + a, " ") - PAIR


@cache
def _inside(b: str, after: str) -> float:
    """B behind a blank, and what it makes of the character behind it, which would else start a line."""
    log, fold = language().log, language().fold
    after = after.translate(fold)
    return log(" ", b) + log(" " + b, after) - log("\n", after)


@cache
def _closes(before: str, a: str) -> float:
    """A behind a character, which else would end a line."""
    log, fold = language().log, language().fold
    before = before.translate(fold)
    return log(before, a) - log(before, "\n")


@cache
def _ends(a: str) -> float:
    """A at a line's end."""
    return language().log(a, "\n")


@cache
def _lone(b: str) -> float:
    """A blank and B at a line's end."""
    log = language().log
    return log(" ", b) + log(" " + b, "\n")
