"""Is the outermost pair of a block surely noise? Small tables of bounds, so that most borders need no model."""

from __future__ import annotations

from functools import cache

from forumclean.scrubber.grammar import PAIR
from forumclean.scrubber.language import language

_EASY = -3.5
"""Log-odds (nats) of text against noise below which the outermost pair is noise without looking further."""
_CLEAR = -8.0
"""The same where more has been looked at, but not what the document does elsewhere."""
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


def end_is_clear(pair: str, after: str) -> bool:
    """The same by the model, without the document's own ways: ``after`` is what follows the last pair, up to the model's reach."""
    return _gain("\n", pair + after, after) - PAIR < _CLEAR


def start_is_clear(before: str, pair: str, collapsed: bool) -> bool:  # noqa: FBT001  (as above)
    """The same for the first pair, after the last characters of the text."""
    alone = _gain(before, pair[0] + "\n", "\n") if collapsed else _CLEAR
    return alone <= _CLEAR + 1 and _gain(before, pair + "\n", "\n") - PAIR < _CLEAR


def _gain(before: str, piece: str, instead: str) -> float:
    """How much more likely (nats) one piece follows than another."""
    known = language()
    return known.run(before, piece) - known.run(before, instead)


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
